"""A check: one question to a drawn panel, answered with findings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from kis.estimator.checks.context import CheckContext
from kis.estimator.findings import Figure, Finding, Severity
from kis.platform.messages import Message


class Topic(StrEnum):
    """What a check is about; the gates count their violations by it."""

    CLEARANCE = "clearance"
    ORDER = "order"
    CIRCUITS = "circuits"
    THERMAL = "thermal"
    SAFETY = "safety"
    SURROUNDINGS = "surroundings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A detector with its id; its findings carry the code ``critic.<id>``. ``on_rails``: it also applies to rail panels."""

    id: str
    topic: Topic
    evaluate: Callable[[CheckContext], Iterable[Finding]]
    on_rails: bool = True

    @property
    def code(self) -> str:
        """Return the code of this check's findings."""
        return f"critic.{self.id}"


def found(
    text: str,
    severity: Severity,
    rule: str,
    *,
    figure: Figure = None,
    limit: Figure = None,
    unit: str = "",
    where: str = "",
    subjects: tuple[str, ...] = (),
    **values: object,
) -> Finding:
    """Return a finding. ``text`` names its sentence, ``<check>`` or ``<check>.<variant>``, which may show every value given."""
    shown = {
        "figure": figure,
        "limit": limit,
        "unit": unit,
        "where": where,
        "subjects": ", ".join(subjects),
        **values,
    }
    return Finding(
        code=f"critic.{text.partition('.')[0]}",
        severity=severity,
        message=Message(f"critic.{text}", shown),
        rule=rule,
        figure=figure,
        limit=limit,
        unit=unit,
        where=where,
        subjects=subjects,
    )
