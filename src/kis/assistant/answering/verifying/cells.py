"""Cells of tables that a sentence gives to another row than the one that it names."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from kis.assistant.answering.quantities import codes, plain_code, quantities
from kis.assistant.answering.verifying import polarity
from kis.assistant.answering.verifying.placing import without_digits
from kis.assistant.answering.verifying.synonyms import said_by
from kis.assistant.answering.wording import Word, terms, words

_KEY: Final = re.compile(r"\d{1,3}|[A-Z]")
"""What names a row of a table only with the head of its column."""


def cell_of_another(sentence: str, passage: str) -> str:
    """Return the cell of another row that a sentence gives to the one row that it names in full."""
    if polarity.pointing(sentence).denials:
        return ""
    own = words(without_digits(sentence))
    for rows in _tables(passage):
        named = [row for row in rows if row[0] and _is_said(row[0], own)]
        most = max((len(row[0]) for row in named), default=0)
        named = [row for row in named if len(row[0]) == most]
        if len(named) != 1:
            continue
        rest = [word for word in own if not said_by([word], named[0][0])]
        for row in rows:
            for place, cell in enumerate(row[1:], 1):
                its = named[0][place]
                is_own = (
                    (said_by(its, rest) or _is_said(its, rest)) if its else quantities(sentence)
                )  # a cell of figures
                if row is not named[0] and cell and _is_said(cell, rest) and not is_own:
                    return " ".join(word.surface for word in cell)
    return ""


def cell_of_numbered(sentence: str, passage: str) -> str:
    """Return the cell of another row that a sentence gives to a row that has a number or a sign for its name: tray 2."""
    if polarity.pointing(sentence).denials:
        return ""
    own = words(sentence)
    for lines in _raw_tables(passage):
        head, *rows = lines
        keys = [row[0] for row in rows]
        named = [row for row in rows if _names_key(sentence, head[0], row[0])]
        if len(named) != 1 or len(set(keys)) != len(keys):
            continue
        for place in range(1, len(head)):
            its = named[0][place]
            if quantities(its) or said_by(words(its), own) or not terms(its):
                continue
            for row in rows:
                cell = row[place]
                if row is not named[0] and not quantities(cell) and _is_said(words(cell), own):
                    return cell
    return ""


def _names_key(sentence: str, head: str, key: str) -> bool:
    """Tell whether a sentence names a row that has a number or a letter for its name, with the head of its column: tray 2, 2번 칸."""
    if not _KEY.fullmatch(key):
        return key in codes(sentence) or plain_code(key) in codes(sentence)
    noun = re.escape(head.rsplit(maxsplit=1)[-1]) if head.split() else "(?!)"
    return (
        re.search(
            rf"\b{noun}s? {re.escape(key)}(?!\w|\.\d)|(?<![\w.]){re.escape(key)}(?:번|호)? ?{noun}",
            sentence,
            re.IGNORECASE,
        )
        is not None
    )


@lru_cache(maxsize=256)
def _raw_tables(passage: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return the lines of each table of a passage, cell by cell."""
    tables: list[list[tuple[str, ...]]] = [[]]
    for line in passage.split("\n"):
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if "|" not in line:
            tables.append([])
        elif not tables[-1] or len(tables[-1][0]) == len(cells):
            tables[-1].append(cells)
    return tuple(tuple(lines) for lines in tables if len(lines) > 1)


def _is_said(some: tuple[Word, ...], own: Iterable[Word]) -> bool:
    telling = {word.term for word in some if word.term}
    if not telling:  # a user, a one: by themselves they say nothing, in a cell of their own they do
        light = {word.surface.casefold() for word in some}
        return bool(light) and light <= {word.surface.casefold() for word in own}
    return telling <= said_by(some, own)


@lru_cache(maxsize=256)
def _tables(passage: str) -> tuple[tuple[tuple[tuple[Word, ...], ...], ...], ...]:
    """Return the rows of each table, their cells in words; those with figures are compared as figures."""
    tables: list[list[tuple[tuple[Word, ...], ...]]] = [[]]
    for line in passage.split("\n"):
        if "|" not in line:
            tables.append([])
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not tables[-1] or len(tables[-1][0]) == len(cells):
            told = map(without_digits, cells)
            tables[-1].append(tuple(() if re.search(r"\d", cell) else words(cell) for cell in told))
    return tuple(tuple(rows[1:]) for rows in tables if len(rows) > 1)
