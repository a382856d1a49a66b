"""The clauses of a text with the place that each noun takes in them, so that two clauses can be laid beside each other.

An English noun is told by what stands before and behind it, a Korean one by its particle. What a clause leaves out because another one has it, its topic or its
verb, goes with it.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kis.assistant.answering.korean import without_particle
from kis.assistant.answering.quantities import WORD, codes, plain_code, quantities
from kis.assistant.answering.verifying import polarity
from kis.assistant.answering.verifying.synonyms import is_same, said_by
from kis.assistant.answering.wording import IRREGULAR, Word, sentences, terms, words

_LONGEST_RUN: Final = 3
"""Words side by side: of more, nobody can tell which stands for which."""
_LONGEST_LEAD: Final = 3
_SAME_WORD: Final = 4
_SAME_LIGHT: Final = 3
_SAME_EDGE: Final = 2
_BOTH_LIGHT: Final = 1
_LEAST_BESIDE: Final = {True: 5, False: 4}
"""How alike the neighbours of both must be, in English and in Korean, where the particle tells the place as well."""
_VERBS_FOLLOW: Final = (
    "to must may can cannot will would should shall not never do does did is are was were be been being has have had it they you he she "
    "which that who"
)
_NO_VERBS_PRECEDE: Final = "is are was were be been must may can will should shall has have of and or"
_BEFORE_NOUNS: Final = "the a an its their your this that these those any each every all both no"
_PREPOSITIONS: Final = frozenset(
    {
        "by",
        "of",
        "for",
        "from",
        "on",
        "at",
        "in",
        "with",
        "without",
        "before",
        "after",
        "when",
        "while",
        "and",
        "or",
        "as",
    }
)
_NO_NOUNS: Final = (
    "faster slower quicker longer shorter sooner later earlier more less instead rather itself themselves overnight again twice once about around almost nearly different another other same later latest but ten "
    "같은 다른 모든 어떤 각 그대로 바로 함께 서로 따로 오래 새로 스스로 자체 자체는 적어도 늦어도 번째"
)
_VERB_BEFORE: Final = frozenset(_VERBS_FOLLOW.split())
_NO_VERB_BEHIND: Final = frozenset(_NO_VERBS_PRECEDE.split())
_JOINING: Final = frozenset({"and", "or"})
_FIRST: Final = "first"
"""The slot of what begins a sentence: a noun, or the verb of an order."""
_DETERMINERS: Final = frozenset(_BEFORE_NOUNS.split())
_ADVERBS: Final = frozenset(_NO_NOUNS.split())
_GENERAL: Final = terms(
    "thing one ones piece item object spot gap device unit appliance equipment machine product person people someone user customer part place value number figure way "
    "type kind side mode program programme function setting state position case amount duration process step range "
    "기기 장치 제품 기계 본체 사람 사용자 부분 장소 값 숫자 상태 위치 모드 프로그램 기능 설정 종류 방식 것 곳 시간 주기 간격 횟수 양 수치 과정 단계 공간 작업 사용 원인 결과 이유 자리 크기 등급 "
    "뒤쪽 앞쪽 위쪽 아래쪽 안쪽 바깥쪽 위 아래 앞 뒤 옆 영하 직전 직후"
)
"""Nouns so general that they stand for others in a retelling."""
_SLOTS: Final = (
    ("core", "은 는 이 가 도 만 을 를"),
    ("place", "에 에서 에는 에서는 에만 에도 로 으로 로는 으로는 까지 부터 에게"),
    ("of", "의"),
    ("with", "와 과"),
    ("is", "이다 입니다"),
)
_PARTICLES: Final = {particle: slot for slot, particles in _SLOTS for particle in particles.split()}
_KOREAN_VERB: Final = re.compile(
    r"(?:다|요|오|까|면|고|며|서|지|게|도록|려|려면|거나|지만|니까|므로|어|아|여|해|야)$"
)
_PREDICATE: Final = re.compile(r"(?:다|요|오|까|면|고|며|서|니|지만|거나|는데)$")
_SHORT_VERB: Final = re.compile(
    r"(?:[다요오까며야]|(?<![옆뒷앞윗밑겉양화단측벽표정전후])면|(?<![최사경창재광참신출])고)$"
)
_NO_PARTICLE: Final = re.compile(
    r"(?:[온속습각용농밀강경정한빈감명]도|(?<![가-힣])[높길깊넓차사종]이|손잡이)$"
)
"""Nouns that end like a noun with a particle."""
_NO_NOUN_KO: Final = re.compile(r"(?:[았었였겠는은])지$|[다며]$")
"""What a particle may stand behind though it is a verb: 닫혔는지를."""
_KOREAN_MODIFIER: Final = re.compile(r"[한된인할될던은를을]$")
_NOUN_AT_MOST: Final = 2
"""Syllables up to which most of what ends like a verb may be a noun, like 정지."""
_NO_NOUN: Final = re.compile(r"(?<!e)(?<!^.)ed$|ly$")
_CODE: Final = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*\d)(?=[A-Za-z0-9-]*[A-Z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![A-Za-z0-9])"
)
_CODE_MARK: Final = "xq"
_LETTERS: Final = str.maketrans("0123456789", "bcdfghjklm")
"""Letters that no ending is cut from."""
_FIGURE: Final = re.compile(r"[A-Za-z-]*\d[\d.,]*")
_FIGURE_AT_END: Final = re.compile(r"\d\s?$")
_STOP: Final = re.compile(r"[,;:.|()\"'!?\u201c\u201d\u2018\u2019]")
_GOES_ON: Final = re.compile(r"\W*(?:it|its|they|their|this|these)\b", re.IGNORECASE)
_ONE: Final = re.compile(
    r"\b(?!no |any )(?:the|a|an) \w+ ones?\b|\b(?:larger|smaller|other) ones\b|\b(?:those|that) (?:of|for|with|in|on)\b",
    re.IGNORECASE,
)
_TOPIC: Final = re.compile(r"[가-힣][은는]$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word that carries meaning, with what tells its place in a sentence."""

    surface: str
    term: str
    slot: str
    """Of a noun what kind of place it takes; empty for what may be no noun."""
    place: int
    """Its place among all words, light ones too."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause, or a sentence of several."""

    text: str
    tokens: tuple[Token, ...]
    every: tuple[Word, ...]
    around: tuple[Word, ...]
    """What goes with it though it stands in another clause."""
    whole: tuple[Word, ...]
    """The words of the sentence that it is of."""
    is_single: bool
    figures: frozenset[float]
    pointing: polarity.Pointing

    @property
    def terms(self) -> frozenset[str]:
        """What stands for its words."""
        return frozenset(token.term for token in self.tokens)

    @property
    def lead(self) -> frozenset[str]:
        """What stands for what it is about, where it begins with that."""
        return frozenset(word.term for word in _lead(self.text) if word.term)

    def said_of(self, other: "Clause") -> frozenset[str]:
        """Return the terms of it that another clause says too, by whatever name."""
        return said_by(self.every, (*other.every, *other.around))


@lru_cache(maxsize=4096)
def placed(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a text, and the sentences that have several."""
    found: dict[Clause, None] = {}
    lead: tuple[Word, ...] = ()
    for sentence in sentences(text):
        pieces = polarity.clauses(sentence) if "|" not in sentence else (sentence,)
        if len(pieces) > 1:
            found[_clause(sentence, sentence, (), is_single=False)] = None
        own = _lead(pieces[0])
        taken = lead if _GOES_ON.match(sentence) else ()
        for place, piece in enumerate(pieces):
            is_led = place and not _lead(piece)
            around = (
                *taken,
                *(own if is_led else ()),
                *_verb_of(pieces, place),
                *_meant_by_one(pieces, place),
            )
            found[_clause(piece, sentence, around, is_single=True)] = None
        lead = own or lead
    return tuple(each for each in found if each.tokens)


def pairs(own: Clause, theirs: Clause) -> Iterator[tuple[list[Token], list[Token]]]:
    """Yield nouns of one clause that stand in the place of nouns of another that mean something else."""
    mine = list(_runs(own, own.said_of(theirs)))
    yours = list(_runs(theirs, theirs.said_of(own)))
    for one, other in itertools.product(mine, yours):
        is_counted = _is_counted(own, one) or _is_counted(theirs, other)  # figures are compared by themselves
        if is_counted or _are_of_one_side(one, other):
            continue
        if _is_slot(one, other) and _beside(own, theirs, one, other):
            yield one, other


def _lead(piece: str) -> tuple[Word, ...]:
    """Return what a sentence is about: its topic in Korean, the first noun in English."""
    every = words(piece)
    if re.search("[가-힣]", piece):
        for place, word in enumerate(every[: 2 * _LONGEST_LEAD]):
            if _TOPIC.search(word.surface):
                return every[: place + 1]
        return ()
    nouns = itertools.takewhile(lambda token: token.slot == "noun", _tokens(every))
    return tuple(Word(token.surface, token.term) for token in itertools.islice(nouns, _LONGEST_LEAD))


def _verb_of(pieces: Sequence[str], place: int) -> tuple[Word, ...]:
    """Return the verb that a Korean clause without one shares with the next: 냄비는 아래에, 잔은 위에 놓는다."""
    last = words(pieces[place])[-1:]
    if place + 1 == len(pieces) or not last or last[0].surface.isascii():
        return ()
    if _PREDICATE.search(last[0].surface) or not without_particle(last[0].surface):
        return ()
    return words(pieces[-1])[-1:]


def _meant_by_one(pieces: Sequence[str], place: int) -> tuple[Word, ...]:
    """Return the noun before that "one" stands for."""
    if not place or not _ONE.search(pieces[place]):
        return ()
    nouns = [token for token in _tokens(words(pieces[place - 1])) if token.slot == "noun"]
    return tuple(Word(token.surface, token.term) for token in nouns)


@lru_cache(maxsize=8192)
def without_digits(text: str) -> str:
    """Return a text with its codes as words, so that they take a place among words as nouns do."""
    return _CODE.sub(
        lambda match: _as_word(match[0]) if plain_code(match[0]) in codes(text) else match[0], text
    )


def _as_word(code: str) -> str:
    return f"{_CODE_MARK}{plain_code(code).translate(_LETTERS)}{_CODE_MARK}"


@lru_cache(maxsize=8192)
def _clause(text: str, sentence: str, around: tuple[Word, ...], *, is_single: bool) -> Clause:
    every = words(without_digits(text))
    figures = frozenset(round(each.size, 9) for each in quantities(text) if each.measure != WORD)
    return Clause(
        text,
        _tokens(every),
        every,
        around,
        words(without_digits(sentence)),
        is_single,
        figures,
        polarity.pointing(text),
    )


def _tokens(every: tuple[Word, ...]) -> tuple[Token, ...]:
    found: list[Token] = []
    for place, word in enumerate(every):
        if not word.term:
            continue
        before = every[place - 1].surface.casefold() if place else ""
        after = every[place + 1].surface.casefold() if place + 1 < len(every) else ""
        if word.surface.isascii():
            slot = _english_slot(word.surface.casefold(), before, after)
        else:
            is_denied = after[:1] in {"말", "않", "마", "못"}
            slot = "" if is_denied else _korean_slot(word.surface, is_first=len(found) < _NOUN_AT_MOST)
        found.append(Token(word.surface, word.term, slot, place))
    return tuple(found)


def _english_slot(word: str, before: str, after: str) -> str:
    is_code = word.startswith(_CODE_MARK)
    is_no_noun = before in _VERB_BEFORE or _NO_NOUN.search(word) or word in _ADVERBS or word in IRREGULAR
    if is_no_noun and not is_code:
        return ""
    if is_code or before in _DETERMINERS:
        return "noun"
    if not before:
        return "noun" if after in _NO_VERB_BEHIND else _FIRST
    is_verb = after in _DETERMINERS or (word.endswith("ing") and before in _PREPOSITIONS)
    is_third_person = word.endswith("s") and not word.endswith("ss") and after not in _NO_VERB_BEHIND
    return "" if is_verb or (is_third_person and before.isalpha()) else "noun"


def _korean_slot(word: str, *, is_first: bool) -> str:
    if word in _ADVERBS:
        return ""
    bare = word if _NO_PARTICLE.search(word) else without_particle(word)
    if bare != word:
        particle = word[len(bare) :]
        is_no_noun = _NO_NOUN_KO.search(bare) or (particle in {"은", "는"} and not is_first)
        return "" if is_no_noun else _PARTICLES.get(particle, "")
    ending = _KOREAN_VERB if len(bare) > _NOUN_AT_MOST else _SHORT_VERB
    return "" if ending.search(bare) or _KOREAN_MODIFIER.search(word) else "bare"


def _runs(clause: Clause, alike: frozenset[str]) -> Iterator[list[Token]]:
    """Yield what stands side by side and is not in the other; a particle, a figure and a stop end it."""
    run: list[Token] = []
    for token in clause.tokens:
        if token.term in alike:
            continue
        if run and _is_apart(clause, run[-1], token):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _is_apart(clause: Clause, one: Token, other: Token) -> bool:
    behind = clause.every[one.place].behind
    return bool(
        other.place != one.place + 1
        or one.slot not in {"", "bare", "noun"}
        or _FIGURE.search(behind)
        or _STOP.search(behind)
    )


def _is_counted(clause: Clause, run: Sequence[Token]) -> bool:
    first = run[0].place
    behind = clause.every[first - 1].behind if first else _head(clause, run[0].surface)
    return _FIGURE_AT_END.search(behind) is not None or bool(
        quantities(" ".join(token.surface for token in run))
    )


def _head(clause: Clause, first: str) -> str:
    """Return what stands before the first word."""
    return without_digits(clause.text).partition(first)[0]


def _are_of_one_side(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Tell whether both name the same of two opposites: far and distant."""
    sides = (polarity.pointing(" ".join(token.surface for token in run)).sides for run in (one, other))
    return any(a == b != 0 for a, b in zip(*sides, strict=True))


def _is_slot(one: list[Token], other: list[Token]) -> bool:
    if len(one) > _LONGEST_RUN or len(other) > _LONGEST_RUN:
        return False
    if {token.term for token in (*one, *other)} & _GENERAL:
        return False
    slots = {one[-1].slot, other[-1].slot}
    return slots == {_FIRST, "noun"} or (len(slots) == 1 and not slots & {"", _FIRST})


def _beside(own: Clause, theirs: Clause, one: list[Token], other: list[Token]) -> bool:
    if one[-1].slot == "bare" and not _has_noun_behind(own, one[-1]):
        return False  # an adverb
    left = _alike_context(_before(own, one[0].place), _before(theirs, other[0].place))
    right = _alike_context(_after(own, one[-1].place), _after(theirs, other[-1].place))
    if _FIRST in {one[-1].slot, other[-1].slot} and right < _SAME_WORD:
        return False
    if _TOPIC.search(one[-1].surface) and _TOPIC.search(other[-1].surface) and left:
        return True  # what each is about
    return left + right >= _LEAST_BESIDE[one[-1].surface.isascii()]


def _has_noun_behind(clause: Clause, token: Token) -> bool:
    behind = clause.every[token.place + 1 : token.place + 2]
    return bool(behind) and without_particle(behind[0].surface) != behind[0].surface


def _before(clause: Clause, place: int) -> Word | None:
    """Return the word or figure before a place; nothing at the beginning and behind a stop."""
    while place:
        word = clause.every[place - 1]
        if figure := _FIGURE.findall(word.behind):
            return Word(figure[-1], figure[-1])
        if _STOP.search(word.behind):
            return None
        if word.surface.casefold() in _JOINING and place > 1:
            place -= 1  # of two that are joined the first one tells the place of both
        elif word.surface.casefold() not in _DETERMINERS:
            return word
        place -= 1
    figure = _FIGURE.findall(_head(clause, clause.every[0].surface))
    return Word(figure[-1], figure[-1]) if figure else None


def _after(clause: Clause, place: int) -> Word | None:
    behind = clause.every[place].behind
    if figure := _FIGURE.search(behind):
        return Word(figure[0], figure[0])
    if _STOP.search(behind) or place + 1 == len(clause.every):
        return None
    word = clause.every[place + 1]
    return _after(clause, place + 1) if word.surface.casefold() in _DETERMINERS else word


def _alike_context(one: Word | None, other: Word | None) -> int:
    if one is None or other is None:
        return _SAME_EDGE if one is other else 0
    if one.term and other.term:
        return _SAME_WORD * is_same(one, other)
    if one.term or other.term:
        return 0
    return _SAME_LIGHT if one.surface.casefold() == other.surface.casefold() else _BOTH_LIGHT
