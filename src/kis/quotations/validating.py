"""Checking a request without quoting it: what was understood, what is wrong, what is doubtful.

``tab`` reads the table of breakers and nothing more; ``panel`` designs the panels as a quotation would and says what the gates and the critic found.
Nothing is stored and no document is made.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Literal

from kis.estimator import EstimateRequest, Library, ParsedRequest, estimate, output_of
from kis.identity import Permission, Principal
from kis.platform.errors import BadInput, Problem, Unavailable
from kis.platform.messages import Locale, Message
from kis.quotations import repository
from kis.quotations.means import Means
from kis.quotations.requests import SOURCE, quotation_days, read_body
from kis.quotations.sniffing import form_of

Ruleset = Literal["tab", "panel"]
MOST_PANELS: Final = 20
MOST_BRANCHES: Final = 400
"""Of one validation: it is answered while the caller waits, and one is done at a time."""


PATIENCE_SECONDS: Final = 30.0
"""For the turn and the work together."""


class EngineBusy(Unavailable):
    """Nobody can wait as long as this validation and those before it would take."""

    code = "engine_busy"

    def __init__(self, seconds: float) -> None:
        super().__init__(Message("quotations.validation_busy", {"seconds": f"{seconds:g}"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing found: where, what, how bad."""

    code: str
    message: str
    severity: str
    panel: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """What a validation found. ``errors`` would keep a quotation from being completed, ``doubts`` are what was assumed."""

    ruleset: Ruleset
    panels: tuple[Mapping[str, Any], ...] = ()
    breakers: tuple[Mapping[str, Any], ...] = ()
    errors: tuple[Found, ...] = ()
    warnings: tuple[Found, ...] = ()
    doubts: tuple[Found, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Tell whether a quotation of this would be completed."""
        return not self.errors


@dataclass(slots=True)
class Validating:
    """Validates one request at a time: the engine works in this process, and other callers want answers too."""

    means: Means
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def validate(
        self, principal: Principal, data: bytes, *, ruleset: Ruleset, locale: Locale
    ) -> Validated:
        """Check a request in JSON or YAML. Raises UnsupportedMedia for anything else, BadInput where there is too much of it."""
        principal.require(Permission.QUOTATION_READ)
        try:
            parsed = await read_body(data, form_of(data))
        except BadInput as error:
            return Validated(ruleset=ruleset, errors=tuple(_problems(error, locale)))
        if ruleset == "tab":
            return _table(parsed, locale)
        _refuse_large(parsed.request)
        async with self.means.database.transaction(principal.scope) as session:
            house = await repository.house(session, principal.organization_id)
            day = quotation_days(parsed, house.time_zone)[0]
            try:
                library = await self.means.libraries.library_for(
                    session, principal.organization_id, parsed.request, day
                )
            except BadInput as error:
                return Validated(ruleset=ruleset, errors=tuple(_problems(error, locale)))
        guard_seconds = self.means.settings.engine.timeout_seconds
        return await self._in_turn(partial(_panel, parsed, library, locale, guard_seconds))

    async def _in_turn(self, work: Callable[[], Validated]) -> Validated:
        """Do ``work`` in a thread when nobody else's is done. Raises EngineBusy when that takes too long; a thread that has begun keeps its turn to its end."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._turn.acquire()
                working = asyncio.ensure_future(asyncio.to_thread(work))
                working.add_done_callback(self._give_up_turn)
                return await asyncio.shield(working)
        except TimeoutError:
            raise EngineBusy(PATIENCE_SECONDS) from None

    def _give_up_turn(self, working: "asyncio.Future[Validated]") -> None:
        self._turn.release()
        if not working.cancelled():
            working.exception()  # seen, also where nobody waits for it any more


def _refuse_large(request: EstimateRequest) -> None:
    branches = sum(branch.quantity for panel in request.panels for branch in panel.branches)
    if len(request.panels) > MOST_PANELS or branches > MOST_BRANCHES:
        values = {"panels": MOST_PANELS, "branches": MOST_BRANCHES}
        raise BadInput(SOURCE, [Problem("panels", Message("quotations.validation_too_large", values))])


def _problems(error: BadInput, locale: Locale) -> Iterator[Found]:
    for problem in error.problems:
        yield Found(
            code=problem.message.key,
            message=problem.message.text(locale),
            severity="error",
            where=problem.path,
        )


def _notes(parsed: ParsedRequest, locale: Locale) -> tuple[Found, ...]:
    return tuple(Found(code=note.key, message=note.text(locale), severity="doubt") for note in parsed.notes)


def _table(parsed: ParsedRequest, locale: Locale) -> Validated:
    """Return the breakers as they were asked for."""
    breakers = [
        {"panel": panel.name, "role": role, **line.model_dump(mode="json", include=_ASKED, exclude_none=True)}
        for panel in parsed.request.panels
        for role, lines in (("main", panel.mains), ("branch", panel.branches))
        for line in lines
    ]
    panels = [
        {"name": panel.name, "quantity": panel.quantity, "supply": panel.supply.value}
        for panel in parsed.request.panels
    ]
    return Validated(
        ruleset="tab", panels=tuple(panels), breakers=tuple(breakers), doubts=_notes(parsed, locale)
    )


_ASKED: Final = {
    "name",
    "kind",
    "poles",
    "rating_a",
    "frame_af",
    "make",
    "model",
    "load",
    "load_va",
    "quantity",
    "main",
    "phase",
    "position",
}
_CHOSEN: Final = (
    "kind",
    "make",
    "model",
    "poles",
    "frame_af",
    "rating_a",
    "icu_ka",
    "quantity",
    "phase",
    "places",
)


def _panel(parsed: ParsedRequest, library: Library, locale: Locale, guard_seconds: float) -> Validated:
    """Return what the engine makes of the panels, in the caller's language."""
    try:
        made = estimate(parsed, library=library, guard_seconds=guard_seconds)
    except BadInput as error:
        return Validated(ruleset="panel", errors=tuple(_problems(error, locale)))
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    output = output_of(made, trace_id="0" * 32, created_at=now, reader=locale)
    found = [*_gates(None, output["gates"])]
    for panel in output["panels"]:
        found += _gates(panel["name"], panel["gates"])
        found += _findings(panel["name"], panel["findings"])
    doubts = [one for one in found if one.severity in {"not_checked", "information"}]
    return Validated(
        ruleset="panel",
        panels=tuple(_panel_shown(panel) for panel in output["panels"]),
        breakers=tuple(_breakers(output)),
        errors=tuple(one for one in found if one.severity in {"fail", "violation"}),
        warnings=tuple(one for one in found if one.severity in {"remark", "warning", "recommendation"}),
        doubts=(*doubts, *_notes(parsed, locale)),
    )


def _gates(panel: str | None, gates: list[Mapping[str, Any]]) -> Iterator[Found]:
    for gate in gates:
        if gate["verdict"] != "pass":
            yield Found(code=gate["id"], message=gate["explanation"], severity=gate["verdict"], panel=panel)


def _findings(panel: str, findings: list[Mapping[str, Any]]) -> Iterator[Found]:
    for finding in findings:
        yield Found(
            code=finding["code"],
            message=finding["message"],
            severity=finding["severity"],
            panel=panel,
            where=finding["where"],
        )


def _panel_shown(panel: Mapping[str, Any]) -> dict[str, Any]:
    box, phases = panel["enclosure"] or {}, panel["phases"] or {}
    return {
        "name": panel["name"],
        "quantity": panel["quantity"],
        "supply": panel["supply"],
        "designed": panel["designed"],
        "enclosure": box.get("model"),
        "width_mm": box.get("width_mm"),
        "height_mm": box.get("height_mm"),
        "depth_mm": box.get("depth_mm"),
        "fit_score": box.get("fit_score"),
        "imbalance": phases.get("imbalance"),
    }


def _breakers(output: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for panel in output["panels"]:
        for main in panel["mains"]:
            yield {"panel": panel["name"], "role": "main", "name": main["name"], **_chosen(main)}
        for branch in panel["branches"]:
            yield {"panel": panel["name"], "role": "branch", "load": branch["load"], **_chosen(branch)}


def _chosen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _CHOSEN if name in row}
