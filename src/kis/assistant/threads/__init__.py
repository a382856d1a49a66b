"""Threads: conversations that are kept, with their citations and what the reader thought of them."""
