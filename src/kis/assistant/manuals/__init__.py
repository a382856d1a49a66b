"""Manuals, just in time: fetched safely, kept by their content, read in processes of their own."""
