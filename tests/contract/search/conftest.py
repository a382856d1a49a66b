"""Every engine, with morphemes and without, over a database of this run. A new engine is added to ``ENGINES``."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from kis.platform.database import Database
from kis.search import SearchEngine
from kis.search.postings import PostingEngine
from kis.search.tokens import Analyzer, Cutter, NoAnalyzer
from kis.search.tokens.kiwi import KiwiAnalyzer
from kis.search.tokens.words import shipped_words
from tests.factories.searching import Shelf
from tests.integration.conftest import (
    MakeOrganization,
    app_database_url,
    database,
    make_organization,
    migrated_database,
    servers,
    template_urls,
)

__all__ = [  # fixtures of the integration tests
    "app_database_url",
    "database",
    "make_organization",
    "migrated_database",
    "servers",
    "template_urls",
]

MakeEngine = Callable[..., SearchEngine]
"""``waits``: with all it works with, from the first query on."""
ENGINES: dict[str, MakeEngine] = {"postings": partial(PostingEngine, waits=True)}
ANALYZERS = ("morphemes", "no morphemes")

MakeShelf = Callable[..., Awaitable[Shelf]]


@pytest.fixture(scope="session")
def kiwi() -> KiwiAnalyzer:
    """Kiwi, loaded once for all tests of the process."""
    return KiwiAnalyzer(shipped_words())


@pytest.fixture(scope="session", params=ANALYZERS)
def cut_by(request: pytest.FixtureRequest) -> str:
    """By what texts are cut."""
    return str(request.param)


@pytest.fixture(scope="session")
def analyzer(cut_by: str, request: pytest.FixtureRequest) -> Analyzer:
    found: Analyzer = request.getfixturevalue("kiwi") if cut_by == "morphemes" else NoAnalyzer()
    return found


@pytest.fixture(scope="session", params=ENGINES)
def make_engine(request: pytest.FixtureRequest) -> MakeEngine:
    return ENGINES[request.param]


@pytest.fixture(scope="session")
def engine(make_engine: MakeEngine, analyzer: Analyzer) -> SearchEngine:
    """The engine under test: it knows no state but the database's, so all tests share it."""
    return make_engine(Cutter(analyzer))


@pytest.fixture
def make_shelf(engine: SearchEngine, database: Database, make_organization: MakeOrganization) -> MakeShelf:
    """Make an organisation with things in the engine."""

    async def make(*documents: Any, counts: bool = True) -> Shelf:
        shelf = Shelf(engine, database, (await make_organization()).id)
        await shelf.put(*documents)
        if counts:
            await shelf.count()
        return shelf

    return make
