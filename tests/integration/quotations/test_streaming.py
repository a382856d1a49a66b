"""Following a quotation: nothing lost, nothing twice, numbers that only rise."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from kis.identity import Principal, Role
from kis.quotations import QuotationNotFound, streaming
from tests.factories.quotations import Shop, open_shop, request_of
from tests.factories.waiting import eventually
from tests.integration.conftest import MakePrincipal

Frame = dict[str, Any]


async def stream(
    shop: Shop, caller: Principal, quote_id: UUID, last: int | None = None
) -> AsyncGenerator[Frame, None]:
    """Yield the events of a stream as a client reads them."""
    frames = await shop.quotations.stream(caller, quote_id, last_event_id=last)
    assert frames is not None
    async for chunk in frames:
        yield parsed(chunk)


def parsed(chunk: bytes) -> Frame:
    """Return the fields of one event, its data as JSON."""
    text_given = chunk.decode()
    assert text_given.endswith("\n\n")
    fields = dict(line.split(": ", 1) for line in text_given.strip().splitlines())
    return {**fields, "data": json.loads(fields["data"])} if "data" in fields else fields


async def all_of(shop: Shop, caller: Principal, quote_id: UUID, last: int | None = None) -> list[Frame]:
    return [frame async for frame in stream(shop, caller, quote_id, last)]


def numbers(frames: list[Frame]) -> list[int]:
    return [frame["data"]["meta"]["seq"] for frame in frames if "data" in frame]


async def test_a_finished_quotation_is_told_from_the_beginning_and_ends(
    shop: Shop, principal: Principal
) -> None:
    shown = await shop.made(principal, request_of())
    frames = await all_of(shop, principal, UUID(shown["quoteId"]))
    assert frames[0] == {"retry": "1000"}
    events = frames[1:]
    assert numbers(events) == [1000 * place for place in range(1, len(events) + 1)]
    assert [frame["id"] for frame in events] == [str(number) for number in numbers(events)]
    assert {frame["event"] for frame in events} == {"PROGRESS", "GATE_RESULT", "DONE"}
    assert events[-1]["event"] == "DONE"
    assert events[-1]["data"]["status"] == "completed"
    assert events[-1]["data"]["evidence"]["sha256"] == shown["evidence"][0]["sha256"]
    for frame in events:
        assert frame["data"]["meta"]["traceId"] == shown["traceId"]


async def test_from_any_event_on_the_rest_comes(shop: Shop, principal: Principal) -> None:
    quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
    whole = (await all_of(shop, principal, quote_id))[1:]
    for seen in (0, 1, len(whole) // 2, len(whole) - 1):
        rest = (await all_of(shop, principal, quote_id, 1000 * seen))[1:]
        assert rest == whole[seen:]


async def test_who_knows_the_end_has_nothing_to_wait_for(shop: Shop, principal: Principal) -> None:
    quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
    last = numbers(await all_of(shop, principal, quote_id))[-1]
    assert await shop.quotations.stream(principal, quote_id, last_event_id=last) is None
    assert await shop.quotations.stream(principal, quote_id, last_event_id=2**62) is None


async def test_listeners_hear_it_while_it_is_made(hearing_shop: Shop, principal: Principal) -> None:
    quote_id = await hearing_shop.accepted(principal, request_of())
    listeners = [asyncio.create_task(all_of(hearing_shop, principal, quote_id)) for _ in range(20)]
    await asyncio.sleep(0)
    await hearing_shop.work(quote_id)
    async with asyncio.timeout(streaming.HEARTBEAT_SECONDS - 1):
        heard = await asyncio.gather(*listeners)
    assert all(frames == heard[0] for frames in heard)
    assert heard[0][-1]["event"] == "DONE"


async def test_another_process_goes_on_where_one_died(
    hearing_shop: Shop, principal: Principal, app_database_url: str, home: Path
) -> None:
    quote_id = await hearing_shop.accepted(principal, request_of())
    frames = stream(hearing_shop, principal, quote_id)
    seen = [await anext(frames), await anext(frames)]
    await frames.aclose()  # as when the process that served it is gone
    await hearing_shop.work(quote_id)
    async with open_shop(app_database_url, home) as other:
        seen += (await all_of(other, principal, quote_id, int(seen[-1]["id"])))[1:]
    assert numbers(seen) == [1000 * place for place in range(1, len(seen))]
    assert seen[-1]["event"] == "DONE"


async def test_heartbeats_rise_too_and_are_no_place_to_come_back_to(
    hearing_shop: Shop, principal: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT_SECONDS", 0.05)
    quote_id = await hearing_shop.accepted(principal, request_of())
    seen: list[Frame] = []
    async with asyncio.timeout(30):
        async for frame in stream(hearing_shop, principal, quote_id):
            seen.append(frame)
            beats = [each for each in seen if each.get("event") == "HEARTBEAT"]
            if len(beats) == 3 and frame in beats:
                await hearing_shop.work(quote_id)
    assert all("id" not in beat for beat in beats)
    assert numbers(beats[:3]) == [1001, 1002, 1003]
    assert numbers(seen) == sorted(set(numbers(seen)))
    assert seen[-1]["event"] == "DONE"


@pytest.mark.parametrize("at_once", [1, 500])
async def test_a_quotation_issued_again_goes_on_after_its_first_end(
    hearing_shop: Shop, principal: Principal, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(streaming, "MOST_AT_ONCE", at_once)
    shown = await hearing_shop.made(principal, request_of(discount_percent=12))
    quote_id = UUID(shown["quoteId"])
    first = (await all_of(hearing_shop, principal, quote_id))[-1]
    assert first["data"]["status"] == "review"
    await hearing_shop.quotations.accept_gate(
        principal, quote_id, gate="pricing.discount", panel="", reason="승인"
    )
    listener = asyncio.create_task(all_of(hearing_shop, principal, quote_id))
    await hearing_shop.work(quote_id)
    async with asyncio.timeout(streaming.HEARTBEAT_SECONDS - 1):
        frames = await listener
    ends = [frame["data"]["status"] for frame in frames if frame.get("event") == "DONE"]
    assert ends == ["review", "completed"]
    assert frames[-1]["data"]["meta"]["traceId"] != shown["traceId"]


async def test_a_process_that_stops_tells_its_listeners_when_to_come_again(
    hearing_shop: Shop, principal: Principal
) -> None:
    quote_id = await hearing_shop.accepted(principal, request_of())
    frames = stream(hearing_shop, principal, quote_id)
    assert [(await anext(frames)).get("retry"), (await anext(frames))["event"]] == ["1000", "PROGRESS"]
    rest = asyncio.create_task(_collected(frames))
    stopping = asyncio.Event()
    hearing_shop.quotations.stop_with(stopping)
    await asyncio.sleep(0)
    stopping.set()
    async with asyncio.timeout(5):
        assert await rest == [{"retry": "3000"}]


async def _collected(frames: AsyncIterator[Frame]) -> list[Frame]:
    return [frame async for frame in frames]


async def test_many_listeners_hold_no_connection_while_they_wait(
    hearing_shop: Shop, principal: Principal
) -> None:
    listeners_wanted = 100
    quote_id = await hearing_shop.accepted(principal, request_of())
    counted = [0] * listeners_wanted

    async def listen(place: int) -> str:
        last = ""
        async for frame in stream(hearing_shop, principal, quote_id):
            counted[place] += 1
            last = frame.get("event", "")
        return last

    listeners = [asyncio.create_task(listen(place)) for place in range(listeners_wanted)]

    async def all_wait() -> bool:
        pool = hearing_shop.database.engine.pool
        # The hint when to come again, and the one event so far.
        return counted == [2] * listeners_wanted and pool.checkedout() == 0  # type: ignore[attr-defined]  # of the pool that is used

    await eventually(all_wait, seconds=60)
    await hearing_shop.work(quote_id)
    async with asyncio.timeout(60):
        assert set(await asyncio.gather(*listeners)) == {"DONE"}
    assert len(set(counted)) == 1


async def test_only_who_may_read_a_quotation_may_follow_it(
    shop: Shop, principal: Principal, make_principal: MakePrincipal
) -> None:
    with pytest.raises(QuotationNotFound):
        await shop.quotations.stream(principal, uuid4())
    quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
    viewer = await make_principal(Role.VIEWER)
    assert (await all_of(shop, viewer, quote_id))[-1]["event"] == "DONE"


async def test_a_gap_in_the_events_is_impossible(shop: Shop, principal: Principal) -> None:
    quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
    async with shop.database.service() as session:
        found = await session.execute(
            text(
                "SELECT count(*), max(seq), (SELECT event_sequence FROM estimator.quotes WHERE id = :id) "
                "FROM estimator.quote_events WHERE quote_id = :id"
            ),
            {"id": quote_id},
        )
    count, newest, sequence = found.one()
    assert count == newest == sequence
