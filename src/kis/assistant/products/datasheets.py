"""Data sheets that KIS writes itself: one of each series of shipped breakers in each language, from the facts of the catalogue and nothing else.

A series is what one maker makes of one kind in one grade. The same catalogue gives the same bytes. What nobody has read off a maker's sheet is said to be
unverified, at the figure itself and in a section of its own.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kis.assistant.errors import ManualUnavailable
from kis.assistant.things import Documentation, DocumentationType
from kis.catalog import UNVERIFIED, Breaker, Catalog, load_catalog
from kis.platform.messages import LOCALES, Locale, Message

if TYPE_CHECKING:
    import typst

PREFIX: Final = "kis:datasheet/"
_URL: Final = re.compile(re.escape(PREFIX) + r"(?P<series>[\w-]{1,80})\.(?P<language>ko|en)\.pdf")
_DAY: Final = datetime(2026, 11, 20, tzinfo=UTC)
"""Written into every sheet, so that its bytes tell of the catalogue and not of the day it was made."""
HELD_SHEETS: Final = 64

Series = Mapping[str, tuple[Breaker, ...]]


class DataSheets:
    """Makes data sheets when they are asked for."""

    async def fetch(self, url: str) -> bytes:
        """Return the PDF at an address that begins with ``kis:datasheet/``. Raises ManualUnavailable where there is none."""
        found = _URL.fullmatch(url)
        if found is None or found["series"] not in shipped_series():
            raise ManualUnavailable(Message("assistant_products.sheet.none", {"url": url}))
        language: Locale = "ko" if found["language"] == "ko" else "en"
        return await asyncio.to_thread(sheet_pdf, found["series"], language)

    @staticmethod
    def urls() -> tuple[str, ...]:
        """Return the addresses of all data sheets."""
        return tuple(f"{PREFIX}{name}.{language}.pdf" for name in shipped_series() for language in LOCALES)


def series_of(make: str, kind: str, grade: str) -> str:
    """Return the name of a series as it stands in addresses."""
    return re.sub(r"[^\w]+", "-", f"{make} {kind} {grade}".casefold()).strip("-")


def datasheet_of(make: str, kind: str, grade: str) -> Documentation | None:
    """Return where the data sheet of a shipped series is, the Korean one before the English; None where there is no such series."""
    name = series_of(make, kind, grade)
    if name not in shipped_series():
        return None
    return Documentation(DocumentationType.PDF, f"{PREFIX}{name}.ko.pdf", f"{PREFIX}{name}.en.pdf")


@cache
def shipped_series() -> Series:
    """Return the shipped breakers by their series, in the order of the catalogue."""
    groups: dict[str, list[Breaker]] = {}
    for breaker in _catalog().breakers:
        name = series_of(breaker.make, breaker.kind.value, breaker.grade.value)
        groups.setdefault(name, []).append(breaker)
    return {name: tuple(breakers) for name, breakers in groups.items()}


@lru_cache(maxsize=HELD_SHEETS)
def sheet_pdf(series: str, language: Locale) -> bytes:
    """Return the data sheet of a series in a language."""
    import typst

    data = json.dumps(sheet_of(shipped_series()[series], language), ensure_ascii=False, sort_keys=True)
    source: Any = {"main.typ": _template(), "data.json": data.encode()}
    compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)
    made = compiler.compile(input=source, format="pdf", timestamp=_DAY)
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def sheet_of(breakers: Sequence[Breaker], language: Locale) -> dict[str, Any]:
    """Return what stands in the data sheet of a series."""
    first = breakers[0]
    names = {
        "make": first.make,
        "kind": _text(language, f"kind.{first.kind.value.lower()}"),
        "grade": _text(language, f"grade.{first.grade.value}"),
        "count": len(breakers),
        "models": ", ".join(dict.fromkeys(breaker.model for breaker in breakers)),
    }
    sections = [
        {"level": 2, "title": _text(language, "models"), "lines": []},
        *(_model(breaker, language) for breaker in breakers),
        {"level": 2, "title": _text(language, "unverified"), "lines": _doubts(breakers, language)},
    ]
    return {
        "title": _text(language, "title", **names),
        "intro": _text(language, "intro", **names),
        "edition": _text(language, "edition", version=_catalog().version),
        "date": [_DAY.year, _DAY.month, _DAY.day],
        "family": "NanumBarunGothic",
        "language": language,
        "sections": sections,
    }


def _model(breaker: Breaker, language: Locale) -> dict[str, Any]:
    """Return the section of one model: a sentence for each fact, with the model's name, so that each can be cited by itself."""
    given = {
        "model": breaker.model,
        "frame": breaker.frame_af,
        "poles": breaker.poles,
        "ratings": ", ".join(map(str, breaker.ratings_a)),
        "width": breaker.width_mm,
        "height": breaker.height_mm,
        "depth": breaker.depth_mm,
        "front": breaker.front_mm,
        "icu": breaker.icu_ka,
        "volts": breaker.icu_at_v,
        "sensitivity": breaker.sensitivity_ma,
    }

    def line(name: str, source: str | None = None) -> str:
        sentence = _text(language, f"fact.{name}", **given)
        return f"{sentence} {_text(language, 'mark')}" if source in UNVERIFIED else sentence

    lines = [
        line("frame"),
        line("ratings", breaker.ratings_source),
        line("outline", breaker.outline_source),
        line("front", breaker.front_source),
    ]
    if breaker.icu_ka is None:
        lines.append(line("no_icu"))
    elif breaker.icu_at_v is None:
        lines.append(line("icu_somewhere", "unverified"))
    else:
        lines.append(line("icu", breaker.icu_source))
    if breaker.sensitivity_ma is not None:
        lines.append(line("sensitivity"))
    return {"level": 3, "title": breaker.model, "lines": lines}


def _doubts(breakers: Sequence[Breaker], language: Locale) -> list[str]:
    """Return what is unverified, a sentence for each kind of figure."""
    lines = []
    for figure in ("ratings", "outline", "front", "icu"):
        doubted = [
            breaker.model for breaker in breakers if getattr(breaker, f"{figure}_source") in UNVERIFIED
        ]
        if doubted:
            models = ", ".join(dict.fromkeys(doubted))
            lines.append(_text(language, f"doubt.{figure}", models=models))
    return lines or [_text(language, "doubt.none")]


def _text(language: Locale, key: str, **values: object) -> str:
    return Message(f"assistant_products.sheet.{key}", values).text(language)


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
