"""The result as JSON: what ``kis quote --json`` prints and ``output.json`` holds. Names and shapes are in docs/reference/output.md.

Money is decimal strings; physical figures are numbers rounded to their stated digits; every figure that is not from the request has a ``because``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Final

from kis import __version__
from kis.estimator.design import ChosenEnclosure, GroupPhases, PanelDesign
from kis.estimator.findings import Acceptance, Because, Finding, Gate
from kis.estimator.issuing.part_names import named, part_names, trade_names
from kis.estimator.physics.unbalance import all_figures
from kis.estimator.pricing.line import Line
from kis.estimator.pricing.totals import Totals
from kis.estimator.problem import Device, PanelProblem, phase_name
from kis.estimator.service import Estimate, ExtraAmount, PanelEstimate
from kis.evidence import canonical_bytes, sha256_hex
from kis.platform.messages import Locale, Message

SCHEMA: Final = "kis.estimate/1"
RATIO_DIGITS: Final = 4
PERCENT_DIGITS: Final = 2
CURRENT_DIGITS: Final = 2
LOAD_DIGITS: Final = 1


def output_of(
    estimate: Estimate, *, trace_id: str, created_at: str, reader: Locale | None = None
) -> dict[str, Any]:
    """Return the whole result, without documents and evidence, in the language of the request (of the ``reader`` to show it on a screen)."""
    locale, request, library = reader or estimate.locale, estimate.request, estimate.library
    return {
        "schema": SCHEMA,
        "traceId": trace_id,
        "created_at": created_at,
        **verdict_of(estimate, locale),
        "customer": request.customer.model_dump(mode="json", exclude_none=True),
        "project": request.project,
        "quotation_date": estimate.quotation_date.isoformat(),
        "valid_until": estimate.valid_until.isoformat(),
        "locale": request.locale,
        "currency": estimate.totals.currency,
        "engine": {"name": "kis", "version": __version__},
        "catalog": {"version": library.catalog.version, "sha256": library.catalog.digest},
        "price_book": {
            "id": library.price_book.id,
            "version": library.price_book.version,
            "title": library.price_book.title[locale],
            "illustrative": library.price_book.illustrative,
            "sha256": library.price_book.digest,
        },
        "rulebook": {
            "id": library.rules.id,
            "version": library.rules.version,
            "sha256": library.rules.digest,
        },
        "panels": [panel_output(panel, locale) for panel in estimate.panels],
        "extra_lines": [_extra_output(line) for line in estimate.extra],
        "totals": totals_output(estimate.totals),
        "notes": [note.text(locale) for note in estimate.notes],
    }


def verdict_of(estimate: Estimate, locale: Locale | None = None) -> dict[str, Any]:
    """Return what the gates of the whole quotation decide: status, verdict, and the gates themselves."""
    return {
        "status": "review" if estimate.verdict == "fail" else "completed",
        "verdict": estimate.verdict.value,
        "gates": [gate_output(gate, locale or estimate.locale) for gate in estimate.gates],
    }


ISSUE_STAGES: Final = frozenset({"format", "cover", "lint"})
"""Stages that judge the finished documents, not the engineering."""

_NOT_ENGINEERING: Final = frozenset(
    {"traceId", "created_at", "status", "verdict", "quotation", "documents", "evidence", "gates"}
)


def engineering_sha256(output: Mapping[str, Any]) -> str:
    """Return the digest of a result without run, documents and what was judged of them: what every document of a quotation is printed with.

    Taken over the canonical JSON (RFC 8785) of all other fields, the gates but those of the documents included.
    """
    engineering = {name: value for name, value in output.items() if name not in _NOT_ENGINEERING}
    engineering["gates"] = [gate for gate in output["gates"] if gate["stage"] not in ISSUE_STAGES]
    return sha256_hex(canonical_bytes(engineering))


def panel_output(panel: PanelEstimate, locale: Locale) -> dict[str, Any]:
    """Return one panel: parts, box, phases, gates, lines and its subtotal."""
    state, request = panel.state, panel.state.job.panel
    result: dict[str, Any] = {
        "name": request.name,
        "quantity": request.quantity,
        "designed": panel.is_designed,
        "supply": request.supply.value,
        "mounting": request.mounting.value,
        "mains": [],
        "branches": [],
        "accessories": [],
        "enclosure": None,
        "phases": None,
        "objectives": [],
    }
    if state.selection is not None and state.selection.problem is not None:
        problem = state.selection.problem
        result["mains"] = [_main_output(problem, index) for index in range(len(problem.mains))]
        result["branches"] = _branches_output(problem, state.design)
        result["accessories"] = _accessories_output(problem)
    if state.design is not None:
        result["enclosure"] = _enclosure_output(state.design.enclosure, state.design.problem)
        result["phases"] = _phases_output(state.design)
        result["objectives"] = list(_objectives_output(state.design, locale))
    if state.criticism is not None:
        result["heat"] = plain(state.criticism.heat, locale)
        result["busbars"] = plain(state.criticism.busbars, locale)
    findings = [
        *(state.selection.findings if state.selection else ()),
        *(state.outcome.findings if state.outcome else ()),
    ]
    findings += state.criticism.findings if state.criticism is not None else ()
    names = trade_names(locale) if state.design is None else part_names(state.design, locale)
    result["gates"] = [gate_output(gate, locale, names) for gate in panel.gates]
    result["findings"] = [_finding_output(finding, locale, names) for finding in findings]
    result["lines"] = [line_output(line, locale) for line in panel.lines]
    result["totals"] = {
        "unit_subtotal": str(panel.unit_subtotal),
        "quantity": request.quantity,
        **totals_output(panel.totals),
    }
    return result


def gate_output(gate: Gate, locale: Locale, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a gate as data; its sentence calls the parts by ``names``, its inputs keep their ids."""
    shown: dict[str, Any] = {
        "id": gate.id,
        "stage": gate.stage,
        "measured": _number(gate.measured),
        "operator": gate.operator,
        "limit": _number(gate.limit),
        "unit": gate.unit,
        "verdict": gate.verdict.value,
        "explanation": named(gate.explanation, names or {}).text(locale),
        "rule": gate.rule,
        "inputs": {name: _number(value) for name, value in gate.inputs.items()},
    }
    if gate.acceptance is not None:
        shown["acceptance"] = acceptance_output(gate.acceptance)
    return shown


def acceptance_output(acceptance: Acceptance) -> dict[str, str]:
    """Return who took a gate on themselves, as data."""
    return {
        "gate": acceptance.gate,
        "panel": acceptance.panel,
        "accepted_by": acceptance.accepted_by,
        "accepted_on": acceptance.accepted_on.isoformat(),
        "reason": acceptance.reason,
    }


def line_output(line: Line, locale: Locale) -> dict[str, Any]:
    """Return a priced line."""
    return {
        "kind": line.kind,
        "item": line.item.text(locale),
        "spec": line.spec,
        "unit": line.unit,
        "quantity": str(line.quantity),
        "unit_price": str(line.unit_price),
        "amount": str(line.amount),
        "because": because_output(line.because),
    }


def _extra_output(line: ExtraAmount) -> dict[str, str]:
    return {
        "item": line.item,
        "spec": line.spec,
        "unit": line.unit,
        "quantity": str(line.quantity),
        "unit_price": str(line.unit_price),
        "amount": str(line.amount),
    }


def because_output(reasons: Iterable[Because]) -> list[dict[str, Any]]:
    """Return reasons as data."""
    return [
        {
            "rule": reason.rule,
            "inputs": {
                name: str(value) if isinstance(value, Decimal) else _number(value)
                for name, value in reason.inputs.items()
            },
        }
        for reason in reasons
    ]


def totals_output(totals: Totals) -> dict[str, str]:
    """Return the totals as decimal strings."""
    return {
        "subtotal": str(totals.subtotal),
        "margin": str(totals.margin),
        "discount": str(totals.discount),
        "net": str(totals.net),
        "vat": str(totals.vat),
        "total": str(totals.total),
        "currency": totals.currency,
    }


def plain(value: object, locale: Locale) -> Any:
    """Return any frozen value of the engine as JSON: dataclasses as objects, fractions and decimals as numbers, messages as text."""
    match value:
        case Message():
            shown: Any = value.text(locale)
        case Enum():
            shown = value.value
        case Mapping():
            shown = {str(key): plain(item, locale) for key, item in value.items()}
        case date():
            shown = value.isoformat()
        case Sequence() if not isinstance(value, str):
            shown = [plain(item, locale) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            shown = {field.name: plain(getattr(value, field.name), locale) for field in fields(value)}
        case _:
            shown = _number(value)
    return shown


def _number(value: object) -> int | float | str | bool | None:
    """Return a figure as a JSON number: fractions to four digits, whole ones as integers."""
    if isinstance(value, bool) or value is None or isinstance(value, int | str):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else _short(value, RATIO_DIGITS)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value
    raise TypeError(f"{type(value).__name__} is not a figure")


def _short(value: Fraction, digits: int) -> float | int:
    """Return ``value`` rounded half up to ``digits``, exactly decided."""
    scaled = value * 10**digits
    whole: int = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return whole // 10**digits if whole % 10**digits == 0 else float(Fraction(whole, 10**digits))


def _main_output(problem: PanelProblem, index: int) -> dict[str, Any]:
    main = problem.mains[index]
    breaker = main.breaker
    return {
        "name": main.name,
        "model": breaker.model,
        "make": breaker.make,
        "kind": breaker.kind.value,
        "poles": breaker.poles,
        "frame_af": breaker.frame_af,
        "rating_a": main.rating_a,
        "cable": main.cable,
        "icu_ka": _number(breaker.icu_ka),
        "icu_at_v": breaker.icu_at_v,
        "outline_source": breaker.outline_source,
        "icu_source": breaker.icu_source,
    }


def _branches_output(problem: PanelProblem, design: PanelDesign | None) -> list[dict[str, Any]]:
    """Return one row per model, load and phase, with the places of its circuits."""
    lines = design.lines if design is not None else {}
    places = _places(design)
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for device in problem.devices:
        phase = phase_name(lines.get(device.id, ()))
        key = (device.main, device.group_key, phase)
        row = rows.setdefault(key, _branch_row(problem, device, phase))
        row["quantity"] += 1
        if device.id in places:
            row["places"].append(places[device.id])
    return list(rows.values())


def _branch_row(problem: PanelProblem, device: Device, phase: str) -> dict[str, Any]:
    breaker = device.breaker
    return {
        "model": breaker.model,
        "make": breaker.make,
        "kind": breaker.kind.value,
        "poles": breaker.poles,
        "frame_af": breaker.frame_af,
        "rating_a": device.rating_a,
        "sensitivity_ma": breaker.sensitivity_ma,
        "icu_ka": _number(breaker.icu_ka),
        "icu_at_v": breaker.icu_at_v,
        "load": device.load,
        "cable": device.cable,
        "phase_load_va": _short(device.phase_load_va, LOAD_DIGITS),
        "main": problem.mains[device.main].name,
        "spd": device.is_spd,
        "spare": device.is_spare,
        "quantity": 0,
        "phase": phase,
        "places": [],
    }


def _places(design: PanelDesign | None) -> dict[str, str]:
    """Return the seat of each circuit: ``L3``, with the column in front where there are several (``C2L3``)."""
    if design is None:
        return {}
    several = len(design.drawing.columns) > 1
    return {
        part.device: part.place if several else part.place.removeprefix("C1")
        for part in design.drawing.parts
        if part.side and part.device
    }


def _accessories_output(problem: PanelProblem) -> list[dict[str, Any]]:
    pieces = Counter((item.kind, item.model, item.part.source) for item in problem.accessories)
    return [
        {"kind": kind, "model": model, "quantity": quantity, "source": source}
        for (kind, model, source), quantity in pieces.items()
    ]


def _enclosure_output(enclosure: ChosenEnclosure, problem: PanelProblem) -> dict[str, Any]:
    return {
        "series": enclosure.series,
        "model": enclosure.model,
        "custom": enclosure.custom,
        "material": enclosure.material,
        "mounting": problem.request.mounting.value,
        "width_mm": enclosure.width_mm,
        "height_mm": enclosure.height_mm,
        "depth_mm": enclosure.depth_mm,
        "needed_width_mm": enclosure.needed_width_mm,
        "needed_height_mm": enclosure.needed_height_mm,
        "needed_depth_mm": enclosure.needed_depth_mm,
        "depth_geometry_mm": enclosure.depth_geometry_mm,
        "depth_verified": enclosure.depth_verified,
        "fit_score": _short(enclosure.fit, RATIO_DIGITS),
        "ip": enclosure.ip,
        "ip_verified": enclosure.ip_verified,
        "price_depending_on_box": str(enclosure.price),
        "candidates": enclosure.candidates,
        "arrangements": enclosure.arrangements,
        "because": {name: because_output(reasons) for name, reasons in enclosure.because.items()},
    }


def _phases_output(design: PanelDesign) -> dict[str, Any]:
    """Return the phases of the panel; with several mains the figures are those of the worst, and ``by_main`` holds each."""
    by_main = [_group_output(design, group) for group in design.phases]
    applicable = [item for item in by_main if item["applicable"]] or by_main
    worst = max(applicable, key=lambda item: item["imbalance"] or 0)
    return {**worst, "by_main": by_main} if len(by_main) > 1 else worst


def _objectives_output(design: PanelDesign, locale: Locale) -> Iterator[dict[str, Any]]:
    """Yield what was made as small as possible, in order: the price of all that depends on the box, then phases, counts and seats of each main."""
    box = design.enclosure
    reason = Message("enclosure.enumerated", {"candidates": box.candidates, "arrangements": box.arrangements})
    yield {
        "name": "price",
        "main": None,
        "value": str(box.price),
        "bound": str(box.price),
        "unit": "",
        "proven_optimal": True,
        "status": "enumerated",
        "reason": reason.text(locale),
    }
    for group in design.phases:
        for item in group.objectives:
            yield {
                "name": item.name,
                "main": design.problem.mains[group.main].name,
                "value": _number(item.value),
                "bound": _number(item.bound),
                "unit": item.unit,
                "proven_optimal": item.proven,
                "status": item.status,
                "reason": item.reason.text(locale),
            }


def _group_output(design: PanelDesign, group: GroupPhases) -> dict[str, Any]:
    network = design.problem.network
    figures = all_figures(group.loads_va, group.counts)
    amperes = [_short(load / network.phase_voltage, CURRENT_DIGITS) for load in group.loads_va]
    volt_amperes = [_short(load, LOAD_DIGITS) for load in group.loads_va]
    result: dict[str, Any] = {"main": design.problem.mains[group.main].name, "applicable": group.applicable}
    for name, ampere, va in zip(network.phases, amperes, volt_amperes, strict=True):
        result[f"phase_{name.lower()}"] = ampere
        result[f"phase_{name.lower()}_va"] = va
    result |= {
        "counts": list(group.counts),
        "imbalance": _short(figures.imbalance, RATIO_DIGITS) if group.applicable else None,
        "korean_percent": _optional(figures.korean_percent) if group.applicable else None,
        "nema_percent": _optional(figures.nema_percent) if group.applicable else None,
        "count_difference": figures.count_difference,
        "proven_optimal": group.proven_optimal,
        "bound": _short(group.bound_va, LOAD_DIGITS),
        "bound_unit": "VA",
        "heuristic_only": group.heuristic_only,
    }
    return result


def _optional(value: Fraction | None) -> float | int | None:
    return None if value is None else _short(value, PERCENT_DIGITS)


def _finding_output(finding: Finding, locale: Locale, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": named(finding.message, names).text(locale),
        "rule": finding.rule,
        "figure": _number(finding.figure),
        "limit": _number(finding.limit),
        "unit": finding.unit,
        "where": finding.where,
        "subjects": list(finding.subjects),
    }
