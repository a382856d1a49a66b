"""Single circuits, empty ways and accessories as the layout and the bill see them, with the outlines of the shipped catalogue."""

from fractions import Fraction
from typing import Any

from kis.catalog import Breaker
from kis.estimator.problem import Device, FittedAccessory, MainDevice, Network, PanelProblem, SpareWay
from kis.estimator.request import PanelRequest, Supply
from tests.factories.panels import catalog

FOUR_WIRES = Network(
    supply=Supply.THREE_PHASE_FOUR_WIRE,
    phases=("R", "S", "T"),
    bars=("R", "S", "T", "N"),
    phase_voltage=220,
    line_voltage=380,
)


def listed(model: str) -> Breaker:
    """Return the catalogue's row of a model, of two sensitivities the usual one."""
    rows = [row for row in catalog().breakers if row.model == model]
    return max(rows, key=lambda row: row.sensitivity_ma or 0)


def circuit(name: str, model: str, rating_a: int, **more: Any) -> Device:
    """Return a circuit: 2P on one phase and N, 3P and 4P on all three."""
    breaker = listed(model)
    given: dict[str, Any] = {
        "id": name,
        "breaker": breaker,
        "rating_a": rating_a,
        "load": "",
        "connected": 3 if breaker.poles >= 3 else 1,
        "phase_load_va": Fraction(220 * rating_a),
        "given_va": None,
        "fixed": None,
        "position": None,
        "main": 0,
        "is_spare": False,
        "is_spd": False,
        "circuit_voltage": 380 if breaker.poles >= 3 else 220,
    }
    return Device(**{**given, **more})


def circuits(model: str, rating_a: int, count: int, first: int = 1) -> list[Device]:
    return [circuit(f"B{number:03d}", model, rating_a) for number in range(first, first + count)]


def empty_way(name: str, model: str) -> SpareWay:
    return SpareWay(id=name, breaker=listed(model), main=0)


def incoming(model: str = "SBE-104", rating_a: int = 100, name: str = "M1") -> MainDevice:
    return MainDevice(id=name, name=name, breaker=listed(model), rating_a=rating_a)


def fitted(kind: str, count: int = 1, model: str | None = None) -> list[FittedAccessory]:
    """Return so many pieces of an accessory of the catalogue."""
    part = next(
        row for row in catalog().accessories if row.kind == kind and (model is None or row.covers(model))
    )
    return [
        FittedAccessory(id=f"{kind}{number}", kind=kind, model=model or part.model, part=part)
        for number in range(1, count + 1)
    ]


def problem_of(
    *devices: Device,
    main: MainDevice | None = None,
    spare_ways: tuple[SpareWay, ...] = (),
    accessories: tuple[FittedAccessory, ...] = (),
    **request: Any,
) -> PanelProblem:
    """Return a panel of these circuits behind one main."""
    incomer = main or incoming()
    asked = PanelRequest.model_validate(
        {"name": "LP-1", "mains": [{"kind": "MCCB", "poles": 4, "rating_a": incomer.rating_a}], **request}
    )
    return PanelProblem(
        index=0,
        request=asked,
        network=FOUR_WIRES,
        mains=(incomer,),
        devices=devices,
        spare_ways=spare_ways,
        accessories=accessories,
        wanted_ip=44,
        short_circuit_ka=None,
    )
