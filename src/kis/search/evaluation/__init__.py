"""Question sets, and how well an engine answers them."""
