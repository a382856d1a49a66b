"""The administration over HTTP: what is shown to whom, jobs that are tried again or ended, features that really switch something."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import text

from kis.application import Application, open_application
from kis.identity import Permission, Principal, Role
from kis.knowledge import Article, Draft, Place, Rules, Words
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, SearchSettings, Settings
from kis.search import Language, Query, Visibility
from tests.factories.clients import CallAs, clients_of
from tests.factories.knowledge import ShoutingTranslator

FAULT: Final = {
    "code": "job_failed",
    "message": {"ko": "오류가 났습니다.", "en": "it broke"},
    "hint": {"ko": "다시 하십시오.", "en": "do it again"},
    "meta": {},
}


@pytest.fixture
async def application(app_database_url: str, tmp_path: Path) -> AsyncIterator[Application]:
    settings = Settings(
        application=ApplicationSettings(data=tmp_path, secret_key="s" * 40, public_url="http://localhost"),
        database=DatabaseSettings(url=app_database_url, pool_size=4),
        search=SearchSettings(morphemes="off"),
    )
    async with open_application(settings, listens=False) as opened:
        await opened.storage.ensure()
        yield opened


@pytest.fixture
async def call_as(application: Application, principal: Principal) -> AsyncIterator[CallAs]:
    """Return a client of a role in the test's organisation, or of another administrator's."""
    async with clients_of(application, principal) as made:
        yield made


@pytest.fixture
async def admin(call_as: CallAs) -> httpx2.AsyncClient:
    """An administrator."""
    return await call_as()


def shape(answer: httpx2.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


async def written(
    application: Application, by: Principal, title: str = "차단기 선정", *, publish: bool = True, **place: Any
) -> Article:
    """Return an article that was just written and, unless it is not to be, published."""
    if publish:
        rules = await application.knowledge.rules(by)
        await application.knowledge.decide_rules(by, replace(rules, author_may_review=True))
    draft = Draft(texts={Language.KO: Words(title=title, body="정격 전류")}, place=Place(**place))
    return await application.knowledge.create(by, draft, publish=publish)


async def job(application: Application, of: Principal | None, kind: str, status: str, **more: Any) -> UUID:
    """Return a new job."""
    row = {
        "id": uuid4(),
        "organization_id": None if of is None else of.organization_id,
        "kind": kind,
        "status": status,
        "subject_id": None,
        "attempts": 3 if status == "failed" else 0,
        "lease": "a worker" if status == "running" else None,
        "error": None,
        "has_ended": status in {"done", "failed"},
        **more,
    }
    async with application.database.service() as session:
        await session.execute(
            text(
                "INSERT INTO shared.jobs (id, organization_id, kind, status, subject_id, attempts, error, finished_at, lease_owner, lease_until) "
                "VALUES (:id, :organization_id, :kind, :status, :subject_id, :attempts, CAST(:error AS jsonb), "
                "CASE WHEN :has_ended THEN now() END, :lease, now() + interval '1 hour')"
            ),
            row,
        )
    return UUID(str(row["id"]))


async def state(application: Application, job_id: UUID) -> Mapping[str, Any]:
    async with application.database.service() as session:
        found = await session.execute(text("SELECT * FROM shared.jobs WHERE id = :id"), {"id": job_id})
        return {str(name): value for name, value in found.one()._mapping.items()}


async def actions(application: Application, target: str) -> list[str]:
    async with application.database.service() as session:
        found = await session.execute(
            text("SELECT action FROM shared.audit_logs WHERE target = :target ORDER BY sequence"),
            {"target": target},
        )
        return list(found.scalars())


class TestOverview:
    async def test_tells_an_administrator_how_the_organisation_stands(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient, make_principal: Any
    ) -> None:
        await make_principal(Role.EDITOR)
        await written(application, principal, "하나")
        draft = await written(application, principal, "둘", publish=False)
        await application.knowledge.delete(principal, draft.id)
        await written(application, principal, "셋", publish=False)
        await job(application, principal, "attachment.clean", "queued")
        told = shape(await admin.get("/v1/admin/overview"))
        organization = told["organization"]
        assert organization["people"] == [
            {"role": "admin", "people": 1, "active": 1},
            {"role": "editor", "people": 1, "active": 1},
        ]
        assert organization["articles"] == [
            {"status": "draft", "total": 1, "ko": 1, "en": 0},
            {"status": "published", "total": 1, "ko": 1, "en": 0},
        ]
        assert organization["inBin"] == 1
        assert organization["index"]["items"] == {"article": 2}
        assert organization["index"]["withoutMorphemes"] == 2  # nobody takes words apart here
        assert [(one["kind"], one["status"], one["count"]) for one in organization["jobs"]] == [
            ("attachment.clean", "queued", 1)
        ]
        assert told["installation"] is None
        assert told["health"]["status"] in {"ok", "degraded"}
        assert told["links"]["users"] == "/v1/users"

    async def test_counts_terms_once_they_are_counted(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        await written(application, principal)
        before = shape(await admin.get("/v1/admin/overview"))["organization"]["index"]
        assert (before["terms"], before["postings"], before["countedAt"]) == (0, 0, None)
        async with application.database.service() as session:
            await application.engine.count(session)
            own = await session.execute(
                text(
                    "SELECT count(DISTINCT p.term) AS terms, count(*) AS postings FROM knowledge.search_postings AS p "
                    "JOIN knowledge.audiences AS a ON a.id = p.audience_id WHERE a.organization_id = :own"
                ),
                {"own": principal.organization_id},
            )
            counted = own.one()
        after = shape(await admin.get("/v1/admin/overview"))["organization"]["index"]
        assert (after["terms"], after["postings"]) == (counted.terms, counted.postings)
        assert counted.terms > 0

    async def test_shows_each_caller_what_they_may_know(self, call_as: CallAs) -> None:
        narrow = await call_as(Role.ADMIN, Permission.KNOWLEDGE_ADMIN)
        organization = shape(await narrow.get("/v1/admin/overview"))["organization"]
        assert (organization["people"], organization["jobs"]) == (None, None)
        editor = await call_as(Role.EDITOR)
        assert shape(await editor.get("/v1/admin/overview"), 403)["meta"]["permission"] == "knowledge.admin"

    async def test_tells_operators_how_the_installation_stands(
        self, application: Application, principal: Principal, tmp_path: Path
    ) -> None:
        folder = tmp_path / "backups"
        folder.mkdir()
        for name in ("kis-20261119T000000000000Z", "kis-20261120T000000000000Z"):
            (folder / f"{name}.dump.json").write_text(
                f'{{"file": "{name}.dump", "sha256": "", "size": 12, "created_at": "2026-11-20T00:00:00Z", "kis_version": "", '
                '"server_version": "", "program_version": "", "migration": "", "rows": {}}',
                encoding="utf-8",
            )
        operator = replace(
            principal, role=Role.VIEWER, permissions=frozenset({Permission.INSTALLATION_OPERATE})
        )
        told = await application.administration.overview(operator)
        assert told.organization is None
        assert told.installation is not None
        assert told.installation.last_backup is not None
        assert told.installation.last_backup.file == "kis-20261120T000000000000Z.dump"
        assert told.installation.organizations >= 1
        assert told.installation.index.bytes is not None
        assert told.installation.versions["searchEngine"] == "postings"
        assert told.installation.versions["revision"][:4].isdigit()


class TestJobs:
    async def test_are_listed_for_their_organisation_alone(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient, stranger: Principal
    ) -> None:
        first = await job(application, principal, "attachment.clean", "failed", error=_json(FAULT))
        second = await job(application, principal, "quotation.produce", "queued")
        await job(application, stranger, "attachment.clean", "failed")
        await job(application, None, "vectors.fill", "queued")
        told = shape(await admin.get("/v1/admin/jobs"))
        assert {one["id"] for one in told["items"]} == {str(first), str(second)}
        assert told["total"] == 2
        (failed,) = shape(await admin.get("/v1/admin/jobs", params={"status": "failed"}))["items"]
        assert failed["error"] == {"code": "job_failed", "message": "it broke", "hint": "do it again"}
        assert (failed["attempts"], failed["mayBeRetried"], failed["mayBeCancelled"]) == (3, True, False)
        of_kind = await admin.get("/v1/admin/jobs", params={"kind": "quotation.produce"})
        assert [one["id"] for one in shape(of_kind)["items"]] == [str(second)]
        paged = shape(await admin.get("/v1/admin/jobs", params={"size": 1, "page": 2}))
        assert (len(paged["items"]), paged["total"]) == (1, 2)

    async def test_of_the_installation_are_the_operators(
        self, admin: httpx2.AsyncClient, application: Application, principal: Principal
    ) -> None:
        refused = shape(await admin.get("/v1/admin/jobs", params={"everywhere": True}), 403)
        assert refused["meta"]["permission"] == "installation.operate"
        nobodys = await job(application, None, "vectors.fill", "queued")
        shape(await admin.get(f"/v1/admin/jobs/{nobodys}"), 404)
        operator = replace(principal, permissions=principal.permissions | {Permission.INSTALLATION_OPERATE})
        found = await application.administration.jobs.get(operator, nobodys, everywhere=True)
        assert found.organization_id is None

    async def test_that_failed_are_tried_as_often_as_new_ones(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        job_id = await job(application, principal, "attachment.clean", "failed", error=_json(FAULT))
        told = shape(await admin.post(f"/v1/admin/jobs/{job_id}/retry"))
        assert (told["status"], told["attempts"], told["error"]) == ("queued", 0, None)
        assert (await state(application, job_id))["finished_at"] is None
        assert await actions(application, f"job:{job_id}") == ["job.retried"]
        again = shape(await admin.post(f"/v1/admin/jobs/{job_id}/retry"), 409)
        assert again["code"] == "job_status"

    @pytest.mark.parametrize("kind", ["quotation.produce", "knowledge.run", "search.reindex", "nobody.does"])
    async def test_whose_failure_ended_what_they_were_for_are_not(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient, kind: str
    ) -> None:
        job_id = await job(application, principal, kind, "failed")
        assert shape(await admin.post(f"/v1/admin/jobs/{job_id}/retry"), 409)["code"] == "job_settled"
        assert (await state(application, job_id))["status"] == "failed"

    @pytest.mark.parametrize("status", ["queued", "running"])
    async def test_that_have_not_ended_are_cancelled(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient, status: str
    ) -> None:
        job_id = await job(application, principal, "attachment.clean", status)
        told = shape(await admin.post(f"/v1/admin/jobs/{job_id}/cancel"))
        assert (told["status"], told["error"]["code"]) == ("failed", "job_cancelled")
        assert (await state(application, job_id))["lease_owner"] is None
        assert await actions(application, f"job:{job_id}") == ["job.cancelled"]
        shape(await admin.post(f"/v1/admin/jobs/{job_id}/cancel"), 409)

    async def test_that_are_cancelled_tell_what_they_were_for(self, admin: httpx2.AsyncClient) -> None:
        started = shape(await admin.post("/v1/admin/reindex", json={}), 202)
        (waiting,) = shape(await admin.get("/v1/admin/jobs", params={"kind": "search.reindex"}))["items"]
        shape(await admin.post(f"/v1/admin/jobs/{waiting['id']}/cancel"))
        run = shape(await admin.get(f"/v1/admin/reindex/{started['runId']}"))
        assert (run["status"], run["error"]["code"]) == ("failed", "job_cancelled")
        shape(await admin.post("/v1/admin/reindex", json={"source": "article"}), 202)

    async def test_of_others_are_not_there(
        self, application: Application, call_as: CallAs, principal: Principal, stranger: Principal
    ) -> None:
        job_id = await job(application, principal, "attachment.clean", "failed")
        theirs = await call_as(Role.ADMIN, of=stranger)
        for act in ("retry", "cancel"):
            shape(await theirs.post(f"/v1/admin/jobs/{job_id}/{act}"), 404)
            kept = await state(application, job_id)
            assert (kept["status"], kept["attempts"], kept["error"]) == ("failed", 3, None)
        shape(await theirs.get(f"/v1/admin/jobs/{job_id}"), 404)


class TestLimits:
    async def test_are_those_that_are_set(self, admin: httpx2.AsyncClient) -> None:
        items = {one["name"]: one for one in shape(await admin.get("/v1/admin/limits"))["items"]}
        assert items["requestsPerMinute"] == {
            "name": "requestsPerMinute",
            "value": 600,
            "unit": "requests",
            "variable": "RATE_LIMIT_PER_MINUTE",
        }
        assert (items["articleBody"]["value"], items["articleBody"]["variable"]) == (200_000, None)


class TestFeatures:
    async def test_are_on_until_somebody_decides(
        self, admin: httpx2.AsyncClient, call_as: CallAs, stranger: Principal
    ) -> None:
        told = shape(await admin.get("/v1/admin/features"))["items"]
        assert [(one["name"], one["isOn"], one["isDecided"]) for one in told] == [
            ("search.corrections", True, False),
            ("search.vectors", True, False),
            ("knowledge.feedback", True, False),
            ("knowledge.public_articles", True, False),
            ("knowledge.translation", True, False),
        ]
        body = {"features": {"knowledge.feedback": False}}
        after = shape(await admin.put("/v1/admin/features", json=body))["items"]
        assert [one["name"] for one in after if not one["isOn"]] == ["knowledge.feedback"]
        theirs = await call_as(Role.ADMIN, of=stranger)
        assert all(one["isOn"] for one in shape(await theirs.get("/v1/admin/features"))["items"])
        assert all(
            one["isOn"]
            for one in shape(await admin.put("/v1/admin/features", json={"features": {}}))["items"]
        )

    async def test_leave_the_other_settings(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        await application.knowledge.decide_rules(principal, Rules(bin_days=7))
        shape(await admin.put("/v1/admin/features", json={"features": {"search.vectors": False}}))
        rules = await application.knowledge.rules(principal)
        assert (rules.bin_days, rules.features) == (7, {"search.vectors": False})

    async def test_that_are_none_are_refused(self, admin: httpx2.AsyncClient, call_as: CallAs) -> None:
        body = {"features": {"search.corections": False, "x": True}}
        refused = shape(await admin.put("/v1/admin/features", json=body), 422)
        assert [problem["path"] for problem in refused["meta"]["problems"]] == [
            "features.search.corections",
            "features.x",
        ]
        editor = await call_as(Role.EDITOR)
        shape(await editor.put("/v1/admin/features", json={"features": {}}), 403)

    async def test_corrections(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        await written(application, principal, "누전차단기")
        async with application.database.service() as session:
            await application.engine.count(session)

        async def found() -> int:
            answer = await application.search.search(principal, Query(text="snwjsckeksrl"))
            return len(answer.found.hits)

        assert await found() == 1
        shape(await admin.put("/v1/admin/features", json={"features": {"search.corrections": False}}))
        assert await found() == 0
        shape(await admin.put("/v1/admin/features", json={"features": {}}))
        assert await found() == 1

    async def test_feedback(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        article = await written(application, principal)
        path, opinion = f"/v1/knowledge/{article.id}/feedback", {"isHelpful": True}
        shape_of(await admin.put(path, json=opinion), 204)
        shape(await admin.put("/v1/admin/features", json={"features": {"knowledge.feedback": False}}))
        refused = shape(await admin.put(path, json=opinion), 403)
        assert (refused["code"], refused["meta"]["feature"]) == ("feature_off", "knowledge.feedback")
        # What was said before is still one's own to take back.
        shape_of(await admin.delete(path), 204)

    async def test_public_articles(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        opened = await written(application, principal, "이미 공개", visibility=Visibility.PUBLIC)
        within = await written(application, principal, "조직 안")
        off = {"features": {"knowledge.public_articles": False}}
        shape(await admin.put("/v1/admin/features", json=off))
        to_all = {"visibility": "public"}
        refused = shape(
            await admin.patch(f"/v1/knowledge/{within.id}", json=to_all, headers={"If-Match": "*"}), 403
        )
        assert refused["code"] == "feature_off"
        body = {"texts": {"ko": {"title": "새 글"}}, "visibility": "public"}
        shape(await admin.post("/v1/knowledge", json=body, params={"publish": True}), 403)
        # A draft is read by nobody elsewhere, and what is open already stays so when it is saved.
        shape(await admin.post("/v1/knowledge", json=body), 201)
        words = {"texts": {"ko": {"title": "고친 제목"}}}
        shape(await admin.patch(f"/v1/knowledge/{opened.id}", json=words, headers={"If-Match": "*"}))
        shape(await admin.put("/v1/admin/features", json={"features": {}}))
        shape(await admin.patch(f"/v1/knowledge/{within.id}", json=to_all, headers={"If-Match": "*"}))

    async def test_translation(
        self, application: Application, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        translator = ShoutingTranslator()
        object.__setattr__(application.knowledge_means, "translator", translator)
        article = await written(application, principal, publish=False)
        asked: dict[str, Any] = {"json": {"language": "en"}, "headers": {"If-Match": "*"}}
        path = f"/v1/knowledge/{article.id}/translate"
        off = {"features": {"knowledge.translation": False}}
        shape(await admin.put("/v1/admin/features", json=off))
        assert shape(await admin.post(path, **asked), 403)["code"] == "feature_off"
        assert translator.asked == []
        shape(await admin.put("/v1/admin/features", json={"features": {}}))
        assert shape(await admin.post(path, **asked))["states"]["en"] == "draft"


def shape_of(answer: httpx2.Response, status: int) -> None:
    """Look at the status of an answer without a body."""
    assert answer.status_code == status, answer.text


def _json(value: Any) -> str:
    return json.dumps(value)
