"""Accepting a request: a number, a job, an event, and one answer however often it is asked for."""

import asyncio
import hashlib
import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from kis.identity import Principal, Role
from kis.platform.errors import BadInput, Forbidden
from kis.platform.telemetry import bind_trace
from kis.quotations import KeyReused, QuotationNotFound, StatusConflict
from tests.factories.quotations import Shop, open_shop, panel_of, request_of
from tests.integration.conftest import MakeOrganization, MakePrincipal, SomeOrganization


async def rows(shop: Shop, query: str, **values: Any) -> list[Any]:
    async with shop.database.service() as session:
        return list((await session.execute(text(query), values)).all())


async def test_everything_of_an_accepted_request_is_there(
    shop: Shop, principal: Principal, organization: SomeOrganization
) -> None:
    answer = await shop.quotations.accept(principal, request_of())
    body = orjson.loads(answer.body)
    assert answer.status_code == 201
    assert body["number"] == f"{organization.code}-2026-0001"
    assert (body["revision"], body["status"]) == (0, "queued")
    assert body["links"]["self"] == f"/v1/estimate/{answer.quote_id}"
    jobs = await rows(
        shop, "SELECT kind, trace_id FROM shared.jobs WHERE subject_id = :id", id=answer.quote_id
    )
    assert [tuple(row) for row in jobs] == [("quotation.produce", body["traceId"])]
    events = await rows(
        shop, "SELECT seq, kind, data FROM estimator.quote_events WHERE quote_id = :id", id=answer.quote_id
    )
    assert [tuple(row) for row in events] == [(1, "PROGRESS", {"phase": "queued"})]
    audit = await rows(
        shop,
        "SELECT actor, action FROM shared.audit_logs WHERE target = :target",
        target=f"quotation:{answer.quote_id}",
    )
    assert [tuple(row) for row in audit] == [(principal.actor, "quotation.accepted")]


async def test_the_job_runs_in_the_trace_of_the_request_and_the_pack_keeps_its_own(
    shop: Shop, principal: Principal
) -> None:
    caller = "4bf92f3577b34da6a3ce929d0e0e4736"
    with bind_trace(caller):
        answers = [await shop.quotations.accept(principal, request_of()) for _ in range(2)]
    packs = {orjson.loads(answer.body)["traceId"] for answer in answers}
    assert len(packs | {caller}) == 3
    jobs = await rows(
        shop,
        "SELECT trace_id FROM shared.jobs WHERE subject_id = ANY(:ids)",
        ids=[answer.quote_id for answer in answers],
    )
    assert [row.trace_id for row in jobs] == [caller, caller]


async def test_numbers_of_a_year_follow_each_other(
    shop: Shop, principal: Principal, organization: SomeOrganization
) -> None:
    days = ("2026-12-30", "2027-01-02", "2026-12-31")
    answers = [await shop.quotations.accept(principal, request_of(date=day)) for day in days]
    assert [orjson.loads(answer.body)["number"] for answer in answers] == [
        f"{organization.code}-2026-0001",
        f"{organization.code}-2027-0001",
        f"{organization.code}-2026-0002",
    ]


async def test_a_request_without_a_day_is_dated_where_the_organisation_is(
    shop: Shop, principal: Principal
) -> None:
    undated = request_of()
    del undated["date"]
    before = datetime.now(UTC) + timedelta(hours=9)
    shown = await shop.shown(principal, await shop.accepted(principal, undated))
    after = datetime.now(UTC) + timedelta(hours=9)
    # Seoul has been nine hours ahead of UTC, without summer time, since 1988.
    assert shown["quotationDate"] in {before.date().isoformat(), after.date().isoformat()}


async def test_every_problem_of_a_request_is_told_and_nothing_is_kept(
    shop: Shop, principal: Principal, organization: SomeOrganization
) -> None:
    wrong = request_of(panels=[panel_of(mains=[]), panel_of(name="LP-2", supply="5P9W")])
    with pytest.raises(BadInput) as refused:
        await shop.quotations.accept(principal, wrong)
    assert {problem.path for problem in refused.value.problems} >= {"panels[0].mains", "panels[1].supply"}
    kept = await rows(shop, "SELECT 1 FROM estimator.quotes WHERE organization_id = :id", id=organization.id)
    assert kept == []


@pytest.mark.parametrize("text_given", ["끝\x00", "끝\ud800"])
async def test_what_the_database_cannot_hold_is_refused(
    shop: Shop, principal: Principal, text_given: str
) -> None:
    with pytest.raises(BadInput):
        await shop.quotations.accept(principal, request_of(project=text_given))


class TestRetries:
    async def test_the_same_key_and_request_get_the_first_answer(
        self, shop: Shop, principal: Principal
    ) -> None:
        first = await shop.quotations.accept(principal, request_of(), idempotency_key="k-1")
        again = await shop.quotations.accept(principal, request_of(), idempotency_key="k-1")
        assert (first.is_replayed, again.is_replayed) == (False, True)
        assert (again.body, again.status_code) == (first.body, first.status_code)

    @pytest.mark.parametrize(
        "changed", [{"request": request_of(project="다른 현장")}, {"documents": ["pdf"]}, {"draft": True}]
    )
    async def test_another_request_under_the_key_is_refused(
        self, shop: Shop, principal: Principal, changed: dict[str, Any]
    ) -> None:
        await shop.quotations.accept(principal, request_of(), idempotency_key="k-1")
        given = changed.pop("request", request_of())
        with pytest.raises(KeyReused) as refused:
            await shop.quotations.accept(principal, given, idempotency_key="k-1", **changed)
        assert refused.value.status_code == 409

    async def test_two_callers_may_use_the_same_key(
        self, shop: Shop, principal: Principal, make_principal: MakePrincipal
    ) -> None:
        other = await make_principal(Role.ESTIMATOR)
        first = await shop.quotations.accept(principal, request_of(), idempotency_key="k-1")
        second = await shop.quotations.accept(other, request_of(), idempotency_key="k-1")
        assert first.quote_id != second.quote_id

    async def test_an_answer_is_forgotten_after_a_day(self, shop: Shop, principal: Principal) -> None:
        first = await shop.quotations.accept(principal, request_of(), idempotency_key="k-1")
        for hours, is_replayed in ((23, True), (2, False)):
            async with shop.database.service() as session:
                await session.execute(
                    text(
                        "UPDATE shared.idempotency_keys SET created_at = created_at - make_interval(hours => :hours) "
                        "WHERE organization_id = :organization AND key = 'k-1'"
                    ),
                    {"hours": hours, "organization": principal.organization_id},
                )
            again = await shop.quotations.accept(principal, request_of(), idempotency_key="k-1")
            assert again.is_replayed == is_replayed
        assert again.quote_id != first.quote_id

    async def test_many_at_once_make_one_quotation(self, shop: Shop, principal: Principal) -> None:
        answers = await asyncio.gather(
            *(shop.quotations.accept(principal, request_of(), idempotency_key="race") for _ in range(8))
        )
        assert len({answer.body for answer in answers}) == 1
        assert [answer.is_replayed for answer in answers].count(False) == 1

    def test_two_processes_at_once_make_one_quotation(
        self, app_database_url: str, home: Path, tmp_path: Path
    ) -> None:
        context = multiprocessing.get_context("spawn")
        barrier = context.Barrier(2)
        given = (app_database_url, home, tmp_path, barrier)
        racers = [context.Process(target=race, args=(*given, name)) for name in ("one", "two")]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(60)
        assert [racer.exitcode for racer in racers] == [0, 0]
        answers = [orjson.loads((tmp_path / name).read_bytes()) for name in ("one", "two")]
        assert answers[0]["digests"] == answers[1]["digests"]
        # Each key was answered first by one of the two and by nobody else.
        firsts = [a + b for a, b in zip(answers[0]["firsts"], answers[1]["firsts"], strict=True)]
        assert firsts == [1] * RACES


RACES = 10


def race(url: str, home: Path, out: Path, barrier: Any, name: str) -> None:
    """Accept the same requests under the same keys as another process at the same moments."""
    asyncio.run(_race(url, home, out, barrier, name))


async def _race(url: str, home: Path, out: Path, barrier: Any, name: str) -> None:
    from uuid import UUID, uuid5

    from kis.identity import ROLE_PERMISSIONS, Via

    owner = uuid5(UUID(int=0), str(out))
    async with open_shop(url, home) as shop:
        if name == "one":
            async with shop.database.service() as session:
                await session.execute(
                    text("INSERT INTO identity.organizations (id, code, name) VALUES (:id, :code, '경주')"),
                    {"id": owner, "code": owner.hex[:8].upper()},
                )
        caller = Principal(
            organization_id=owner,
            role=Role.ADMIN,
            permissions=ROLE_PERMISSIONS[Role.ADMIN],
            via=Via.API_KEY,
            key_id=owner,
        )
        answers = []
        for number in range(RACES):
            await asyncio.to_thread(barrier.wait, 30)
            answers.append(
                await shop.quotations.accept(caller, request_of(), idempotency_key=f"key-{number}")
            )
    told = {
        "digests": [hashlib.sha256(answer.body).hexdigest() for answer in answers],
        "firsts": [0 if answer.is_replayed else 1 for answer in answers],
    }
    await asyncio.to_thread((out / name).write_bytes, orjson.dumps(told))


class TestDrafts:
    async def test_a_draft_is_changed_and_submitted(self, shop: Shop, principal: Principal) -> None:
        quote_id = await shop.accepted(principal, request_of(), draft=True)
        await shop.quotations.replace_draft(principal, quote_id, request_of(project="바뀐 현장"))
        draft = await shop.shown(principal, quote_id)
        assert (draft["status"], draft["project"]) == ("draft", "바뀐 현장")
        assert draft["request"]["project"] == "바뀐 현장"
        await shop.quotations.submit(principal, quote_id)
        await shop.work(quote_id)
        made = await shop.shown(principal, quote_id)
        assert (made["status"], made["result"]["project"]) == ("completed", "바뀐 현장")

    async def test_what_is_queued_is_no_draft_any_more(self, shop: Shop, principal: Principal) -> None:
        quote_id = await shop.accepted(principal, request_of())
        with pytest.raises(StatusConflict):
            await shop.quotations.replace_draft(principal, quote_id, request_of())
        with pytest.raises(StatusConflict):
            await shop.quotations.submit(principal, quote_id)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ADMIN, True),
        (Role.ESTIMATOR, True),
        (Role.EDITOR, False),
        (Role.REVIEWER, False),
        (Role.VIEWER, False),
    ],
)
async def test_who_may_ask_for_a_quotation(
    shop: Shop, make_principal: MakePrincipal, role: Role, may: bool
) -> None:
    caller = await make_principal(role)
    if may:
        await shop.quotations.accept(caller, request_of())
    else:
        with pytest.raises(Forbidden):
            await shop.quotations.accept(caller, request_of())


async def test_another_organisation_sees_nothing(
    shop: Shop,
    principal: Principal,
    make_principal: MakePrincipal,
    make_organization: MakeOrganization,
) -> None:
    quote_id = await shop.accepted(principal, request_of())
    stranger = await make_principal(Role.ADMIN, of=await make_organization())
    with pytest.raises(QuotationNotFound):
        await shop.quotations.get(stranger, quote_id)
    with pytest.raises(QuotationNotFound):
        await shop.quotations.documents(stranger, quote_id)
    with pytest.raises(QuotationNotFound):
        await shop.quotations.revise(stranger, quote_id, request_of())
    with pytest.raises(QuotationNotFound):
        await shop.quotations.send(stranger, quote_id)
    with pytest.raises(QuotationNotFound):
        await shop.quotations.stream(stranger, quote_id)
    assert (await shop.quotations.list(stranger)).total == 0
