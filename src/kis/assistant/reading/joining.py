"""Ends of lines: what belongs together is joined as the writer meant it.

In English a line ends between words or at a hyphen. Korean lines may end inside a word. Where the document leaves spaces at its line ends they tell;
else the words of the document decide: a word that stands elsewhere as one is one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kis.assistant.reading.lines import HYPHEN, Line

_WORD: Final = re.compile(r"[a-z]+|[가-힣]+")
_FIRST: Final = re.compile(r"[A-Za-z가-힣]+")
_LAST: Final = re.compile(r"[A-Za-z가-힣]+(?=-?$)")
_HANGUL: Final = re.compile(r"[가-힣]")
_DIVIDED: Final = re.compile(rf"([A-Za-z가-힣]*){HYPHEN}([A-Za-z가-힣]*)")
_TELLING_SHARE: Final = 0.15
"""So many line ends with a space, and the missing ones mean something; producers leave all of them or none."""
_FEW: Final = 10
"""Lines of prose that do not tell yet how a document ends its lines: then those of its cells count as well."""
_NUMBERS: Final = re.compile(r"\d{1,2}(?: \d{1,2})*")
"""What stands by itself in a drawing."""
_BEHIND: Final = re.compile(r"[(\d]")
_TIGHT: Final = ("-", "–", "/")
"""What a line may end with where no space stands before it nor after it."""
_PARTICLES: Final = tuple("은는을를이가의에로와과도고며면다")
"""Most words that end so are whole."""


@dataclass(frozen=True, slots=True)
class Joiner:
    """Joins lines by what one document shows about its line ends."""

    words: frozenset[str]
    has_spaces: bool

    @classmethod
    def of(cls, lines: Sequence[Line], cells: Iterable[Sequence[Line]] = ()) -> "Joiner":
        """Return how the document of ``lines`` and of these cells of tables ends its lines."""
        written = list(cells)
        ends = [*lines, *([] if len(lines) > _FEW else (line for cell in written for line in cell[:-1]))]
        closed = sum(not line.is_open for line in ends)
        words = {word for line in lines for word in _inner(line.text)}
        for cell in written:
            for line in cell:
                words.update(_inner(line.text) if len(cell) > 1 else _words(line.text))
        return cls(frozenset(words), has_spaces=closed > _TELLING_SHARE * len(ends))

    def joined(self, lines: Iterable[Line]) -> str:
        """Return the text of lines that follow each other."""
        text, was_open = "", False
        for line in lines:
            text = self._two(text, line.text, is_open=was_open) if text else line.text
            was_open = line.is_open
        return self.settled(text)

    def settled(self, text: str) -> str:
        """Return a text whose words that were divided at ends of lines are whole."""
        if HYPHEN not in text:
            return text
        return _DIVIDED.sub(lambda found: self._hyphenated(found[1], found[2]), text)

    def _two(self, before: str, after: str, *, is_open: bool) -> str:
        first, last = _FIRST.match(after), _LAST.search(before, before.rfind(" ") + 1)
        if before.endswith(HYPHEN):
            return before + after
        if before.endswith("-") and last and first:
            return before[: -len(last[0]) - 1] + self._hyphenated(last[0], first[0]) + after[len(first[0]) :]
        if before.endswith(_TIGHT) and before[-2:-1].isalnum():
            return before + after
        if not (is_open and _HANGUL.search(before[-1:]) and _HANGUL.search(after[:1]) and first and last):
            is_cut = is_open and self.has_spaces and not _NUMBERS.fullmatch(before)
            is_cut = is_cut and _are_one(before[-1:], after[:1])
            return before + after if is_cut else f"{before} {after}"
        return before + after if self._is_one(last[0], first[0]) else f"{before} {after}"

    def _hyphenated(self, last: str, first: str) -> str:
        """Undo a hyphen that only the end of the line made; names, codes and what is made of two words keep theirs."""
        is_capital = last[:1].isupper() and (last[1:].islower() or not last[1:]) and first.islower()
        if is_capital and (last + first).lower() in self.words:
            return last + first
        is_compound = last + first not in self.words and {last, first} <= self.words
        if is_compound or not (last.islower() and first.islower()):
            return f"{last}-{first}"
        return last + first

    def _is_one(self, last: str, first: str) -> bool:
        if self.has_spaces or last + first in self.words:
            return True
        return last not in self.words and not last.endswith(_PARTICLES)


def _are_one(last: str, first: str) -> bool:
    """Tell whether Korean goes on with a figure or what stands in brackets, or a figure with its Korean unit."""
    return bool((_HANGUL.match(last) and _BEHIND.match(first)) or (last.isdigit() and _HANGUL.match(first)))


def _inner(text: str) -> list[str]:
    """Return the words of a line but its last one, which may go on."""
    return _words(text[: max(text.rfind(" "), 0)])


def _words(text: str) -> list[str]:
    """Return whole words: the parts of one that was divided are none."""
    return _WORD.findall((_DIVIDED.sub(" ", text) if HYPHEN in text else text).lower())
