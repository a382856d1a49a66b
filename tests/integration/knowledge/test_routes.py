"""The knowledge base over HTTP: the way of an article to its readers, copies and conflicts, rights, files, categories."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import pytest

from kis.application import Application, open_application
from kis.identity import Principal, Role
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, Settings
from tests.factories.clients import CallAs, clients_of

MOST_BYTES: Final = 4096
PDF: Final = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
ARTICLE: Final[dict[str, Any]] = {
    "texts": {
        "ko": {"title": "차단기 선정", "body": "# 기준\n\n정격 <b>전류</b>", "tags": ["차단기"]},
        "en": {"title": "Choosing a breaker", "body": "# Rule", "seoTitle": "Breakers"},
    },
    "metadata": {"standard": "KS C IEC 60947-2"},
    "note": "처음",
}


@pytest.fixture
async def application(app_database_url: str, tmp_path: Path) -> AsyncIterator[Application]:
    settings = Settings(
        application=ApplicationSettings(
            data=tmp_path, secret_key="s" * 40, largest_upload_bytes=MOST_BYTES, public_url="http://localhost"
        ),
        database=DatabaseSettings(url=app_database_url, pool_size=4),
    )
    async with open_application(settings, listens=False) as opened:
        await opened.storage.ensure()
        yield opened


@pytest.fixture
async def call_as(application: Application, principal: Principal) -> AsyncIterator[CallAs]:
    """Return a client of a role, in the test's organisation or another administrator's."""
    async with clients_of(application, principal) as made:
        yield made


@pytest.fixture
async def editing(call_as: CallAs) -> httpx2.AsyncClient:
    """Somebody who writes."""
    return await call_as(Role.EDITOR)


@pytest.fixture
async def reviewing(call_as: CallAs) -> httpx2.AsyncClient:
    """Somebody who reviews."""
    return await call_as(Role.REVIEWER)


@pytest.fixture
async def viewing(call_as: CallAs) -> httpx2.AsyncClient:
    """Somebody who reads."""
    return await call_as(Role.VIEWER)


def shape(answer: httpx2.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def copy_of(answer: httpx2.Response) -> dict[str, str]:
    """Return the header that names the copy an answer tells of."""
    return {"If-Match": answer.headers["ETag"]}


ANY: Final = {"If-Match": "*"}


async def written(client: httpx2.AsyncClient, **changes: Any) -> str:
    """Return the address of a new article."""
    answer = await client.post("/v1/knowledge", json={**ARTICLE, **changes})
    shape(answer, 201)
    return str(answer.headers["Location"])


async def published(editing: httpx2.AsyncClient, reviewing: httpx2.AsyncClient, **changes: Any) -> str:
    """Return the address of an article that went the whole way."""
    path = await written(editing, **changes)
    for client, act in ((editing, "submit"), (reviewing, "approve"), (reviewing, "publish")):
        shape(await client.post(f"{path}/{act}", headers=ANY))
    return path


class TestTheWay:
    async def test_of_an_article_to_its_readers_and_back(
        self, editing: httpx2.AsyncClient, reviewing: httpx2.AsyncClient, viewing: httpx2.AsyncClient
    ) -> None:
        made = await editing.post("/v1/knowledge", json=ARTICLE)
        now = shape(made, 201)
        path = made.headers["Location"]
        assert path == f"/v1/knowledge/{now['id']}"
        assert (now["status"], now["version"], now["publishedVersion"]) == ("draft", 1, None)
        assert (now["slug"], made.headers["ETag"]) == ("choosing-a-breaker", '"1"')
        shape(await viewing.get(path), 404)

        answer = await editing.post(f"{path}/submit", headers=copy_of(made))
        assert (shape(answer)["status"], answer.headers["ETag"]) == ("in_review", '"2"')
        answer = await reviewing.post(
            f"{path}/give-back", headers=copy_of(answer), json={"reason": "근거가 없습니다."}
        )
        assert shape(answer)["status"] == "draft"
        (thread,) = shape(await editing.get(f"{path}/comments"))["items"]
        assert (thread["comment"]["body"], thread["answers"]) == ("근거가 없습니다.", [])

        answer = await editing.patch(
            path, headers=copy_of(answer), json={"texts": {"ko": {"title": "차단기 고르기"}}, "note": "고침"}
        )
        saved = shape(answer)
        assert (saved["version"], saved["states"]) == (2, {"ko": "current", "en": "out_of_date"})
        answer = await editing.post(f"{path}/submit", headers=copy_of(answer))
        answer = await reviewing.post(f"{path}/approve", headers=copy_of(answer))
        later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        answer = await reviewing.post(f"{path}/schedule", headers=copy_of(answer), json={"publishAt": later})
        assert shape(answer)["status"] == "scheduled"
        answer = await reviewing.post(f"{path}/unschedule", headers=copy_of(answer))
        answer = await reviewing.post(f"{path}/publish", headers=copy_of(answer))
        assert (shape(answer)["status"], shape(answer)["publishedVersion"]) == ("published", 2)

        read = shape(await viewing.get(path))
        assert (read["texts"]["ko"]["title"], read["desk"], read["isOwn"]) == ("차단기 고르기", None, True)
        assert read == shape(await viewing.get("/v1/knowledge/slugs/choosing-a-breaker"))
        assert shape(await editing.get(path))["desk"]["status"] == "published"

        answer = await reviewing.post(f"{path}/archive", headers=copy_of(answer))
        shape(await viewing.get(path), 404)
        answer = await reviewing.post(f"{path}/reinstate", headers=copy_of(answer))
        assert shape(answer)["status"] == "draft"
        answer = await editing.post(f"{path}/submit", headers=copy_of(answer))
        assert shape(await editing.post(f"{path}/withdraw", headers=copy_of(answer)))["status"] == "draft"

    async def test_is_closed_to_who_may_not_and_by_where_it_stands(
        self, editing: httpx2.AsyncClient, reviewing: httpx2.AsyncClient
    ) -> None:
        path = await written(editing)
        refused = shape(await editing.post(f"{path}/approve", headers=ANY), 403)
        assert (refused["code"], refused["meta"]["permission"]) == ("forbidden", "article.review")
        refused = shape(await reviewing.post(f"{path}/publish", headers=ANY), 409)
        assert (refused["code"], refused["meta"]["status"]) == ("article_status", "draft")
        refused = shape(await editing.post(f"{path}/translate", headers=ANY, json={"language": "en"}), 409)
        assert refused["code"] == "no_translator"

    async def test_of_ones_own_work_is_for_another_unless_the_organisation_says_otherwise(
        self, call_as: CallAs
    ) -> None:
        admin = await call_as(Role.ADMIN)
        path = await written(admin)
        shape(await admin.post(f"{path}/submit", headers=ANY))
        assert shape(await admin.post(f"{path}/approve", headers=ANY), 403)["code"] == "own_work"
        rules = shape(await admin.get("/v1/knowledge/settings"))
        shape(await admin.put("/v1/knowledge/settings", json={**rules, "authorMayReview": True}))
        assert shape(await admin.post(f"{path}/approve", headers=ANY))["status"] == "approved"
        at_once = await admin.post("/v1/knowledge", params={"publish": True}, json=ARTICLE)
        assert shape(at_once, 201)["status"] == "published"


class TestCopies:
    async def test_that_are_there_already_are_not_sent_again(
        self, editing: httpx2.AsyncClient, reviewing: httpx2.AsyncClient, viewing: httpx2.AsyncClient
    ) -> None:
        path = await published(editing, reviewing)
        for name in (path, f"{path}/rendered"):
            first = await viewing.get(name)
            same = await viewing.get(name, headers={"If-None-Match": first.headers["ETag"]})
            assert (same.status_code, same.content) == (304, b"")
            assert same.headers["ETag"] == first.headers["ETag"]
        readers = (await viewing.get(path)).headers["ETag"]
        assert (await editing.get(path, headers={"If-None-Match": readers})).status_code == 200
        shape(await editing.patch(path, headers=ANY, json={"note": "", "metadata": {"a": "b"}}))
        shape(await viewing.get(path, headers={"If-None-Match": readers}))

    async def test_that_are_out_of_date_change_nothing_and_show_both_versions(
        self, editing: httpx2.AsyncClient
    ) -> None:
        path = await written(editing)
        mine, theirs = ({"texts": {"en": {"title": title, "seoTitle": "S"}}} for title in ("Mine", "Theirs"))
        shape(await editing.patch(path, headers={"If-Match": '"1"'}, json=theirs))
        refused = shape(await editing.patch(path, headers={"If-Match": '"1"'}, json=mine), 409)
        meta = refused["meta"]
        assert (refused["code"], meta["givenRevision"], meta["revision"]) == ("article_changed", 1, 2)
        assert (meta["yours"]["texts"]["en"]["title"], meta["theirs"]["texts"]["en"]["title"]) == (
            "Mine",
            "Theirs",
        )
        assert meta["theirs"]["texts"]["en"]["seoTitle"] == "S"
        assert shape(await editing.get(path))["texts"]["en"]["title"] == "Theirs"
        for method, name in (
            ("DELETE", path),
            ("POST", f"{path}/submit"),
            ("POST", f"{path}/versions/1/restore"),
        ):
            answer = await editing.request(method, name, headers={"If-Match": '"1"'})
            assert shape(answer, 409)["code"] == "article_changed", name

    @pytest.mark.parametrize(
        ("given", "status"),
        [({}, 428), ({"If-Match": '"1-p"'}, 412), ({"If-Match": 'W/"1"'}, 412), ({"If-Match": "1"}, 422)],
    )
    async def test_have_to_be_named_as_those_that_can_be_changed(
        self, editing: httpx2.AsyncClient, given: dict[str, str], status: int
    ) -> None:
        path = await written(editing)
        shape(await editing.patch(path, headers=given, json={"texts": {"ko": {"title": "다른"}}}), status)
        assert shape(await editing.get(path))["revision"] == 1
        answer = await editing.patch(path, headers={"If-Match": '"9", "1-p"'}, json={"slug": "other"})
        assert shape(answer, 409)["meta"]["givenRevision"] == 9


class TestReading:
    async def test_a_list_is_filtered_sorted_and_paged(
        self, editing: httpx2.AsyncClient, viewing: httpx2.AsyncClient
    ) -> None:
        for title in ("가", "나", "다"):
            await written(editing, texts={"ko": {"title": title, "body": "본문"}}, type="faq")
        await written(editing)
        asked: dict[str, str | int] = {"filter": "type:faq", "sort": "title", "size": 2}
        listed = shape(await editing.get("/v1/knowledge", params=asked))
        assert [item["texts"]["ko"]["title"] for item in listed["items"]] == ["가", "나"]
        assert (listed["total"], "body" in listed["items"][0]["texts"]["ko"]) == (3, False)
        assert shape(await viewing.get("/v1/knowledge"))["items"] == []
        shape(await viewing.get("/v1/knowledge", params={"filter": "status:draft"}), 403)
        shape(await editing.get("/v1/knowledge", params={"size": 101}), 422)
        shape(await editing.get("/v1/knowledge", params={"filter": "nothing:1"}), 422)

    async def test_rendered_it_is_clean_and_in_the_language_there_is(
        self, editing: httpx2.AsyncClient
    ) -> None:
        path = await written(editing, texts={"ko": ARTICLE["texts"]["ko"]})
        page = shape(await editing.get(f"{path}/rendered"))
        assert (page["language"], page["title"]) == ("ko", "차단기 선정")
        assert page["headings"] == [{"level": 1, "anchor": "section-기준", "text": "기준"}]
        assert "&lt;b&gt;전류" in page["html"]

    async def test_versions_are_compared_and_restored(self, editing: httpx2.AsyncClient) -> None:
        path = await written(editing)
        shape(await editing.patch(path, headers=ANY, json={"texts": {"en": None}, "note": "ko only"}))
        listed = shape(await editing.get(f"{path}/versions"))
        assert [(item["number"], item["note"], item["isCurrent"]) for item in listed["items"]] == [
            (2, "ko only", True),
            (1, "처음", False),
        ]
        changes = shape(await editing.get(f"{path}/diff", params={"old": 1, "new": 2}))["changes"]
        assert [(change["language"], change["field"]) for change in changes] == [
            ("en", "title"),
            ("en", "body"),
            ("en", "seoTitle"),
            ("en", "state"),
        ]
        assert changes[0]["hunks"][0]["lines"] == ["-Choosing a breaker"]
        assert shape(await editing.post(f"{path}/versions/1/restore", headers=ANY))["version"] == 3
        assert (
            shape(await editing.get(f"{path}/versions/3"))["texts"]
            == shape(await editing.get(f"{path}/versions/1"))["texts"]
        )
        assert shape(await editing.get(f"{path}/versions/9"), 404)["code"] == "article_version_not_found"

    async def test_errors_are_told_in_the_callers_language_all_at_once(
        self, editing: httpx2.AsyncClient
    ) -> None:
        path = "/v1/knowledge/0b0e7c1e-5f4e-4d8e-9a53-d9a3c7b0f1a7"
        told = shape(await editing.get(path), 404)
        assert told["message"] == f"there is no article {path.rpartition('/')[2]}"
        told = shape(await editing.get(path, headers={"Accept-Language": "ko"}), 404)
        assert told["message"] == f"문서 {path.rpartition('/')[2]}이 없습니다."
        wrong = {"texts": {"ko": {"title": " "}}, "slug": "A b", "owner": "nobody"}
        told = shape(await editing.post("/v1/knowledge", json=wrong), 422)
        assert {problem["path"] for problem in told["meta"]["problems"]} == {
            "texts.ko.title",
            "slug",
            "owner",
        }

    async def test_next_door_nothing_of_it_is_known(
        self, editing: httpx2.AsyncClient, reviewing: httpx2.AsyncClient, call_as: CallAs, stranger: Principal
    ) -> None:
        path = await published(editing, reviewing)
        next_door = await call_as(Role.ADMIN, of=stranger)
        for name in ("", "/rendered", "/versions", "/comments", "/related", "/attachments", "/feedback"):
            assert shape(await next_door.get(f"{path}{name}"), 404)["code"] == "article_not_found", name
        shape(await next_door.get("/v1/knowledge/slugs/choosing-a-breaker"), 404)
        shape(await next_door.patch(path, headers=ANY, json={"slug": "theirs"}), 404)
        assert shape(await next_door.get("/v1/knowledge"))["total"] == 0


class TestParts:
    async def test_files_come_and_go_and_are_fetched_by_their_link(
        self, editing: httpx2.AsyncClient, reviewing: httpx2.AsyncClient, viewing: httpx2.AsyncClient
    ) -> None:
        path = await published(editing, reviewing)
        added = await editing.post(f"{path}/attachments", headers=ANY, files={"file": ("설명서.pdf", PDF)})
        made = shape(added, 201)
        assert (made["name"], made["mediaType"], made["sizeBytes"]) == (
            "설명서.pdf",
            "application/pdf",
            len(PDF),
        )
        (file,) = shape(await viewing.get(f"{path}/attachments"))["items"]
        assert (await viewing.get(urlsplit(file["signedUrl"]).path)).content == PDF
        name = f"{path}/attachments/{file['id']}"
        shape(await viewing.delete(name, headers=ANY), 403)
        shape(await editing.delete(name, headers=ANY), 204)
        assert shape(await editing.delete(name, headers=ANY), 404)["code"] == "attachment_not_found"

    async def test_files_are_bounded_and_of_kinds_that_are_kept(self, editing: httpx2.AsyncClient) -> None:
        path = f"{await written(editing)}/attachments"

        async def sent(name: str, data: bytes) -> httpx2.Response:
            return await editing.post(path, headers=ANY, files={"file": (name, data)})

        shape(await sent("a.pdf", PDF + b" " * MOST_BYTES), 413)
        refused = shape(await sent("a.html", b"<script>"), 415)
        assert refused["code"] == "attachment_refused"
        shape(await sent(f"{'x' * 201}.pdf", PDF), 422)
        shape(await editing.post(path, headers=ANY, files={"other": ("a.pdf", PDF)}), 422)
        shape(await editing.post(path, headers=ANY, json={"file": "a"}), 422)
        assert shape(await editing.get(path))["items"] == []

    async def test_threads_are_answered_and_resolved(
        self, editing: httpx2.AsyncClient, reviewing: httpx2.AsyncClient, viewing: httpx2.AsyncClient
    ) -> None:
        path = await written(editing)
        first = shape(
            await reviewing.post(
                f"{path}/comments", json={"body": "왜?", "language": "ko", "quoted": "정격"}
            ),
            201,
        )
        answer = {"body": "표준이 그렇습니다.", "answersId": first["id"]}
        shape(await editing.post(f"{path}/comments", json=answer), 201)
        (thread,) = shape(await editing.get(f"{path}/comments"))["items"]
        assert [each["body"] for each in thread["answers"]] == ["표준이 그렇습니다."]
        resolution = f"{path}/comments/{first['id']}/resolution"
        assert shape(await reviewing.put(resolution, json={"resolved": True}))["resolvedAt"] is not None
        assert shape(await editing.get(f"{path}/comments", params={"openOnly": True}))["items"] == []
        assert shape(await reviewing.put(resolution, json={"resolved": False}))["resolvedAt"] is None
        shape(await viewing.get(f"{path}/comments"), 403)

    async def test_related_articles_keep_their_order(
        self, editing: httpx2.AsyncClient, reviewing: httpx2.AsyncClient, viewing: httpx2.AsyncClient
    ) -> None:
        path = await published(editing, reviewing)
        draft = (await written(editing, slug="draft")).rpartition("/")[2]
        other = (await published(editing, reviewing, slug="other")).rpartition("/")[2]
        shape(await editing.put(f"{path}/related", headers=ANY, json={"related": [draft, other]}))
        assert [each["id"] for each in shape(await editing.get(f"{path}/related"))["items"]] == [draft, other]
        (seen,) = shape(await viewing.get(f"{path}/related"))["items"]
        assert (seen["id"], seen["titles"]["ko"]) == (other, "차단기 선정")

    async def test_readers_say_once_whether_it_helped(
        self, editing: httpx2.AsyncClient, reviewing: httpx2.AsyncClient, viewing: httpx2.AsyncClient
    ) -> None:
        path = await published(editing, reviewing)
        shape(await viewing.put(f"{path}/feedback", json={"isHelpful": True}), 204)
        shape(
            await viewing.put(f"{path}/feedback", json={"isHelpful": False, "comment": "그림이 없습니다."}),
            204,
        )
        listed = shape(await editing.get(f"{path}/feedback"))
        assert [(said["isHelpful"], said["comment"]) for said in listed["items"]] == [
            (False, "그림이 없습니다.")
        ]
        shape(await viewing.get(f"{path}/feedback"), 403)
        shape(await viewing.delete(f"{path}/feedback"), 204)
        assert shape(await editing.get(f"{path}/feedback"))["total"] == 0

    async def test_what_was_deleted_comes_back_or_goes_for_good(
        self, editing: httpx2.AsyncClient, call_as: CallAs
    ) -> None:
        admin = await call_as(Role.ADMIN)
        path = await written(editing)
        article_id = path.rpartition("/")[2]
        shape(await editing.delete(path, headers=ANY), 204)
        shape(await editing.get(path), 404)
        shape(await editing.get("/v1/knowledge/bin"), 403)
        (binned,) = shape(await admin.get("/v1/knowledge/bin"))["items"]
        assert (binned["id"], binned["titles"]["en"]) == (article_id, "Choosing a breaker")
        await written(editing)
        back = f"/v1/knowledge/bin/{article_id}/fetch-back"
        assert shape(await admin.post(back, json={}), 409)["code"] == "slug_taken"
        assert shape(await admin.post(back, json={"slug": "older"}))["slug"] == "older"
        shape(await editing.delete(path, headers=ANY), 204)
        shape(await admin.delete(f"/v1/knowledge/bin/{article_id}"), 204)
        shape(await admin.post(back, json={}), 404)

    async def test_settings_are_bounded(self, call_as: CallAs) -> None:
        admin = await call_as(Role.ADMIN)
        rules = shape(await admin.get("/v1/knowledge/settings"))
        assert rules == {
            "authorMayReview": False,
            "reminderDays": 14,
            "searchLogDays": 90,
            "binDays": 30,
            "features": {},
        }
        changed = {**rules, "binDays": 7, "features": {"knowledge.feedback": False}}
        assert shape(await admin.put("/v1/knowledge/settings", json=changed)) == changed
        shape(await admin.put("/v1/knowledge/settings", json={**rules, "binDays": 0}), 422)
        shape(await admin.put("/v1/knowledge/settings", json={**rules, "features": {"assistant": True}}), 422)


class TestCategories:
    async def test_grow_move_and_go(self, editing: httpx2.AsyncClient, viewing: httpx2.AsyncClient) -> None:
        async def added(name: str, parent_id: str | None = None) -> str:
            body = {"nameKo": name, "nameEn": name, "parentId": parent_id}
            return str(shape(await editing.post("/v1/categories", json=body), 201)["id"])

        async def tree() -> list[tuple[str, str | None, int]]:
            items = shape(await viewing.get("/v1/categories"))["items"]
            return [(item["nameKo"], item["parentId"], item["articles"]) for item in items]

        top, first, second = await added("top"), await added("first"), await added("second")
        below = await added("below", top)
        path = await written(editing, categoryId=below)
        body = {"parentId": None, "categories": [second, first, top]}
        shape(await editing.put("/v1/categories/order", json=body), 204)
        shape(await editing.patch(f"/v1/categories/{first}", json={"nameKo": "하나", "icon": "bolt"}))
        assert (
            shape(await editing.post(f"/v1/categories/{first}/move", json={"parentId": top, "position": 0}))[
                "parentId"
            ]
            == top
        )
        # The article is a draft, which a reader does not count.
        assert await tree() == [("second", None, 0), ("top", None, 0), ("하나", top, 0), ("below", top, 0)]
        circle = await editing.post(f"/v1/categories/{top}/move", json={"parentId": below})
        assert shape(circle, 409)["code"] == "category_circle"
        assert shape(await editing.delete(f"/v1/categories/{below}"), 409)["code"] == "category_in_use"
        gone = await editing.delete(f"/v1/categories/{below}", params={"into": second})
        assert shape(gone)["movedArticles"] == 1
        assert shape(await editing.get(path))["categoryId"] == second
        cleared = await editing.patch(path, headers=ANY, json={"categoryId": None})
        shape(cleared)
        assert shape(await editing.get(path))["categoryId"] is None
        shape(await viewing.post("/v1/categories", json={"nameKo": "x", "nameEn": "x"}), 403)

    async def test_next_door_are_not_there(
        self, editing: httpx2.AsyncClient, call_as: CallAs, stranger: Principal
    ) -> None:
        body = {"nameKo": "우리", "nameEn": "Ours"}
        category_id = shape(await editing.post("/v1/categories", json=body), 201)["id"]
        next_door = await call_as(Role.ADMIN, of=stranger)
        assert shape(await next_door.get("/v1/categories"))["items"] == []
        shape(await next_door.patch(f"/v1/categories/{category_id}", json={"icon": "x"}), 404)
        shape(await next_door.post("/v1/knowledge", json={**ARTICLE, "categoryId": category_id}), 404)
