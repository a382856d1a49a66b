"""What a stage has to say: findings, reasons and gates. Data only; a face renders the messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from kis.platform.messages import Message

Figure = int | Decimal | Fraction | str | bool | None


class Severity(StrEnum):
    """How much a finding weighs. Only violations stop a quotation."""

    VIOLATION = "violation"
    WARNING = "warning"
    RECOMMENDATION = "recommendation"
    INFORMATION = "information"


class Verdict(StrEnum):
    """What a gate says."""

    PASS = "pass"
    REMARK = "remark"
    FAIL = "fail"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: its code, weight, figure against limit, and the rule it rests on."""

    code: str
    severity: Severity
    message: Message
    rule: str
    figure: Figure = None
    limit: Figure = None
    unit: str = ""
    where: str = ""
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Because:
    """Why a number is what it is: the rule that made it and the inputs it took."""

    rule: str
    inputs: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A failing gate that a person took on themselves. ``panel`` is empty for a gate of the whole quotation."""

    gate: str
    panel: str
    accepted_by: str
    accepted_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A gate as data: what was measured against which limit, by which rule, and what that means."""

    id: str
    measured: Figure
    operator: str
    limit: Figure
    unit: str
    verdict: Verdict
    explanation: Message
    rule: str
    inputs: Mapping[str, Figure] = field(default_factory=dict)
    acceptance: Acceptance | None = None
    """Who took a failing gate on themselves; its verdict is then a remark."""

    @property
    def stage(self) -> str:
        """Return the stage the gate belongs to."""
        return self.id.partition(".")[0]
