from typing import Any

from kis.estimator.intake import parse_request
from kis.estimator.intake.predecessor import is_predecessor
from kis.platform.messages import Message

MAIN = {"type": "main", "poles": 4, "capacity": "100A", "qty": 1, "brand": "상도"}


def request(*breakers: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"panels": [{"name": "LP-1", "breakers": list(breakers)}], **rest}


def notes(given: dict[str, Any]) -> list[str]:
    return [note.text("en") for note in parse_request(given).notes]


class TestIsPredecessor:
    def test_knows_its_shape(self) -> None:
        assert is_predecessor(request(MAIN))

    def test_is_not_taken_in_by_breakers_beside_the_present_shape(self) -> None:
        assert not is_predecessor({"panels": [{"name": "LP-1", "breakers": [], "mains": []}]})
        assert not is_predecessor({"panels": [{"name": "LP-1", "mains": []}, "x"]})
        assert not is_predecessor({"panels": "breakers"})
        assert not is_predecessor({})


class TestConvert:
    def test_breakers_become_mains_and_branches(self) -> None:
        panel = parse_request(
            request(
                MAIN,
                {"type": "branch", "poles": 3, "capacity": "30AT", "qty": 2},
                {
                    "type": "earth_leakage",
                    "poles": "2P",
                    "capacity": 20,
                    "qty": 8,
                    "phase": "s",
                    "brand": "LS",
                },
            )
        ).request.panels[0]
        main, power, light = panel.mains[0], *panel.branches
        assert (main.name, main.kind, main.poles, main.rating_a, main.make) == (
            "M1",
            "MCCB",
            4,
            100,
            "Sangdo",
        )
        assert (power.kind, power.poles, power.rating_a, power.quantity, power.make) == (
            "MCCB",
            3,
            30,
            2,
            None,
        )
        assert (light.kind, light.poles, light.rating_a, light.quantity, light.phase, light.make) == (
            "ELB",
            2,
            20,
            8,
            "S",
            "LS ELECTRIC",
        )

    def test_customer_and_project_are_marked_as_not_named(self) -> None:
        parsed = parse_request(request(MAIN))
        assert (parsed.request.customer.name, parsed.request.project) == ("미지정", "미지정")
        assert parsed.notes[:3] == (
            Message("request.predecessor.shape"),
            Message("request.predecessor.customer", {"name": "미지정"}),
            Message("request.predecessor.project", {"name": "미지정"}),
        )

    def test_speaks_the_language_of_the_request(self) -> None:
        assert parse_request(request(MAIN, locale="en")).request.customer.name == "Unspecified"

    def test_keeps_a_customer_who_is_named(self) -> None:
        parsed = parse_request(request(MAIN, customer={"name": "한빛"}, project="사무동"))
        assert parsed.request.customer.name == "한빛"
        assert not any(
            note.key.startswith(("request.predecessor.customer", "request.predecessor.project"))
            for note in parsed.notes
        )

    def test_main_of_quantity_two_is_two_mains(self) -> None:
        panel = parse_request(request({**MAIN, "qty": 2, "phase": "R"})).request.panels[0]
        assert [(main.name, main.rating_a) for main in panel.mains] == [("M1", 100), ("M2", 100)]

    def test_two_pole_main_means_a_single_phase_supply(self) -> None:
        given = request({**MAIN, "poles": 2})
        assert parse_request(given).request.panels[0].supply == "1P2W-220"
        assert "panels[0].supply: the main has two poles, so the supply is taken as 1P2W-220" in notes(given)

    def test_supply_that_is_given_stands(self) -> None:
        given = request({**MAIN, "poles": 2})
        given["panels"][0]["supply"] = "1P3W-220/110"
        assert parse_request(given).request.panels[0].supply == "1P3W-220/110"

    def test_phase_of_a_three_pole_branch_is_dropped_with_a_note(self) -> None:
        given = request(MAIN, {"type": "branch", "poles": 3, "capacity": "30A", "qty": 1, "phase": "R"})
        assert parse_request(given).request.panels[0].branches[0].phase is None
        assert (
            "panels[0].breakers[1].phase: a 3P branch loads every phase, so the R given says nothing more"
            in notes(given)
        )

    def test_phase_of_a_four_pole_branch_is_dropped_too(self) -> None:
        given = request(MAIN, {"type": "branch", "poles": 4, "capacity": "30A", "phase": "X" * 30})
        assert parse_request(given).request.panels[0].branches[0].phase is None
        assert f"so the {'X' * 20} given" in notes(given)[3]

    def test_defaults_are_listed(self) -> None:
        assert notes(request(MAIN))[-1] == (
            "panels[0]: not given, so by default supply 3P4W-380/220, mounting indoor_surface, material steel, grade economy, "
            "ambient_c 35, feed top, receiving_point true"
        )

    def test_panel_of_the_present_shape_may_stand_beside(self) -> None:
        given = request(MAIN)
        given["panels"].append({"name": "LP-2", "mains": [{"poles": 4, "rating_a": 50}]})
        assert [panel.mains[0].rating_a for panel in parse_request(given).request.panels] == [100, 50]
