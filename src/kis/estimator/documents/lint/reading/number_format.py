"""What a cell shows: numbers and days under their format (ECMA-376 part 1, 18.8.31), as far as quotations use them."""

import re
from datetime import date, timedelta
from typing import Final

IN_WORDS: Final = re.compile(r"\[DBNum\d\]", re.IGNORECASE)
"""A number written out in the words of its language; which words, only the reader's program knows."""

_LITERAL: Final = re.compile(r'"([^"]*)"|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|\\(.)|_.|\*.')
"""What a format says besides figures: words, currency, colours, escaped letters, blanks."""
_DATE_PARTS: Final = re.compile(r'"([^"]*)"|\[[^\]]*\]|\\(.)|(y+|m+|d+)', re.IGNORECASE)
_DATE: Final = re.compile(r"y{2,4}", re.IGNORECASE)
_FIRST_DAY: Final = date(1899, 12, 30)
"""Day 0 of a workbook's calendar, for days after February 1900."""
_LAST_DAY: Final = 2_958_465
"""31 December 9999."""
MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def bare(code: str) -> str:
    """Return a format without its words: figures, separators, signs."""
    return _LITERAL.sub("", code)


def says_words(code: str) -> bool:
    """Tell whether a format adds words, a currency or a percent sign to its number."""
    return (
        any((found[1] or found[2] or found[3] or "").strip() for found in _LITERAL.finditer(code))
        or "%" in code
    )


def day_of(number: float, code: str) -> date | None:
    """Return the day that ``number`` is under a format of days, None under another."""
    if not _DATE.search(bare(code)) or not 0 < number <= _LAST_DAY:
        return None
    return _FIRST_DAY + timedelta(days=int(number))


def shown(number: float, code: str) -> str:
    """Return a number as its cell shows it; nothing where the format writes it out in words."""
    if IN_WORDS.search(code):
        return ""
    day = day_of(number, code)
    if day is not None:
        return _DATE_PARTS.sub(lambda part: _date_part(part, day), code.partition(";")[0])
    sections = code.split(";")
    negative = number < 0 and len(sections) > 1
    section = sections[1] if negative else sections[0]
    figures = re.search(r"[#0?][#0?,. ]*%?", bare(section))
    if figures is None:
        return f"{number:.10g}" if section in ("General", "@", "") else ""
    text = _figures(abs(number), figures[0].strip())
    before, after = _around(section)
    sign = "-" if number < 0 and not negative else ""
    return f"{sign}{before}{text}{after}"


def _figures(number: float, code: str) -> str:
    fraction = code.rstrip("%").partition(".")[2]
    text = f"{number * (100 if '%' in code else 1):{',' if ',' in code else ''}.{len(fraction)}f}"
    for _ in range(len(fraction) - fraction.count("0")):
        text = text.removesuffix("0")
    return text.removesuffix(".") + ("%" if "%" in code else "")


def _around(section: str) -> tuple[str, str]:
    """Return the words of a format before and after its figures, signs and brackets among them."""
    said: list[tuple[int, str]] = []
    plain = section
    for found in _LITERAL.finditer(section):
        said.append((found.start(), found[1] or found[2] or found[3] or ""))
        plain = plain[: found.start()] + "\x00" * (found.end() - found.start()) + plain[found.end() :]
    first = min((index for index, letter in enumerate(plain) if letter in "#0?"), default=len(plain))
    said += [(index, letter) for index, letter in enumerate(plain) if letter in "-+() "]
    said.sort()
    before = "".join(words for index, words in said if index < first)
    return before, "".join(words for index, words in said if index > first)


def _date_part(part: re.Match[str], day: date) -> str:
    code = (part[3] or "").lower()
    if code.startswith("y"):
        return f"{day.year:04d}" if len(code) > 2 else f"{day.year % 100:02d}"
    if code.startswith("m"):
        name = MONTHS[day.month - 1]
        return name if len(code) > 3 else name[:3] if len(code) == 3 else f"{day.month:0{len(code)}d}"
    if code.startswith("d"):
        return f"{day.day:0{min(len(code), 2)}d}"
    return part[1] or part[2] or ""
