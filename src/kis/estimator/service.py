"""The use case: a request becomes an estimate. Pure but for reading the shipped catalogue, price books and rulebook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from kis.estimator.acceptance import accepted_gates, refuse_idle
from kis.estimator.designing import Designer, designed
from kis.estimator.findings import Acceptance, Gate, Verdict
from kis.estimator.intake import ParsedRequest, parse_request
from kis.estimator.library import Library, open_library
from kis.estimator.pipeline import PanelState, Timer
from kis.estimator.pricing.bill import amount_of
from kis.estimator.pricing.line import Line
from kis.estimator.pricing.money import Till, open_till
from kis.estimator.pricing.totals import Totals, totals_of
from kis.estimator.request import EstimateRequest
from kis.estimator.rulebook import Rulebook
from kis.estimator.solver import SOLVER_GUARD_SECONDS
from kis.estimator.stages.gates import pricing_gates
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Locale, Message
from kis.platform.spread import Spread, here

Progress = Callable[[int, int, str], None]
"""Called with panels done, panels in all, and the name of the panel about to be designed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraAmount:
    """A line the customer's request adds as it is."""

    item: str
    spec: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelEstimate:
    """One panel with all its stages, and what it costs: ``unit_subtotal`` each; ``totals`` for its quantity, rounded on their own."""

    state: PanelState
    unit_subtotal: Decimal
    totals: Totals

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Return the panel's gates in the order of the rulebook."""
        order = list(self.state.job.rules.gates)
        return tuple(sorted(self.state.gates, key=lambda gate: order.index(gate.id)))

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the priced lines of one panel."""
        return self.state.lines

    @property
    def is_designed(self) -> bool:
        """Tell whether there is a design; without one the panel has no price."""
        return self.state.design is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A whole quotation."""

    request: EstimateRequest
    source: Mapping[str, object]
    library: Library
    quotation_date: date
    panels: tuple[PanelEstimate, ...]
    extra: tuple[ExtraAmount, ...]
    gates: tuple[Gate, ...]
    """Gates of the whole quotation; each panel has its own."""
    totals: Totals
    notes: tuple[Message, ...]
    till: Till
    acceptances: tuple[Acceptance, ...] = ()

    @property
    def all_gates(self) -> tuple[Gate, ...]:
        """Return the gates of every panel and of the quotation."""
        return tuple(chain.from_iterable(panel.gates for panel in self.panels)) + self.gates

    @property
    def verdict(self) -> Verdict:
        """Return the worst verdict of all gates; a gate that was not checked does not count."""
        verdicts = {gate.verdict for gate in self.all_gates}
        return next(
            (verdict for verdict in (Verdict.FAIL, Verdict.REMARK) if verdict in verdicts), Verdict.PASS
        )

    @property
    def valid_until(self) -> date:
        """Return the last day of validity."""
        return self.quotation_date + timedelta(days=self.request.validity_days)

    @property
    def locale(self) -> Locale:
        """Return the language of the quotation."""
        return "en" if self.request.locale == "en" else "ko"


def estimate(
    request: EstimateRequest | ParsedRequest | Mapping[str, object],
    *,
    library: Library | None = None,
    on: date | None = None,
    timer: Timer | None = None,
    progress: Progress | None = None,
    acceptances: Sequence[Acceptance] = (),
    guard_seconds: float = SOLVER_GUARD_SECONDS,
    spread: Spread = here,
) -> Estimate:
    """Design, check and price every panel of ``request``; a gate that fails and is accepted passes with a remark.

    ``on`` is the quotation date where the request names none; without either the rulebook's first day is taken, so that the same request always gives
    the same result. ``spread`` may design panels in other processes, which changes nothing of the result; the ``timer`` must then be one that can be sent there.
    Raises BadInput with every problem of the request, or of the ``acceptances``.
    """
    parsed = _parsed(request)
    wanted = parsed.request
    day = wanted.quotation_date or on
    library = library or open_library(wanted, on=day)
    day = day or library.rules.valid_from
    till = open_till(wanted, library.price_book, library.rules)
    _refuse_discount(wanted, library.rules)
    designer = Designer(library=library, till=till, guard_seconds=guard_seconds, timer=timer)
    panels = tuple(_panels(wanted, designer, spread, progress))
    extra = tuple(_extra(wanted, till))
    subtotal = sum((panel.totals.subtotal for panel in panels), Decimal(0)) + sum(
        (line.amount for line in extra), Decimal(0)
    )
    lines = [line for panel in panels for line in panel.lines]
    made = Estimate(
        request=wanted,
        source=parsed.source,
        library=library,
        quotation_date=day,
        panels=panels,
        extra=extra,
        gates=tuple(pricing_gates(wanted, lines, library.rules)),
        totals=totals_of(subtotal, wanted.margin_percent, wanted.discount_percent, till, library.rules),
        notes=parsed.notes,
        till=till,
    )
    return _with_acceptances(made, acceptances) if acceptances else made


def _with_acceptances(made: Estimate, acceptances: Sequence[Acceptance]) -> Estimate:
    named = [(panel.state.job.panel.name, gate) for panel in made.panels for gate in panel.gates]
    named += [("", gate) for gate in made.gates]
    failing = [(panel, gate) for panel, gate in named if gate.verdict is Verdict.FAIL]
    refuse_idle(acceptances, failing, made.library.rules)
    panels = tuple(
        replace(
            panel,
            state=replace(
                panel.state,
                gates=accepted_gates(panel.state.gates, panel.state.job.panel.name, acceptances),
            ),
        )
        for panel in made.panels
    )
    return replace(
        made,
        panels=panels,
        gates=accepted_gates(made.gates, "", acceptances),
        acceptances=tuple(acceptances),
    )


def dated(parsed: ParsedRequest, day: date) -> ParsedRequest:
    """Return the request with another quotation date, as if it had been written there."""
    source = {name: value for name, value in parsed.source.items() if name != "quotation_date"}
    return parse_request({**source, "date": day.isoformat()})


def _parsed(request: EstimateRequest | ParsedRequest | Mapping[str, object]) -> ParsedRequest:
    if isinstance(request, ParsedRequest):
        return request
    if isinstance(request, EstimateRequest):
        return parse_request(request.model_dump(mode="json", exclude_none=True))
    return parse_request(request)


def _refuse_discount(request: EstimateRequest, rules: Rulebook) -> None:
    limit = rules.pricing.discount_limit_percent.value
    if request.discount_percent > limit:
        values = {"percent": request.discount_percent, "limit": limit}
        raise BadInput("request", [Problem("discount_percent", Message("pricing.discount_refused", values))])


def _panels(
    request: EstimateRequest, designer: Designer, spread: Spread, progress: Progress | None
) -> "list[PanelEstimate]":
    done: list[PanelEstimate] = []
    states = designed(designer, request.panels, spread)
    for index, panel in enumerate(request.panels):
        if progress is not None:
            progress(index, len(request.panels), panel.name)
        state = next(states)
        each = amount_of(state.lines)
        totals = totals_of(
            each * panel.quantity,
            request.margin_percent,
            request.discount_percent,
            designer.till,
            designer.library.rules,
        )
        done.append(PanelEstimate(state=state, unit_subtotal=each, totals=totals))
    if progress is not None:
        progress(len(done), len(done), "")
    return done


def _extra(request: EstimateRequest, till: Till) -> "list[ExtraAmount]":
    return [
        ExtraAmount(
            item=line.item,
            spec=line.spec,
            unit=line.unit,
            quantity=line.quantity,
            unit_price=line.unit_price,
            amount=till.round(line.quantity * line.unit_price),
        )
        for line in request.extra_lines
    ]
