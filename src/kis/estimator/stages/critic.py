"""Stage critic: an independent checker looks at the finished drawing.

Every check works from the drawing and the request alone; this stage runs them, tells which did not apply, and sums up what
they found as gates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kis.catalog import Catalog
from kis.estimator.checks import (
    CHECKS,
    BusbarReport,
    Check,
    CheckContext,
    HeatReport,
    MainUnbalance,
    Topic,
    examine,
    found,
)
from kis.estimator.checks.plate import least_door_clearance
from kis.estimator.design import PanelDesign
from kis.estimator.findings import Finding, Gate, Severity, Verdict
from kis.estimator.rulebook import Rulebook
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Criticism:
    """What the critic has to say about a panel."""

    findings: tuple[Finding, ...]
    heat: HeatReport
    busbars: tuple[BusbarReport, ...]
    unbalance: tuple[MainUnbalance, ...]
    gates: tuple[Gate, ...]

    @property
    def violations(self) -> tuple[Finding, ...]:
        """Return what stops the quotation."""
        return _violations(self.findings)


def criticise(design: PanelDesign, rules: Rulebook, catalog: Catalog) -> Criticism:
    """Check a designed panel anew, from its drawing and its request."""
    context = examine(
        problem=design.problem,
        drawing=design.drawing,
        enclosure=design.enclosure,
        reported=design.phases,
        rules=rules,
        catalog=catalog,
    )
    return judge(context)


def judge(context: CheckContext) -> Criticism:
    """Run every check that applies and draw the gates from what it found."""
    applying = [check for check in CHECKS if check.on_rails or not context.on_rails]
    by_topic: dict[Topic, list[Finding]] = {topic: [] for topic in Topic}
    findings: list[Finding] = []
    for check in applying:
        made = tuple(check.evaluate(context))
        findings += made
        by_topic[check.topic] += made
    findings += _left_out([check for check in CHECKS if check not in applying])
    gates = (
        _count_gate("breaker.clearance", by_topic[Topic.CLEARANCE], "layout.body_gap"),
        _count_gate("breaker.thermal", by_topic[Topic.THERMAL], "critic.temperature_rise"),
        _count_gate("critic.violations", findings, "gates.critic.violations"),
        _door_gate(context),
    )
    return Criticism(
        findings=tuple(findings),
        heat=context.heat,
        busbars=context.busbars,
        unbalance=context.unbalance,
        gates=gates,
    )


def _violations(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity is Severity.VIOLATION)


def _left_out(checks: Sequence[Check]) -> list[Finding]:
    """Say which checks have nothing to look at on a rail panel."""
    if not checks:
        return []
    names = tuple(Message(f"critic.names.{check.id}") for check in checks)
    return [
        found("not_applicable", Severity.INFORMATION, "layout.rail_pitch", figure=len(checks), checks=names)
    ]


def _count_gate(name: str, findings: Sequence[Finding], rule: str) -> Gate:
    """Return the gate that no violation is among ``findings``; it names the checks that found some, with their number.

    Its rule is that of the first violation, ``rule`` where there is none.
    """
    broken = _violations(findings)
    counts: dict[str, int] = {}
    for finding in broken:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    topic = name.replace(".", "_")
    named = tuple(
        Message(
            "critic.gates.counted",
            {"check": Message(f"critic.names.{code.partition('.')[2]}"), "count": count},
        )
        for code, count in counts.items()
    )
    return Gate(
        id=name,
        measured=len(broken),
        operator="=",
        limit=0,
        unit="",
        verdict=Verdict.FAIL if broken else Verdict.PASS,
        explanation=Message(
            f"critic.gates.{topic}.{'fail' if broken else 'pass'}", {"count": len(broken), "checks": named}
        ),
        rule=broken[0].rule if broken else rule,
        inputs=dict(counts),
    )


def _door_gate(context: CheckContext) -> Gate:
    """Return the gate on the clearance between the foremost part and the door."""
    limit = context.rules.enclosure.door_clearance.value
    measured = least_door_clearance(context)
    if measured is None:
        clearance, part, verdict = None, "", Verdict.NOT_CHECKED
    else:
        clearance, part = measured
        verdict = Verdict.PASS if clearance >= limit else Verdict.FAIL
    unknown = sum(item.z1 is None for item in context.inner_parts)
    text = "unverified" if verdict is Verdict.PASS and unknown else verdict.value
    values = {
        "clearance": clearance,
        "part": part,
        "limit": limit,
        "depth": context.drawing.depth_mm,
        "unknown": unknown,
    }
    return Gate(
        id="enclosure.door_clearance",
        measured=clearance,
        operator=">=",
        limit=limit,
        unit="mm",
        verdict=verdict,
        explanation=Message(f"critic.gates.enclosure_door_clearance.{text}", values),
        rule="enclosure.door_clearance",
        inputs={"depth_mm": context.drawing.depth_mm, "part": part, "unknown_depths": unknown},
    )
