"""Stage enclosure: which box (rules ``enclosure.*``).

Every arrangement and every box of the series that holds it is tried, and one custom box for each arrangement. A box passes at fit ≥ 0.90, or, with a
remark naming both prices, at ≥ 0.60 when it is the smallest standard box that holds the panel and costs no more than the custom one. The cheapest box
that passes is quoted; all is enumerated, so nothing cheaper exists.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kis.catalog import UNVERIFIED, Catalog, Enclosure
from kis.estimator.design import ChosenEnclosure
from kis.estimator.findings import Because, Finding, Gate, Severity, Verdict
from kis.estimator.layout.plans import Arrangement
from kis.estimator.pricing.bill import amount_of
from kis.estimator.pricing.box import PricedBox, box_lines
from kis.estimator.pricing.line import LineMaker
from kis.estimator.problem import PanelProblem
from kis.estimator.rulebook import Rulebook
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclosureOutcome:
    """The box and arrangement chosen, with the stage's gates; both None where the panel cannot be housed."""

    enclosure: ChosenEnclosure | None
    arrangement: Arrangement | None
    gates: tuple[Gate, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A box with the arrangement that fills it best."""

    box: PricedBox
    arrangement: Arrangement
    needed_depth_mm: int
    fit: Fraction
    price: Decimal
    priced: bool
    ip: int | None
    ip_source: str

    @property
    def volume(self) -> int:
        return self.box.front_mm2 * self.box.depth_mm

    @property
    def order(self) -> tuple[Decimal, int, str]:
        """Return the order of candidates: price, volume, name."""
        return (self.price, self.volume, self.box.model or self.box.size)


def choose_enclosure(
    problem: PanelProblem, found: Sequence[Arrangement], catalog: Catalog, make: LineMaker, rules: Rulebook
) -> EnclosureOutcome:
    """Return the cheapest box that passes for the arrangements ``found``, or why there is none."""
    series = series_of(problem, rules)
    fitting = [item for item in found if _exceeded(problem, item, rules) is None]
    if not fitting:
        return _refused(problem, found, rules)
    standard = list(_standard(problem, fitting, series, catalog, make, rules))
    custom = list(_custom(problem, fitting, series, catalog, make, rules))
    candidates = [item for item in [*standard, *custom] if item.priced] or [*standard, *custom]
    if not candidates:
        return _no_box(problem, fitting, series, rules)
    least_custom = min((item.price for item in custom if item.priced), default=None)
    by_remark = _smallest_standard(standard, least_custom, rules)
    passing = [
        item for item in candidates if item.fit >= rules.enclosure.fit_limit.value or item is by_remark
    ]
    with_ip = [item for item in passing if ip_reaches(item.ip, problem.wanted_ip)]
    chosen = min(with_ip or passing or candidates, key=lambda item: item.order)
    enclosure = _chosen(problem, chosen, least_custom, len(candidates), len(found), rules)
    gates = (_fit_gate(enclosure, make, rules, passes=chosen in passing), _ip_gate(problem, enclosure))
    return EnclosureOutcome(
        enclosure=enclosure,
        arrangement=chosen.arrangement,
        gates=gates,
        findings=tuple(_remarks(enclosure, chosen, rules)),
    )


def series_of(problem: PanelProblem, rules: Rulebook) -> tuple[str, ...]:
    """Return the box series that may be used: the one asked for, else those of the mounting and material."""
    request = problem.request
    if request.enclosure_series is not None:
        return (request.enclosure_series,)
    choice = rules.enclosure.series.value[request.mounting.value]
    return choice.steel if request.material.value == "steel" else choice.SUS201


def fit_of(needed: tuple[int, int, int], box: tuple[int, int, int]) -> Fraction:
    """Return needed volume ÷ box volume over W, H, D, each capped at 1; 0 when anything does not fit. Exact."""
    if any(need > have for need, have in zip(needed, box, strict=True)):
        return Fraction(0)
    fit = Fraction(1)
    for need, have in zip(needed, box, strict=True):
        fit *= Fraction(need, have)
    return fit


def ip_reaches(declared: int | None, wanted: int) -> bool:
    """Tell whether a declared IP reaches the wanted one digit by digit; an undeclared one does not."""
    return declared is not None and declared // 10 >= wanted // 10 and declared % 10 >= wanted % 10


def limits_of(problem: PanelProblem, rules: Rulebook) -> tuple[int, int, int]:
    """Return the greatest width, height and depth: the request's, never above the shop's."""
    asked, enclosure = problem.request.limits, rules.enclosure
    return (
        min(asked.width_mm or enclosure.width_limit.value, enclosure.width_limit.value),
        min(asked.height_mm or enclosure.height_limit.value, enclosure.height_limit.value),
        min(asked.depth_mm or enclosure.custom_depth_limit.value, enclosure.custom_depth_limit.value),
    )


def _exceeded(problem: PanelProblem, item: Arrangement, rules: Rulebook) -> tuple[str, int, int] | None:
    """Return the first limit an arrangement breaks: dimension, needed, limit."""
    needed = (item.width_mm, item.height_mm, item.depth_mm)
    for name, need, limit in zip(
        ("width_mm", "height_mm", "depth_mm"), needed, limits_of(problem, rules), strict=True
    ):
        if need > limit:
            return name, need, limit
    return None


def _standard(
    problem: PanelProblem,
    found: Sequence[Arrangement],
    series: Sequence[str],
    catalog: Catalog,
    make: LineMaker,
    rules: Rulebook,
) -> Iterator[_Candidate]:
    rows = [row for row in catalog.enclosures if row.series in series]
    limits = limits_of(problem, rules)
    for row in rows:
        size = (row.width_mm, row.height_mm, row.depth_mm)
        if any(have > limit for have, limit in zip(size, limits, strict=True)):
            continue
        depths = [other.depth_mm for other in rows if other.series == row.series]
        best = _best(found, size, depths)
        if best is not None:
            box = PricedBox(
                series=row.series,
                model=row.model,
                material=row.material,
                width_mm=row.width_mm,
                height_mm=row.height_mm,
                depth_mm=row.depth_mm,
            )
            yield _candidate(problem, best, box, row, make, rules)


def _custom(
    problem: PanelProblem,
    found: Sequence[Arrangement],
    series: Sequence[str],
    catalog: Catalog,
    make: LineMaker,
    rules: Rulebook,
) -> Iterator[_Candidate]:
    """Yield the smallest custom box of each arrangement, on the shop's grid; moulded and ready-made boxes are not made to measure."""
    ready_made = problem.request.enclosure_series in rules.enclosure.ready_made_series.value
    if (
        not rules.enclosure.series.value[problem.request.mounting.value].custom_allowed
        or ready_made
        or not series
    ):
        return
    pattern = next((row for row in catalog.enclosures if row.series == series[0]), None)
    step, limits = rules.enclosure.custom_step.value, limits_of(problem, rules)
    for item in found:
        width, height, depth = (
            -(-need // step) * step for need in (item.width_mm, item.height_mm, item.depth_mm)
        )
        box = PricedBox(
            series=series[0],
            model=None,
            material=problem.request.material.value,
            width_mm=width,
            height_mm=height,
            depth_mm=depth,
        )
        if pattern is not None and width <= limits[0] and height <= limits[1] and depth <= limits[2]:
            yield _candidate(
                problem,
                (item, fit_of((item.width_mm, item.height_mm, depth), (width, height, depth)), depth),
                box,
                pattern,
                make,
                rules,
            )


def _best(
    found: Sequence[Arrangement], size: tuple[int, int, int], depths: Sequence[int]
) -> tuple[Arrangement, Fraction, int] | None:
    """Return the arrangement a standard box holds best, its fit and the depth needed: the smallest the series makes that is deep enough."""
    best: tuple[Arrangement, Fraction, int] | None = None
    for item in found:
        needed_depth = min((depth for depth in depths if depth >= item.depth_mm), default=None)
        if needed_depth is None:
            continue
        fit = fit_of((item.width_mm, item.height_mm, needed_depth), size)
        if fit > 0 and (best is None or fit > best[1]):
            best = (item, fit, needed_depth)
    return best


def _candidate(
    problem: PanelProblem,
    best: tuple[Arrangement, Fraction, int],
    box: PricedBox,
    row: Enclosure,
    make: LineMaker,
    rules: Rulebook,
) -> _Candidate:
    arrangement, fit, needed_depth = best
    lines = list(box_lines(problem, arrangement.groups, box, make, rules))
    return _Candidate(
        box=box,
        arrangement=arrangement,
        needed_depth_mm=needed_depth,
        fit=fit,
        price=amount_of(lines),
        priced=all(line.priced for line in lines),
        ip=row.ip,
        ip_source=row.ip_source,
    )


def _smallest_standard(
    standard: Sequence[_Candidate], least_custom: Decimal | None, rules: Rulebook
) -> _Candidate | None:
    """Return the box that may pass at the lower limit: the smallest standard one, if it is no dearer than the custom one."""
    smallest = min(standard, key=lambda item: (item.volume, item.order), default=None)
    if smallest is None or smallest.fit < rules.enclosure.fit_limit_priced.value or not smallest.priced:
        return None
    return smallest if least_custom is None or smallest.price <= least_custom else None


def _chosen(
    problem: PanelProblem,
    chosen: _Candidate,
    least_custom: Decimal | None,
    candidates: int,
    arrangements: int,
    rules: Rulebook,
) -> ChosenEnclosure:
    box, arrangement = chosen.box, chosen.arrangement
    return ChosenEnclosure(
        series=box.series,
        model=box.model or f"{box.series} {box.size}",
        custom=box.model is None,
        material=box.material,
        width_mm=box.width_mm,
        height_mm=box.height_mm,
        depth_mm=box.depth_mm,
        ip=chosen.ip,
        ip_verified=chosen.ip_source not in UNVERIFIED,
        fit=chosen.fit,
        needed_width_mm=arrangement.width_mm,
        needed_height_mm=arrangement.height_mm,
        needed_depth_mm=chosen.needed_depth_mm,
        depth_geometry_mm=arrangement.depth_geometry_mm,
        depth_verified=arrangement.depth_verified,
        price=chosen.price,
        custom_price=least_custom,
        by_remark=chosen.fit < rules.enclosure.fit_limit.value,
        candidates=candidates,
        arrangements=arrangements,
        because=_reasons(problem, chosen, candidates, arrangements, rules),
    )


def _reasons(
    problem: PanelProblem, chosen: _Candidate, candidates: int, arrangements: int, rules: Rulebook
) -> dict[str, tuple[Because, ...]]:
    """Return why the box is as wide, high and deep as it is, and why it is this one."""
    arrangement = chosen.arrangement
    tallest = max(arrangement.groups, key=lambda group: group.zones.total_mm)
    zones, main = tallest.zones, tallest.main
    above = rules.enclosure.wiring_above_main.value.at(main.breaker.frame_af)
    picked = Because(
        "enclosure.fit_limit",
        {"candidates": candidates, "arrangements": arrangements, "price": chosen.price, "fit": chosen.fit},
    )
    width = (
        Because(
            "enclosure.width_step",
            {"frame_af": main.breaker.frame_af, "ways": problem.ways, "needed_mm": arrangement.width_mm},
        ),
        Because(
            "enclosure.width_rounding",
            {"geometry_mm": arrangement.width_geometry_mm, "step_mm": rules.enclosure.width_rounding.value},
        ),
        picked,
    )
    height = (
        Because(
            "enclosure.wiring_above_main",
            {"frame_af": main.breaker.frame_af, "a1_mm": above, "main_height_mm": main.breaker.height_mm},
        ),
        Because("enclosure.bar_space", {"b_mm": zones.b_mm}),
        Because("layout.pairing", {"c_mm": zones.c_mm, "columns": arrangement.most_columns}),
        Because("enclosure.band_space", {"e_mm": zones.e_mm}),
        Because("enclosure.bottom_space", {"main_at": main.rating_a, "d_mm": zones.d_mm}),
        Because(
            "enclosure.custom_step" if chosen.box.model is None else "enclosure.fit_limit",
            {"needed_mm": arrangement.height_mm},
        ),
    )
    depth = (
        Because(
            "enclosure.door_clearance",
            {
                "plate_face_mm": rules.enclosure.plate_face.value,
                "clearance_mm": rules.enclosure.door_clearance.value,
                "door_mm": rules.enclosure.door_sheet.value,
                "geometry_mm": arrangement.depth_geometry_mm,
            },
        ),
        Because("enclosure.depth_floor_225a", {"main_at": main.rating_a, "needed_mm": arrangement.depth_mm}),
        Because("enclosure.fit_limit", {"smallest_depth_made_mm": chosen.needed_depth_mm}),
    )
    return {"model": (picked,), "width_mm": width, "height_mm": height, "depth_mm": depth}


def _fit_gate(enclosure: ChosenEnclosure, make: LineMaker, rules: Rulebook, *, passes: bool) -> Gate:
    limit = rules.enclosure.fit_limit.value
    if passes and not enclosure.by_remark:
        verdict, text = Verdict.PASS, Message("enclosure.fit_passes", {"model": enclosure.model})
    elif passes:
        custom = (
            f"{enclosure.custom_price:,}"
            if enclosure.custom_price is not None
            else Message("enclosure.no_custom")
        )
        values = {
            "model": enclosure.model,
            "price": f"{enclosure.price:,}",
            "custom": custom,
            "currency": make.till.currency,
        }
        verdict, text = Verdict.REMARK, Message("enclosure.fit_by_price", values)
    else:
        verdict, text = Verdict.FAIL, Message("enclosure.fit_fails", {"model": enclosure.model})
    needed = {
        "width_mm": enclosure.needed_width_mm,
        "height_mm": enclosure.needed_height_mm,
        "depth_mm": enclosure.needed_depth_mm,
    }
    return Gate(
        id="enclosure.fit_score",
        measured=enclosure.fit,
        operator=">=",
        limit=limit,
        unit="",
        verdict=verdict,
        explanation=text,
        rule="enclosure.fit_limit",
        inputs={f"needed_{name}": value for name, value in needed.items()},
    )


def _ip_gate(problem: PanelProblem, enclosure: ChosenEnclosure) -> Gate:
    reached = ip_reaches(enclosure.ip, problem.wanted_ip)
    if enclosure.ip is None:
        text = Message("enclosure.ip_undeclared", {"model": enclosure.model})
    else:
        key = "enclosure.ip_reached" if reached else "enclosure.ip_short"
        text = Message(
            key, {"model": enclosure.model, "ip": enclosure.ip, "wanted": f"{problem.wanted_ip:02d}"}
        )
    outdoor = "enclosure.ip_floor_outdoor" if problem.wanted_ip % 10 >= 5 else "enclosure.ip_floor_indoor"
    return Gate(
        id="enclosure.ip",
        measured=enclosure.ip,
        operator=">=",
        limit=problem.wanted_ip,
        unit="IP",
        verdict=Verdict.PASS if reached else Verdict.FAIL,
        explanation=text,
        rule=outdoor,
    )


def _remarks(enclosure: ChosenEnclosure, chosen: _Candidate, rules: Rulebook) -> Iterator[Finding]:
    if chosen.arrangement.most_columns >= rules.enclosure.columns.value:
        values = {"columns": chosen.arrangement.most_columns}
        yield Finding(
            code="enclosure.two_panels",
            severity=Severity.RECOMMENDATION,
            message=Message("enclosure.two_panels", values),
            rule="enclosure.columns",
            figure=chosen.arrangement.most_columns,
            limit=rules.enclosure.columns.value,
        )
    used = Fraction(
        chosen.arrangement.width_mm * chosen.arrangement.height_mm, enclosure.width_mm * enclosure.height_mm
    )
    yield Finding(
        code="enclosure.space_use",
        severity=Severity.INFORMATION,
        message=Message("enclosure.space_use", {"percent": f"{float(100 * used):.0f}"}),
        rule="enclosure.space_use",
        figure=Fraction(round(used * 100), 100),
        limit=rules.enclosure.space_use.value,
    )


def _refused(problem: PanelProblem, found: Sequence[Arrangement], rules: Rulebook) -> EnclosureOutcome:
    """Answer with the limit that stops the panel, by how much, the best that is possible and what would help."""
    best = min(found, key=lambda item: _shortfall(problem, item, rules), default=None)
    exceeded = _exceeded(problem, best, rules) if best is not None else None
    if best is None or exceeded is None:
        text = Message("enclosure.nothing_fits")
        return _failed(text, rules.enclosure.fit_limit.value, "enclosure.width_limit", {})
    name, need, limit = exceeded
    values = {
        "dimension": Message(f"enclosure.dimension.{name}"),
        "needed": need,
        "limit": limit,
        "short": need - limit,
        "size": f"{best.width_mm}×{best.height_mm}×{best.depth_mm}",
        "panels": -(-need // limit),
    }
    rule = (
        "enclosure.custom_depth_limit"
        if name == "depth_mm"
        else f"enclosure.{name.removesuffix('_mm')}_limit"
    )
    return _failed(
        Message("enclosure.does_not_fit", values),
        rules.enclosure.fit_limit.value,
        rule,
        {"needed_mm": need, "limit_mm": limit},
    )


def _shortfall(problem: PanelProblem, item: Arrangement, rules: Rulebook) -> tuple[int, int]:
    needed = (item.width_mm, item.height_mm, item.depth_mm)
    over = sum(max(0, need - limit) for need, limit in zip(needed, limits_of(problem, rules), strict=True))
    return over, item.width_mm * item.height_mm


def _no_box(
    problem: PanelProblem, fitting: Sequence[Arrangement], series: Sequence[str], rules: Rulebook
) -> EnclosureOutcome:
    best = min(fitting, key=lambda item: item.width_mm * item.height_mm)
    values = {
        "mounting": problem.request.mounting.value,
        "series": ", ".join(series) or "-",
        "size": f"{best.width_mm}×{best.height_mm}×{best.depth_mm}",
    }
    return _failed(
        Message("enclosure.no_series", values), rules.enclosure.fit_limit.value, "enclosure.series", {}
    )


def _failed(text: Message, limit: Fraction, rule: str, inputs: dict[str, int]) -> EnclosureOutcome:
    gate = Gate(
        id="enclosure.fit_score",
        measured=Fraction(0),
        operator=">=",
        limit=limit,
        unit="",
        verdict=Verdict.FAIL,
        explanation=text,
        rule=rule,
        inputs=inputs,
    )
    return EnclosureOutcome(enclosure=None, arrangement=None, gates=(gate,), findings=())
