"""What the figures rest on."""

import pytest

from kis.estimator.checks.surroundings import (
    ingress_protection,
    main_only,
    maintenance_space,
    mounting,
    solar,
    unpublished_depths,
    unverified_outlines,
)
from kis.estimator.findings import Severity
from kis.estimator.layout.drawing import PartKind
from tests.factories.drawings import (
    added,
    context,
    device,
    enclosure,
    findings,
    gist,
    lighting,
    main_breaker,
    main_device,
    one,
    part,
    problem,
    request,
    small,
    spare_way,
)

WARNING, INFORMATION = Severity.WARNING, Severity.INFORMATION
INDOOR = ["indoor_surface", "recessed", "indoor_standing"]
OUTDOOR = ["outdoor_surface", "outdoor_standing", "pole"]


class TestSolar:
    @pytest.mark.parametrize(
        ("name", "count"), [(name, 0) for name in INDOOR] + [(name, 1) for name in OUTDOOR]
    )
    def test_warns_outdoors(self, name: str, count: int) -> None:
        found = findings(solar, context(problem=problem(request=request(mounting=name))))
        assert [gist(item) for item in found] == [("critic.solar", WARNING, None, None)] * count
        assert [item.rule for item in found] == ["critic.temperature_rise"] * count


class TestMounting:
    @pytest.mark.parametrize(
        ("name", "text", "severity"),
        [
            ("recessed", "recessed", WARNING),
            ("indoor_standing", "standing", INFORMATION),
            ("outdoor_standing", "standing", INFORMATION),
        ],
    )
    def test_says_what_is_taken_for_another(self, name: str, text: str, severity: Severity) -> None:
        finding = one(mounting, context(problem=problem(request=request(mounting=name))))
        assert gist(finding) == (f"critic.mounting.{text}", severity, None, None)
        assert (finding.code, finding.rule) == ("critic.mounting", "critic.temperature_rise")

    @pytest.mark.parametrize("name", ["indoor_surface", "outdoor_surface", "pole"])
    def test_on_a_wall_needs_no_word(self, name: str) -> None:
        assert findings(mounting, context(problem=problem(request=request(mounting=name)))) == []


class TestIngressProtection:
    def test_verified_needs_no_word(self) -> None:
        assert findings(ingress_protection) == []

    @pytest.mark.parametrize(("name", "rule"), [("indoor_surface", "indoor"), ("outdoor_surface", "outdoor")])
    def test_unverified_is_a_warning(self, name: str, rule: str) -> None:
        own = problem(request=request(mounting=name), wanted_ip=54)
        finding = one(ingress_protection, context(problem=own, enclosure=enclosure(ip=55, ip_verified=False)))
        assert gist(finding) == ("critic.ingress_protection", WARNING, 55, 54)
        assert (finding.rule, finding.unit) == (f"enclosure.ip_floor_{rule}", "IP")

    def test_undeclared_is_a_warning(self) -> None:
        finding = one(ingress_protection, context(enclosure=enclosure(ip=None, ip_verified=False)))
        assert gist(finding) == ("critic.ingress_protection.undeclared", WARNING, None, 44)
        assert (finding.rule, finding.unit) == ("enclosure.ip_floor_indoor", "IP")


class TestUnpublishedDepths:
    def test_are_none_in_the_hand_drawn_panel(self) -> None:
        assert findings(unpublished_depths) == []

    def test_are_named(self) -> None:
        timer = part("timer1", PartKind.TIMER, (400, 465), (320, 420), (30, None))
        meter = part("va", PartKind.DOOR_METER, (400, 496), (440, 536), (148, 148))
        button = part("b", PartKind.PUSH_BUTTON, (70, 92), (440, 462), (77, 148))
        finding = one(unpublished_depths, context(added(timer, meter, button)))
        assert gist(finding) == ("critic.unpublished_depths", WARNING, None, None)
        assert (finding.subjects, finding.rule) == (("timer1", "va"), "enclosure.door_clearance")


class TestUnverifiedOutlines:
    def test_are_none_in_the_hand_drawn_panel(self) -> None:
        assert findings(unverified_outlines) == []

    def test_are_named_once_for_mains_circuits_and_empty_ways(self) -> None:
        own = problem(
            mains=(main_device(breaker=main_breaker(outline_source="unverified")),),
            devices=(
                device("B001"),
                lighting("B003", breaker=small(outline_source="assumed")),
                lighting("B004"),
            ),
            spare_ways=(spare_way(breaker=small(outline_source="assumed")),),
        )
        finding = one(unverified_outlines, context(problem=own))
        assert gist(finding) == ("critic.unverified_outlines", INFORMATION, None, None)
        assert (finding.subjects, finding.rule) == (("SBE-104", "SIE-32"), "layout.pairing")


class TestMainOnly:
    def test_is_said(self) -> None:
        finding = one(main_only, context(problem=problem(devices=())))
        assert gist(finding) == ("critic.main_only", INFORMATION, None, None)
        assert finding.rule == "phases.imbalance_limit"

    def test_does_not_hold_with_circuits_or_empty_ways(self) -> None:
        assert findings(main_only) == []
        assert findings(main_only, context(problem=problem(devices=(), spare_ways=(spare_way(),)))) == []


class TestMaintenanceSpace:
    def test_was_not_checked(self) -> None:
        finding = one(maintenance_space, context())
        assert gist(finding) == ("critic.maintenance_space", INFORMATION, None, None)
        assert finding.rule == "enclosure.space_use"
