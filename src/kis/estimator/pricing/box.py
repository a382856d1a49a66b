"""The lines that depend on the box: enclosure, copper, coating, P-COVER, base, sundries, assembly. Their sum is what the choice of a box minimises."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kis.catalog import Grade
from kis.estimator.findings import Because, Figure
from kis.estimator.layout.groups import bar_step
from kis.estimator.layout.plans import GroupPlan
from kis.estimator.pricing.line import PRICE_BOOK, Line, LineMaker
from kis.estimator.pricing.money import rounded
from kis.estimator.problem import PanelProblem
from kis.estimator.rulebook import Rulebook
from kis.estimator.rulebook.schema import BarStep, CopperBand
from kis.platform.messages import Message

PYEONG_MM2: Final = 90_000
"""One 평 of the trade's box prices: 300 mm × 300 mm of front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedBox:
    """A box as pricing sees it. ``model`` is None for a custom box."""

    series: str
    model: str | None
    material: str
    width_mm: int
    height_mm: int
    depth_mm: int

    @property
    def front_mm2(self) -> int:
        """Return W · H."""
        return self.width_mm * self.height_mm

    @property
    def size(self) -> str:
        """Return ``W×H×D``."""
        return f"{self.width_mm}×{self.height_mm}×{self.depth_mm}"


def box_lines(
    problem: PanelProblem, groups: tuple[GroupPlan, ...], box: PricedBox, make: LineMaker, rules: Rulebook
) -> Iterator[Line]:
    """Yield the lines of ``problem`` that depend on ``box``."""
    yield enclosure_line(box, make, rules)
    if not problem.is_main_only:
        yield from _copper(problem, groups, box, make, rules)
        because = Because("pricing.coating_large_from_af", {"frame_af": _frame(problem)})
        yield make.priced(
            "coating", Message("lines.coating"), "", 1, make.stepped("item:coating", _frame(problem)), because
        )
    yield _cover(box, make, rules)
    extra = rules.enclosure.series.value[problem.request.mounting.value].extra
    if extra == "base":
        won = _by_area(box, rules.pricing.base.value.won_per_pyeong, rules.pricing.base.value.minimum_won)
        spec = f"H {rules.enclosure.base_height.value}"
        yield make.computed(
            "base", Message("lines.base"), spec, "EA", won, Because("pricing.base", _area_inputs(box))
        )
    if extra == "pole_bracket":
        yield make.priced(
            "pole_mount",
            Message("lines.pole_mount"),
            "",
            1,
            "item:pole_mount",
            Because("enclosure.series", {"mounting": "pole"}),
        )
    yield _sundries(problem, box, make, rules)
    yield _assembly(problem, box, make, rules)


def enclosure_line(box: PricedBox, make: LineMaker, rules: Rulebook) -> Line:
    """Return the line of the box: its list price, or per 평 with the surcharge for custom work."""
    item, spec = Message(f"lines.enclosure.{box.material}"), f"{box.model or box.series} {box.size}"
    if box.model is not None:
        return make.priced(
            "enclosure",
            item,
            spec,
            1,
            f"enclosure:{box.model}",
            Because("enclosure.series", {"series": box.series}),
        )
    entry = make.till.book.find_custom_rate(box.series, box.depth_mm)
    because = Because(
        "pricing.custom_surcharge", {**_area_inputs(box), "surcharge": rules.pricing.custom_surcharge.value}
    )
    if entry is None:
        return make.priced("enclosure", item, spec, 1, f"custom:{box.series}/{box.depth_mm}", because)
    per_pyeong = Fraction(make.till.from_book(entry.unit_price))
    price = make.till.round(
        per_pyeong * Fraction(box.front_mm2, PYEONG_MM2) * rules.pricing.custom_surcharge.value
    )
    reason = Because(
        PRICE_BOOK,
        {
            "book": make.till.book.id,
            "version": make.till.book.version,
            "key": entry.key,
            "price": entry.unit_price,
            "source": entry.source,
        },
    )
    return make.at("enclosure", item, spec, "EA", Decimal(1), price, because, reason)


def copper_kg(
    box: PricedBox, share: Fraction, kg_per_mm2: Decimal, section_ratio: Fraction, digits: int
) -> Decimal:
    """Return kg of copper by the shop's formula W·H·factor, two decimals half up (500 × 900 → 2.025 → 2.03)."""
    return rounded(box.front_mm2 * share * Fraction(kg_per_mm2) * section_ratio, digits)


def _copper(
    problem: PanelProblem, groups: tuple[GroupPlan, ...], box: PricedBox, make: LineMaker, rules: Rulebook
) -> Iterator[Line]:
    """Yield MAIN BUS-BAR and BUS-BAR of each main; several mains share the front by the widths of their groups."""
    total = sum(group.width_mm for group in groups)
    for index, group in enumerate(groups):
        share = Fraction(group.width_mm, total)
        devices = problem.devices_of(index)
        if not group.has_ways:
            continue
        main_rule, branch_rule = rules.pricing.main_bar_copper.value, rules.pricing.branch_bar_copper.value
        shop = bar_step(group.main.rating_a, rules)
        largest = max((device.rating_a for device in devices), default=group.main.rating_a)
        ratio = Fraction(_section(group.bar), _section(shop))
        sizes = (
            (
                "main_busbar",
                _band(main_rule, group.main.rating_a),
                group.bar,
                ratio,
                "pricing.main_bar_copper",
            ),
            (
                "branch_busbar",
                _band(branch_rule, group.main.rating_a),
                bar_step(largest, rules),
                Fraction(1),
                "pricing.branch_bar_copper",
            ),
        )
        for kind, band, bar, section_ratio, rule in sizes:
            kg = copper_kg(box, share, band.kg_per_mm2, section_ratio, rules.pricing.copper_digits.value)
            inputs: dict[str, Figure] = {
                "width_mm": box.width_mm,
                "height_mm": box.height_mm,
                "share": share,
                "kg_per_mm2": band.kg_per_mm2,
                "section_ratio": section_ratio,
                "main_at": group.main.rating_a,
            }
            yield make.priced(
                kind,
                Message(f"lines.{kind}"),
                f"{bar.thickness_mm}T×{bar.width_mm}",
                kg,
                "item:copper_kg",
                Because(rule, inputs),
            )


def _section(bar: BarStep) -> int:
    return bar.width_mm * bar.thickness_mm


def _band(bands: tuple[CopperBand, ...], main_at: int) -> CopperBand:
    return next((band for band in bands if main_at <= band.up_to), bands[-1])


def _cover(box: PricedBox, make: LineMaker, rules: Rulebook) -> Line:
    rule = rules.pricing.cover.value
    won = _by_area(box, rule.won_per_pyeong, rule.minimum_won)
    return make.computed(
        "cover",
        Message("lines.cover"),
        f"{box.width_mm}×{box.height_mm}",
        "EA",
        won,
        Because("pricing.cover", _area_inputs(box)),
    )


def _sundries(problem: PanelProblem, box: PricedBox, make: LineMaker, rules: Rulebook) -> Line:
    rule = rules.pricing.sundries.value
    steps = _started(box.width_mm - rule.base_width_mm) + _started(box.height_mm - rule.base_height_mm)
    pieces = len(problem.accessories)
    won = min(rule.cap_won, rule.base_won + steps * rule.per_100_mm_won + pieces * rule.per_accessory_won)
    because = Because(
        "pricing.sundries", {"started_100_mm": steps, "accessories": pieces, "cap_won": rule.cap_won}
    )
    return make.computed("sundries", Message("lines.sundries"), "", "LOT", won, because)


def _assembly(problem: PanelProblem, box: PricedBox, make: LineMaker, rules: Rulebook) -> Line:
    """Return the shop labour by main frame and box height, with contactors and many small breakers on top."""
    pricing, frame = rules.pricing, _frame(problem)
    contactors = sum(item.kind == "magnetic_contactor" for item in problem.accessories)
    by_contactor = contactors * pricing.assembly_per_contactor.value
    item = Message("lines.assembly")
    if problem.is_main_only:
        won = (
            sum(pricing.assembly_main_only.value.at(main.breaker.frame_af) for main in problem.mains)
            + by_contactor
        )
        return make.computed(
            "assembly", item, "", "LOT", won, Because("pricing.assembly_main_only", {"frame_af": frame})
        )
    band = next(
        (band for band in pricing.assembly.value if frame <= band.up_to_frame_af), pricing.assembly.value[-1]
    )
    steps = _started(box.height_mm - band.base_height_mm)
    small = sum(device.breaker.grade is Grade.SMALL for device in problem.devices)
    roomy = (
        box.width_mm >= pricing.small_bonus_least_width.value
        and box.height_mm >= pricing.small_bonus_least_height.value
    )
    bonus = band.small_breaker_bonus_won if roomy and small >= pricing.small_bonus_least_breakers.value else 0
    won = band.base_won + steps * band.per_100_mm_won + by_contactor + bonus
    inputs = {
        "frame_af": frame,
        "height_mm": box.height_mm,
        "started_100_mm": steps,
        "contactors": contactors,
        "small_breakers": small,
        "bonus_won": bonus,
    }
    return make.computed("assembly", item, "", "LOT", won, Because("pricing.assembly", inputs))


def _frame(problem: PanelProblem) -> int:
    return max(main.breaker.frame_af for main in problem.mains)


def _by_area(box: PricedBox, won_per_pyeong: int, minimum_won: int) -> Fraction:
    return max(Fraction(box.front_mm2 * won_per_pyeong, PYEONG_MM2), Fraction(minimum_won))


def _area_inputs(box: PricedBox) -> dict[str, int | Fraction]:
    return {
        "width_mm": box.width_mm,
        "height_mm": box.height_mm,
        "pyeong": Fraction(box.front_mm2, PYEONG_MM2),
    }


def _started(over_mm: int) -> int:
    """Return how many 100 mm have been started above a base; below it nothing is taken off."""
    return -(-over_mm // 100) if over_mm > 0 else 0
