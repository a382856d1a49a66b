"""What the selection stage works with: the state of one selection, and the breaker of a request line (rules ``selection.*``)."""

from dataclasses import dataclass, field

from kis.catalog import Breaker, BreakerKind, Catalog, Grade
from kis.estimator.findings import Finding, Severity
from kis.estimator.naming import decode
from kis.estimator.problem import (
    Network,
)
from kis.estimator.request import BranchRequest, MainRequest, PanelRequest
from kis.estimator.rulebook import Rulebook
from kis.estimator.stages.choice import Wanted, by_model, choose, nearest
from kis.platform.messages import Message


@dataclass(slots=True)
class Work:
    """The state of one selection: what was asked, what is known, what was found so far."""

    index: int
    panel: PanelRequest
    catalog: Catalog
    rules: Rulebook
    network: Network
    make: str
    findings: list[Finding] = field(default_factory=list)
    missing: int = 0

    @property
    def path(self) -> str:
        """Return where the panel stands in the request."""
        return f"panels[{self.index}]"

    def say(self, code: str, severity: Severity, where: str, rule: str, **values: object) -> None:
        """Record a finding at ``where`` in the request."""
        message = Message(f"selection.{code}", values)
        self.findings.append(
            Finding(code=f"selection.{code}", severity=severity, message=message, rule=rule, where=where)
        )


def find_breaker(
    work: Work,
    line: MainRequest | BranchRequest,
    where: str,
    kind: BreakerKind | None,
    voltage: int,
    *,
    modular: bool,
) -> Breaker | None:
    """Return the breaker of a request line, by its model name or by the selection rules; None with a finding where there is none."""
    sensitivity = getattr(line, "sensitivity_ma", None) or work.rules.selection.default_sensitivity.value
    if line.model is not None:
        return _named(work, line, where, kind, sensitivity)
    if kind is None or line.poles is None:
        return None
    wanted = Wanted(
        kind=kind,
        poles=line.poles,
        rating_a=line.rating_a,
        make=line.make or work.make,
        frame_af=line.frame_af,
        asked_grade=Grade(line.grade) if line.grade else None,
        panel_grade=Grade(work.panel.grade),
        sensitivity_ma=sensitivity,
        breaking_ka=work.panel.short_circuit_ka,
        voltage=voltage,
        modular=modular,
    )
    breaker = choose(wanted, work.catalog, work.rules)
    if breaker is None:
        _say_missing(work, wanted, where, line)
    return breaker


def _say_missing(work: Work, wanted: Wanted, where: str, line: MainRequest | BranchRequest) -> None:
    work.missing += getattr(line, "quantity", 1)
    found = nearest(wanted, work.catalog, work.rules)
    nearest_text = (
        tuple(
            Message(
                "selection.alternative",
                {"model": item.breaker.model, "poles": item.breaker.poles, "rating_a": item.rating_a},
            )
            for item in found
        )
        if found
        else Message("selection.no_alternative")
    )
    work.say(
        "no_such_breaker",
        Severity.VIOLATION,
        where,
        "selection.nearest",
        make=wanted.make,
        kind=wanted.kind.value,
        poles=wanted.poles,
        rating_a=wanted.rating_a,
        frame="" if wanted.frame_af is None else f" {wanted.frame_af}AF",
        breaking="" if wanted.breaking_ka is None else f" {wanted.breaking_ka} kA",
        nearest=nearest_text,
    )


def _named(
    work: Work, line: MainRequest | BranchRequest, where: str, kind: BreakerKind | None, sensitivity_ma: int
) -> Breaker | None:
    """Return the breaker a request names, after checking that the name agrees with the rest of the line."""
    model = line.model or ""
    rows = by_model(model, line.rating_a, sensitivity_ma, work.catalog)
    if not rows:
        decoded = decode(model)
        if decoded is None:
            says: Message = Message("selection.name_unreadable")
        else:
            values = {
                "make": decoded.make,
                "kind": decoded.kind.value,
                "frame_af": decoded.frame_af,
                "poles": decoded.poles,
            }
            says = Message("selection.name_reads", values)
        work.missing += getattr(line, "quantity", 1)
        work.say(
            "unknown_model", Severity.VIOLATION, f"{where}.model", "selection.order", model=model, says=says
        )
        return None
    breaker = rows[0]
    clashes: list[tuple[str, object, object]] = [
        (name, asked, had)
        for name, asked, had in (
            ("kind", kind.value if kind else None, breaker.kind.value),
            ("poles", line.poles, breaker.poles),
            ("make", line.make, breaker.make),
        )
        if asked is not None and asked != had
    ]
    if line.rating_a not in breaker.ratings_a:
        clashes.append(("rating_a", line.rating_a, "/".join(map(str, breaker.ratings_a))))
    for name, asked, had in clashes:
        work.say(
            "model_contradicts",
            Severity.VIOLATION,
            f"{where}.{name}",
            "selection.order",
            model=breaker.model,
            field=name,
            asked=asked,
            had=had,
        )
    if clashes:
        work.missing += getattr(line, "quantity", 1)
        return None
    return breaker
