"""Reading finished files: plain frozen views of what a reader of the file gets to see."""
