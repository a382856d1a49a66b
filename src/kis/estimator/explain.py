"""Why a number is what it is: any line, gate, dimension, phase or total of a result, led back to its rules and sources.

An id is ``PANEL/what``: ``LP-3F/line.3``, ``LP-3F/enclosure.fit_score`` (a gate), ``LP-3F/enclosure.height_mm`` (a dimension), ``LP-3F/phases.imbalance``,
``LP-3F/heat.top_k``; of the whole quotation: ``pricing.discount`` (a gate), ``totals.vat``. With one panel its name may be left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from kis.estimator.pricing.line import PRICE_BOOK
from kis.estimator.rulebook import Rulebook, rule, rule_value
from kis.platform.errors import NotFound
from kis.platform.messages import Locale, Message

GATE_PREFIX: Final = "gates."
"""Begins the rule of a gate that rests on its own definition in the rulebook."""

_PHASE_RULES: Final = {
    "imbalance": ("phases.imbalance_limit", "phases.load_basis"),
    "korean_percent": ("phases.korean_limit_percent", "phases.load_basis"),
    "nema_percent": ("phases.load_basis",),
    "count_difference": ("phases.load_basis", "phases.turn_labels"),
    "bound": ("phases.accept_proven_optimum",),
}
_TOTAL_RULES: Final = {
    "subtotal": ("pricing.line_order",),
    "margin": ("pricing.rounding",),
    "discount": ("pricing.discount_approval_percent", "pricing.rounding"),
    "net": ("pricing.rounding",),
    "vat": ("pricing.vat_percent", "pricing.rounding"),
    "total": ("pricing.vat_percent", "pricing.rounding"),
}
_HEAT_RULES: Final = (
    "critic.temperature_rise",
    "critic.wiring_loss_factor",
    "critic.main_load_limit",
    "critic.diversity_table",
    "critic.loss_families",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule at work: its text, value, source and status, and the inputs it took here."""

    rule: str
    text: str
    value: str
    status: str
    source: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A figure of a result with its reasons."""

    id: str
    label: str
    value: Any
    unit: str
    reasons: tuple[Reason, ...]


def explain(
    output: Mapping[str, Any], wanted: str, rules: Rulebook, locale: Locale
) -> tuple[Explanation, ...]:
    """Return the explanations of ``wanted`` (one per panel that has it). Raises NotFound naming the nearest ids."""
    everything = tuple(explanations(output, rules, locale))
    found = tuple(item for item in everything if wanted in (item.id, item.id.partition("/")[2]))
    if not found:
        names = [item.id for item in everything]
        near = get_close_matches(
            wanted, [*names, *(name.partition("/")[2] for name in names)], n=3, cutoff=0.3
        )
        raise NotFound(
            Message("explain.unknown", {"wanted": wanted, "near": ", ".join(dict.fromkeys(near)) or names[0]})
        )
    return found


def explanations(output: Mapping[str, Any], rules: Rulebook, locale: Locale) -> Iterator[Explanation]:
    """Yield everything of a result that can be explained, in the order of the result."""
    for panel in output["panels"]:
        prefix = f"{panel['name']}/"
        yield from _enclosure(prefix, panel, rules, locale)
        yield from _figures(f"{prefix}phases.", panel["phases"], rules, locale)
        yield from _heat(f"{prefix}heat.", panel.get("heat"), rules, locale)
        for gate in panel["gates"]:
            yield _gate(prefix, gate, rules, locale)
        for number, line in enumerate(panel["lines"], start=1):
            reasons = tuple(_reason(item["rule"], item["inputs"], rules, locale) for item in line["because"])
            value = f"{line['quantity']} {line['unit']} × {line['unit_price']} = {line['amount']}"
            label = f"{line['item']} {line['spec']}".strip()
            yield Explanation(
                id=f"{prefix}line.{number}",
                label=label,
                value=value,
                unit=output["currency"],
                reasons=reasons,
            )
    for gate in output["gates"]:
        yield _gate("", gate, rules, locale)
    for name, rule_ids in _TOTAL_RULES.items():
        reasons = tuple(_reason(rule_id, {}, rules, locale) for rule_id in rule_ids)
        yield Explanation(
            id=f"totals.{name}",
            label=Message(f"explain.total.{name}").text(locale),
            value=output["totals"][name],
            unit=output["currency"],
            reasons=reasons,
        )


def _enclosure(
    prefix: str, panel: Mapping[str, Any], rules: Rulebook, locale: Locale
) -> Iterator[Explanation]:
    box = panel["enclosure"]
    if box is None:
        return
    for name, because in box["because"].items():
        reasons = tuple(_reason(item["rule"], item["inputs"], rules, locale) for item in because)
        unit = "mm" if name.endswith("_mm") else ""
        yield Explanation(
            id=f"{prefix}enclosure.{name}", label=box["model"], value=box[name], unit=unit, reasons=reasons
        )


def _figures(
    prefix: str, phases: Mapping[str, Any] | None, rules: Rulebook, locale: Locale
) -> Iterator[Explanation]:
    if phases is None:
        return
    for name, value in phases.items():
        base = "load" if name.startswith("phase_") else name
        rule_ids = ("phases.load_basis", "phases.phase_voltage") if base == "load" else _PHASE_RULES.get(name)
        if rule_ids is None:
            continue
        inputs = {key: phases[key] for key in phases if key.startswith("phase_") and key.endswith("_va")}
        reasons = tuple(
            _reason(rule_id, inputs if index == 0 else {}, rules, locale)
            for index, rule_id in enumerate(rule_ids)
        )
        line = name.removeprefix("phase_").removesuffix("_va").upper()
        label = Message(f"explain.figure.{base}", {"line": line}).text(locale)
        yield Explanation(
            id=f"{prefix}{name}", label=label, value=value, unit=_unit_of_phases(name), reasons=reasons
        )


def _unit_of_phases(name: str) -> str:
    if name.endswith("_va") or name == "bound":
        return "VA"
    if name.endswith("_percent"):
        return "%"
    return "A" if name.startswith("phase_") else ""


def _heat(
    prefix: str, heat: Mapping[str, Any] | None, rules: Rulebook, locale: Locale
) -> Iterator[Explanation]:
    for name, value in (heat or {}).items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            reasons = tuple(_reason(rule_id, {}, rules, locale) for rule_id in _HEAT_RULES)
            unit = {"k": "K", "w": "W", "c": "°C", "a": "A"}.get(name.rpartition("_")[2], "")
            label = Message(f"explain.heat.{name}").text(locale)
            yield Explanation(id=f"{prefix}{name}", label=label, value=value, unit=unit, reasons=reasons)


def _gate(prefix: str, gate: Mapping[str, Any], rules: Rulebook, locale: Locale) -> Explanation:
    figures = f"{gate['measured']} {gate['operator']} {gate['limit']} {gate['unit']}".strip()
    judged = gate["verdict"] if gate["measured"] is None else f"{figures} → {gate['verdict']}"
    value = f"{judged}: {gate['explanation']}"
    definition = f"{GATE_PREFIX}{gate['id']}"
    reasons = tuple(
        _reason(rule_id, gate["inputs"] if rule_id == gate["rule"] else {}, rules, locale)
        for rule_id in dict.fromkeys((definition, gate["rule"]))
    )
    return Explanation(id=f"{prefix}{gate['id']}", label=gate["id"], value=value, unit="", reasons=reasons)


def _reason(rule_id: str, inputs: Mapping[str, Any], rules: Rulebook, locale: Locale) -> Reason:
    if rule_id == PRICE_BOOK:
        text = Message(
            "explain.price_book", {"book": inputs.get("book", ""), "key": inputs.get("key", "")}
        ).text(locale)
        return Reason(
            rule=rule_id,
            text=text,
            value=str(inputs.get("price", "")),
            status="price_book",
            source=str(inputs.get("source", "")),
            inputs=inputs,
        )
    if rule_id.startswith(GATE_PREFIX):
        gate = rules.gates[rule_id.removeprefix(GATE_PREFIX)]
        text = gate.text.ko if locale == "ko" else gate.text.en
        return Reason(rule=rule_id, text=text, value="", status="gate", source=gate.source, inputs=inputs)
    found = rule(rules, rule_id)
    text = found.text.ko if locale == "ko" else found.text.en
    return Reason(
        rule=rule_id,
        text=text,
        value=rule_value(found),
        status=found.status,
        source=found.source,
        inputs=inputs,
    )
