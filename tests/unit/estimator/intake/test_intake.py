"""Whole requests through the front door: parse_request and load_request."""

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kis.catalog import BreakerKind
from kis.estimator.intake import load_request, parse_request
from kis.estimator.request import EstimateRequest, Mounting, Supply
from kis.platform.errors import BadInput

SOUND: dict[str, Any] = {
    "customer": {"name": "한빛전설"},
    "project": "사무동",
    "panels": [
        {
            "name": "LP-1",
            "mains": [{"poles": 4, "rating_a": 100}],
            "branches": [{"kind": "ELB", "poles": 2, "rating_a": 20}],
        }
    ],
}


def sound(**panel: Any) -> dict[str, Any]:
    request = copy.deepcopy(SOUND)
    request["panels"][0].update(panel)
    return request


def problems(given: object) -> list[str]:
    with pytest.raises(BadInput) as caught:
        parse_request(given)
    return [problem.text("en") for problem in caught.value.problems]


class TestParseRequest:
    def test_reads_a_request(self) -> None:
        request = parse_request(SOUND).request
        assert request.customer.name == "한빛전설"
        assert request.panels[0].branches[0].kind is BreakerKind.ELB

    def test_keeps_the_source_as_it_came(self) -> None:
        given = sound(make="상도")
        parsed = parse_request(given)
        assert parsed.source == given
        assert parsed.source["panels"][0]["make"] == "상도"  # type: ignore[index]  # a list of panels, as given
        assert parsed.request.panels[0].make == "Sangdo"

    def test_reads_back_what_a_request_built_in_code_dumps(self) -> None:
        request = parse_request(
            sound(
                mains=[{"model": "SBE-104", "rating_a": 100}], busbar="50x10", accessories=[{"kind": "spd"}]
            )
        ).request
        assert parse_request(request.model_dump(mode="json", exclude_none=True)).request == request

    def test_does_not_change_what_it_is_given(self) -> None:
        given = sound(
            mounting="기성함", branches=[{"kind": "누전", "poles": 3, "rating_a": 20, "phase": "RST"}]
        )
        before = copy.deepcopy(given)
        parse_request(given)
        assert given == before

    def test_tells_which_defaults_stand_in(self) -> None:
        notes = [
            note.text("en")
            for note in parse_request(sound(supply="3P4W-380/220", grade="economy", feed="top")).notes
        ]
        assert notes == [
            "not given, so by default currency KRW, locale ko-KR, validity_days 30",
            "panels[0]: not given, so by default mounting indoor_surface, material steel, ambient_c 35, receiving_point true",
        ]

    def test_says_nothing_of_defaults_that_nobody_needs_to_know(self) -> None:
        given = sound(
            supply="3P4W-380/220",
            mounting="pole",
            material="steel",
            grade="economy",
            ambient_c=35,
            feed="top",
            receiving_point=True,
        )
        given |= {"currency": "KRW", "locale": "ko-KR", "validity_days": 30}
        assert parse_request(given).notes == ()

    def test_names_every_problem_in_the_order_of_the_input(self) -> None:
        given = {
            "panels": [{"mains": [{"poles": 5}], "ip": 99, "name": "LP-1"}],
            "project": True,
            "customer": {},
        }
        assert problems(given) == [
            "panels[0].mains[0].poles: 5 is not 1, 2, 3 or 4",
            "panels[0].mains[0].rating_a: required, but missing: rated current (AT) in A",
            "panels[0].ip: 99 is not an IP code of two digits: the first 0 to 6, the second 0 to 9, such as 44",
            "project: true is not text: put quotes around it",
            "customer.name: required, but missing: name of the customer",
        ]

    def test_tells_one_problem_for_each_place(self) -> None:
        # poles unreadable: the rule "poles or a model" has nothing to add
        assert problems(sound(branches=[{"kind": "ELB", "poles": "x", "rating_a": 20}])) == [
            'panels[0].branches[0].poles: "x" is not 1, 2, 3 or 4'
        ]

    def test_stops_listing_where_a_list_helps_nobody(self) -> None:
        told = problems(sound(branches=[{"kind": "ELB", "poles": 2, "rating_a": 0}] * 300))
        assert len(told) == 201
        assert told[-1] == "there are more problems than are shown: mend those above first"

    @pytest.mark.parametrize("given", [None, [], "x", 3, True, {}, [SOUND]])
    def test_refuses_what_is_no_mapping(self, given: object) -> None:
        assert len(problems(given)) == 1

    def test_refuses_names_of_fields_that_are_not_text(self) -> None:
        assert problems(dict(SOUND) | {7: "x"}) == ["[7]: the name of a field must be text"]


BOUNDS = [
    # place, the least and the most that is accepted, one step beyond
    ("validity_days", 1, 365, 1),
    ("margin_percent", 0, 100, 0.000001),
    ("discount_percent", 0, 100, 0.000001),
    ("quantity", 1, 999, 1),
    ("spare_ways", 0, 100, 1),
    ("ambient_c", -5, 55, 1),
    ("short_circuit_ka", 0.000001, 200, 0.000001),
    ("ip", 0, 69, 1),
    ("limits.width_mm", 100, 10000, 1),
    ("limits.height_mm", 100, 10000, 1),
    ("limits.depth_mm", 100, 10000, 1),
    ("mains.rating_a", 1, 6300, 1),
    ("branches.rating_a", 1, 6300, 1),
    ("branches.quantity", 1, 400, 1),
    ("branches.load_va", 0, 10_000_000, 0.5),
    ("branches.demand_factor", 0.000001, 1, 0.000001),
    ("accessories.quantity", 1, 99, 1),
]
LENGTHS = [
    # place of a text, the most characters it holds
    ("customer.name", 100),
    ("customer.company", 100),
    ("customer.contact", 100),
    ("customer.phone", 40),
    ("project", 200),
    ("price_book", 100),
    ("rulebook", 100),
    ("name", 60),
    ("make", 100),
    ("notes", 2000),
    ("branches.load", 200),
    ("branches.model", 40),
    ("extra_lines.item", 200),
    ("extra_lines.spec", 200),
    ("extra_lines.unit", 40),
]


def with_value(place: str, value: object) -> dict[str, Any]:
    """Return the sound request with a value at a place such as ``branches.rating_a``: of its first branch, its panel, its customer or itself."""
    request = copy.deepcopy(SOUND)
    request["extra_lines"] = [{"item": "운반비", "unit": "식", "quantity": 1, "price": 1000}]
    panel = request["panels"][0]
    panel |= {"limits": {}, "accessories": [{"kind": "spd"}]}
    outer, _, name = place.rpartition(".")
    block = {
        "": panel,
        "customer": request["customer"],
        "extra_lines": request["extra_lines"][0],
        "limits": panel["limits"],
    }.get(outer)
    if block is None:
        block = panel[outer][0]
    if not outer and place in EstimateRequest.model_fields:
        block = request
    block[name] = value
    return request


class TestBounds:
    @pytest.mark.parametrize(("place", "least", "most", "step"), BOUNDS, ids=[bound[0] for bound in BOUNDS])
    def test_number_runs_from_least_to_most(self, place: str, least: float, most: float, step: float) -> None:
        for inside in (least, most):
            assert parse_request(with_value(place, inside))
        for outside in (least - step, most + step):
            assert len(problems(with_value(place, outside))) == 1

    @pytest.mark.parametrize(("place", "most"), LENGTHS, ids=[length[0] for length in LENGTHS])
    def test_text_holds_so_much(self, place: str, most: int) -> None:
        assert parse_request(with_value(place, "가" * most))
        assert len(problems(with_value(place, "가" * (most + 1)))) == 1

    @pytest.mark.parametrize(("name", "most"), [("mains", 8), ("accessories", 50), ("branches", 400)])
    def test_list_holds_so_many(self, name: str, most: int) -> None:
        entry = {"kind": "spd"} if name == "accessories" else {"kind": "ELB", "poles": 4, "rating_a": 20}
        assert parse_request(sound(**{name: [entry] * most}))
        assert len(problems(sound(**{name: [entry] * (most + 1)}))) == 1

    def test_request_holds_200_panels_and_100_extra_lines(self) -> None:
        panels = [{"name": f"LP-{number}", "mains": [{"poles": 4, "rating_a": 100}]} for number in range(201)]
        lines = [{"item": "운반비", "unit": "식", "quantity": 1, "price": 1000}] * 101
        assert parse_request({**SOUND, "panels": panels[:200], "extra_lines": lines[:100]})
        assert len(problems({**SOUND, "panels": panels, "extra_lines": lines})) == 2


class TestLoadRequest:
    def test_reads_yaml_and_json_alike(self, tmp_path: Path) -> None:
        as_json, as_yaml = tmp_path / "request.json", tmp_path / "request.YML"
        as_json.write_text(json.dumps(SOUND), encoding="utf-8")
        as_yaml.write_text(json.dumps(SOUND, ensure_ascii=False), encoding="utf-8-sig")
        assert load_request(as_json) == load_request(str(as_yaml)) == parse_request(SOUND)

    def test_reads_a_request_of_every_field(self, tmp_path: Path) -> None:
        path = tmp_path / "request.yaml"
        path.write_text(
            """
customer: {name: 한빛전설, company: 한빛전설㈜, contact: 김담당, phone: 02-1234-5678, email: estimate@example.com}
project: 공장동 동력
date: 2026-11-02
currency: USD
exchange: {krw_per_usd: 1380.5, date: 2026-11-01}
locale: en
validity_days: 60
margin_percent: 12.5
discount_percent: 3
extra_lines: [{item: 운반비, spec: 5 t, unit: 식, quantity: 1, price: 110.25}]
price_book: shop-2026-11
rulebook: shop-rules
panels:
  - name: MP-1
    quantity: 2
    supply: 3P3W-380
    mounting: outdoor_standing
    material: SUS201
    make: LS ELECTRIC
    grade: standard
    style: plate
    enclosure_series: HT
    mains: [{name: 상용, kind: MCCB, poles: 3, rating_a: 225, frame_af: 250}, {model: ABN-103, rating_a: 75, make: LS ELECTRIC, grade: economy}]
    branches:
      - {kind: ELB, poles: 2, rating_a: 20, load: 히터, load_va: 3000, demand_factor: 0.7, phase: ST, position: C1L2, main: 상용, voltage: 380,
         sensitivity_ma: 15}
      - {kind: MCCB, poles: 3, rating_a: 40, main: M2, spd: true, quantity: 1, frame_af: 50, make: Sangdo, model: SBS-53, grade: standard}
    accessories: [{kind: magnetic_contactor, model: MC-22, quantity: 3}]
    spare_ways: 2
    ip: 65
    ambient_c: 40
    limits: {width_mm: 900, height_mm: 1800, depth_mm: 350}
    short_circuit_ka: 25
    feed: bottom
    receiving_point: false
    busbar: 50x10
    notes: |
      문은 좌측 개폐
""",
            encoding="utf-8",
        )
        panel = load_request(path).request.panels[0]
        assert (panel.supply, panel.mounting, panel.short_circuit_ka) == (
            Supply.THREE_PHASE_THREE_WIRE,
            Mounting.OUTDOOR_STANDING,
            Decimal(25),
        )
        assert (panel.mains[1].name, panel.mains[1].kind, panel.mains[1].poles) == ("M2", None, None)
        assert (panel.branches[0].load_va, panel.branches[0].demand_factor) == (Decimal(3000), Decimal("0.7"))
        assert (panel.branches[0].phase, panel.branches[0].position, panel.branches[1].spd) == (
            "ST",
            "C1L2",
            True,
        )
        assert (panel.limits.height_mm, panel.busbar, panel.notes) == (1800, "50x10", "문은 좌측 개폐")
