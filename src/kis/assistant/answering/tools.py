"""What is answered by calculating instead of reading: the enclosure for a list of breakers. Fixed rules tell it from other questions; no model is asked.

The list is read as it is typed: ``ELB 2P 20A 12개, MCCB 3P 100A 메인``. What computes the enclosure, with the caller's own rights, is handed in.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from kis.assistant.answering.wording import normal

MOST_BREAKERS: Final = 200
MOST_LINES: Final = 40
_ASKS_ENCLOSURE: Final = re.compile(
    r"함|외함|분전반|박스|판넬|패널|크기|사이즈|\b(?:enclosure|box|cabinet|panel|size)\b", re.IGNORECASE
)
_KIND: Final = re.compile(
    r"(?<![A-Za-z])(ELB|ELCB|RCBO|MCCB|MCB)(?![A-Za-z])|(누전)|(배선용|차단기)", re.IGNORECASE
)
_POLES: Final = re.compile(r"(?<!\d)([1-4])\s*(?:P(?![A-Za-z])|극|poles?\b)", re.IGNORECASE)
_AMPERES: Final = re.compile(r"(?<!\d)(\d{1,4})\s*A(?![A-Za-z])", re.IGNORECASE)
_COUNT: Final = re.compile(r"(?<![\d.])(\d{1,3})\s*(?:개|대|ea\b|pcs\b|pieces?\b)|[x×]\s*(\d{1,3})\b|\b(\d{1,3})\s*[x×]", re.IGNORECASE)  # fmt: skip
_MAIN: Final = re.compile(r"메인|주\s*차단기|\bmain\b", re.IGNORECASE)
_LINE: Final = re.compile(r"[,;\n/]|\s(?:하고|그리고|와|과|and)\s|[.?!](?=\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakers:
    """So many breakers of one kind."""

    kind: Literal["ELB", "MCCB"]
    poles: int
    amperes: int
    count: int = 1
    is_main: bool = False


class Estimating(Protocol):
    """Works out enclosures for a caller, as far as the caller may."""

    async def enclosure(self, breakers: Sequence[Breakers]) -> str:
        """Return what enclosure holds these, in words. Raises Forbidden, BadInput."""
        ...


def breakers_of(text: str) -> tuple[Breakers, ...]:
    """Return the breakers that a question lists, if it asks for an enclosure; else none. A list that is too long is none."""
    text = normal(text)
    if not _ASKS_ENCLOSURE.search(text):
        return ()
    lines = [found for line in _LINE.split(text) if (found := _line(line)) is not None][: MOST_LINES + 1]
    is_too_much = len(lines) > MOST_LINES or sum(line.count for line in lines) > MOST_BREAKERS
    return () if is_too_much else tuple(lines)


async def calculated(text: str, estimating: Estimating) -> str | None:
    """Return the enclosure for the breakers that a question lists; None for any other question."""
    breakers = breakers_of(text)
    return await estimating.enclosure(breakers) if breakers else None


def _line(line: str) -> Breakers | None:
    """Read one entry; one without poles or amperes is none, for a guess would be a wrong box."""
    kind, poles, amperes = _KIND.search(line), _POLES.search(line), _AMPERES.search(line)
    if kind is None or poles is None or amperes is None:
        return None
    is_earth_leakage = (kind[1] or "").upper() in {"ELB", "ELCB", "RCBO"} or kind[2] is not None
    count = _COUNT.search(line)
    many = int(next(number for number in count.groups() if number)) if count else 1
    return Breakers(
        kind="ELB" if is_earth_leakage else "MCCB",
        poles=int(poles[1]),
        amperes=int(amperes[1]),
        count=many,
        is_main=_MAIN.search(line) is not None,
    )
