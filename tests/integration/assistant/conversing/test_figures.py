"""Every figure of the assistant under the name that dashboards know it by, moved in a real process by what it counts."""

import asyncio
from collections.abc import Mapping
from typing import Final

import httpx2
import orjson
from websockets.asyncio.client import ClientConnection, connect

from tests.factories.api_process import ApiProcess
from tests.integration.assistant.conversing.installed import ASKED, KIT, SECONDS, Installed, MakeProcess

MOVED: Final = {
    "prediction_latency_seconds_count": 1,
    'messages_processed_total{type="typing"}': 1,
    'messages_processed_total{type="query"}': 3,
    'pdf_fetch_seconds_count{outcome="fetched"}': 1,
    'cache_misses_total{layer="manuals_memory"}': 1,
    'cache_misses_total{layer="manuals_disk"}': 1,
    'cache_hits_total{layer="manuals_memory"}': 2,
}
"""By how much exactly: one key press, three questions, one of them without an answer."""
GROWN: Final = (
    'answer_generation_seconds_count{mode="extractive"}',
    'answer_sentences_total{support="supported"}',
    "answer_refusals_total",
)


async def figures(process: ApiProcess) -> Mapping[str, float]:
    """Return what the process counts, by name and labels, and the sum of each name."""
    async with httpx2.AsyncClient(trust_env=False, timeout=SECONDS) as client:
        answer = await client.get(f"http://{process.address}/metrics")
    found: dict[str, float] = {}
    for line in answer.raise_for_status().text.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
            if "{" in name:
                summed = name.partition("{")[0]
                found[summed] = found.get(summed, 0.0) + float(value)
    return found


async def said(socket: ClientConnection, message: Mapping[str, object], until: str) -> None:
    await socket.send(orjson.dumps(message).decode())
    while orjson.loads(await socket.recv())["type"] not in {until, "error"}:
        continue


async def test_every_figure_moves(installed: Installed, process_of: MakeProcess) -> None:
    process = process_of()
    headers = installed.person.headers
    async with asyncio.timeout(SECONDS):
        before = await figures(process)
        address = f"ws://{process.address}/ws"
        async with connect(address, additional_headers=headers, proxy=None) as socket:
            for query in (ASKED["query"], ASKED["query"], "Which espresso boils the milk in Paris?"):
                await said(socket, {"type": "query", "product_id": KIT, "query": query}, "final_answer")
            # Typed last: what is typed may fetch the manual, and then nobody could say who fetched it.
            await said(socket, {"type": "typing", "seq": 1, "content": "kx-25"}, "prediction")
            after = await figures(process)

    assert (before.get("websocket_active_connections"), after["websocket_active_connections"]) == (0, 1)
    moved = {name: after.get(name, 0.0) - before.get(name, 0.0) for name in (*MOVED, *GROWN)}
    assert {name: moved[name] for name in MOVED} == MOVED
    assert {name for name in GROWN if moved[name] <= 0} == set()
