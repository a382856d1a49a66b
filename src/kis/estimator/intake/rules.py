"""What the fields of a request demand of each other.

One function per rule. A rule of a breaker gives the field at fault and what to say, or None; a rule of a panel or of the request yields locations below it.
Rules are asked of whole requests and of drafts alike; on a draft a rule that needs an unreadable field falls silent.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, TypeVar

from kis.catalog import BreakerKind
from kis.estimator.intake.drafts import Unknown
from kis.estimator.intake.problems import Fault, Location, choice, either, path_of, shown
from kis.estimator.request import BranchRequest, EstimateRequest, MainRequest, PanelRequest, Supply
from kis.platform.messages import Message

S = TypeVar("S")
T = TypeVar("T")
Complaint = tuple[str, Message]
Complaints = Iterator[tuple[Location, Message]]

MOST_BRANCHES: Final = 400
VOLTAGES: Final = {
    Supply.THREE_PHASE_FOUR_WIRE: (220, 380),
    Supply.THREE_PHASE_THREE_WIRE: (380,),
    Supply.SINGLE_PHASE_THREE_WIRE: (110, 220),
    Supply.SINGLE_PHASE_TWO_WIRE: (220,),
}
"""Voltages a circuit can have; the higher of two lies between lines."""

MAIN_POLES: Final = {
    Supply.THREE_PHASE_FOUR_WIRE: (3, 4),
    Supply.THREE_PHASE_THREE_WIRE: (3,),
    Supply.SINGLE_PHASE_THREE_WIRE: (2, 3),
    Supply.SINGLE_PHASE_TWO_WIRE: (1, 2),
}
"""Poles of a main that cuts every line of the supply; the neutral may pass beside it."""

LINES: Final = ("R", "S", "T")
LINE_PAIRS: Final = ("RS", "ST", "TR")
HALF_LINES: Final = ("L1", "L2")


def faults_between(request: EstimateRequest) -> list[Fault]:
    """Return every broken rule of the request."""
    faults = [
        Fault(location, message) for rule in REQUEST_RULES for location, message in _told(rule(request))
    ]
    for number, panel in enumerate(_entries(lambda: request.panels)):
        faults += _faults_in(panel, ("panels", number))
    return faults


def _faults_in(panel: PanelRequest, below: Location) -> Iterator[Fault]:
    for panel_rule in PANEL_RULES:
        for location, message in _told(panel_rule(panel)):
            yield Fault((*below, *location), message)
    for number, main in enumerate(_entries(lambda: panel.mains)):
        for main_rule in MAIN_RULES:
            yield from _complaint(main_rule, panel, main, (*below, "mains", number))
    for number, branch in enumerate(_entries(lambda: panel.branches)):
        for branch_rule in BRANCH_RULES:
            yield from _complaint(branch_rule, panel, branch, (*below, "branches", number))


def _complaint(
    rule: Callable[[PanelRequest, T], Complaint | None], panel: PanelRequest, breaker: T, below: Location
) -> Iterator[Fault]:
    if complaint := _known(lambda: rule(panel, breaker), None):
        field, message = complaint
        yield Fault((*below, field), message)


def _told(complaints: Complaints) -> Complaints:
    """Hand on complaints until one needs a field that could not be read."""
    try:
        yield from complaints
    except Unknown:
        return


def _known(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Unknown:
        return otherwise


def _entries(read: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    """Return the entries of a list, none when it could not be read."""
    return _known(read, ())


def _each(entries: Iterable[S], read: Callable[[S], T | None]) -> list[T | None]:
    """Return what ``read`` gives for every entry, None where the entry does not tell."""
    return [_known(partial(read, entry), None) for entry in entries]


# Rules of a breaker: main or branch


def kind_or_model(_panel: PanelRequest, branch: BranchRequest) -> Complaint | None:
    """A branch tells its kind, or a model that does."""
    return (
        ("kind", Message("request.rule.kind_or_model"))
        if branch.kind is None and branch.model is None
        else None
    )


def poles_or_model(_panel: PanelRequest, breaker: MainRequest | BranchRequest) -> Complaint | None:
    """A breaker tells its poles, or a model that does."""
    return (
        ("poles", Message("request.rule.poles_or_model"))
        if breaker.poles is None and breaker.model is None
        else None
    )


def frame_holds_rating(_panel: PanelRequest, breaker: MainRequest | BranchRequest) -> Complaint | None:
    """The frame asked for carries the current asked for."""
    if breaker.frame_af is None or breaker.frame_af >= breaker.rating_a:
        return None
    return "frame_af", Message(
        "request.rule.frame_small", {"frame_af": breaker.frame_af, "rating_a": breaker.rating_a}
    )


def main_poles_suit_supply(panel: PanelRequest, main: MainRequest) -> Complaint | None:
    """A main cuts every line of its supply."""
    choices = MAIN_POLES[panel.supply]
    if main.poles is None or main.poles in choices:
        return None
    values = {"poles": main.poles, "supply": panel.supply.value, "choices": either(choices)}
    return "poles", Message(
        "request.rule.main_poles" if len(choices) > 1 else "request.rule.main_poles_one", values
    )


def branch_poles_suit_supply(panel: PanelRequest, branch: BranchRequest) -> Complaint | None:
    """A branch has as many lines, and the neutral, as its poles need."""
    values = {"poles": branch.poles, "supply": panel.supply.value}
    if branch.poles in {3, 4} and not panel.supply.is_three_phase:
        return "poles", Message("request.rule.needs_three_phases", values)
    if branch.poles in {1, 4} and panel.supply is Supply.THREE_PHASE_THREE_WIRE:
        return "poles", Message("request.rule.needs_neutral", values)
    return None


def voltage_suits_supply(panel: PanelRequest, branch: BranchRequest) -> Complaint | None:
    """A circuit's voltage exists on the supply, between as many lines as the breaker has poles for."""
    if branch.voltage is None:
        return None
    if branch.poles in {3, 4}:
        return "voltage", Message("request.rule.voltage_poles")
    voltages = VOLTAGES[panel.supply]
    if branch.voltage not in voltages:
        values = {"value": branch.voltage, "supply": panel.supply.value, "choices": either(voltages)}
        return "voltage", Message("request.rule.voltage_absent", values)
    if branch.poles == 1 and branch.voltage != voltages[0]:
        return "voltage", Message(
            "request.rule.voltage_one_pole", {"value": branch.voltage, "right": voltages[0]}
        )
    return None


def phase_can_be_kept(panel: PanelRequest, branch: BranchRequest) -> Complaint | None:
    """A phase is fixed only where there is a choice of phases, and is one of them."""
    if branch.phase is None:
        return None
    if reason := _no_phase_to_keep(panel, branch):
        return "phase", reason
    choices = _phases(panel.supply, branch.voltage)
    if branch.phase in choices:
        return None
    if branch.phase in LINE_PAIRS and choices == LINES:
        return "phase", Message("request.rule.phase_two_lines", {"value": shown(branch.phase)})
    return "phase", choice(branch.phase, choices)


def _no_phase_to_keep(panel: PanelRequest, branch: BranchRequest) -> Message | None:
    """Return why a circuit has no choice of phases."""
    if branch.poles in {3, 4}:
        return Message("request.rule.phase_poles")
    if panel.supply is Supply.SINGLE_PHASE_TWO_WIRE:
        return Message("request.rule.phase_single", {"supply": panel.supply.value})
    if panel.supply is Supply.SINGLE_PHASE_THREE_WIRE and branch.poles != 1 and branch.voltage == 220:
        return Message("request.rule.phase_both_lines")
    return None


def _phases(supply: Supply, voltage: int | None) -> tuple[str, ...]:
    """Return the phases a 1P or 2P circuit can be kept on."""
    if supply is Supply.SINGLE_PHASE_THREE_WIRE:
        return HALF_LINES
    between_lines = supply is Supply.THREE_PHASE_THREE_WIRE or voltage == 380
    return LINE_PAIRS if between_lines else LINES


def main_exists(panel: PanelRequest, branch: BranchRequest) -> Complaint | None:
    """A branch names a main of its own panel."""
    names = [main.name for main in panel.mains]
    if branch.main is None or branch.main in names:
        return None
    return "main", Message(
        "request.rule.main_unknown", {"value": shown(branch.main), "mains": ", ".join(names)}
    )


def position_holds_one(_panel: PanelRequest, branch: BranchRequest) -> Complaint | None:
    """A place is asked for one circuit at a time."""
    if branch.position is None or branch.quantity == 1:
        return None
    return "position", Message("request.rule.position_quantity", {"quantity": branch.quantity})


def sensitivity_needs_leakage_breaker(_panel: PanelRequest, branch: BranchRequest) -> Complaint | None:
    """Only an ELB trips on leakage current."""
    if branch.sensitivity_ma is None or branch.kind is not BreakerKind.MCCB:
        return None
    return "sensitivity_ma", Message("request.rule.sensitivity_kind")


def surge_breaker_has_no_load(_panel: PanelRequest, branch: BranchRequest) -> Complaint | None:
    """The breaker of an SPD feeds nothing."""
    return ("load_va", Message("request.rule.spd_load")) if branch.spd and branch.load_va else None


# Rules of a panel


def main_names_differ(panel: PanelRequest) -> Complaints:
    """Branches name their main, so no two mains share a name."""
    names = _each(panel.mains, lambda main: main.name)
    for number, first in _repeated(names):
        values = {"value": shown(names[number]), "other": path_of(("mains", first))}
        yield ("mains", number, "name"), Message("request.rule.main_name_twice", values)


def positions_differ(panel: PanelRequest) -> Complaints:
    """Two circuits of one main cannot stand in one place."""
    for number, first in _repeated(_each(panel.branches, _place_of)):
        values = {"value": shown(panel.branches[number].position), "other": path_of(("branches", first))}
        yield ("branches", number, "position"), Message("request.rule.position_taken", values)


def branches_can_be_placed(panel: PanelRequest) -> Complaints:
    """A panel has a bounded number of circuits, however they are grouped."""
    count = sum(branch.quantity for branch in panel.branches)
    if count > MOST_BRANCHES:
        yield ("branches",), Message("request.rule.branch_count", {"count": count})


def spare_ways_have_a_pattern(panel: PanelRequest) -> Complaints:
    """Spare ways copy the most frequent 1P or 2P branch, so there must be one (a model may turn out to be one)."""
    if panel.spare_ways and all(branch.poles in {3, 4} for branch in panel.branches):
        yield ("spare_ways",), Message("request.rule.spare_pattern")


def _place_of(branch: BranchRequest) -> tuple[str | None, str] | None:
    return (branch.main, branch.position) if branch.position else None


# Rules of the request


def panel_names_differ(request: EstimateRequest) -> Complaints:
    """Documents and evidence find a panel by its name."""
    names = _each(request.panels, lambda panel: panel.name)
    for number, first in _repeated(names):
        values = {"value": shown(names[number]), "other": path_of(("panels", first))}
        yield ("panels", number, "name"), Message("request.rule.panel_name_twice", values)


def won_are_whole(request: EstimateRequest) -> Complaints:
    """KRW has no decimals."""
    if request.currency != "KRW":
        return
    for number, price in enumerate(_each(request.extra_lines, lambda line: line.unit_price)):
        if price is not None and price != int(price):
            yield ("extra_lines", number, "unit_price"), Message("request.rule.whole_won", {"value": price})


def _repeated(values: Iterable[object]) -> Iterator[tuple[int, int]]:
    """Yield the index of every value that stood before, with the index where it first stood; None is no value."""
    first: dict[object, int] = {}
    for number, value in enumerate(values):
        if value is not None and first.setdefault(value, number) != number:
            yield number, first[value]


MAIN_RULES: Final = (poles_or_model, main_poles_suit_supply, frame_holds_rating)
BRANCH_RULES: Final = (
    kind_or_model,
    poles_or_model,
    branch_poles_suit_supply,
    voltage_suits_supply,
    phase_can_be_kept,
    main_exists,
    position_holds_one,
    frame_holds_rating,
    sensitivity_needs_leakage_breaker,
    surge_breaker_has_no_load,
)
PANEL_RULES: Final = (main_names_differ, positions_differ, branches_can_be_placed, spare_ways_have_a_pattern)
REQUEST_RULES: Final = (panel_names_differ, won_are_whole)
