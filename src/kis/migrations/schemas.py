"""The schemas of the database that are ours; others may live beside them."""

from typing import Final

SCHEMAS: Final = ("identity", "shared", "estimator", "knowledge", "assistant")

VECTOR_INDEXES: Final = "ix_search_vectors_near_"
"""How the names of indexes begin that are made only on servers with pgvector; the models, which hold everywhere, do not name them."""
