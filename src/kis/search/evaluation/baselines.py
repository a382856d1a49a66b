"""The two plain ways that the search must be better than: BM25 over words as spaces divide them, and PostgreSQL's own text search."""

import math
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kis.search.evaluation.contestants import PLACES, Rank
from kis.search.evaluation.sets import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K1: Final = 1.2
B: Final = 0.75
_AT_THE_ENDS: Final = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhitespaceBm25:
    """BM25 over words as spaces divide them, lower-cased and without the punctuation at their ends, of title and text alike.

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with the rarity that never falls below zero.
    """

    passages: tuple[Passage, ...]
    name: str = "whitespace_bm25"
    at_once: int = 1

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Rank]:
        """Weigh every word of every passage once."""
        index = Bm25Index(self.passages)

        async def rank(text: str) -> Sequence[str]:
            return index.ranked(text)

        yield rank


def words(text: str) -> list[str]:
    """Return the words of a text as spaces divide them, without the punctuation at their ends."""
    return [word for part in text.lower().split() if (word := _AT_THE_ENDS.sub("", part))]


class Bm25Index:
    """The words of passages with their weights."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        import numpy as np

        self._ids = [passage.id for passage in passages]
        counts = [Counter(words(f"{passage.title} {passage.text}")) for passage in passages]
        lengths = [count.total() for count in counts]
        average = sum(lengths) / max(len(lengths), 1) or 1.0
        found: dict[str, list[tuple[int, float]]] = {}
        for place, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            for word, times in count.items():
                weight = times * (K1 + 1) / (times + K1 * (1 - B + B * length / average))
                found.setdefault(word, []).append((place, weight))
        self._postings: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {
            word: (
                np.array([place for place, _ in listed], dtype=np.int64),
                np.array([weight for _, weight in listed]) * _rarity(len(listed), len(passages)),
            )
            for word, listed in found.items()
        }

    def scores(self, text: str) -> "NDArray[np.float64]":
        """Return the score of each passage, in their order; a word counts as often as it is asked for."""
        import numpy as np

        scores = np.zeros(len(self._ids))
        for word in words(text):
            if word in self._postings:
                places, weights = self._postings[word]
                scores[places] += weights
        return scores

    def ranked(self, text: str) -> list[str]:
        """Return the passages that hold any of the words, the best first; of two alike the earlier one."""
        import numpy as np

        scores = self.scores(text)
        best = np.argsort(-scores, kind="stable")[:PLACES]
        return [self._ids[place] for place in best if scores[place] > 0]


def _rarity(holding: int, passages: int) -> float:
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSearchRank:
    """PostgreSQL's own text search: ``ts_rank_cd`` of the ``simple`` configuration over title and text, for passages that hold any of the words.

    Asked for all of them, as ``plainto_tsquery`` does, it finds nothing for most questions.
    """

    passages: tuple[Passage, ...]
    database_url: str = field(repr=False)
    name: str = "ts_rank_cd"
    at_once: int = 1

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Rank]:
        """Put the passages into a table of the connection."""
        import psycopg

        async with await psycopg.AsyncConnection.connect(self.database_url, autocommit=True) as connection:
            await connection.execute(_MAKE_TABLE)
            async with connection.cursor() as cursor:
                await cursor.executemany(
                    _PUT,
                    [
                        (place, each.id, f"{each.title}\n{each.text}")
                        for place, each in enumerate(self.passages)
                    ],
                )
            await connection.execute("CREATE INDEX ON passages USING gin (words)")
            await connection.execute("ANALYZE passages")

            async def rank(text: str) -> Sequence[str]:
                cursor = await connection.execute(_RANK, {"text": text, "limit": PLACES})
                return [row[0] for row in await cursor.fetchall()]

            yield rank


_MAKE_TABLE: Final = "CREATE TEMPORARY TABLE passages (place integer, id text, words tsvector)"
_PUT: Final = "INSERT INTO passages VALUES (%s, %s, to_tsvector('simple', %s))"
_RANK: Final = r"""
WITH asked AS (
    SELECT string_agg(quoted, ' | ')::tsquery AS query FROM unnest(to_tsvector('simple', %(text)s)),
    LATERAL (SELECT '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''' AS quoted) AS q
)
SELECT p.id FROM passages AS p, asked WHERE p.words @@ asked.query
ORDER BY ts_rank_cd(p.words, asked.query) DESC, p.place LIMIT %(limit)s
"""
