"""Gates of selection and pricing: makes, breaking capacity, prices, discount."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kis.catalog import Breaker
from kis.estimator.findings import Gate, Verdict
from kis.estimator.pricing.line import Line
from kis.estimator.problem import PanelProblem
from kis.estimator.request import EstimateRequest
from kis.estimator.rulebook import Rulebook
from kis.estimator.stages.selection import Selection
from kis.platform.messages import Message


def selection_gates(selection: Selection, rules: Rulebook) -> Iterator[Gate]:
    """Yield the gates of the selection stage: everything found, mains named, one make, kA where it is wanted."""
    missing = selection.missing
    reasons = tuple(
        finding.message
        for finding in selection.findings
        if finding.severity == "violation" and finding.code != "selection.main_not_named"
    )
    yield Gate(
        id="selection.catalog",
        measured=missing,
        operator="=",
        limit=0,
        unit="",
        verdict=Verdict.FAIL if missing else Verdict.PASS,
        explanation=Message("gates.catalog_missing", {"count": missing, "reasons": reasons})
        if missing
        else Message("gates.catalog_found"),
        rule="gates.selection.catalog",
    )
    if selection.unnamed_mains:
        yield Gate(
            id="selection.feeding",
            measured=selection.unnamed_mains,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.FAIL,
            explanation=Message("gates.main_not_named", {"count": selection.unnamed_mains}),
            rule="gates.selection.feeding",
        )
    mixed = len(selection.makes) > rules.selection.makes.value
    yield Gate(
        id="selection.makes",
        measured=len(selection.makes),
        operator="<=",
        limit=rules.selection.makes.value,
        unit="",
        verdict=Verdict.FAIL if mixed else Verdict.PASS,
        explanation=Message(
            "gates.makes_mixed" if mixed else "gates.makes_one", {"makes": ", ".join(selection.makes)}
        ),
        rule="selection.makes",
        inputs={f"make_{index + 1}": make for index, make in enumerate(selection.makes)},
    )
    if selection.problem is not None:
        yield breaking_capacity_gate(selection.problem)


def breaking_capacity_gate(problem: PanelProblem) -> Gate:
    """Judge the least declared kA against the wanted one, each at the voltage across its circuit.

    A figure counts at its own voltage and below; a figure without its voltage is unverified and does not pass.
    """
    wanted = problem.short_circuit_ka
    if wanted is None:
        return _breaking(None, None, Verdict.NOT_CHECKED, Message("gates.breaking_not_wanted"))
    circuits = [(main.breaker, problem.network.line_voltage) for main in problem.mains]
    circuits += [(device.breaker, device.circuit_voltage) for device in problem.devices]
    short = _names(breaker for breaker, voltage in circuits if not _holds(breaker, wanted, voltage))
    unverified = _names(
        breaker for breaker, voltage in circuits if breaker.icu_at_v is None or breaker.icu_ka is None
    )
    least = min((breaker.icu_ka for breaker, _ in circuits if breaker.icu_ka is not None), default=None)
    values = {"wanted": wanted, "models": ", ".join(unverified or short)}
    if unverified:
        return _breaking(least, wanted, Verdict.FAIL, Message("gates.breaking_unverified", values))
    if short:
        return _breaking(least, wanted, Verdict.FAIL, Message("gates.breaking_short", values))
    return _breaking(least, wanted, Verdict.PASS, Message("gates.breaking_holds", values))


def pricing_gates(request: EstimateRequest, lines: Sequence[Line], rules: Rulebook) -> Iterator[Gate]:
    """Yield the gates of the whole quotation: every line priced, the discount within what needs no approval."""
    unpriced = [line for line in lines if not line.priced]
    yield Gate(
        id="pricing.prices",
        measured=len(unpriced),
        operator="=",
        limit=0,
        unit="",
        verdict=Verdict.FAIL if unpriced else Verdict.PASS,
        explanation=Message(
            "gates.unpriced", {"items": tuple({line.item.key: line.item for line in unpriced}.values())}
        )
        if unpriced
        else Message("gates.priced"),
        rule="gates.pricing.prices",
    )
    limit = rules.pricing.discount_approval_percent.value
    over = request.discount_percent > limit
    yield Gate(
        id="pricing.discount",
        measured=request.discount_percent,
        operator="<=",
        limit=limit,
        unit="%",
        verdict=Verdict.FAIL if over else Verdict.PASS,
        explanation=Message(
            "gates.discount_over" if over else "gates.discount_within",
            {"percent": request.discount_percent, "limit": limit},
        ),
        rule="pricing.discount_approval_percent",
    )


def _holds(breaker: Breaker, wanted: Decimal, voltage: int) -> bool:
    return (
        breaker.icu_ka is not None
        and breaker.icu_at_v is not None
        and breaker.icu_ka >= wanted
        and breaker.icu_at_v >= voltage
    )


def _names(breakers: Iterator[Breaker]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(breaker.model for breaker in breakers))


def _breaking(measured: Decimal | None, limit: Decimal | None, verdict: Verdict, text: Message) -> Gate:
    return Gate(
        id="selection.breaking_capacity",
        measured=measured,
        operator=">=",
        limit=limit,
        unit="kA",
        verdict=verdict,
        explanation=text,
        rule="selection.breaking_capacity",
    )
