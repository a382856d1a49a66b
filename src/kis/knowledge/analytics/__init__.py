"""What is read, searched for and not found: gathered in passing, shown in figures, tables and charts."""
