"""Questions on a manual, from a file of JSON lines: what is wrong with it is told line by line, all at once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

MOST_LINES: Final = 100_000
MOST_BYTES: Final = 100_000_000
MOST_PROBLEMS: Final = 50
LONGEST_QUESTION: Final = 2_000


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question with the pages that answer it; with none it cannot be answered."""

    id: str
    text: str
    pages: frozenset[int]
    kind: str = ""

    @property
    def is_answerable(self) -> bool:
        """Tell whether the manual answers it."""
        return bool(self.pages)


def load_questions(path: Path, *, pages: int) -> tuple[PageQuestion, ...]:
    """Return the questions of a file about a manual of ``pages`` pages. Raises BadInput with each line that is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(
                str(path), [Problem("", Message("assistant_reading.too_large", {"most": MOST_BYTES}))]
            )
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        wrong = Message("assistant_reading.unreadable", {"reason": error.strerror or "?"})
        raise BadInput(str(path), [Problem("", wrong)]) from None
    except UnicodeDecodeError:
        raise BadInput(str(path), [Problem("", Message("assistant_reading.not_utf8"))]) from None
    questions: list[PageQuestion] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines()[:MOST_LINES], 1):
        if not line.strip():
            continue
        read = _read(line, number)
        wrong_ones = list(_wrong(read, pages))
        problems += [Problem(f"{path.name}:{number}", one) for one in wrong_ones]
        if not wrong_ones:
            questions.append(_question(read, number))
    if not questions and not problems:
        problems = [Problem(path.name, Message("assistant_reading.no_question"))]
    if problems:
        raise BadInput(str(path), problems[:MOST_PROBLEMS])
    return tuple(questions)


def _read(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return number


def _wrong(read: Any, pages: int) -> Iterator[Message]:
    if not isinstance(read, dict):
        yield Message("assistant_reading.not_object")
        return
    question = read.get("question")
    if not isinstance(question, str) or not 0 < len(question.strip()) <= LONGEST_QUESTION:
        yield Message("assistant_reading.question", {"most": LONGEST_QUESTION})
    listed = read.get("pages")
    if not isinstance(listed, list) or not all(type(one) is int for one in listed):
        yield Message("assistant_reading.pages")
        return
    if outside := [one for one in listed if not 1 <= one <= pages]:
        yield Message("assistant_reading.outside", {"pages": ", ".join(map(str, outside)), "count": pages})
    answerable = read.get("answerable", bool(listed))
    if not isinstance(answerable, bool) or answerable is not bool(listed):
        yield Message("assistant_reading.answerable")


def _question(read: dict[str, Any], number: int) -> PageQuestion:
    name, kind = read.get("qid"), read.get("kind")
    return PageQuestion(
        id=str(name) if name is not None else str(number),
        text=read["question"].strip(),
        pages=frozenset(read["pages"]),
        kind=str(kind or ""),
    )
