"""The way without a network, over the real API and database: words are typed, a part is found, its data sheet answers and its page is shown."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx2
import orjson
import pytest

from kis.application import Application
from kis.identity import Principal, Role
from kis.platform.configuration import AssistantSettings, Settings
from tests.factories.clients import clients_of

BASE: Final = "/v1/assistant"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, assistant=AssistantSettings(reading_processes=1))


@pytest.fixture
async def application(application: Application) -> Application:
    """An installation as it is after its first start: nothing but what is shipped."""
    await application.catalogs.install()
    return application


@pytest.fixture
async def client(application: Application, principal: Principal) -> AsyncIterator[httpx2.AsyncClient]:
    """A viewer's client."""
    async with clients_of(application, principal) as call_as:
        yield await call_as(Role.VIEWER)


async def predicted(client: httpx2.AsyncClient, text: str) -> list[dict[str, Any]]:
    answer = await client.post(f"{BASE}/predict", json={"content": text, "limit": 10})
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


async def asked(client: httpx2.AsyncClient, product: str, question: str) -> list[dict[str, Any]]:
    answer = await client.post(f"{BASE}/ask", json={"productId": product, "query": question})
    assert answer.status_code == 200, answer.text
    return [orjson.loads(data) for data in re.findall(r"^data: (.*)$", answer.text, re.MULTILINE)]


class TestFound:
    @pytest.mark.parametrize(
        ("typed", "kind", "poles", "frame"),
        [
            ("mccb 3p 100", "MCCB", "3", "100"),
            ("배선용차단기 3p 100af", "MCCB", "3", "100"),
            ("elb 2p 50af", "ELB", "2", "50"),
            ("누전차단기 4p 50", "ELB", "4", "50"),
        ],
    )
    async def test_by_kind_poles_and_frame(
        self, client: httpx2.AsyncClient, typed: str, kind: str, poles: str, frame: str
    ) -> None:
        found = await predicted(client, typed)

        best = (await client.get(f"{BASE}/products/{found[0]['id']}")).json()["product"]
        assert (best["category"], best["facts"]["poles"], best["facts"]["frame_af"]) == (kind, poles, frame)

    async def test_with_its_neighbours(self, client: httpx2.AsyncClient) -> None:
        answer = await client.get(f"{BASE}/products/part:breaker:SBE-103/related")

        related = {each["product"]["name"]: each["label"] for each in answer.json()["items"]}
        assert related["SBE-104"] == "Sangdo MCCB 4P 100AF"
        assert related["SEE-103"] == "Sangdo ELB 3P 100AF"
        assert related["ABN-103"] == "LS ELECTRIC MCCB 3P 100AF"


class TestAnswered:
    @pytest.mark.parametrize(
        ("question", "page", "excerpt"),
        [
            ("차단 용량은?", 1, "정격차단용량(Icu)은 460 V에서 18 kA입니다"),
            ("What is the breaking capacity?", 3, "(Icu) of the ABN-103 is 18 kA at 460 V"),
        ],
    )
    async def test_from_the_data_sheet_with_the_page(
        self, client: httpx2.AsyncClient, question: str, page: int, excerpt: str
    ) -> None:
        found = await predicted(client, "abn103")
        assert found[0]["name"] == "ABN-103"

        told = await asked(client, found[0]["id"], question)

        assert told[-1]["type"] == "final_answer", told[-1]
        cited = next(each for each in told if each["type"] == "citation")
        assert (cited["page"], excerpt in cited["excerpt"]) == (page, True), cited
        shown = await client.get(
            f"{BASE}/pages/{cited['document']}/{cited['page']}.png", params={"product": found[0]["id"]}
        )
        assert (shown.status_code, shown.content[:4]) == (200, b"\x89PNG")

    async def test_what_the_sheet_does_not_say_is_refused(self, client: httpx2.AsyncClient) -> None:
        told = await asked(client, "part:breaker:ABN-103", "보증 기간은 몇 년입니까?")

        assert told[-1]["type"] == "final_answer"
        assert not [each for each in told if each["type"] == "citation" and "보증" in each["excerpt"]]
        assert "ABN-103" in "".join(
            each.get("content", "") for each in told if each["type"] == "answer_chunk"
        )

    async def test_a_second_question_makes_no_second_sheet(
        self, client: httpx2.AsyncClient, tmp_path: Path
    ) -> None:
        await asked(client, "part:breaker:ABN-103", "차단 용량은?")
        await asked(client, "part:breaker:ABN-103", "외형 치수는?")

        assert len(list((tmp_path / "assistant" / "manuals" / "documents").iterdir())) == 1

    async def test_an_address_of_the_house_that_a_catalog_makes_up_leads_nowhere(
        self, application: Application, client: httpx2.AsyncClient, principal: Principal
    ) -> None:
        product = {
            "id": "trap",
            "name": "Trap",
            "brand": "Nobody",
            "documentation": {"type": "html", "url": "kis:datasheet/../../etc/passwd"},
        }
        await application.products.import_catalog(principal, "trap.json", orjson.dumps([product]))

        told = await asked(client, "trap", "what is it?")

        assert (told[-1]["type"], told[-1]["reason"]) == ("error", "manual_missing")
