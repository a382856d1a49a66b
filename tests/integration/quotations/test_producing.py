"""Making a quotation: what the job leaves behind, and what happens when it cannot be done, breaks, or is done twice."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from kis.estimator import Issue, estimate, forms_of, load_request, parse_request, produce
from kis.identity import Principal
from kis.platform.telemetry import metrics
from kis.quotations import Status, parts
from tests.factories.quotations import Shop, panel_of, request_of

EXAMPLES = Path("examples")


async def rows(shop: Shop, query: str, **values: Any) -> list[tuple[Any, ...]]:
    async with shop.database.service() as session:
        return [tuple(row) for row in (await session.execute(text(query), values)).all()]


async def scalar(shop: Shop, query: str, **values: Any) -> Any:
    return (await rows(shop, query, **values))[0][0]


async def kinds_of_events(shop: Shop, quote_id: UUID | str) -> list[str]:
    found = await rows(
        shop,
        "SELECT kind FROM estimator.quote_events WHERE quote_id = :id ORDER BY seq",
        id=UUID(str(quote_id)),
    )
    return [kind for (kind,) in found]


class TestResult:
    async def test_the_result_is_that_of_the_command_line(self, shop: Shop, principal: Principal) -> None:
        given = load_request(EXAMPLES / "tenant-building.yaml")
        shown = await shop.made(principal, given.source)
        made = produce(
            estimate(given, on=date.fromisoformat(shown["quotationDate"])),
            trace_id=shown["traceId"],
            created_at=shown["result"]["created_at"],
            issue=Issue(number=f"{shown['number']}-R0", forms=forms_of(["svg"])),
        )
        assert shown["result"] == made.output
        assert shown["status"] == "completed"
        assert shown["totals"] == made.output["totals"]

    async def test_documents_and_evidence_are_stored(self, shop: Shop, principal: Principal) -> None:
        shown = await shop.made(principal, request_of())
        listed = {document["path"]: document["sha256"] for document in shown["result"]["documents"]}
        assert {document["name"]: document["sha256"] for document in shown["documents"]} == listed
        facts = await shop.quotations.evidence(principal, shown["traceId"])
        assert shown["evidence"] == [
            {
                "traceId": shown["traceId"],
                "sha256": facts.sha256,
                "sequence": 1,
                "createdAt": shown["evidence"][0]["createdAt"],
            }
        ]
        assert (await shop.means.evidence.verify(facts)).findings == ()

    async def test_listeners_hear_of_every_gate_and_the_end(self, shop: Shop, principal: Principal) -> None:
        shown = await shop.made(principal, request_of())
        told = await rows(
            shop,
            "SELECT data->>'gate', data->>'verdict' FROM estimator.quote_events "
            "WHERE quote_id = :id AND kind = 'GATE_RESULT' ORDER BY seq",
            id=UUID(shown["quoteId"]),
        )
        gates = [*shown["result"]["panels"][0]["gates"], *shown["result"]["gates"]]
        assert told == [(gate["id"], gate["verdict"]) for gate in gates]
        kinds = await kinds_of_events(shop, shown["quoteId"])
        assert kinds[:2] == ["PROGRESS", "PROGRESS"]
        assert kinds.index("DONE") == len(kinds) - 1

    async def test_lines_add_up_to_the_subtotal_with_extras_margin_discount_and_vat(
        self, shop: Shop, principal: Principal
    ) -> None:
        request = request_of(
            panels=[panel_of(quantity=3), panel_of(name="LP-2")],
            margin_percent=7,
            discount_percent=3,
            extra_lines=[
                {"item": "운반비", "unit": "식", "quantity": 2, "unit_price": 150000},
            ],
        )
        shown = await shop.made(principal, request)
        quote_id = UUID(shown["quoteId"])
        items = await rows(
            shop, "SELECT sum(amount), count(*) FROM estimator.quote_items WHERE quote_id = :id", id=quote_id
        )
        assert items[0][0] == Decimal(shown["totals"]["subtotal"])
        each = [Decimal(panel["totals"]["unit_subtotal"]) for panel in shown["result"]["panels"]]
        assert items[0][0] == each[0] * 3 + each[1] + 300000
        totals = await scalar(shop, "SELECT public.calculate_quote_totals(:id)", id=quote_id)
        for name in ("subtotal", "margin", "discount", "net", "vat", "total"):
            assert Decimal(totals[name]) == Decimal(shown["totals"][name]), name

    async def test_dollars_are_kept_to_the_cent(self, shop: Shop, principal: Principal) -> None:
        given = load_request(EXAMPLES / "english-usd.yaml")
        shown = await shop.made(principal, given.source)
        assert shown["status"] == "completed"
        assert shown["totals"]["currency"] == "USD"
        stored = await scalar(
            shop, "SELECT total FROM estimator.quotes WHERE id = :id", id=UUID(shown["quoteId"])
        )
        assert stored == Decimal(shown["totals"]["total"])

    @pytest.mark.parametrize(
        "example", ["office-lighting-panel", "cannot-balance", "tenant-building", "ev-charging-spd"]
    )
    async def test_the_balance_of_the_phases_is_the_engine_s(
        self, shop: Shop, principal: Principal, example: str
    ) -> None:
        given = load_request(EXAMPLES / f"{example}.yaml")
        shown = await shop.made(principal, given.source)
        for panel, result in zip(shown["panels"], shown["result"]["panels"], strict=True):
            balance = await scalar(shop, "SELECT public.get_phase_balance(:id)", id=UUID(panel["panelId"]))
            phases = result["phases"]
            for name in ("phase_r", "phase_s", "phase_t"):
                assert round(balance[name], 2) == phases[name]
            assert balance["imbalance"] == round(phases["imbalance"] or 0, 4)


class TestRefusal:
    async def test_a_price_book_that_is_not_there_fails_the_quotation(
        self, shop: Shop, principal: Principal
    ) -> None:
        shown = await shop.made(principal, request_of(price_book="no-such-book"))
        assert shown["status"] == "failed"
        assert shown["failure"]["code"] == "not_found"
        assert "no-such-book" in shown["failure"]["message"]
        assert shown["result"] is None
        assert (await kinds_of_events(shop, shown["quoteId"]))[-1] == "ERROR"

    async def test_the_reason_is_in_the_reader_s_language(self, shop: Shop, principal: Principal) -> None:
        korean = await shop.made(principal, request_of(discount_percent=99))
        english = await shop.shown(principal, UUID(korean["quoteId"]), locale="en")
        assert korean["failure"]["problems"][0]["path"] == "discount_percent"
        assert any("가" <= letter <= "힣" for letter in korean["failure"]["message"])
        assert english["failure"]["message"].isascii()

    async def test_a_failed_quotation_can_be_revised(self, shop: Shop, principal: Principal) -> None:
        failed = await shop.made(principal, request_of(price_book="no-such-book"))
        answer = await shop.quotations.revise(principal, UUID(failed["quoteId"]), request_of())
        await shop.work(answer.quote_id)
        assert (await shop.shown(principal, answer.quote_id))["status"] == "completed"


class TestTries:
    async def test_a_job_done_twice_leaves_one_result(self, shop: Shop, principal: Principal) -> None:
        shown = await shop.made(principal, request_of())
        quote_id = UUID(shown["quoteId"])
        async with shop.database.service() as session:
            await session.execute(
                text("UPDATE shared.jobs SET status = 'queued', finished_at = NULL WHERE subject_id = :id"),
                {"id": quote_id},
            )
        await shop.work(quote_id)
        assert await shop.shown(principal, quote_id) == shown
        packs = await scalar(
            shop, "SELECT count(*) FROM estimator.evidence_packs WHERE quote_id = :id", id=quote_id
        )
        assert packs == 1

    async def test_a_worker_that_died_in_the_middle_loses_nothing(
        self, shop: Shop, principal: Principal
    ) -> None:
        quote_id = await shop.accepted(principal, request_of())
        litter = await shop.means.evidence.prepare(
            {"input.json": b"{}"}, organization_id=principal.organization_id, quote_id=quote_id
        )
        async with shop.database.service() as session:
            await session.execute(
                text(
                    "UPDATE shared.jobs SET status = 'running', attempts = 1, lease_owner = 'dead', "
                    "lease_until = now() - interval '1 s' WHERE subject_id = :id"
                ),
                {"id": quote_id},
            )
            await session.execute(
                text("UPDATE estimator.quotes SET status = 'processing' WHERE id = :id"), {"id": quote_id}
            )
        await shop.work(quote_id)
        assert (await shop.shown(principal, quote_id))["status"] == "completed"
        assert await shop.means.storage.head(litter["input.json"].path) is None

    async def test_an_error_of_ours_is_tried_again_and_given_up_after_three_times(
        self, shop: Shop, principal: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quote_id = await shop.accepted(principal, request_of())

        async def broken(*_: object, **__: object) -> None:
            raise RuntimeError("a secret of the inside")

        monkeypatch.setattr(shop.means.evidence, "prepare", broken)
        for attempt in (1, 2):
            await shop.work(quote_id)
            assert (await shop.shown(principal, quote_id))["status"] == Status.PROCESSING, attempt
        await shop.work(quote_id)
        shown = await shop.shown(principal, quote_id)
        assert (shown["status"], shown["failure"]["code"]) == ("failed", "internal_error")
        assert "secret" not in str(shown["failure"])
        assert (await kinds_of_events(shop, quote_id))[-1] == "ERROR"

    async def test_a_sum_that_is_not_the_engine_s_is_never_issued(
        self, shop: Shop, principal: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quote_id = await shop.accepted(principal, request_of())
        right = parts.parts_of

        def dearer(*arguments: Any) -> dict[str, list[dict[str, Any]]]:
            made = right(*arguments)
            made["quote_items"][0]["amount"] += 1
            return made

        monkeypatch.setattr("kis.quotations.producing.parts_of", dearer)
        await shop.work(quote_id)
        shown = await shop.shown(principal, quote_id)
        assert (shown["status"], shown["result"], shown["panels"]) == ("processing", None, [])


async def test_a_request_of_the_predecessor_is_quoted(shop: Shop, principal: Principal) -> None:
    given = load_request(EXAMPLES / "predecessor-shape.json")
    assert parse_request(given.source).request == given.request
    assert (await shop.made(principal, given.source))["status"] == "completed"


async def test_what_needed_nobody_is_counted(shop: Shop, principal: Principal) -> None:
    def counted() -> tuple[float, float, float, float]:
        sample = metrics.REGISTRY.get_sample_value
        return (
            sample("quotes_auto_processed_total") or 0,
            sample("quotes_processed_total", {"status": "completed"}) or 0,
            sample("quotes_processed_total", {"status": "review"}) or 0,
            sample("quotation_stage_duration_seconds_count", {"stage": "enclosure"}) or 0,
        )

    before = counted()
    await shop.made(principal, request_of())
    assert counted() == (before[0] + 1, before[1] + 1, before[2], before[3] + 1)
    reviewed = UUID((await shop.made(principal, request_of(discount_percent=12)))["quoteId"])
    assert counted() == (before[0] + 1, before[1] + 1, before[2] + 1, before[3] + 2)
    await shop.quotations.accept_gate(principal, reviewed, gate="pricing.discount", panel="", reason="승인")
    await shop.work(reviewed)
    # A person had to look: it was counted when it went into review, and not by itself.
    assert counted() == (before[0] + 1, before[1] + 1, before[2] + 1, before[3] + 3)


async def test_turnaround_is_from_when_it_was_queued_last(shop: Shop, principal: Principal) -> None:
    def turnaround() -> float:
        return metrics.REGISTRY.get_sample_value("quotation_turnaround_seconds_sum") or 0

    quote_id = await shop.accepted(principal, request_of(), draft=True)
    async with shop.database.service() as session:
        await session.execute(
            text("UPDATE estimator.quotes SET created_at = created_at - interval '1 day' WHERE id = :id"),
            {"id": quote_id},
        )
    await shop.quotations.submit(principal, quote_id)
    before = turnaround()
    await shop.work(quote_id)
    assert 0 < turnaround() - before < 600
