"""Postings whose item is gone, removed in the background.

They count for nothing, for every query looks for the item too; but they take room. Those of an audience that still changes go when it is counted; those
of organisations that were removed, and of audiences that stay as they are, would stay for ever. So the whole table is walked in the order of its key, a
stretch at a time; after a walk that found nothing there is a rest. An item is written with its postings in one transaction and its number never comes
again: what has no item in the walker's view has none for good.
"""

import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

STRETCH: Final = 5_000
"""Postings looked at in one transaction: some 20 ms, so that nobody who searches meanwhile notices."""
REST_SECONDS: Final = 6 * 3600.0
_PLAN_EACH: Final = text("SET LOCAL plan_cache_mode = force_custom_plan")
"""A plan for any two places would read the whole table: to PostgreSQL a stretch between unknown places is a good part of it."""
_STRETCH: Final = text(
    "SELECT p.term, p.audience_id, p.item_id FROM knowledge.search_postings AS p "
    "WHERE (p.term, p.audience_id, p.item_id) > (:term, :audience_id, :item_id) "
    "ORDER BY p.term, p.audience_id, p.item_id OFFSET :most LIMIT 1"
)
_IS_DEAD: Final = (
    "AND NOT EXISTS (SELECT FROM knowledge.search_items AS i WHERE i.id = p.item_id) RETURNING 1"
)
_CLEAR_REST: Final = (
    "DELETE FROM knowledge.search_postings AS p "
    "WHERE (p.term, p.audience_id, p.item_id) > (:term, :audience_id, :item_id) "
)
_CLEAR: Final = (
    f"{_CLEAR_REST}AND (p.term, p.audience_id, p.item_id) <= (:last_term, :last_audience_id, :last_item_id) "
)


class _Place(NamedTuple):
    term: str
    audience_id: int
    item_id: int


_START: Final = _Place("", 0, 0)


class Clearing:
    """Walks over the postings, stretch by stretch. Where it is, is kept by the process: a new one begins anew."""

    def __init__(
        self, *, stretch: int = STRETCH, clock_seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._stretch = stretch
        self._clock_seconds = clock_seconds
        self._place = _START
        self._found = 0
        self._rests_until = 0.0

    async def __call__(self, session: AsyncSession) -> int:
        """Remove what is dead in the next stretch; return how much it was."""
        if self._clock_seconds() < self._rests_until:
            return 0
        await session.execute(_PLAN_EACH)
        begins = self._place._asdict()
        row = (await session.execute(_STRETCH, {**begins, "most": self._stretch - 1})).first()
        last = None if row is None else _Place(*row)
        statement, bounds = (_CLEAR_REST, {}) if last is None else (_CLEAR, _ends(last))
        cleared = len((await session.execute(text(statement + _IS_DEAD), {**begins, **bounds})).all())
        self._found += cleared
        if last is not None:
            self._place = last
            return cleared
        if self._found == 0:
            self._rests_until = self._clock_seconds() + REST_SECONDS
        self._place, self._found = _START, 0
        return cleared


def _ends(last: _Place) -> dict[str, Any]:
    return {f"last_{name}": value for name, value in last._asdict().items()}
