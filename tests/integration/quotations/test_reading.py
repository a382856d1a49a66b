"""Lists of quotations, their documents, exports and evidence; checks without a quotation."""

import hashlib
import io
import json
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx2
import pytest
from sqlalchemy import text

from kis.identity import Principal, Role
from kis.platform.errors import BadInput, Forbidden, UnsupportedMedia
from kis.quotations import TaskNotFound
from tests.factories.quotations import Shop, of_two_makes, panel_of, request_of
from tests.integration.conftest import MakeOrganization, MakePrincipal

UNBALANCED = Path("examples/cannot-balance.yaml").read_bytes()


class TestLists:
    async def test_pages_filters_and_orders(self, shop: Shop, principal: Principal) -> None:
        for number in range(5):
            await shop.accepted(
                principal,
                request_of(
                    customer={"name": f"고객 {number % 2}"},
                    project=f"현장 10{number}%",
                    date=f"2026-11-0{number + 1}",
                ),
                draft=number == 0,
            )
        seen = [
            [item.project for item in (await shop.quotations.list(principal, page=page, size=2)).items]
            for page in (1, 2, 3, 4)
        ]
        assert seen == [["현장 104%", "현장 103%"], ["현장 102%", "현장 101%"], ["현장 100%"], []]
        assert (await shop.quotations.list(principal, page=2, size=2)).total == 5

        async def found(*conditions: tuple[str, str], order: str = "quotationDate") -> list[str]:
            listed = await shop.quotations.list(principal, order=(order, False), conditions=conditions)
            assert listed.total == len(listed.items)
            return [item.project.removeprefix("현장 ") for item in listed.items]

        assert await found(("status", "draft")) == ["100%"]
        assert await found(("status", "draft|queued"), ("customer", "객 0")) == ["100%", "102%", "104%"]
        assert await found(("from", "2026-11-02"), ("to", "2026-11-03")) == ["101%", "102%"]
        # What a caller writes is text to look for, and no pattern.
        assert await found(("project", "_0%")) == []
        assert await found(("project", "103%")) == ["103%"]

    async def test_totals_are_bounds(self, shop: Shop, principal: Principal) -> None:
        one = await shop.made(principal, request_of())
        await shop.made(principal, request_of(panels=[panel_of(quantity=9)]))
        total = one["totals"]["total"]
        below = await shop.quotations.list(principal, conditions=[("totalTo", total)])
        above = await shop.quotations.list(principal, conditions=[("totalFrom", str(int(total) + 1))])
        assert ([str(item.quote_id) for item in below.items], above.total) == ([one["quoteId"]], 1)

    @pytest.mark.parametrize(
        "condition",
        [
            ("status", "gone"),
            ("createdTo", "9999-12-31"),
            ("from", "yesterday"),
            ("totalFrom", "NaN"),
            ("totalTo", "1e99"),
            ("to", ""),
        ],
    )
    async def test_a_condition_that_is_none_is_refused(
        self, shop: Shop, principal: Principal, condition: tuple[str, str]
    ) -> None:
        with pytest.raises(BadInput):
            await shop.quotations.list(principal, conditions=[condition])

    async def test_the_tag_of_a_copy_changes_with_the_quotation(
        self, shop: Shop, principal: Principal
    ) -> None:
        quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
        tags = [(await shop.quotations.get(principal, quote_id)).etag for _ in range(2)]
        assert tags[0] == tags[1]
        await shop.quotations.revise(principal, quote_id, request_of())
        tags.append((await shop.quotations.get(principal, quote_id)).etag)
        await shop.quotations.send(principal, quote_id)
        tags.append((await shop.quotations.get(principal, quote_id)).etag)
        assert len(set(tags)) == 3


class TestAmounts:
    """1 USD is 1,375.5 won on 2026-11-01, as the request says."""

    EXCHANGE = {"krw_per_usd": "1375.5", "date": "2026-11-01"}  # noqa: RUF012 - read only

    async def test_are_spelled_once(self, shop: Shop, principal: Principal) -> None:
        shown = await shop.made(principal, request_of())
        [listed] = (await shop.quotations.list(principal)).items
        assert listed.total == shown["totals"]["total"]
        assert listed.total is not None
        assert listed.total.isdigit()
        assert shown["panels"][0]["unitSubtotal"] == shown["result"]["panels"][0]["totals"]["unit_subtotal"]
        assert (shown["conversion"], listed.conversion) == (None, None)
        dollars = await shop.made(principal, request_of(currency="USD", exchange=self.EXCHANGE))
        listed = (await shop.quotations.list(principal, conditions=[("currency", "USD")])).items[0]
        assert listed.total == dollars["totals"]["total"]
        assert listed.total is not None
        assert len(listed.total.partition(".")[2]) == 2
        assert (
            dollars["panels"][0]["unitSubtotal"] == dollars["result"]["panels"][0]["totals"]["unit_subtotal"]
        )

    async def test_are_shown_by_the_rate_of_the_quotation(self, shop: Shop, principal: Principal) -> None:
        plain = await shop.made(principal, request_of(exchange=self.EXCHANGE))
        quote_id = UUID(plain["quoteId"])
        shown = await shop.shown(principal, quote_id, currency="USD")
        expected = {
            name: str((Decimal(value) / Decimal("1375.5")).quantize(Decimal("0.01"), ROUND_HALF_UP))
            for name, value in plain["totals"].items()
            if name != "currency"
        }
        assert shown["totals"] == {**expected, "currency": "USD"}
        assert shown["currency"] == "USD"
        assert shown["conversion"] == {"quotedIn": "KRW", "krwPerUsd": "1375.5", "agreedOn": "2026-11-01"}
        assert shown["panels"][0]["unitSubtotal"] == expected["subtotal"]
        assert shown["result"] == plain["result"]
        assert await shop.shown(principal, quote_id, currency="KRW") == plain
        tags = {
            (await shop.quotations.get(principal, quote_id, currency=currency)).etag
            for currency in (None, "KRW", "USD")
        }
        assert len(tags) == 2
        [listed] = (await shop.quotations.list(principal, currency="USD")).items
        assert (listed.currency, listed.total) == ("USD", expected["total"])

    async def test_without_a_rate_nothing_is_converted(self, shop: Shop, principal: Principal) -> None:
        quote_id = UUID((await shop.made(principal, request_of()))["quoteId"])
        with pytest.raises(BadInput) as refused:
            await shop.quotations.get(principal, quote_id, currency="USD")
        [problem] = refused.value.problems
        assert (refused.value.status_code, problem.path) == (422, "query.currency")
        assert "quote again" in problem.message.text("en")
        with pytest.raises(BadInput):
            await shop.quotations.list(principal, currency="USD")

    async def test_days_of_creation_are_the_reader_s(self, shop: Shop, principal: Principal) -> None:
        quote_id = await shop.accepted(principal, request_of(), draft=True)
        async with shop.database.service() as session:
            await session.execute(
                text("UPDATE estimator.quotes SET created_at = '2026-11-05T20:00:00Z' WHERE id = :id"),
                {"id": quote_id},
            )

        async def found(first: str, last: str, zone: str) -> int:
            conditions = [("createdFrom", first), ("createdTo", last)]
            return (
                await shop.quotations.list(principal, conditions=conditions, time_zone=ZoneInfo(zone))
            ).total

        # 20:00 in London is five the next morning in Seoul.
        assert await found("2026-11-05", "2026-11-05", "Europe/London") == 1
        assert await found("2026-11-06", "2026-11-06", "Europe/London") == 0
        assert await found("2026-11-06", "2026-11-06", "Asia/Seoul") == 1
        assert await found("2026-11-05", "2026-11-05", "Asia/Seoul") == 0


class TestDocuments:
    async def test_links_lead_to_the_documents(self, shop: Shop, principal: Principal) -> None:
        shown = await shop.made(principal, request_of(), documents=["svg", "pdf"])
        found = await shop.quotations.documents(principal, UUID(shown["quoteId"]))
        assert {document.name: document.sha256 for document in found} == {
            document["name"]: document["sha256"] for document in shown["documents"]
        }
        [pdf] = await shop.quotations.documents(principal, UUID(shown["quoteId"]), kinds=["quotation_pdf"])
        assert (pdf.media_type, pdf.expires_in_seconds) == ("application/pdf", 600)
        link = shop.means.storage.opened(httpx2.URL(pdf.signed_url).path.rpartition("/")[2])
        assert link.filename == f"{shown['number']}-R0-quotation.pdf"
        data = await shop.means.storage.get(link.path)
        assert (hashlib.sha256(data).hexdigest(), data[:5]) == (pdf.sha256, b"%PDF-")

    async def test_documents_of_the_newest_issue_are_listed(self, shop: Shop, principal: Principal) -> None:
        first = await shop.made(principal, request_of(discount_percent=12))
        quote_id = UUID(first["quoteId"])
        await shop.quotations.accept_gate(
            principal, quote_id, gate="pricing.discount", panel="", reason="승인"
        )
        await shop.work(quote_id)
        found = await shop.quotations.documents(principal, quote_id)
        assert len(found) == len(first["documents"])
        assert {document.trace_id for document in found} == {
            (await shop.shown(principal, quote_id))["traceId"]
        }

    async def test_an_export_is_one_archive(
        self,
        shop: Shop,
        principal: Principal,
        make_principal: MakePrincipal,
        make_organization: MakeOrganization,
    ) -> None:
        quotes = [await shop.made(principal, request_of()) for _ in range(2)]
        asked = [UUID(quote["quoteId"]) for quote in quotes]
        task_id = await shop.quotations.export(principal, [*asked, asked[0]], kinds=["drawing_svg"])
        assert (await shop.quotations.task(principal, task_id)).status == "queued"
        await shop.executor.run_job(task_id)
        task = await shop.quotations.task(principal, task_id)
        assert (task.status, task.error) == ("done", None)
        assert task.signed_url is not None
        link = shop.means.storage.opened(httpx2.URL(task.signed_url).path.rpartition("/")[2])
        archive = zipfile.ZipFile(io.BytesIO(await shop.means.storage.get(link.path)))
        expected = {
            f"{quote['number']}-R0/{Path(document['name']).name}": document["sha256"]
            for quote in quotes
            for document in quote["documents"]
            if document["kind"] == "drawing_svg"
        }
        held = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
        assert held == expected
        assert len(held) == 10
        stranger = await make_principal(of=await make_organization())
        with pytest.raises(TaskNotFound):
            await shop.quotations.task(stranger, task_id)
        for wrong in ([], [uuid4() for _ in range(101)]):
            with pytest.raises(BadInput):
                await shop.quotations.export(principal, wrong)


class TestEvidence:
    async def test_whoever_holds_a_document_can_check_it(self, shop: Shop, principal: Principal) -> None:
        shown = await shop.made(principal, request_of())
        drawing = next(d for d in shown["documents"] if d["kind"] == "drawing_svg")
        assert await shop.quotations.check_digest(drawing["sha256"]) == "document"
        assert await shop.quotations.check_digest(shown["evidence"][0]["sha256"]) == "pack"
        assert await shop.quotations.check_digest("0" * 64) is None
        assert await shop.quotations.check_digest("not a digest") is None

    async def test_a_download_is_in_the_audit_log(
        self, shop: Shop, principal: Principal, make_principal: MakePrincipal
    ) -> None:
        shown = await shop.made(principal, request_of())
        estimator = await make_principal(Role.ESTIMATOR)
        assert (await shop.quotations.evidence(estimator, shown["traceId"])).sequence == 1
        with pytest.raises(Forbidden):
            await shop.quotations.bundle(estimator, shown["traceId"])
        _, pieces = await shop.quotations.bundle(principal, shown["traceId"])
        assert [piece async for piece in pieces]
        async with shop.database.service() as session:
            rows = await session.execute(
                text("SELECT actor, action FROM shared.audit_logs WHERE target = :target"),
                {"target": f"evidence:{shown['traceId']}"},
            )
        assert [tuple(row) for row in rows] == [(principal.actor, "evidence.downloaded")]


class TestValidation:
    async def test_the_table_is_what_was_understood(self, shop: Shop, principal: Principal) -> None:
        given = json.dumps(request_of()).encode()
        found = await shop.quotations.validate(principal, given, ruleset="tab")
        assert found.is_valid
        assert [(row["role"], row["poles"], row["rating_a"]) for row in found.breakers] == [
            ("main", 4, 100),
            ("branch", 2, 20),
        ]
        assert any("feed" in doubt.message for doubt in found.doubts)

    async def test_the_panels_are_designed(self, shop: Shop, principal: Principal) -> None:
        given = UNBALANCED
        found = await shop.quotations.validate(principal, given, locale="en")
        assert not found.is_valid
        assert {error.code for error in found.errors} >= {"breaker.imbalance"}
        assert found.panels[0]["designed"] is True
        assert {row["role"] for row in found.breakers} == {"main", "branch"}
        assert all(error.message.isascii() for error in found.errors)

    async def test_the_panels_agree_with_the_quotation(self, shop: Shop, principal: Principal) -> None:
        shown = await shop.made(principal, of_two_makes())
        found = await shop.quotations.validate(principal, json.dumps(of_two_makes()).encode())
        failing = [gate["gate"] for gate in shown["gates"] if gate["verdict"] == "fail"]
        assert [error.code for error in found.errors if error.severity == "fail"] == failing

    @pytest.mark.parametrize(
        "given",
        [
            b"",
            b"{",
            b"panels: [",
            b"[1, 2]",
            json.dumps(request_of(panels=[])).encode(),
            json.dumps(request_of(discount_percent=99)).encode(),
        ],
    )
    async def test_what_is_wrong_is_an_answer(self, shop: Shop, principal: Principal, given: bytes) -> None:
        found = await shop.quotations.validate(principal, given)
        assert found.errors
        assert found.panels == ()
        assert "bad_input" not in {error.code for error in found.errors}

    @pytest.mark.parametrize(
        ("given", "kind"),
        [
            (b"PK\x03\x04\x14\x00", "spreadsheet"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"),
            (b"%PDF-1.7\n", "pdf"),
            (b"\x89PNG\r\n\x1a\n", "image"),
            (b"\xff\xd8\xff\xe0", "image"),
            (b"AC1027\x00\x00", "drawing"),
            (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "drawing"),
            (b"<?xml version='1.0'?><svg/>", "markup"),
            (b"customer: x\x00y", "binary"),
            ("차단기,극수,정격\nMCCB,4,100\n".encode(), "table"),
            (b"quote me a panel please", "text"),
        ],
    )
    async def test_another_kind_of_file_is_named(
        self, shop: Shop, principal: Principal, given: bytes, kind: str
    ) -> None:
        with pytest.raises(UnsupportedMedia) as refused:
            await shop.quotations.validate(principal, given)
        assert (refused.value.status_code, refused.value.meta["kind"]) == (415, kind)

    async def test_too_much_is_not_begun(self, shop: Shop, principal: Principal) -> None:
        large = request_of(panels=[panel_of(name=f"LP-{number}") for number in range(21)])
        with pytest.raises(BadInput):
            await shop.quotations.validate(principal, json.dumps(large).encode())

    async def test_nothing_is_kept(self, shop: Shop, principal: Principal) -> None:
        await shop.quotations.validate(principal, json.dumps(request_of()).encode())
        assert (await shop.quotations.list(principal)).total == 0


async def test_an_unknown_task_is_not_found(shop: Shop, principal: Principal) -> None:
    with pytest.raises(TaskNotFound):
        await shop.quotations.task(principal, uuid4())
