"""What exists: parts with their sources, and dated price books."""
