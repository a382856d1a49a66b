"""Products, the catalogs they come from, and what they are to each other."""
