"""``/ws`` on a real socket: who may open one and from where, what is answered, and how it ends."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kis.platform.telemetry import metrics
from tests.factories.conversing import Teller, means_of
from tests.factories.waiting import eventually
from tests.integration.assistant.conversing.served import GOOD, Served, serving

ANONYMOUS = {"ASSISTANT_ANONYMOUS": "on"}
SENTENCES = ("Hold the button.", "Wait three seconds.")


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path, means_of(teller=Teller(SENTENCES))) as running:
        yield running


async def refusal(served: Served, path: str = "/ws", **options: Any) -> tuple[int, dict[str, Any]]:
    """Return the answer to a WebSocket that is refused."""
    with pytest.raises(InvalidStatus) as refused:
        async with served.client(path, **options):
            pass
    response = refused.value.response
    return response.status_code, orjson.loads(response.body or b"{}")


class TestOpening:
    async def test_nobody_known_is_refused_in_the_one_shape_of_errors(self, served: Served) -> None:
        status, body = await refusal(served, additional_headers={})
        assert (status, body["code"]) == (401, "unauthenticated")
        assert len(body["traceId"]) == 32

    async def test_a_token_that_is_not_good_is_refused(self, served: Served) -> None:
        status, _ = await refusal(served, additional_headers={"Authorization": "Bearer bad"})
        assert status == 401

    @pytest.mark.parametrize("name", ["access_token", "token", "api_key"])
    async def test_a_token_in_the_address_is_refused_even_beside_a_good_one(
        self, served: Served, name: str
    ) -> None:
        status, body = await refusal(served, f"/ws?{name}=good")
        assert (status, body["meta"]["problems"][0]["path"]) == (422, f"query.{name}")

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
    async def test_a_page_of_another_origin_is_refused(self, served: Served, origin: str) -> None:
        status, body = await refusal(served, origin=origin)
        assert (status, body["code"]) == (403, "origin_refused")

    async def test_a_login_without_an_origin_is_refused(self, served: Served) -> None:
        status, body = await refusal(served, additional_headers={"Cookie": "kis_session=x"})
        assert (status, body["code"]) == (403, "origin_refused")

    async def test_another_host_is_refused(self, served: Served) -> None:
        status, body = await refusal(served, additional_headers={**GOOD, "Host": "evil.example"})
        assert (status, body["code"]) == (400, "host_refused")

    @pytest.mark.parametrize("path", ["/ws", "/v1/assistant/ws"])
    async def test_both_addresses_answer(self, served: Served, path: str) -> None:
        async with served.client(path) as client:
            await client.say({"type": "ping"})
            assert await client.hear() == {"type": "pong"}

    async def test_a_page_of_ours_brings_its_token_as_a_subprotocol(self, served: Served) -> None:
        options: dict[str, Any] = {
            "additional_headers": {},
            "origin": f"http://127.0.0.1:{served.port}",
            "subprotocols": ["kis.assistant", "bearer.good"],
        }
        async with served.client(**options) as client:
            assert client.socket.subprotocol == "kis.assistant"
            await client.say({"type": "ping"})
            assert await client.hear() == {"type": "pong"}

    async def test_anybody_may_come_in_where_the_installation_says_so(self, tmp_path: Path) -> None:
        means = means_of(teller=Teller(SENTENCES))
        async with (
            serving(tmp_path, means, assistant={"ASSISTANT_ANONYMOUS": "on"}) as served,
            served.client(additional_headers={}) as client,
        ):
            await client.say({"type": "typing", "seq": 1, "content": "td-1"})
            assert (await client.hear())["data"][0]["id"] == "td17"

    async def test_more_connections_than_there_is_room_for_are_refused_until_one_ends(
        self, tmp_path: Path
    ) -> None:
        means = means_of(teller=Teller(SENTENCES))
        async with serving(tmp_path, means, assistant={"ASSISTANT_CONNECTIONS": 1}) as served:
            async with served.client() as client:
                await client.say({"type": "ping"})
                await client.hear()
                status, body = await refusal(served)
                assert (status, body["code"]) == (503, "unavailable")

            async def open_again() -> bool:
                try:
                    async with served.client():
                        return True
                except InvalidStatus:
                    return False

            assert await eventually(open_again)

    async def test_one_address_has_no_more_than_its_share(self, tmp_path: Path) -> None:
        means = means_of(teller=Teller(SENTENCES))
        limits = {"ASSISTANT_CONNECTIONS_PER_ADDRESS": 1}
        async with serving(tmp_path, means, assistant=limits) as served, served.client() as client:
            await client.say({"type": "ping"})
            await client.hear()
            status, _ = await refusal(served)
            assert status == 429


class TestTalking:
    async def test_type_pick_ask_and_read_the_cited_answer(self, served: Served) -> None:
        async with served.client() as client:
            await client.say({"type": "typing", "seq": 1, "content": "td-1"})
            found = (await client.hear())["data"][0]["id"]
            await client.say({"type": "query", "product_id": found, "query": "how is it reset?"})
            citation = await client.hear_type("citation")
            chunk = await client.hear_type("answer_chunk")
            await client.hear_type("final_answer")
        assert (citation["page"], citation["excerpt"]) == (1, "Hold the button.")
        assert chunk["content"] == "Hold the button. [1] "

    async def test_open_connections_are_counted(self, served: Served) -> None:
        def count() -> float:
            return metrics.REGISTRY.get_sample_value("websocket_active_connections") or 0.0

        async with served.client() as client:
            await client.say({"type": "ping"})
            await client.hear()
            assert count() == 1

        async def none_left() -> bool:
            return count() == 0

        assert await eventually(none_left)

    async def test_a_message_larger_than_any_may_be_closes_the_connection(self, served: Served) -> None:
        async with served.client() as client:
            with suppress(ConnectionClosed):  # the server need not read it to its end
                await client.say("x" * 7_200_000)
            assert await client.close_code() == 1009

    async def test_a_server_that_stops_says_so_and_the_answer_goes_on_at_the_next(
        self, tmp_path: Path
    ) -> None:
        held = Teller(SENTENCES, stops_after=1)
        async with (
            serving(tmp_path, means_of(teller=held), assistant=ANONYMOUS) as first,
            first.client(additional_headers={}) as client,
        ):
            await client.say({"type": "query", "product_id": "td17", "query": "how?"})
            last = await client.hear_type("answer_chunk")
            first.server.stop()
            with pytest.raises(ConnectionClosed):
                await client.hear_type("final_answer")
            assert await client.close_code() == 1012
        async with (
            serving(tmp_path, means_of(teller=Teller(SENTENCES)), assistant=ANONYMOUS) as second,
            second.client(additional_headers={}) as client,
        ):
            await client.say({"type": "resume", "token": last["token"], "seq": last["seq"]})
            assert (await client.hear_type("answer_chunk"))["content"] == "Wait three seconds. [2] "
            await client.hear_type("final_answer")
