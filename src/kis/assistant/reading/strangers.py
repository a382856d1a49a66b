"""Codes and numbers of a kind that a document has, and not this one: the model R8 where there are R4 and R6, message 88 where there are others."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

_CODE: Final = re.compile(r"([a-z]{1,4})-?\d{1,4}[a-z]{0,2}")
_NUMBER: Final = re.compile(r"\d{1,4}")
_NUMBERED: Final = frozenset(
    [
        "alarm",
        "channel",
        "code",
        "error",
        "fault",
        "message",
        "parameter",
        "program",
        "programme",
        "경보",
        "메시지",
        "알람",
        "에러",
        "오류",
        "채널",
        "코드",
        "파라미터",
        "프로그램",
    ]
)
"""What is told apart by its number."""
_FEWEST: Final = 2
"""So many codes that begin alike are a kind."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """How many codes of a document begin with the same letters."""

    by_letters: Mapping[str, int]

    @classmethod
    def of(cls, terms: Iterable[str]) -> "Kinds":
        """Count those of a document's terms that are codes."""
        found: dict[str, int] = {}
        for term in terms:
            if code := _CODE.fullmatch(term):
                found[code[1]] = found.get(code[1], 0) + 1
        return cls(found)

    def strangers(self, pieces: Sequence[str], known: AbstractSet[str]) -> frozenset[str]:
        """Return those words of a question that are of a kind the document has, and none it has; ``known``: its terms."""
        return frozenset(
            piece for at, piece in enumerate(pieces) if piece not in known and self._is_of_a_kind(pieces, at)
        )

    def _is_of_a_kind(self, pieces: Sequence[str], at: int) -> bool:
        if code := _CODE.fullmatch(pieces[at]):
            return self.by_letters.get(code[1], 0) >= _FEWEST
        return at > 0 and pieces[at - 1] in _NUMBERED and _NUMBER.fullmatch(pieces[at]) is not None
