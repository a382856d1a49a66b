"""Passages: what a heading stands over, cut where one thing ends and another begins, small enough to be cited."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kis.assistant.things import Box, Passage, ReadDocument, Unit, UnitKind

FEWEST: Final = 300
"""Characters below which a passage takes in what follows under the same heading."""
MOST: Final = 900
_SENTENCES: Final = re.compile(r"(?<=[.!?。])\s+|(?<=다\.)\s*")
_ROWS: Final = 12
"""Rows of a table in one passage at most: with more, what a row says is lost among the others."""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    page: int
    boxes: tuple[Box, ...]
    kind: UnitKind
    goes_on: bool = False
    """A further part of a table: it begins a passage."""


def passages_of(document: ReadDocument) -> tuple[Passage, ...]:
    """Cut a document into passages of 300 to 900 characters where its headings, lists and pages let it; shorter where they do not."""
    found: list[Passage] = []
    path: list[tuple[int, str]] = []
    begun: list[_Piece] = []

    def end() -> None:
        if begun:
            titles = tuple(title for _, title in path)
            found.append(_passage(len(found), titles, begun))
            begun.clear()

    for unit in document.units:
        if unit.kind is UnitKind.HEADING:
            end()
            path = [one for one in path if one[0] < unit.level]
            path.append((unit.level, unit.text))
            continue
        for piece in _pieces(unit):
            if begun and not _fits(begun, piece):
                end()
            begun.append(piece)
    end()
    return tuple(found)


def _fits(begun: Sequence[_Piece], piece: _Piece) -> bool:
    """Tell whether a piece goes on with a passage: what leads into a list or table goes with it."""
    length = sum(len(one.text) for one in begun)
    last = begun[-1]
    if piece.goes_on or piece.page != last.page or length + len(piece.text) > MOST:
        return False
    is_led = last.kind is UnitKind.PARAGRAPH and (len(last.text) < 100 or last.text.endswith(":"))
    return length < FEWEST or (is_led and piece.kind is not UnitKind.PARAGRAPH)


def _passage(number: int, titles: tuple[str, ...], pieces: Sequence[_Piece]) -> Passage:
    kinds = [piece.kind for piece in pieces]
    return Passage(
        number=number,
        title_path=titles,
        text="\n".join(piece.text for piece in pieces),
        page=pieces[0].page,
        boxes=tuple(box for piece in pieces for box in piece.boxes),
        kind=max(set(kinds), key=lambda kind: sum(len(one.text) for one in pieces if one.kind is kind)),
    )


def _pieces(unit: Unit) -> Iterator[_Piece]:
    """Yield a unit in pieces that a passage can hold."""
    rows = unit.text.split("\n")
    if unit.kind is UnitKind.TABLE and (len(unit.text) > MOST or len(rows) > _ROWS + 1):
        yield from _of_table(unit, rows)
    elif len(unit.text) <= MOST:
        yield _Piece(unit.text, unit.page, unit.boxes, unit.kind)
    else:
        is_listed = unit.kind is UnitKind.LIST or len(rows) > 1  # items, or lines of code
        parts = rows if is_listed else _SENTENCES.split(unit.text)
        glue = "\n" if is_listed else " "
        for some in _together(_short(parts), MOST):
            yield _Piece(glue.join(some), unit.page, unit.boxes, unit.kind)


def _of_table(unit: Unit, rows: Sequence[str]) -> Iterator[_Piece]:
    """Yield a long table in runs of rows, each under the header."""
    has_header = not any(
        map(str.isdigit, rows[0].split(" | ")[0])
    )  # a table that goes on from the page before has none
    header = [rows[0][: MOST // 3]] if has_header else []
    first = len(header)
    # A header that was taken over from the page before stands nowhere on this one: it has the place of the first row.
    above = unit.boxes[:first] if unit.boxes[:1] != unit.boxes[1:2] else ()
    most = MOST - len("".join(header))
    parts = [(part, at) for at, row in enumerate(rows[first:], first) for part in _short([row], most - 1)]
    done = 0
    for some in _together([part for part, _ in parts], most, most_parts=_ROWS):
        boxes = unit.boxes
        if len(boxes) == len(rows):
            ats = sorted({at for _, at in parts[done : done + len(some)]})
            boxes = (*above, *(unit.boxes[at] for at in ats))
        yield _Piece("\n".join([*header, *some]), unit.page, boxes, unit.kind, goes_on=done > 0)
        done += len(some)


def _short(parts: Sequence[str], most: int = MOST // 2) -> Iterator[str]:
    """Yield parts, those that are too long cut, between words where there are any."""
    for part in parts:
        rest = part
        while len(rest) > most:
            end = rest.rfind(" ", most // 2, most)
            end = most if end < 0 else end
            yield rest[:end]
            rest = rest[end:].removeprefix(" ")
        yield rest


def _together(
    parts: Sequence[str] | Iterator[str], most: int, *, most_parts: int = MOST
) -> Iterator[list[str]]:
    begun: list[str] = []
    for part in parts:
        if begun and (sum(map(len, begun)) + len(begun) + len(part) > most or len(begun) >= most_parts):
            yield begun
            begun = []
        begun.append(part)
    if begun:
        yield begun
