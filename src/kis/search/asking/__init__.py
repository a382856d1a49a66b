"""What people type into a search, read: folded to one way of writing, and taken apart into what is asked for."""
