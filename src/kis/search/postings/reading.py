"""From what somebody typed to the terms that are asked for: as it was typed, with what means the same, and as it was probably meant."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.keyboard.layout import other_layout
from kis.search.asking.folding import fold
from kis.search.asking.parser import Asked
from kis.search.postings import corrections
from kis.search.postings.ranking import Reading, Terms, known_terms
from kis.search.things import Query
from kis.search.tokens import Cut, Cutter, TermKind, kind_of, shown
from kis.search.vocabulary import DIGEST, OwnGroups, Vocabulary

_PART: Final = text(
    "SELECT coalesce(array_agg(a.id), '{}') AS audiences, "  # noqa: S608 - constants alone
    "coalesce((SELECT sum(s.items) FROM knowledge.search_statistics AS s), 0) AS items, "
    f"identity.current_organization_id() AS organization_id, {DIGEST} AS groups FROM knowledge.audiences AS a"
)
LIGHT: Final = 0.3
"""What a word counts that asks, links or fills. Where a question has no other words they are all alike, and it is what they find."""
EXACT: Final = 0.5
"""What a word counts for standing there in this very form, beside its stem. Numbers and codes have no stem: they count in full."""


@dataclass(frozen=True, slots=True)
class Part:
    """The caller's part of the index, and the words that mean the same there."""

    terms: Terms
    """None yet: the audiences whose items the caller reads, and how many items that were."""
    groups: OwnGroups


async def part_of(session: AsyncSession) -> Part:
    """Return what the session's caller may read, in one journey."""
    state = (await session.execute(_PART)).one()
    return Part(
        Terms(tuple(state.audiences), max(1, int(state.items)), ()),
        OwnGroups(state.organization_id, state.groups),
    )


class QueryReader:
    """Reads queries."""

    def __init__(self, cutter: Cutter, vocabulary: Vocabulary) -> None:
        self._cutter = cutter
        self._vocabulary = vocabulary

    async def read(self, session: AsyncSession, query: Query, asked: Asked) -> Reading:
        """Read a query as it was typed; where the index does not know its words, as it was probably meant."""
        typed = asked.text or " ".join((*asked.titles, *asked.tags))
        folded = fold(typed)
        part = await part_of(session)
        terms = await self._terms(session, part, folded)
        if not query.corrects or corrections.knows_most(folded, terms):
            return Reading(folded, terms)
        other = other_layout(typed)
        if other is not None:
            meant = fold(other)
            there = await self._terms(session, part, meant)
            if corrections.share_known(there) > corrections.share_known(terms):
                return Reading(meant, there, (meant,))
        slips = await corrections.slips(session, folded, terms)
        found = slips + await corrections.spacings(session, folded, terms, but={one.typed for one in slips})
        if not found:
            return Reading(folded, terms)
        meant = corrections.corrected(folded, found)
        return Reading(folded, await self._terms(session, part, folded, also=meant), (meant,))

    async def _terms(self, session: AsyncSession, part: Part, folded: str, *, also: str = "") -> Terms:
        cuts = await self._cutter.cut([folded, also] if also else [folded])
        asked = counts_of(cuts[0])
        if also:
            for term, count in counts_of(cuts[1]).items():
                asked.setdefault(term, count * corrections.CORRECTED)
        typed = frozenset(asked)
        beside: dict[str, frozenset[str]] = {}
        for thesaurus in await self._vocabulary.thesauri(session, part.groups):
            for cut in cuts:
                for term, added in thesaurus.expand(cut).items():
                    if term not in typed:
                        asked.setdefault(term, added.share)
                        beside[term] = beside.get(term, frozenset()) | added.beside
        return await known_terms(session, asked, typed=typed, beside=beside, part=part.terms)


def counts_of(cut: Cut) -> dict[str, float]:
    """Return the terms of a query with what each counts: as often as it was typed."""
    return {
        term: times * (LIGHT if term in cut.light else 1.0) * (EXACT if _is_exact(term) else 1.0)
        for term, times in cut.terms.items()
    }


def _is_exact(term: str) -> bool:
    return kind_of(term) is TermKind.WORD and shown(term).isalpha()
