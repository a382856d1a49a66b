"""The HTTP twins of the socket: predictions, an answer as a stream that can be gone on with, and pages of manuals."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import orjson
import pytest

from tests.factories.conversing import SHA256, THREAD_ID, Teller, means_of
from tests.integration.assistant.conversing.served import GOOD, Served, serving

QUESTION = {"productId": "td17", "query": "how is it reset?"}


@pytest.fixture
async def client(shared: Served) -> AsyncIterator[httpx2.AsyncClient]:
    address = f"http://127.0.0.1:{shared.port}/v1/assistant"
    async with httpx2.AsyncClient(base_url=address, headers=GOOD, trust_env=False, timeout=60) as made:
        yield made


def events(body: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of a stream with their ids."""
    found = []
    for block in body.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append((fields["id"], orjson.loads(fields["data"])))
    return found


class TestPredict:
    async def test_products_are_predicted(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/predict", json={"content": "td-1"})
        assert answer.status_code == 200
        assert [each["id"] for each in answer.json()["data"]] == ["td17"]

    async def test_who_is_not_known_is_refused(self, shared: Served) -> None:
        address = f"http://127.0.0.1:{shared.port}/v1/assistant"
        async with httpx2.AsyncClient(base_url=address, trust_env=False) as nobody:
            assert (await nobody.post("/predict", json={"content": "td"})).status_code == 401

    async def test_a_text_too_long_is_refused(self, client: httpx2.AsyncClient) -> None:
        assert (await client.post("/predict", json={"content": "t" * 201})).status_code == 422


class TestAsk:
    async def test_the_answer_streams_as_over_the_socket(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/ask", json=QUESTION)
        told = [message for _, message in events(answer.text)]
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert [each["type"] for each in told] == [
            "status",
            "context",
            "citation",
            "answer_chunk",
            "final_answer",
        ]
        assert told[3]["content"] == "Yes. [1] "

    async def test_it_tells_where_it_is_kept_and_which_question_it_answers(
        self, client: httpx2.AsyncClient
    ) -> None:
        for given in ({}, {"seq": 12}):
            told = [each for _, each in events((await client.post("/ask", json={**QUESTION, **given})).text)]
            assert told[-1]["thread_id"] == str(THREAD_ID)
            assert UUID(told[-1]["message_id"])
            assert [each.get("question_seq") for each in (told[0], told[-1])] == [given.get("seq")] * 2
        for wrong in (-1, 2**53, "x", 1.5):
            assert (await client.post("/ask", json={**QUESTION, "seq": wrong})).status_code == 422

    async def test_a_question_about_no_product_has_no_surroundings(self, client: httpx2.AsyncClient) -> None:
        told = [message for _, message in events((await client.post("/ask", json={"query": "how?"})).text)]
        assert [each["type"] for each in told] == ["status", "citation", "answer_chunk", "final_answer"]

    async def test_it_goes_on_after_the_last_event(self, client: httpx2.AsyncClient) -> None:
        all_of = events((await client.post("/ask", json=QUESTION)).text)
        again = await client.post("/ask", json=QUESTION, headers={"Last-Event-ID": all_of[2][0]})
        assert events(again.text) == all_of[3:]

    async def test_an_answer_nobody_knows_is_not_found(self, client: httpx2.AsyncClient) -> None:
        again = await client.post("/ask", json=QUESTION, headers={"Last-Event-ID": "a" * 24 + ":1"})
        assert (again.status_code, again.json()["code"]) == (404, "answer_not_found")

    async def test_an_unknown_product_is_not_found(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/ask", json={**QUESTION, "productId": "none"})
        assert (answer.status_code, answer.json()["code"]) == (404, "product_not_found")

    async def test_an_image_that_is_none_is_refused(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/ask", json={**QUESTION, "image": "PHN2Zz4="})
        assert (answer.status_code, answer.json()["meta"]["problems"][0]["path"]) == (422, "image")


class TestPages:
    async def test_a_page_is_shown_with_its_boxes(self, client: httpx2.AsyncClient) -> None:
        params = {"product": "td17", "highlight": "1,2,3,4;10.5,20,30,40"}
        answer = await client.get(f"/pages/{SHA256}/7.png", params=params)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.content.endswith(b"7 2")

    async def test_a_document_of_another_product_is_not_found(self, client: httpx2.AsyncClient) -> None:
        answer = await client.get(f"/pages/{SHA256}/7.png", params={"product": "td27"})
        assert (answer.status_code, answer.json()["code"]) == (404, "document_not_found")

    @pytest.mark.parametrize("given", ["1,2,3", "a,b,c,d", "1,2,3,4" * 2, "-1,2,3,4", "1,2,3,4;" * 501])
    async def test_boxes_that_are_none_are_refused(self, client: httpx2.AsyncClient, given: str) -> None:
        answer = await client.get(f"/pages/{SHA256}/7.png", params={"product": "td17", "highlight": given})
        assert answer.status_code == 422


class TestNobodyKnown:
    """Who shows nothing at all, where ASSISTANT_ANONYMOUS lets them in."""

    @pytest.fixture
    async def nobody(self, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
        means = means_of(teller=Teller(("Yes.",)))
        async with serving(tmp_path, means, assistant={"ASSISTANT_ANONYMOUS": "on"}) as running:
            address = f"http://127.0.0.1:{running.port}/v1/assistant"
            async with httpx2.AsyncClient(base_url=address, trust_env=False, timeout=60) as made:
                yield made

    async def test_types_asks_goes_on_and_looks_at_the_page(self, nobody: httpx2.AsyncClient) -> None:
        predicted = await nobody.post("/predict", json={"content": "td-1"})
        assert [each["id"] for each in predicted.json()["data"]] == ["td17"]
        told = events((await nobody.post("/ask", json=QUESTION)).text)
        assert told[-1][1]["type"] == "final_answer"
        assert not {"thread_id", "message_id", "question_seq"} & set(told[-1][1])
        again = await nobody.post("/ask", json=QUESTION, headers={"Last-Event-ID": told[1][0]})
        assert events(again.text) == told[2:]
        page = await nobody.get(f"/pages/{SHA256}/7.png", params={"product": "td17"})
        assert page.status_code == 200

    async def test_an_answer_of_somebody_known_is_not_theirs(self, nobody: httpx2.AsyncClient) -> None:
        told = events((await nobody.post("/ask", json=QUESTION, headers=GOOD)).text)
        again = await nobody.post("/ask", json=QUESTION, headers={"Last-Event-ID": told[1][0]})
        assert (again.status_code, again.json()["code"]) == (404, "answer_not_found")

    async def test_a_token_that_is_none_does_not_pass_for_nobody(self, nobody: httpx2.AsyncClient) -> None:
        wrong = {"Authorization": "Bearer wrong"}
        assert (await nobody.post("/predict", json={"content": "td"}, headers=wrong)).status_code == 401

    async def test_has_no_conversations_and_no_catalogs(self, nobody: httpx2.AsyncClient) -> None:
        for path in ("/threads", "/catalogs"):
            assert (await nobody.get(path)).status_code == 401

    @pytest.mark.parametrize(
        ("method", "path", "given"),
        [
            ("POST", "/ask", {"json": QUESTION}),
            ("GET", f"/pages/{SHA256}/7.png", {"params": {"product": "td17"}}),
            ("GET", "/products", {}),
            ("GET", "/products/td17", {}),
            ("GET", "/products/td17/related", {}),
        ],
    )
    async def test_is_refused_where_they_are_not_let_in(
        self, shared: Served, method: str, path: str, given: dict[str, Any]
    ) -> None:
        address = f"http://127.0.0.1:{shared.port}/v1/assistant"
        async with httpx2.AsyncClient(base_url=address, trust_env=False, timeout=60) as nobody:
            assert (await nobody.request(method, path, **given)).status_code == 401
