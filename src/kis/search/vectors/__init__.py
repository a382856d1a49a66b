"""What texts mean, as numbers: models that make vectors, the store that finds the near ones, and the fusion of several rankings into one.

The terms are enough to search; the vectors stand beside them where somebody chose a model.
"""

from kis.search.vectors.choosing import embedder_of
from kis.search.vectors.embedders import Embedder, NoEmbedder, Prefixes
from kis.search.vectors.errors import EmbeddingsRefused, EmbeddingsUnavailable, ModelMissing
from kis.search.vectors.filling import FILL, chores, handlings
from kis.search.vectors.fusion import Fused, Ranking, fuse, share
from kis.search.vectors.queries import QueryVectors
from kis.search.vectors.store import Near, Nearest, Way, nearest, vector_of

__all__ = [
    "FILL",
    "Embedder",
    "EmbeddingsRefused",
    "EmbeddingsUnavailable",
    "Fused",
    "ModelMissing",
    "Near",
    "Nearest",
    "NoEmbedder",
    "Prefixes",
    "QueryVectors",
    "Ranking",
    "Way",
    "chores",
    "embedder_of",
    "fuse",
    "handlings",
    "nearest",
    "share",
    "vector_of",
]
