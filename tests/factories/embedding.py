"""An embedding for tests: words hashed into a few hundred numbers. Texts that share words lie near each other; it knows nothing of what words mean but what it is told."""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence

from kis.search.vectors.embedders import Purpose


def hashed(text: str, dimensions: int, same: Mapping[str, str] | None = None) -> list[float]:
    """Return the vector of a text: each word counts at a place of its own, as far as there are enough places. ``same``: what means another word."""
    vector = [0.0] * dimensions
    for word in re.findall(r"\w+", text.casefold()) or [""]:
        digest = hashlib.sha256((same or {}).get(word, word).encode()).digest()
        vector[int.from_bytes(digest[:4]) % dimensions] += 1.0
    length = math.hypot(*vector)
    return [value / length for value in vector]


class HashedWords:
    """A model for tests; it remembers what it was asked. What it knows of meanings is ``same``: words that mean another."""

    def __init__(
        self,
        dimensions: int = 384,
        *,
        name: str = "test-only-hashed-words",
        same: Mapping[str, str] | None = None,
    ) -> None:
        self._dimensions = dimensions
        self._name = name
        self._same = same
        self.asked: list[tuple[Purpose, tuple[str, ...]]] = []

    @property
    def name(self) -> str:
        """Return its name."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Return how many numbers a vector has."""
        return self._dimensions

    async def embed(self, texts: Sequence[str], *, of: Purpose) -> list[list[float]]:
        """Return the vector of each text."""
        self.asked.append((of, tuple(texts)))
        return [hashed(text, self._dimensions, self._same) for text in texts]

    async def close(self) -> None:
        """Do nothing."""
