"""Opening a finished workbook and finding what stands in it; pictures for a brand."""

import io
import re
import struct
import zlib
from dataclasses import replace
from functools import cache
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from kis.estimator.documents.brand import Brand, load_brand, read_brand
from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.workbook import quotation_workbook
from kis.platform.messages import Locale
from tests.factories.contents import (
    Currency,
    content,
)

COVER, GATES = "견적서", "설계 검토 결과"
HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")


def opened(quotation: QuotationContent, *, values: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(quotation_workbook(quotation)), data_only=values)


@cache
def standard(locale: Locale = "ko", currency: Currency = "KRW", *, values: bool = False) -> Workbook:
    """Return the workbook of the quotation as the factory writes it, opened once; a test only reads it."""
    return opened(content(locale, currency), values=values)


def named_cell(workbook: Workbook, name: str) -> Any:
    ((title, place),) = workbook.defined_names[name].destinations
    return workbook[title][place]


def named(workbook: Workbook, name: str) -> Any:
    """Return the value of the cell a name stands for."""
    return named_cell(workbook, name).value


def filled(sheet: Worksheet) -> list[Cell]:
    return [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]


def words(sheet: Worksheet) -> list[str]:
    return [cell.value for cell in filled(sheet) if isinstance(cell.value, str) and cell.data_type == "s"]


def with_brand(quotation: QuotationContent, **files: bytes) -> QuotationContent:
    """Return the quotation with pictures in place of the brand's own, named by field: ``logo=…, seal=…``."""
    return replace(quotation, brand=brand_with(**files))


def brand_with(**files: bytes) -> Brand:
    shipped = load_brand()
    text = shipped.files["brand.yaml"].decode()
    found = dict(shipped.files)
    for field, data in files.items():
        ending = "png" if data.startswith(b"\x89PNG") else "svg" if data.startswith(b"<svg") else "jpg"
        name = f"own-{field}.{ending}"
        text = text.replace(f"{field}: {field}.png", f"{field}: {name}")
        found[name] = data
    return read_brand({**found, "brand.yaml": text.encode()})


def png(width: int, height: int) -> bytes:
    """Return a white picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
