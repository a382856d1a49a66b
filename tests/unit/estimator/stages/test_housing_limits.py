"""What a box must hold besides the parts: protection, the limits of the site; what is said where there is none, and the remarks."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from kis.estimator.findings import Because, Finding, Gate, Severity, Verdict
from kis.estimator.layout.drawing import Zones
from kis.estimator.layout.plans import Arrangement
from kis.estimator.stages.enclosure import EnclosureOutcome
from kis.platform.messages import Message
from tests.factories import drawings
from tests.factories.boxes import box, chosen, gate, outcome, plan


class TestProtection:
    BOXES = (box("A", 500, 600, ip=43), box("B", 500, 600, ip=44), box("C", 500, 600, ip=None))

    def test_goes_before_price(self) -> None:
        found = outcome([plan(500, 600)], self.BOXES, {"A": 1_000, "B": 50_000, "C": 2_000})
        assert chosen(found).model == "B"

    @pytest.mark.parametrize(
        ("boxes", "declared", "key"),
        [((0, 2), 43, "enclosure.ip_short"), ((2,), None, "enclosure.ip_undeclared")],
    )
    def test_that_no_box_has_fails(self, boxes: tuple[int, ...], declared: int | None, key: str) -> None:
        # The custom box is protected like the first of its series.
        rows = [self.BOXES[index] for index in boxes]
        found = outcome([plan(500, 600)], rows, {"A": 1_000, "C": 2_000})
        own = gate(found, "enclosure.ip")
        assert (own.measured, own.limit, own.verdict, own.explanation.key) == (
            declared,
            44,
            Verdict.FAIL,
            key,
        )
        assert own.explanation.values["model"] == chosen(found).model
        if declared is not None:
            assert own.explanation.values == {"model": "A", "ip": 43, "wanted": "44"}

    @pytest.mark.parametrize("declared", [50, 54, 59])
    def test_reaches_itself_digit_by_digit(self, declared: int) -> None:
        found = outcome([plan(500, 600)], [box("A", 500, 600, ip=declared)], {"A": 1_000}, wanted_ip=declared)
        assert gate(found, "enclosure.ip").verdict is Verdict.PASS

    @pytest.mark.parametrize(
        ("wanted", "told", "rule"),
        [
            (5, "05", "enclosure.ip_floor_outdoor"),
            (65, "65", "enclosure.ip_floor_outdoor"),
            (64, "64", "enclosure.ip_floor_indoor"),
            (66, "66", "enclosure.ip_floor_outdoor"),
        ],
    )
    def test_rests_on_the_rule_of_its_water_digit(self, wanted: int, told: str, rule: str) -> None:
        found = outcome([plan(500, 600)], [box("A", 500, 600, ip=66)], {"A": 1_000}, wanted_ip=wanted)
        own = gate(found, "enclosure.ip")
        assert (own.rule, own.explanation.values["wanted"], own.verdict) == (rule, told, Verdict.PASS)


class TestLimits:
    def test_leave_out_larger_boxes(self) -> None:
        # 600 high is allowed, 650 is not, cheap as it is; custom 500 × 600 is dear.
        boxes = [box("B", 500, 650), box("A", 500, 600)]
        found = outcome([plan(500, 600)], boxes, {"A": 50_000, "B": 1_000}, limits={"height_mm": 600})
        assert (chosen(found).model, chosen(found).candidates) == ("A", 2)

    @pytest.mark.parametrize("name", ["width_mm", "height_mm", "depth_mm"])
    def test_leave_out_custom_boxes_whose_grid_is_above(self, name: str) -> None:
        # 501 × 501 × 151 fits 510 (or 160), but is made as 550 × 550 × 200.
        limit = 160 if name == "depth_mm" else 510
        found = outcome([plan(501, 501, 151)], [box("A", 300, 300)], {}, limits={name: limit})
        assert found.enclosure is None
        assert gate(found, "enclosure.fit_score").explanation.key == "enclosure.no_series"

    @pytest.mark.parametrize(("name", "limit"), [("width_mm", 550), ("height_mm", 550), ("depth_mm", 200)])
    def test_admit_custom_boxes_that_reach_them(self, name: str, limit: int) -> None:
        # The pattern of the series is too small itself.
        found = outcome([plan(501, 501, 151)], [box("A", 300, 300)], {}, limits={name: limit})
        assert (chosen(found).custom, chosen(found).candidates) == (True, 1)

    def test_leave_out_arrangements(self) -> None:
        plans = [plan(500, 600), plan(450, 650)]
        found = outcome(plans, [box("A", 500, 650)], {"A": 1_000}, limits={"width_mm": 500, "height_mm": 600})
        assert (found.arrangement, chosen(found).arrangements) == (plans[0], 2)


def refused(text: Message, rule: str, inputs: Mapping[str, int]) -> EnclosureOutcome:
    return EnclosureOutcome(
        enclosure=None,
        arrangement=None,
        gates=(
            Gate(
                id="enclosure.fit_score",
                measured=Fraction(0),
                operator=">=",
                limit=Fraction(9, 10),
                unit="",
                verdict=Verdict.FAIL,
                explanation=text,
                rule=rule,
                inputs=inputs,
            ),
        ),
        findings=(),
    )


class TestRefusal:
    def test_of_parts_that_stand_nowhere(self) -> None:
        assert outcome([], [], {}) == refused(Message("enclosure.nothing_fits"), "enclosure.width_limit", {})

    @pytest.mark.parametrize(
        ("limits", "dimension", "needed", "limit", "panels", "rule"),
        [
            ({"width_mm": 499}, "width_mm", 500, 499, 2, "enclosure.width_limit"),
            ({"height_mm": 250}, "height_mm", 600, 250, 3, "enclosure.height_limit"),
            # Twice 300 are 600: two panels.
            ({"height_mm": 300}, "height_mm", 600, 300, 2, "enclosure.height_limit"),
            ({"depth_mm": 149}, "depth_mm", 150, 149, 2, "enclosure.custom_depth_limit"),
            # The first that is broken is told.
            ({"depth_mm": 149, "width_mm": 490}, "width_mm", 500, 490, 2, "enclosure.width_limit"),
        ],
    )
    def test_names_the_limit(
        self, limits: dict[str, int], dimension: str, needed: int, limit: int, panels: int, rule: str
    ) -> None:
        values = {
            "dimension": Message(f"enclosure.dimension.{dimension}"),
            "needed": needed,
            "limit": limit,
            "short": needed - limit,
            "size": "500×600×150",
            "panels": panels,
        }
        assert outcome([plan(500, 600)], [box("A", 500, 600)], {"A": 1}, limits=limits) == refused(
            Message("enclosure.does_not_fit", values), rule, {"needed_mm": needed, "limit_mm": limit}
        )

    @pytest.mark.parametrize(
        ("plans", "size"),
        [
            # 100, 40 + 50 and 101 over 500 × 500.
            ([plan(600, 500), plan(540, 550), plan(500, 601)], "540×550×150"),
            # What is within one limit does not make up for the other: 50 + 0 against 40 + 30.
            ([plan(540, 530), plan(550, 100)], "550×100×150"),
            # One is 10 over; one far narrower is 30 over: what is to spare in width does not count.
            ([plan(510, 500), plan(100, 530)], "510×500×150"),
            # 10 over in width against 5 in width and 6 in depth.
            ([plan(510, 500), plan(505, 100, 156)], "510×500×150"),
            # Equally short by 50: the smaller front.
            ([plan(500, 550), plan(550, 400)], "550×400×150"),
        ],
    )
    def test_speaks_of_the_least_short(self, plans: list[Arrangement], size: str) -> None:
        found = outcome(plans, [], {}, limits={"width_mm": 500, "height_mm": 500, "depth_mm": 150})
        assert gate(found, "enclosure.fit_score").explanation.values["size"] == size

    def test_without_a_box_of_the_mounting_names_the_least_size(self) -> None:
        # 400 × 700 are 280,000 mm², 500 × 500 are 250,000.
        values = {"mounting": "frp", "series": "-", "size": "500×500×150"}
        assert outcome(
            [plan(400, 700), plan(500, 500)], [box("A", 800, 800)], {"A": 1}, mounting="frp"
        ) == refused(Message("enclosure.no_series", values), "enclosure.series", {})

    def test_without_a_box_of_the_series_names_it(self) -> None:
        values = {"mounting": "indoor_surface", "series": "HB", "size": "500×600×150"}
        found = outcome([plan(500, 600)], [box("A", 800, 800)], {"A": 1}, enclosure_series="HB")
        assert found == refused(Message("enclosure.no_series", values), "enclosure.series", {})

    def test_without_a_box_of_several_series_names_them(self) -> None:
        value = drawings.rulebook().enclosure.series.value
        both = {
            **value,
            "indoor_surface": value["indoor_surface"].model_copy(update={"steel": ("HDS", "HX")}),
        }
        found = outcome([plan(500, 600)], [], {}, enclosure={"series": both})
        assert gate(found, "enclosure.fit_score").explanation.values["series"] == "HDS, HX"

    def test_of_ready_made_boxes_takes_no_custom_one(self) -> None:
        small = box("A", 300, 300, series="HB")
        assert outcome([plan(500, 600)], [small], {"A": 1}, enclosure_series="HB").enclosure is None


class TestRemarks:
    @pytest.mark.parametrize(("columns", "told"), [(2, False), (3, True), (4, True)])
    def test_three_columns_suggest_two_panels(self, columns: int, told: bool) -> None:
        found = outcome([plan(500, 600, columns=columns)], [box("A", 500, 600)], {"A": 1})
        told_of = [item for item in found.findings if item.code == "enclosure.two_panels"]
        expected = Finding(
            code="enclosure.two_panels",
            severity=Severity.RECOMMENDATION,
            message=Message("enclosure.two_panels", {"columns": columns}),
            rule="enclosure.columns",
            figure=columns,
            limit=3,
        )
        assert told_of == ([expected] if told else [])

    def test_space_use_is_that_of_the_front(self) -> None:
        # 450 × 600 of 500 × 650 mm: 270000 ÷ 325000 = 83.08 %.
        found = outcome([plan(450, 600)], [box("A", 500, 650)], {"A": 1})
        (use,) = found.findings
        assert (use.figure, use.message) == (
            Fraction(83, 100),
            Message("enclosure.space_use", {"percent": "83"}),
        )

    def test_height_is_explained_by_the_tallest_main(self) -> None:
        one = plan(500, 600)
        (group,) = one.groups
        low = replace(group, zones=Zones(a_mm=999, b_mm=1, c_mm=1, e_mm=1, d_mm=1))
        tall = replace(group, zones=Zones(a_mm=400, b_mm=40, c_mm=500, e_mm=60, d_mm=70))
        own = chosen(outcome([replace(one, groups=(low, tall))], [box("A", 500, 600)], {"A": 1}))
        assert own.because["height_mm"][1] == Because("enclosure.bar_space", {"b_mm": 40})
        assert own.because["height_mm"][3] == Because("enclosure.band_space", {"e_mm": 60})
