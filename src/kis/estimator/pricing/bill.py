"""The bill of materials of one panel: all its lines in the order of the Korean trade, equal items merged."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kis.catalog import Breaker, BreakerKind, Grade, accessory_keys, breaker_keys
from kis.estimator.design import PanelDesign
from kis.estimator.findings import Because
from kis.estimator.pricing.box import PricedBox, box_lines
from kis.estimator.pricing.line import Line, LineMaker
from kis.estimator.problem import PanelProblem
from kis.estimator.rulebook import Rulebook
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True)
class _Item:
    """What makes breakers one line: model, sensitivity, rating and whether an SPD hangs on it."""

    breaker: Breaker
    rating_a: int
    spd: bool


def bill(design: PanelDesign, make: LineMaker, rules: Rulebook) -> tuple[Line, ...]:
    """Return the lines of one panel."""
    problem, enclosure = design.problem, design.enclosure
    box = PricedBox(
        series=enclosure.series,
        model=None if enclosure.custom else enclosure.model,
        material=enclosure.material,
        width_mm=enclosure.width_mm,
        height_mm=enclosure.height_mm,
        depth_mm=enclosure.depth_mm,
    )
    lines = [
        *box_lines(problem, design.arrangement.groups, box, make, rules),
        *_breakers(problem, make),
        *_accessories(problem, make, rules),
        *_terminals(problem, make, rules),
    ]
    order = rules.pricing.line_order.value
    return tuple(sorted(lines, key=lambda line: order.index(line.kind)))


def breaker_spec(breaker: Breaker, rating_a: int) -> str:
    """Return 규격 as the trade writes it: ``SIE-32 2P 30AF/20AT 30mA``."""
    sensitivity = f" {breaker.sensitivity_ma}mA" if breaker.kind is BreakerKind.ELB else ""
    return f"{breaker.model} {breaker.poles}P {breaker.frame_af}AF/{rating_a}AT{sensitivity}"


def _breakers(problem: PanelProblem, make: LineMaker) -> Iterator[Line]:
    mains = Counter(_Item(main.breaker, main.rating_a, False) for main in problem.mains)
    branches = Counter(_Item(device.breaker, device.rating_a, device.is_spd) for device in problem.devices)
    for kind, counted in (("main", mains), ("branch", branches)):
        for item, quantity in counted.items():
            name = Message(f"lines.{item.breaker.kind.value}{'_spd' if item.spd else ''}")
            because = Because(
                "selection.order",
                {"make": item.breaker.make, "grade": item.breaker.grade.value, "quantity": quantity},
            )
            yield make.priced(
                kind,
                name,
                breaker_spec(item.breaker, item.rating_a),
                quantity,
                breaker_keys(item.breaker),
                because,
            )


def _accessories(problem: PanelProblem, make: LineMaker, rules: Rulebook) -> Iterator[Line]:
    pieces = Counter((item.model, item.part) for item in problem.accessories)
    for (model, part), quantity in pieces.items():
        yield make.priced(
            "accessory",
            Message(f"lines.{part.kind}"),
            model,
            quantity,
            accessory_keys(part),
            Because("pricing.line_order", {"requested": quantity}),
        )
    kinds = [item.kind for item in problem.accessories]
    yield from _contactor_bundle(kinds.count("magnetic_contactor"), make, rules)
    small_sets = sum(kind in rules.pricing.small_wire_set_kinds.value for kind in kinds)
    if small_sets:
        because = Because("pricing.small_wire_set_kinds", {"accessories": small_sets})
        yield make.priced(
            "accessory", Message("lines.wire_set_small"), "", small_sets, "item:wire_set_small", because
        )
    meters = kinds.count("va_meter")
    for name, each in rules.pricing.meter_panel_parts.value.items() if meters else ():
        because = Because("pricing.meter_panel_parts", {"va_meters": meters, "each": each})
        yield make.priced(
            "accessory", Message(f"lines.{name}"), "", meters * each, f"accessory:{name}", because
        )


def _contactor_bundle(contactors: int, make: LineMaker, rules: Rulebook) -> Iterator[Line]:
    """Yield what contactors bring along: some parts once a panel, some for each contactor."""
    if not contactors:
        return
    bundles = (
        (rules.pricing.bundle_per_panel.value, 1, "pricing.bundle_per_panel"),
        (rules.pricing.bundle_per_contactor.value, contactors, "pricing.bundle_per_contactor"),
    )
    for parts, times, rule in bundles:
        for name, each in parts.items():
            because = Because(rule, {"contactors": contactors, "each": each})
            yield make.priced(
                "accessory", Message(f"lines.{name}"), "", each * times, f"item:{name}", because
            )


def _terminals(problem: PanelProblem, make: LineMaker, rules: Rulebook) -> Iterator[Line]:
    pricing = rules.pricing
    frame = max(main.breaker.frame_af for main in problem.mains)
    branches = len(problem.devices)
    earths = 1 + branches // pricing.earth_terminals_per_branches.value
    because = Because(
        "pricing.earth_terminals_per_branches",
        {"branches": branches, "per": pricing.earth_terminals_per_branches.value},
    )
    yield make.priced(
        "earth_terminal",
        Message("lines.earth_terminal"),
        f"{frame}AF",
        earths,
        make.stepped("item:earth_terminal", frame),
        because,
    )
    if problem.network.has_neutral:
        because = Because("pricing.neutral_terminals", {"supply": problem.network.supply.value})
        yield make.priced(
            "neutral_terminal",
            Message("lines.neutral_terminal"),
            "",
            pricing.neutral_terminals.value,
            "item:neutral_terminal",
            because,
        )
    if branches:
        yield make.priced(
            "card_holder",
            Message("lines.card_holder"),
            "",
            branches,
            "item:card_holder",
            Because("pricing.line_order", {"branches": branches}),
        )
    yield make.priced(
        "name_plate",
        Message("lines.name_plate"),
        "3T×40×200",
        1,
        "item:name_plate",
        Because("pricing.line_order", {"panels": 1}),
    )
    if not problem.is_main_only:
        yield _insulators(problem, make, rules)
    small = _supported(problem)
    if small:
        because = Because("pricing.line_order", {"small_breakers": small})
        yield make.priced("elb_support", Message("lines.elb_support"), "", small, "item:elb_support", because)


def _insulators(problem: PanelProblem, make: LineMaker, rules: Rulebook) -> Line:
    frame = max(main.breaker.frame_af for main in problem.mains)
    quantity = rules.pricing.insulators_per_main.value * len(problem.mains)
    because = Because("pricing.insulators_per_main", {"mains": len(problem.mains), "frame_af": frame})
    return make.priced(
        "insulator",
        Message("lines.insulator"),
        "EPOXY",
        quantity,
        make.stepped("item:insulator", frame),
        because,
    )


def _supported(problem: PanelProblem) -> int:
    return sum(device.breaker.grade is Grade.SMALL for device in problem.devices)


def amount_of(lines: Sequence[Line]) -> Decimal:
    """Return the sum of the amounts."""
    return sum((line.amount for line in lines), Decimal(0))
