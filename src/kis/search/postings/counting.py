"""What is counted in the background: how rare terms are, how long texts are, which words there are to be mistyped."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.keyboard.slips import spellings

ALWAYS_BELOW: Final = 500
"""An audience with fewer items is counted anew whenever one of them changed; it takes less than a second."""
CHANGED_SHARE: Final = 0.1
"""A larger one when so much of it is new or gone: rarities are logarithms, and hardly change with less."""
REST_SECONDS: Final = 0.05
"""Of each item, or when it rested so long since it was counted: fifty times as long as counting takes."""
LONGEST_CORRECTED: Final = 20
_SPELLINGS_AT_ONCE: Final = 20_000

_ALONE: Final = text("SELECT pg_try_advisory_xact_lock(hashtextextended('search.count', 0))")
_STATE: Final = text(
    "SELECT a.id AS audience_id, coalesce(i.items, 0) AS items, coalesce(i.newest, 0) AS newest, s.items AS counted, "
    "s.newest_item_id AS counted_newest, extract(epoch FROM now() - s.counted_at) AS rested_seconds, "
    "(SELECT count(*) FROM knowledge.search_items AS n WHERE n.audience_id = a.id AND n.id > coalesce(s.newest_item_id, 0)) AS added "
    "FROM knowledge.audiences AS a "
    "LEFT JOIN (SELECT audience_id, count(*) AS items, max(id) AS newest FROM knowledge.search_items GROUP BY audience_id) AS i "
    "ON i.audience_id = a.id LEFT JOIN knowledge.search_statistics AS s ON s.audience_id = a.id ORDER BY a.id"
)
_DROP_DEAD: Final = text(
    "DELETE FROM knowledge.search_postings AS p WHERE p.audience_id = :audience "
    "AND NOT EXISTS (SELECT FROM knowledge.search_items AS i WHERE i.id = p.item_id)"
)
_COUNT: Final = text(
    "INSERT INTO knowledge.search_terms (term, audience_id, items) "
    "SELECT p.term, p.audience_id, count(*) FROM knowledge.search_postings AS p WHERE p.audience_id = :audience "
    "GROUP BY p.term, p.audience_id "
    "ON CONFLICT (term, audience_id) DO UPDATE SET items = excluded.items WHERE search_terms.items <> excluded.items"
)
"""Most terms are as rare as they were: only what changed is written."""
_FORGET: Final = text(
    "DELETE FROM knowledge.search_terms AS t WHERE t.audience_id = :audience AND NOT EXISTS "
    "(SELECT FROM knowledge.search_postings AS p WHERE p.term = t.term AND p.audience_id = t.audience_id)"
)
_LENGTHS: Final = text(
    "INSERT INTO knowledge.search_statistics AS s (audience_id, items, lengths, counted_at, newest_item_id) "
    "SELECT CAST(:audience AS integer), CAST(:items AS integer), coalesce((SELECT jsonb_object_agg(l.name, l.total) FROM "
    "(SELECT e.key AS name, sum(e.value::bigint) AS total FROM knowledge.search_items AS i, jsonb_each_text(i.lengths) AS e "
    "WHERE i.audience_id = :audience GROUP BY e.key) AS l), '{}'), now(), CAST(:newest AS integer) "
    "ON CONFLICT (audience_id) DO UPDATE SET items = excluded.items, lengths = excluded.lengths, counted_at = excluded.counted_at, "
    "newest_item_id = excluded.newest_item_id"
)
_GONE_WORDS: Final = text(
    "DELETE FROM knowledge.search_spellings AS s WHERE s.audience_id = :audience AND NOT EXISTS "
    "(SELECT FROM knowledge.search_terms AS t WHERE t.audience_id = s.audience_id AND t.term IN ('m' || s.word, 'w' || s.word))"
)
_LEARN: Final = text(
    "INSERT INTO knowledge.search_spellings (audience_id, spelling, word) "
    "SELECT CAST(:audience AS integer), s.spelling, s.word FROM unnest(CAST(:spellings AS text[]), CAST(:words AS text[])) AS s (spelling, word)"
)
_NEW_WORDS: Final = text(
    "SELECT DISTINCT substr(t.term, 2) AS word FROM knowledge.search_terms AS t WHERE t.audience_id = :audience "
    "AND left(t.term, 1) IN ('m', 'w') AND length(t.term) BETWEEN 3 AND :longest AND t.term !~ '[0-9]' "
    "AND NOT EXISTS (SELECT FROM knowledge.search_spellings AS s WHERE s.audience_id = t.audience_id AND s.word = substr(t.term, 2))"
)
"""Codes and numbers are what was typed, never what was meant."""


@dataclass(frozen=True, slots=True)
class _Audience:
    id: int
    items: int
    newest: int
    counted: int | None
    counted_newest: int
    added: int
    rested_seconds: float

    @property
    def gone(self) -> int:
        """Return how many items there are no more since the last count. Below zero: something with a lower number came late."""
        return (self.counted or 0) + self.added - self.items

    @property
    def is_due(self) -> bool:
        if self.counted is None:
            return self.items > 0
        changed = self.added + abs(self.gone)
        return changed > 0 and (
            self.items < ALWAYS_BELOW
            or changed > CHANGED_SHARE * self.counted
            or self.rested_seconds > REST_SECONDS * self.items
        )


async def count(session: AsyncSession) -> int:
    """Count every audience that changed enough; return how many there were, none while somebody else is counting. For the program's own role."""
    if not await session.scalar(_ALONE):
        return 0
    found = await session.execute(_STATE)
    audiences = [
        _Audience(
            row.audience_id,
            row.items,
            row.newest,
            row.counted,
            row.counted_newest or 0,
            row.added,
            float(row.rested_seconds or 0),
        )
        for row in found
    ]
    due = [audience for audience in audiences if audience.is_due]
    for audience in due:
        of = {"audience": audience.id}
        if audience.counted is None or audience.gone:
            await session.execute(_DROP_DEAD, of)
        await session.execute(_COUNT, of)
        await session.execute(_FORGET, of)
        await session.execute(_LENGTHS, {**of, "items": audience.items, "newest": audience.newest})
        await session.execute(_GONE_WORDS, of)
        words = (await session.execute(_NEW_WORDS, {**of, "longest": LONGEST_CORRECTED + 1})).scalars().all()
        await _learn(session, audience.id, words)
    return len(due)


async def _learn(session: AsyncSession, audience: int, words: Sequence[str]) -> None:
    pairs = ((spelling, word) for word in words for spelling in sorted(spellings(word)))
    while some := list(islice(pairs, _SPELLINGS_AT_ONCE)):
        known, meant = zip(*some, strict=True)
        await session.execute(_LEARN, {"audience": audience, "spellings": list(known), "words": list(meant)})
