"""What everybody may read, walked over HTTP: every way of the contract × every role of two organisations × every state of an article.

An oracle written from the specification says who may learn what; the walk holds every answer against it. Then rights are broken, one at a time, in a copy
of the database or in the program, and the walk must see each.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import text, true
from sqlalchemy.ext.asyncio import AsyncSession

from kis.api.contract import contract_of
from kis.assistant import wiring
from kis.assistant.models import StoredThread
from kis.assistant.products import repository
from kis.assistant.threads import service as threads_service
from kis.assistant.threads.errors import ThreadNotFound
from kis.knowledge import reading_queries
from kis.platform.database import Scope
from kis.search import service as search_service
from tests.factories.leaks_products import plant_products
from tests.factories.leaks_showing import missing
from tests.factories.leaks_walk import Findings, Walk
from tests.factories.leaks_ways import PLAIN, UNASKED, questions, ways
from tests.factories.leaks_world import SETTINGS, Planted, plant
from tests.factories.security import Installation, open_installation
from tests.integration.conftest import DatabaseUrls, copied

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, slots=True)
class Garden:
    """A database and a folder in which everything is planted; nobody is connected to them."""

    urls: DatabaseUrls
    home: Path
    planted: Planted
    contract: Mapping[str, Any]

    @asynccontextmanager
    async def opened(self, *statements: str) -> AsyncIterator[Installation]:
        """Open the services over a copy of the database in which the owner has run statements."""
        with copied(self.urls, template=self.urls.name) as urls:
            with psycopg.connect(urls.superuser, autocommit=True) as owner:
                for statement in statements:
                    owner.execute(statement.encode())
            async with open_installation(urls, self.home, identity=SETTINGS) as opened:
                yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def garden(own_database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Garden:
    """Everything planted, once."""
    home = tmp_path_factory.mktemp("garden")
    async with open_installation(own_database, home, identity=SETTINGS) as opened:
        planted, contract = await plant(opened), contract_of(opened.app)
        await plant_products(opened, planted)
    return Garden(own_database, home, planted, contract)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def walked(garden: Garden) -> Findings:
    """What everybody found who asked everything."""
    async with garden.opened() as at:
        walk = Walk(at, garden.planted, garden.planted.seats)
        return await walk.take(questions(garden.contract, garden.planted))


async def test_nobody_learns_what_is_not_for_them(walked: Findings) -> None:
    assert walked.lines() == []


async def test_everybody_is_shown_what_is_for_them(walked: Findings, garden: Garden) -> None:
    """Else nothing would leak where nothing is shown."""
    assert missing(garden.planted, walked) == []


async def test_every_way_is_walked(walked: Findings, garden: Garden) -> None:
    """What reads is asked by itself; of what is neither asked nor named here nobody has thought yet: see ``leaks_ways``."""
    served = {way.operation for way in ways(garden.contract)}
    asked = set(walked.answered)
    assert served - asked == UNASKED
    assert UNASKED.isdisjoint(PLAIN)
    assert {operation for operation, answers in walked.answered.items() if answers - {404, 403, 409}} >= {
        operation
        for operation in served & asked
        if operation.startswith("GET") and "reindex" not in operation
    }, "each GET has answered somebody"


AUDIENCES = "ALTER POLICY audiences_authenticated_select ON knowledge.audiences USING ({})"
OF_ALL_ORGANIZATIONS = "is_published OR (SELECT identity.sees_drafts()) AND organization_id = (SELECT identity.current_organization_id())"
OF_ALL_ROLES = (
    "is_published AND (organization_id IS NULL OR visibility = 'public') "
    "OR organization_id = (SELECT identity.current_organization_id()) AND (is_published OR (SELECT identity.sees_drafts()))"
)
WITH_DRAFTS = (
    "is_published AND (organization_id IS NULL OR visibility = 'public') "
    "OR organization_id = (SELECT identity.current_organization_id()) "
    "AND (visibility <> 'role' OR (SELECT identity.acting_role()) = ANY (roles || '{admin}'::varchar[]))"
)
FINDING = ("GET /v1/search", "GET /v1/search/suggest", "GET /v1/search/similar")
OF_THE_ASSISTANT = "ALTER POLICY {0}_authenticated_{1} ON assistant.{0} USING (true)"
OPEN_TO_ALL = "ALTER POLICY {0}_authenticated_select ON knowledge.{0} USING (true)"


async def leaks(
    garden: Garden, *statements: str, seats: tuple[str, ...], operations: tuple[str, ...]
) -> dict[str, list[str]]:
    """Return the first leaks that some people find in each of some operations."""
    found = {}
    async with garden.opened(*statements) as at:
        for operation in operations:
            asked = (
                each for each in questions(garden.contract, garden.planted) if each.operation == operation
            )
            walk = Walk(at, garden.planted, [garden.planted.seat(name) for name in seats], stops=True)
            found[operation] = (await walk.take(asked)).lines()
    return found


@pytest.mark.parametrize(
    ("policy", "seat", "operations"),
    [
        pytest.param(
            OF_ALL_ORGANIZATIONS, "theirs/viewer", ("GET /v1/knowledge", *FINDING), id="organisation"
        ),
        pytest.param(OF_ALL_ROLES, "ours/viewer", ("GET /v1/knowledge", *FINDING), id="role"),
        # A list shows no draft, whatever the database hands out.
        pytest.param(WITH_DRAFTS, "ours/viewer", FINDING, id="drafts"),
    ],
)
async def test_a_broken_audience_is_seen(
    garden: Garden, policy: str, seat: str, operations: tuple[str, ...]
) -> None:
    found = await leaks(garden, AUDIENCES.format(policy), seats=(seat,), operations=operations)
    assert all(found.values()), found


@pytest.mark.parametrize(
    ("tables", "seat", "operation"),
    [
        (("articles",), "ours/viewer", "GET /v1/knowledge"),  # a count: the versions are still hidden
        (("articles", "article_versions"), "ours/editor", "GET /v1/knowledge/{article_id}/versions"),
        (("categories",), "theirs/viewer", "GET /v1/categories"),
        (("import_runs", "import_rows"), "theirs/editor", "GET /v1/knowledge/runs"),
        (("search_pins",), "theirs/admin", "GET /v1/search/pins"),
    ],
)
async def test_a_broken_policy_is_seen(
    garden: Garden, tables: tuple[str, ...], seat: str, operation: str
) -> None:
    statements = [OPEN_TO_ALL.format(table) for table in tables]
    found = await leaks(garden, *statements, seats=(seat,), operations=(operation,))
    assert all(found.values()), found


async def test_a_language_that_is_a_draft_is_seen(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the condition on the state of a text, readers are shown the English text that nobody has finished."""
    words = "d.at_desk OR v.texts #>> '{en,state}' <> 'draft'"
    whole = str(reading_queries._ONE)
    assert words in whole
    monkeypatch.setattr(reading_queries, "_ONE", text(whole.replace(words, "true")))
    operation = "GET /v1/knowledge/{article_id}"
    found = await leaks(garden, seats=("ours/viewer",), operations=(operation,))
    assert all(found.values()), found


async def test_an_expired_article_is_seen(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = str(reading_queries._ONE)
    expiry = "a.expires_at > now()"
    assert expiry in whole
    monkeypatch.setattr(reading_queries, "_ONE", text(whole.replace(expiry, "true")))
    operation = "GET /v1/knowledge/{article_id}/attachments"
    found = await leaks(garden, seats=("ours/viewer",), operations=(operation,))
    assert all(found.values()), found


async def test_an_answer_kept_for_other_rights_is_seen(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers are kept apart by who asks, and by a digest of what they may read: both have to be broken."""

    async def same(*_: Any) -> str:
        return "the same for all"

    monkeypatch.setattr(search_service, "rights_of", lambda scope: Scope(scope.organization_id))
    monkeypatch.setattr(search_service, "digest_of", same)
    seats = ("ours/admin", "ours/viewer")
    found = await leaks(garden, seats=seats, operations=("GET /v1/search",))
    assert all(found.values()), found


async def test_products_of_all_organizations_are_seen(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program says whose products it means, and the database shows no others: both have to be broken."""
    monkeypatch.setattr(repository, "_of", lambda *_, **__: true())
    statements = [OF_THE_ASSISTANT.format(table, "select") for table in ("brands", "products")]
    products = "GET /v1/assistant/products"
    operations = (
        *(products, f"{products}/{{product_id}}", f"{products}/{{product_id}}/related"),
        *("POST /v1/assistant/predict", "POST /v1/assistant/ask"),
        "GET /v1/assistant/pages/{document}/{page}.png",
    )
    found = await leaks(garden, *statements, seats=("theirs/viewer",), operations=operations)
    assert all(found.values()), found


async def test_conversations_of_others_are_seen(garden: Garden, monkeypatch: pytest.MonkeyPatch) -> None:
    async def held(session: AsyncSession, _user_id: UUID, thread_id: UUID) -> StoredThread:
        thread = await session.get(StoredThread, thread_id)
        if thread is None:
            raise ThreadNotFound(thread_id)
        return thread

    monkeypatch.setattr(threads_service, "_held", held)
    statements = [OF_THE_ASSISTANT.format(table, "select") for table in ("threads", "messages")]
    one = "GET /v1/assistant/threads/{thread_id}"
    for seat in ("ours/editor", "theirs/viewer"):
        found = await leaks(garden, *statements, seats=(seat,), operations=(one, f"{one}/export"))
        assert all(found.values()), found


async def test_a_manual_shown_as_that_of_any_product_is_seen(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page is asked for by the hash of its manual and by a product; that one is the manual of the other has to be looked at."""

    async def any_page(manuals: Any, _product: Any, document: str, page: int, boxes: Any) -> bytes:
        shown: bytes = await manuals._manuals.page_image(document, page, boxes)
        return shown

    monkeypatch.setattr(wiring._ManualsOf, "page_image", any_page)
    operation = "GET /v1/assistant/pages/{document}/{page}.png"
    found = await leaks(garden, seats=("theirs/viewer",), operations=(operation,))
    assert all(found.values()), found
