"""Reading: documents into units with their places, units into passages, and the passages that answer a question."""
