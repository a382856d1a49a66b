"""Answers that are kept until something they could show has changed.

Why an answer cannot be stale: a search runs in one transaction with one snapshot (``REPEATABLE READ``), and an answer is kept under a digest of what that
very snapshot shows of everything an answer is made of. A later caller of the same rights makes the digest of their own snapshot, and is given the kept
answer only where the two are equal. Two things are in it.

*The marks.* Whatever adds, changes or removes items, statistics, vectors, pins or synonyms adds a row with a mark, a random number of 64 bits, in its own
transaction (``knowledge.search_revisions``; triggers do it, whoever writes). The digest has the exclusive or of all marks that the caller may see: a snapshot
that shows a change shows its mark, in whatever order writers took their numbers and commit. Marks of audiences that the caller may not read are not seen,
so the writers of others disturb nobody's answers; an audience that is withdrawn takes its marks along. Rows are only added, so writers never wait for each
other; a chore (``fold``) makes many rows one with the exclusive or of their marks, which changes no digest.

*The latest expiry.* Time alone takes items away, without a writer. The digest has the latest time at which one of the caller's items has expired.

It costs a millisecond, however many items there are, and reads a row or two for each audience and those that were added since the last folding.

What only a process knows (that morphemes are there by now) changes how well is found, not what: for that an answer is asked for again after some minutes.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.database import Scope
from kis.platform.telemetry import metrics
from kis.search.things import Found

LAYER: Final = "search"
LONGEST_KEPT_SECONDS: Final = 300.0
FOLDED_ABOVE: Final = 20
"""So many rows of an audience are read as quickly as one."""

_ONE_SNAPSHOT: Final = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
_DIGEST: Final = text(
    "WITH mine AS MATERIALIZED (SELECT array_agg(a.id) AS ids FROM knowledge.audiences AS a) SELECT concat_ws(' ', "
    "(SELECT bit_xor(r.mark) FROM knowledge.search_revisions AS r WHERE r.audience_id = ANY((SELECT ids FROM mine)::integer[])), '/', "
    "(SELECT bit_xor(r.mark) FROM knowledge.search_revisions AS r WHERE r.audience_id IS NULL), '/', "
    "(SELECT max(e.expired_at) FROM mine, unnest(mine.ids) AS a (id), LATERAL (SELECT max(i.expires_at) AS expired_at "
    "FROM knowledge.search_items AS i WHERE i.audience_id = a.id AND i.expires_at <= now()) AS e))"
)
_FOLD: Final = text(
    "WITH many AS (SELECT organization_id, audience_id, max(id) AS newest FROM knowledge.search_revisions "
    "GROUP BY organization_id, audience_id HAVING count(*) > :most), "
    "gone AS (DELETE FROM knowledge.search_revisions AS r USING many AS m WHERE r.id <= m.newest "
    "AND r.organization_id IS NOT DISTINCT FROM m.organization_id AND r.audience_id IS NOT DISTINCT FROM m.audience_id RETURNING r.*), "
    "kept AS (INSERT INTO knowledge.search_revisions (organization_id, audience_id, mark) "
    "SELECT organization_id, audience_id, bit_xor(mark) FROM gone GROUP BY organization_id, audience_id) SELECT count(*) FROM gone"
)
_FORGET: Final = text(
    "WITH gone AS (DELETE FROM knowledge.search_revisions AS r WHERE r.audience_id IS NOT NULL "
    "AND NOT EXISTS (SELECT FROM knowledge.audiences AS a WHERE a.id = r.audience_id) "
    "OR r.audience_id IS NULL AND r.organization_id IS NOT NULL "
    "AND NOT EXISTS (SELECT FROM identity.organizations AS o WHERE o.id = r.organization_id) RETURNING r.id) SELECT count(*) FROM gone"
)


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


async def digest_of(session: AsyncSession) -> str:
    """Return the digest of what ``session``, without a statement before, is shown; it is shown the same from now on to its end."""
    await session.execute(_ONE_SNAPSHOT)
    return str(await session.scalar(_DIGEST))


async def fold(session: AsyncSession) -> int:
    """Make one row of the many that an audience or an organisation has, and none of what is gone; return how many went. For the program's own role."""
    gone = int(await session.scalar(_FORGET) or 0)
    return gone + int(await session.scalar(_FOLD, {"most": FOLDED_ABOVE}) or 0)


def rights_of(scope: Scope) -> Scope:
    """Return what of a scope decides which items are seen: anybody of the role in the organisation sees the same."""
    return Scope(scope.organization_id, None, scope.role, scope.sees_drafts)
