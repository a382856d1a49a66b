"""The enclosure for a list of breakers, worked out by the estimator as for a quotation of the caller's organisation; nothing is stored.

The engine takes some hundredths of a second, for two hundred circuits a tenth. It works in a thread of its own, one question after the other, so that
whoever types beside it is answered meanwhile.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any, Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from kis.assistant.conversing.means import Caller
from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Citation, Finished, Sentence, Source
from kis.assistant.tools.listing import MOST_BREAKERS, MOST_LINES, Breakers, Listing
from kis.assistant.tools.telling import refused, told
from kis.estimator import Estimate, Library, ParsedRequest, Rulebook, Verdict, estimate, parse_request, rules
from kis.identity import Permission, Principal
from kis.platform.database import Database
from kis.platform.errors import BadInput, NotFound, Unavailable
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_GENERATION_SECONDS
from kis.quotations import library_for
from kis.search import Language

MOST_WAITING: Final = 16
"""Questions that wait for the engine; more would wait longer than anybody does."""
LONGEST_SECONDS: Final = 30.0
GUARD_SECONDS: Final = 10.0
LONGEST_EXCERPT: Final = 2000
"""Of the rules behind one side of a box."""
SEOUL: Final = ZoneInfo("Asia/Seoul")
_THREE_PHASE_POLES: Final = 3
_SIDES: Final = ("height_mm", "width_mm", "depth_mm")


class Libraries(Protocol):
    """Opens what quotations are made from."""

    async def library(self, caller: Principal, parsed: ParsedRequest) -> Library:
        """Return what a quotation of the caller's organisation is made from today."""
        ...


@dataclass(frozen=True, slots=True)
class StoredLibraries:
    """Libraries of organisations in the database."""

    database: Database

    async def library(self, caller: Principal, parsed: ParsedRequest) -> Library:
        """Return what a quotation of the caller's organisation is made from today."""
        organization: UUID = caller.organization_id
        async with self.database.transaction(caller.scope) as session:
            return await library_for(session, organization, parsed.request, datetime.now(SEOUL).date())


class NoMain(Exception):
    """It cannot be told which breaker is the incoming one."""


class Enclosures:
    """Works out enclosures. Make one per event loop, and close it."""

    def __init__(self, libraries: Libraries, *, guard_seconds: float = GUARD_SECONDS) -> None:
        self._libraries = libraries
        self._guard_seconds = min(guard_seconds, GUARD_SECONDS)
        self._engine = ThreadPoolExecutor(1, thread_name_prefix="assistant_engine")
        self._waiting = 0

    def close(self) -> None:
        """Take no more questions; one that is being worked out ends by its guard."""
        self._engine.shutdown(wait=False, cancel_futures=True)

    async def answer(
        self, caller: Caller, listing: Listing, language: Language
    ) -> AsyncIterator[AnswerEvent]:
        """Yield what box holds these breakers, or why that is not told. Raises Unavailable."""
        begun = perf_counter()
        for event in await self._events(caller, listing, language):
            yield event
        ANSWER_GENERATION_SECONDS.labels(AnswerMode.CALCULATED).observe(perf_counter() - begun)

    async def _events(self, caller: Caller, listing: Listing, language: Language) -> list[AnswerEvent]:
        if caller is None or not caller.may(Permission.QUOTATION_CREATE):
            return list(refused("may_not_estimate", language))
        if listing.is_too_long:
            return list(refused("too_many", language, {"breakers": MOST_BREAKERS, "lines": MOST_LINES}))
        if listing.unread:
            quoted = ", ".join(f"“{entry}”" for entry in listing.unread)
            return list(refused("unread", language, {"entries": quoted}))
        try:
            main, is_assumed = main_of(listing.breakers)
            parsed = parse_request(_request(listing, main, language))
            made = await self._worked(caller, parsed)
        except NoMain:
            return list(refused("no_main", language))
        except (
            BadInput,
            NotFound,
        ) as error:  # what is asked for cannot be, or no prices or rules are in force
            return list(refused("impossible", language, {"reasons": _reasons(error, language)}))
        return list(_told(made, listing, main if is_assumed else None, language))

    async def _worked(self, caller: Principal, parsed: ParsedRequest) -> Estimate:
        if self._waiting >= MOST_WAITING:
            raise Unavailable(Message("assistant_tools.busy"))
        self._waiting += 1
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                library = await self._libraries.library(caller, parsed)
                context = copy_context()

                def run() -> Estimate:
                    day = datetime.now(SEOUL).date()
                    return estimate(parsed, library=library, on=day, guard_seconds=self._guard_seconds)

                return await asyncio.get_running_loop().run_in_executor(self._engine, context.run, run)
        except TimeoutError as error:
            raise Unavailable(Message("assistant_tools.busy")) from error
        finally:
            self._waiting -= 1


def main_of(breakers: Sequence[Breakers]) -> tuple[Breakers, bool]:
    """Return the incoming breaker, and whether it was only taken for it: the one that is larger than all others. Raises NoMain."""
    named = [each for each in breakers if each.is_main]
    if named:
        if len(named) > 1 or named[0].count > 1:
            raise NoMain
        return named[0], False
    largest = max(breakers, key=lambda each: each.amperes)
    if largest.count > 1 or sum(each.amperes == largest.amperes for each in breakers) > 1:
        raise NoMain
    return largest, True


def _reasons(error: BadInput | NotFound, language: Language) -> str:
    if isinstance(error, BadInput):
        return "; ".join(problem.message.text(language.value) for problem in error.problems)
    return error.text(language.value)


def _request(listing: Listing, main: Breakers, language: Language) -> dict[str, Any]:
    panel: dict[str, Any] = {
        "name": "P1",
        "supply": "3P4W-380/220" if main.poles >= _THREE_PHASE_POLES else "1P2W-220",
        "mains": [_asked(main)],
        "branches": [_branch(each) for each in listing.breakers if each is not main],
    }
    if listing.mounting is not None:
        panel["mounting"] = listing.mounting
    if listing.is_stainless:
        panel["material"] = "SUS201"
    if listing.ip is not None:
        panel["ip"] = listing.ip
    return {
        "customer": {"name": "-"},
        "project": "-",
        "locale": "en" if language is Language.EN else "ko-KR",
        "panels": [panel],
    }


def _asked(each: Breakers) -> dict[str, Any]:
    asked: dict[str, Any] = {"kind": each.kind, "poles": each.poles, "rating_a": each.amperes}
    if each.frame_af is not None:
        asked["frame_af"] = each.frame_af
    return asked


def _branch(each: Breakers) -> dict[str, Any]:
    branch = {**_asked(each), "quantity": each.count}
    if each.sensitivity_ma is not None:  # of a main nothing in the box depends on it
        branch["sensitivity_ma"] = each.sensitivity_ma
    return branch


def _told(
    made: Estimate, listing: Listing, assumed: Breakers | None, language: Language
) -> Iterator[AnswerEvent]:
    state = made.panels[0].state
    failing = [
        gate.explanation.text(language.value) for gate in made.panels[0].gates if gate.verdict is Verdict.FAIL
    ]
    reasons = " ".join(failing)
    if state.design is None:
        yield from refused("no_enclosure", language, {"reasons": reasons})
        return
    box = state.design.enclosure
    size = told(
        "assistant_tools.enclosure.size",
        language,
        height=box.height_mm,
        width=box.width_mm,
        depth=box.depth_mm,
    )
    named = "custom" if box.custom else "standard"
    citations = list(_citations(made, language))
    yield from citations
    first = told(
        f"assistant_tools.enclosure.{named}", language, model=box.model, series=box.series, size=size
    )
    needed = told(
        "assistant_tools.enclosure.needed",
        language,
        height=box.needed_height_mm,
        width=box.needed_width_mm,
        depth=box.needed_depth_mm,
        boxes=box.candidates,
    )
    numbers = tuple(citation.number for citation in citations)
    yield Chunk(f"{first} [{numbers[0]}] {needed} {''.join(f'[{number}]' for number in numbers[1:])}")
    if failing:
        yield Chunk("\n" + told("assistant_tools.enclosure.failing", language, reasons=reasons))
    read = ", ".join(_entry(each, language) for each in listing.breakers)
    models = _models(state.design.problem)
    yield Chunk("\n" + told("assistant_tools.enclosure.read", language, breakers=read, models=models))
    if assumed is not None:
        yield Chunk(
            " " + told("assistant_tools.enclosure.main_assumed", language, breaker=_entry(assumed, language))
        )
    yield Chunk("\n" + _conditions(made, language))
    if listing.ip is not None:
        yield Chunk(" " + told("assistant_tools.enclosure.protection", language, ip=listing.ip))
    if not box.depth_verified:
        yield Chunk(" " + told("assistant_tools.enclosure.depth_unverified", language))
    yield Finished(
        mode=AnswerMode.CALCULATED,
        sentences=(Sentence(first, numbers[:1]), Sentence(needed, numbers[1:])),
    )


def _entry(each: Breakers, language: Language) -> str:
    key = "assistant_tools.enclosure.main_entry" if each.is_main else "assistant_tools.enclosure.entry"
    rating = f"{each.amperes}A" if each.frame_af is None else f"{each.frame_af}AF/{each.amperes}A"
    sensitivity = "" if each.sensitivity_ma is None else f" {each.sensitivity_ma}mA"
    breaker = f"{each.kind} {each.poles}P {rating}{sensitivity}"
    return told(key, language, breaker=breaker, count=each.count)


def _conditions(made: Estimate, language: Language) -> str:
    job = made.panels[0].state.job.panel
    return told(
        "assistant_tools.enclosure.conditions",
        language,
        supply=job.supply.value,
        mounting=Message(f"assistant_tools.mounting.{job.mounting.value}"),
        material=Message(f"assistant_tools.material.{job.material.value}"),
        ambient=job.ambient_c,
    )


def _models(problem: Any) -> str:
    """Return the models that were chosen for the entries, the incoming one first."""
    chosen = Counter([each.breaker.model for each in (*problem.mains, *problem.devices)])
    return ", ".join(model if count == 1 else f"{model} × {count}" for model, count in chosen.items())


def _citations(made: Estimate, language: Language) -> Iterator[Citation]:
    """Yield what the answer stands on: the row of the catalogue, then the rules behind height, width and depth."""
    design = made.panels[0].state.design
    if design is None:
        return
    box, library = design.enclosure, made.library
    number = 1
    if not box.custom:
        catalog = Source(
            sha256=library.catalog.digest,
            title=told("assistant_tools.source.catalog", language, version=library.catalog.version),
            url=f"/v1/catalog?q={box.model.replace(' ', '+')}",
            media_type="application/json",
        )
        excerpt = f"{box.model}: {box.width_mm} × {box.height_mm} × {box.depth_mm} mm"
        yield Citation(number=number, source=catalog, page=1, excerpt=excerpt, passage=0)
        number += 1
    rulebook = Source(
        sha256=library.rules.digest,
        title=told(
            "assistant_tools.source.rulebook", language, name=library.rules.id, version=library.rules.version
        ),
        url=f"/v1/rulebooks/{library.rules.id}",
        media_type="application/json",
    )
    for side in _SIDES:
        excerpt = _rules_text(library.rules, [because.rule for because in box.because[side]], language)
        yield Citation(number=number, source=rulebook, page=1, excerpt=excerpt, passage=number)
        number += 1


def _rules_text(rulebook: Rulebook, wanted: Sequence[str], language: Language) -> str:
    """Return rules with their texts and sources, as many as an excerpt holds."""
    known = dict(rules(rulebook))
    text = ""
    for name in dict.fromkeys(wanted):
        if name in known:
            line = f"{name}: {getattr(known[name].text, language.value)} ({known[name].source})"
            text = f"{text}\n{line}" if text and len(text) + len(line) < LONGEST_EXCERPT else text or line
    return text
