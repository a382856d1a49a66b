"""Words that CAD programs take for what they are: what would be a code stands for itself."""

import re
from typing import Final

LONGEST_TEXT: Final = 255
"""Bytes of a string in extended data (DXF reference, group code 1000)."""

_SPACES: Final = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")
_ILLEGAL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CODED: Final = re.compile(r"\\(?=[UuMm]\+)")
_PERCENTS: Final = re.compile("%{2,}")


def line_text(content: str) -> str:
    """Return a text as TEXT, ATTRIB and names of properties hold it: ``%%`` and ``^`` stand for themselves, not for a code."""
    return _PERCENTS.sub(lambda found: "%%%" * len(found.group()), plain(content))


def dimension_text(content: str) -> str:
    r"""Return the words beside a measurement; a dimension's text is formatted text, where ``\\``, ``{`` and ``}`` are codes too."""
    return re.sub(r"([\\{}])", r"\\\1", line_text(content))


def measured_text(label: str, measure_mm: float) -> str:
    """Return what a dimension says: ``<>`` stands for what it measures, a label with another figure as it is, none hides the figure."""
    figure = f"{measure_mm:.1f}".removesuffix(".0")
    found = list(re.finditer(rf"(?<![\d.,]){re.escape(figure)}(?![\d.,])", label))
    if not found:
        return dimension_text(label) or " "
    start, end = found[-1].span()
    return f"{dimension_text(label[:start])}<>{dimension_text(label[end:])}"


def plain(content: str) -> str:
    """Return one line that every reader takes back as it was: breaks are spaces, what no text can hold is U+FFFD."""
    legal = _ILLEGAL.sub("\ufffd", _SPACES.sub(" ", content))
    return _CODED.sub(r"\\U+005C", legal.replace("^", "^ "))


def short(content: str) -> str:
    """Return what of a text fits into a string of extended data, cut between two characters."""
    return plain(content).encode()[:LONGEST_TEXT].decode(errors="ignore")
