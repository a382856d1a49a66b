"""What a DXF file is written with: tags (a group code and a value), numbers, and texts that CAD programs take for what they are."""

import re
from typing import Final

Tag = tuple[int, str | int | float]
Tags = tuple[Tag, ...]
Points = tuple[tuple[float, float], ...]

LONGEST_TEXT: Final = 255
"""Bytes of a string in extended data (DXF reference, group code 1000)."""

_CODES: Final = tuple(f"{code:>3}\n" for code in range(1072))
"""Every group code as a file has it, on its own line and three wide."""
_SPACES: Final = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")
_ILLEGAL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CODED: Final = re.compile(r"\\(?=[UuMm]\+)")
_PERCENTS: Final = re.compile("%{2,}")


def record(kind: str, *tags: Tag) -> str:
    """Return an entity, a table entry or an object: its kind and its tags."""
    lines = [
        f"{_CODES[code]}{number(value) if isinstance(value, float) else value}\n" for code, value in tags
    ]
    return f"  0\n{kind}\n{''.join(lines)}"


def number(value: float) -> str:
    """Return a number to a ten-thousandth of a millimetre; minus zero is zero."""
    return repr(round(value, 4) + 0.0)


def position(x: float, y: float, code: int = 10) -> Tags:
    """Return the tags of a point on the sheet."""
    return ((code, float(x)), (code + 10, float(y)), (code + 20, 0.0))


def line_text(content: str) -> str:
    """Return a text as TEXT, ATTRIB and names of properties hold it: ``%%`` and ``^`` stand for themselves, not for a code."""
    return _PERCENTS.sub(lambda found: "%%%" * len(found.group()), plain(content))


def dimension_text(content: str) -> str:
    r"""Return the words beside a measurement; a dimension's text is formatted text, where ``\\``, ``{`` and ``}`` are codes too."""
    return re.sub(r"([\\{}])", r"\\\1", line_text(content))


def plain(content: str) -> str:
    """Return one line that every reader takes back as it was: breaks are spaces, what no text can hold is U+FFFD."""
    legal = _ILLEGAL.sub("\ufffd", _SPACES.sub(" ", content))
    return _CODED.sub(r"\\U+005C", legal.replace("^", "^ "))


def short(content: str) -> str:
    """Return what of a text fits into a string of extended data, cut between two characters."""
    data = plain(content).encode()
    return data[:LONGEST_TEXT].decode(errors="ignore")
