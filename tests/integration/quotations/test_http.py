"""Quotations over HTTP, as the contract says."""

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import text

from kis.api.app import create_app
from kis.api.schemas.estimate import Accepted, Quotation
from kis.application import Application
from kis.identity import Principal, Role
from kis.platform.errors import Unauthenticated
from kis.platform.limits import InProcess
from kis.platform.messages import Message
from tests.factories.quotations import ADDRESS, Shop, panel_of, request_of
from tests.integration.conftest import MakePrincipal

OFFICE = Path("examples/office-lighting-panel.yaml").read_bytes()


class Doorman:
    """Knows everybody by their role."""

    def __init__(self, make_principal: MakePrincipal) -> None:
        self._make = make_principal
        self.known: dict[str, Principal] = {}

    async def authenticate(self, *, bearer: str | None = None, **_other: Any) -> Principal:
        """Return the caller."""
        if bearer is None or bearer not in set(Role):
            raise Unauthenticated(Message("api.request.unauthenticated"))
        if bearer not in self.known:
            self.known[bearer] = await self._make(Role(bearer))
        return self.known[bearer]


@pytest.fixture
async def client(shop: Shop, make_principal: MakePrincipal) -> AsyncIterator[httpx2.AsyncClient]:
    """An administrator's client, without a network between."""
    means = shop.means
    application = SimpleNamespace(
        settings=means.settings,
        database=means.database,
        storage=means.storage,
        hub=means.hub,
        evidence=means.evidence,
        quotations=shop.quotations,
        identity=Doorman(make_principal),
        limiter=InProcess(),
    )
    transport = httpx2.ASGITransport(create_app(cast("Application", application)), raise_app_exceptions=False)
    headers = {"Authorization": "Bearer admin", "Accept-Language": "en"}
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers) as opened:
        yield opened


def by(role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {role.value}"}


async def made(client: httpx2.AsyncClient, shop: Shop, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/v1/estimate", params={"documents": "svg"}, json=request_of(**changes))
    assert answer.status_code == 201, answer.text
    await shop.work(UUID(answer.json()["quoteId"]))
    shown: dict[str, Any] = (await client.get(answer.json()["links"]["self"])).json()
    return shown


class TestAccepting:
    @pytest.mark.parametrize("media_type", ["application/yaml", "text/yaml; charset=utf-8"])
    async def test_yaml_is_read_as_a_request_file_is(
        self, client: httpx2.AsyncClient, media_type: str
    ) -> None:
        answer = await client.post("/v1/estimate", content=OFFICE, headers={"Content-Type": media_type})
        assert answer.status_code == 201
        accepted = Accepted.model_validate(answer.json())
        assert answer.headers["Location"] == f"/v1/estimate/{accepted.quote_id}"
        assert "X-Trace-Id" in answer.headers
        shown = (await client.get(answer.headers["Location"])).json()
        assert shown["project"] == "사무동 3층 전등 분전반"

    async def test_a_retry_gets_the_first_answer_and_says_so(self, client: httpx2.AsyncClient) -> None:
        headers = {"Idempotency-Key": "order-17"}
        first = await client.post("/v1/estimate", json=request_of(), headers=headers)
        again = await client.post("/v1/estimate", json=request_of(), headers=headers)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert "Idempotent-Replayed" not in first.headers
        assert again.headers["Idempotent-Replayed"] == "true"
        other = await client.post("/v1/estimate", json=request_of(project="다른"), headers=headers)
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")

    async def test_every_problem_is_in_the_answer(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/v1/estimate", json={"project": 5, "panels": []})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
        assert {problem["path"] for problem in answer.json()["meta"]["problems"]} >= {"customer", "panels"}

    @pytest.mark.parametrize(
        ("content", "media_type", "status"),
        [
            (b"{}", "application/xml", 415),
            (b"a=b", "application/x-www-form-urlencoded", 415),
            (b"{", "application/json", 400),
            (b"a: [", "application/yaml", 422),
            (b"", "application/yaml", 422),
            (b"\xff\xfe", "application/yaml", 422),
            (b'{"a": 1, "a": 2}', "application/json", 422),
        ],
    )
    async def test_what_is_no_request_is_refused(
        self, client: httpx2.AsyncClient, content: bytes, media_type: str, status: int
    ) -> None:
        answer = await client.post("/v1/estimate", content=content, headers={"Content-Type": media_type})
        assert answer.status_code == status, answer.text
        assert set(answer.json()) >= {"code", "message", "traceId", "meta"}

    async def test_unknown_documents_are_refused(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/v1/estimate", params={"documents": "exe"}, json=request_of())
        assert answer.status_code == 422

    async def test_a_draft_is_changed_and_submitted(self, client: httpx2.AsyncClient) -> None:
        draft = await client.post("/v1/estimate", params={"draft": True}, json=request_of())
        path = draft.json()["links"]["self"]
        assert draft.json()["status"] == "draft"
        changed = await client.patch(path, json=request_of(project="바뀐 현장"))
        assert (changed.status_code, changed.json()["status"]) == (200, "draft")
        submitted = await client.post(f"{path}/submit")
        assert (submitted.status_code, submitted.json()["status"]) == (200, "queued")
        assert (await client.post(f"{path}/submit")).status_code == 409


class TestReading:
    async def test_a_quotation_is_whole_and_as_the_contract_says(
        self, client: httpx2.AsyncClient, shop: Shop
    ) -> None:
        shown = await made(client, shop)
        whole = Quotation.model_validate(shown)
        assert whole.status == "completed"
        assert whole.result is not None
        assert len(whole.panels) == len(whole.result["panels"]) == 1
        assert len(whole.documents) == len(whole.result["documents"])
        failed = await made(client, shop, price_book="no-such-book")
        assert Quotation.model_validate(failed).failure is not None

    async def test_who_has_a_copy_is_told_so(self, client: httpx2.AsyncClient, shop: Shop) -> None:
        path = (await made(client, shop))["links"]["self"]
        tag = (await client.get(path)).headers["ETag"]
        same = await client.get(path, headers={"If-None-Match": tag})
        assert (same.status_code, same.content) == (304, b"")
        await client.post(f"{path}/send")
        assert (await client.get(path, headers={"If-None-Match": tag})).status_code == 200

    async def test_lists_are_paged_sorted_and_filtered(self, client: httpx2.AsyncClient) -> None:
        for number in range(3):
            await client.post("/v1/estimate", json=request_of(project=f"현장 {number}"))
        listed = await client.get(
            "/v1/estimate", params={"size": 2, "sort": "project", "filter": "status:queued"}
        )
        assert [item["project"] for item in listed.json()["items"]] == ["현장 0", "현장 1"]
        assert listed.json()["total"] == 3
        for wrong in ({"sort": "secret"}, {"filter": "secret:1"}, {"size": 101}, {"filter": "status:gone"}):
            assert (await client.get("/v1/estimate", params=wrong)).status_code == 422, wrong

    async def test_amounts_in_another_currency(self, client: httpx2.AsyncClient, shop: Shop) -> None:
        shown = await made(client, shop, exchange={"krw_per_usd": "1000", "date": "2026-11-01"})
        path = shown["links"]["self"]
        dollars = Quotation.model_validate((await client.get(path, params={"currency": "USD"})).json())
        assert dollars.conversion is not None
        assert (dollars.currency, dollars.conversion.krw_per_usd) == ("USD", "1000")
        listed = (await client.get("/v1/estimate", params={"currency": "USD"})).json()["items"][0]
        assert listed["total"] == dollars.totals["total"]
        assert listed["conversion"] == {"quotedIn": "KRW", "krwPerUsd": "1000", "agreedOn": "2026-11-01"}
        for wrong in ({"currency": "EUR"}, {"tz": "Nowhere/At_All"}):
            assert (await client.get("/v1/estimate", params=wrong)).status_code == 422, wrong
        days = {"tz": "Asia/Seoul", "filter": "createdFrom:2000-01-01"}
        assert (await client.get("/v1/estimate", params=days)).json()["total"] == 1
        other = (await made(client, shop))["links"]["self"]
        refused = await client.get(other, params={"currency": "USD"})
        assert refused.status_code == 422
        assert [problem["path"] for problem in refused.json()["meta"]["problems"]] == ["query.currency"]

    async def test_nobody_s_quotation_is_not_found(self, client: httpx2.AsyncClient) -> None:
        answer = await client.get(f"/v1/estimate/{uuid4()}", headers={"Accept-Language": "ko"})
        assert (answer.status_code, answer.json()["code"]) == (404, "quotation_not_found")
        assert "없습니다" in answer.json()["message"]

    async def test_who_is_not_known_sees_nothing(self, client: httpx2.AsyncClient, shop: Shop) -> None:
        path = (await made(client, shop))["links"]["self"]
        assert (await client.get(path, headers={"Authorization": "Bearer nobody"})).status_code == 401


class TestStream:
    async def test_the_stream_is_server_sent_events(self, client: httpx2.AsyncClient, shop: Shop) -> None:
        shown = await made(client, shop)
        answer = await client.get(shown["links"]["stream"])
        assert answer.headers["content-type"].startswith("text/event-stream")
        frames = answer.text.strip().split("\n\n")
        last = dict(line.split(": ", 1) for line in frames[-1].splitlines())
        assert (last["event"], json.loads(last["data"])["status"]) == ("DONE", "completed")
        for seen in ({"headers": {"Last-Event-ID": last["id"]}}, {"params": {"lastEventId": last["id"]}}):
            url = httpx2.URL(shown["links"]["stream"]).copy_merge_params(seen.get("params", {}))
            again = await client.get(url, headers=seen.get("headers", {}))
            assert again.status_code == 204
        before = str(int(last["id"]) - 1000)
        rest = await client.get(shown["links"]["stream"], headers={"Last-Event-ID": before})
        assert rest.text.strip().split("\n\n")[1:] == frames[-1:]

    @pytest.mark.parametrize("last", ["x", "-1", "9" * 30])
    async def test_a_place_that_is_none_is_refused(self, client: httpx2.AsyncClient, last: str) -> None:
        answer = await client.get(
            "/v1/estimate/stream", params={"quoteId": str(uuid4())}, headers={"Last-Event-ID": last}
        )
        assert answer.status_code == 422


class TestLife:
    async def test_from_review_to_won(self, client: httpx2.AsyncClient, shop: Shop) -> None:
        shown = await made(client, shop, discount_percent=12)
        path = shown["links"]["self"]
        assert shown["status"] == "review"
        gate = {"gate": "pricing.discount", "reason": "연간 계약 단가"}
        refused = await client.post(f"{path}/accept-gate", json=gate, headers=by(Role.ESTIMATOR))
        assert refused.status_code == 403
        accepted = await client.post(f"{path}/accept-gate", json=gate, headers=by(Role.REVIEWER))
        assert (accepted.status_code, accepted.json()["status"]) == (200, "queued")
        assert accepted.json()["openGates"] == []
        await shop.work(UUID(shown["quoteId"]))
        sent = await client.post(f"{path}/send", headers=by(Role.ESTIMATOR))
        assert (sent.json()["status"], sent.json()["mailedTo"]) == ("sent", None)
        won = await client.post(f"{path}/close", json={"outcome": "won"})
        assert won.json()["status"] == "won"
        again = await client.post(f"{path}/send")
        assert (again.status_code, again.json()["code"]) == (409, "quotation_status")

    async def test_revise_and_quote_again(self, client: httpx2.AsyncClient, shop: Shop) -> None:
        first = await made(client, shop)
        path = first["links"]["self"]
        revised = await client.post(f"{path}/revise", json=request_of(margin_percent=5))
        assert (revised.status_code, revised.json()["revision"]) == (201, 1)
        requoted = await client.post(f"{path}/requote", json={"make": "LS"})
        assert (requoted.status_code, requoted.json()["revision"]) == (201, 2)
        await shop.work(UUID(requoted.json()["quoteId"]))
        shown = Quotation.model_validate((await client.get(requoted.headers["Location"])).json())
        assert shown.comparison is not None
        assert [one.revision for one in shown.revisions] == [0, 1, 2]
        unknown = await client.post(f"{path}/requote", json={"priceBook": "no-such-book"})
        assert unknown.status_code == 404

    async def test_what_is_done_is_logged_under_the_trace_of_the_request(
        self, client: httpx2.AsyncClient, shop: Shop
    ) -> None:
        shown = await made(client, shop, discount_percent=12)
        path = shown["links"]["self"]
        gate = {"gate": "pricing.discount", "reason": "연간 계약 단가"}
        answers = [await client.post(f"{path}/accept-gate", json=gate)]
        await shop.work(UUID(shown["quoteId"]))
        answers.append(await client.post(f"{path}/send"))
        answers.append(await client.post(f"{path}/close", json={"outcome": "won"}))
        async with shop.database.service() as session:
            rows = await session.execute(
                text(
                    "SELECT trace_id FROM shared.audit_logs WHERE target = :target AND actor <> 'system'"
                    " ORDER BY sequence"
                ),
                {"target": f"quotation:{shown['quoteId']}"},
            )
        traces = [row.trace_id for row in rows]
        assert traces[1:] == [answer.headers["X-Trace-Id"] for answer in answers]
        assert traces[0] != shown["traceId"]
        [taken] = [gate for gate in (await client.get(path)).json()["gates"] if gate["acceptance"]]
        assert (taken["gate"], taken["verdict"]) == ("pricing.discount", "remark")
        assert taken["acceptance"]["reason"] == "연간 계약 단가"

    async def test_gates_are_as_the_stream_tells_them(self, client: httpx2.AsyncClient, shop: Shop) -> None:
        shown = await made(client, shop)
        stream = (await client.get(shown["links"]["stream"])).text
        told = [
            json.loads(line.removeprefix("data: "))
            for frame in stream.split("\n\n")
            if "event: GATE_RESULT" in frame
            for line in frame.splitlines()
            if line.startswith("data: ")
        ]
        names = ("panel", "gate", "stage", "verdict", "operator", "unit", "explanation", "acceptance")
        assert [[gate[name] for name in names] for gate in shown["gates"]] == [
            [gate[name] for name in names] for gate in told
        ]


class TestDocuments:
    async def test_a_kind_there_is_not_is_refused(self, client: httpx2.AsyncClient, shop: Shop) -> None:
        shown = await made(client, shop)
        answer = await client.get(f"{shown['links']['documents']}&kind=bogus")
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
        wanted = {"quoteIds": [shown["quoteId"]], "kinds": ["bogus"]}
        assert (await client.post("/v1/documents/export", json=wanted)).status_code == 422

    async def test_a_document_is_downloaded_by_its_link_and_checked_by_anybody(
        self, client: httpx2.AsyncClient, shop: Shop
    ) -> None:
        shown = await made(client, shop)
        listed = await client.get(f"{shown['links']['documents']}&kind=drawing_svg")
        document = listed.json()["items"][0]
        nobody = {"Authorization": ""}
        data = (await client.get(document["signedUrl"], headers=nobody)).content
        digest = hashlib.sha256(data).hexdigest()
        assert digest == document["sha256"]
        known = await client.get(f"/v1/evidence/check/{digest}", headers=nobody)
        assert known.json() == {"sha256": digest, "known": True, "kind": "document"}
        other = await client.get(f"/v1/evidence/check/{'0' * 64}", headers=nobody)
        assert other.json() == {"sha256": "0" * 64, "known": False, "kind": None}

    async def test_whoever_searches_for_digests_has_to_wait(self, client: httpx2.AsyncClient) -> None:
        statuses = [
            (await client.get(f"/v1/evidence/check/{number:064x}")).status_code for number in range(62)
        ]
        assert statuses[0] == 200
        assert statuses[-1] == 429

    async def test_an_export_is_a_task(self, client: httpx2.AsyncClient, shop: Shop) -> None:
        shown = await made(client, shop)
        started = await client.post("/v1/documents/export", json={"quoteIds": [shown["quoteId"]]})
        assert started.status_code == 202
        task_path = started.json()["links"]["self"]
        assert (await client.get(task_path)).json()["status"] == "queued"
        await shop.executor.run_job(UUID(started.json()["taskId"]))
        task = (await client.get(task_path)).json()
        assert (task["status"], task["progress"]["files"]) == ("done", len(shown["documents"]))
        archive = zipfile.ZipFile(io.BytesIO((await client.get(task["signedUrl"])).content))
        assert len(archive.namelist()) == len(shown["documents"])

    async def test_evidence_is_for_readers_and_the_bundle_for_administrators(
        self, client: httpx2.AsyncClient, shop: Shop
    ) -> None:
        shown = await made(client, shop)
        path = shown["links"]["evidence"]
        facts = await client.get(path, headers=by(Role.VIEWER))
        assert facts.json()["sha256"] == shown["evidence"][0]["sha256"]
        assert facts.json()["signed"]["total"] == shown["totals"]["total"]
        assert (await client.get(f"{path}/bundle", headers=by(Role.ESTIMATOR))).status_code == 403
        bundle = await client.get(f"{path}/bundle")
        assert bundle.headers["content-type"] == "application/zip"
        names = zipfile.ZipFile(io.BytesIO(bundle.content)).namelist()
        assert f"{shown['traceId']}/SHA256SUMS" in names
        assert (await client.get(f"/v1/evidence/{'0' * 32}")).status_code == 404


class TestValidation:
    async def test_a_body_and_an_upload_are_the_same(self, client: httpx2.AsyncClient) -> None:
        answers = [
            await client.post("/v1/validate", content=OFFICE, headers={"Content-Type": "application/yaml"}),
            await client.post("/v1/validate", files={"file": ("request.xlsx", OFFICE)}),
        ]
        for answer in answers:
            assert answer.status_code == 200, answer.text
        first, second = ({**answer.json(), "traceId": ""} for answer in answers)
        assert first == second
        assert first["valid"]
        assert [panel["name"] for panel in first["panels"]] == ["LP-3F"]
        assert first["panels"][0]["widthMm"] > 0
        assert {"ratingA", "frameAf", "icuKa"} <= set(first["breakers"][0])

    async def test_the_content_decides_and_not_the_name(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/v1/validate", files={"file": ("request.yaml", b"PK\x03\x04")})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
        assert "spreadsheet" in answer.json()["message"]

    async def test_a_form_without_a_file_is_told(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/v1/validate", files={"other": ("x", b"x")})
        assert answer.status_code == 422

    async def test_nothing_is_nothing_to_check(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/v1/validate", headers={"Content-Type": "application/yaml"})
        assert (answer.status_code, answer.json()["meta"]["problems"][0]["path"]) == (422, "body")

    async def test_each_problem_has_its_code(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/v1/validate", json={"customer": {"name": "x"}, "panels": [], "wat": 1})
        codes = {error["where"]: error["code"] for error in answer.json()["errors"]}
        assert codes["project"] == "request.problem.missing"
        assert len(set(codes.values())) == len(codes) == 3

    async def test_the_table_alone(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/v1/validate", params={"ruleset": "tab"}, json=request_of())
        assert len(answer.json()["breakers"]) == 2
        main = answer.json()["breakers"][0]
        assert (main["role"], main["ratingA"], main["poles"], main["icuKa"]) == ("main", 100, 4, None)
        by_model = request_of(panels=[panel_of(branches=[{"model": "SIE-32", "rating_a": 20}])])
        answer = await client.post("/v1/validate", params={"ruleset": "tab"}, json=by_model)
        assert (answer.status_code, answer.json()["breakers"][1]["poles"]) == (200, None)
        wrong = await client.post("/v1/validate", params={"ruleset": "all"}, json=request_of())
        assert wrong.status_code == 422
