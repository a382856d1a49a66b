"""Lists of breakers as people type them, in a question for the box that holds them: ``ELB 2P 20A 12개, MCCB 3P 100A 메인 함 사이즈?``.

Nothing is guessed: an entry that is not wholly understood, down to the last figure in it, is named as unread, for a box worked out without it would be
a wrong one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from kis.assistant.answering.wording import normal

MOST_BREAKERS: Final = 200
MOST_LINES: Final = 40
LONGEST_ENTRY: Final = 80
_KOREAN_BOX: Final = (
    r"(?:(?<![가-힣])(?:차단기|계량기|스테인리스|스틸|분전|배전|제어|전기|노출형?|매입형?|옥외|옥내|자립|외|철)*함체?"
    r"(?=\s*(?:크기|사이즈|규격|치수|선정|추천)|(?:은|이|을|의|에|에는|도|만|으로|로|는)?(?:$|[^가-힣]))"
    r"|분전반|배전반|판넬|패널|판널|박스|캐비[닛넷])"
)
_ENGLISH_BOX: Final = r"\b(?:enclosures?|box(?:es)?|cabinets?|panel\s*boards?|panels?|distribution\s+boards?|load\s*cent(?:er|re)s?|switchboards?)\b"
_KOREAN_SIZE: Final = r"(?:크기|사이즈|치수|규격|얼마나\s*[커큰크])"
_ENGLISH_SIZE: Final = r"\b(?:siz(?:es?|ed|ing)|dimensions?|how\s+(?:big|large|wide|tall|high|deep))\b"
_BOX: Final = re.compile(f"{_KOREAN_BOX}|{_ENGLISH_BOX}", re.IGNORECASE)
_SIZE: Final = re.compile(f"{_KOREAN_SIZE}|{_ENGLISH_SIZE}", re.IGNORECASE)
_LAST_BOX: Final = re.compile(rf"(?:{_KOREAN_BOX}(?:은|는)?|{_ENGLISH_BOX})\s*[?.!]*\s*$", re.IGNORECASE)
_ASKS_BOX: Final = re.compile(
    rf"{_KOREAN_BOX}(?:은|는|의|이|을)?\s*{_KOREAN_SIZE}|{_KOREAN_BOX}(?:은|는)(?![가-힣])"
    rf"|(?:어떤|어느|무슨|맞는|맞을|알맞은|적당한|적합한|필요한|들어가는|들어갈|담을|넣을|수용할|수용하는)\s*{_KOREAN_BOX}"
    rf"|{_KOREAN_BOX}(?:은|는|이|을|를|으로)?\s*(?:뭐|무엇|뭘|어떤|어느|추천|골라|고르|선정|계산|구해|필요|몇)"
    rf"|{_ENGLISH_SIZE}(?:\s+(?:of|is|does|must|should|do|i|need|the|an?|my|this|that|metal|steel|outdoor|indoor))*\s+{_ENGLISH_BOX}"
    rf"|{_ENGLISH_BOX}\s+{_ENGLISH_SIZE}"
    rf"|\b(?:which|what|suitable|right|smallest|recommend(?:ed)?|suggest|need|pick|choose|select|calculate|compute|work\s+out)\s+(?:\w+\s+){{0,2}}{_ENGLISH_BOX}"
    rf"|{_ENGLISH_BOX}\s+(?:for|to\s+(?:hold|house|fit)|that\s+(?:holds|houses|fits|suits))\b",
    re.IGNORECASE,
)
_ELSE: Final = re.compile(
    r"전선|케이블|단자|나사|볼트|너트|퓨즈|부스\s*바|타공|포장|차이|비교|교체|교환|고장|트립|떨어지|떨어져|내려가|결선|배선\s*(?:방법|도)|왜|이유|어떻게(?!\s*[되돼됩됨된])|"
    r"설치\s*(?:방법|간격|거리)|무게|중량|가격|단가|차단\s*용량|전압|수명|인증"
    r"|\b(?:wires?|wiring|cables?|screws?|bolts?|terminals?|fuses?|bus\s*bars?|lugs?|packag(?:e|ing)|carton|differences?|compare|versus|replac\w+|trips?|tripp\w+|why|"
    r"how\s+(?:do|does|can|should|to|often|long|heavy|much)|install\w*|weigh\w*|price|cost|voltage|breaking\s+capacity|lifetime|certif\w+|torque|cut-?outs?|knockouts?)\b",
    re.IGNORECASE,
)
"""What is asked about besides the box: then its manual, or the knowledge base, has the answer."""
_EARTH_LEAKAGE: Final = (
    r"ELB|ELCB|RCBO|RCCB|RCD|GFCI|누전|earth[\s-]*leakage|residual[\s-]*current|ground[\s-]*fault"
)
_KIND: Final = re.compile(
    rf"(?:(?<![A-Za-z])(?P<leakage>{_EARTH_LEAKAGE})s?|(?<![A-Za-z])(?P<case>MCCB|MCB|mou?lded[\s-]*case)s?|(?P<wiring>배선용))(?![A-Za-z])(?:\s*(?:circuit\s*)?breakers?\b|\s*차단기)?"
    r"|(?P<plain>차단기(?!함)|\b(?:circuit\s*)?breakers?\b)",
    re.IGNORECASE,
)
_POLES: Final = re.compile(
    r"(?<![\d.])([1-4])\s*-?\s*(?:P(?:\s*\d\s*E)?(?![A-Za-z])|극|poles?\b)", re.IGNORECASE
)
_FRAME: Final = re.compile(
    r"(?<![\d.])(\d{2,4})\s*(?:AF(?![A-Za-z])\s*/?|/\s*(?=\d{1,4}\s*AT?(?![A-Za-z])))", re.IGNORECASE
)
_AMPERES: Final = re.compile(
    r"(?<![\d.])(\d{1,3}(?:,\d{3})|\d{1,4})\s*-?\s*(?:A(?:T|mps?|mperes?)?(?![A-Za-z])|암페어)", re.IGNORECASE
)
_SENSITIVITY: Final = re.compile(r"(?<![\d.])(15|30)\s*mA\b", re.IGNORECASE)
_UNIT: Final = r"(?:개|대|ea\b|pcs\b|pieces?\b|회로|ways?\b|circuits?\b|nos?\b\.?)"
_COUNT: Final = re.compile(
    rf"(?<![\d.])(\d{{1,4}})\s*{_UNIT}(?:씩)?|(?<![A-Za-z])[x×*]\s*(\d{{1,4}})\b|\b(\d{{1,4}})\s*[x×*](?![A-Za-z])"
    rf"|(?<![\d.])\b(\d{{1,4}})\s+(?=(?:{_EARTH_LEAKAGE}|MCCB|MCB|mou?lded|breakers?\b|circuit\s+breakers?\b|[1-4]\s*-?\s*(?:P(?![A-Za-z])|poles?\b)))",
    re.IGNORECASE,
)
_MAIN: Final = re.compile(r"메인|주\s*(?=차단기)|인입|\b(?:main|incomer|incoming)\b", re.IGNORECASE)
_LAST_MAIN: Final = re.compile(rf"(?:{_MAIN.pattern})\s*(?:용|은|는|:)?\s*$", re.IGNORECASE)
_BETWEEN: Final = re.compile(
    r"(?<!\d),|,(?!\d{3}(?!\d))|[;\n:+&·]|(?<![\dF])/|(?<=\d)/(?!\s*\d{1,4}\s*AT?(?![A-Za-z]))"
    r"|(?:(?<=\s)|(?<=[개대PA극]))(?:하고|그리고|이랑|랑|와|과|및|and|with|plus)(?=\s)|[.?!](?=\s|$)",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(r"\d")
_ALONE: Final = re.compile(r"\W*\d+\W*")
"""A figure of which nothing tells what it is: most likely how many there are of what stands before it."""
_NUMBERING: Final = re.compile(r"^[ \t]*\d{1,2}[.)]\s", re.MULTILINE)
_SPELLED: Final = re.compile(
    r"(?<![가-힣])(?:두|둘|세|셋|서너|네|넷|대여섯|다섯|여섯|일곱|여덟|아홉|열[가-힣]{0,2}|스무|스물[가-힣]{0,2}|서른|[이삼사오]?십[가-힣]?|여러)\s*(?:개|대|회로)"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|\w+teen|twelve|twenty|thirty|dozen|couple|pair|several)\b(?![\s-]*(?:phase|pole|wire))",
    re.IGNORECASE,
)
"""How many, in words: not read, and never taken for one."""
_OTHER: Final = re.compile(
    r"타이머|서지|전력량계|계량기(?!\s*함)|마그네트|전자\s*(?:접촉기|개폐기)|릴레이|변압기|변류기|트랜스|인버터|콘센트|램프|콘덴서|리액터|기중|진공|(?:모터|전동기)\s*보호|직류"
    r"|방폭|플라스틱|알루미늄|하이\s*박스"
    r"|예비|스페이스|여유|(?<![A-Za-z])(?:SPD|CT|ACB|VCB|ATS|MMS|MPCB|PLC|SMPS|UPS|DC|VFD|FRP|ABS|PVC)s?(?![A-Za-z])"
    r"|\b(?:timer|surge|meter|contactor|relay|transformer|inverter|socket|outlet|lamp|capacitor|reactor|spare|spaces|motor[\s-]*protect\w*|plastic|alumini?um|polycarbonate|explosion[\s-]*proof)s?\b",
    re.IGNORECASE,
)
"""What takes room in a box and is no breaker that is read here, and what a box is not worked out in."""
_IP: Final = re.compile(r"\bIP\s?-?(\d\d)(?!\d)", re.IGNORECASE)
_STAINLESS: Final = re.compile(r"스테?인레?리?스|스텐|\bSUS(?:\s?201)?\b|\bstainless\b", re.IGNORECASE)
_MOUNTINGS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (mounting, re.compile(words, re.IGNORECASE))
    for mounting, words in (
        ("outdoor_standing", r"옥외\s*자립|자립형?\s*옥외|outdoor\s+(?:floor|free)?-?\s*standing"),
        ("indoor_standing", r"자립|\b(?:floor|free)?-?\s*standing\b"),
        ("recessed", r"매입|\b(?:recessed|flush)\b"),
        ("outdoor_surface", r"옥외|\boutdoors?\b"),
    )
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The breakers that a question for an enclosure lists."""

    breakers: tuple[Breakers, ...] = ()
    unread: tuple[str, ...] = ()
    """Entries that are not wholly understood, as they were typed."""
    mounting: str | None = None
    """As requests name it; None where nothing is said."""
    is_stainless: bool = False
    ip: str | None = None

    @property
    def is_too_long(self) -> bool:
        """Tell whether more is listed than one box is worked out for."""
        lines = len(self.breakers) + len(self.unread)
        return lines > MOST_LINES or sum(each.count for each in self.breakers) > MOST_BREAKERS


def listing_of(text: str) -> Listing | None:
    """Return the breakers that a question lists, if it asks for the box that holds them; None for any other question."""
    text = normal(text)
    if not (_BOX.search(text) or _SIZE.search(text)) or _ELSE.search(text):
        return None
    read, unread = _entries(_IP.sub(" ", _STAINLESS.sub(" ", _NUMBERING.sub("", text))))
    if not read and not any(_KIND.search(entry) for entry in unread):
        return None
    if not (_ASKS_BOX.search(text) or (_is_panel(read) and (_SIZE.search(text) or _LAST_BOX.search(text)))):
        return None
    ip = _IP.search(text)
    return Listing(
        breakers=tuple(read),
        unread=tuple(entry[:LONGEST_ENTRY] for entry in unread),
        mounting=next((name for name, words in _MOUNTINGS if words.search(text)), None),
        is_stainless=_STAINLESS.search(text) is not None,
        ip=ip[1] if ip else None,
    )


def _is_panel(read: Sequence[Breakers]) -> bool:
    """Tell whether a whole panel is listed. The size that is asked for is then that of its box, with fewer it may be a breaker's own."""
    return len(read) > 1 and any(entry.is_main for entry in read)


def _entries(text: str) -> tuple[list[Breakers], list[str]]:
    read: list[Breakers] = []
    unread: list[str] = []
    for part in _BETWEEN.split(text):
        found = [_entry(piece) for piece in _pieces(part)]
        read += _with_main([each for each in found if isinstance(each, _Read)])
        unread += [each for each in found if isinstance(each, str)]
    return read, unread


@dataclass(frozen=True, slots=True)
class _Read:
    breakers: Breakers
    ends_with_main: bool


def _entry(piece: str) -> _Read | str | None:
    """Read one entry: as text where it is one but not understood, None where it is none."""
    kind, poles, amperes = _KIND.search(piece), _POLES.search(piece), _AMPERES.search(piece)
    frame, sensitivity = _FRAME.search(piece), _SENSITIVITY.search(piece)
    rest = piece
    for part in (_POLES, _FRAME, _AMPERES, _SENSITIVITY):
        rest = part.sub(" ", rest, count=1)
    # Of ``20A*12`` the sign is seen only when the rating before it is gone.
    count = _COUNT.search(piece) or _COUNT.search(rest)
    many = int(next(number for number in count.groups() if number)) if count else 1
    is_else = _OTHER.search(piece) is not None or _SPELLED.search(piece) is not None
    if kind is None or poles is None or amperes is None:
        has_figures = poles is not None or amperes is not None or _ALONE.fullmatch(piece) is not None
        is_counted = count is not None and (many != 1 or _BOX.search(piece) is None)
        return piece.strip() if has_figures or is_counted or is_else else None
    if is_else or not many or _FIGURE.search(_COUNT.sub(" ", rest, count=1)):
        return piece.strip()
    breakers = Breakers(
        kind="ELB" if kind["leakage"] else "MCCB",
        poles=int(poles[1]),
        amperes=int(amperes[1].replace(",", "")),
        count=many,
        is_main=_MAIN.search(piece) is not None,
        frame_af=int(frame[1]) if frame else None,
        sensitivity_ma=int(sensitivity[1]) if sensitivity else None,
    )
    return _Read(breakers, _LAST_MAIN.search(piece) is not None)


def _pieces(part: str) -> Iterator[str]:
    """Yield the entries that stand side by side without anything between: each begins like the first, with its kind or its poles."""
    poles, kinds = list(_POLES.finditer(part)), list(_KIND.finditer(part))
    if len(poles) < 2 or not kinds:
        yield part
        return
    starts = kinds if kinds[0].start() < poles[0].start() else poles
    cuts = [0, *(start.start() for start in starts[1:]), len(part)]
    for first, end in pairwise(cuts):
        yield part[first:end]


def _with_main(read: Sequence[_Read]) -> list[Breakers]:
    """Settle which of two neighbours a main between them speaks of: the larger one."""
    found = [each.breakers for each in read]
    for place, each in enumerate(read[:-1]):
        if each.ends_with_main and found[place + 1].amperes > found[place].amperes:
            found[place] = replace(found[place], is_main=False)
            found[place + 1] = replace(found[place + 1], is_main=True)
    return found
