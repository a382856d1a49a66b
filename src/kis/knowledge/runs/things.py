"""A run: an import or a bulk operation over many rows, its caller, and what became of each row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from kis.identity import Permission, Principal, Role, Via
from kis.platform.errors import BadInput, KisError, Problem
from kis.platform.messages import LOCALES

IMPORT: Final = "import"
JOB: Final = "knowledge.run"
"""The kind of the jobs that work through runs."""
EVERYWHERE: Final = "everywhere"
"""Among the options of a run: it is one over the whole installation."""
MOST_ROWS: Final = 20_000


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


class RunStatus(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED: Final = (RunStatus.QUEUED, RunStatus.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as a face shows it. ``outcomes`` counts its rows by what became of them."""

    id: UUID
    kind: str
    name: str
    status: RunStatus
    total: int
    done: int
    failed: int
    outcomes: Mapping[str, int]
    is_dry: bool
    """Nothing is written but what would become of each row."""
    error: Mapping[str, Any] | None
    started_by: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row as a face shows it; without an outcome it is still to be done. ``problems`` say a thing in every language."""

    number: int
    name: str
    outcome: Outcome | None
    article_id: UUID | None
    problems: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing of a run that is still to be done."""

    number: int
    name: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a row."""

    number: int
    outcome: Outcome
    article_id: UUID | None = None
    problems: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """A row to be written; with an outcome where it is known already."""

    name: str
    content: Mapping[str, Any]
    outcome: Outcome | None = None
    problems: tuple[Mapping[str, str], ...] = field(default=())


def stored_problem(problem: Problem) -> dict[str, str]:
    """Return a problem as rows keep it: where, and the sentence in every language."""
    return {"path": problem.path, **{locale: problem.message.text(locale) for locale in LOCALES}}


def stored_problems(name: str, error: KisError) -> tuple[dict[str, str], ...]:
    """Return what an error says about the row called ``name``."""
    problems: Sequence[Problem] = error.problems if isinstance(error, BadInput) else ()
    if problems:
        return tuple(
            stored_problem(Problem(f"{name} {problem.path}".strip(), problem.message)) for problem in problems
        )
    told = stored_problem(Problem(name, error.message))
    if error.hint is not None:
        hint = error.hint
        told |= {locale: f"{told[locale]} {hint.text(locale)}" for locale in LOCALES}
    return (told,)


def kept(principal: Principal) -> dict[str, Any]:
    """Return a caller as a run keeps them: with their rights of the moment they asked."""
    return {
        "role": principal.role.value,
        "permissions": sorted(permission.value for permission in principal.permissions),
        "via": principal.via.value,
        "user_id": None if principal.user_id is None else str(principal.user_id),
        "key_id": None if principal.key_id is None else str(principal.key_id),
        "name": principal.name,
        "address": principal.address,
    }


def caller_of(organization_id: UUID, given: Mapping[str, Any]) -> Principal:
    """Return the caller that a run keeps."""
    return Principal(
        organization_id=organization_id,
        role=Role(given["role"]),
        permissions=frozenset(Permission(name) for name in given["permissions"]),
        via=Via(given["via"]),
        user_id=None if given["user_id"] is None else UUID(given["user_id"]),
        key_id=None if given["key_id"] is None else UUID(given["key_id"]),
        name=given["name"],
        address=given["address"],
    )
