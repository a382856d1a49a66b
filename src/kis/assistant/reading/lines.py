"""Lines of PDF pages with their places: PDFium tells the text of a whole page and the places of its words.

Asking for the place of each character would take most of the time; two places a word are enough. PDFium is not made for threads: one lock for the process.
Where lines are ruled between the columns of a table words end there, however near the next one stands.
"""

import ctypes
import re
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from itertools import islice, pairwise
from typing import Any, Final

from kis.assistant.reading.grids import THICKEST, Grid, Rule, Stretch, rulings_of
from kis.assistant.things import Box

MOST_CHARACTERS: Final = 60_000
"""Of one page; a page of a manual has 2,000 to 6,000."""
CELL_GAP: Final = 0.85
"""Gap between words, in heights of the line, from which on they may be cells of a table; what is justified rarely stretches so far."""
_GOING_ON: Final = 0.15
"""Points from one letter to the next that PDFium's rounding may make."""
_AT_BORDER: Final = 1.0
"""Points before a border at which the letters of the cell behind it may begin."""
_OVER_BORDER: Final = 2.0
"""Heights of the line behind a border in which they do."""
_FINE: Final = 100
"""Parts of a point in which PDFium is asked for places."""
_ENOUGH_WORDS: Final = 15
"""Words that tell where the lines of a page run."""
_MOST_OBJECTS: Final = 4_000
"""Of one page that are asked for ruling lines; a page of a manual has 50 to 500, a drawing any number."""
_FEW_SEGMENTS: Final = 6
"""Of a path that is a line or a rectangle."""
_LINE: Final = re.compile(r"[^\r\n]+")
_WORD: Final = re.compile(r"\S+")
_SAME_HEIGHT: Final = 0.05
"""Points by which letters of one size differ."""
_BOLD: Final = re.compile(
    r"bold|black|heavy|demi|medi(?:ital)?$|headline|(?:^|\+)(?:cm|sf|ec|lm)(?:ss|tt|csc)?bx?(?:\d|ti|sl)",
    re.IGNORECASE,
)
"""Names of bold fonts: most say so, those of TeX by their letters (cmbx10), Nimbus' by "Medi"."""
_FIXED: Final = re.compile(
    r"mono(?!type)|courier|typewriter|consol|coding|(?:^|\+)(?:cm|sf|ec|lm)(?:sl|it)?tt", re.IGNORECASE
)
"""Names of fonts whose letters are of one width: code is set in them."""
_INVISIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u00ad\u200b\u200c\u200d\ufeff]")
_BULLET: Final = re.compile("[\x80-\x9f\ue000-\uf8ff](?= |$)")
"""A sign of a font of its own before a text: fonts of symbols have no letters, so that their signs have codes that mean nothing."""
_HALVES: Final = re.compile("[\ud800-\udfff]")
"""How PDFium gives a sign beyond the first 65,536, in two parts: a letter of a formula, or a small picture."""
_NO_LETTER: Final = "\x01"
HYPHEN: Final = "\ufffe"
"""How PDFium gives a hyphen at the end of a line; it puts both parts of the word into one line."""


@dataclass(slots=True)
class Line:
    """A run of words on one line, in the order of the page's content."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_bold: bool
    is_open: bool
    """No space stands after it: a word may go on in the next line."""
    is_fixed: bool
    """All of it is in letters of one width, as code is."""
    height: float
    """Of most of its letters, which goes with their size."""


class Running(IntEnum):
    """Where most lines of a page run, as it is shown."""

    RIGHT = 0
    DOWN = 1
    LEFT = 2
    UP = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its lines, whose places are those of the page held so that they run to the right."""

    number: int
    width: float
    """As it is shown, rotation included."""
    height: float
    lines: tuple[Line, ...] = ()
    has_pictures: bool = False
    running: Running = Running.RIGHT
    grids: tuple[Grid, ...] = ()
    lying: tuple[Stretch, ...] = ()
    """Lines drawn from left to right that are in no grid."""

    @property
    def held_height(self) -> float:
        """Return its height as it is held to be read."""
        return self.height if self.running in (Running.RIGHT, Running.LEFT) else self.width

    def box(self, line: Line) -> Box:
        """Return the place of a line on the page as it is shown."""
        (left, top), (right, bottom) = self._shown(line.left, line.top), self._shown(line.right, line.bottom)
        return Box(
            round(min(left, right), 1),
            round(min(top, bottom), 1),
            round(max(left, right), 1),
            round(max(top, bottom), 1),
        )

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        if self.running is Running.DOWN:
            return self.width - y, x
        if self.running is Running.LEFT:
            return self.width - x, self.height - y
        return (y, self.height - x) if self.running is Running.UP else (x, y)


Affine = tuple[float, float, float, float, float, float]


def page_of(document: Any, number: int) -> Page:
    """Return a page's lines. A page that PDFium cannot open is an empty one."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # comes without types

    page = pdfium.FPDF_LoadPage(document, number - 1)
    if not page:
        return Page(number, 0.0, 0.0)
    try:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        with _texts(page) as texts:
            text, places = _text(texts), _Places(texts, _shown(page))
            running = _running(text, places)
            if running is Running.RIGHT:
                grids, lying = rulings_of(_rules(page, places))
                lines = _lines(text, places, grids)
        if running is not Running.RIGHT:  # PDFium puts words in order as the page is shown
            turned = (pdfium.FPDFPage_GetRotation(page) - running) % 4
            pdfium.FPDFPage_SetRotation(page, turned)
            with _texts(page) as texts:
                places = _Places(texts, _shown(page))
                grids, lying = rulings_of(_rules(page, places))
                lines = _lines(_text(texts), places, grids)
        return Page(number, width, height, lines, not lines and _has_pictures(page), running, grids, lying)
    finally:
        pdfium.FPDF_ClosePage(page)


@contextmanager
def _texts(page: Any) -> Iterator[Any]:
    import pypdfium2.raw as pdfium

    texts = pdfium.FPDFText_LoadPage(page)
    try:
        yield texts
    finally:
        pdfium.FPDFText_ClosePage(texts)


def _shown(page: Any) -> Affine:
    """Return how a place in the page's own space is found on the page as it is shown."""
    import pypdfium2.raw as pdfium

    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    across, down = ctypes.c_int(), ctypes.c_int()

    def place(x: float, y: float) -> tuple[float, float]:
        size = (round(width * _FINE), round(height * _FINE))
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        return across.value / _FINE, down.value / _FINE

    zero, right, up = place(0, 0), place(1000, 0), place(0, 1000)
    return (
        (right[0] - zero[0]) / 1000,
        (up[0] - zero[0]) / 1000,
        zero[0],
        (right[1] - zero[1]) / 1000,
        (up[1] - zero[1]) / 1000,
        zero[1],
    )


def _running(text: str, places: "_Places") -> Running:
    """Return where most words run: from the middle of their first letter to that of their last one."""
    ways: Counter[Running] = Counter()
    for word in islice(_WORD.finditer(text), _ENOUGH_WORDS):
        first, last = places.of(word.start(), word.start() + 1), places.of(word.end() - 1, word.end())
        if first and last and len(word[0]) > 1:
            across, down = last[0] + last[2] - first[0] - first[2], last[1] + last[3] - first[1] - first[3]
            if abs(across) >= abs(down):
                ways[Running.RIGHT if across >= 0 else Running.LEFT] += 1
            else:
                ways[Running.DOWN if down > 0 else Running.UP] += 1
    return ways.most_common(1)[0][0] if ways else Running.RIGHT


def _has_pictures(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    count = min(pdfium.FPDFPage_CountObjects(page), 1000)
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, place)) for place in range(count))
    return any(kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM) for kind in kinds)


def _rules(page: Any, places: "_Places") -> list[Rule]:
    """Return the straight lines and rectangles that are drawn on a page."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFPage_CountObjects(page)
    if count > _MOST_OBJECTS:
        return []
    edges = [ctypes.c_float() for _ in range(4)]
    references = [ctypes.byref(edge) for edge in edges]
    thing, kind, path = pdfium.FPDFPage_GetObject, pdfium.FPDFPageObj_GetType, pdfium.FPDF_PAGEOBJ_PATH
    found: list[Rule] = []
    for place in range(count):
        drawn = thing(page, place)
        if kind(drawn) != path or not pdfium.FPDFPageObj_GetBounds(drawn, *references):
            continue
        left, bottom, right, top = [edge.value for edge in edges]
        is_thin = right - left <= THICKEST or top - bottom <= THICKEST
        if is_thin or pdfium.FPDFPath_CountSegments(drawn) <= _FEW_SEGMENTS:
            found.append(places.on_page(left, top, right, bottom))
    return found


def _text(texts: Any) -> str:
    """Return the page's text, one character for each that PDFium counts.

    It leaves out of its text what stands for no letter, the notes of a music font for example, but counts it: then each is asked for where it is.
    """
    import pypdfium2.raw as pdfium

    count = min(pdfium.FPDFText_CountChars(texts), MOST_CHARACTERS)
    buffer = (ctypes.c_ushort * (count + 1))()
    told = pdfium.FPDFText_GetText(texts, 0, count, buffer)
    text = "".join(map(chr, buffer[:count]))
    if told == count + 1:
        return text
    index = pdfium.FPDFText_GetTextIndexFromCharIndex
    places = (index(texts, at) for at in range(count))
    return "".join([text[at] if 0 <= at < count else _NO_LETTER for at in places])


def _lines(text: str, places: "_Places", grids: tuple[Grid, ...]) -> tuple[Line, ...]:
    """Return lines but those of signs without letters."""
    return tuple(line for line in _read_lines(text, places, grids) if line.text)


def _read_lines(text: str, places: "_Places", grids: tuple[Grid, ...]) -> Iterator[Line]:
    fonts = _Fonts(places.texts)
    upright = [one for grid in grids for one in grid.upright]
    for found in _LINE.finditer(text):
        begun: list[_Word] = []
        borders: list[float] = []
        level = 0.0
        for word in _WORD.finditer(text, found.start(), found.end()):
            place = places.of(word.start(), word.end())
            if place is None:
                continue
            if upright and place[1] != level:
                level = place[1]
                borders = _crossed(upright, place)
            if not borders:
                if begun and _are_apart(begun[-1][2], place):
                    yield _line(begun, fonts, is_open=False)
                    begun = []
                begun.append((word[0], word.start(), place))
                continue
            for cut in _cut((word[0], word.start(), place), places, borders):
                if begun and (_are_apart(begun[-1][2], cut[2]) or _are_parted(begun[-1][2], cut[2], borders)):
                    yield _line(begun, fonts, is_open=not text[begun[-1][1] + len(begun[-1][0])].isspace())
                    begun = []
                begun.append(cut)
        if begun:
            yield _line(begun, fonts, is_open=not text[found.end() - 1].isspace())


_FOUR: Final = struct.Struct("4f")
_Place = tuple[float, float, float, float]
"""Left, top, right and bottom; a plain tuple, as there are tens of thousands."""
_Word = tuple[str, int, _Place]


def _crossed(upright: list[Stretch], place: _Place) -> list[float]:
    """Return where the borders of columns are that run through a line."""
    middle = (place[1] + place[3]) / 2
    return [where for where, top, bottom in upright if top < middle < bottom]


def _are_parted(before: _Place, after: _Place, borders: list[float]) -> bool:
    """Tell whether a border of columns runs between two words."""
    first, last = (before[0] + before[2]) / 2, (after[0] + after[2]) / 2
    return any(first < border < last for border in borders)


def _cut(word: _Word, places: "_Places", borders: list[float]) -> list[_Word]:
    """Return a word, or its parts where cells stand so near each other that PDFium puts no space between them.

    What is too long for its cell goes over the border, even over the beginning of the next: where the letters of that begin they do not go on from the last.
    """
    letters, start, (left, _, right, _) = word
    on_line = letters.partition(HYPHEN)[0]  # the rest stands on the next line
    if len(on_line) not in (0, len(letters)):
        right = (places.of(start, start + len(on_line)) or word[2])[2]
    inside = [border for border in borders if left < border < right]
    if not inside:
        return [word]
    found = [(at, place) for at in range(start, start + len(on_line)) if (place := places.of(at, at + 1))]
    steps = [
        (abs(place[0] - before[2]), at, place)
        for (last, before), (at, place) in pairwise(found)
        if abs(place[0] - before[2]) > _GOING_ON and not places.are_of_one(last, at)
    ]
    cuts: set[int] = set()
    for border in inside:
        behind = [
            (-step, at)
            for step, at, place in steps
            if -_AT_BORDER <= place[0] - border <= _OVER_BORDER * (place[3] - place[1])
        ]
        cuts.update(at for _, at in sorted(behind)[:1])
    if not cuts:
        return [word]
    return [
        (
            letters[first - start : end - start],
            first,
            _around([one for at, one in found if first <= at < end]),
        )
        for first, end in pairwise([start, *sorted(cuts), start + len(letters)])
    ]


def _around(places: list[_Place]) -> _Place:
    lefts, tops, rights, bottoms = zip(*places, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


class _Places:
    """Finds the places of words, with one rectangle for all calls."""

    def __init__(self, texts: Any, shown: Affine) -> None:
        import pypdfium2.raw as pdfium

        self.texts, self._shown = texts, shown
        memory = bytearray(ctypes.sizeof(pdfium.FS_RECTF))
        self._rectangle = pdfium.FS_RECTF.from_buffer(memory)
        self._reference, self._told = ctypes.byref(self._rectangle), partial(_FOUR.unpack, memory)
        self._is_upright = shown[0] > 0 > shown[4] and not (shown[1] or shown[3])
        self._ask, self._object = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetTextObject

    def of(self, start: int, end: int) -> _Place | None:
        if not self._ask(self.texts, start, self._reference):
            return None
        left, top, right, bottom = self._told()
        if end - start < 2 or not self._ask(self.texts, end - 1, self._reference):
            return self.on_page(left, top, right, bottom)
        other_left, other_top, other_right, other_bottom = self._told()
        if self._is_upright and bottom < other_top and top > other_bottom:
            # What nearly all words are: both letters stand beside each other.
            return self.on_page(
                min(other_left, left), max(other_top, top), max(other_right, right), min(other_bottom, bottom)
            )
        first, last = (
            self.on_page(left, top, right, bottom),
            self.on_page(other_left, other_top, other_right, other_bottom),
        )
        if last[1] >= first[3]:  # a word that PDFium has put together over the end of a line
            return first
        return _around([first, last])

    def are_of_one(self, first: int, second: int) -> bool:
        """Tell whether letters were written in one go; those of two cells never are."""
        one, other = (self._object(self.texts, at) for at in (first, second))
        return bool(one and other) and ctypes.addressof(one.contents) == ctypes.addressof(other.contents)

    def on_page(self, left: float, top: float, right: float, bottom: float) -> _Place:
        """Return a place in the page's own space as it is on the page that is shown."""
        a, b, c, d, e, f = self._shown
        if self._is_upright and left <= right and bottom <= top:
            return a * left + c, e * top + f, a * right + c, e * bottom + f
        x, other_x = a * left + b * top + c, a * right + b * bottom + c
        y, other_y = d * left + e * top + f, d * right + e * bottom + f
        return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _are_apart(before: _Place, after: _Place) -> bool:
    """Tell whether words may belong to different cells, or stand on different lines."""
    height = max(before[3] - before[1], after[3] - after[1])
    is_beside = after[1] < before[3] and before[1] < after[3]
    return not is_beside or after[0] - before[2] > CELL_GAP * height or after[0] < before[0] - height


def _line(words: list[_Word], fonts: "_Fonts", *, is_open: bool) -> Line:
    text = _INVISIBLE.sub("", " ".join([word for word, _, _ in words]))
    if not text.isascii() and _HALVES.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    if text and _BULLET.match(text):
        text = "•" + text[1:]
    lefts, tops, rights, bottoms = zip(*[place for _, _, place in words], strict=True)
    last, start, _ = words[-1]
    is_bold, is_fixed = fonts.of(words[0][1], words[len(words) // 2][1], start + len(last) - 1)
    return Line(
        text,
        min(lefts),
        min(tops),
        max(rights),
        max(bottoms),
        is_bold,
        is_open,
        is_fixed,
        _height(words),
    )


def _height(words: list[_Word]) -> float:
    """Return the height of most letters of a line: a name in another font among them does not make it another line."""
    heights = [bottom - top for _, _, (_, top, _, bottom) in words]
    least = min(heights)
    if max(heights) - least < _SAME_HEIGHT:
        return least
    letters: dict[float, int] = {}
    for (word, _, _), height in zip(words, heights, strict=True):
        key = round(height, 1)
        letters[key] = letters.get(key, 0) + len(word)
    most = max(letters, key=lambda key: (letters[key], -key))
    return min(height for height in heights if round(height, 1) == most)


def is_bold_name(font: str) -> bool:
    """Tell whether the name of a font is that of a bold one."""
    return _BOLD.search(font) is not None


def is_fixed_name(font: str) -> bool:
    """Tell whether the name of a font is that of one whose letters are of one width."""
    return _FIXED.search(font) is not None


class _Fonts:
    """Tells letters that are bold, or of one width, by the name of their font, which is looked up once a page."""

    def __init__(self, texts: Any) -> None:
        import pypdfium2.raw as pdfium

        self._texts = texts
        self._known: dict[int, tuple[bool, bool]] = {}
        self._object, self._font = pdfium.FPDFText_GetTextObject, pdfium.FPDFTextObj_GetFont
        self._name = pdfium.FPDFFont_GetBaseFontName

    def of(self, first: int, middle: int, last: int) -> tuple[bool, bool]:
        """Tell whether a line begins and ends in bold letters, and whether it is in letters of one width there and in its middle."""
        (is_bold, is_fixed), (ends_bold, ends_fixed) = self._kind(first), self._kind(last)
        return is_bold and ends_bold, is_fixed and ends_fixed and self._kind(middle)[1]

    def _kind(self, place: int) -> tuple[bool, bool]:
        letters = self._object(self._texts, place)
        font = self._font(letters) if letters else None
        if not font:
            return False, False
        address = ctypes.addressof(font.contents)
        if address not in self._known:
            buffer = ctypes.create_string_buffer(200)
            self._name(font, buffer, len(buffer))
            name = buffer.value.decode("utf-8", "replace")
            self._known[address] = is_bold_name(name), is_fixed_name(name)
        return self._known[address]
