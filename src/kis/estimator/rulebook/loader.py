"""Loading rulebooks: the one named, or of several the one in force on a day; and taking them in and handing them out.

A rulebook is used whole or not at all. What is wrong with a file is told at once, every fault with its line.
Files are named ``<id>-<version>.yaml``; one that has been taken in is never overwritten, because quotations name it.
"""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from kis.estimator.rulebook.document import Document, read_document
from kis.estimator.rulebook.faults import schema_problems
from kis.estimator.rulebook.lint import LintSeverity, lint_rulebook
from kis.estimator.rulebook.schema import Rulebook
from kis.platform.errors import BadInput, NotFound, Problem
from kis.platform.messages import Message

SHIPPED: Final = Path(__file__).parent / "data"


def load_rulebook(path: Path | None = None, on: date | None = None) -> Rulebook:
    """Return the rulebook of the file ``path``; of a folder (by default the shipped one) that in force on the day ``on``.

    Without a day it is the newest. A file that is named is taken whatever the day: an old quotation keeps its rules.
    Raises NotFound, or BadInput with every problem.
    """
    return _choose(path, on)[1]


def rulebook_bytes(path: Path | None, rulebook: Rulebook) -> bytes:
    """Return the file ``rulebook`` was read from: the one at ``path``, or in that folder (the shipped one) the one with its name."""
    if path is not None and not path.is_dir():
        return _content(path)
    return _content((path or SHIPPED) / _file_name(rulebook))


def rulebook_from_bytes(name: str, content: bytes) -> Rulebook:
    """Return the rulebook in ``content``; ``name`` stands in what is wrong with it. Raises BadInput with every problem."""
    return _parsed(name, content)


def shipped_rulebooks() -> tuple[Rulebook, ...]:
    """Return all rulebooks that come with KIS, oldest first."""
    return tuple(rulebook for _, rulebook in _folder(SHIPPED))


def import_rulebook(source: Path, directory: Path) -> Path:
    """Check the rulebook of the file ``source`` and put it into ``directory`` in one step; return where it is.

    Raises BadInput for a faulty file, and when ``directory`` holds another content under the same id and version.
    """
    content = _content(source)
    rulebook = _parsed(_name(source), content)
    target = directory / _file_name(rulebook)
    with _written_beside(target, content) as written:
        try:
            os.link(written, target)  # unlike a rename, this never replaces what is there
        except FileExistsError as error:
            if target.read_bytes() != content:
                taken = Message("rulebook.version_taken", {"id": rulebook.id, "version": rulebook.version})
                raise BadInput(_name(source), [Problem("version", taken)]) from error
    return target


def export_rulebook(target: Path, path: Path | None = None, on: date | None = None) -> Path:
    """Write the rulebook that :func:`load_rulebook` would choose to ``target`` (a file, or an existing folder), byte for byte."""
    source, rulebook = _choose(path, on)
    place = target / _file_name(rulebook) if target.is_dir() else target
    with _written_beside(place, source.read_bytes()) as written:
        written.replace(place)
    return place


def _choose(path: Path | None, on: date | None) -> tuple[Path, Rulebook]:
    if path is not None and not path.is_dir():
        return path, _parsed(_name(path), _content(path))
    folder = SHIPPED if path is None else path
    fitting = [entry for entry in _folder(folder) if on is None or _is_in_force(entry[1], on)]
    if not fitting:
        day = Message("rulebook.on_any_day") if on is None else on.isoformat()
        place = Message("rulebook.shipped") if folder == SHIPPED else _name(folder)
        raise NotFound(Message("rulebook.none_in_force", {"folder": place, "day": day}))
    return fitting[-1]


def _folder(folder: Path) -> list[tuple[Path, Rulebook]]:
    """Return the rulebooks of ``folder`` with their files, in the order in which each takes over from the one before."""
    files = sorted(folder.glob("*.yaml"))
    entries = [(file, _parsed(_name(file), _content(file))) for file in files]
    entries.sort(key=lambda entry: _takes_over(entry[1]))
    for (_, first), (file, second) in pairwise(entries):
        if _takes_over(first) == _takes_over(second):
            values = {"first": first.id, "second": second.id, "version": second.version}
            raise BadInput(_name(file), [Problem("valid_from", Message("rulebook.same_start", values))])
    return entries


def _takes_over(rulebook: Rulebook) -> tuple[date, tuple[tuple[int, str], ...]]:
    """Order by first day, then by version with its numbers read as numbers (2026.11.10 after 2026.11.9)."""
    parts = re.findall(r"[0-9]+|[^0-9]+", rulebook.version)
    return rulebook.valid_from, tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def _is_in_force(rulebook: Rulebook, on: date) -> bool:
    return rulebook.valid_from <= on and (rulebook.valid_to is None or on <= rulebook.valid_to)


def _name(path: Path) -> str:
    """Return how a place is named in messages: as the caller gave it, what is shipped by its last name alone."""
    return path.name if path.is_relative_to(SHIPPED) else str(path)


def _file_name(rulebook: Rulebook) -> str:
    return f"{rulebook.id}-{rulebook.version}.yaml"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        values = {"path": _name(path), "detail": error.strerror or ""}
        raise NotFound(Message("rulebook.not_readable", values)) from error


@contextmanager
def _written_beside(target: Path, content: bytes) -> Iterator[Path]:
    """Lend a file next to ``target`` that holds ``content`` and has reached the disk; it is gone afterwards."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".incoming")
    except OSError as error:
        values = {"path": str(target), "detail": error.strerror or ""}
        raise NotFound(Message("rulebook.not_writable", values)) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)  # a temporary file is for its owner alone; a rulebook is for all to read
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


@lru_cache(maxsize=16)
def _parsed(name: str, content: bytes) -> Rulebook:
    document = read_document(name, content)
    problems = [*document.problems, *_digest_given(document)]
    rulebook = _validated(document, problems) if document.is_whole else None
    if rulebook is not None:
        problems += _contradictions(document, rulebook)
    if rulebook is None or problems:
        raise BadInput(name, problems)
    return rulebook.model_copy(update={"digest": sha256(content).hexdigest()})


def _validated(document: Document, problems: list[Problem]) -> Rulebook | None:
    """Return the rulebook in ``document``, or None after adding to ``problems`` what was not said of the same place before."""
    try:
        # Through JSON, because only there a strict reading takes a list for a tuple and text for a date.
        return Rulebook.model_validate_json(json.dumps(document.data), strict=True)
    except ValidationError as error:
        said = {problem.path for problem in problems}
        problems += [problem for problem in schema_problems(document, error) if problem.path not in said]
    return None


def _digest_given(document: Document) -> tuple[Problem, ...]:
    if isinstance(document.data, dict) and "digest" in document.data:
        return (document.problem(("digest",), Message("rulebook.digest_given")),)
    return ()


def _contradictions(document: Document, rulebook: Rulebook) -> list[Problem]:
    return [
        document.problem(tuple(finding.rule_id.split(".", 1)), finding.message)
        for finding in lint_rulebook(rulebook)
        if finding.severity is LintSeverity.ERROR
    ]
