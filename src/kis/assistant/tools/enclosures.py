"""The enclosure for a list of breakers, worked out by the estimator as for a quotation of the caller's organisation; nothing is stored.

The engine takes some hundredths of a second, for two hundred circuits a tenth. It works in a thread of its own, one question after the other, so that
whoever types beside it is answered meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any, Final, Protocol

from kis.assistant.conversing.means import Caller
from kis.assistant.things import AnswerEvent, AnswerMode
from kis.assistant.tools.boxes import told_box
from kis.assistant.tools.entries import Breakers
from kis.assistant.tools.listing import MOST_BREAKERS, MOST_LINES, Listing
from kis.assistant.tools.requesting import NoMain, Requested, main_of, request_of
from kis.assistant.tools.telling import refused
from kis.estimator import Estimate, Library, estimate, parse_request
from kis.identity import Permission, Principal
from kis.platform.database import Database
from kis.platform.errors import BadInput, NotFound, Unavailable
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_GENERATION_SECONDS
from kis.quotations import library_for, today_of
from kis.search import Language

MOST_WAITING: Final = 16
"""Questions that wait for the engine; more would wait longer than anybody does."""
LONGEST_SECONDS: Final = 30.0
GUARD_SECONDS: Final = 10.0
_ANY_REQUEST: Final[dict[str, Any]] = {
    "customer": {"name": "-"},
    "project": "-",
    "panels": [{"name": "P1", "mains": [{"kind": "MCCB", "poles": 3, "rating_a": 100}]}],
}
"""A request that names neither prices nor rules, as no list does."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a quotation is made from, and the day it is made on."""

    library: Library
    day: date


class Libraries(Protocol):
    """Opens what quotations are made from."""

    async def open(self, caller: Principal) -> Opened:
        """Return what a quotation of the caller's organisation is made from today, where the organisation is. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class StoredLibraries:
    """Libraries of organisations in the database."""

    database: Database

    async def open(self, caller: Principal) -> Opened:
        """Return what a quotation of the caller's organisation is made from today, where the organisation is. Raises NotFound."""
        request = parse_request(_ANY_REQUEST).request
        async with self.database.transaction(caller.scope) as session:
            day = await today_of(session, caller.organization_id)
            return Opened(await library_for(session, caller.organization_id, request, day), day)


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
        """Yield what box holds these breakers, that there is none, or why that is not told. Raises Unavailable."""
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
            made, asked = await self._worked(caller, listing, main, language)
        except NoMain:
            return list(refused("no_main", language))
        except (BadInput, NotFound) as error:
            # What is asked for cannot be, or no prices or rules are in force.
            return list(refused("impossible", language, {"reasons": _reasons(error, language)}))
        return list(told_box(made, listing, asked, main if is_assumed else None, language))

    async def _worked(
        self, caller: Principal, listing: Listing, main: Breakers, language: Language
    ) -> tuple[Estimate, Requested]:
        if self._waiting >= MOST_WAITING:
            raise Unavailable(Message("assistant_tools.busy"))
        self._waiting += 1
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                opened = await self._libraries.open(caller)
                asked = request_of(listing, main, opened.library, language)
                parsed = parse_request(asked.request)
                context = copy_context()

                def run() -> Estimate:
                    return estimate(
                        parsed, library=opened.library, on=opened.day, guard_seconds=self._guard_seconds
                    )

                made = await asyncio.get_running_loop().run_in_executor(self._engine, context.run, run)
                return made, asked
        except TimeoutError as error:
            raise Unavailable(Message("assistant_tools.busy")) from error
        finally:
            self._waiting -= 1


def _reasons(error: BadInput | NotFound, language: Language) -> str:
    if isinstance(error, BadInput):
        return " ".join(problem.message.text(language.value) for problem in error.problems)
    return error.text(language.value)
