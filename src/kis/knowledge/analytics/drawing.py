"""Draws charts with Typst, in this process, with the letters that come with KIS: as SVG whose letters are outlines, or as PNG. The same picture is the same bytes."""

import html
import json
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kis.knowledge.analytics.charts import Picture

if TYPE_CHECKING:
    import typst

PIXELS_PER_INCH: Final = 144.0
"""Twice as many as a screen has, so that a PNG is sharp in print too."""
FAMILIES: Final = ("NanumBarunGothic", "DejaVu Sans Mono")
"""The second has letters that Korean texts rarely need: é, Ω, −."""


class ChartForm(StrEnum):
    """What a chart may be drawn as."""

    SVG = "svg"
    PNG = "png"


def drawn(picture: Picture, form: ChartForm) -> bytes:
    """Return a picture as a file. Takes some hundredths of a second: not for the event loop."""
    import typst

    shape = {**picture.shape, "families": FAMILIES}
    source: Any = {
        "main.typ": _page(),
        "data.json": json.dumps(shape, ensure_ascii=False, sort_keys=True).encode(),
    }
    compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)
    made = compiler.compile(input=source, format=form.value, ppi=PIXELS_PER_INCH)
    assert isinstance(made, bytes), "a chart is one page"
    return _told(made, picture) if form is ChartForm.SVG else made


def _told(svg: bytes, picture: Picture) -> bytes:
    """Return an SVG that says what it shows, for who does not see it."""
    words = html.escape(f"{picture.title}, {picture.subtitle}. {picture.empty or picture.summary}")
    return svg.replace(b"<svg ", f'<svg role="img" aria-label="{words}" '.encode(), 1)


@cache
def _page() -> bytes:
    return files(__package__).joinpath("chart.typ").read_bytes()


@cache
def _fonts() -> "typst.Fonts":
    import typst

    folder = Path(str(files("kis.estimator").joinpath("documents", "fonts")))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])
