"""A finished quotation as rows: panels with their phases, breakers, priced lines, what the gates said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID, uuid4

from kis.estimator import Estimate, PanelEstimate, Product

AMPERE_DIGITS: Final = Decimal("0.0001")
THREE_PHASES: Final = ("R", "S", "T")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rows these are."""

    organization_id: UUID
    quote_id: UUID

    def row(self, **values: Any) -> Row:
        """Return a row of the quotation."""
        return {
            "id": uuid4(),
            "organization_id": self.organization_id,
            "quote_id": self.quote_id,
            **values,
        }


def parts_of(product: Product, owner: Owner) -> dict[str, list[Row]]:
    """Return the rows of ``product`` by table; documents stand apart, for their bytes must have a place first."""
    panels: list[Row] = []
    breakers: list[Row] = []
    items: list[Row] = []
    for position, (panel, shown) in enumerate(
        zip(product.estimate.panels, product.output["panels"], strict=True), start=1
    ):
        row = _panel(panel, shown, owner, position)
        panels.append(row)
        breakers.extend(_breakers(panel, shown, owner, row["id"]))
        items.extend(_items(shown, owner, row["id"]))
    items.extend(_extra(product.estimate, owner))
    return {
        "panels": panels,
        "breakers": breakers,
        "quote_items": [{**row, "position": position} for position, row in enumerate(items, start=1)],
        "gate_results": list(_gates(product.output, owner)),
    }


def gates_of(output: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every gate of a result with its panel, empty for one of the whole quotation."""
    for panel in output["panels"]:
        for gate in panel["gates"]:
            yield panel["name"], gate
    for gate in output["gates"]:
        yield "", gate


def acceptance_of(gate: Mapping[str, Any]) -> dict[str, str] | None:
    """Return who took a gate on, when and why, as the wire shows it."""
    accepted = gate.get("acceptance")
    if accepted is None:
        return None
    return {
        "acceptedBy": accepted["accepted_by"],
        "acceptedOn": accepted["accepted_on"],
        "reason": accepted["reason"],
    }


def failing_gates(output: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the gates of a result that fail."""
    return [(panel, gate) for panel, gate in gates_of(output) if gate["verdict"] == "fail"]


def _panel(panel: PanelEstimate, shown: Mapping[str, Any], owner: Owner, position: int) -> Row:
    box, phases = shown["enclosure"] or {}, shown["phases"] or {}
    amperes = _panel_amperes(panel)
    return owner.row(
        position=position,
        name=shown["name"],
        quantity=shown["quantity"],
        is_designed=shown["designed"],
        enclosure_model=box.get("model"),
        width_mm=box.get("width_mm"),
        height_mm=box.get("height_mm"),
        depth_mm=box.get("depth_mm"),
        fit_score=box.get("fit_score"),
        **amperes,
        imbalance=phases.get("imbalance"),
        unit_subtotal=panel.unit_subtotal if shown["designed"] else None,
    )


def _panel_amperes(panel: PanelEstimate) -> dict[str, Decimal | None]:
    """Return the load of the three phases over all mains; nothing where the panel is not designed or has other phases."""
    design = panel.state.design
    if design is None or design.problem.network.phases != THREE_PHASES:
        return {f"phase_{name.lower()}_a": None for name in THREE_PHASES}
    voltage = design.problem.network.phase_voltage
    loads = [
        sum(loads, Fraction(0)) for loads in zip(*(group.loads_va for group in design.phases), strict=True)
    ]
    return _amperes(dict(zip(THREE_PHASES, loads or [Fraction(0)] * 3, strict=True)), voltage)


def _amperes(loads_va: Mapping[str, Fraction], voltage: int) -> dict[str, Decimal | None]:
    return {
        f"phase_{name.lower()}_a": _short(loads_va.get(name, Fraction(0)) / voltage) for name in THREE_PHASES
    }


def _short(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(AMPERE_DIGITS, rounding=ROUND_HALF_UP)


def _breakers(panel: PanelEstimate, shown: Mapping[str, Any], owner: Owner, panel_id: UUID) -> Iterator[Row]:
    rows = [_main(main) for main in shown["mains"]]
    branches = [_branch(branch) for branch in shown["branches"]]
    for row, amperes in zip(branches, _branch_amperes(panel), strict=False):
        row.update(amperes)
    for position, row in enumerate([*rows, *branches], start=1):
        yield {
            "id": uuid4(),
            "organization_id": owner.organization_id,
            "panel_id": panel_id,
            "position": position,
            **dict.fromkeys(("phase_r_a", "phase_s_a", "phase_t_a"), Decimal(0)),
            **row,
        }


def _main(main: Mapping[str, Any]) -> Row:
    return {"role": "main", "quantity": 1, "load_name": main["name"], "phase": "", **_breaker(main)}


def _branch(branch: Mapping[str, Any]) -> Row:
    return {
        "role": "branch",
        "quantity": branch["quantity"],
        "load_name": branch["load"],
        "phase": branch["phase"],
        **_breaker(branch),
    }


def _breaker(shown: Mapping[str, Any]) -> Row:
    return {name: shown[name] for name in ("kind", "make", "model", "poles", "frame_af", "rating_a")}


def _branch_amperes(panel: PanelEstimate) -> list[dict[str, Decimal | None]]:
    """Return the load on each of the three phases of every row of branches, in their order and as exactly as the engine knows it."""
    design = panel.state.design
    if design is None or design.problem.network.phases != THREE_PHASES:
        return []
    lines, voltage = design.lines, design.problem.network.phase_voltage
    rows: dict[tuple[object, ...], dict[str, Fraction]] = {}
    for device in design.problem.devices:
        phases = frozenset(lines.get(device.id, ()))
        row = rows.setdefault(
            (device.main, device.group_key, phases), dict.fromkeys(THREE_PHASES, Fraction(0))
        )
        for name in phases:
            row[name] += device.phase_load_va
    return [_amperes(row, voltage) for row in rows.values()]


def _items(shown: Mapping[str, Any], owner: Owner, panel_id: UUID) -> Iterator[Row]:
    """Yield the priced lines of a panel for all panels of its kind."""
    count = shown["quantity"]
    for line in shown["lines"]:
        yield owner.row(
            panel_id=panel_id,
            item=line["item"],
            spec=line["spec"],
            unit=line["unit"],
            quantity=Decimal(line["quantity"]) * count,
            unit_price=Decimal(line["unit_price"]),
            amount=Decimal(line["amount"]) * count,
        )


def _extra(estimate: Estimate, owner: Owner) -> Iterator[Row]:
    for line in estimate.extra:
        yield owner.row(
            panel_id=None,
            item=line.item,
            spec=line.spec,
            unit=line.unit,
            quantity=line.quantity,
            unit_price=line.unit_price,
            amount=line.amount,
        )


def _gates(output: Mapping[str, Any], owner: Owner) -> Iterator[Row]:
    for position, (panel, gate) in enumerate(gates_of(output), start=1):
        yield owner.row(
            position=position,
            panel=panel,
            gate=gate["id"],
            stage=gate["stage"],
            verdict=gate["verdict"],
            measured=_text(gate["measured"]),
            operator=gate["operator"] or "",
            limit=_text(gate["limit"]),
            unit=gate["unit"] or "",
            explanation=gate["explanation"],
            acceptance=acceptance_of(gate),
        )


def _text(figure: object) -> str | None:
    return None if figure is None else str(figure)
