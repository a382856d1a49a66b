"""Data sheets that KIS writes itself: one of each shipped part that something is known of, in Korean and then in English.

Their addresses are ``kis:datasheet/<kind>/<part>.pdf``. The same catalogue gives the same bytes. A data sheet is of one part, so that an answer from it is never
about another one; the parts of its series stand in a table of it.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kis.assistant.errors import ManualUnavailable
from kis.assistant.products.sheet_content import Part, half_of, has_facts, kind_of
from kis.assistant.things import Documentation, DocumentationType
from kis.catalog import Accessory, Breaker, Catalog, Enclosure, load_catalog, row_key
from kis.platform.messages import LOCALES, Message

if TYPE_CHECKING:
    import typst

MOST_AT_ONCE: Final = 2
"""Sheets that a process makes at a time; the compiler takes a processor and up to ten megabytes for each."""
PREFIX: Final = "kis:datasheet/"
_DAY: Final = datetime(2026, 11, 20, tzinfo=UTC)
"""Written into every sheet, so that its bytes tell of the catalogue and not of the day it was made."""


@dataclass(frozen=True, slots=True)
class _Shipped:
    """A shipped part with those of its series, itself among them."""

    part: Part
    family: Sequence[Part]


class DataSheets:
    """The data sheets as documents of the house; each is made when it is asked for, in threads of their own: whatever else threads do goes on beside it."""

    def __init__(self, make: Callable[[str], bytes] | None = None) -> None:
        self._make = make or sheet_pdf
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="datasheet")

    async def edition(self, url: str) -> str | None:
        """Return what is the same as long as a sheet is: the hash of all that it is made of. None where there is no such sheet."""
        return None if url not in shipped_sheets() else await asyncio.to_thread(_edition, url)

    async def content(self, url: str) -> bytes:
        """Return a data sheet as PDF. Raises ManualUnavailable where there is none at this address."""
        if url not in shipped_sheets():
            raise ManualUnavailable(Message("assistant_datasheets.none", {"url": url}))
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._make, url)


def sheet_url(kind: str, key: str) -> str:
    """Return the address of the data sheet of the part with this key, whether there is one or not."""
    return f"{PREFIX}{kind}/{re.sub(r'[^0-9a-z]+', '-', key.casefold()).strip('-')}.pdf"


def datasheet_of(kind: str, key: str) -> Documentation | None:
    """Return where the data sheet of a shipped part is; None where there is none."""
    url = sheet_url(kind, key)
    return Documentation(DocumentationType.PDF, url) if url in shipped_sheets() else None


@cache
def shipped_sheets() -> Mapping[str, _Shipped]:
    """Return the shipped parts that have a data sheet, by its address."""
    catalog = _catalog()
    families: dict[tuple[str, ...], list[Part]] = {}
    parts: list[Part] = [*catalog.breakers, *catalog.enclosures, *catalog.accessories]
    for part in parts:
        families.setdefault(_series(part), []).append(part)
    return {
        sheet_url(kind_of(part), row_key(part)): _Shipped(part, tuple(families[_series(part)]))
        for part in parts
        if has_facts(part)
    }


def sheet_pdf(url: str) -> bytes:
    """Return the data sheet at an address."""
    import typst

    source: Any = {"main.typ": _template(), "data.json": _data(url)}
    compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)
    made = compiler.compile(input=source, format="pdf", timestamp=_DAY)
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def sheet_of(part: Part, family: Sequence[Part]) -> dict[str, Any]:
    """Return what stands in the data sheet of a part."""
    return {
        # What a citation names, for readers of both languages.
        "title": Message("assistant_datasheets.document", {"name": part.model}).text("ko"),
        "date": [_DAY.year, _DAY.month, _DAY.day],
        "family": "NanumBarunGothic",
        "halves": [half_of(part, family, language, version=_catalog().version) for language in LOCALES],
    }


def _series(part: Part) -> tuple[str, ...]:
    """Return what names the series of a part."""
    if isinstance(part, Breaker):
        return ("breaker", part.make, part.kind.value, part.grade.value)
    if isinstance(part, Enclosure):
        return ("enclosure", part.series)
    assert isinstance(part, Accessory), "there is no other kind"
    return ("accessory", part.kind)


def _data(url: str) -> bytes:
    shipped = shipped_sheets()[url]
    return json.dumps(sheet_of(shipped.part, shipped.family), ensure_ascii=False, sort_keys=True).encode()


def _edition(url: str) -> str:
    return sha256(b"\0".join((version("typst").encode(), _template(), _data(url)))).hexdigest()


@cache
def _catalog() -> Catalog:
    return load_catalog()


@cache
def _template() -> bytes:
    return files("kis.assistant").joinpath("data", "datasheet.typ").read_bytes()


@cache
def _fonts() -> "typst.Fonts":
    import typst

    folder = Path(str(files("kis.estimator").joinpath("documents", "fonts")))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
