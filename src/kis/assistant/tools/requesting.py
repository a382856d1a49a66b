"""The request that a list of breakers is: as the estimator takes it, with the makers and models of the catalogue that is in force."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from kis.assistant.tools.entries import Breakers
from kis.assistant.tools.listing import Listing
from kis.assistant.tools.makers import is_maker
from kis.assistant.tools.networks import Network
from kis.catalog import UNVERIFIED, Breaker, BreakerKind, Grade
from kis.estimator import Library, WantedBreaker, choose_breaker
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search import Language

SOURCE: Final = "list"
THREE_PHASE_POLES: Final = 3
FOUR_WIRES: Final = "3P4W-380/220"
TWO_WIRES: Final = "1P2W-220"
_SUPPLIES: Final = {
    (3, 4): FOUR_WIRES,
    (3, 3): "3P3W-380",
    (1, 3): "1P3W-220/110",
    (1, 2): TWO_WIRES,
}
_USUAL: Final = {FOUR_WIRES: {"380", "380/220", "220/380"}, TWO_WIRES: {"220"}}
"""Voltages that say nothing new of a supply."""


class NoMain(Exception):
    """It cannot be told which breaker is the incoming one."""


def main_of(breakers: Sequence[Breakers]) -> tuple[Breakers, bool]:
    """Return the incoming breaker, and whether it was only taken for it: the one that is larger than all others. Raises NoMain."""
    named = [each for each in breakers if each.is_main]
    if named:
        if len(named) > 1 or named[0].count > 1:
            raise NoMain
        return named[0], False
    working = [each for each in breakers if not each.is_spare] or list(breakers)
    largest = max(working, key=lambda each: each.amperes)
    if largest.count > 1 or sum(each.amperes == largest.amperes for each in working) > 1:
        raise NoMain
    return largest, True


@dataclass(frozen=True, slots=True)
class Requested:
    """A list as a request, and what of it is not certain."""

    request: dict[str, Any]
    uncertain: tuple[str, ...]
    """Models whose breaking capacity was asked for and is from no maker's sheet, or without its voltage."""


def request_of(listing: Listing, main: Breakers, library: Library, language: Language) -> Requested:
    """Return a list as a request. Raises BadInput with every maker and breaking capacity that the catalogue does not have."""
    return _Wanted(listing, main, library).request(language)


def supply_of(listing: Listing, main: Breakers) -> str:
    """Return the supply that is said, else that of the incoming breaker's poles; a request refuses one that it does not know."""
    volts = listing.volts or main.volts
    network = listing.network or main.network
    if network is not None:
        return _written(Network(network.phases, network.wires, network.volts or volts))
    supply = FOUR_WIRES if main.poles >= THREE_PHASE_POLES else TWO_WIRES
    if volts is None or volts in _USUAL[supply]:
        return supply
    if volts in {"220/110", "110/220"}:
        return _SUPPLIES[1, 3]
    return Network(*((3, 4) if supply == FOUR_WIRES else (1, 2)), volts).written


class _Wanted:
    """A list with what it is to be made of."""

    def __init__(self, listing: Listing, main: Breakers, library: Library) -> None:
        self._listing = listing
        self._main = main
        self._library = library
        self._supply = supply_of(listing, main)
        self._problems: list[Problem] = []
        self._uncertain: list[str] = []
        self._makes = {name: self._make_of(name) for name in listing.makers}

    def request(self, language: Language) -> Requested:
        """Return the request. Raises BadInput."""
        panel = self._panel()
        if self._problems:
            raise BadInput(SOURCE, self._problems)
        request = {
            "customer": {"name": "-"},
            "project": "-",
            "locale": "en" if language is Language.EN else "ko-KR",
            "panels": [panel],
        }
        return Requested(request, tuple(dict.fromkeys(self._uncertain)))

    def _panel(self) -> dict[str, Any]:
        listing = self._listing
        panel: dict[str, Any] = {
            "name": "P1",
            "supply": self._supply,
            "mains": [self._asked(self._main)],
            "branches": [self._branch(each) for each in listing.breakers if each is not self._main],
            "mounting": listing.mounting,
            "material": "SUS201" if listing.is_stainless else None,
            "ip": listing.ip,
            "make": self._make(),
            "grade": listing.grade,
            "short_circuit_ka": listing.breaking_ka,
            "spare_ways": listing.spare_ways or None,
        }
        if listing.accessories:
            panel["accessories"] = [
                _said(kind=each.kind, quantity=each.count, model=each.model) for each in listing.accessories
            ]
        return _said(**panel)

    def _make(self) -> str | None:
        """Return the one maker that is named, for all of the panel; of several each breaker has its own."""
        if self._listing.maker is not None:
            return self._makes[self._listing.maker]
        named = {make for each in self._listing.breakers if (make := self._own_make(each)) is not None}
        return named.pop() if len(named) == 1 else None

    def _own_make(self, each: Breakers) -> str | None:
        """Return the maker that a breaker is listed with; one that only the organisation's catalogue knows too."""
        if each.maker is not None:
            return self._makes[each.maker]
        makes = self._library.catalog.makes()
        return next((make for make in makes if _is_named(make, each.typed)), None)

    def _branch(self, each: Breakers) -> dict[str, Any]:
        voltage = None
        if each.volts is not None and not (each.poles >= THREE_PHASE_POLES and "380" in each.volts):
            voltage = int(each.volts) if each.volts.isdigit() else None
        return _said(
            **self._asked(each),
            quantity=each.count,
            sensitivity_ma=each.sensitivity_ma,  # of a main nothing in the box depends on it
            load="예비" if each.is_spare else None,
            voltage=voltage,
        )

    def _asked(self, each: Breakers) -> dict[str, Any]:
        model = self._model(each)
        if model is None and each.breaking_ka is not None:
            model = self._breaking(each)
        return _said(
            kind=each.kind,
            poles=each.poles,
            rating_a=each.amperes,
            frame_af=each.frame_af,
            make=self._own_make(each),
            model=model,
            grade=each.grade,
        )

    def _make_of(self, name: str) -> str | None:
        """Return a maker by the name that the catalogue has."""
        makes = self._library.catalog.makes()
        found = next((make for make in makes if is_maker(name, make)), None)
        if found is None:
            self._refuse("no_maker", maker=name, makers=", ".join(makes))
        return found

    def _model(self, each: Breakers) -> str | None:
        """Return a model as the catalogue writes it; a letter of the edition behind it is not written there."""
        if each.model is None:
            return None
        plain = _plain(each.model)
        for wanted in (plain, re.sub(r"(?<=\d)[A-C]$", "", plain)):
            row = next((row for row in self._library.catalog.breakers if _plain(row.model) == wanted), None)
            if row is not None:
                self._judge(each, row)
                return row.model
        return each.model

    def _judge(self, each: Breakers, named: Breaker) -> None:
        """See that the model that is named breaks what is asked of it."""
        if each.breaking_ka is None:
            return
        volts = self._volts(each)
        if _breaks(named, each.breaking_ka, volts):
            self._note(named)
        else:
            self._refuse("model_breaks_less", model=named.model, ka=each.breaking_ka, volts=volts)

    def _note(self, breaker: Breaker) -> None:
        if breaker.icu_at_v is None or breaker.icu_source in UNVERIFIED:
            self._uncertain.append(breaker.model)

    def _breaking(self, each: Breakers) -> str | None:
        """Return the model that a breaker of this capacity is by the rules of selection; without one the list cannot be."""
        rules = self._library.rules
        make = self._own_make(each) or self._make() or self._library.catalog.makes()[0]
        grades = tuple(Grade(grade) if grade else None for grade in (each.grade, self._listing.grade))
        found = choose_breaker(
            WantedBreaker(
                kind=BreakerKind(each.kind),
                poles=each.poles,
                rating_a=each.amperes,
                make=make,
                frame_af=each.frame_af,
                asked_grade=grades[0],
                panel_grade=grades[1] or Grade.ECONOMY,
                sensitivity_ma=each.sensitivity_ma or rules.selection.default_sensitivity.value,
                breaking_ka=each.breaking_ka,
                voltage=self._volts(each),
            ),
            self._library.catalog,
            rules,
        )
        if found is not None:
            self._note(found)
            return found.model
        self._refuse(
            "breaks_less",
            make=make,
            kind=each.kind,
            poles=each.poles,
            rating=each.amperes,
            ka=each.breaking_ka,
            volts=self._volts(each),
        )
        return None

    def _volts(self, each: Breakers) -> int:
        """Return the voltage that a breaker breaks at: between the lines for a main or three poles, else that of its circuit."""
        phases = self._library.rules.phases
        supply = self._supply if self._supply in phases.line_voltage.value else FOUR_WIRES
        line, phase = phases.line_voltage.value[supply], phases.phase_voltage.value[supply]
        if each is self._main or each.poles >= THREE_PHASE_POLES:
            return line
        asked = each.volts and each.volts.isdigit() and int(each.volts)
        return line if (asked or phases.default_two_pole_voltage.value.get(supply)) == line else phase

    def _refuse(self, key: str, **values: object) -> None:
        problem = Problem("", Message(f"assistant_tools.enclosure.{key}", values))
        if problem not in self._problems:
            self._problems.append(problem)


def _written(network: Network) -> str:
    """Return a network as requests name it, where its voltages are the usual ones."""
    plain = Network(network.phases, network.wires).written
    supply = _SUPPLIES.get((network.phases, network.wires))
    if supply is not None and network.volts in {None, *_USUAL.get(supply, ())}:
        return supply
    return f"{plain} {network.volts}V" if network.volts else plain


def _breaks(breaker: Breaker, ka: Decimal, volts: int) -> bool:
    return (
        breaker.icu_ka is not None
        and breaker.icu_ka >= ka
        and (breaker.icu_at_v is None or breaker.icu_at_v >= volts)
    )


def _is_named(make: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(make)}(?!\w)", text, re.IGNORECASE) is not None


def _plain(model: str) -> str:
    return re.sub(r"[\s\-_]", "", model).upper()


def _said(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
