"""The request of the system before this one, read into the present shape.

``panels[{name, breakers[{type: main|branch|earth_leakage, poles, capacity: "100A", qty, brand?, phase?}]}]``: no customer, no supply, mains among the
breakers. What it does not say is taken as the models' defaults, and every such step leaves a note.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kis.estimator.intake.problems import Fault, Location, choice, path_of, shown
from kis.estimator.request import Supply
from kis.platform.messages import Locale, Message

_KINDS: Final = {"main": "MCCB", "branch": "MCCB", "earth_leakage": "ELB"}
_NAMES: Final = {"kind": "type", "rating_a": "capacity", "quantity": "qty", "make": "brand"}
"""What the predecessor calls the fields of a breaker, by our names."""

_MOST_MAINS: Final = 8


@dataclass(slots=True)
class Conversion:
    """The request in the present shape, with what was noted on the way and where each breaker came from."""

    request: dict[str, object]
    notes: list[Message] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    origins: dict[Location, Location] = field(default_factory=dict)

    def origin_of(self, location: Location) -> Location:
        """Return where the writer put what now stands at ``location``."""
        for length in range(len(location), 0, -1):
            if origin := self.origins.get(location[:length]):
                return (*origin, *(_NAMES.get(str(part), part) for part in location[length:]))
        return location


def is_predecessor(given: Mapping[str, object]) -> bool:
    """Tell whether a request has the predecessor's shape: panels with breakers and neither mains nor branches."""
    panels = given.get("panels")
    return isinstance(panels, list | tuple) and any(
        isinstance(panel, Mapping) and "breakers" in panel and not {"mains", "branches"} & panel.keys()
        for panel in panels
    )


def convert(given: Mapping[str, object]) -> Conversion:
    """Return the predecessor's request in the present shape. What it holds beyond its shape is left for the models to judge."""
    conversion = Conversion(dict(given), [Message("request.predecessor.shape")])
    locale: Locale = "en" if str(given.get("locale", "")).startswith("en") else "ko"
    unknown = Message("request.predecessor.name_unknown").text(locale)
    for name, value in (("customer", {"name": unknown}), ("project", unknown)):
        if given.get(name) is None:
            conversion.request[name] = value
            conversion.notes.append(Message(f"request.predecessor.{name}", {"name": unknown}))
    panels = given.get("panels")
    if isinstance(panels, list | tuple):
        conversion.request["panels"] = [
            _panel(panel, ("panels", number), conversion) for number, panel in enumerate(panels)
        ]
    return conversion


def _panel(given: object, at: Location, conversion: Conversion) -> object:
    if not isinstance(given, Mapping) or "breakers" not in given:
        return given
    panel = {name: value for name, value in given.items() if name != "breakers"}
    mains: list[object] = []
    branches: list[object] = []
    conversion.origins |= {(*at, "mains"): (*at, "breakers"), (*at, "branches"): (*at, "breakers")}
    breakers = given["breakers"]
    if not isinstance(breakers, list | tuple):
        return {**panel, "mains": breakers}
    for number, breaker in enumerate(breakers):
        here: Location = (*at, "breakers", number)
        is_main = isinstance(breaker, Mapping) and breaker.get("type") == "main"
        for entry in _mains(breaker, here, conversion) if is_main else [_branch(breaker, here, conversion)]:
            name, entries = ("mains", mains) if is_main else ("branches", branches)
            conversion.origins[(*at, name, len(entries))] = here
            entries.append(entry)
    _infer_supply(panel, mains, at, conversion)
    return {**panel, "mains": mains, "branches": branches}


def _mains(given: Mapping[str, object], at: Location, conversion: Conversion) -> list[object]:
    """Return an incoming breaker as often as its quantity says; a main loads every phase, so a phase given for it tells nothing."""
    main = _breaker({name: value for name, value in given.items() if name != "phase"}, at, conversion)
    quantity = main.pop("quantity", 1)
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not 1 <= quantity <= _MOST_MAINS:
        conversion.faults.append(
            Fault((*at, "qty"), Message("request.predecessor.main_quantity", {"value": shown(quantity)}))
        )
        quantity = 1
    return [dict(main) for _ in range(quantity)]


def _branch(given: object, at: Location, conversion: Conversion) -> object:
    if not isinstance(given, Mapping):
        return given
    branch = _breaker(given, at, conversion)
    if branch.get("poles") in (3, 4) and "phase" in branch:
        values = {
            "path": path_of((*at, "phase")),
            "poles": branch["poles"],
            "given": str(branch.pop("phase"))[:20],
        }
        conversion.notes.append(Message("request.note.phase_dropped", values))
    return branch


def _breaker(given: Mapping[str, object], at: Location, conversion: Conversion) -> dict[str, object]:
    """Return a breaker under our names; what the predecessor had no name for stays as it is."""
    renamed = {theirs: ours for ours, theirs in _NAMES.items()}
    breaker = {renamed.get(name, name): value for name, value in given.items() if value is not None}
    kind = breaker.pop("kind", None)
    if isinstance(kind, str) and kind in _KINDS:
        breaker["kind"] = _KINDS[kind]
    else:
        conversion.faults.append(Fault((*at, "type"), choice(kind, tuple(_KINDS))))
    if isinstance(poles := breaker.get("poles"), str) and (
        match := re.fullmatch(r"([1-4])\s*[pP]?", poles.strip())
    ):
        breaker["poles"] = int(match[1])
    if isinstance(capacity := breaker.get("rating_a"), str):
        breaker["rating_a"] = _amperes(capacity, at, conversion)
    return breaker


def _amperes(written: str, at: Location, conversion: Conversion) -> object:
    match = re.fullmatch(r"(\d{1,5})\s*(?:A|AT)?", written.strip().upper(), re.ASCII)
    if match is None:
        conversion.faults.append(
            Fault((*at, "capacity"), Message("request.predecessor.capacity", {"value": shown(written)}))
        )
    return int(match[1]) if match else written


def _infer_supply(
    panel: dict[str, object], mains: list[object], at: Location, conversion: Conversion
) -> None:
    """Take a panel whose main has two poles as single-phase: such a main cannot feed three phases."""
    two_poles = [main.get("poles") == 2 for main in mains if isinstance(main, dict)]
    if "supply" not in panel and two_poles and all(two_poles):
        panel["supply"] = Supply.SINGLE_PHASE_TWO_WIRE.value
        conversion.notes.append(
            Message(
                "request.predecessor.single_phase",
                {"path": path_of((*at, "supply")), "supply": panel["supply"]},
            )
        )
