"""One entry of a list of breakers: ``LS ELB 2P 20A 30mA 12개``, ``MCCB 4P 225/200A 25kA 메인``.

Nothing is guessed: an entry that is not wholly understood, down to the last figure in it, is no entry that is read.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from kis.assistant.tools.accessories import (
    SPARE_WAYS,
    Fitted,
    accessories_in,
    accessory_of,
    is_denied,
)
from kis.assistant.tools.makers import (
    UNREADABLE,
    grade_of_all,
    grades_in,
    kind_of_series,
    maker_of_all,
    makers_in,
    model_in,
    without_series,
)
from kis.assistant.tools.networks import Network, Supplied, supplied

MOST_OF_ONE: Final = 99
"""Accessories of one kind, and spare ways: more fit into no request."""
MOST_POLES_OF_ONE_PHASE: Final = 2
EARTH_LEAKAGE: Final = (
    r"ELB|ELCB|RCBO|RCCB|RCD|GFCI|누전|earth[\s-]*leakage|residual[\s-]*current|ground[\s-]*fault"
)
KIND: Final = re.compile(
    rf"(?:(?<![A-Za-z])(?P<leakage>{EARTH_LEAKAGE})s?|(?<![A-Za-z])(?P<case>MCCB|MCB|NFB|mou?lded[\s-]*case)s?|(?P<wiring>배선용?(?=\s*차단기)|배선용|노퓨즈))(?![A-Za-z])(?:\s*(?:circuit\s*)?breakers?\b|\s*차단기)?"
    r"|(?P<plain>차단기(?!함)|\b(?:circuit\s*)?breakers?\b)",
    re.IGNORECASE,
)
POLES: Final = re.compile(
    r"(?<![\d.])([1-4])\s*-?\s*(?:P(?:\s*\d\s*E)?(?![A-Za-z])|극|poles?\b)", re.IGNORECASE
)
_FRAME: Final = re.compile(
    r"(?<![\d.])(\d{2,4})\s*(?:AF(?![A-Za-z])\s*/?|/\s*(?=\d{1,4}\s*AT?(?![A-Za-z])))"
    r"|(?<![A-Za-z\d])AF\s*(\d{2,4})(?![\d.])\s*/?",
    re.IGNORECASE,
)
_AMPERES: Final = re.compile(
    r"(?<![\d.])(\d{1,3}(?:,\d{3})|\d{1,4})\s*-?\s*(?:A(?:T|mps?|mperes?)?(?![A-Za-z])|암페어)|(?<![A-Za-z\d])AT\s*(\d{1,4})(?![\d.])",
    re.IGNORECASE,
)
_SENSITIVITY: Final = re.compile(r"(?<![\d.])(15|30)\s*mA\b", re.IGNORECASE)
_UNIT: Final = r"(?:개|대|조(?![가-힣])|ea\b|pcs\b|pieces?\b|sets?\b|회로|ways?\b|circuits?\b|nos?\b\.?)"
_COUNT: Final = re.compile(
    rf"(?<![\d.])(\d{{1,4}})\s*{_UNIT}(?:씩)?|(?<![A-Za-z])[x×*]\s*(\d{{1,4}})\b|\b(\d{{1,4}})\s*[x×*](?![A-Za-z])"
    rf"|(?<![\d.])\b(\d{{1,4}})\s+(?=(?:{EARTH_LEAKAGE}|MCCB|MCB|NFB|mou?lded|breakers?\b|circuit\s+breakers?\b|[1-4]\s*-?\s*(?:P(?![A-Za-z])|poles?\b)))",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(r"(?<![\d.])(\d{1,4})\s*$")
"""How many, where that stands right before the name: ``2 contactors``."""
MAIN: Final = re.compile(
    r"메인|주\s*(?=차단기)|(?<!상부)(?<!하부)(?<!상부\s)(?<!하부\s)인입|\b(?:main|incomer|incoming)\b",
    re.IGNORECASE,
)
_LAST_MAIN: Final = re.compile(rf"(?:{MAIN.pattern})\s*(?:용|은|는|:)?\s*$", re.IGNORECASE)
_FIGURE: Final = re.compile(r"\d")
_ALONE: Final = re.compile(r"\W*\d+\W*")
"""A figure of which nothing tells what it is: most likely how many there are of what stands before it."""
_SPELLED: Final = re.compile(
    r"(?<![가-힣])(?:두|둘|세|셋|서너|네|넷|대여섯|다섯|여섯|일곱|여덟|아홉|열[가-힣]{0,2}|스무|스물[가-힣]{0,2}|서른|[이삼사오]?십[가-힣]?|여러)\s*(?:개|대|회로)"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|\w+teen|twelve|twenty|thirty|dozen|couple|pair|several)\b(?![\s-]*(?:phase|pole|wire))",
    re.IGNORECASE,
)
"""How many, in words: not read, and never taken for one."""
_OTHER: Final = re.compile(
    r"타이머|타임\s*스위치|서지|전력량계|전[압류]계|계량기(?!\s*함)|마그네[트틱]|전자\s*(?:접촉기|개폐기)|릴레이|계전기|변압기|변류기|트랜스|인버터|콘센트|램프|콘덴서|리액터|기중|진공|(?:모터|전동기)\s*보호|직류"
    r"|퓨즈\s*홀더|단자대|덕트|셀렉터|선택\s*스위치|[캠컴]\s*스위치|푸[시쉬]\s*버튼|누름\s*버튼"
    r"|방폭|플라스틱|알루미늄|하이\s*박스"
    r"|예비|스페이스|여유|(?<![A-Za-z])(?:SPD|CT|PT|MC|ACB|VCB|ATS|CTTS|MMS|MPCB|EOCR|THR|PLC|SMPS|UPS|DC|VFD|FRP|ABS|PVC)s?(?![A-Za-z])"
    r"|\b(?:timer|surge|meter|contactor|relay|transformer|inverter|socket|outlet|lamp|capacitor|reactor|spare|spaces|fuse\s*holder|terminal\s*block|duct|selector|push[\s-]*button"
    r"|motor[\s-]*protect\w*|plastic|alumini?um|polycarbonate|explosion[\s-]*proof)s?\b",
    re.IGNORECASE,
)
"""What takes room in a box and is no breaker that is read here, and what a box is not worked out in."""
_SPARE: Final = re.compile(r"예비(?:용|\s*회로)?(?!\s*(?:포함|별도|제외|\d))|\bspare\b", re.IGNORECASE)
_THREE_PHASES: Final = re.compile(
    r"(?<!\d)(?:3|삼|\bthree)[\s-]*(?:상|[φø∅]|phase)(?![가-힣A-Za-z])", re.IGNORECASE
)
_ONE_PHASE: Final = re.compile(
    r"(?<!\d)(?:1|단|\bsingle)[\s-]*(?:상|[φø∅]|phase)(?![가-힣A-Za-z])", re.IGNORECASE
)
_ONE_VOLTAGE: Final = frozenset({"110", "220", "380"})
_TWO_VOLTAGES: Final = frozenset({"380/220", "220/380", "220/110", "110/220"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakers:
    """So many breakers of one kind."""

    kind: Literal["ELB", "MCCB"]
    poles: int
    amperes: int
    count: int = 1
    is_main: bool = False
    frame_af: int | None = None
    sensitivity_ma: int | None = None
    maker: str | None = None
    model: str | None = None
    grade: str | None = None
    breaking_ka: Decimal | None = None
    network: Network | None = None
    volts: str | None = None
    is_spare: bool = False
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """Breakers, and whether a word for the main one stands at their end: it may speak of what comes next."""

    breakers: Breakers
    ends_with_main: bool


@dataclass(frozen=True, slots=True)
class SpareWays:
    """Empty ways."""

    count: int


@dataclass(frozen=True, slots=True)
class ForAll:
    """What a piece of a list says of everything in it."""

    network: Network | None = None
    volts: str | None = None
    breaking_ka: Decimal | None = None
    maker: str | None = None
    grade: str | None = None


Piece = Entry | Fitted | SpareWays | ForAll | str | None
"""A piece of a list as it is read: as text where it is an entry but not understood, None where it is none."""


def piece_of(text: str, box: re.Pattern[str]) -> Piece:
    """Read one piece of a list; ``box`` finds words for the box itself, which may be counted."""
    said = supplied(text)
    entry = _entry(text, said)
    if entry is not None:
        return entry
    named = KIND.search(text)
    other: Piece = None
    if named is None:
        other = _accessory(text) or _spare_ways(text) or _for_all(text, said)
    elif named["plain"] and not said.is_said:
        other = _for_all(text, said)
    if other is not None:
        return other
    return text.strip() if _is_entry(text, said, box) else None


def _entry(text: str, said: Supplied) -> Entry | str | None:
    """Read breakers; None where kind, poles or rating is not there."""
    model, rest = model_in(said.rest)
    named = KIND.search(text)
    kind = _kind_of(named) or (model.kind if model else None) or kind_of_series(text)
    if kind is None and named is not None:
        kind = "MCCB"
    poles, amperes = POLES.search(rest), _AMPERES.search(rest)
    frame, sensitivity = _FRAME.search(rest), _SENSITIVITY.search(rest)
    known = rest
    for part in (POLES, _FRAME, _AMPERES, _SENSITIVITY):
        rest = part.sub(" ", rest, count=1)
    wires = said.network.wires if said.network else None
    pole_count = int(poles[1]) if poles else (model.poles if model else None) or wires
    if kind is None or pole_count is None or amperes is None:
        return None
    rest = (_THREE_PHASES if pole_count > MOST_POLES_OF_ONE_PHASE else _ONE_PHASE).sub(" ", rest, count=1)
    # Of ``20A*12`` the sign is seen only when the rating before it is gone.
    count = _COUNT.search(known) or _COUNT.search(rest)
    many = _number(count) if count else 1
    makers, grades = makers_in(text), grades_in(text)
    is_spare = _SPARE.search(rest) is not None
    words = _SPARE.sub(" ", without_series(rest))
    if (
        _is_else(words)
        or UNREADABLE.search(rest)
        or not many
        or _FIGURE.search(_COUNT.sub(" ", rest, count=1))
        or len(makers) > 1
        or (len(grades) > 1 and model is None)
        or (said.volts is not None and not _is_voltage(said.volts, pole_count, text))
        or is_denied(text)
    ):
        return text.strip()
    breakers = Breakers(
        kind="ELB" if kind == "ELB" else "MCCB",
        poles=pole_count,
        amperes=_number(amperes),
        count=many,
        is_main=MAIN.search(text) is not None,
        frame_af=_number(frame) if frame else None,
        sensitivity_ma=int(sensitivity[1]) if sensitivity else None,
        maker=makers[0] if makers else None,
        model=model.typed if model else None,
        grade=grades[0] if grades and model is None else None,
        breaking_ka=said.breaking_ka,
        network=said.network,
        volts=said.volts,
        is_spare=is_spare,
        typed=text.strip(),
    )
    return Entry(breakers, _LAST_MAIN.search(text) is not None)


def _kind_of(named: re.Match[str] | None) -> str | None:
    """Return the kind that is typed; None where only a breaker is spoken of."""
    if named is None or named["plain"]:
        return None
    return "ELB" if named["leakage"] else "MCCB"


def _is_voltage(volts: str, poles: int, text: str) -> bool:
    """Tell whether a breaker can be spoken of with these volts; two of them are those of a supply."""
    return volts in _ONE_VOLTAGE or (
        volts in _TWO_VOLTAGES and (poles > MOST_POLES_OF_ONE_PHASE or MAIN.search(text) is not None)
    )


def _accessory(text: str) -> Fitted | str | None:
    found = accessories_in(text)
    if not found:
        return None
    first = found[0]
    rest = f"{text[: first.start()]} {text[first.end() :]}"
    before = _BEFORE.search(text[: first.start()])
    count = _COUNT.search(rest) or before
    left = _COUNT.sub(" ", rest, count=1) if _COUNT.search(rest) else rest
    if before is not None and count is before:
        left = f"{text[: before.start()]} {text[first.end() :]}"
    many = _number(count) if count else 1
    is_wrong = (
        len(found) > 1
        or not 1 <= many <= MOST_OF_ONE
        or _FIGURE.search(left)
        or _is_else(left)
        or is_denied(text)
        or MAIN.search(text)
        or makers_in(text)
    )
    return text.strip() if is_wrong else accessory_of(first, many)


def _spare_ways(text: str) -> SpareWays | str | None:
    found = SPARE_WAYS.search(text)
    if found is None:
        return None
    rest = SPARE_WAYS.sub(" ", text, count=1)
    many = _number(found)
    if _FIGURE.search(rest) or _is_else(rest) or is_denied(text) or not 1 <= many <= MOST_OF_ONE:
        return text.strip()
    return SpareWays(many)


def _for_all(text: str, said: Supplied) -> ForAll | None:
    """Read what is said of the whole panel: its supply, the current it must break, one maker or grade for all."""
    if _FIGURE.search(said.rest) or _is_else(said.rest) or is_denied(text):
        return None
    maker, grade = maker_of_all(text), grade_of_all(text)
    if said.breaking_ka is not None and not said.is_ka_of_all:
        return None
    if not said.is_said and maker is None and grade is None:
        return None
    return ForAll(said.network, said.volts, said.breaking_ka, maker, grade)


def _is_entry(text: str, said: Supplied, box: re.Pattern[str]) -> bool:
    """Tell whether a piece that is not understood names something that belongs into the box."""
    count = _COUNT.search(text)
    is_counted = count is not None and (_number(count) != 1 or box.search(text) is None)
    return (
        said.is_said
        or POLES.search(text) is not None
        or _AMPERES.search(text) is not None
        or _ALONE.fullmatch(text) is not None
        or _is_known_model(text)
        or is_counted
        or _is_else(text)
    )


def _is_known_model(text: str) -> bool:
    model, _ = model_in(text)
    return model is not None and model.kind is not None


def _is_else(text: str) -> bool:
    return _OTHER.search(text) is not None or _SPELLED.search(text) is not None


def _number(match: re.Match[str]) -> int:
    return int(next(group for group in match.groups() if group).replace(",", ""))
