"""What people do with a quotation: revise it, quote it again, take gates on, send it, close it."""

import asyncio
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from kis.catalog import load_price_book, price_book_bytes
from kis.catalog.store import CatalogStore
from kis.estimator import check_pack, load_request, replay
from kis.evidence import verify_pack
from kis.identity import Permission, Principal, Role
from kis.platform.configuration import MailSettings
from kis.platform.database import RuleHeld
from kis.platform.errors import BadInput, Conflict, Forbidden, NotFound
from kis.platform.mail import TOPIC, MailHandler, SmtpSender, open_mailer
from kis.platform.outbox import Delivery
from kis.quotations import GateNotAcceptable, MixedExceptionsExhausted, Otherwise, Status, StatusConflict
from kis.quotations.closing import expire
from tests.factories.quotations import Shop, of_two_makes, open_shop, panel_of, request_of
from tests.integration.conftest import Mailbox, MakePrincipal, SomeOrganization

OWN_BOOK = "own-2026-11"


async def run(shop: Shop, statement: str, **values: Any) -> Any:
    async with shop.database.service() as session:
        result = await session.execute(text(statement), values)
        return result.all() if statement.startswith("SELECT") else None


class TestRevising:
    async def test_a_revision_keeps_the_number_and_the_one_before(
        self, shop: Shop, principal: Principal
    ) -> None:
        first = await shop.made(principal, request_of())
        answer = await shop.quotations.revise(
            principal, UUID(first["quoteId"]), request_of(panels=[panel_of(quantity=2)])
        )
        await shop.work(answer.quote_id)
        second = await shop.shown(principal, answer.quote_id)
        assert (second["number"], second["revision"]) == (first["number"], 1)
        assert (second["previousId"], second["origin"]) == (first["quoteId"], "revise")
        assert second["result"]["quotation"]["number"] == f"{first['number']}-R1"
        assert [one["revision"] for one in second["revisions"]] == [0, 1]
        # Twice the panels of the same price, and nothing else.
        assert int(second["totals"]["subtotal"]) == 2 * int(first["totals"]["subtotal"])
        before = await shop.shown(principal, UUID(first["quoteId"]))
        assert before["result"] == first["result"]
        assert before["revisions"] == second["revisions"]

    async def test_drawings_of_a_revision_list_what_was_issued_before(
        self, shop: Shop, principal: Principal
    ) -> None:
        first = await shop.made(principal, request_of())
        answer = await shop.quotations.revise(
            principal, UUID(first["quoteId"]), request_of(date="2026-11-05")
        )
        await shop.work(answer.quote_id)
        second = await shop.shown(principal, answer.quote_id)
        facts = await shop.quotations.evidence(principal, second["traceId"])
        path = next(file.path for file in facts.files if file.name == "input.json")
        recorded = json.loads(await shop.means.storage.get(path))
        assert recorded["issue"]["earlier"] == [{"mark": "R0", "date": "2026-11-02"}]

    async def test_two_revisions_at_once_get_two_numbers(self, shop: Shop, principal: Principal) -> None:
        first = await shop.made(principal, request_of())
        quote_id = UUID(first["quoteId"])
        answers = await asyncio.gather(
            *(shop.quotations.revise(principal, quote_id, request_of()) for _ in range(4))
        )
        revisions = sorted(json.loads(answer.body)["revision"] for answer in answers)
        assert revisions == [1, 2, 3, 4]

    async def test_a_retry_of_a_revision_makes_one(self, shop: Shop, principal: Principal) -> None:
        quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
        first, again = [
            await shop.quotations.revise(principal, quote_id, request_of(), idempotency_key="r-1")
            for _ in range(2)
        ]
        assert (again.body, again.is_replayed) == (first.body, True)

    async def test_numbers_have_room_for_999_revisions(self, shop: Shop, principal: Principal) -> None:
        quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
        await run(shop, "UPDATE estimator.quotes SET revision = 998 WHERE id = :id", id=quote_id)
        last = await shop.quotations.revise(principal, quote_id, request_of())
        assert json.loads(last.body)["revision"] == 999
        with pytest.raises(Conflict):
            await shop.quotations.revise(principal, quote_id, request_of())

    async def test_what_is_still_being_made_cannot_be_revised(self, shop: Shop, principal: Principal) -> None:
        quote_id = await shop.accepted(principal, request_of())
        with pytest.raises(StatusConflict):
            await shop.quotations.revise(principal, quote_id, request_of())


class TestQuotingAgain:
    async def test_in_another_make_every_line_that_changed_is_told(
        self, shop: Shop, principal: Principal
    ) -> None:
        first = await shop.made(principal, request_of())
        answer = await shop.quotations.requote(principal, UUID(first["quoteId"]), Otherwise(make="LS"))
        await shop.work(answer.quote_id)
        second = await shop.shown(principal, answer.quote_id)
        assert second["origin"] == "requote"
        assert {branch["make"] for branch in second["result"]["panels"][0]["branches"]} == {"LS ELECTRIC"}
        comparison = second["comparison"]
        assert (comparison["before"], comparison["after"]) == (first["traceId"], second["traceId"])
        changes = sum(int(line["change"]) for line in comparison["lines"])
        assert changes == int(second["totals"]["subtotal"]) - int(first["totals"]["subtotal"])
        assert changes == int(comparison["totals"]["subtotal"]["change"]) != 0

    async def test_under_dearer_prices_the_difference_is_the_price(
        self, shop: Shop, principal: Principal
    ) -> None:
        first = await shop.made(principal, request_of())
        await _own_dearer_book(shop, principal, first, 1000)
        answer = await shop.quotations.requote(
            principal, UUID(first["quoteId"]), Otherwise(price_book=OWN_BOOK)
        )
        await shop.work(answer.quote_id)
        second = await shop.shown(principal, answer.quote_id)
        assert second["result"]["price_book"]["id"] == OWN_BOOK
        changed = [line for line in second["comparison"]["lines"] if line["cause"] == "price"]
        assert [(line["kind"], line["change"]) for line in changed] == [("enclosure", "1000")]

    async def test_a_make_or_book_nobody_knows_is_refused_at_once(
        self, shop: Shop, principal: Principal
    ) -> None:
        quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
        with pytest.raises(NotFound):
            await shop.quotations.requote(principal, quote_id, Otherwise(price_book="no-such-book"))
        with pytest.raises(BadInput):
            await shop.quotations.requote(principal, quote_id, Otherwise(make="\x07"))


async def _own_dearer_book(shop: Shop, caller: Principal, shown: dict[str, Any], by: int) -> None:
    """Keep a price book of the organisation's own, in which the box of the quotation is dearer by ``by`` and nothing else."""
    book = price_book_bytes(None, load_price_book(None, "KRW", date(2026, 11, 2))).decode()
    line = next(line for line in shown["result"]["panels"][0]["lines"] if line["kind"] == "enclosure")
    key, price = line["because"][-1]["inputs"]["key"], int(line["unit_price"])
    dearer = book.replace(f"{key}: {price}\n", f"{key}: {price + by}\n")
    assert dearer != book
    dearer = dearer.replace("id: illustrative-2026-11-krw", f"id: {OWN_BOOK}")
    await CatalogStore(shop.database).price_books.upload(caller, "own.yaml", dearer.encode())


async def in_review(shop: Shop, caller: Principal) -> dict[str, Any]:
    """Return a quotation whose discount (12 %) needs the approval that the rulebook asks for above 10 %."""
    shown = await shop.made(caller, request_of(discount_percent=12))
    assert shown["status"] == "review"
    return shown


class TestGates:
    async def test_with_the_last_gate_the_quotation_is_issued_again(
        self, shop: Shop, principal: Principal, make_principal: MakePrincipal, tmp_path: Path
    ) -> None:
        first = await in_review(shop, principal)
        quote_id, reviewer = UUID(first["quoteId"]), await make_principal(Role.REVIEWER)
        accepted = await shop.quotations.accept_gate(
            reviewer, quote_id, gate="pricing.discount", panel="", reason="연간 계약 단가"
        )
        assert (accepted.status, accepted.open_gates) == (Status.QUEUED, ())
        await shop.work(quote_id)
        second = await shop.shown(principal, quote_id)
        assert (second["status"], second["verdict"]) == ("completed", "remark")
        gate = next(gate for gate in second["result"]["gates"] if gate["id"] == "pricing.discount")
        assert (gate["verdict"], gate["measured"], gate["limit"]) == ("remark", 12, 10)
        assert gate["acceptance"]["reason"] == "연간 계약 단가"
        assert gate["acceptance"]["accepted_by"] == reviewer.name
        assert second["totals"] == first["totals"]
        assert second["acceptances"][0]["acceptedBy"] == reviewer.actor
        assert second["acceptances"][0]["gate"] == "pricing.discount"
        # Both packs stay, the newer names the older.
        assert [pack["traceId"] for pack in second["evidence"]] == [second["traceId"], first["traceId"]]
        await self._verified(shop, principal, second["traceId"], tmp_path)

    async def _verified(self, shop: Shop, principal: Principal, trace_id: str, folder: Path) -> None:
        _, pieces = await shop.quotations.bundle(principal, trace_id)
        data = b"".join([piece async for piece in pieces])
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(folder)
        key = await shop.means.evidence.public_key()
        verification = await asyncio.to_thread(
            partial(verify_pack, folder / trace_id, public_key=key, checks=[check_pack])
        )
        assert verification.findings == ()
        # The pack alone makes the same quotation again, the acceptance included.
        assert (await asyncio.to_thread(replay, folder / trace_id)).differences == ()

    async def test_no_price_moves_between_review_and_issue(self, shop: Shop, principal: Principal) -> None:
        first = await in_review(shop, principal)
        quote_id = UUID(first["quoteId"])
        await _own_dearer_book(shop, principal, first, 5000)
        await shop.quotations.accept_gate(
            principal, quote_id, gate="pricing.discount", panel="", reason="승인"
        )
        await shop.work(quote_id)
        second = await shop.shown(principal, quote_id)
        assert second["totals"] == first["totals"]
        assert second["result"]["price_book"] == first["result"]["price_book"]
        fresh = await shop.made(principal, request_of(discount_percent=12))
        assert fresh["result"]["price_book"]["id"] == OWN_BOOK

    async def test_a_quotation_stays_in_review_until_its_last_gate_is_accepted(
        self, shop: Shop, principal: Principal
    ) -> None:
        shown = await shop.made(principal, load_request("examples/cannot-balance.yaml").source)
        quote_id = UUID(shown["quoteId"])
        first = await shop.quotations.accept_gate(
            principal, quote_id, gate="breaker.imbalance", panel="ST-1", reason="현장 여건"
        )
        assert first.status == Status.REVIEW
        assert first.open_gates == (("ST-1", "breaker.korean_unbalance"),)
        with pytest.raises(GateNotAcceptable):
            await shop.quotations.accept_gate(
                principal, quote_id, gate="breaker.imbalance", panel="ST-1", reason="다시"
            )
        await shop.quotations.accept_gate(
            principal, quote_id, gate="breaker.korean_unbalance", panel="ST-1", reason="현장 여건"
        )
        await shop.work(quote_id)
        assert (await shop.shown(principal, quote_id))["status"] == "completed"

    async def test_safety_is_nobody_s_to_accept(self, shop: Shop, principal: Principal) -> None:
        # No breaker of the catalogue that is quoted here breaks 150 kA.
        shown = await shop.made(principal, request_of(panels=[panel_of(short_circuit_ka=150)]))
        quote_id, [gate] = UUID(shown["quoteId"]), [g for g in shown["gates"] if g["verdict"] == "fail"]
        with pytest.raises(GateNotAcceptable) as refused:
            await shop.quotations.accept_gate(
                principal, quote_id, gate=gate["gate"], panel="LP-1", reason="급함"
            )
        assert refused.value.status_code == 409
        assert (await shop.shown(principal, quote_id))["status"] == "review"

    async def test_a_panel_without_a_design_has_nothing_to_accept(
        self, shop: Shop, principal: Principal
    ) -> None:
        shown = await shop.made(principal, load_request("examples/does-not-fit.yaml").source)
        assert shown["status"] == "review"
        with pytest.raises(GateNotAcceptable):
            await shop.quotations.accept_gate(
                principal, UUID(shown["quoteId"]), gate="enclosure.fit_score", panel="LP-1F", reason="급함"
            )

    @pytest.mark.parametrize(
        ("gate", "panel", "reason"),
        [("pricing.prices", "", "이유"), ("pricing.discount", "LP-1", "이유"), ("no.gate", "", "이유")],
    )
    async def test_a_gate_that_does_not_fail_cannot_be_accepted(
        self, shop: Shop, principal: Principal, gate: str, panel: str, reason: str
    ) -> None:
        quote_id = UUID((await in_review(shop, principal))["quoteId"])
        with pytest.raises(GateNotAcceptable):
            await shop.quotations.accept_gate(principal, quote_id, gate=gate, panel=panel, reason=reason)

    @pytest.mark.parametrize("reason", ["", "  \n", "이" * 1001, "벨\x07"])
    async def test_a_reason_is_needed(self, shop: Shop, principal: Principal, reason: str) -> None:
        with pytest.raises(BadInput):
            await shop.quotations.accept_gate(
                principal, uuid4(), gate="pricing.discount", panel="", reason=reason
            )

    @pytest.mark.parametrize("role", [Role.ESTIMATOR, Role.EDITOR, Role.VIEWER])
    async def test_who_quotes_does_not_approve(
        self, shop: Shop, make_principal: MakePrincipal, role: Role
    ) -> None:
        with pytest.raises(Forbidden):
            await shop.quotations.accept_gate(
                await make_principal(role), uuid4(), gate="pricing.discount", panel="", reason="승인"
            )


class TestMixedMakes:
    async def test_an_approved_exception_completes_the_quotation(
        self, shop: Shop, principal: Principal
    ) -> None:
        first = await shop.made(principal, of_two_makes())
        assert first["status"] == "review"
        quote_id = UUID(first["quoteId"])
        await shop.quotations.accept_gate(
            principal, quote_id, gate="selection.makes", panel="CP-1", reason="발주처 지정"
        )
        await shop.work(quote_id)
        second = await shop.shown(principal, quote_id)
        assert second["status"] == "completed"
        gate = next(
            gate for gate in second["result"]["panels"][0]["gates"] if gate["id"] == "selection.makes"
        )
        assert (gate["verdict"], gate["acceptance"]["reason"]) == ("remark", "발주처 지정")
        kept = await run(
            shop,
            "SELECT ordinal, panel, makes, reason, approved_by FROM estimator.mixed_exceptions WHERE quote_id = :id",
            id=quote_id,
        )
        assert [tuple(row)[:2] for row in kept] == [(1, "CP-1")]
        assert set(kept[0].makes.split(", ")) == {"LS ELECTRIC", "Sangdo"}
        assert kept[0].approved_by == principal.actor

    async def test_each_kind_of_gate_needs_its_own_right(self, shop: Shop, principal: Principal) -> None:
        # Reviewers have both rights; a machine's key can be narrowed to one.
        def only(permission: Permission) -> Principal:
            return replace(principal, permissions=frozenset({permission}))

        mixed = await shop.made(principal, of_two_makes())
        with pytest.raises(Forbidden) as refused:
            await shop.quotations.accept_gate(
                only(Permission.QUOTATION_ACCEPT_GATE),
                UUID(mixed["quoteId"]),
                gate="selection.makes",
                panel="CP-1",
                reason="현장 통일",
            )
        assert refused.value.meta["permission"] == "quotation.approve_mixed"
        assert (await shop.shown(principal, UUID(mixed["quoteId"])))["acceptances"] == []

    async def test_fifty_at_once_leave_two(
        self, shop: Shop, principal: Principal, organization: SomeOrganization
    ) -> None:
        original = await shop.made(principal, of_two_makes())
        copies = [await _copied(shop, UUID(original["quoteId"]), number) for number in range(49)]
        asked = [UUID(original["quoteId"]), *copies]
        answers = await asyncio.gather(
            *(
                shop.quotations.accept_gate(
                    principal, quote_id, gate="selection.makes", panel="CP-1", reason="발주처 지정"
                )
                for quote_id in asked
            ),
            return_exceptions=True,
        )
        refused = [answer for answer in answers if isinstance(answer, MixedExceptionsExhausted)]
        assert (len(refused), len(answers) - len(refused)) == (48, 2)
        assert not [a for a in answers if isinstance(a, BaseException) and a not in refused]
        kept = await run(
            shop,
            "SELECT ordinal FROM estimator.mixed_exceptions WHERE organization_id = :id ORDER BY ordinal",
            id=organization.id,
        )
        assert [row.ordinal for row in kept] == [1, 2]
        accepted = await run(
            shop,
            "SELECT count(*) AS number FROM estimator.gate_acceptances WHERE organization_id = :id",
            id=organization.id,
        )
        assert accepted[0].number == 2
        told = refused[0]
        assert told.status_code == 409
        assert len(told.meta["used"]) == 2  # type: ignore[arg-type]  # a list, as errors.py makes it
        assert re.fullmatch(r"\d{4}-\d{2}-01", str(told.meta["nextPossible"]))
        assert str(told.meta["nextPossible"])[:7] > str(told.meta["month"])


async def _copied(shop: Shop, quote_id: UUID, number: int) -> UUID:
    """Return a quotation in review that is the same but for its number."""
    copy = uuid4()
    columns = (
        "organization_id, origin, status, request, request_sha256, customer_name, project_name, locale, currency, documents_wanted, "
        "quotation_date, valid_until, trace_id, verdict, totals, subtotal, total, result, created_by"
    )
    await run(
        shop,
        f"INSERT INTO estimator.quotes (id, number, {columns}) SELECT :copy, number || '-' || :number, {columns} "  # noqa: S608 - our own columns
        "FROM estimator.quotes WHERE id = :id",
        copy=copy,
        number=str(number),
        id=quote_id,
    )
    return copy


class TestSending:
    async def test_what_was_sent_is_frozen(self, shop: Shop, principal: Principal) -> None:
        made = await shop.made(principal, request_of())
        quote_id = UUID(made["quoteId"])
        sent = await shop.quotations.send(principal, quote_id)
        assert sent.mailed_to is None
        shown = await shop.shown(principal, quote_id)
        assert shown["status"] == "sent"
        for statement in (
            "UPDATE estimator.quotes SET total = total + 1 WHERE id = :id",
            "UPDATE estimator.quote_items SET amount = amount + 1 WHERE quote_id = :id",
            "DELETE FROM estimator.documents WHERE quote_id = :id",
        ):
            with pytest.raises(RuleHeld) as refused:
                await run(shop, statement, id=quote_id)
            assert refused.value.meta == {"rule": "KIS01"}
        moving = ("status", "sentAt", "version", "updatedAt", "revisions")
        assert {name for name in made if shown[name] != made[name]} == set(moving)

    async def test_the_customer_is_mailed_where_that_is_possible(
        self, app_database_url: str, home: Path, principal: Principal, smtp_server: Mailbox
    ) -> None:
        settings = MailSettings(host=smtp_server.host, port=smtp_server.port, security="none")
        secret = b"a secret of the tests, long enough"
        async with open_shop(app_database_url, home, mailer=open_mailer(settings, secret)) as shop:
            made = await shop.made(principal, request_of())
            sent = await shop.quotations.send(principal, UUID(made["quoteId"]))
            assert sent.mailed_to == "buyer@example.com"
            rows = await run(
                shop,
                "SELECT id, payload FROM shared.outbox WHERE organization_id = :id AND topic = :topic",
                id=principal.organization_id,
                topic=TOPIC,
            )
            assert len(rows) == 1
            send = MailHandler(secret, SmtpSender(settings))
            await send(Delivery(rows[0].id, TOPIC, rows[0].payload, principal.organization_id, attempt=1))
        [mail] = smtp_server.messages
        assert mail.rcpt_tos == ["buyer@example.com"]
        message = message_from_bytes(mail.content, policy=policy.default)
        assert made["number"] in message["subject"]
        assert f"{int(made['totals']['total']):,} KRW" in message.get_content()

    async def test_only_what_is_complete_is_sent(self, shop: Shop, principal: Principal) -> None:
        quote_id = UUID((await in_review(shop, principal))["quoteId"])
        with pytest.raises(StatusConflict):
            await shop.quotations.send(principal, quote_id)


class TestClosing:
    @pytest.mark.parametrize(("won", "status"), [(True, "won"), (False, "lost")])
    async def test_the_customer_decides(
        self, shop: Shop, principal: Principal, won: bool, status: str
    ) -> None:
        quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
        with pytest.raises(StatusConflict):
            await shop.quotations.close(principal, quote_id, won=won)
        await shop.quotations.send(principal, quote_id)
        assert await shop.quotations.close(principal, quote_id, won=won) == status
        assert (await shop.shown(principal, quote_id))["closedAt"] is not None
        with pytest.raises(StatusConflict):
            await shop.quotations.close(principal, quote_id, won=not won)

    async def test_what_was_sent_runs_out_after_its_last_day(self, shop: Shop, principal: Principal) -> None:
        old = request_of(date="2024-01-02", validity_days=30, price_book="illustrative-2026-11-krw")
        for request, expected in ((old, "expired"), (request_of(validity_days=365), "sent")):
            quote_id = UUID((await shop.made(principal, {**request, "rulebook": "kis-standard"}))["quoteId"])
            await shop.quotations.send(principal, quote_id)
            async with shop.database.service() as session:
                await expire(session)
            assert (await shop.shown(principal, quote_id))["status"] == expected
            # Who answers late still answers.
            assert await shop.quotations.close(principal, quote_id, won=True) == "won"
