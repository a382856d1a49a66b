"""Who is asked. A contestant is a description that travels to another process; opened, it ranks passages for a text."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from kis.platform.configuration import SearchSettings, Settings
from kis.platform.database import Database, Scope
from kis.search.engine import SearchEngine
from kis.search.opening import open_engine
from kis.search.things import Query

PLACES: Final = 10
"""As deep as a ranking is looked at."""
PARAGRAPH: Final = "paragraph_id"
"""Under which fact of a hit its passage stands."""

Rank = Callable[[str], Awaitable[Sequence[str]]]
"""Gives the ids of the first passages for a text, the best first."""


class OpenEngine(Protocol):
    """Opens an engine, as ``kis.search.opening.open_engine`` does."""

    def __call__(
        self, settings: SearchSettings, /, *, waits: bool
    ) -> AbstractAsyncContextManager[SearchEngine]:
        """Give the engine that the settings describe, one that waits until it has all it works with."""
        ...


class Contestant(Protocol):
    """Something that ranks passages."""

    @property
    def name(self) -> str:
        """Return how it is called in the figures."""
        ...

    @property
    def at_once(self) -> int:
        """Return how many questions one process asks at a time."""
        ...

    def opened(self) -> AbstractAsyncContextManager[Rank]:
        """Give the way to ask it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchContestant:
    """The engine of ``/v1/search`` over the passages that were indexed, as a reader of their organisation."""

    name: str
    settings: Settings
    database_url: str = field(repr=False)
    scope: Scope
    open_engine: OpenEngine = open_engine
    at_once: int = 2
    """While PostgreSQL works on one, the next is cut into terms."""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Rank]:
        """Open the engine and as many connections as questions are asked at once."""
        database = Database(
            self.database_url,
            pool_size=self.at_once,
            statement_timeout_seconds=self.settings.database.statement_timeout_seconds,
            name="kis-evaluation",
        )
        try:
            async with self.open_engine(self.settings.search, waits=True) as engine:

                async def rank(text: str) -> Sequence[str]:
                    async with database.transaction(self.scope) as session:
                        asked = Query(text=text, limit=PLACES, highlights=False)
                        found = await engine.search(session, asked)
                    return [str(hit.facts[PARAGRAPH]) for hit in found.hits]

                yield rank
        finally:
            await database.close()
