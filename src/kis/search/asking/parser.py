"""What somebody typed into a search, taken apart.

===========================  ==================================================================
``차단기 용량``                  words: what is found is ranked by them
``"누전 차단기"``                a phrase: stands so in what is found, and ranks, too
``-임시`` ``-"임시 배선"``        a word or a phrase that must not stand there
``title:외함`` ``제목:"옥외 함"``   stands in the title; so ``tag:`` (``태그:``) and ``author:`` (``작성자:``)
``-tag:임시``                   the word must not stand there at all, as a tag or anywhere else
===========================  ==================================================================

Anything else is plain text, nothing is an error: quotes without an end, colons of ratios, times and addresses (``5:3``, ``IP:65``, ``10:30``), a field
without a value, inches (``19" 랙``), numbers below zero (``-25℃``), dashes within codes (``ABN-53``).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kis.search.asking.folding import fold, plain

MOST_CHARACTERS: Final = 500
"""Of a question; what comes after is not read."""

_FIELDS: Final = {
    "title": "title",
    "제목": "title",
    "tag": "tag",
    "태그": "tag",
    "author": "author",
    "작성자": "author",
}
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟", '"'))
_TERM: Final = re.compile(
    r"""
    (?P<minus>-(?="|[^\W\d_]))?
    (?:(?P<field>title|tag|author|제목|태그|작성자):(?=["\w]))?
    (?:"(?P<phrase>[^"]*)"|(?P<word>\S+))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EDGES: Final = "\"'.,;:!?()[]{}<> "
"""What stands around a word and does not belong to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, taken apart. All but ``text`` is folded, with one space between words; each stands there once."""

    text: str
    """Words and phrases to rank by, in the order they were typed, without those that are excluded. Not folded in its capital letters, because they may
    have been other keys of the Korean layout."""
    phrases: tuple[str, ...] = ()
    """All must stand in what is found."""
    excluded: tuple[str, ...] = ()
    """Words and phrases that must not stand there."""
    titles: tuple[str, ...] = ()
    """All must stand in its title."""
    tags: tuple[str, ...] = ()
    """It must have all of these tags."""
    authors: tuple[str, ...] = ()
    """One of them must be its author."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A word or a phrase, and what is said of it: ``title``, ``tag``, ``author``, ``excluded``, ``phrase``, or nothing."""

    kind: str
    text: str


def parse(typed: str) -> Asked:
    """Return what ``typed`` asks for. Never fails, whatever was typed."""
    terms = tuple(_terms(plain(typed[:MOST_CHARACTERS])[:MOST_CHARACTERS].translate(_QUOTES)))
    excluded = _of("excluded", terms)
    return Asked(
        text=" ".join(_ranking(terms, frozenset(excluded))),
        phrases=_of("phrase", terms),
        excluded=excluded,
        titles=_of("title", terms),
        tags=_of("tag", terms),
        authors=_of("author", terms),
    )


def _terms(text: str) -> Iterator[_Term]:
    for found in _TERM.finditer(text):
        phrase, field = found["phrase"], found["field"]
        value = found["word"] if phrase is None else phrase
        if found["minus"]:
            kind = "excluded"
        elif field:
            kind = _FIELDS[field.lower()]
        else:
            kind = "" if phrase is None else "phrase"
        yield _Term(kind, value)


def _ranking(terms: Iterable[_Term], excluded: frozenset[str]) -> Iterator[str]:
    for term in terms:
        if term.kind in {"", "phrase"}:
            yield from (word for word in term.text.split() if _bare(word) and _bare(word) not in excluded)


def _of(kind: str, terms: Iterable[_Term]) -> tuple[str, ...]:
    values = (_bare(term.text) for term in terms if term.kind == kind)
    return tuple(dict.fromkeys(value for value in values if value))


def _bare(text: str) -> str:
    """Return a term folded, without the signs around it; empty where it has no letter and no digit."""
    bare = " ".join(fold(text).split()).strip(_EDGES)
    return bare if any(map(str.isalnum, bare)) else ""
