"""What holds for the money of any panel, and for panels that cannot be built."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from kis.estimator import Verdict
from tests.factories.panels import (
    LS,
    SANGDO,
    Block,
    contactors,
    elb,
    estimated,
    mccb,
    panel,
    quoted,
    shown,
)
from tests.factories.random_panels import any_panels

same = seed(20261102)
quick = settings(max_examples=60)

WON = Decimal(1)


@st.composite
def growing(draw: st.DrawFn) -> list[Block]:
    """Draw a panel one of whose quantities rises while empty ways make room for it: the same rows, the same box."""
    make = draw(st.sampled_from([LS, SANGDO]))
    rating_a = draw(st.sampled_from([20, 30]))
    kind = draw(st.sampled_from([elb, mccb]))
    others = draw(st.lists(st.sampled_from([mccb(3, 30, 2), mccb(4, 50, 1), mccb(3, 100, 1)]), max_size=2))
    accessories = draw(st.sampled_from([[], [contactors(2)]]))
    ways = draw(st.integers(4, 16))
    return [
        panel(
            kind(2, rating_a, quantity),
            *others,
            make=make,
            accessories=accessories,
            spare_ways=ways - quantity,
        )
        for quantity in range(1, ways + 1)
    ]


@st.composite
def rising(draw: st.DrawFn) -> tuple[Block, Block]:
    """Draw a panel and the same with more of one line or one accessory."""
    wanted = draw(any_panels())
    lines = wanted["branches"]
    if not lines:
        return wanted, wanted
    index = draw(st.integers(0, len(lines) - 1))
    more = {**lines[index], "quantity": lines[index]["quantity"] + draw(st.integers(1, 2))}
    return wanted, {**wanted, "branches": [*lines[:index], more, *lines[index + 1 :]]}


def box_of(wanted: Block) -> tuple[str, int, int] | None:
    enclosure = shown(wanted)["enclosure"]
    if enclosure is None:
        return None
    return enclosure["model"], enclosure["width_mm"], enclosure["height_mm"]


class TestPrice:
    @same
    @settings(max_examples=15)
    @given(growing())
    def test_never_falls_while_a_quantity_rises_in_one_box(self, steps: list[Block]) -> None:
        assert len({box_of(wanted) for wanted in steps}) == 1, "the ways are as many, so the box is the same"
        subtotals = [estimated(wanted).unit_subtotal for wanted in steps]
        assert all(before < after for before, after in pairwise(subtotals))

    @same
    @quick
    @given(rising())
    def test_never_falls_in_the_same_box_whatever_else_the_panel_holds(
        self, pair: tuple[Block, Block]
    ) -> None:
        before, after = pair
        if box_of(before) is not None and box_of(before) == box_of(after):
            assert estimated(before).unit_subtotal <= estimated(after).unit_subtotal

    @same
    @quick
    @given(any_panels())
    def test_is_the_sum_of_its_lines(self, wanted: Block) -> None:
        found = estimated(wanted)
        for line in found.lines:
            exact = (line.quantity * line.unit_price).quantize(WON, rounding=ROUND_HALF_UP)
            assert line.amount == exact
            assert line.amount == line.amount.to_integral_value()
            assert line.amount >= 0
        assert found.unit_subtotal == sum(line.amount for line in found.lines)

    @same
    @quick
    @given(any_panels(), st.decimals(0, 30, places=1), st.decimals(0, 20, places=1))
    def test_totals_follow_from_the_terms(self, wanted: Block, margin: Decimal, discount: Decimal) -> None:
        terms = {"margin_percent": float(margin), "discount_percent": float(discount)}
        totals = quoted(wanted, **terms).totals
        asked = (totals.subtotal * margin / 100).quantize(WON, rounding=ROUND_HALF_UP)
        given_back = ((totals.subtotal + asked) * discount / 100).quantize(WON, rounding=ROUND_HALF_UP)
        assert (totals.margin, totals.discount) == (asked, given_back)
        assert totals.net == totals.subtotal + asked - given_back
        assert totals.vat == (totals.net / 10).quantize(WON, rounding=ROUND_HALF_UP)
        assert totals.total == totals.net + totals.vat


class TestWhatCannotBeBuilt:
    @same
    @quick
    @given(
        any_panels(),
        st.fixed_dictionaries(
            {},
            optional={
                "width_mm": st.integers(100, 900),
                "height_mm": st.integers(100, 1500),
                "depth_mm": st.integers(100, 260),
            },
        ),
    )
    def test_is_a_result_that_says_why(self, wanted: Block, limits: dict[str, int]) -> None:
        tight = {**wanted, "limits": limits}
        found = estimated(tight)
        if found.is_designed:
            enclosure = shown(tight)["enclosure"]
            assert all(enclosure[name] <= limit for name, limit in limits.items())
            return
        failed = [gate for gate in found.gates if gate.verdict is Verdict.FAIL]
        assert {gate.id for gate in failed} <= {"selection.catalog", "enclosure.fit_score"}
        assert failed
        assert all(gate.explanation.text("ko") for gate in failed)
        assert found.unit_subtotal == 0
        assert quoted(tight).verdict is Verdict.FAIL

    @same
    @quick
    @given(any_panels())
    def test_tells_needed_and_limit_where_it_does_not_fit(self, wanted: Block) -> None:
        low = {**wanted, "limits": {"height_mm": 300}}
        fits = [gate for gate in estimated(low).gates if gate.id == "enclosure.fit_score"]
        # No main with its wiring space stands in 300 mm.
        for gate in fits:
            assert gate.measured == 0
            needed, limit = gate.inputs["needed_mm"], gate.inputs["limit_mm"]
            assert isinstance(needed, int)
            assert isinstance(limit, int)
            assert needed > limit
            assert str(needed) in gate.explanation.text("en")
