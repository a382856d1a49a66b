"""Answers that are kept until something they could show has changed.

Why an answer cannot be stale: a search runs in one transaction with one snapshot (``REPEATABLE READ``), and an answer is kept under a digest of what that
very snapshot shows of everything an answer is made of: the ids of all items that the caller may read (an item that changes is written anew and has another
id), how many of them have expired, the pins, the synonyms, and when it was last counted how rare terms are. A later caller of the same rights makes the
same digest of their own snapshot, and is given the kept answer only where the two are equal. Neither the highest id nor the number of items would do: two
writers that commit in another order than they took their ids, each with one item in place of another, change neither.

What it costs: the digest reads all items that the caller may read: 2 ms of 1,000, 8 ms of 10,000, 50 to 70 ms of 100,000 (two busy cores). It is made anew
only when any transaction of the server has committed since it was last made for these rights: until then the snapshot is the same (``pg_current_snapshot``:
which transactions are seen is all it says), so is what it shows, and asking costs 0.4 ms. A digest that is not cheap is followed by a rest many times as
long, in which questions are answered without the cache once anything was committed: digests never take more than a small share of the time.

What only a process knows (that morphemes are there by now) changes how well is found, not what: for that an answer is asked for again after some minutes.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.database import Scope
from kis.platform.telemetry import metrics
from kis.search.things import Found

LAYER: Final = "search"
LONGEST_KEPT_SECONDS: Final = 300.0
MOST_RIGHTS: Final = 500
"""Organisations × roles whose digest is remembered."""
CHEAP_SECONDS: Final = 0.005
"""A digest that took longer is followed by a rest; a search takes several times as long."""
REST_SHARE: Final = 20.0
"""The rest, in times of what the digest took."""

_ONE_SNAPSHOT: Final = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
_NOW: Final = text("SELECT CAST(pg_current_snapshot() AS text) AS snapshot, now() AS at")
_DIGEST: Final = text(
    "SELECT concat_ws(' ', i.items, i.expired, i.digest, "
    "(SELECT sum(hashtextextended(p::text, 0)) FROM knowledge.search_pins AS p), '/', "
    "(SELECT sum(hashtextextended(s::text, 0)) FROM knowledge.synonyms AS s), '/', "
    "(SELECT sum(hashtextextended(c.audience_id || ' ' || c.counted_at, 0)) FROM knowledge.search_statistics AS c)) AS digest, i.until "
    "FROM (SELECT count(*) AS items, count(*) FILTER (WHERE expires_at <= now()) AS expired, sum(hashint4extended(id, 0)) AS digest, "
    "min(expires_at) FILTER (WHERE expires_at > now()) AS until FROM knowledge.search_items) AS i"
)


@dataclass(frozen=True, slots=True)
class _Known:
    """The digest of what a snapshot shows, until something in it expires."""

    snapshot: str
    digest: str
    until: datetime | None

    def holds(self, snapshot: str, at: datetime) -> bool:
        """Tell whether a transaction with this snapshot, begun at that time, is shown the same."""
        return self.snapshot == snapshot and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class _Kept:
    digest: str
    found: Found
    kept_at: float


class AnswerCache:
    """Keeps the answers that were used last, ``most`` of them. For one process and event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._known: OrderedDict[Scope, _Known] = OrderedDict()
        self._rests_until = 0.0

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def is_on(self) -> bool:
        """Tell whether anything is kept."""
        return self._most > 0

    def find(self, key: Hashable, digest: str) -> Found | None:
        """Return the answer that was kept under this digest; one under another is forgotten."""
        kept = self._answers.get(key)
        if kept is None or kept.digest != digest or monotonic() - kept.kept_at > LONGEST_KEPT_SECONDS:
            self._answers.pop(key, None)
            metrics.CACHE_MISSES.labels(LAYER).inc()
            return None
        self._answers.move_to_end(key)
        metrics.CACHE_HITS.labels(LAYER).inc()
        return kept.found

    def keep(self, key: Hashable, digest: str, found: Found) -> None:
        """Keep an answer; those that were not used for longest make room."""
        self._answers[key] = _Kept(digest, found, monotonic())
        self._answers.move_to_end(key)
        while len(self._answers) > self._most:
            self._answers.popitem(last=False)

    async def digest(self, session: AsyncSession, scope: Scope) -> str | None:
        """Return the digest of what ``session`` is shown, of the rights of ``scope`` and without a statement before.

        None where it is not known and not the time to make it: then nothing is to be looked for here, or kept.
        """
        rights = rights_of(scope)
        await session.execute(_ONE_SNAPSHOT)
        now = (await session.execute(_NOW)).one()
        known = self._known.get(rights)
        if known is not None and known.holds(now.snapshot, now.at):
            self._known.move_to_end(rights)
            return known.digest
        if monotonic() < self._rests_until:
            metrics.CACHE_MISSES.labels(LAYER).inc()
            return None
        digest, until = await self._make(session)
        self._known[rights] = _Known(now.snapshot, digest, until)
        self._known.move_to_end(rights)
        while len(self._known) > MOST_RIGHTS:
            self._known.popitem(last=False)
        return digest

    async def _make(self, session: AsyncSession) -> tuple[str, datetime | None]:
        started = monotonic()
        made = (await session.execute(_DIGEST)).one()
        took = monotonic() - started
        if took > CHEAP_SECONDS:
            self._rests_until = monotonic() + REST_SHARE * took
        return made.digest, made.until


def rights_of(scope: Scope) -> Scope:
    """Return what of a scope decides which items are seen: anybody of the role in the organisation sees the same."""
    return Scope(scope.organization_id, None, scope.role, scope.sees_drafts)
