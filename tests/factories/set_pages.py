"""Pages set for one test each: by Typst, or by hand where no font that Typst takes has what is to be read."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kis.assistant.reading import read_document
from kis.assistant.things import Unit
from tests.factories.maker_manuals import FONTS


@cache
def pdf_of(source: str) -> bytes:
    """Set Typst text on pages of 400 by 600 points, 50 points of margin."""
    import typst

    head = '#set page(width: 400pt, height: 600pt, margin: 50pt)\n#set text(font: "NanumBarunGothic", size: 10pt)\n'
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.typ"
        file.write_text(head + source, encoding="utf-8")
        return bytes(typst.compile(file, font_paths=[FONTS], ignore_system_fonts=True))


def typed_pdf(sign: str, lines: list[str], *, title: bytes = b"") -> bytes:
    """Write a page of lines by hand; ``\\001`` in them has the code of a sign that no font which Typst takes has. ``title``: as it stands in the file."""
    mapping = f"1 beginbfchar <01> <{ord(sign):04x}> endbfchar"
    space = "1 begincodespacerange <00> <ff> endcodespacerange"
    letters = "1 beginbfrange <20> <7e> <0020> endbfrange"
    streams = [f"begincmap {space} {mapping} {letters} endcmap", "BT /F1 10 Tf 14 TL 50 700 Td"]
    streams[1] += "".join(f" ({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 800]/Contents 7 0 R/Resources<</Font<</F1 4 0 R>>>>>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>",
        f"<</Title <{title.hex()}>>>",
        *(f"<</Length {len(stream)}>>stream\n{stream}\nendstream" for stream in streams),
    ]
    made = [f"{number} 0 obj{text}\nendobj\n" for number, text in enumerate(objects, 1)]
    return ("%PDF-1.4\n" + "".join(made) + "trailer<</Root 1 0 R/Info 5 0 R/Size 8>>\n%%EOF").encode(
        "latin-1"
    )


def read(source: str) -> list[Unit]:
    """Return what is read of Typst text."""
    return list(read_document(pdf_of(source)).units)
