"""A passage cut into the smallest statements, and a sentence held against the one that speaks of the same.

A true sentence in other words keeps the hard facts of the statement that it retells: numbers, codes, labels, colours, sides. A wrong one has, in the place of one
of them, another, often from the next statement. So for each kind of fact of the sentence the statements that say something else in its place are compared with
those that say the same: where the former share more of everything else, the fact has been exchanged.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from kis.assistant.answering.quantities import WORD, codes, quantities
from kis.assistant.answering.verifying import polarity
from kis.assistant.answering.verifying.cells import cell_of_another, cell_of_numbered
from kis.assistant.answering.verifying.placing import placed
from kis.assistant.answering.wording import expanded, normal, sentences, terms, terms_in_order

_LEAD: Final = 1
"""So many words at the head of a sentence are taken for what all its statements speak of."""
_SHORT: Final = 3
"""A statement of so few words takes over words of the one beside it: 280 mA on the Q24."""
_PAIR: Final = 2
_CODE_WEIGHT: Final = 2
_LEAST_SHARED: Final = 2
"""So much must a statement share before what it says in a fact's place counts."""
_PREDICATE: Final = re.compile(r"(?:다|고|며|면|서|지만|으나|는데|거나|요|오|니|되|까)[.!?]?$")
_LABEL: Final = re.compile(
    r"(?i:\b(?:class|type|size|grade|group|zone|category|terminal|level|phase|channel|slot|step|position|mode) )([A-Z]|[IVX]+|\d+)\b|"
    r"(?<![A-Za-z0-9.'°\-])(?:[B-HJ-Z]|A(?=[ -]?(?:등급|급|형|종|상|단자|와|과|는|은|를|을)))(?![A-Za-z0-9'°²³.\-])|(?<![A-Za-z])([IVX]{1,4})(?=급|형|종)"
)
_ENGLISH_VERB: Final = re.compile(
    r"\b(?:it|they|he|she|is|are|was|were|has|have|must|may|can|will|does|do|shall|should)\b", re.IGNORECASE
)
_GOES_ON: Final = re.compile(
    r"\s*(?:it|its|they|their|this|these|those|he|she|if it|when it|after that|then)\b", re.IGNORECASE
)
"""What a sentence begins with that speaks of what the one before it named."""
_KOREAN_TOPIC: Final = re.compile(r"([가-힣]+ )?([가-힣]{2,}[은는])(?= )")
_TOPIC: Final = re.compile(r"[가-힣](?:은|는|이|가)\s")
_COUNTED_EN: Final = re.compile(
    r"(?<![\w.])(single|one|two|three|four|five|six|seven|eight|nine|ten|twelve|[1-9]\d?) ((?:[A-Z]{1,2}\d+ )?[a-z]{3,})(?![\w:])",
    re.IGNORECASE,
)
_COUNTED_KO: Final = re.compile(
    r"([가-힣]{2,}) (한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|\d{1,2}) ?(?=개|곳|대|명|장|줄|군데)"
)
_ONE: Final = re.compile(
    r"\b(?:the|a|an) \w+ ones?\b|\b(?:those|that) (?:of|for|with)\b|\b\w+er ones?\b", re.IGNORECASE
)
"""What stands for a noun of the clause before."""
_FIGURE_BEFORE: Final = re.compile(r"\d\s?$")
_ORDINALS: Final = (
    (re.compile(r"\bfirst\b|첫|처음", re.IGNORECASE), "1"),
    (re.compile(r"\bsecond\b(?! ?[,.]|s\b)|두 ?번째|둘째", re.IGNORECASE), "2"),
    (re.compile(r"\bthird\b|세 ?번째|셋째", re.IGNORECASE), "3"),
    (re.compile(r"\bfourth\b|네 ?번째|넷째", re.IGNORECASE), "4"),
)
_CHANGE: Final = re.compile(
    r"\bfrom\b(?P<en>.{1,30}?)\b(?:to|into)\b|(?P<ko>[가-힣]+)에서(?= [가-힣]+(?:으로|로) )", re.IGNORECASE
)
"""What something was before it changed: what it is then stands behind."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is said of one kind, with the words that say it."""

    values: frozenset[object]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Statement:
    """The smallest part of a text that says something."""

    text: str
    words: frozenset[str]
    taken: frozenset[str]
    """Words of what stands beside it that go with it."""
    facts: Mapping[str, Fact]
    pointing: polarity.Pointing
    taken_codes: frozenset[str] = frozenset()
    row: frozenset[str] = frozenset()
    """Words of the head of a table's row."""
    cell: tuple[frozenset[str], frozenset[str]] | None = None
    """Of a cell without figures: the words of the head of its column and its own."""


@lru_cache(maxsize=1024)
def statements(text: str) -> tuple[Statement, ...]:
    """Return the statements of a passage: the parts of its sentences, and each cell of its tables with the heads of its row and column."""
    found: list[Statement] = []
    heads: list[str] = []
    for line in text.split("\n"):
        if "|" in line:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(heads) == len(cells):
                found += [
                    _cell(cells[0], head, cell) for head, cell in zip(heads[1:], cells[1:], strict=True)
                ]
            else:
                heads = cells
        else:
            heads = []
            before: frozenset[str] = frozenset()
            for sentence in sentences(line):
                found += _parted(sentence, before if _goes_on(sentence) else frozenset())
                before = frozenset(terms_in_order(sentence)[:_LEAD])
    return tuple(found)


def _cell(row: str, head: str, text: str) -> Statement:
    statement = replace(_statement(f"{row} {head}: {text}"), row=terms(row))
    if not terms(head) or re.search(r"\d", text):
        return statement
    return replace(statement, cell=(terms(head), terms(text) or frozenset({text})))


@lru_cache(maxsize=4096)
def said(sentence: str) -> Statement:
    """Return a sentence as one statement."""
    return _statement(sentence)


def shared(own: Statement, other: Statement, kind: str = "") -> float:
    """Return how much two statements share, that of one kind left out."""
    words = own.words - own.facts[kind].words if kind in own.facts else own.words
    direct = words & expanded(other.words)
    taken = (words - direct) & expanded(other.taken)
    facts = sum(
        len(fact.values & other.facts[each].values) * (_CODE_WEIGHT if each == "code" else 1)
        for each, fact in own.facts.items()
        if each != kind and each in other.facts and each.startswith(("code", "measure", "label", "count"))
    )
    if kind != "code" and "code" in own.facts:
        facts += len(own.facts["code"].values & other.taken_codes)
    is_of_row = bool(other.row) and other.row <= own.words
    return len(direct) + len(taken) / 2 + facts + is_of_row


def exchanged(sentence: str, passage: str) -> str:
    """Return the fact of a sentence in whose place the passage says another; nothing where there is none."""
    known = statements(passage)
    if pair := _mispaired(sentence, passage):
        return pair
    if modifier := _swapped_modifier(said(sentence), known):
        return modifier
    if cell := (
        _swapped_cell(said(sentence), known)
        or cell_of_another(sentence, passage)
        or cell_of_numbered(sentence, passage)
    ):
        return cell
    parts = [said(sentence), *(said(each) for each in polarity.clauses(sentence))]
    for own in dict.fromkeys(part.text for part in parts):
        for kind, fact in said(own).facts.items():
            if _is_exchanged(said(own), kind, fact, known) and not (
                kind.startswith("measure") and _are_at_home(own, passage)
            ):
                return f"{kind} {' '.join(sorted(str(value) for value in fact.values))}"
    return ""


def _are_at_home(sentence: str, passage: str) -> bool:
    """Tell whether the clauses of a passage that are most like those of a sentence have their figures, and figures are all they could exchange."""
    for own in placed(sentence):
        if not own.is_single or not own.figures:
            continue
        alike = [
            (own.said_of(each), own.figures <= each.figures) for each in placed(passage) if each.is_single
        ]
        home = max((said for said, has in alike if has), key=len, default=frozenset())
        rest = max((said for said, has in alike if not has), key=len, default=frozenset())
        if len(home) <= len(rest) or own.lead & rest - home:
            return False
    return True


_UNIT_WORDS: Final = "day week month year degree volt watt metre gram kilogram bar 해 달 년 주일 three four five six seven eight nine ten"
"""Words that name a unit or a number, and so nothing that the number is said of."""
_BARE: Final = "measure "
_BARE_MARGIN: Final = 1
"""So much more must stand beside another bare number than beside the same: without its unit it may count anything."""


def _is_exchanged(own: Statement, kind: str, fact: Fact, known: tuple[Statement, ...]) -> bool:
    if _is_kept(own, kind, known):
        return False
    same, other, is_torn = 0.0, 0.0, False
    for each in known:
        theirs = each.facts.get(kind)
        if theirs is None:
            continue
        is_alike = own.pointing.is_denied == each.pointing.is_denied
        if not is_alike and kind.startswith(("side", "choice")):
            continue
        if kind.startswith("side") and polarity.opposed(own.text, each.text) > 1:
            continue
        if theirs.values <= fact.values or fact.values <= theirs.values:
            same = max(same, shared(own, each, kind) + len(theirs.values & fact.values))
        elif is_alike:
            is_torn = is_torn or bool(theirs.values & fact.values)
            other = max(other, shared(own, each, kind) + 1)
    if same:
        return other > same + _BARE_MARGIN * (kind == _BARE) and other > _LEAST_SHARED
    if kind.startswith(("measure", "code")):
        return is_torn and kind.startswith("measure")
    rest = len(own.words - fact.words)
    return other - 1 >= max(min(_LEAST_SHARED, rest), rest / 2, 1)


def _is_kept(own: Statement, kind: str, known: tuple[Statement, ...]) -> bool:
    """Tell whether a passage surely has a fact of a sentence as the sentence has it."""
    if kind.startswith("side"):
        return _has_both_sides(own, known)
    return kind.startswith("measure") and _is_bounded_alike(own.text, kind, known)


def _has_both_sides(own: Statement, known: tuple[Statement, ...]) -> bool:
    """Tell whether a statement has all the opposites that a sentence names with two words: the light ones on top."""
    places = [place for place, side in enumerate(own.pointing.sides) if side]
    begins = {begin for group, begin, _, _ in polarity.opposites_in(own.text) if group in places}
    return len(begins) >= _PAIR and any(
        all(each.pointing.sides[place] == own.pointing.sides[place] for place in places) for each in known
    )


def _is_bounded_alike(text: str, kind: str, known: tuple[Statement, ...]) -> bool:
    """Tell whether a sentence bounds its figure as the passage bounds the same, and all others of the kind on the other side."""
    measure = kind.removeprefix(_BARE)
    own = [each for each in quantities(text) if each.measure == measure]
    if len(own) != 1 or own[0].bound is None:
        return False
    theirs = [each for part in known for each in quantities(part.text) if each.measure == measure]
    same = [each.bound for each in theirs if each.is_same(own[0])]
    others = [each.bound for each in theirs if not each.is_same(own[0])]
    return own[0].bound in same and bool(others) and own[0].bound not in others and None not in others


def _mispaired(sentence: str, passage: str) -> str:
    """Return two figures of a sentence that a list of pairs pairs otherwise: 1단 30 °C부터 7단 60 °C까지."""
    own = _in_measures(sentence)
    if len(own) != _PAIR or any(len(sizes) != 1 for sizes in own.values()):
        return ""
    for theirs in map(_in_measures, sentences(passage)):
        places = [theirs[each].index(own[each][0]) for each in own if own[each][0] in theirs.get(each, ())]
        if len(places) == _PAIR and len({len(theirs[each]) for each in own}) == 1:
            return "" if places[0] == places[1] else f"{own}"
    return ""


def _in_measures(text: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    if "|" not in text:
        for quantity in quantities(text):
            if quantity.measure not in {WORD, ""}:
                found.setdefault(quantity.measure, []).append(quantity.size)
    return found


def _swapped_modifier(own: Statement, known: tuple[Statement, ...]) -> str:
    """Return the word of a sentence in whose place, before the same noun, the passage has another: the middle rack for the lower rack."""
    paired = {pair for each in known for pair in itertools.pairwise(terms_in_order(each.text))}
    for modifier, head in itertools.pairwise(terms_in_order(own.text)):
        if (modifier, head) not in paired:
            continue
        rest = replace(own, words=own.words - {modifier})
        same = [shared(rest, each) for each in known if modifier in each.words | each.taken]
        other = [
            shared(rest, each)
            for each in known
            if _has_other_modifier(each, head, own.words)
            and modifier not in each.words | each.taken
            and own.pointing.is_denied == each.pointing.is_denied
        ]
        if other and max(other) > max(same) and max(other) >= _LEAST_SHARED:
            return modifier
    return ""


def _has_other_modifier(statement: Statement, head: str, own: frozenset[str]) -> bool:
    before = {one for one, two in itertools.pairwise(terms_in_order(statement.text)) if two == head}
    return bool(before) and not before & own


def _swapped_cell(own: Statement, known: tuple[Statement, ...]) -> str:
    """Return the cell that a sentence takes from another row of a table."""
    words = expanded(own.words)
    cells = [(each, *each.cell) for each in known if each.cell and each.cell[0] <= words]
    for named, head, text in cells:
        if not text <= own.words:
            continue
        rest = replace(own, words=own.words - text)
        same = [shared(rest, each) for each, column, other in cells if column == head and other == text]
        others = [
            shared(rest, each) for each, column, other in cells if column == head and not other <= own.words
        ]
        if others and max(others) > max(same) and not _is_of_its_row(own, known):
            return named.text
    return ""


def _is_of_its_row(own: Statement, known: tuple[Statement, ...]) -> bool:
    """Tell whether a sentence names a row of a table in full, and a cell of it."""
    words = expanded(own.words)
    return any(
        each.cell and len(each.row) > 1 and each.row <= words and each.cell[1] <= words for each in known
    )


def _parted(sentence: str, before: frozenset[str]) -> Iterator[Statement]:
    pieces = polarity.clauses(sentence)
    lead = frozenset(terms_in_order(sentence)[:_LEAD])
    first: frozenset[str] = frozenset()
    for place, piece in enumerate(pieces):
        taken = lead if place and not _KOREAN_TOPIC.match(piece) else before
        if topic := _KOREAN_TOPIC.findall(piece):
            lead = terms(" ".join(topic[-1]))
        if place + 1 < len(pieces) and _is_korean(piece) and not _PREDICATE.search(piece.strip()):
            taken |= terms(_behind_figures(pieces[-1]))
        elif place and (_has_no_verb(piece) or _ONE.search(piece)):
            taken |= terms(pieces[place - 1])
        own = frozenset() if codes(piece) else first
        first = codes(piece) or first
        yield replace(_statement(piece, taken - terms(piece)), taken_codes=own)


def _goes_on(sentence: str) -> bool:
    return not _TOPIC.search(sentence) if _is_korean(sentence) else _GOES_ON.match(sentence) is not None


def _has_no_verb(piece: str) -> bool:
    return (
        not _is_korean(piece)
        and bool(quantities(piece))
        and len(terms(piece)) <= _SHORT
        and not _ENGLISH_VERB.search(piece)
    )


def _is_korean(text: str) -> bool:
    return re.search("[가-힣]", text) is not None


def _behind_figures(text: str) -> str:
    return re.split(r"\d", text)[-1]


@lru_cache(maxsize=8192)
def _statement(text: str, more: frozenset[str] = frozenset()) -> Statement:
    facts = {kind: fact for kind, fact in _facts(normal(text)) if fact.values}
    return Statement(text, terms(text), more, facts, polarity.pointing(text))


def _facts(text: str) -> Iterator[tuple[str, Fact]]:
    none: frozenset[str] = frozenset()
    yield "code", Fact(frozenset(codes(text)), none)
    yield "label", Fact(frozenset(_labels(text)), none)
    sizes: dict[str, set[object]] = {}
    for quantity in quantities(text):
        if quantity.measure not in {WORD, ""}:
            sizes.setdefault(quantity.measure, set()).add(round(quantity.size, 12))
        elif quantity.measure == "":
            sizes.setdefault("", set()).add(quantity.number)
    for measure, values in sizes.items():
        yield f"measure {measure}", Fact(frozenset(values), terms(_UNIT_WORDS) if measure else none)
    yield (
        "ordinal",
        Fact(
            frozenset(name for pattern, name in _ORDINALS if pattern.search(text)),
            terms("first second third 첫 처음 번째 둘째"),
        ),
    )
    for thing, count in _counts(text):
        yield f"count {thing}", Fact(frozenset({count}), none)
    changed = _CHANGE.sub(" ", text)
    pointing = polarity.pointing(changed)
    for place, side in enumerate(pointing.sides[: polarity.PLAIN_PAIRS]):
        if side:
            yield f"side {place}", Fact(frozenset({side}), polarity.words_of_side(place, changed))
    for place, chosen in enumerate(pointing.choices):
        yield f"choice {place}", Fact(frozenset(chosen), terms(" ".join(polarity.named(place, changed))))


def _labels(text: str) -> Iterator[str]:
    for match in _LABEL.finditer(text):
        if not _FIGURE_BEFORE.search(text[: match.start()]):
            yield (match[1] or match[2] or match[0]).upper()


def _counts(text: str) -> Iterator[tuple[str, float]]:
    """Find how many there are of what: two taps, 아이볼트 네 개."""
    for match in _COUNTED_EN.finditer(text):
        if any(each.measure not in {"", WORD} for each in quantities(match[0])):
            continue
        for quantity in quantities(match[1]):
            if thing := terms_in_order(match[2])[-1:]:
                yield thing[0], quantity.number
    for match in _COUNTED_KO.finditer(text):
        for quantity in quantities(f"{match[2]} 개"):
            if thing := terms_in_order(match[1])[-1:]:
                yield thing[0], quantity.number
