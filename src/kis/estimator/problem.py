"""The problem a panel poses once every part is chosen: devices with their loads, mains, ways and accessories. Frozen, without I/O."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kis.catalog import Accessory, Breaker
from kis.estimator.request import PanelRequest, Supply

THREE_PHASE: Final = ("R", "S", "T")


def phase_name(lines: tuple[str, ...]) -> str:
    """Return the lines of a circuit as the trade writes them: ``S``, ``RS``, ``TR`` (not RT), ``RST``, ``L1-L2``."""
    if lines == ("R", "T"):
        return "TR"
    return ("-" if any(len(line) > 1 for line in lines) else "").join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What the supply means for a panel: which lines exist and which voltages lie between them.

    ``bars`` names the vertical busbars from the left; ``phases`` those that carry balanced load. Voltages in volts.
    """

    supply: Supply
    phases: tuple[str, ...]
    bars: tuple[str, ...]
    phase_voltage: int
    line_voltage: int

    @property
    def has_neutral(self) -> bool:
        """Tell whether a neutral bar exists."""
        return "N" in self.bars

    @property
    def can_unbalance(self) -> bool:
        """Tell whether there is more than one phase to balance."""
        return len(self.phases) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place a customer insists on: side ``L`` or ``R``, row from the top (1 is the first), column from the left (1)."""

    side: str
    row: int
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One outgoing circuit with its chosen breaker.

    ``connected`` is the number of phases the circuit loads: 1 (one phase and N), 2 (between two lines) or 3. ``phase_load_va`` is the load on each of
    them (engine rules: AT × phase voltage, or the given VA as the current it makes). ``given_va`` is the branch's own total after demand, None when the
    request gave none. ``fixed`` holds the phase indices the customer fixed.
    """

    id: str
    breaker: Breaker
    rating_a: int
    load: str
    connected: int
    phase_load_va: Fraction
    given_va: Fraction | None
    fixed: tuple[int, ...] | None
    position: Position | None
    main: int
    is_spare: bool
    is_spd: bool
    circuit_voltage: int
    cable: str = ""
    """The outgoing cable as the customer wrote it; empty where it is not given."""

    @property
    def group_key(self) -> str:
        """Return what makes circuits interchangeable: two devices with one key may change places."""
        parts = (
            self.breaker.model,
            self.breaker.sensitivity_ma,
            self.rating_a,
            self.load,
            self.phase_load_va,
            self.fixed,
            self.connected,
            *((self.cable,) if self.cable else ()),
        )
        return "|".join(str(part) for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class MainDevice:
    """An incoming breaker."""

    id: str
    name: str
    breaker: Breaker
    rating_a: int
    cable: str = ""
    """The incoming cable as the customer wrote it; empty where it is not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareWay:
    """An empty way: a place like that of ``breaker``, with no device, line or load."""

    id: str
    breaker: Breaker
    main: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedAccessory:
    """One accessory piece (quantity already spread) with the catalogue row that stands for it.

    ``model`` is what the customer wrote, else the row's own.
    """

    id: str
    kind: str
    model: str
    part: Accessory

    @property
    def is_small_contactor(self) -> bool:
        """Tell whether this is a contactor of the small size class, which may stand beside the main when alone."""
        return self.kind == "magnetic_contactor" and self.part.size_class == "small"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelProblem:
    """A panel with everything chosen, ready to be designed. ``index`` is its place in the request (0 first)."""

    index: int
    request: PanelRequest
    network: Network
    mains: tuple[MainDevice, ...]
    devices: tuple[Device, ...]
    """In the canonical order: poles, frame, ampere downwards, then kind, model, load."""
    spare_ways: tuple[SpareWay, ...]
    accessories: tuple[FittedAccessory, ...]
    wanted_ip: int
    short_circuit_ka: Decimal | None

    @property
    def is_main_only(self) -> bool:
        """Tell whether the panel is a box with a main and nothing behind it."""
        return not self.devices and not self.spare_ways

    @property
    def ways(self) -> int:
        """Return how many places for branches the panel has, empty ones included."""
        return len(self.devices) + len(self.spare_ways)

    def devices_of(self, main: int) -> tuple[Device, ...]:
        """Return the circuits fed by the main with that index."""
        return tuple(device for device in self.devices if device.main == main)
