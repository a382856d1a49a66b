"""Lists of breakers as people type them, in a question for the box that holds them: ``ELB 2P 20A 12개, MCCB 3P 100A 메인 함 사이즈?``.

What is not understood is named as unread, for a box worked out without it would be a wrong one. What one entry says is read in ``entries.py``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from kis.assistant.answering.wording import normal
from kis.assistant.tools.accessories import Fitted, accessories_in, together
from kis.assistant.tools.entries import KIND, POLES, Breakers, Entry, ForAll, SpareWays, piece_of
from kis.assistant.tools.networks import Network, without_networks

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
    r"전선|케이블|단자(?!대)|단자대(?=의?\s*(?:크기|사이즈|규격|치수))|나사|볼트(?!\s*(?:전|분))(?<!\d볼트)(?<!\d\s볼트)|너트|(?<!노)퓨즈(?!\s*홀더)|부스\s*바|타공|포장|차이|비교|교체|교환|고장|트립|떨어지|떨어져|내려가|결선|배선\s*(?:방법|도)|왜|이유|어떻게(?!\s*[되돼됩됨된])|"
    r"설치\s*(?:방법|간격|거리)|무게|중량|가격|단가|차단\s*(?:용량|전류)(?!(?:은|는|이|가)?\s*:?\s*\d)|전압(?!계|\s*전류계|은?\s*:?\s*\d)|수명|인증"
    r"|\b(?:wires?|wiring|cables?|screws?|bolts?|terminals?(?!\s*blocks?)|fuses?(?!\s*holders?)|bus\s*bars?|lugs?|packag(?:e|ing)|carton|differences?|compare|versus|replac\w+|trips?|tripp\w+|why|"
    r"how\s+(?:do|does|can|should|to|often|long|heavy|much)|install\w*|weigh\w*|price|cost|voltage(?!\s*:?\s*\d)|breaking\s+capacity(?!\s*(?:of|is|:)?\s*\d)|lifetime|certif\w+|torque|cut-?outs?|knockouts?)\b",
    re.IGNORECASE,
)
"""What is asked about besides the box: then its manual, or the knowledge base, has the answer."""
_BETWEEN: Final = re.compile(
    r"(?<!\d),|,(?!\d{3}(?!\d))|[;\n:+&·]|(?<![\dF])/(?!\s*\d{2,4}\s*AF)|(?<=\d)/(?!\s*\d{1,4}\s*AT?(?![A-Za-z])|\s*AT\s*\d|\s*\d{3}\s*(?:V|볼트))"
    r"|(?:(?<=\s)|(?<=[개대PA극]))(?:하고|그리고|이랑|랑|와|과|및|and|with|plus)(?=\s)|[.?!](?=\s|$)",
    re.IGNORECASE,
)
_FRAME_AND_TRIP: Final = re.compile(
    r"(?<![\d./])(30|32|50|60|63|100|125|160|200|225|250|400|600|630|800|1000|1200|1600)\s*/\s*(\d{2,4})(?![\d./]|,\d|\s*[A-Za-z볼])(?=\s*(?:$|[^가-힣\s]|\s|메인|주))"
)
"""``100/75``: a frame and the rating in it, without a letter behind."""
_TWO_VOLTS: Final = re.compile(r"(?<![\d.])(\d{3})\s*V\s*/\s*(\d{3})\s*V", re.IGNORECASE)
_SEVERAL: Final = 2
_BLANKS: Final = re.compile(r"[^\S\n]+")
_NUMBERING: Final = re.compile(r"^[ \t]*\d{1,2}[.)]\s", re.MULTILINE)
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
class Listing:
    """The breakers that a question for an enclosure lists."""

    breakers: tuple[Breakers, ...] = ()
    unread: tuple[str, ...] = ()
    """Entries that are not wholly understood, as they were typed."""
    mounting: str | None = None
    """As requests name it; None where nothing is said."""
    is_stainless: bool = False
    ip: str | None = None
    accessories: tuple[Fitted, ...] = ()
    spare_ways: int = 0
    network: Network | None = None
    volts: str | None = None
    breaking_ka: Decimal | None = None
    """What every breaker must break."""
    maker: str | None = None
    grade: str | None = None

    @property
    def is_too_long(self) -> bool:
        """Tell whether more is listed than one box is worked out for."""
        lines = len(self.breakers) + len(self.accessories) + len(self.unread)
        pieces = sum(each.count for each in self.breakers) + sum(each.count for each in self.accessories)
        return lines > MOST_LINES or pieces + self.spare_ways > MOST_BREAKERS

    @property
    def makers(self) -> tuple[str, ...]:
        """Return the makers that are named, each once."""
        named = (self.maker, *(each.maker for each in self.breakers))
        return tuple(dict.fromkeys(each for each in named if each is not None))


def listing_of(text: str) -> Listing | None:
    """Return the breakers that a question lists, if it asks for the box that holds them; None for any other question."""
    text = _BLANKS.sub(" ", normal(text))
    if not (_BOX.search(text) or _SIZE.search(text)) or _ELSE.search(without_networks(text)):
        return None
    read = _Reading()
    read.all_of(_prepared(text))
    breakers, unread = read.breakers, read.unread
    if not breakers and not any(KIND.search(entry) for entry in unread):
        return None
    if not (
        _ASKS_BOX.search(text) or (_is_panel(breakers) and (_SIZE.search(text) or _LAST_BOX.search(text)))
    ):
        return None
    ip = _IP.search(text)
    return Listing(
        breakers=tuple(breakers),
        unread=tuple(entry[:LONGEST_ENTRY] for entry in unread),
        mounting=next((name for name, words in _MOUNTINGS if words.search(text)), None),
        is_stainless=_STAINLESS.search(text) is not None,
        ip=ip[1] if ip else None,
        accessories=tuple(read.accessories),
        spare_ways=sum(read.spare_ways),
        network=read.said.network,
        volts=read.said.volts,
        breaking_ka=read.said.breaking_ka,
        maker=read.said.maker,
        grade=read.said.grade,
    )


def _prepared(text: str) -> str:
    """Return a question as its entries can be told apart: what is said of the box itself, and strokes that divide nothing, are gone."""
    text = together(_IP.sub(" ", _STAINLESS.sub(" ", _NUMBERING.sub("", text))))
    return _FRAME_AND_TRIP.sub(_with_letters, _TWO_VOLTS.sub(r"\1/\2V", text))


def _with_letters(match: re.Match[str]) -> str:
    frame, trip = int(match[1]), int(match[2])
    return f"{frame}AF/{trip}A" if trip <= frame else match[0]


def _is_panel(read: Sequence[Breakers]) -> bool:
    """Tell whether a whole panel is listed. The size that is asked for is then that of its box, with fewer it may be a breaker's own."""
    return len(read) > 1 and any(entry.is_main for entry in read)


class _Reading:
    """What was read of a list so far."""

    def __init__(self) -> None:
        self.breakers: list[Breakers] = []
        self.accessories: list[Fitted] = []
        self.spare_ways: list[int] = []
        self.unread: list[str] = []
        self.said = ForAll()

    def all_of(self, text: str) -> None:
        """Read every entry of a list."""
        for part in _BETWEEN.split(text):
            entries: list[Entry] = []
            for piece in _pieces(part):
                found = piece_of(piece, _BOX)
                if isinstance(found, Entry):
                    entries.append(found)
                elif isinstance(found, ForAll):
                    self._take(found, piece)
                elif isinstance(found, Fitted):
                    self.accessories.append(found)
                elif isinstance(found, SpareWays):
                    self.spare_ways.append(found.count)
                elif found is not None:
                    self.unread.append(found)
            self.breakers += _with_main(entries)

    def _take(self, said: ForAll, piece: str) -> None:
        """Take what holds for everything; what contradicts what was said before is not understood."""
        for name in ("network", "volts", "breaking_ka", "maker", "grade"):
            new, old = getattr(said, name), getattr(self.said, name)
            if new is not None and old not in (None, new):
                self.unread.append(piece.strip())
                return
        given = {
            name: value
            for name in ("network", "volts", "breaking_ka", "maker", "grade")
            if (value := getattr(said, name)) is not None
        }
        self.said = replace(self.said, **given)


def _pieces(part: str) -> Iterator[str]:
    """Yield the entries that stand side by side without anything between: each begins like the first, with its kind or its poles, or names an accessory."""
    poles, kinds = list(POLES.finditer(part)), list(KIND.finditer(part))
    fitted = [match.start() for match in accessories_in(part)] if kinds else []
    if not kinds or (len(poles) < _SEVERAL and not fitted):
        yield part
        return
    starts = [
        match.start() for match in (kinds if not poles or kinds[0].start() < poles[0].start() else poles)
    ]
    first = 0 if fitted and fitted[0] < starts[0] else 1
    cuts = sorted({*starts[first:], *(start for start in fitted if start)} - {0})
    for begin, end in pairwise([0, *cuts, len(part)]):
        yield part[begin:end]


def _with_main(read: Sequence[Entry]) -> list[Breakers]:
    """Settle which of two neighbours a main between them speaks of: the larger one."""
    found = [each.breakers for each in read]
    for place, each in enumerate(read[:-1]):
        if each.ends_with_main and found[place + 1].amperes > found[place].amperes:
            found[place] = replace(found[place], is_main=False)
            found[place + 1] = replace(found[place + 1], is_main=True)
    return found
