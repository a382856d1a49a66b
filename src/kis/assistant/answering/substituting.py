"""A word put in the place of another: the sentence says of oil what the passage says of water.

A wrong sentence is mostly a sentence of the passage with one word exchanged, whatever the word. So each clause is laid beside each clause of the passage: where
nearly all else is the same and, between the same neighbours, one has a noun and the other has another that does not mean the same, the noun has been put in its
place. A true sentence that retells a clause in other words shares less of it, or has its own words elsewhere. So it is with opposites, wherever they stand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kis.assistant.answering import polarity
from kis.assistant.answering.korean import without_particle
from kis.assistant.answering.quantities import WORD, quantities
from kis.assistant.answering.synonyms import is_same, said_by
from kis.assistant.answering.wording import IRREGULAR, Word, sentences, terms, words

_LEAST_ALIKE: Final = 0.66
"""Share of a sentence's other words that a statement must have, for what differs to be an exchange."""
_ALL_BUT: Final = 0.75
"""Share of the words of both that both have, for a denial to be all that differs."""
_FEWEST_ALIKE: Final = 2
_LONGEST_RUN: Final = 3
"""Words side by side: of more, nobody can tell which stands for which."""
_SAME_WORD: Final = 4
_SAME_LIGHT: Final = 3
_SAME_EDGE: Final = 2
_BOTH_LIGHT: Final = 1
_LEAST_BESIDE: Final = {True: 5, False: 4}
"""How alike the neighbours of both must be, in English and in Korean, where the particle tells the place as well."""
_VERB_BEFORE: Final = frozenset(
    [
        "to",
        "must",
        "may",
        "can",
        "cannot",
        "will",
        "would",
        "should",
        "shall",
        "not",
        "never",
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "it",
        "they",
        "you",
        "he",
        "she",
        "which",
        "that",
        "who",
    ]
)
_NO_VERB_BEHIND: Final = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "must",
        "may",
        "can",
        "will",
        "should",
        "shall",
        "has",
        "have",
        "of",
        "and",
        "or",
    ]
)
_DETERMINERS: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "its",
        "their",
        "your",
        "this",
        "that",
        "these",
        "those",
        "any",
        "each",
        "every",
        "all",
        "both",
        "no",
    ]
)
_LIMITS: Final = re.compile(
    r"\bonly\b|\bexcept|\bother than\b|\binstead\b|\brather\b|(?<=[가-힣])만(?=[ ,.]|이|은)|뿐|말고|밖에|외에",
    re.IGNORECASE,
)
_ADVERBS: Final = frozenset(
    [
        "instead",
        "rather",
        "itself",
        "themselves",
        "overnight",
        "again",
        "twice",
        "once",
        "about",
        "around",
        "almost",
        "nearly",
        "different",
        "another",
        "other",
        "same",
        "later",
        "latest",
        "but",
        "ten",
        "같은",
        "다른",
        "모든",
        "어떤",
        "각",
        "그대로",
        "바로",
        "함께",
        "서로",
        "따로",
        "오래",
        "새로",
        "스스로",
        "자체",
        "자체는",
        "적어도",
        "늦어도",
        "번째",
    ]
)
_GENERAL: Final = terms(
    "thing one ones piece item object spot gap device unit appliance equipment machine product person people someone user customer part place value number figure way type kind side mode program programme "
    "function setting state position time case amount level temperature pressure duration process step room area area range "
    "기기 장치 제품 기계 본체 사람 사용자 부분 장소 값 숫자 상태 위치 모드 프로그램 기능 설정 종류 방식 것 곳 시간 온도 압력 거리 주기 간격 횟수 양 수치 과정 단계 공간 작업 사용 원인 결과 이유 자리 크기 등급 "
    "뒤쪽 앞쪽 위쪽 아래쪽 안쪽 바깥쪽 위 아래 앞 뒤 옆 영하 직전 직후"
)
"""Nouns so general that they stand for others in a retelling."""
_PARTICLES: Final = {
    **dict.fromkeys(("은", "는", "이", "가", "도", "만", "을", "를"), "core"),
    **dict.fromkeys(
        (
            "에",
            "에서",
            "에는",
            "에서는",
            "에만",
            "에도",
            "로",
            "으로",
            "로는",
            "으로는",
            "까지",
            "부터",
            "에게",
        ),
        "place",
    ),
    **dict.fromkeys(("의",), "of"),
    **dict.fromkeys(("와", "과"), "with"),
    **dict.fromkeys(("이다", "입니다"), "is"),
}
_KOREAN_VERB: Final = re.compile(
    r"(?:다|요|오|까|면|고|며|서|지|게|도록|려|려면|거나|지만|니까|므로|어|아|여|해|야|[한된인할될던])$"
)
_NOUN_AT_MOST: Final = 2
"""Syllables up to which what ends like a verb may be a noun: 나사, 안내서 is one of more."""
_FIGURE: Final = re.compile(r"[A-Za-z-]*\d[\d.,]*")
_FIGURE_AT_END: Final = re.compile(r"\d\s?$")
_STOP: Final = re.compile(r"[,;:.|()\"'!?\u201c\u201d\u2018\u2019]")


@dataclass(frozen=True, slots=True)
class _Token:
    """A word that carries meaning, with what tells its place in a sentence."""

    surface: str
    term: str
    slot: str
    """Of a noun what kind of place it takes; empty for what may be no noun."""
    place: int
    """Its place among all words, light ones too."""


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    tokens: tuple[_Token, ...]
    every: tuple[Word, ...]
    is_clause: bool
    figures: frozenset[float]
    pointing: polarity.Pointing


_Scored = tuple[_Statement, frozenset[str]]
"""A statement, and the terms of a sentence that it has."""


def substituted(sentence: str, passage: str) -> str:
    """Return the word of a sentence that stands in the place of another word of the passage; nothing where none does."""
    every = _statements(passage)
    for own in _statements(sentence):
        statements = [each for each in every if each.is_clause or not own.is_clause]
        scored = [(theirs, _alike(own, theirs)) for theirs in statements]
        if not scored:
            continue
        most = max(len(alike) for _, alike in scored)
        for theirs, alike in scored:
            is_best = len(alike) == most and own.figures <= theirs.figures
            if is_best and (wrong := _exchange(own, theirs, scored)):
                return wrong
        if own.is_clause and (wrong := _turned(own, scored)):
            return wrong
    return ""


def denied(sentence: str, passage: str) -> str:
    """Return the clause of a sentence that is a clause of the passage but for a denial; nothing where none is."""
    theirs = [each for each in _statements(passage) if each.is_clause]
    for own in _statements(sentence):
        scored = [(each, _alike(own, each)) for each in theirs]
        if scored and own.is_clause and (wrong := _denied(own, scored)):
            return wrong
    return ""


def _denied(own: _Statement, scored: Sequence[_Scored]) -> str:
    """Return the statement that says all that a sentence says, and nearly nothing else, but for a denial."""
    most = max(len(alike) for _, alike in scored)
    best = [theirs for theirs, alike in scored if len(alike) == most and own.figures <= theirs.figures]
    every = len({token.term for token in own.tokens})
    if most < max(_FEWEST_ALIKE, _ALL_BUT * every) or not best:
        return ""
    if any(
        len(_alike(theirs, own)) < _ALL_BUT * len({token.term for token in theirs.tokens}) for theirs in best
    ):
        return ""
    if any("|" in theirs.text or _LIMITS.search(theirs.text) for theirs in best) or _LIMITS.search(own.text):
        return ""
    if any(each.bound for text in (own.text, *(theirs.text for theirs in best)) for each in quantities(text)):
        return ""  # not above 5 is 5 at most
    parities = {theirs.pointing.is_denied for theirs in best}
    is_opened = own.pointing.is_opened or any(theirs.pointing.is_opened for theirs in best)
    turned = any(
        a * b < 0 for theirs in best for a, b in zip(own.pointing.sides, theirs.pointing.sides, strict=True)
    )
    if parities == {not own.pointing.is_denied} and not is_opened and not turned:
        return own.text
    return ""


def _exchange(own: _Statement, theirs: _Statement, scored: Sequence[_Scored]) -> str:
    alike = _alike(own, theirs)
    for mine, yours in _conflicts(own, theirs, alike):
        exchanged = frozenset(token.term for token in mine)
        if not _is_enough(own, alike, exchanged):
            continue
        if not any(exchanged & others and len(others) >= len(alike) for _, others in scored):
            return f"{_said(mine)} / {_said(yours)}"
    return ""


def _turned(own: _Statement, scored: Sequence[_Scored]) -> str:
    """Return what a sentence names of which the statement that is most like it names the opposite, or another of those of which only one holds."""
    for place, side in enumerate(own.pointing.sides):
        if not side:
            continue
        best = _likest(own, polarity.words_of_side(place, own.text), scored)
        if best and all(
            theirs.pointing.sides[place] == -side and _opposed(own, theirs) == 1 for theirs in best
        ):
            return f"side {place}"
    for place, chosen in enumerate(own.pointing.choices):
        best = _likest(own, terms(" ".join(polarity.named(place, own.text))), scored) if chosen else []
        if best and all(
            theirs.pointing.choices[place] and not theirs.pointing.choices[place] & chosen for theirs in best
        ):
            return " ".join(sorted(chosen))
    return ""


def _likest(own: _Statement, besides: frozenset[str], scored: Sequence[_Scored]) -> list[_Statement]:
    """Return the statements that share most with a sentence, some words aside, if that is enough and they deny what it denies."""
    most = max(len(alike - besides) for _, alike in scored)
    best = [(theirs, alike - besides) for theirs, alike in scored if len(alike - besides) == most]
    is_fit = all(
        theirs.pointing.is_denied == own.pointing.is_denied
        and own.figures <= theirs.figures
        and _is_enough(own, alike, besides)
        for theirs, alike in best
    )
    return [theirs for theirs, _ in best] if is_fit else []


def _opposed(own: _Statement, theirs: _Statement) -> int:
    """Return of how many pairs both name opposites: less of the one and lower, more and higher, are no contradiction."""
    return sum(a * b < 0 for a, b in zip(own.pointing.sides, theirs.pointing.sides, strict=True))


def _is_enough(own: _Statement, alike: frozenset[str], besides: frozenset[str]) -> bool:
    rest = {token.term for token in own.tokens} - besides
    return len(alike) >= max(min(_FEWEST_ALIKE, len(rest)), _LEAST_ALIKE * len(rest), 1)


def _said(tokens: Sequence[_Token]) -> str:
    return " ".join(token.surface for token in tokens)


@lru_cache(maxsize=8192)
def _statements(text: str) -> tuple[_Statement, ...]:
    found: dict[_Statement, None] = {}
    for sentence in sentences(text):
        pieces = polarity.clauses(sentence) if "|" not in sentence else (sentence,)
        found[_statement(sentence, is_clause=len(pieces) == 1)] = None
        found |= dict.fromkeys(_statement(piece, is_clause=True) for piece in pieces)
    return tuple(each for each in found if each.tokens)


@lru_cache(maxsize=8192)
def _statement(text: str, *, is_clause: bool) -> _Statement:
    every = words(text)
    found: list[_Token] = []
    for place, word in enumerate(every):
        if not word.term:
            continue
        before = every[place - 1].surface.casefold() if place else ""
        after = every[place + 1].surface.casefold() if place + 1 < len(every) else ""
        is_english = word.surface.isascii()
        slot = (
            _english_slot(word.surface.casefold(), before, after)
            if is_english
            else _korean_slot(word.surface, is_first=len(found) < 2)
        )
        found.append(_Token(word.surface, word.term, slot, place))
    figures = frozenset(round(each.size, 9) for each in quantities(text) if each.measure != WORD)
    return _Statement(text, tuple(found), every, is_clause, figures, polarity.pointing(text))


def _english_slot(word: str, before: str, after: str) -> str:
    if before in _VERB_BEFORE or word.endswith(("ing", "ed", "ly")) or word in _ADVERBS or word in IRREGULAR:
        return ""
    if before in _DETERMINERS:
        return "noun"
    if after in _DETERMINERS or not before:
        return ""
    if word.endswith("s") and not word.endswith("ss") and after not in _NO_VERB_BEHIND and before.isalpha():
        return ""
    return "noun"


def _korean_slot(word: str, *, is_first: bool) -> str:
    if word in _ADVERBS:
        return ""
    bare = without_particle(word)
    if bare != word:
        particle = word[len(bare) :]
        is_verb = _KOREAN_VERB.search(bare) is not None and len(bare) > _NOUN_AT_MOST
        return "" if is_verb or (particle in {"은", "는"} and not is_first) else _PARTICLES.get(particle, "")
    return "" if _KOREAN_VERB.search(word) else "bare"


def _alike(own: _Statement, theirs: _Statement) -> frozenset[str]:
    """Return the terms of one that the other has too, by whatever name."""
    return said_by(own.every, theirs.every)


def _conflicts(
    own: _Statement, theirs: _Statement, alike: frozenset[str]
) -> Iterator[tuple[list[_Token], list[_Token]]]:
    said = _alike(theirs, own)
    mine = list(_runs(own, alike))
    yours = list(_runs(theirs, said))
    for one in mine:
        for other in yours:
            is_counted = _is_counted(own, one) or _is_counted(
                theirs, other
            )  # figures are compared by themselves
            if not is_counted and _is_slot(one, other) and _beside(own, theirs, one, other):
                yield one, other


def _runs(statement: _Statement, alike: frozenset[str]) -> Iterator[list[_Token]]:
    """Yield what stands side by side and is not in the other; a particle ends it."""
    run: list[_Token] = []
    for token in statement.tokens:
        if token.term in alike:
            continue
        if run and (
            token.place != run[-1].place + 1
            or run[-1].slot not in {"", "bare", "noun"}
            or _FIGURE.search(statement.every[run[-1].place].behind)
            or _STOP.search(statement.every[run[-1].place].behind)
        ):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _is_counted(statement: _Statement, run: Sequence[_Token]) -> bool:
    first = run[0].place
    behind = statement.every[first - 1].behind if first else statement.text.partition(run[0].surface)[0]
    return _FIGURE_AT_END.search(behind) is not None or bool(quantities(_said(run)))


def _is_slot(one: list[_Token], other: list[_Token]) -> bool:
    if len(one) > _LONGEST_RUN or len(other) > _LONGEST_RUN:
        return False
    if {token.term for token in (*one, *other)} & _GENERAL:
        return False
    return bool(one[-1].slot) and one[-1].slot == other[-1].slot


def _beside(own: _Statement, theirs: _Statement, one: list[_Token], other: list[_Token]) -> bool:
    left = _alike_context(_before(own, one[0].place), _before(theirs, other[0].place))
    right = _alike_context(_after(own, one[-1].place), _after(theirs, other[-1].place))
    return left + right >= _LEAST_BESIDE[one[-1].surface.isascii()]


def _before(statement: _Statement, place: int) -> Word | None:
    """Return the word or figure before a place; nothing at the beginning and behind a stop."""
    while place:
        word = statement.every[place - 1]
        if figure := _FIGURE.findall(word.behind):
            return Word(figure[-1], figure[-1])
        if _STOP.search(word.behind):
            return None
        if word.surface.casefold() not in _DETERMINERS:
            return word
        place -= 1
    figure = _FIGURE.findall(statement.text[: statement.text.find(statement.every[0].surface)])
    return Word(figure[-1], figure[-1]) if figure else None


def _after(statement: _Statement, place: int) -> Word | None:
    behind = statement.every[place].behind
    if figure := _FIGURE.search(behind):
        return Word(figure[0], figure[0])
    if _STOP.search(behind) or place + 1 == len(statement.every):
        return None
    word = statement.every[place + 1]
    return _after(statement, place + 1) if word.surface.casefold() in _DETERMINERS else word


def _alike_context(one: Word | None, other: Word | None) -> int:
    if one is None or other is None:
        return _SAME_EDGE if one is other else 0
    if one.term and other.term:
        return _SAME_WORD * is_same(one, other)
    if one.term or other.term:
        return 0
    return _SAME_LIGHT if one.surface.casefold() == other.surface.casefold() else _BOTH_LIGHT
