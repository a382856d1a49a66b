"""Question sets: passages, and questions each of which one of them answers. Two files of JSON lines.

    passages.jsonl   {"paragraph_id": "ko-0001", "title": "…", "text": "…"}
    questions.jsonl  {"qid": "ko-q0001", "question": "…", "paragraph_id": "ko-0001"}

Other keys are ignored. Languages are found by the share of Hangul among the letters of a passage; a question has the language of its passage, so that
Korean typed on the Latin layout stays Korean. A question that several passages answer stands on several lines with one ``qid`` and one wording.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search.things import Language

SHIPPED: Final = ("panels",)
"""The sets that come with the program."""
MOST_LINES: Final = 200_000
MOST_CHARACTERS: Final = 1_000_000
"""Of a line: the longest page of an encyclopaedia takes less."""
MOST_PROBLEMS: Final = 100
"""A file of another shape has a problem in each of its lines; the first hundred tell which shape."""
KOREAN_SHARE: Final = 0.2
"""Korean of the trade holds many Latin codes, English seldom a Korean word; a syllable of Hangul stands for two or three letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text to be found."""

    id: str
    title: str
    text: str
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks, and the passages that answer it."""

    id: str
    text: str
    relevant: frozenset[str]
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """Passages and the questions over them."""

    name: str
    passages: tuple[Passage, ...]
    questions: tuple[Question, ...]


def shipped_set(name: str) -> QuestionSet:
    """Return a set that comes with the program. Raises BadInput for a name that none has."""
    if name not in SHIPPED:
        wrong = Message("knowledge_evaluation.no_set", {"names": ", ".join(SHIPPED)})
        raise BadInput("knowledge", [Problem(name, wrong)])
    with as_file(files(__package__) / name) as folder:
        return load_set(folder / "passages.jsonl", folder / "questions.jsonl", name=name)


def load_set(passages: Path, questions: Path, *, name: str) -> QuestionSet:
    """Read a set. Raises BadInput that names every bad line of both files."""
    problems: list[Problem] = []
    known = _passages(passages, problems)
    asked = _questions(questions, known, problems)
    if problems:
        more = len(problems) - MOST_PROBLEMS
        shown = problems[:MOST_PROBLEMS]
        if more > 0:
            shown.append(Problem("", Message("knowledge_evaluation.more", {"count": more})))
        raise BadInput(name, shown)
    return QuestionSet(name=name, passages=tuple(known.values()), questions=tuple(asked))


def language_of(text: str) -> Language:
    """Return the language of a text."""
    letters = [character for character in text if character.isalpha()]
    korean = sum(_is_hangul(character) for character in letters)
    return Language.KO if korean and korean >= KOREAN_SHARE * len(letters) else Language.EN


def _passages(path: Path, problems: list[Problem]) -> dict[str, Passage]:
    found: dict[str, Passage] = {}
    for place, line in _lines(path, problems):
        values = _values(
            line, place, problems, ids=("paragraph_id",), texts=("text",), may_be_empty=("title",)
        )
        if values is None:
            continue
        passage = Passage(
            id=values["paragraph_id"],
            title=values["title"],
            text=values["text"],
            language=language_of(f"{values['title']} {values['text']}"),
        )
        if found.setdefault(passage.id, passage) != passage:
            problems.append(Problem(place, Message("knowledge_evaluation.twice", {"id": passage.id})))
    return found


def _questions(path: Path, passages: Mapping[str, Passage], problems: list[Problem]) -> list[Question]:
    answers: dict[tuple[str, str], dict[str, Language]] = {}
    for place, line in _lines(path, problems):
        values = _values(line, place, problems, ids=("qid", "paragraph_id"), texts=("question",))
        if values is None:
            continue
        passage = passages.get(values["paragraph_id"])
        if passage is None:
            wrong = Message("knowledge_evaluation.no_passage", {"id": values["paragraph_id"]})
            problems.append(Problem(place, wrong))
            continue
        answers.setdefault((values["qid"], values["question"]), {})[passage.id] = passage.language
    return [
        Question(id=qid, text=text, relevant=frozenset(by), language=next(iter(by.values())))
        for (qid, text), by in answers.items()
    ]


def _lines(path: Path, problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    """Yield each line that holds JSON, with its place."""
    count = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                count += 1
                place = f"{path}:{number}"
                if count > MOST_LINES:
                    problems.append(
                        Problem(place, Message("knowledge_evaluation.long_file", {"most": MOST_LINES}))
                    )
                    return
                if len(line) > MOST_CHARACTERS:
                    wrong = Message("knowledge_evaluation.long_line", {"most": MOST_CHARACTERS})
                    problems.append(Problem(place, wrong))
                    continue
                try:
                    yield place, json.loads(line)
                except (ValueError, RecursionError):
                    problems.append(Problem(place, Message("knowledge_evaluation.not_json")))
    except UnicodeDecodeError:
        problems.append(Problem(str(path), Message("knowledge_evaluation.not_utf8")))
    except OSError as error:
        wrong = Message("knowledge_evaluation.unreadable", {"reason": error.strerror or type(error).__name__})
        problems.append(Problem(str(path), wrong))
    else:
        if count == 0:
            problems.append(Problem(str(path), Message("knowledge_evaluation.empty")))


def _values(
    line: Any,
    place: str,
    problems: list[Problem],
    *,
    ids: tuple[str, ...],
    texts: tuple[str, ...],
    may_be_empty: tuple[str, ...] = (),
) -> dict[str, str] | None:
    """Return the keys of a line as texts; None where some cannot be used. An id may be a whole number."""
    names = (*ids, *texts, *may_be_empty)
    if not isinstance(line, dict):
        problems.append(
            Problem(place, Message("knowledge_evaluation.not_object", {"keys": ", ".join(names)}))
        )
        return None
    values: dict[str, str] = {}
    for name in names:
        given = line.get(name)
        if name in ids and isinstance(given, int) and not isinstance(given, bool):
            given = str(given)
        if isinstance(given, str) and _is_storable(given) and (given.strip() or name in may_be_empty):
            values[name] = given
    missing = [name for name in names if name not in values]
    if missing:
        problems.append(Problem(place, Message("knowledge_evaluation.keys", {"keys": ", ".join(missing)})))
        return None
    return values


def _is_storable(text: str) -> bool:
    """Tell whether a database takes the text: JSON can write half a character and a zero."""
    return not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text)


def _is_hangul(character: str) -> bool:
    return "가" <= character <= "힣" or "ㄱ" <= character <= "ㆎ"
