"""The gates of the critic as a whole: every word and figure of a gate that passes, fails or has nothing to judge."""

from kis.estimator.findings import Gate, Verdict
from kis.estimator.stages.critic import judge
from kis.platform.messages import Message
from tests.factories.drawings import bent, context, drawing


def gate(panel_gates: tuple[Gate, ...], name: str) -> Gate:
    (only,) = [item for item in panel_gates if item.id == name]
    return only


class TestCounts:
    def test_of_nothing_pass(self) -> None:
        assert gate(judge(context()).gates, "breaker.clearance") == Gate(
            id="breaker.clearance",
            measured=0,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.PASS,
            explanation=Message("critic.gates.breaker_clearance.pass", {"count": 0, "checks": ()}),
            rule="layout.body_gap",
            inputs={},
        )

    def test_name_each_check_with_its_number(self) -> None:
        # 5 mm between R and S: bar gap, clearance and creepage.
        checks = tuple(
            Message("critic.gates.counted", {"check": Message(f"critic.names.{name}"), "count": 1})
            for name in ("clearance", "creepage", "bar_gap")
        )
        found = gate(judge(context(bent("barS", x0=275))).gates, "breaker.clearance")
        told = found.explanation.values["checks"]
        assert isinstance(told, tuple)
        assert sorted(map(repr, told)) == sorted(map(repr, checks))
        assert found == Gate(
            id="breaker.clearance",
            measured=3,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.FAIL,
            explanation=Message("critic.gates.breaker_clearance.fail", {"count": 3, "checks": told}),
            rule=found.rule,
            inputs={"critic.bar_gap": 1, "critic.clearance": 1, "critic.creepage": 1},
        )


class TestDoor:
    def test_without_parts_names_none(self) -> None:
        values = {"clearance": None, "part": "", "limit": 30, "depth": 150, "unknown": 0}
        assert gate(judge(context(drawing(parts=()))).gates, "enclosure.door_clearance") == Gate(
            id="enclosure.door_clearance",
            measured=None,
            operator=">=",
            limit=30,
            unit="mm",
            verdict=Verdict.NOT_CHECKED,
            explanation=Message("critic.gates.enclosure_door_clearance.not_checked", values),
            rule="enclosure.door_clearance",
            inputs={"depth_mm": 150, "part": "", "unknown_depths": 0},
        )

    def test_with_room_names_the_foremost(self) -> None:
        # The main and the three-pole circuits end at z 112, the first of them by name is B001; the door's inside is at 148.
        values = {"clearance": 36, "part": "B001", "limit": 30, "depth": 150, "unknown": 0}
        assert gate(judge(context()).gates, "enclosure.door_clearance") == Gate(
            id="enclosure.door_clearance",
            measured=36,
            operator=">=",
            limit=30,
            unit="mm",
            verdict=Verdict.PASS,
            explanation=Message("critic.gates.enclosure_door_clearance.pass", values),
            rule="enclosure.door_clearance",
            inputs={"depth_mm": 150, "part": "B001", "unknown_depths": 0},
        )
