"""A model's words as they come, put together to whole sentences with the passages they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST_SENTENCE: Final = 1500
"""What runs on longer without an end is no sentence; it is given out as it is and fails its verification."""
_CITED: Final = re.compile(r"\s*\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]")
_END: Final = re.compile(r"[.!?。][\"'\u201d\u2019)*_]*(?:\s*\[[\d,; ]+\])*[.。]?(?=\s+[^\s\[])|\n+")
_NO_END: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|No|Fig|Tab|Sec|vs|max|min|cf|p|pp)|^\W*\d{1,2}|\n\W*\d{1,2})\.$",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"\*\*|__|^\s*(?:#{1,6}\s+|[-*•]\s+|\d{1,2}[.)]\s+)")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a model."""

    text: str
    """Without the numbers it cites."""
    cited: tuple[int, ...]
    """The numbers of passages as the model was given them, from 1."""


class SentenceStream:
    """Takes pieces in and gives sentences out, each once it is whole."""

    def __init__(self) -> None:
        self._buffer = ""

    def add(self, piece: str) -> Iterator[Said]:
        """Take in a piece; yield the sentences it completes."""
        self._buffer += piece
        while (end := self._end()) is not None:
            whole, self._buffer = self._buffer[:end], self._buffer[end:]
            yield from _said(whole)

    def rest(self) -> Iterator[Said]:
        """Yield what is left when nothing more comes."""
        whole, self._buffer = self._buffer, ""
        yield from _said(whole)

    def _end(self) -> int | None:
        for match in _END.finditer(self._buffer):
            if not _NO_END.search(self._buffer[: match.end()]):
                return match.end()
        return LONGEST_SENTENCE if len(self._buffer) > LONGEST_SENTENCE else None


def _said(whole: str) -> Iterator[Said]:
    cited = tuple(int(number) for match in _CITED.finditer(whole) for number in re.findall(r"\d+", match[1]))
    text = _MARKUP.sub("", " ".join(_CITED.sub("", whole).split())).strip()
    if any(sign.isalnum() for sign in text):
        yield Said(text, tuple(dict.fromkeys(cited)))
