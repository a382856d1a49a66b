"""The ZIP package of an .xlsx: read with limits, written so that what nobody changed stays byte for byte.

A template comes from outside: its size, its entries, what it links to and what its XML declares are checked before anything is parsed.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from lxml import etree

from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

MAX_PARTS: Final = 2_000
MAX_PART_BYTES: Final = 64 * 2**20
MAX_BYTES: Final = 128 * 2**20
"""Limits of what a template may unpack to: a hundred times what a company's form weighs, and too little to hurt."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an OLE file: an .xlsx under a password, or an old .xls."""
_WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_FORBIDDEN: Final = (
    ("external", re.compile(r"xl/(externalLinks/|connections\.xml|queryTables/)", re.IGNORECASE)),
    ("macros", re.compile(r".*(vbaProject.*\.bin|/macrosheets/.*|/activeX/.*)", re.IGNORECASE)),
)
_XML: Final = re.compile(r".*\.(xml|rels|vml)", re.IGNORECASE)
_DECLARATIONS: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_UNIX: Final = 3
_ENCRYPTED: Final = 0x1
_TYPES_PART: Final = "[Content_Types].xml"


class Package:
    """The parts of an .xlsx by name, in the order of the archive."""

    def __init__(
        self, parts: dict[str, bytes], dates: dict[str, tuple[int, int, int, int, int, int]]
    ) -> None:
        self._parts = parts
        self._dates = dates
        self._trees: dict[str, tuple[etree._Element, bytes]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts."""
        return tuple(self._parts)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def content(self, name: str) -> bytes:
        """Return the bytes of a part as they are in the archive, whatever was done to its tree."""
        return self._parts[name]

    def replace(self, name: str, content: bytes) -> None:
        """Give a part other bytes."""
        self._parts[name] = content
        self._trees.pop(name, None)

    def drop(self, name: str) -> None:
        """Take a part out."""
        self._parts.pop(name, None)
        self._trees.pop(name, None)

    def tree(self, name: str) -> etree._Element:
        """Return the root of an XML part; what is changed in it is written with the package."""
        if name not in self._trees:
            root = parse_xml(self._parts[name], name)
            self._trees[name] = (root, etree.tostring(root))
        return self._trees[name][0]

    def to_bytes(self) -> bytes:
        """Return the archive. The same parts always give the same bytes: entries stored, each with the date it had."""
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as archive:
            for name in self._parts:
                entry = zipfile.ZipInfo(name, date_time=self._dates.get(name, (1980, 1, 1, 0, 0, 0)))
                entry.create_system = _UNIX  # the same on every machine
                entry.external_attr = 0o600 << 16
                archive.writestr(entry, self.written(name))
        return output.getvalue()

    def written(self, name: str) -> bytes:
        """Return the bytes of a part as they would be written: those it came with unless its tree was changed."""
        content = self._parts[name]
        if name not in self._trees:
            return content
        root, before = self._trees[name]
        if etree.tostring(root) == before:
            return content
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def open_package(data: bytes, source: str = "template") -> Package:
    """Return the package in ``data``. Raises BadInput for what is no .xlsx, or one that must not be filled: each reason with its remedy."""
    if data.startswith(_OLE):
        raise _refusal(source, "encrypted")
    parts, dates = _unpacked(data, source)
    problems = list(_problems(parts))
    if problems:
        raise BadInput(source, problems)
    return Package(parts, dates)


@contextmanager
def refusing_damage(source: str) -> Iterator[None]:
    """Refuse a file whose XML is well-formed but makes no sense: a row called ``x``, a name of a sheet that is not there."""
    try:
        yield
    except (ValueError, LookupError) as wrong:
        raise _refusal(source, "damaged") from wrong


def parse_xml(content: bytes, name: str) -> etree._Element:
    """Return the root of an XML part: no entity is expanded, nothing is fetched."""
    if _declares(content):
        raise _refusal(name, "entities", part=name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as wrong:
        raise _refusal(name, "bad_xml", part=name) from wrong


def _unpacked(
    data: bytes, source: str
) -> tuple[dict[str, bytes], dict[str, tuple[int, int, int, int, int, int]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_entries(entries, source)
            parts = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError) as wrong:
        raise _refusal(source, "no_xlsx") from wrong
    return parts, {entry.filename: entry.date_time for entry in entries}


def _check_entries(entries: list[zipfile.ZipInfo], source: str) -> None:
    """Refuse before anything is unpacked; what is unpacked is never more than an entry says (zipfile stops there)."""
    sizes = [entry.file_size for entry in entries]
    if len(entries) > MAX_PARTS or sum(sizes) > MAX_BYTES or max(sizes, default=0) > MAX_PART_BYTES:
        raise _refusal(source, "too_large", megabytes=MAX_BYTES // 2**20, parts=MAX_PARTS)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise _refusal(source, "encrypted")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) < len(names):
        raise _refusal(source, "no_xlsx")


def _problems(parts: dict[str, bytes]) -> Iterable[Problem]:
    if _TYPES_PART not in parts or "xl/workbook.xml" not in parts:
        yield Problem("", Message("template.refused.no_xlsx"))
        return
    for name, content in parts.items():
        yield from (
            Problem(name, Message(f"template.refused.{why}"))
            for why, pattern in _FORBIDDEN
            if pattern.fullmatch(name) or pattern.match(name)
        )
        if _XML.fullmatch(name) and _declares(content):
            yield Problem(name, Message("template.refused.entities", {"part": name}))
    yield from _relation_problems(parts)
    if _STRICT in parts["xl/workbook.xml"]:
        yield Problem("", Message("template.refused.strict"))
    types = _types(parts[_TYPES_PART])
    if _WORKBOOK_TYPE not in types:
        macros = any("macroenabled" in each.lower() for each in types)
        yield Problem("", Message(f"template.refused.{'macros' if macros else 'no_xlsx'}"))


def _declares(content: bytes) -> bool:
    """Tell whether XML declares a document type, in whichever encoding (UTF-16 has a zero beside every letter)."""
    return _DECLARATIONS.search(content.replace(b"\0", b"")) is not None


def _types(content: bytes) -> frozenset[str]:
    if _declares(content):
        return frozenset()
    return frozenset(str(each.get("ContentType")) for each in parse_xml(content, _TYPES_PART))


def _relation_problems(parts: dict[str, bytes]) -> Iterable[Problem]:
    """Name what a reader's program would fetch on opening; a link that only a click follows is no harm."""
    for name, content in parts.items():
        if not name.endswith(".rels") or _declares(content):
            continue
        for relation in parse_xml(content, name):
            kind = str(relation.get("Type", "")).rpartition("/")[2]
            if relation.get("TargetMode") == "External" and kind != "hyperlink":
                yield Problem(name, Message("template.refused.external"))


def _refusal(source: str, why: str, **values: object) -> BadInput:
    path = str(values.get("part", ""))
    return BadInput(source, [Problem(path, Message(f"template.refused.{why}", values))])
