"""What turns texts into vectors: numbers that lie close together where texts mean the same."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from kis.search.vectors.errors import EmbeddingsUnavailable

Purpose = Literal["query", "document"]
"""What a text is: models are often trained to tell questions from texts."""
MOST_DIMENSIONS: Final = 8192
"""More than any model in use gives."""


class Embedder(Protocol):
    """A model. Vectors have length 1, so that the product of two is the cosine of their angle."""

    @property
    def name(self) -> str:
        """Return what the vectors are kept under: another name, other vectors."""
        ...

    @property
    def dimensions(self) -> int | None:
        """Return how many numbers a vector has; None before the first answer told, 0 where there are no vectors."""
        ...

    async def embed(self, texts: Sequence[str], *, of: Purpose) -> list[list[float]]:
        """Return the vector of each text, in their order. Raises EmbeddingsUnavailable."""
        ...

    async def close(self) -> None:
        """Let go of connections and threads."""
        ...


class NoEmbedder:
    """Where no model is chosen: every vector is empty, and nothing lies near it."""

    @property
    def name(self) -> str:
        """Return the name that no vector is kept under."""
        return "none"

    @property
    def dimensions(self) -> int:
        """Return 0."""
        return 0

    async def embed(self, texts: Sequence[str], *, of: Purpose) -> list[list[float]]:  # noqa: ARG002 - the interface
        """Return an empty vector for each text."""
        return [[] for _ in texts]

    async def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefixes:
    """What a model wants to stand before a text, such as ``query: `` and ``passage: `` (E5)."""

    query: str = ""
    document: str = ""

    def before(self, texts: Sequence[str], of: Purpose) -> list[str]:
        """Return the texts with their prefix."""
        prefix = self.query if of == "query" else self.document
        return [prefix + text for text in texts]

    def named(self, model: str) -> str:
        """Return the name of a model used with these: other prefixes give other vectors."""
        if not (self.query or self.document):
            return model
        digest = hashlib.sha256(f"{self.query}\0{self.document}".encode()).hexdigest()
        return f"{model}+{digest[:8]}"


def usable(rows: Sequence[Any], *, texts: int, dimensions: int | None) -> list[list[float]]:
    """Return what a model gave as vectors of length 1. Raises EmbeddingsUnavailable where it is not one finite vector a text, all of the same dimensions."""
    if len(rows) != texts:
        raise EmbeddingsUnavailable("count", expected=texts, found=len(rows))
    expected = dimensions or (len(rows[0]) if rows and isinstance(rows[0], list) else 0)
    vectors = []
    for row in rows:
        if not isinstance(row, list) or not 1 <= len(row) <= MOST_DIMENSIONS:
            raise EmbeddingsUnavailable("not_numbers")
        if len(row) != expected:
            raise EmbeddingsUnavailable("dimensions", expected=expected, found=len(row))
        vectors.append(_unit(row))
    return vectors


def _unit(row: Sequence[Any]) -> list[float]:
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in row):
        raise EmbeddingsUnavailable("not_numbers")
    try:
        length = math.hypot(*row)
    except OverflowError:
        length = math.inf
    if not math.isfinite(length) or length == 0.0:
        raise EmbeddingsUnavailable("not_numbers")
    return [value / length for value in row]
