"""Which words mean the same to whoever asks: the groups that came with the program, and those of the caller's organisation.

Groups are cut into terms once, not for each query. The shipped ones are some thousand words: they are cut in the background, when somebody first asks and again when
there are morphemes, and a query uses what is there. An organisation's own hold from the moment they are saved: with the caller's part of the index a query reads a
digest of the groups its own transaction shows, and where that is another than the remembered one, reads the groups and cuts the words that are new.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.search.synonyms import Thesaurus, cut_words, shipped_groups
from kis.search.tokens import Cutter, NoAnalyzer

QUICK_WORDS: Final = 200
"""So many new words of an organisation are cut with their morphemes at once; more of them without, and with them in the background."""
REMEMBERED_WORDS: Final = 50_000
"""Of all organisations together, some 1 kB each; those whose groups were not asked for longest are forgotten first."""
AGAIN_SECONDS: Final = 5.0
"""The analyzer had no time for all words: so long it is not asked for them again."""

_MINE: Final = "y.is_active AND (y.organization_id IS NULL OR y.organization_id = (SELECT identity.current_organization_id()))"
"""The policy says the same; the program's own sessions see more."""
DIGEST: Final = (
    "(SELECT count(*) || ' ' || sum(hashtextextended(CAST(y.words AS text), 0)) "  # noqa: S608 - constants alone
    f"FROM knowledge.synonyms AS y WHERE {_MINE})"
)
"""SQL: what the groups are that the session shows to its caller; NULL where there are none."""
_GROUPS: Final = text(
    f"SELECT {DIGEST} AS digest, ARRAY(SELECT to_jsonb(y.words) FROM knowledge.synonyms AS y WHERE {_MINE} ORDER BY y.id) AS groups"  # noqa: S608 - constants alone
)
"""Both of one moment: another transaction may have committed since the digest was read with the query."""


@dataclass(frozen=True, slots=True)
class OwnGroups:
    """The groups of the caller's organisation, as the session shows them."""

    organization_id: UUID | None
    digest: str | None
    """None: there are none."""


class _Groups:
    """Groups that are cut in the background, and once more when there are morphemes and were none."""

    def __init__(
        self, groups: Sequence[Sequence[str]] | None, cutter: Cutter, thesaurus: Thesaurus | None = None
    ) -> None:
        """Without ``groups`` they are those that came with the program; with ``thesaurus`` they are cut already."""
        self._groups = groups
        self._cutter = cutter
        self._thesaurus = thesaurus
        self._cutting: asyncio.Task[None] | None = None
        self._again_at = 0.0

    @property
    def thesaurus(self) -> Thesaurus:
        """Return what is there."""
        return self._thesaurus or Thesaurus()

    def start(self, *, waits: bool = False) -> None:
        """Begin to cut what is to be cut, where nobody is at it; with ``waits`` with morphemes, even where the analyzer is not there yet."""
        if self._under_way() or self._is_done() or time.monotonic() < self._again_at:
            return
        has_analyzer = waits or self._cutter.analyzer.is_ready
        self._cutting = asyncio.create_task(self._cut(self._cutter if has_analyzer else Cutter(NoAnalyzer())))

    async def finish(self) -> None:
        """Wait until all is cut that can be."""
        self.start(waits=True)
        if tasks := self._under_way():
            await asyncio.wait(tasks)

    async def close(self) -> None:
        """Leave off."""
        for task in self._under_way():
            task.cancel()
            await asyncio.wait({task})

    def _under_way(self) -> set[asyncio.Task[None]]:
        return {self._cutting} if self._cutting is not None and not self._cutting.done() else set()

    def _is_done(self) -> bool:
        """Tell whether nothing could be made better now."""
        there = self._thesaurus
        return there is not None and (there.has_morphemes or not self._cutter.analyzer.is_ready)

    async def _cut(self, cutter: Cutter) -> None:
        """Cut the words that have no morphemes yet."""
        self._again_at = time.monotonic() + AGAIN_SECONDS
        groups = self._groups if self._groups is not None else await asyncio.to_thread(shipped_groups)
        known = {word: cut for word, cut in self.thesaurus.cuts.items() if cut.has_morphemes}
        self._thesaurus = await Thesaurus.of(groups, cutter, known=known)
        if self._thesaurus.has_morphemes or not cutter.analyzer.is_ready:
            self._again_at = 0.0


@dataclass(frozen=True, slots=True)
class _Remembered:
    digest: str
    groups: _Groups


class Vocabulary:
    """Gives the groups a query is read with. For one process and event loop.

    ``waits``: until all is cut that can be, for programs that nobody waits for.
    """

    def __init__(self, cutter: Cutter, *, waits: bool = False) -> None:
        self._cutter = cutter
        self._waits = waits
        self._shipped = _Groups(None, cutter)
        self._own: OrderedDict[UUID | None, _Remembered] = OrderedDict()

    async def thesauri(self, session: AsyncSession, own: OwnGroups) -> tuple[Thesaurus, ...]:
        """Return the groups of the caller's organisation and those that came with the program. ``own``: what ``session`` said of the former."""
        shipped = await self._ready(self._shipped)
        if own.digest is None:
            return (shipped,)
        known = self._own.get(own.organization_id)
        if known is None or known.digest != own.digest:
            known = await self._read(session, own, known)
        self._own.move_to_end(own.organization_id)
        return await self._ready(known.groups), shipped

    async def close(self) -> None:
        """Leave off cutting."""
        for groups in (self._shipped, *(known.groups for known in self._own.values())):
            await groups.close()

    async def _ready(self, groups: _Groups) -> Thesaurus:
        if self._waits:
            await groups.finish()
        else:
            groups.start()
        return groups.thesaurus

    async def _read(self, session: AsyncSession, own: OwnGroups, before: _Remembered | None) -> _Remembered:
        row = (await session.execute(_GROUPS)).one()
        cuts = before.groups.thesaurus.cuts if before else {}
        unknown = {word for group in row.groups for word in group if word not in cuts}
        is_quick = self._waits or len(unknown) <= QUICK_WORDS
        cutter = self._cutter if is_quick else Cutter(NoAnalyzer())
        cut = {**cuts, **await cut_words(unknown, cutter)}
        groups = _Groups(row.groups, self._cutter, Thesaurus(row.groups, cut))
        made = _Remembered(row.digest or "", groups)
        if before is not None:
            await before.groups.close()
        self._own[own.organization_id] = made
        self._own.move_to_end(own.organization_id)
        self._forget()
        return made

    def _forget(self) -> None:
        words = sum(len(known.groups.thesaurus.cuts) for known in self._own.values())
        while words > REMEMBERED_WORDS and len(self._own) > 1:
            _, forgotten = self._own.popitem(last=False)
            words -= len(forgotten.groups.thesaurus.cuts)
