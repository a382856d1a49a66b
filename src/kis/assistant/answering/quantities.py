"""Numbers with their units, codes and page numbers as a text says them, made comparable: 1.2 kA is 1200 A, and 30 mm or more is more than 30 mm."""

import itertools
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from kis.assistant.answering.wording import normal

_UNITS: Final[dict[str, tuple[str, float]]] = {
    **{name: ("m", size) for name, size in (("mm", 1e-3), ("cm", 1e-2), ("m", 1), ("km", 1e3), ("µm", 1e-6), ("inch", 0.0254), ("inches", 0.0254), ("ft", 0.3048), ("feet", 0.3048), ("kilometre", 1e3), ("kilometer", 1e3), ("킬로미터", 1e3), ("millimetre", 1e-3), ("millimeter", 1e-3), ("centimetre", 1e-2), ("centimeter", 1e-2), ("metre", 1), ("meter", 1), ("미터", 1), ("밀리미터", 1e-3), ("센티미터", 1e-2), ("센티", 1e-2))},
    **{name: ("A", size) for name, size in (("A", 1), ("mA", 1e-3), ("kA", 1e3), ("µA", 1e-6), ("amp", 1), ("ampere", 1), ("milliampere", 1e-3), ("암페어", 1), ("킬로암페어", 1e3), ("밀리암페어", 1e-3))},
    **{name: ("V", size) for name, size in (("V", 1), ("mV", 1e-3), ("kV", 1e3), ("volt", 1), ("볼트", 1), ("Vac", 1), ("Vdc", 1))},
    **{name: ("W", size) for name, size in (("W", 1), ("mW", 1e-3), ("kW", 1e3), ("MW", 1e6), ("watt", 1), ("kilowatt", 1e3), ("와트", 1), ("킬로와트", 1e3))},
    **{name: ("VA", size) for name, size in (("VA", 1), ("kVA", 1e3), ("MVA", 1e6))},
    **{name: ("J", size) for name, size in (("J", 1), ("kJ", 1e3), ("Wh", 3600), ("kWh", 3.6e6))},
    **{name: ("Hz", size) for name, size in (("Hz", 1), ("kHz", 1e3), ("MHz", 1e6), ("GHz", 1e9), ("hertz", 1), ("kilohertz", 1e3), ("헤르츠", 1))},
    **{name: ("s", size) for name, size in (("s", 1), ("sec", 1), ("second", 1), ("초", 1), ("ms", 1e-3), ("millisecond", 1e-3), ("밀리초", 1e-3), ("µs", 1e-6), ("min", 60), ("minute", 60), ("분", 60), ("h", 3600), ("hr", 3600), ("hour", 3600), ("시간", 3600), ("day", 86400), ("일", 86400), ("week", 604800), ("주", 604800), ("주일", 604800))},
    **{name: ("month", size) for name, size in (("month", 1), ("개월", 1), ("달", 1), ("year", 12), ("년", 12))},
    **dict.fromkeys(("°C", "℃", "degC", "도", "degrees Celsius"), ("°C", 1)),
    **dict.fromkeys(("°F", "℉"), ("°F", 1)),
    **dict.fromkeys(("K",), ("K", 1)),
    **dict.fromkeys(("°", "degree"), ("°", 1)),
    **{name: ("g", size) for name, size in (("mg", 1e-3), ("g", 1), ("kg", 1e3), ("t", 1e6), ("gram", 1), ("kilogram", 1e3), ("그램", 1), ("킬로그램", 1e3), ("킬로", 1e3), ("톤", 1e6))},
    **{name: ("N·m", size) for name, size in (("N·m", 1), ("Nm", 1), ("N.m", 1), ("N-m", 1), ("cN·m", 1e-2), ("newton metre", 1))},
    **{name: ("N", size) for name, size in (("N", 1), ("kN", 1e3))},
    **dict.fromkeys(("%", "percent", "per cent", "퍼센트", "프로"), ("%", 1)),
    **{name: ("Ω", size) for name, size in (("Ω", 1), ("kΩ", 1e3), ("MΩ", 1e6), ("GΩ", 1e9), ("mΩ", 1e-3), ("ohm", 1), ("kilohm", 1e3), ("megohm", 1e6), ("옴", 1), ("메가옴", 1e6))},
    **{name: ("m²", size) for name, size in (("mm²", 1e-6), ("mm2", 1e-6), ("cm²", 1e-4), ("cm2", 1e-4), ("m²", 1), ("m2", 1), ("제곱밀리미터", 1e-6), ("sq", 1e-6))},
    **{name: ("Pa", size) for name, size in (("Pa", 1), ("hPa", 100), ("kPa", 1e3), ("MPa", 1e6), ("bar", 1e5), ("mbar", 100))},
    **{name: ("l", size) for name, size in (("ml", 1e-3), ("mL", 1e-3), ("l", 1), ("L", 1), ("litre", 1), ("liter", 1), ("리터", 1))},
    **dict.fromkeys(("dB", "dBA", "decibel", "데시벨"), ("dB", 1)),
    **dict.fromkeys(("dBu",), ("dBu", 1)),
    **dict.fromkeys(("dBFS",), ("dBFS", 1)),
    **dict.fromkeys(("dBm",), ("dBm", 1)),
    **dict.fromkeys(("rpm", "r/min"), ("rpm", 1)),
    **dict.fromkeys(("lx", "lux", "럭스"), ("lx", 1)),
    **{name: ("W/m²", size) for name, size in (("mW/cm²", 10), ("W/m²", 1), ("kW/m²", 1e3))},
    **dict.fromkeys(("cal/cm²", "cal/cm2"), ("cal/cm²", 1)),
    **{name: ("B", size) for name, size in (("bytes", 1), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("기가바이트", 1e9))},
    **{name: ("bit", size) for name, size in (("bit", 1), ("비트", 1), ("kbit/s", 1e3), ("kbps", 1e3), ("Mbit/s", 1e6), ("Mbps", 1e6), ("Gbit/s", 1e9), ("Gbps", 1e9))},
    **dict.fromkeys(("px", "pixel", "픽셀"), ("px", 1)),
    **{name: ("F", size) for name, size in (("µF", 1e-6), ("nF", 1e-9), ("pF", 1e-12))},
    **{name: ("m/s", size) for name, size in (("m/s", 1), ("km/h", 1 / 3.6))},
    **dict.fromkeys(("P", "pole", "극"), ("pole", 1)),
    **dict.fromkeys(("sample", "샘플"), ("sample", 1)),
    **dict.fromkeys(("회", "번", "차례", "times"), ("times", 1)),
    **dict.fromkeys(("배", "fold"), ("fold", 1)),
    **dict.fromkeys(("단", "단계"), ("level", 1)),
    **dict.fromkeys(("세", "years old"), ("age", 1)),
    **{name: ("l/h", size) for name, size in (("l/h", 1), ("L/h", 1), ("litres per hour", 1), ("liters per hour", 1), ("l/min", 60), ("L/min", 60), ("litres per minute", 60))},
    **{name: ("l", size) for name, size in (("µL", 1e-6), ("µl", 1e-6), ("cl", 1e-2), ("dl", 1e-1))},
}  # fmt: skip
"""Each unit by its names: what it measures, and how much of that."""
_PLURAL: Final = ("second", "minute", "hour", "day", "week", "month", "year", "degree", "volt", "amp", "ampere", "watt", "metre", "meter", "millimetre", "millimeter", "gram", "kilogram", "litre", "liter", "ohm", "pole", "pixel", "sample", "centimetre", "centimeter", "kilometre", "kilometer", "millisecond", "kilowatt", "bit", "decibel")  # fmt: skip
_NAMES: Final = {
    normal(name): unit for name, unit in {**_UNITS, **{f"{name}s": _UNITS[name] for name in _PLURAL}}.items()
}
_UNIT: Final = "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_QUANTITY: Final = re.compile(
    rf"(?<![\w.])(?P<sign>[-−–+±]?)(?P<number>{_NUMBER})(?:(?:\s?|-)(?P<unit>{_UNIT})(?P<per>/(?:s|h|min|kg|m²|m2|m3|m³|l|L|day|year|분|초|시간|일))?(?![A-Za-z²³]))?"
)
_JOINED: Final = re.compile(r"\s*(?:[-–−~×x/,]|to|and|or|에서|내지|및|와|과|또는)\s*")
_RANGE: Final = re.compile(r"\s*(?:to|에서|부터)\s*")
"""What stands between the two ends of a range: from 5 to 180 is 5 at least."""
_CODE: Final = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){2,}(?![0-9A-Za-z]|\.\d)|(?<![\w.])0x[0-9A-Fa-f]+\b|"
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9\-/.]*[A-Za-z])(?=[A-Za-z0-9\-/.]*(?:\d|[A-Z]-[A-Z]))[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*"
)
_PAGE: Final = re.compile(
    r"(?:\bpages?|\bp\.|\bpp\.)\s*(\d+)(?:\s*(?:-|–|to|and)\s*(\d+))?|(?<![\d.])(\d+)\s*(?:쪽|페이지)",
    re.IGNORECASE,
)
_ONES: Final = {
    name: number
    for number, name in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1)
}
_TEENS: Final = {
    name: number
    for number, name in enumerate(
        ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"), 13
    )
}
_TENS: Final = {name: 10 * number for number, name in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)}  # fmt: skip
_WORDS_EN: Final = {f"{ten}-{name}": size + number for name, number in _ONES.items() for ten, size in _TENS.items()} | _TEENS | _TENS | {name: number for number, name in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"))} | {"hundred": 100, "twice": 2, "half": 0.5, "thrice": 3, "single": 1, "dozen": 12}  # fmt: skip
_WORDS_KO: Final = {"한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "석": 3, "넉": 4, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "열두": 12, "서른": 30, "스무": 20}  # fmt: skip
_WORD_EN: Final = re.compile(
    rf"\b({'|'.join(_WORDS_EN)})\b(?:(?:\s|-)(?P<unit>{_UNIT})(?![A-Za-z²³]))?", re.IGNORECASE
)
_WORD_KO: Final = re.compile(
    r"(?<![가-힣])(열두|다섯|여섯|일곱|여덟|아홉|서른|스무|한|두|세|석|넉|네|열)\s?(?=번|개|곳|상|극|가지|대|명|시간|달|단|배|선|줄|쪽|종|사람|칸|차례|번째|해|주|분|초|일|년)|(?<![가-힣])(하나|둘|셋|넷)(?=[를을가이로의만 ]|$)"
)
_SPELLED: Final = (
    (re.compile(r"\bthree quarters of an hour\b", re.IGNORECASE), "45 min"),
    (re.compile(r"\b(?:a )?quarter of an hour\b", re.IGNORECASE), "15 min"),
    (re.compile(r"\bhalf an hour\b|\bhalf-hour\b|반 ?시간", re.IGNORECASE), "30 min"),
    (re.compile(r"\b(?:an?|every|each) hour\b", re.IGNORECASE), "1 h"),
    (
        re.compile(r"\b(?<=within )a week\b|\b(?<=after )a week\b|\b(?<=for )a week\b", re.IGNORECASE),
        "1 week",
    ),
    (
        re.compile(
            r"\b(?<=within )a day\b|\b(?<=after )a day\b|\b(?<=for )a day\b|\ba day (?=ahead|before|earlier|later)",
            re.IGNORECASE,
        ),
        "1 day ",
    ),
    (re.compile(r"(?<![가-힣])일주일"), "1 week"),
    (re.compile(r"(?<![가-힣])하루(?! ?에)"), "1 day"),
    (re.compile(r"\ba minute\b", re.IGNORECASE), "1 min"),
    (re.compile(r"\ba second\b(?= (?:after|before|later|long))", re.IGNORECASE), "1 s"),
    (re.compile(r"\ba year\b", re.IGNORECASE), "1 year"),
    (re.compile(r"(?<![가-힣])반년"), "6 month"),
    (re.compile(r"\ba tenth\b", re.IGNORECASE), "0.1"),
    (re.compile(r"\ba fifth\b", re.IGNORECASE), "0.2"),
    (re.compile(r"\ba quarter\b", re.IGNORECASE), "0.25"),
    (re.compile(r"\ba third\b(?! \w+ (?:is|has|of))", re.IGNORECASE), "0.333"),
    (re.compile(r"시속 ?(\d[\d.]*) ?(?:km|킬로미터|킬로)"), r"\1 km/h"),
    (re.compile(r"(\d) ?(?:kilometres|kilometers|km) per hour", re.IGNORECASE), r"\1 km/h"),
    (re.compile(r"(?<=\d)만 (?=[가-힣])"), "0000"),
    (re.compile(r"(?<=\d)천 ?(?=[가-힣])"), "000"),
)
"""Figures in words."""
_BEHIND: Final = (
    (re.compile(r"^\s*(?:[번개명회대장곳]|차례)?(?:을|를)?\s*(?:넘기지|넘지|초과하지|넘어서는|초과해서는)"), "<="),
    (re.compile(r"^\s*(?:보다|에)?\s*(?:작지|적지|낮지|짧지|작게 하지|적게 하지|낮게 하지)\s?않"), ">="),
    (re.compile(r"^\s*(?:[가-힣]{1,2}|을|를)?\s*이상"), ">="),
    (re.compile(r"^\s*(?:on|onwards?)(?=[.,;]|$)|^\s*at the (?:very )?(?:earliest|shortest)|^\s*or later"), ">="),
    (re.compile(r"^\s*at the (?:very )?(?:latest|longest)|^\s*or (?:earlier|sooner)"), "<="),
    (re.compile(r"^\s*부터(?!.{0,12}까지)"), ">="),
    (re.compile(r"^\s*(?:[가-힣]{1,2} ?)?(?:이하|이내|까지|안(?:에|으로)|정도까지|or less|or fewer|or below|at most|at the most|or lower|or smaller|or shorter|maximum|max)"), "<="),
    (re.compile(r"^\s*(?:[번개명회대장곳]|차례)?(?:을|를|이|가)?\s*(?:초과|넘|위로|위(?=일|인|이면|라면)|보다\s?(?:크|큰|많|높|길|긴|무겁|무거|오래|멀|먼|굵|올라|세[고면]|센|강|뜨거|더우|더운|빠르|빠른|늦|두껍|두꺼|넓))"), ">"),
    (re.compile(r"^\s*(?:미만|아래|밑|보다\s?(?:작|적|낮|짧|가볍|가벼|가까|가는|내려|떨어|약하|약한|차가|차면|찬 |느리|느린|이르|얇|좁))"), "<"),
    (re.compile(r"^\s*(?:or more|or above|or higher|or longer|or larger|or thicker|or greater|at least|minimum|and above|upwards)"), ">="),
)  # fmt: skip
_BEFORE: Final = (
    (re.compile(r"(?:(?:not|never|cannot|without|n't)\s(?:\w+\s){0,2}?(?:exceed\w*|above|over|more than|longer than|greater than|higher than)|no (?:more|longer|greater|higher|later|further|larger|bigger) than|not (?:\w+ )?(?:more|longer|greater|higher|larger|bigger) than|at most|up to|within|maximum(?: of)?|max\.?|최대|늦어도|길어야|많아야|높아야|커야|기껏해야|at the latest(?: after)?|not later than|limited to|as much as|not older than)\s*(?:\w+ )?$", re.IGNORECASE), "<="),
    (re.compile(r"(?:no (?:less|fewer|shorter|lower|sooner|closer|nearer) than|(?:not|never) (?:be |fall |drop |go )?(?:below|under|less than|fewer than|closer than|nearer than|shorter than|smaller than|lower than)|at least|minimum(?: of)?|min\.?|최소(?:한)?|적어도|못해도|빨라도|이르면|짧아도|낮아도|at the earliest(?: after)?|(?:no|not) earlier than)\s*(?:\w+ )?$", re.IGNORECASE), ">="),
    (re.compile(r"\b(?:more than|over|above|exceed(?:s|ed|ing)?|longer than|greater than|higher than|larger than|beyond|older than|heavier than|faster than|later than|warmer than|hotter than|wider than|thicker than|further than|farther than|deeper than|taller than|stronger than)\s*(?:\w+ )?$", re.IGNORECASE), ">"),
    (re.compile(r"\b(?:less than|fewer than|below|under|shorter than|lower than|smaller than|closer than|nearer than|lighter than|slower than|colder than|cooler than|thinner than|earlier than|weaker than|narrower than)\s*(?:\w+ )?$", re.IGNORECASE), "<"),
    (re.compile(r">\s*$"), ">"),
    (re.compile(r"<\s*$"), "<"),
    (re.compile(r"≤\s*$"), "<="),
    (re.compile(r"≥\s*$"), ">="),
)  # fmt: skip


_OFTEN: Final = re.compile(r"^\s*(?:[가-힣]{1,2} ?)?(?:마다|에 (?:한|두|세|[1-9]) ?(?:번|회|차례))")
_OFTEN_BEFORE: Final = re.compile(r"\b(?:every|once in|once per)\s*$", re.IGNORECASE)
_COUNTED: Final = {"해": ("month", 12.0)}
"""What is only counted in words: 두 해."""
_TIMES: Final = dict.fromkeys(("twice", "thrice"), ("times", 1.0))
WORD: Final = "word"
"""What a number measures that is written as a word and has no unit."""


class Bound(StrEnum):
    """Which side of its number a quantity lies on."""

    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is said."""

    number: float
    """As it is written, without its unit."""
    size: float
    """In the unit that measures such things."""
    measure: str
    """What the unit measures; empty for a bare number."""
    bound: Bound | None = None

    def is_same(self, other: "Quantity") -> bool:
        """Tell whether both say the same amount of the same."""
        return self.measure == other.measure and abs(self.size - other.size) <= 1e-9 * max(abs(self.size), 1)


@lru_cache(maxsize=8192)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a text, those in codes and page numbers left out."""
    text = _spelled(_without(normal(text)))
    found = list(_QUANTITY.finditer(text))
    units = [match["unit"] for match in found]
    for place in range(len(found) - 2, -1, -1):  # 10 to 20 mm, 600 × 400 × 200 mm: the last tells the unit
        between = text[found[place].end() : found[place + 1].start("sign")]
        if (
            units[place] is None
            and units[place + 1]
            and _JOINED.fullmatch(between + found[place + 1]["sign"])
        ):
            units[place] = units[place + 1]
    read = [
        _quantity(match, unit, _bound(text, match.start(), match.end()))
        for match, unit in zip(found, units, strict=True)
    ]
    for place, (low, high) in enumerate(itertools.pairwise(read)):
        if (
            _RANGE.fullmatch(text[found[place].end() : found[place + 1].start("sign")])
            and low.size < high.size
        ):
            read[place] = replace(low, bound=low.bound or Bound.AT_LEAST)
            read[place + 1] = replace(read[place + 1], bound=high.bound or Bound.AT_MOST)
    return (*read, *_worded(text))


@lru_cache(maxsize=8192)
def codes(text: str) -> frozenset[str]:
    """Return the model codes of a text, without separators and in one case; what reads as a number with its unit is none."""
    return frozenset(plain_code(code) for code in _codes(normal(text)))


def plain_code(code: str) -> str:
    """Return a code without what separates its parts."""
    return re.sub(r"[^a-z0-9]", "", code.casefold())


def pages(text: str) -> frozenset[int]:
    """Return the pages that a text names."""
    return frozenset(
        int(number) for match in _PAGE.finditer(normal(text)) for number in match.groups() if number
    )


def names_unit(text: str, measure: str) -> bool:
    """Tell whether a unit of that measure stands by itself in a text, as in the head of a table."""
    return measure in _measures(text)


@lru_cache(maxsize=2048)
def _measures(text: str) -> frozenset[str]:
    words = re.findall(rf"(?:(?<=[\s(\[,/|])|^)({_UNIT})(?=[\s)\],|]|$)", normal(text))
    return frozenset(f"{_NAMES[word][0]}:{_NAMES[word][1]:g}" for word in words)


def measure_of(quantity: Quantity) -> str:
    """Return what names_unit takes for a quantity: what is measured and in which unit."""
    scale = quantity.size / quantity.number if quantity.number else 1.0
    return f"{quantity.measure}:{scale:g}"


def _without(text: str) -> str:
    text = _PAGE.sub(" ", text)
    for code in sorted(set(_codes(text)), key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(code)}(?![A-Za-z0-9])", " ", text)
    return text


def _spelled(text: str) -> str:
    """Return a text with the figures that are said in words of their own: half an hour is 30 minutes."""
    for pattern, figure in _SPELLED:
        text = pattern.sub(figure, text)
    return text


def _codes(text: str) -> list[str]:
    found = []
    for match in _CODE.finditer(text):
        code = match[0].strip("-/.")
        whole = _QUANTITY.match(text, match.start())
        is_measure = whole is not None and whole["unit"] and whole.end() >= match.start() + len(code)
        is_unit = code in _NAMES
        is_word = not re.search(r"\d", code) and not re.fullmatch(r"[A-Z]{1,6}(?:-[A-Z]{1,3})+", code)
        is_joined = re.fullmatch(rf"(?:{_NUMBER})(?:-[a-z]+)+", code) is not None  # 5-minute, 200-page
        is_address = code.startswith("0x") or re.fullmatch(r"[\d.]+", code) is not None
        is_times = not is_address and re.fullmatch(r"\d+(?:[x×]\d+)+[a-z]*", code) is not None
        is_ordinal = re.fullmatch(r"\d+(?:st|nd|rd|th)", code) is not None
        if not (
            is_measure or is_unit or is_word or is_joined or is_times or is_ordinal or _is_measures(code)
        ):
            found.append(code)
    return found


def _is_measures(code: str) -> bool:
    return re.fullmatch(rf"(?:{_NUMBER})(?:{_UNIT})?(?:[-/](?:{_NUMBER})(?:{_UNIT})?)+", code) is not None


def _quantity(match: re.Match[str], unit: str | None, bound: Bound | None) -> Quantity:
    number = float(match["number"].replace(",", ""))
    before = match.string[match.start() - 1] if match.start() else " "
    if match["sign"] in {"-", "−", "–"} and before in " (\n|":
        number = -number
    measure, size = _NAMES[unit] if unit else ("", 1.0)
    return Quantity(number, number * size, f"{measure}{match['per'] or ''}", bound)


def _bound(text: str, begin: int, end: int) -> Bound | None:
    if _OFTEN.search(text[end : end + 16]) or _OFTEN_BEFORE.search(text[:begin]):
        return None  # at least every six months is six months at most
    for pattern, bound in _BEHIND:
        if pattern.search(text[end : end + 24]):
            return Bound(bound)
    for pattern, bound in _BEFORE:
        if pattern.search(text[max(0, begin - 40) : begin]):
            return Bound(bound)
    return None


def _worded(text: str) -> list[Quantity]:
    read = [
        (
            _WORDS_EN[match[1].casefold()],
            _NAMES.get(match["unit"] or "", _TIMES.get(match[1].casefold())),
            _bound(text, match.start(), match.end()),
        )
        for match in _WORD_EN.finditer(text)
    ]
    for match in _WORD_KO.finditer(text):
        behind = text[match.end() :].split(" ", maxsplit=1)[0]
        read.append(
            (
                _WORDS_KO[match[1] or match[2]],
                _NAMES.get(behind[:2]) or _NAMES.get(behind[:1]) or _COUNTED.get(behind[:1]),
                _bound(text, match.start(), match.end()),
            )
        )
    return [
        Quantity(number, number * unit[1], unit[0], bound) if unit else Quantity(number, number, WORD, bound)
        for number, unit, bound in read
    ]
