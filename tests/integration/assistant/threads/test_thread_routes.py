"""Conversations taken away over HTTP."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx2
import pytest

from kis.api.app import create_app
from kis.application import Application
from kis.assistant.things import AnswerMode, Chunk, Citation, Finished, Source
from kis.assistant.threads import service
from kis.identity import Origin, Principal
from kis.identity.models import User
from kis.platform.database import Database

SOURCE = Source(sha256="a" * 64, title="설명서", url="https://a.example/a.pdf")
ANSWER = (
    Citation(number=1, source=SOURCE, page=7, excerpt="손잡이를 올리십시오.", passage=3),
    Chunk("손잡이를 올리십시오. [1]\n"),
    Finished(mode=AnswerMode.EXTRACTIVE),
)


@pytest.fixture
async def client(
    application: Application, principal: Principal, database: Database
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of somebody who is logged in."""
    async with database.service() as session:
        person = await session.get(User, principal.user_id)
        assert person is not None
    login = await application.identity.sessions.open_at_this_machine(person.email, Origin())
    transport = httpx2.ASGITransport(create_app(application))
    headers = {"Authorization": f"Bearer {login.access_token}", "Accept-Language": "en"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as made:
        yield made


@pytest.fixture
async def thread_id(application: Application, principal: Principal) -> UUID:
    """A conversation of theirs."""
    thread = await application.threads.create(principal, "차단기")
    await application.threads.keep(principal, "어떻게 켭니까?", ANSWER, thread_id=thread.id)
    return thread.id


@pytest.mark.parametrize("params", [{}, {"format": "md"}])
async def test_is_a_file_to_read_in_its_own_language(
    client: httpx2.AsyncClient, thread_id: UUID, params: dict[str, str]
) -> None:
    answer = await client.get(f"/v1/assistant/threads/{thread_id}/export", params=params)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/markdown; charset=utf-8")
    assert f'filename="conversation-{thread_id}.md"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "## 질문 1\n\n> 어떻게 켭니까?\n" in answer.text
    cited = "설명서, 7쪽: “손잡이를 올리십시오.” <https://a.example/a.pdf>"
    assert f"- 손잡이를 올리십시오.\n  - \\[1\\] {cited}\n" in answer.text


async def test_json_is_all_that_is_kept(client: httpx2.AsyncClient, thread_id: UUID) -> None:
    path = f"/v1/assistant/threads/{thread_id}"
    answer = await client.get(f"{path}/export", params={"format": "json"})
    shown = (await client.get(path)).json()

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert f'filename="conversation-{thread_id}.json"' in answer.headers["Content-Disposition"]
    told = answer.json()
    assert {**told, "traceId": shown["traceId"]} == shown
    assert told["messages"][1]["citations"][0]["excerpt"] == "손잡이를 올리십시오."


async def test_other_formats_and_what_is_too_large_are_refused(
    client: httpx2.AsyncClient, thread_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/assistant/threads/{thread_id}/export"
    assert (await client.get(path, params={"format": "html"})).status_code == 422
    monkeypatch.setattr(service, "LARGEST_EXPORT_BYTES", 10)
    for form in ("md", "json"):
        refused = await client.get(path, params={"format": form})
        assert (refused.status_code, refused.json()["code"]) == (409, "thread_too_large")
        assert refused.json()["meta"]["limitBytes"] == 10
