"""Other readings of a query that finds little: the other keyboard layout, a slip, words joined or split.

What is tried is what the caller's own items have the words for; so a correction never tells of a word only others have.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.keyboard.jamo import letters
from kis.platform.keyboard.slips import is_likely, spellings
from kis.platform.keyboard.spacing import LEAST_RUN, divided, parts_of, splits
from kis.search.postings.ranking import Terms
from kis.search.tokens import TermKind, kind_of
from kis.search.tokens.english import light_words, linking_words, stem

CORRECTED: Final = 0.8
"""What a word counts that was not typed but probably meant."""
USUAL_SHARE: Final = 0.2
"""Of the items: so many at least have each of the words that every English text has, whatever these texts are."""
WORDS_AN_ITEM: Final = 20
"""How many different words an item has, roughly: a word that all items have is one of so many."""
OTHER_FORM: Final = 0.5
"""What a word counts that the index has in another form."""
MOST_WORDS: Final = 8
"""So many words of a query are looked at."""
MOST_PREFIXES: Final = 6

_WORDS: Final = re.compile(r"[가-힣]+|[a-z0-9]+")
_LONG: Final = re.compile(f"[a-z]{{{LEAST_RUN}}}")
_ALIKE: Final = re.compile("[a-z]+|[0-9]+")
_ENDLESS: Final = re.compile("[a-z]{25}")
_NEAR: Final = text(
    "SELECT n.spelling, n.word, sum(n.items) AS items FROM (SELECT s.spelling, s.word, coalesce((SELECT t.items "
    "FROM knowledge.search_terms AS t WHERE t.term = k.kind || s.word AND t.audience_id = s.audience_id), 1) AS items "
    "FROM knowledge.search_spellings AS s, unnest(ARRAY['m', 'w']) AS k (kind) "
    "WHERE s.spelling = ANY(:spellings) AND s.audience_id = ANY(:audiences) "
    "AND (SELECT true FROM knowledge.search_postings AS p JOIN knowledge.search_items AS i ON i.id = p.item_id "
    "WHERE p.term = k.kind || s.word AND p.audience_id = s.audience_id AND (i.expires_at IS NULL OR i.expires_at > now()) LIMIT 1)"
    ") AS n GROUP BY n.spelling, n.word"
)
"""A word that was counted may be gone since: only what can be found is meant.

One posting is looked for by itself. With EXISTS it is a join of all postings with all items, and PostgreSQL begins with that: 15 s of 100,000 articles.
"""
_KNOWN: Final = text(
    "SELECT DISTINCT substr(q.term, 2) FROM unnest(CAST(:terms AS text[])) AS q (term) "
    "WHERE (SELECT true FROM knowledge.search_postings AS p JOIN knowledge.search_items AS i ON i.id = p.item_id "
    "WHERE p.term = q.term AND p.audience_id = ANY(:audiences) AND (i.expires_at IS NULL OR i.expires_at > now()) LIMIT 1)"
)
_COUNTED: Final = text(
    "SELECT q.term, sum(t.items) FROM unnest(CAST(:terms AS text[])) AS q (term) "
    "JOIN knowledge.search_terms AS t ON t.term = q.term AND t.audience_id = ANY(:audiences) GROUP BY q.term"
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a query and the one that was probably meant."""

    typed: str
    meant: str


def knows_most(folded: str, terms: Terms) -> bool:
    """Tell whether the index has nearly all words of a query: then it was typed as it was meant. Letters without end are no word."""
    return share_known(terms) > 0.75 and not _ENDLESS.search(folded)


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
    typed = [
        word
        for word in _WORDS.findall(folded)
        if len(word) > 1 and word.isalpha() and word not in light_words() and not _has_base(word, terms)
    ][:MOST_WORDS]
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
            if is_likely(one, word):
                near[one][word] = int(items)
    return list(_chosen(doubtful, near))


def _has_base(word: str, terms: Terms) -> bool:
    """Tell whether the index has the word in another form: 적힌 begins with the letters of 적히, and computed has the stem of compute."""
    if word.isascii():
        bases = {stem(word)}
        return any(
            one.items > 0 and one.term[1:] in bases
            for one in terms.asked
            if one.term in terms.typed and one.term[0] == TermKind.MORPHEME
        )
    typed = letters(word)
    return any(
        one.items > 0 and len(one.term) > 2 and typed.startswith(letters(one.term[1:]))
        for one in terms.asked
        if one.term in terms.typed and one.term[0] == TermKind.MORPHEME
    )


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


async def spacings(
    session: AsyncSession, folded: str, terms: Terms, *, but: Collection[str] = ()
) -> list[Correction]:
    """Return words to be split into known ones, and neighbours to be joined into one; of all words ``but`` these."""
    words = [word for word in _WORDS.findall(folded) if word not in but][:MOST_WORDS]
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
    whole = {*known, *(one.typed for one in apart)}
    runs = await _runs(session, [word for word in words if word not in whole], terms)
    return [*apart, *together, *runs]


async def _runs(session: AsyncSession, words: Iterable[str], terms: Terms) -> list[Correction]:
    """Return English written without spaces, word by word, by how often the index has each."""
    pieces = {word: _ALIKE.findall(word) for word in words if _LONG.search(word)}
    runs = {piece for found in pieces.values() for piece in found if _LONG.match(piece)}
    if not runs:
        return []
    parts = {part for run in runs for part in parts_of(run)}
    stems = {part: stem(part) for part in parts if len(part) > 2}
    asked = {TermKind.WORD + part for part in parts} | {TermKind.MORPHEME + one for one in stems.values()}
    found = await session.execute(_COUNTED, {"terms": sorted(asked), "audiences": list(terms.audiences)})
    chances = dict(_chances(parts, stems, {term: int(items) for term, items in found}, terms.items))
    read = {run: " ".join(words) for run in sorted(runs) if (words := divided(run, chances))}
    return [
        Correction(word, " ".join(read.get(piece, piece) for piece in found))
        for word, found in pieces.items()
        if not read.keys().isdisjoint(found)
    ]


def _chances(
    parts: Iterable[str], stems: Mapping[str, str], counts: Mapping[str, int], items: int
) -> Iterable[tuple[str, float]]:
    """Yield how likely a part is a word: by the items that have it, or as often as half of them for the words that every English text has."""
    for part in parts:
        having = 0.0
        if part in stems:
            in_another_form = OTHER_FORM * counts.get(TermKind.MORPHEME + stems[part], 0)
            having = max(float(counts.get(TermKind.WORD + part, 0)), in_another_form)
        if part in linking_words():
            having = max(having, USUAL_SHARE * items / (4 if len(part) == 1 else 1))
        if having:
            yield part, min(1.0, having / (items + 1)) / WORDS_AN_ITEM


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
