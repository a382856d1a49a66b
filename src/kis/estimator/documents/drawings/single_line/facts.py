"""What a single-line diagram says of a panel, in words: its branches in order, its mains, and what hangs on no line in particular."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Final

from kis.catalog import UNVERIFIED, Breaker, BreakerKind
from kis.estimator.documents.drawings.panel_facts import (
    UNVERIFIED_MARK,
    PanelFacts,
    kind_of,
    part_tag,
    rating_of,
    rounded,
    tag_of,
)
from kis.estimator.layout.drawing import PartKind
from kis.estimator.problem import Device, FittedAccessory, MainDevice, Network, SpareWay
from kis.estimator.request import Supply
from kis.platform.messages import Message

NONE_GIVEN: Final = "–"

_INCOMING_KINDS: Final = ("va_meter", "meter_ct", "meter_3ph")
"""Instruments that measure a whole main where there is one for each main."""
_LOOSE_PARTS: Final = (PartKind.FUSE_HOLDER, PartKind.TERMINAL_BLOCK)
"""Parts a panel gets with its contactors, without a row in the request."""

Attributes = tuple[tuple[str, str], ...]


class BranchKind(StrEnum):
    """What a branch of the bus is."""

    CIRCUIT = "circuit"
    RESERVE = "reserve"
    """An installed breaker without a load."""
    SURGE = "surge"
    EMPTY = "empty"
    """A way without a device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch of a bus, every word as it is printed. ``lines`` are what its breaker switches, N last; ``on_neutral`` tells that its load needs N."""

    id: str
    number: str
    kind: BranchKind
    breaker: Breaker
    rating: str
    model: str
    lines: tuple[str, ...]
    load: str
    load_va: str
    cable: str
    on_neutral: bool = False
    attributes: Attributes = ()

    @property
    def is_device(self) -> bool:
        """Tell whether a breaker is there."""
        return self.kind is not BranchKind.EMPTY

    @property
    def is_residual(self) -> bool:
        """Tell whether its breaker trips on residual current."""
        return self.breaker.kind is BreakerKind.ELB


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessoryGroup:
    """Equal accessories that no line of the diagram can claim."""

    kind: str
    tag: str
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnbalanceLimits:
    """What the unbalance is held against; None where a figure has no limit."""

    imbalance: Fraction | None
    korean_percent: int | None


def say(facts: PanelFacts, key: str, **values: object) -> str:
    """Return a text of the diagram in the sheet's language."""
    return Message(f"single_line.{key}", values).text(facts.locale)


def usual_limits(network: Network) -> UnbalanceLimits:
    """Return this estimator's goal for the imbalance, and 설비불평형률 as 내선규정 limits it: 30 % for three phases, 40 % for 1φ3W.

    The Korean figures after public lecture notes; the code itself was not read.
    """
    korean = {
        Supply.THREE_PHASE_FOUR_WIRE: 30,
        Supply.THREE_PHASE_THREE_WIRE: 30,
        Supply.SINGLE_PHASE_THREE_WIRE: 40,
    }
    return UnbalanceLimits(imbalance=Fraction(3, 100), korean_percent=korean.get(network.supply))


def branches_of(facts: PanelFacts, main: int) -> tuple[Branch, ...]:
    """Return the branches of a main: its circuits in the order of their numbers, then its empty ways."""
    problem = facts.design.problem
    arresters = _arresters(facts)
    circuits = [_circuit(facts, device, arresters.get(device.id)) for device in problem.devices_of(main)]
    return (*circuits, *(_empty_way(facts, way) for way in problem.spare_ways if way.main == main))


def main_words(facts: PanelFacts, main: MainDevice) -> tuple[str, str]:
    """Return the two lines beside a main: what it is, and who makes it."""
    first = f"{main.name} {kind_of(main.breaker)} {rating_of(main.breaker, main.rating_a)}"
    return (
        first,
        f"{main.breaker.model} ({facts.maker(main.breaker.make)}) · {breaking_capacity(facts, main.breaker)}",
    )


def main_attributes(facts: PanelFacts, main: MainDevice) -> Attributes:
    """Return what a CAD program lists of a main."""
    lines = facts.design.problem.network.bars[: main.breaker.poles]
    return _attributes(facts, main.name, main.breaker, main.rating_a, lines)


def breaking_capacity(facts: PanelFacts, breaker: Breaker) -> str:
    """Return Icu with its voltage; marked where nobody has read it off a maker's sheet, or where it has no voltage."""
    if breaker.icu_ka is None:
        return say(facts, "capacity_unknown")
    mark = UNVERIFIED_MARK if is_unverified(breaker) else ""
    voltage = "" if breaker.icu_at_v is None else f"/{breaker.icu_at_v} V"
    return f"{breaker.icu_ka.normalize():f} kA{voltage}{mark}"


def is_unverified(breaker: Breaker) -> bool:
    """Tell whether a stated breaking capacity cannot be relied on."""
    return breaker.icu_ka is not None and (breaker.icu_at_v is None or breaker.icu_source in UNVERIFIED)


def bus_section(facts: PanelFacts, main: int) -> str:
    """Return the section of a main's bars: its header where there is one, else its columns; empty where it has none (rails)."""
    drawing = facts.design.drawing
    for kind in (PartKind.HEADER_BAR, PartKind.BUSBAR):
        for part in drawing.of(kind):
            if part.group == main and part.label:
                return part.label
    return ""


def incoming_instruments(facts: PanelFacts, main: int) -> tuple[FittedAccessory, ...]:
    """Return the instruments in the line of a main: those of a kind that is there once for each main."""
    mains = len(facts.design.problem.mains)
    return tuple(
        items[main] for items in (_of_kind(facts, kind) for kind in _INCOMING_KINDS) if len(items) == mains
    )


def loose_accessories(facts: PanelFacts) -> tuple[AccessoryGroup, ...]:
    """Return what stands in no line: the request says what is fitted, not which circuit it serves."""
    mains = range(len(facts.design.problem.mains))
    placed = {item.id for main in mains for item in incoming_instruments(facts, main)}
    placed |= {item.id for item in _arresters(facts).values()}
    loose = [item for item in facts.design.problem.accessories if item.id not in placed]
    groups = [
        _group(facts, kind, name, list(items))
        for (kind, name), items in groupby(loose, key=lambda item: (item.kind, facts.accessory_name(item)))
    ]
    return (*groups, *_loose_parts(facts))


def _circuit(facts: PanelFacts, device: Device, arrester: FittedAccessory | None) -> Branch:
    breaker = device.breaker
    lines = facts.design.lines.get(device.id, ())
    neutral = facts.design.problem.network.has_neutral
    switched = (*lines, "N") if neutral and len(lines) < breaker.poles else lines
    words = [breaker.model, breaking_capacity(facts, breaker)]
    if breaker.sensitivity_ma is not None:
        words.append(f"{breaker.sensitivity_ma} mA")
    kind = BranchKind.RESERVE if device.is_spare else BranchKind.CIRCUIT
    load = facts.load_name(device)
    if device.is_spd:
        kind = BranchKind.SURGE
    if arrester is not None:
        load = f"{facts.accessory_tag(arrester)} {facts.accessory_name(arrester)}"
    return Branch(
        id=device.id,
        number=tag_of(device.id),
        kind=kind,
        breaker=breaker,
        rating=f"{kind_of(breaker)} {rating_of(breaker, device.rating_a)}",
        model=" · ".join(words),
        lines=switched,
        load=load,
        load_va=_load_va(facts, device),
        cable=device.cable or NONE_GIVEN,
        on_neutral=neutral and ("N" in switched or breaker.poles == 1),
        attributes=_attributes(facts, tag_of(device.id), breaker, device.rating_a, lines),
    )


def _empty_way(facts: PanelFacts, way: SpareWay) -> Branch:
    return Branch(
        id=way.id,
        number=way.id,
        kind=BranchKind.EMPTY,
        breaker=way.breaker,
        rating=say(facts, "empty.size", poles=way.breaker.poles, frame=way.breaker.frame_af),
        model="",
        lines=(),
        load=say(facts, "empty.load"),
        load_va="",
        cable="",
    )


def _load_va(facts: PanelFacts, device: Device) -> str:
    """Return a circuit's own load: as given, else in brackets what its rated current makes at its voltage."""
    network = facts.design.problem.network
    if device.given_va is not None:
        return f"{rounded(device.given_va):,}"
    if not device.phase_load_va:
        return NONE_GIVEN
    factor = {2: Fraction(network.line_voltage, network.phase_voltage)}.get(
        device.connected, Fraction(device.connected)
    )
    return f"({rounded(device.phase_load_va * factor):,})"


def _attributes(
    facts: PanelFacts, tag: str, breaker: Breaker, rating_a: int, lines: tuple[str, ...]
) -> Attributes:
    return (
        ("TAG", tag),
        ("MODEL", breaker.model),
        ("MAKER", facts.maker(breaker.make)),
        ("AF", str(breaker.frame_af)),
        ("AT", str(rating_a)),
        ("POLE", str(breaker.poles)),
        ("PHASE", "".join(lines)),
    )


def _arresters(facts: PanelFacts) -> dict[str, FittedAccessory]:
    """Return the arrester behind each SPD breaker: the request brings one breaker for each, in the same order."""
    breakers = [device.id for device in facts.devices.values() if device.is_spd]
    return dict(zip(breakers, _of_kind(facts, "spd"), strict=False))


def _of_kind(facts: PanelFacts, kind: str) -> list[FittedAccessory]:
    return [item for item in facts.design.problem.accessories if item.kind == kind]


def _group(facts: PanelFacts, kind: str, name: str, items: list[FittedAccessory]) -> AccessoryGroup:
    first, last = facts.accessory_tag(items[0]), facts.accessory_tag(items[-1])
    tag = first if len(items) == 1 else f"{first}–{last}"
    return AccessoryGroup(kind=kind, tag=tag, name=name, count=len(items))


def _loose_parts(facts: PanelFacts) -> Iterator[AccessoryGroup]:
    for kind in _LOOSE_PARTS:
        parts = [part for part in facts.design.drawing.of(kind) if not part.device]
        if parts:
            name = facts.say(f"part.{kind.value}")
            yield AccessoryGroup(kind=kind.value, tag=part_tag(kind), name=name, count=len(parts))
