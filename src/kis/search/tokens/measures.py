"""Numbers with units, in one way of writing: 20A, 20 A and 20암페어 are one thing, and so are 1,500 mm and 1500mm."""

import re
from collections.abc import Iterator
from typing import Final

_UNITS: Final = {
    "a": "a amp amps ampere amperes 암페어 암페아 앰프 앰페어",
    "ma": "ma milliamp milliamps milliampere milliamperes 밀리암페어",
    "ka": "ka kiloamp kiloamps kiloampere kiloamperes 킬로암페어",
    "v": "v volt volts 볼트",
    "kv": "kv kilovolt kilovolts 킬로볼트",
    "w": "w watt watts 와트",
    "kw": "kw kilowatt kilowatts 킬로와트",
    "kva": "kva",
    "hz": "hz hertz 헤르츠",
    "mm": "mm millimetre millimetres millimeter millimeters 밀리미터 밀리 미리",
    "cm": "cm centimetre centimetres centimeter centimeters 센티미터 센티 센치",
    "m": "m metre metres meter meters 미터",
    "km": "km kilometre kilometres kilometer kilometers 킬로미터",
    "mm2": "mm2 sq sqmm 스퀘어 스케어 제곱밀리미터",
    "kg": "kg kilogram kilograms 킬로그램",
    "°c": "°c c degrees degree 도",
    "%": "% percent 퍼센트 프로",
    "p": "p pole poles 극",
    "h": "h hour hours 시간",
    "min": "min minute minutes 분",
    "s": "s sec second seconds 초",
    "d": "day days 일",
    "mo": "month months 개월 달",
    "y": "year years 년",
}
_UNIT_OF: Final = {name: unit for unit, names in _UNITS.items() for name in names.split()}
_NAMES: Final = "|".join(re.escape(name) for name in sorted(_UNIT_OF, key=len, reverse=True))
_THOUSANDS: Final = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_MEASURE: Final = re.compile(
    rf"(?<![\w.,-])(?P<number>\d{{1,9}}(?:\.\d{{1,6}})?)(?:[ -]?)(?P<unit>{_NAMES})(?![a-z0-9])"
)


def without_commas(folded: str) -> str:
    """Return a folded text with its numbers of four digits and more as one: 1,500 is 1500."""
    return _THOUSANDS.sub(lambda found: found[0].replace(",", ""), folded)


def measures(folded: str) -> Iterator[str]:
    """Yield the measures of a folded text in one way of writing: number and unit, nothing between them."""
    for found in _MEASURE.finditer(folded):
        number = found["number"]
        if "." in number:
            number = number.rstrip("0").rstrip(".")
        yield number + _UNIT_OF[found["unit"]]
