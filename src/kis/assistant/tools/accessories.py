"""What a list names besides breakers, as far as requests take it: meters, contactors, timers, surge protectors, push buttons, spare ways."""

import re
from dataclasses import dataclass
from typing import Final

_METER: Final = r"(?:전력량계|적산\s*전력계|계량기(?!\s*함)|kWh\s*(?:meters?|계)|(?:energy|electricity|watt[\s-]*hour)\s*meters?)"
_THREE: Final = r"(?:3|삼|three)[\s-]*(?:상|[φø∅]|phase)(?:\s*,?\s*[34]\s*(?:선식?|W))?"
_ONE: Final = r"(?:1|단|single)[\s-]*(?:상|[φø∅]|phase)(?:\s*,?\s*[23]\s*(?:선식?|W))?"
_CT: Final = r"(?<![A-Za-z])CT\s*(?:형|식|부|type)?"
_TIMER: Final = r"(?:타이머|타임\s*스위치|timers?|time\s*switch(?:es)?)"
_CONTACTOR: Final = r"(?:전자\s*접촉기|마그네[트틱](?:\s*(?:스위치|[컨콘]택[터트]))?|\b(?:magnetic\s*)?contactors?(?![A-Za-z]))"
_KINDS: Final = {
    "magnetic_contactor": rf"(?:{_CONTACTOR}[\s(]*)?(?<![A-Za-z\d])MC(?:\s*-\s*|\s*(?!\d+\s*(?:개|대|회로|조|ea|pcs)))(?P<size>\d{{1,3}})\s*[ab]?(?![A-Za-z\d])\)?"
    rf"|{_CONTACTOR}(?:\s*\(?MC\)?(?![A-Za-z\d-]))?|(?<![A-Za-z])MC(?![A-Za-z\d-])",
    "timer_24h": rf"24\s*-?\s*(?:시간|hours?|hrs?|h)\s*(?:형|식|용)?\s*{_TIMER}",
    "timer_sunset": rf"(?:일출)?\s*일몰\s*(?:형|식|용)?\s*{_TIMER}|\b(?:sunset|astronomical)(?:\s*(?:and|/)?\s*sunrise)?\s*{_TIMER}",
    "meter_ct": rf"(?:{_THREE}\s*)?{_CT}\s*(?:{_THREE}\s*)?{_METER}|{_METER}\s*\(?\s*{_CT}(?![A-Za-z])\)?",
    "meter_3ph": rf"{_THREE}\s*{_METER}|{_METER}\s*\(?\s*{_THREE}\)?",
    "meter_1ph": rf"{_ONE}\s*{_METER}|{_METER}\s*\(?\s*{_ONE}\)?",
    "push_button": r"(?:ON\s*OFF\s*)?(?:푸[시쉬]\s*버튼|누름\s*버튼|push[\s-]*buttons?)(?:\s*스위치)?",
    "spd": r"(?:서지\s*(?:보호기|보호\s*장치|흡수기|프로텍터)|surge\s*(?:protect\w*(?:\s+devices?)?|arresters?))(?:\s*\(?\s*SPDs?\s*\)?)?(?!\s*용)|(?<![A-Za-z])SPDs?(?![A-Za-z])(?!\s*용)",
    "va_meter": r"(?<![A-Za-z])VA\s*(?:메[타터]|미터|meters?)|전압\s*전류계|\bvolt[\s-]*amp(?:ere)?\s*meters?",
}
_ACCESSORY: Final = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in _KINDS.items()), re.IGNORECASE
)
SPARE_WAYS: Final = re.compile(
    r"(?:예비|스페이스)\s*(?:회로|분기)?\s*(\d{1,3})(?:\s*(?:개|회로|분기|ea(?![A-Za-z]))|\s*$)|(?<![\d.])(\d{1,3})\s*(?:spare\s*(?:ways?|spaces?|circuits?))"
    r"|spare\s*(?:ways?|spaces?|circuits?)\W*(?:x\s*)?(\d{1,3})(?!\d)",
    re.IGNORECASE,
)
_SLASHED: Final = (
    (re.compile(r"V\s*/\s*A(?=\s*(?:메[타터]|미터|meters?\b))", re.IGNORECASE), "VA"),
    (re.compile(r"(?<![A-Za-z])M\s*/\s*C(?![A-Za-z])", re.IGNORECASE), "MC"),
    (re.compile(r"(?<![A-Za-z])ON\s*/\s*OFF(?![A-Za-z])", re.IGNORECASE), "ON OFF"),
    (re.compile(r"일출\s*[/·,]\s*일몰"), "일출일몰"),
)
_NONE: Final = re.compile(
    r"없이|없는|없음|제외|빼고|말고|미포함|\b(?:without|no|not|except|excluding)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """So many accessories of one kind, as requests name it."""

    kind: str
    count: int = 1
    model: str | None = None


def together(text: str) -> str:
    """Return a text with the strokes taken out of names that are written with them, for a stroke divides entries."""
    for slashed, name in _SLASHED:
        text = slashed.sub(name, text)
    return text


def accessories_in(text: str) -> list[re.Match[str]]:
    """Return where accessories are named."""
    return list(_ACCESSORY.finditer(text))


def accessory_of(match: re.Match[str], count: int) -> Fitted:
    """Return what is named there."""
    size = match["size"]
    return Fitted(
        kind=match.lastgroup or "",
        count=count,
        model=None if size is None else f"MC-{size}",
    )


def is_denied(text: str) -> bool:
    """Tell whether what is named is said not to be there."""
    return _NONE.search(text) is not None
