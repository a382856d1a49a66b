"""The gates of selection and pricing as a whole: every word and figure of each answer, and the limits where it turns."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from kis.estimator.findings import Finding, Gate, Severity, Verdict
from kis.estimator.pricing.line import Line
from kis.estimator.problem import PanelProblem
from kis.estimator.request import EstimateRequest
from kis.estimator.stages.gates import breaking_capacity_gate, pricing_gates, selection_gates
from kis.estimator.stages.selection import Selection
from kis.platform.messages import Message
from tests.factories import drawings
from tests.factories.panels import panel, request, rulebook

MODELS = ("MAIN-1", "BRANCH-1", "BRANCH-2")


def problem(
    main: tuple[str | None, int | None] = ("10", 380),
    *branches: tuple[str | None, int | None],
    wanted: str | None = "10",
    branch_models: tuple[str, ...] = MODELS[1:],
) -> PanelProblem:
    """Return a main between lines (380 V) and one-phase branches (220 V) with these (kA, V)."""

    def capacity(declared: tuple[str | None, int | None], model: str) -> dict[str, Any]:
        ka, at_v = declared
        return {"model": model, "icu_ka": None if ka is None else Decimal(ka), "icu_at_v": at_v}

    devices = tuple(
        drawings.lighting(f"B{number}", breaker=drawings.small(**capacity(declared, model)))
        for number, (declared, model) in enumerate(zip(branches, branch_models, strict=False), 1)
    )
    incomer = drawings.main_device()
    return drawings.problem(
        mains=(replace(incomer, breaker=replace(incomer.breaker, **capacity(main, MODELS[0]))),),
        devices=devices,
        short_circuit_ka=None if wanted is None else Decimal(wanted),
    )


def breaking(verdict: Verdict, text: str, measured: str | None, **values: object) -> Gate:
    asked = {"wanted": Decimal(10), **values} if values else {}
    return Gate(
        id="selection.breaking_capacity",
        measured=None if measured is None else Decimal(measured),
        operator=">=",
        limit=Decimal(10) if values else None,
        unit="kA",
        verdict=verdict,
        explanation=Message(f"gates.breaking_{text}", asked),
        rule="selection.breaking_capacity",
    )


class TestBreakingCapacity:
    def test_nobody_asked_for_is_not_checked(self) -> None:
        found = breaking_capacity_gate(problem(("1", 100), ("1", 100), wanted=None))
        assert found == breaking(Verdict.NOT_CHECKED, "not_wanted", None)

    def test_that_holds_names_the_least(self) -> None:
        # 10 kA at 380 and 220 V, both at their very limits.
        found = breaking_capacity_gate(problem(("10", 380), ("10", 220), ("14", 460)))
        assert found == breaking(Verdict.PASS, "holds", "10", models="")

    @pytest.mark.parametrize(
        ("main", "branch", "models"),
        [
            (("9.99", 380), ("10", 220), "MAIN-1"),
            (("10", 379), ("10", 220), "MAIN-1"),
            (("10", 380), ("10", 219), "BRANCH-1"),
            (("9", 380), ("9.99", 220), "MAIN-1, BRANCH-1"),
        ],
    )
    def test_that_is_short_names_who_is(
        self, main: tuple[str, int], branch: tuple[str, int], models: str
    ) -> None:
        least = str(min(Decimal(main[0]), Decimal(branch[0])))
        found = breaking_capacity_gate(problem(main, branch))
        assert found == breaking(Verdict.FAIL, "short", least, models=models)

    @pytest.mark.parametrize(
        ("main", "branch", "models", "least"),
        [
            (("20", None), ("10", 220), "MAIN-1", "10"),
            ((None, 380), ("10", 220), "MAIN-1", "10"),
            (("20", 380), (None, None), "BRANCH-1", "20"),
            ((None, None), (None, 220), "MAIN-1, BRANCH-1", None),
            # One short, one unverified: the unverified one has to be cleared first.
            (("5", 380), ("10", None), "BRANCH-1", "5"),
        ],
    )
    def test_that_is_unverified_does_not_pass(
        self,
        main: tuple[str | None, int | None],
        branch: tuple[str | None, int | None],
        models: str,
        least: str | None,
    ) -> None:
        found = breaking_capacity_gate(problem(main, branch))
        assert found == breaking(Verdict.FAIL, "unverified", least, models=models)

    def test_names_a_model_once(self) -> None:
        found = breaking_capacity_gate(
            problem(("10", 380), ("5", 220), ("5", 220), branch_models=("SAME", "SAME"))
        )
        assert found == breaking(Verdict.FAIL, "short", "5", models="SAME")

    def test_of_a_circuit_between_lines_counts_at_their_voltage(self) -> None:
        own = problem(("10", 380), ("10", 220))
        between = replace(own.devices[0], circuit_voltage=380)
        found = breaking_capacity_gate(replace(own, devices=(between,)))
        assert found == breaking(Verdict.FAIL, "short", "10", models="BRANCH-1")


def selected(**changes: Any) -> dict[str, Gate]:
    own: dict[str, Any] = {
        "problem": None,
        "findings": (),
        "missing": 0,
        "unnamed_mains": 0,
        "makes": ("Sangdo",),
    }
    found = list(selection_gates(Selection(**{**own, **changes}), rulebook()))
    assert len({gate.id for gate in found}) == len(found)
    return {gate.id: gate for gate in found}


def said(code: str, severity: Severity) -> Finding:
    return Finding(code=code, severity=severity, message=Message(code), rule="selection.order")


class TestSelection:
    def test_of_everything_is_told_so(self) -> None:
        found = selected()
        assert list(found) == ["selection.catalog", "selection.makes"]
        assert found["selection.catalog"] == Gate(
            id="selection.catalog",
            measured=0,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.PASS,
            explanation=Message("gates.catalog_found"),
            rule="gates.selection.catalog",
        )

    def test_of_something_missing_tells_the_violations_that_say_why(self) -> None:
        # Neither warnings nor a main left unnamed (that has a gate of its own) explain a missing part.
        findings = (
            said("selection.no_breaker", Severity.VIOLATION),
            said("selection.main_not_named", Severity.VIOLATION),
            said("selection.unverified", Severity.WARNING),
        )
        assert selected(missing=1, findings=findings)["selection.catalog"] == Gate(
            id="selection.catalog",
            measured=1,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.FAIL,
            explanation=Message(
                "gates.catalog_missing",
                {"count": 1, "reasons": (Message("selection.no_breaker"),)},
            ),
            rule="gates.selection.catalog",
        )

    def test_names_how_many_branches_have_no_main(self) -> None:
        assert selected(unnamed_mains=1)["selection.feeding"] == Gate(
            id="selection.feeding",
            measured=1,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.FAIL,
            explanation=Message("gates.main_not_named", {"count": 1}),
            rule="gates.selection.feeding",
        )

    def test_of_one_make_names_it(self) -> None:
        assert selected()["selection.makes"] == Gate(
            id="selection.makes",
            measured=1,
            operator="<=",
            limit=1,
            unit="",
            verdict=Verdict.PASS,
            explanation=Message("gates.makes_one", {"makes": "Sangdo"}),
            rule="selection.makes",
            inputs={"make_1": "Sangdo"},
        )

    def test_of_two_makes_names_both(self) -> None:
        assert selected(makes=("LS ELECTRIC", "Sangdo"))["selection.makes"] == Gate(
            id="selection.makes",
            measured=2,
            operator="<=",
            limit=1,
            unit="",
            verdict=Verdict.FAIL,
            explanation=Message("gates.makes_mixed", {"makes": "LS ELECTRIC, Sangdo"}),
            rule="selection.makes",
            inputs={"make_1": "LS ELECTRIC", "make_2": "Sangdo"},
        )

    def test_with_a_problem_judges_its_breaking_capacity(self) -> None:
        own = problem(("10", 380), ("10", 220))
        assert selected(problem=own)["selection.breaking_capacity"] == breaking_capacity_gate(own)


def line(key: str, *, priced: bool) -> Line:
    return Line(
        kind="main",
        item=Message(key),
        spec="",
        unit="EA",
        quantity=Decimal(1),
        unit_price=Decimal(0),
        amount=Decimal(0),
        because=(),
        priced=priced,
    )


def priced(discount: str, *lines: Line) -> list[Gate]:
    wanted = EstimateRequest.model_validate(request(panel(), discount_percent=discount))
    return list(pricing_gates(wanted, lines, rulebook()))


def discount(verdict: Verdict, text: str, percent: str) -> Gate:
    return Gate(
        id="pricing.discount",
        measured=Decimal(percent),
        operator="<=",
        limit=10,
        unit="%",
        verdict=verdict,
        explanation=Message(f"gates.discount_{text}", {"percent": Decimal(percent), "limit": 10}),
        rule="pricing.discount_approval_percent",
    )


class TestPricing:
    def test_of_every_line_passes(self) -> None:
        assert priced("10", line("lines.MCCB", priced=True)) == [
            Gate(
                id="pricing.prices",
                measured=0,
                operator="=",
                limit=0,
                unit="",
                verdict=Verdict.PASS,
                explanation=Message("gates.priced"),
                rule="gates.pricing.prices",
            ),
            discount(Verdict.PASS, "within", "10"),
        ]

    def test_counts_lines_and_names_each_item_once(self) -> None:
        lines = [line(key, priced=False) for key in ("lines.MCCB", "lines.ELB", "lines.MCCB")]
        prices, over = priced("10.01", *lines, line("lines.cover", priced=True))
        assert prices == Gate(
            id="pricing.prices",
            measured=3,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.FAIL,
            explanation=Message("gates.unpriced", {"items": (Message("lines.MCCB"), Message("lines.ELB"))}),
            rule="gates.pricing.prices",
        )
        assert over == discount(Verdict.FAIL, "over", "10.01")
