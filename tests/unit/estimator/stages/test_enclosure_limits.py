"""The choice of a box, where every fit and price is known by hand: the cheapest that passes, by fit or by price."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kis.catalog import Enclosure
from kis.estimator.design import ChosenEnclosure
from kis.estimator.findings import Because, Finding, Gate, Severity, Verdict
from kis.platform.messages import Message
from tests.factories import drawings
from tests.factories.boxes import OTHERS, box, chosen, gate, outcome, plan


class TestCheapest:
    def test_is_told_whole(self) -> None:
        # 500 × 600 fits exactly at 50,000; 500 × 650 is filled to 600/650 and costs 40,000. Custom 500 × 600: 90000 · 10/3 · 1.3 = 390,000.
        found = outcome(
            [plan(500, 600)], [box("A", 500, 600), box("B", 500, 650)], {"A": 50_000, "B": 40_000}
        )
        picked = Because(
            "enclosure.fit_limit",
            {
                "candidates": 3,
                "arrangements": 1,
                "price": Decimal(40_000 + OTHERS),
                "fit": Fraction(600, 650),
            },
        )
        assert found.enclosure == ChosenEnclosure(
            series="HDS",
            model="B",
            custom=False,
            material="steel",
            width_mm=500,
            height_mm=650,
            depth_mm=150,
            ip=44,
            ip_verified=True,
            fit=Fraction(600, 650),
            needed_width_mm=500,
            needed_height_mm=600,
            needed_depth_mm=150,
            depth_geometry_mm=144,
            depth_verified=True,
            price=Decimal(40_000 + OTHERS),
            custom_price=Decimal(390_000 + OTHERS),
            by_remark=False,
            candidates=3,
            arrangements=1,
            because={
                "model": (picked,),
                "width_mm": (
                    Because("enclosure.width_step", {"frame_af": 100, "ways": 0, "needed_mm": 500}),
                    Because("enclosure.width_rounding", {"geometry_mm": 495, "step_mm": 50}),
                    picked,
                ),
                "height_mm": (
                    Because(
                        "enclosure.wiring_above_main", {"frame_af": 100, "a1_mm": 170, "main_height_mm": 130}
                    ),
                    Because("enclosure.bar_space", {"b_mm": 30}),
                    Because("layout.pairing", {"c_mm": 115, "columns": 1}),
                    Because("enclosure.band_space", {"e_mm": 0}),
                    Because("enclosure.bottom_space", {"main_at": 100, "d_mm": 150}),
                    Because("enclosure.fit_limit", {"needed_mm": 600}),
                ),
                "depth_mm": (
                    Because(
                        "enclosure.door_clearance",
                        {"plate_face_mm": 30, "clearance_mm": 30, "door_mm": 2, "geometry_mm": 144},
                    ),
                    Because("enclosure.depth_floor_225a", {"main_at": 100, "needed_mm": 150}),
                    Because("enclosure.fit_limit", {"smallest_depth_made_mm": 150}),
                ),
            },
        )
        assert found.arrangement == plan(500, 600)
        assert found.gates == (
            Gate(
                id="enclosure.fit_score",
                measured=Fraction(600, 650),
                operator=">=",
                limit=Fraction(9, 10),
                unit="",
                verdict=Verdict.PASS,
                explanation=Message("enclosure.fit_passes", {"model": "B"}),
                rule="enclosure.fit_limit",
                inputs={"needed_width_mm": 500, "needed_height_mm": 600, "needed_depth_mm": 150},
            ),
            Gate(
                id="enclosure.ip",
                measured=44,
                operator=">=",
                limit=44,
                unit="IP",
                verdict=Verdict.PASS,
                explanation=Message("enclosure.ip_reached", {"model": "B", "ip": 44, "wanted": "44"}),
                rule="enclosure.ip_floor_indoor",
            ),
        )
        # 600/650 of the front, 92.3 %, to whole percents.
        assert found.findings == (
            Finding(
                code="enclosure.space_use",
                severity=Severity.INFORMATION,
                message=Message("enclosure.space_use", {"percent": "92"}),
                rule="enclosure.space_use",
                figure=Fraction(92, 100),
                limit=Fraction(17, 20),
            ),
        )

    @pytest.mark.parametrize(
        ("boxes", "model"),
        [
            # Equal prices: the smaller one; equal sizes: the first by name.
            ([box("A", 500, 650), box("B", 500, 600)], "B"),
            ([box("B", 500, 600), box("A", 500, 600)], "A"),
            # 640 × 470 is less front than 500 × 610 but with 160 mm more volume: 48,128,000 against 45,750,000 mm³.
            ([box("A", 640, 470, 160), box("B", 500, 610)], "B"),
        ],
    )
    def test_of_equals_is_the_smaller(self, boxes: list[Enclosure], model: str) -> None:
        found = outcome([plan(500, 600), plan(640, 470)], boxes, {"A": 50_000, "B": 50_000})
        assert chosen(found).model == model

    def test_custom_box_is_made_on_the_grid(self) -> None:
        # 501 × 551 × 151 takes 550 × 600 × 200: 9000 · 330000 ÷ 90000 · 1.3 = 42,900 against 50,000. Its fit counts the depth of 200.
        found = outcome([plan(501, 551, 151)], [box("A", 550, 600, 200)], {"A": 50_000}, custom=9_000)
        own = chosen(found)
        assert (own.series, own.model, own.custom, own.material) == (
            "HDS",
            "HDS 550×600×200",
            True,
            "steel",
        )
        assert (own.width_mm, own.height_mm, own.depth_mm, own.needed_depth_mm) == (550, 600, 200, 200)
        assert own.price == own.custom_price == Decimal(42_900 + OTHERS)
        assert own.fit == Fraction(501 * 551, 550 * 600)
        assert own.because["height_mm"][-1] == Because("enclosure.custom_step", {"needed_mm": 551})
        assert own.ip == 44

    def test_custom_box_of_a_whole_size_is_no_larger(self) -> None:
        own = chosen(outcome([plan(500, 600)], [box("A", 500, 600)], {"A": 50_000}, custom=9_000))
        assert (own.custom, own.width_mm, own.height_mm, own.depth_mm) == (True, 500, 600, 150)
        assert own.price == Decimal(39_000 + OTHERS)

    def test_custom_box_is_of_the_material_asked_for(self) -> None:
        stainless = box("A", 500, 600, series="SHDS", material="SUS201", ip=55, ip_source="assumed")
        found = outcome([plan(500, 600)], [stainless], {}, material="SUS201")
        # Nothing has a price: the smaller name of equal volumes at 0 won for the box.
        own = chosen(found)
        assert (own.series, own.material, own.ip, own.ip_verified) == ("SHDS", "SUS201", 55, False)
        assert own.custom_price is None

    def test_with_a_price_goes_before_one_without(self) -> None:
        # A has no price and would cost nothing.
        found = outcome([plan(500, 600)], [box("A", 500, 600), box("B", 500, 600)], {"B": 50_000})
        assert (chosen(found).model, chosen(found).candidates) == ("B", 2)

    def test_of_several_arrangements_is_filled_by_the_best(self) -> None:
        # 500 × 600 is filled to 570/600 by the second; equal ones are taken in the order they came.
        plans = [plan(500, 540), plan(500, 570), plan(475, 600), plan(500, 560)]
        found = outcome(plans, [box("A", 500, 600)], {"A": 50_000})
        assert found.arrangement == plans[1]
        assert (chosen(found).fit, chosen(found).arrangements) == (Fraction(19, 20), 4)

    def test_needs_the_smallest_depth_the_series_makes(self) -> None:
        # 150 and 200 are made, 151 is needed: 200, which the box has. 300 of another series does not count, nor does one of 250 of the same.
        boxes = [box("A", 500, 600, 200), box("B", 300, 300, 250), box("C", 300, 300, 150)]
        own = chosen(outcome([plan(500, 600, 151)], boxes, {"A": 50_000}))
        assert (own.model, own.needed_depth_mm, own.fit) == ("A", 200, Fraction(1))
        deep = chosen(outcome([plan(500, 600, 150)], boxes, {"A": 50_000}))
        assert (deep.model, deep.needed_depth_mm, deep.fit) == ("A", 150, Fraction(3, 4))

    def test_too_deep_for_the_first_may_suit_the_second_arrangement(self) -> None:
        plans = [plan(500, 600, 160), plan(500, 590, 150)]
        found = outcome(plans, [box("A", 500, 600)], {"A": 50_000})
        assert (chosen(found).model, found.arrangement) == ("A", plans[1])

    def test_of_two_series_each_has_its_own_depths(self) -> None:
        # HX makes 180, HDS only 200: 160 mm need 200 in HDS and 180 in HX. Custom boxes are of the first series.
        value = drawings.rulebook().enclosure.series.value
        both = {
            **value,
            "indoor_surface": value["indoor_surface"].model_copy(update={"steel": ("HDS", "HX")}),
        }
        boxes = [
            box("A", 500, 600, 200),
            box("B", 500, 600, 180, series="HX"),
            box("C", 500, 600, series="HT"),
        ]
        own = chosen(outcome([plan(500, 600, 160)], boxes, {"A": 50_000, "C": 1}, enclosure={"series": both}))
        assert (own.model, own.needed_depth_mm, own.candidates) == ("A", 200, 2)
        assert own.custom_price == Decimal(390_000 + OTHERS)


class TestFit:
    @pytest.mark.parametrize(
        ("height_mm", "verdict", "text"),
        [(540, Verdict.PASS, "enclosure.fit_passes"), (539, Verdict.REMARK, "enclosure.fit_by_price")],
    )
    def test_passes_at_nine_tenths(self, height_mm: int, verdict: Verdict, text: str) -> None:
        found = outcome([plan(500, height_mm)], [box("A", 500, 600)], {"A": 50_000})
        own = gate(found, "enclosure.fit_score")
        assert (own.measured, own.verdict, own.explanation.key) == (Fraction(height_mm, 600), verdict, text)
        assert chosen(found).by_remark is (verdict is Verdict.REMARK)

    def test_of_nine_tenths_passes_by_itself(self) -> None:
        # The smallest is dearer; 540 of 600 mm are 0.9 exactly.
        boxes = [box("A", 500, 590), box("B", 500, 600)]
        found = outcome([plan(500, 540)], boxes, {"A": 50_000, "B": 1_000})
        assert (chosen(found).model, chosen(found).fit) == ("B", Fraction(9, 10))

    @pytest.mark.parametrize(
        ("height_mm", "price", "verdict", "model"),
        [
            # Custom 500 × 400: 9000 · 200000 ÷ 90000 · 1.3 = 26,000. 0.6 at the same price: the standard box, with a remark.
            (360, 26_000, Verdict.REMARK, "A"),
            # 359 of 600 are less than 0.6, and the custom box is filled to 359/400: nothing passes, the smaller is shown.
            (359, 26_000, Verdict.FAIL, "HDS 500×400×150"),
            (359, 25_999, Verdict.FAIL, "A"),
            # One won dearer than the custom box.
            (360, 26_001, Verdict.FAIL, "HDS 500×400×150"),
        ],
    )
    def test_may_pass_by_price_from_six_tenths(
        self, height_mm: int, price: int, verdict: Verdict, model: str
    ) -> None:
        # 499 wide and so filled to less than 0.9 in the custom box; the standard box is as wide.
        found = outcome([plan(499, height_mm)], [box("A", 499, 600)], {"A": price}, custom=9_000)
        own = gate(found, "enclosure.fit_score")
        assert (own.verdict, chosen(found).model) == (verdict, model)
        assert own.rule == "enclosure.fit_limit"

    def test_by_price_names_both_prices(self) -> None:
        found = outcome([plan(500, 400)], [box("A", 500, 600)], {"A": 50_000})
        # Custom 500 × 400: 90000 · 200000 ÷ 90000 · 1.3 = 260,000.
        assert gate(found, "enclosure.fit_score").explanation == Message(
            "enclosure.fit_by_price",
            {"model": "A", "price": "84,000", "custom": "294,000", "currency": "KRW"},
        )

    def test_by_price_says_where_nothing_is_made_to_measure(self) -> None:
        ready = box("A", 500, 600, series="HB")
        found = outcome([plan(500, 400)], [ready], {"A": 50_000}, enclosure_series="HB")
        assert chosen(found).custom_price is None
        assert gate(found, "enclosure.fit_score").explanation == Message(
            "enclosure.fit_by_price",
            {"model": "A", "price": "84,000", "custom": Message("enclosure.no_custom"), "currency": "KRW"},
        )

    def test_fails_where_the_box_is_too_large(self) -> None:
        ready = box("A", 500, 600, series="HB")
        found = outcome([plan(500, 359)], [ready], {"A": 50_000}, enclosure_series="HB")
        own = gate(found, "enclosure.fit_score")
        assert (own.verdict, own.explanation) == (
            Verdict.FAIL,
            Message("enclosure.fit_fails", {"model": "A"}),
        )

    def test_by_price_is_only_for_the_smallest(self) -> None:
        # Of 500 × 400 needed, B is filled to 2/3 but A is smaller (400/580): B passes neither by fit nor by price, cheap as it is.
        boxes = [box("B", 500, 600), box("A", 500, 580)]
        found = outcome([plan(500, 400)], boxes, {"A": 50_000, "B": 1_000})
        assert chosen(found).model == "A"
        assert gate(found, "enclosure.fit_score").verdict is Verdict.REMARK

    def test_by_price_of_two_smallest_is_the_cheaper(self) -> None:
        boxes = [box("A", 500, 600), box("B", 500, 600)]
        assert chosen(outcome([plan(500, 400)], boxes, {"A": 50_000, "B": 40_000})).model == "B"

    def test_by_price_wants_a_price(self) -> None:
        # The smallest has none: the larger one at 2/3 does not take its place, and the custom box is filled to 8/9 only.
        boxes = [box("A", 500, 580), box("B", 500, 600)]
        found = outcome([plan(500, 400)], boxes, {"B": 1_000}, custom=None)
        assert (chosen(found).model, gate(found, "enclosure.fit_score").verdict) == ("B", Verdict.FAIL)
