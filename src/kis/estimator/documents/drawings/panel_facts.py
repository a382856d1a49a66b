"""What a drawing says about the parts of a panel: numbers, ratings, names, loads. Both the front view and the tables read it here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from typing import Final

from kis.catalog import Breaker
from kis.estimator.design import GroupPhases, PanelDesign
from kis.estimator.documents.drawings.sheet import ATTRIBUTE_TAGS
from kis.estimator.layout.drawing import Part, PartKind
from kis.estimator.problem import Device, FittedAccessory, MainDevice, SpareWay, phase_name
from kis.estimator.request import Mounting
from kis.platform.messages import Locale, Message

UNVERIFIED_MARK: Final = "*"
"""Stands after what nobody has read off a maker's sheet; the notes of the sheet explain it."""

_ACCESSORY_TAGS: Final = {
    "magnetic_contactor": "MC",
    "timer_24h": "TM",
    "timer_sunset": "TS",
    "meter_1ph": "WHM",
    "meter_3ph": "WHM",
    "meter_ct": "WHM",
    "spd": "SPD",
    "push_button": "PB",
    "va_meter": "V/A",
    "fuse_holder": "F",
    "terminal_block": "TB",
    "selector_switch": "CS",
    "ct": "CT",
}
"""Device letters as Korean panel drawings use them."""

_MAKERS: Final = {"Sangdo": "sangdo"}
"""Makers whose name is written otherwise in Korean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """A circuit as the directory of the panel lists it. ``phase`` joins the lines it hangs on; ``load_va`` is what it puts on each."""

    number: str
    load_name: str
    model: str
    kind: str
    rating: str
    short_rating: str
    phase: str
    load_va: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelFacts:
    """A design with its parts by id, and the language they are named in."""

    design: PanelDesign
    locale: Locale
    devices: Mapping[str, Device]
    mains: Mapping[str, MainDevice]
    spare_ways: Mapping[str, SpareWay]
    accessories: Mapping[str, FittedAccessory]
    accessory_tags: Mapping[str, str]
    """Device letters and number by id; kinds that share their letters are numbered on."""

    def say(self, key: str, **values: object) -> str:
        """Return a text of the documents in the sheet's language."""
        return Message(f"documents.{key}", values).text(self.locale)

    def circuits(self) -> tuple[Circuit, ...]:
        """Return the circuits in the order of their numbers."""
        lines = self.design.lines
        unverified = {
            part.device
            for part in self.design.drawing.parts
            if part.kind is PartKind.BREAKER and not part.verified
        }
        return tuple(
            Circuit(
                number=tag_of(device.id),
                load_name=self.load_name(device),
                model=device.breaker.model + (UNVERIFIED_MARK if device.id in unverified else ""),
                kind=kind_of(device.breaker),
                rating=rating_of(device.breaker, device.rating_a),
                short_rating=short_rating_of(device.breaker, device.rating_a),
                phase=phase_name(lines.get(device.id, ())),
                load_va=rounded(device.phase_load_va),
            )
            for device in self.devices.values()
        )

    def load_name(self, device: Device) -> str:
        """Return what a circuit feeds, as the customer wrote it; what it is for where nothing was written."""
        if device.load:
            return device.load
        return self.say("view.reserve") if device.is_spare else ""

    def accessory_name(self, item: FittedAccessory) -> str:
        """Return the model a customer named; what it is where the catalogue's own row stands for it."""
        return (
            item.model if item.model != item.part.model else Message(f"lines.{item.kind}").text(self.locale)
        )

    def hint(self, part: Part) -> str:
        """Return what a reader sees who points at a part."""
        words = [self._name(part), *self._details(part)]
        if part.place:
            words.append(part.place)
        if not part.verified:
            words.append(self.say("view.unverified"))
        return " · ".join(word for word in words if word)

    def maker(self, make: str) -> str:
        """Return a maker's name as it writes it in the sheet's language."""
        return self.say(f"maker.{_MAKERS[make]}") if make in _MAKERS else make

    def accessory_tag(self, item: FittedAccessory) -> str:
        """Return the tag of an accessory: its device letters and its number."""
        return self.accessory_tags[item.id]

    @property
    def material(self) -> str:
        """Return what the box is made of; moulded boxes are never of the sheet a request names."""
        mounting = self.design.problem.request.mounting
        moulded = mounting.value if mounting in (Mounting.FRP, Mounting.HI_BOX) else ""
        return self.say(f"material.{moulded or self.design.enclosure.material}")

    def attributes(self, part: Part) -> tuple[tuple[str, str], ...]:
        """Return what a device tells a CAD program, one value for each of the attribute tags; nothing for what is no device."""
        if part.device in self.devices and part.kind is PartKind.BREAKER:
            device = self.devices[part.device]
            tag, phase = tag_of(device.id), phase_name(self.design.lines.get(device.id, ()))
            return self._breaker_attributes(tag, device.breaker, device.rating_a, phase)
        if part.device in self.mains:
            main = self.mains[part.device]
            return self._breaker_attributes(main.name, main.breaker, main.rating_a, phase_name(part.poles))
        if part.device in self.accessories:
            item = self.accessories[part.device]
            return _attributes(self.accessory_tag(item), self.accessory_name(item))
        tag = part_tag(part.kind)
        return _attributes(tag, self.say(f"part.{part.kind.value}")) if tag else ()

    def phase_current(self, load_va: Fraction) -> Fraction:
        """Return the current of a phase load."""
        return load_va / self.design.problem.network.phase_voltage

    def group_name(self, group: GroupPhases) -> str:
        """Return the name of the main that feeds a group."""
        return self.design.problem.mains[group.main].name

    def _breaker_attributes(
        self, tag: str, breaker: Breaker, rating_a: int, phase: str
    ) -> tuple[tuple[str, str], ...]:
        figures = (str(breaker.frame_af), str(rating_a), str(breaker.poles))
        return _attributes(tag, breaker.model, self.maker(breaker.make), *figures, phase)

    def _name(self, part: Part) -> str:
        if part.kind is PartKind.BREAKER:
            return tag_of(part.device)
        name = self.say(f"part.{part.kind.value}")
        return (
            f"{name} {self.accessory_tag(self.accessories[part.device])}"
            if part.device in self.accessories
            else name
        )

    def _details(self, part: Part) -> list[str]:
        if part.device in self.devices:
            device = self.devices[part.device]
            rating = rating_of(device.breaker, device.rating_a)
            details = [
                f"{kind_of(device.breaker)} {device.breaker.model} {rating}",
                self.load_name(device),
                part.phase,
            ]
            return (
                details
                if part.kind is PartKind.BREAKER
                else [details[1], f"{tag_of(part.device)} {part.phase}"]
            )
        if part.device in self.mains:
            main = self.mains[part.device]
            return [
                main.name,
                f"{kind_of(main.breaker)} {main.breaker.model} {rating_of(main.breaker, main.rating_a)}",
            ]
        if part.device in self.accessories:
            return [self.accessory_name(self.accessories[part.device])]
        return [part.label, part.phase if part.phase != part.label else ""]


def facts_of(design: PanelDesign, locale: Locale) -> PanelFacts:
    """Return the facts of ``design``."""
    problem = design.problem
    return PanelFacts(
        design=design,
        locale=locale,
        devices={device.id: device for device in problem.devices},
        mains={main.id: main for main in problem.mains},
        spare_ways={way.id: way for way in problem.spare_ways},
        accessories={item.id: item for item in problem.accessories},
        accessory_tags=_tagged(problem.accessories),
    )


def _tagged(accessories: Sequence[FittedAccessory]) -> dict[str, str]:
    """Number the accessories that share their device letters, in the order of the request."""
    counted: Counter[str] = Counter()
    tags = {}
    for item in accessories:
        letters = _ACCESSORY_TAGS.get(item.kind, "")
        counted[letters] += 1
        tags[item.id] = f"{letters}{counted[letters]}"
    return tags


def _attributes(*values: str) -> tuple[tuple[str, str], ...]:
    """Return all attribute tags with the first values given, empty ones for the rest."""
    return tuple(zip_longest(ATTRIBUTE_TAGS, values, fillvalue=""))


def tag_of(device_id: str) -> str:
    """Return a circuit's number as a workshop writes it: ``B007`` is 7."""
    digits = device_id.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return str(int(digits)) if digits.isdecimal() else device_id


def part_tag(kind: PartKind) -> str:
    """Return the device letters of a part that stands for no accessory of the request."""
    return kind_tag(kind.value)


def kind_tag(kind: str) -> str:
    """Return the device letters of a kind of accessory, empty where the trade has none."""
    return _ACCESSORY_TAGS.get(kind, "")


def kind_of(breaker: Breaker) -> str:
    """Return kind and poles: ``ELB 2P``."""
    return f"{breaker.kind.value} {breaker.poles}P"


def rating_of(breaker: Breaker, rating_a: int) -> str:
    """Return frame and trip: ``30AF/20AT``."""
    return f"{breaker.frame_af}AF/{rating_a}AT"


def short_rating_of(breaker: Breaker, rating_a: int) -> str:
    """Return frame and trip where there is little room: ``30/20A``."""
    return f"{breaker.frame_af}/{rating_a}A"


def rounded(value: Fraction) -> int:
    """Return a fraction rounded half up to a whole number."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def decimals(value: Fraction, digits: int) -> str:
    """Return a fraction rounded half up, with thousands separated and no useless zeros."""
    whole, rest = divmod(rounded(value * 10**digits), 10**digits)
    fraction = f"{rest:0{digits}d}".rstrip("0") if digits else ""
    return f"{whole:,}.{fraction}" if fraction else f"{whole:,}"
