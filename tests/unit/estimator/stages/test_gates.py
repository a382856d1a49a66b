"""Gates of selection and pricing at their limits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kis.catalog import Breaker
from kis.estimator.findings import Gate
from kis.estimator.pricing.line import Line
from kis.estimator.request import EstimateRequest
from kis.estimator.stages.gates import breaking_capacity_gate, pricing_gates, selection_gates
from kis.estimator.stages.selection import Selection
from kis.platform.messages import Message
from tests.factories.circuits import circuit, incoming, problem_of
from tests.factories.panels import panel, request, rulebook, together


def capacity(breaker: Breaker, ka: str | None, at_v: int | None) -> Breaker:
    return replace(breaker, icu_ka=None if ka is None else Decimal(ka), icu_at_v=at_v)


def judged(
    main: tuple[str | None, int | None], branch: tuple[str | None, int | None], asked: str | None
) -> Gate:
    """Return the gate over a main at 380 V and a branch at 220 V."""
    incomer, outgoing = incoming("ABN-104"), circuit("B001", "32GRHS", 20)
    problem = problem_of(
        replace(outgoing, breaker=capacity(outgoing.breaker, *branch)),
        main=replace(incomer, breaker=capacity(incomer.breaker, *main)),
    )
    return breaking_capacity_gate(
        replace(problem, short_circuit_ka=None if asked is None else Decimal(asked))
    )


class TestBreakingCapacity:
    @pytest.mark.parametrize(
        ("main", "branch", "asked", "measured", "verdict"),
        [
            (("18", 460), ("2.5", 220), None, None, "not_checked"),
            (("18", 460), ("10", 220), "10", "10", "pass"),
            (("18", 460), ("9.9", 220), "10", "9.9", "fail"),
            # The main lies between lines: 10 kA at 220 V do not count at 380.
            (("10", 220), ("10", 220), "10", "10", "fail"),
            (("10", 380), ("10", 220), "10", "10", "pass"),
            # Unverified: enough, but at which voltage?
            (("18", None), ("10", 220), "10", "10", "fail"),
            (("18", 460), (None, None), "10", "18", "fail"),
        ],
    )
    def test_is_that_of_the_weakest(
        self,
        main: tuple[str, int | None],
        branch: tuple[str | None, int | None],
        asked: str | None,
        measured: str | None,
        verdict: str,
    ) -> None:
        found = judged(main, branch, asked)
        assert found.verdict == verdict
        assert found.measured == (None if measured is None else Decimal(measured))
        assert found.limit == (None if asked is None else Decimal(asked))

    def test_names_the_breakers_that_are_short(self) -> None:
        told = judged(("18", 460), ("5", 220), "10").explanation.text("en")
        assert "32GRHS" in told
        assert "ABN-104" not in told

    def test_says_unverified_before_short(self) -> None:
        told = judged(("18", None), ("5", 220), "10").explanation.text("en")
        assert "ABN-104" in told
        assert "without its voltage" in told


def selected(makes: tuple[str, ...] = ("Sangdo",), missing: int = 0, unnamed: int = 0) -> dict[str, Gate]:
    selection = Selection(problem=None, findings=(), missing=missing, unnamed_mains=unnamed, makes=makes)
    return {gate.id: gate for gate in selection_gates(selection, rulebook())}


class TestSelection:
    def test_of_everything_passes(self) -> None:
        gates = selected()
        assert gates["selection.catalog"].verdict == "pass"
        assert gates["selection.makes"].verdict == "pass"
        assert "selection.feeding" not in gates

    def test_counts_what_is_missing(self) -> None:
        found = selected(missing=3)["selection.catalog"]
        assert (found.measured, found.limit, found.operator, found.verdict) == (3, 0, "=", "fail")

    @pytest.mark.parametrize(
        ("makes", "verdict"),
        [((), "pass"), (("Sangdo",), "pass"), (("Sangdo", "LS ELECTRIC"), "fail")],
    )
    def test_allows_one_make(self, makes: tuple[str, ...], verdict: str) -> None:
        found = selected(makes)["selection.makes"]
        assert (found.measured, found.limit, found.verdict) == (len(makes), 1, verdict)

    def test_wants_every_branch_to_name_its_main(self) -> None:
        found = selected(unnamed=4)["selection.feeding"]
        assert (found.measured, found.limit, found.verdict) == (4, 0, "fail")


def line(*, priced: bool) -> Line:
    return Line(
        kind="main",
        item=Message("lines.MCCB"),
        spec="",
        unit="EA",
        quantity=Decimal(1),
        unit_price=Decimal(0),
        amount=Decimal(0),
        because=(),
        priced=priced,
    )


def priced(discount: str, *lines: Line) -> dict[str, Gate]:
    wanted = EstimateRequest.model_validate(request(panel(), discount_percent=discount))
    return {gate.id: gate for gate in pricing_gates(wanted, lines, rulebook())}


class TestPricing:
    @pytest.mark.parametrize(
        ("discount", "verdict"), [("0", "pass"), ("10", "pass"), ("10.01", "fail"), ("20", "fail")]
    )
    def test_discount_over_ten_percent_needs_approval(self, discount: str, verdict: str) -> None:
        found = priced(discount)["pricing.discount"]
        assert together(found.measured, found.limit, found.unit) == (Decimal(discount), 10, "%")
        assert found.verdict == verdict

    def test_lines_without_a_price_are_counted(self) -> None:
        found = priced("0", line(priced=True), line(priced=False), line(priced=False))["pricing.prices"]
        assert (found.measured, found.limit, found.verdict) == (2, 0, "fail")
        assert priced("0", line(priced=True))["pricing.prices"].verdict == "pass"
