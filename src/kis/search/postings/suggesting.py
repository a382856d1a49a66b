"""Suggestions while somebody types: titles, names and tags that go on as the text does, from any of their words."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.keyboard.layout import other_layout, to_hangul
from kis.search.phrases import typed_prefix
from kis.search.things import Source, Suggestion

_FIND: Final = text(
    "SELECT f.phrase, f.source, f.source_id FROM (SELECT DISTINCT ON (p.phrase) p.phrase, p.weight, i.source, i.source_id "
    "FROM knowledge.search_phrases AS p JOIN knowledge.search_items AS i ON i.id = p.item_id "
    "WHERE p.typed LIKE :prefix AND (i.expires_at IS NULL OR i.expires_at > now()) "
    "AND (CAST(:sources AS text[]) = '{}' OR i.source = ANY(:sources)) ORDER BY p.phrase, p.weight DESC, i.id) AS f "
    "ORDER BY f.weight DESC, length(f.phrase), f.phrase LIMIT :limit"
)
"""Of the things that have a phrase the one is named whose title it is."""


async def suggestions(
    session: AsyncSession, typed: str, *, sources: Sequence[Source], limit: int
) -> tuple[Suggestion, ...]:
    """Return what ``typed`` may become; where nothing goes on like it, what it would have been on the other keyboard layout."""
    readings = (
        typed,
        other_layout(typed) or "",
        to_hangul(typed),
    )  # the last: its last syllable is not finished
    for prefix in dict.fromkeys(map(typed_prefix, readings)):
        if not prefix:
            continue
        found = await session.execute(
            _FIND,
            {
                "prefix": _literal(prefix) + "%",
                "sources": [source.value for source in sources],
                "limit": limit,
            },
        )
        made = tuple(
            Suggestion(text=row.phrase, source=Source(row.source), source_id=row.source_id) for row in found
        )
        if made:
            return made
    return ()


def _literal(text_: str) -> str:
    """Return a text of which nothing is a wildcard."""
    return text_.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
