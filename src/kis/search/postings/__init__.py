"""The engine in PostgreSQL: a posting for each term of each item, with the weight BM25F gave it when it was written."""

from kis.search.postings.engine import PostingEngine

__all__ = ["PostingEngine"]
