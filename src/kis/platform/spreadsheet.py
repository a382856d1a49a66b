"""What every spreadsheet KIS writes has in common: the same bytes on every machine and day, and no cell that a reader's program would execute."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Final

FORMULA_STARTS: Final = ("=", "+", "-", "@")
"""Texts that begin so are written as text, never as a formula: a customer's words must not compute."""

_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP entry can bear."""
_PROPERTIES: Final = "docProps/core.xml"
_STAMP: Final = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_UNIX: Final = 3


def with_fixed_dates(
    archive: bytes, stamp: str, change: Callable[[str, bytes], bytes] | None = None
) -> bytes:
    """Return ``archive`` with every date fixed: ``stamp`` (``2026-11-02T00:00:00Z``) in the properties, a constant on the entries.

    ``change`` may give an entry, by its name and content, another content.
    """
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(output, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == _PROPERTIES:
                content = _STAMP.sub(stamp.encode(), content)
            if change is not None:
                content = change(entry.filename, content)
            fixed = zipfile.ZipInfo(entry.filename, date_time=_DATE)
            fixed.create_system = _UNIX  # the same on every machine
            fixed.external_attr = 0o600 << 16
            new.writestr(fixed, content)
    return output.getvalue()
