"""The drawing: every part of a panel as a box in space. The critic, the documents and the evidence read nothing else."""

from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """What a rectangle of the drawing is."""

    MAIN = "main"
    BREAKER = "breaker"
    SPARE_WAY = "spare_way"
    BUSBAR = "busbar"
    HEADER_BAR = "header_bar"
    CROSS_BAR = "cross_bar"
    EARTH_BAR = "earth_bar"
    NEUTRAL_BAR = "neutral_bar"
    DUCT = "duct"
    FUSE_HOLDER = "fuse_holder"
    TERMINAL_BLOCK = "terminal_block"
    CONTACTOR = "contactor"
    TIMER = "timer"
    METER = "meter"
    SPD = "spd"
    PUSH_BUTTON = "push_button"
    DOOR_METER = "door_meter"
    RAIL = "rail"


LIVE_BARS = frozenset({PartKind.BUSBAR, PartKind.HEADER_BAR, PartKind.CROSS_BAR})
DOOR_PARTS = frozenset({PartKind.PUSH_BUTTON, PartKind.DOOR_METER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part as the space it takes: [x0, x1] × [y0, y1] × [z0, z1] in millimetres.

    ``z1`` is None where nobody has published a depth (``verified`` is then False). ``phase`` is what a bar carries or a device is connected to
    (``R``, ``RS``, ``RST``, ``N``, ``""``); for a device its poles from the top are in ``poles`` (bar names). ``device`` is the id of the circuit, main,
    way or accessory drawn. ``column``, ``row`` (both from 0) and ``side`` (``L``, ``R`` or ``""``) tell its seat.
    """

    id: str
    kind: PartKind
    label: str
    x0: int
    x1: int
    y0: int
    y1: int
    z0: int
    z1: int | None
    phase: str = ""
    poles: tuple[str, ...] = ()
    device: str = ""
    group: int = 0
    column: int = -1
    row: int = -1
    side: str = ""
    outline_height_mm: int = 0
    verified: bool = True

    @property
    def width_mm(self) -> int:
        """Return the extent in x."""
        return self.x1 - self.x0

    @property
    def height_mm(self) -> int:
        """Return the extent in y."""
        return self.y1 - self.y0

    @property
    def place(self) -> str:
        """Return the seat in words a workshop uses: ``C1L3`` is the first column, left, third row from the top; ``2-5`` the fifth place on the second rail."""
        if self.side == "D":
            return f"{self.row + 1}-{self.column + 1}"
        return f"C{self.column + 1}{self.side}{self.row + 1}" if self.side else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A strip for wires between the devices' ends and the plate's edge (or the next lane); no part may enter it."""

    x0: int
    x1: int
    y0: int
    y1: int
    required_mm: int
    column: int
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One run of vertical bars with rows left and right of it."""

    index: int
    group: int
    centre_x: int
    corridor: tuple[int, int]
    rows: int
    rows_top_y: int
    rows_sum_mm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The heights that add up to the needed height, top to bottom: A (wiring above the main and its body), B, C, E (accessories, meters), D (bottom)."""

    a_mm: int
    b_mm: int
    c_mm: int
    e_mm: int
    d_mm: int

    @property
    def total_mm(self) -> int:
        """Return A + B + C + E + D."""
        return self.a_mm + self.b_mm + self.c_mm + self.e_mm + self.d_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A panel drawn: the box, its plate, every part, the lanes and columns, and the order rules that had to give way (``relaxations``)."""

    width_mm: int
    height_mm: int
    depth_mm: int
    plate: tuple[int, int, int, int]
    """x0, y0, x1, y1."""
    parts: tuple[Part, ...]
    lanes: tuple[Lane, ...]
    columns: tuple[Column, ...]
    zones: tuple[Zones, ...]
    """One per main."""
    style: str
    relaxations: tuple[str, ...] = ()

    def of(self, *kinds: PartKind) -> tuple[Part, ...]:
        """Return the parts of those kinds, in drawing order."""
        return tuple(part for part in self.parts if part.kind in kinds)
