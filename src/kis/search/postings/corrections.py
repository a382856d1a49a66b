"""Other readings of a query that finds little: the other keyboard layout, a slip, words joined or split.

What is tried is what the caller's own items have the words for; so a correction never tells of a word only others have.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.search.postings.ranking import Terms
from kis.search.tokens import TermKind, kind_of
from kis.search.typing.slips import is_one_slip, spellings
from kis.search.typing.spacing import splits

CORRECTED: Final = 0.8
"""What a word counts that was not typed but probably meant."""
MOST_WORDS: Final = 8
"""So many words of a query are looked at."""
MOST_PREFIXES: Final = 6

_WORDS: Final = re.compile(r"[가-힣]+|[a-z0-9]+")
_NEAR: Final = text(
    "SELECT s.spelling, s.word, sum(coalesce(t.items, 1)) AS items FROM knowledge.search_spellings AS s "
    "LEFT JOIN knowledge.search_terms AS t ON t.audience_id = s.audience_id AND t.term IN ('m' || s.word, 'w' || s.word) "
    "WHERE s.spelling = ANY(:spellings) AND s.audience_id = ANY(:audiences) "
    "AND EXISTS (SELECT FROM knowledge.search_postings AS p JOIN knowledge.search_items AS i ON i.id = p.item_id "
    "WHERE p.term IN ('m' || s.word, 'w' || s.word) AND p.audience_id = s.audience_id "
    "AND (i.expires_at IS NULL OR i.expires_at > now())) GROUP BY s.spelling, s.word"
)
"""A word that was counted may be gone since: only what can be found is meant."""
_KNOWN: Final = text(
    "SELECT DISTINCT substr(q.term, 2) FROM unnest(CAST(:terms AS text[])) AS q (term) "
    "WHERE EXISTS (SELECT FROM knowledge.search_postings AS p JOIN knowledge.search_items AS i ON i.id = p.item_id "
    "WHERE p.term = q.term AND p.audience_id = ANY(:audiences) AND (i.expires_at IS NULL OR i.expires_at > now()))"
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a query and the one that was probably meant."""

    typed: str
    meant: str


def knows_most(terms: Terms) -> bool:
    """Tell whether the index has nearly all words of a query: then it was typed as it was meant."""
    return share_known(terms) > 0.75


def share_known(terms: Terms) -> float:
    """Return which share of the words (morphemes, stems, names) of a query some item has; 1 where it has none."""
    typed = [one for one in terms.asked if one.term in terms.typed]
    words = [one for one in typed if kind_of(one.term) in {TermKind.MORPHEME, TermKind.WORD}] or typed
    known = sum(one.items > 0 for one in words)
    return known / len(words) if words else 1.0


async def slips(session: AsyncSession, folded: str, terms: Terms) -> list[Correction]:
    """Return the words of a query that are one slip away from a word of the index and in none themselves.

    Numbers and codes are what was typed: 16 A is not 10 A mistyped, nor is ABN-54 another code.
    """
    typed = [word for word in _WORDS.findall(folded) if len(word) > 1 and word.isalpha()][:MOST_WORDS]
    prefixes = {word: _prefixes(word) for word in typed}
    known = await known_words(session, {one for many in prefixes.values() for one in many}, terms.audiences)
    doubtful = {
        word: [one for one in many if one not in known]
        for word, many in prefixes.items()
        if _is_doubtful(word, many, known)
    }
    if not any(doubtful.values()):
        return []
    by_spelling: dict[str, set[str]] = defaultdict(set)
    for many in doubtful.values():
        for one in many:
            for spelling in spellings(one):
                by_spelling[spelling].add(one)
    found = await session.execute(
        _NEAR, {"spellings": sorted(by_spelling), "audiences": list(terms.audiences)}
    )
    near: dict[str, dict[str, int]] = defaultdict(dict)
    for spelling, word, items in found:
        for one in by_spelling[spelling]:
            if is_one_slip(one, word):
                near[one][word] = int(items)
    return list(_chosen(doubtful, near))


def _prefixes(word: str) -> list[str]:
    """Return a Korean word with fewer and fewer of its last syllables, which may be particles; any other word as it is."""
    if not "가" <= word[0] <= "힣":
        return [word]
    return [word[:end] for end in range(len(word), 1, -1)][:MOST_PREFIXES]


def _is_doubtful(word: str, prefixes: Sequence[str], known: frozenset[str]) -> bool:
    """Tell whether no word of at least two syllables begins here that the index has; of a long word nearly all must be known."""
    if not "가" <= word[0] <= "힣":
        return word not in known
    longest = max((len(one) for one in prefixes if one in known), default=0)
    return longest < min(2, len(word)) or len(word) - longest > 3


def _chosen(
    doubtful: Mapping[str, Sequence[str]], near: Mapping[str, Mapping[str, int]]
) -> Iterable[Correction]:
    """Yield for each doubtful word the longest of its beginnings that is near a known word, and of those words the commonest."""
    for many in doubtful.values():
        for one in many:
            if near.get(one):
                meant = min(near[one], key=lambda word: (-near[one][word], word))
                yield Correction(one, meant)
                break


async def spacings(session: AsyncSession, folded: str, terms: Terms) -> list[Correction]:
    """Return words to be split into two known ones, and neighbours to be joined into one."""
    words = _WORDS.findall(folded)[:MOST_WORDS]
    pairs = [first + second for first, second in pairwise(words)]
    halves = {
        part
        for word in words
        if len(word) > 3
        for place in range(1, len(word))
        for part in (word[:place], word[place:])
    }
    known = await known_words(session, {*words, *pairs, *halves}, terms.audiences)
    apart = [
        Correction(word, " ".join(parts[0]))
        for word in words
        if word not in known and (parts := splits(word, known.__contains__))
    ]
    together = [
        Correction(f"{first} {second}", pair)
        for (first, second), pair in zip(pairwise(words), pairs, strict=True)
        if pair in known and (first not in known or second not in known)
    ]
    return apart + together


async def known_words(
    session: AsyncSession, words: Iterable[str], audiences: Sequence[int]
) -> frozenset[str]:
    """Return those of ``words`` that an item of these audiences has."""
    terms = [kind + word for word in sorted(set(words)) for kind in (TermKind.MORPHEME, TermKind.WORD)]
    if not terms:
        return frozenset()
    found = await session.execute(_KNOWN, {"terms": terms, "audiences": list(audiences)})
    return frozenset(found.scalars())


def corrected(folded: str, corrections: Sequence[Correction]) -> str:
    """Return a query with the words put in that were meant."""
    for correction in corrections:
        typed = re.compile(f"(?<![가-힣a-z0-9]){re.escape(correction.typed)}")
        folded = typed.sub(correction.meant, folded, count=1)  # letters and digits alone
    return folded
