"""A quotation as a PDF: its texts as a data file, its drawings as SVG, set by Typst in this process (docs/adr/0009-pdf-with-typst.md).

Nothing outside takes part: no system fonts, no packages, no clock. The same quotation is the same bytes in every process.
"""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kis.estimator.documents.brand import BRAND_FILE
from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.pdf.errors import PdfFailed
from kis.estimator.documents.pdf.letters import Letters, letters_of
from kis.estimator.documents.pdf.page_data import page_data
from kis.estimator.documents.pdf.pictures import Pictures
from kis.estimator.documents.pdf.qr import qr_svg, qr_text
from kis.estimator.documents.pdf.thermal_chart import thermal_chart
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    import typst

STANDARDS: Final = ("a-2a", "ua-1")
"""PDF/A-2a for the archive (ISO 19005-2), PDF/UA-1 for readers who cannot see it (ISO 14289-1)."""
KOREAN_FAMILY: Final = "NanumBarunGothic"
FALLBACK_FAMILY: Final = "DejaVu Sans Mono"
"""Comes inside Typst."""
SOURCES: Final = ("quotation", "look", "cover", "panels", "drawings", "evidence")


@dataclass(frozen=True, slots=True)
class _Faces:
    """The fonts of a document: the company's own before the Korean one, and what they can show."""

    fonts: "typst.Fonts"
    families: tuple[str, ...]
    letters: Letters


def quotation_pdf(content: QuotationContent) -> bytes:
    """Return the quotation as PDF/A-2a: cover, panels, drawings, engineering checks, temperatures, versions.

    Raises PdfFailed where a picture or font of the brand cannot be used.
    """
    day = content.quotation_date
    made = _set(
        content,
        format="pdf",
        pdf_standards=list(STANDARDS),
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def quotation_pages(content: QuotationContent) -> tuple[str, ...]:
    """Return the same pages as pictures (SVG, letters as outlines), for a screen. Raises PdfFailed as :func:`quotation_pdf`."""
    made = _set(content, format="svg")
    return tuple(page.decode() for page in (made if isinstance(made, list) else [made]))


def _set(content: QuotationContent, **output: Any) -> Any:
    """Set the pages in the company's letters, ours where it brings none."""
    wanted = content.brand.file.fonts
    own = {name: content.brand.files[name] for name in wanted.files}
    if not own and wanted.family == KOREAN_FAMILY:
        return _compiled(content, _shipped_faces(), output)
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # Typst takes fonts by path only, and reads them when it needs them
        for name, data in own.items():
            Path(folder, name).write_bytes(data)
        faces = _faces(wanted.family, tuple(own.values()), Path(folder))
        return _compiled(content, faces, output)


def _compiled(content: QuotationContent, faces: _Faces, output: Mapping[str, Any]) -> Any:
    import typst

    compiler = typst.Compiler(font_paths=faces.fonts, ignore_system_fonts=True)
    source: Any = dict(
        _project(content, faces)
    )  # a project in memory; the type hints of Typst only know a single file
    try:
        return compiler.compile(input=source, **output)
    except typst.TypstError as error:
        raise PdfFailed(error.message) from error


def _project(content: QuotationContent, faces: _Faces) -> Mapping[str, bytes]:
    """Return the files Typst works on: our pages, the data, the pictures."""
    pictures = Pictures(faces.letters, faces.families)
    data = page_data(content)
    data["families"] = list(faces.families)
    brand = content.brand
    for kind, name, picture in (
        ("logo", brand.file.logo, brand.logo),
        ("seal", brand.file.seal, brand.seal),
    ):
        alt = Message(f"pdf.picture.{kind}", {"supplier": data["author"]}).text(content.locale)
        data[kind] = (
            None if name is None or picture is None else {"file": pictures.given(name, picture), "alt": alt}
        )
    sheets = [drawing for panel in content.panels for drawing in panel.drawings]
    for entry, sheet in zip(data["drawings"], sheets, strict=True):
        entry["file"] = pictures.drawn(sheet.svg)
    shown = [panel.thermal for panel in content.panels if panel.thermal is not None]
    for entry, thermal in zip(data["thermal"]["panels"], shown, strict=True):
        entry["file"] = pictures.drawn(thermal_chart(thermal, brand.file.colours, content.locale))
    data["versions"]["qr"] = pictures.drawn(qr_svg(qr_text(content.document_id, content.engineering_sha256)))
    texts = json.dumps(faces.letters.cleaned(data), ensure_ascii=False, sort_keys=True)
    return {**_sources(), **pictures.files, "data.json": texts.encode()}


@cache
def _sources() -> Mapping[str, bytes]:
    """Return the pages' own programs; Typst begins with ``main.typ``."""
    folder = files("kis.estimator.documents.pdf")
    sources = {f"{name}.typ": folder.joinpath(f"{name}.typ").read_bytes() for name in SOURCES}
    return {"main.typ": sources.pop(f"{SOURCES[0]}.typ"), **sources}


@cache
def _shipped_faces() -> _Faces:
    return _faces(KOREAN_FAMILY, (), None)


def _faces(family: str, own: tuple[bytes, ...], folder: Path | None) -> _Faces:
    import typst

    shipped = Path(str(files("kis.estimator.documents").joinpath("fonts")))
    folders = [str(shipped)] if folder is None else [str(folder), str(shipped)]
    korean = [path.read_bytes() for path in sorted(shipped.glob("*.ttf"))]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
    known = set(fonts.families())
    if family not in known:
        told = Message("pdf.no_family", {"family": family, "known": ", ".join(sorted(known))})
        raise BadInput(BRAND_FILE, [Problem("fonts.family", told)])
    wanted = dict.fromkeys((family, KOREAN_FAMILY, FALLBACK_FAMILY))
    return _Faces(
        fonts=fonts,
        families=tuple(name for name in wanted if name in known),
        letters=letters_of(list(own), korean),
    )
