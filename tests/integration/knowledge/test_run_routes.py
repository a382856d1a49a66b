"""Many articles over HTTP: imports and bulk operations with a report for each row, and articles handed out as files."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID, uuid4

import httpx2
import pytest
from openpyxl import load_workbook

from kis.application import Application, open_application
from kis.identity import Principal, Role
from kis.knowledge import handlings
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, Settings
from kis.platform.jobs import Executor
from tests.factories.clients import CallAs, clients_of
from tests.factories.imports import packed

MOST_BYTES: Final = 64 * 1024
RUNS: Final = "/v1/knowledge/runs"
FOLDER: Final[dict[str, str | bytes]] = {
    "README.md": "# 이 폴더에 대하여\n",
    "panels/_category.yaml": "name: {ko: 분전반, en: Boards}\n",
    "panels/busbar.ko.md": "---\ntitle: 부스바\ntags: [구리]\n---\n\n부스바는 구리다.\n",
    "panels/busbar.en.md": "---\ntitle: Busbars\n---\n\nBusbars are copper.\n",
    "panels/wrong.ko.md": "---\ntitle: 틀린 글\ntype: novel\n---\n\n본문\n",
    "plain.md": "# Plain\n\nNo head, no language.\n",
}


@dataclass(frozen=True, slots=True)
class House:
    """An installation whose worker is the test."""

    application: Application
    executor: Executor

    async def work(self, caller: Principal, run_id: str) -> None:
        """Do the job of a run."""
        job_id = await self.application.knowledge.files.job_of(caller, UUID(run_id))
        await self.executor.run_job(job_id)


@pytest.fixture
async def house(app_database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    settings = Settings(
        application=ApplicationSettings(
            data=tmp_path, secret_key="s" * 40, largest_upload_bytes=MOST_BYTES, public_url="http://localhost"
        ),
        database=DatabaseSettings(url=app_database_url, pool_size=4),
    )
    async with open_application(settings, listens=False) as opened:
        await opened.storage.ensure()
        handlers = handlings(opened.knowledge_means)
        yield House(opened, Executor(opened.database, opened.hub, handlers, settings.jobs))


@pytest.fixture
async def call_as(house: House, principal: Principal) -> AsyncIterator[CallAs]:
    """Return a client of a role, in the test's organisation or another administrator's."""
    async with clients_of(house.application, principal) as made:
        yield made


@pytest.fixture
async def admin(call_as: CallAs) -> httpx2.AsyncClient:
    """An administrator whose organisation lets authors review."""
    client = await call_as(Role.ADMIN)
    rules = shape(await client.get("/v1/knowledge/settings"))
    shape(await client.put("/v1/knowledge/settings", json={**rules, "authorMayReview": True}))
    return client


def shape(answer: httpx2.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def sent(
    client: httpx2.AsyncClient,
    name: str = "folder.zip",
    data: bytes | None = None,
    **options: Any,
) -> httpx2.Response:
    """Send a file to be imported."""
    content = packed(FOLDER) if data is None else data
    return await client.post("/v1/knowledge/imports", files={"file": (name, content)}, data=options)


@dataclass(frozen=True, slots=True)
class Imported:
    """A run that was worked through, as the API tells of it."""

    client: httpx2.AsyncClient
    run: Mapping[str, Any]

    async def rows(self, **params: Any) -> dict[str, Any]:
        """Return its rows by their names."""
        page = shape(await self.client.get(self.run["links"]["rows"], params={"size": 100, **params}))
        assert page["total"] == len(page["items"])
        return {row["name"]: row for row in page["items"]}


async def worked(
    house: House, caller: Principal, client: httpx2.AsyncClient, answer: httpx2.Response
) -> Imported:
    run = shape(answer, 202)
    assert answer.headers["Location"] == f"{RUNS}/{run['id']}" == run["links"]["self"]
    await house.work(caller, run["id"])
    return Imported(client, shape(await client.get(answer.headers["Location"])))


async def slugs(client: httpx2.AsyncClient) -> dict[str, str]:
    """Return the organisation's articles, by slug, with where they stand."""
    page = shape(await client.get("/v1/knowledge", params={"size": 100, "filter": "own:true"}))
    return {item["slug"]: item["desk"]["status"] for item in page["items"]}


class TestImport:
    async def test_tells_of_each_row_what_became_of_it(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        answer = await sent(admin)
        run = shape(answer, 202)
        assert (run["kind"], run["name"], run["status"], run["total"]) == (
            "import",
            "folder.zip",
            "queued",
            0,
        )
        done = await worked(house, principal, admin, answer)
        assert (done.run["status"], done.run["total"], done.run["done"], done.run["failed"]) == (
            "done",
            5,
            5,
            1,
        )
        assert done.run["outcomes"] == {"created": 4, "failed": 1}
        rows = await done.rows()
        assert set(rows) == set(FOLDER) - {"README.md"}
        wrong = rows["panels/wrong.ko.md"]
        assert (wrong["outcome"], wrong["articleId"]) == ("failed", None)
        assert wrong["problems"][0]["path"] == "panels/wrong.ko.md:3 type"
        assert set(await done.rows(outcome="failed")) == {"panels/wrong.ko.md"}
        assert await done.rows(outcome="skipped") == {}
        assert await slugs(admin) == {"busbar": "draft", "plain": "draft"}
        listed = shape(await admin.get("/v1/knowledge/imports"))
        assert [(one["id"], one["outcomes"]) for one in listed["items"]] == [
            (run["id"], done.run["outcomes"])
        ]

    async def test_reports_as_json_csv_and_workbook_without_formulas(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        data = packed({"=1+1.ko.md": "---\ntitle: [\n---\n본문"})
        done = await worked(house, principal, admin, await sent(admin, data=data))
        report = done.run["links"]["report"]
        told = shape(await admin.get(report))
        assert (told["runId"], told["rows"][0]["outcome"]) == (done.run["id"], "failed")
        assert set(told["rows"][0]["problems"][0]["message"]) == {"ko", "en"}
        table = await admin.get(report, params={"format": "csv"})
        assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert f"run-{done.run['id']}.csv" in table.headers["Content-Disposition"]
        (line,) = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))
        assert (line["name"], line["outcome"]) == ("'=1+1.ko.md", "failed")
        book = await admin.get(report, params={"format": "xlsx"})
        sheet = load_workbook(io.BytesIO(book.content)).active
        assert sheet is not None
        names = [row[1] for row in sheet.iter_rows(min_row=2)]
        assert [(cell.value, cell.data_type) for cell in names] == [("=1+1.ko.md", "s")]
        assert book.content == (await admin.get(report, params={"format": "xlsx"})).content

    async def test_publishes_what_asks_for_it_and_with_publish_everything(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        data = packed({"a.ko.md": "---\ntitle: 가\nstatus: published\n---\n본문", "b.ko.md": "# 나\n\n본문"})
        await worked(house, principal, admin, await sent(admin, data=data))
        assert await slugs(admin) == {"a": "published", "b": "draft"}
        await worked(house, principal, admin, await sent(admin, data=data, publish="true"))
        assert await slugs(admin) == {"a": "published", "b": "published"}

    async def test_is_published_only_by_who_may_publish_their_own(self, call_as: CallAs) -> None:
        editor, reviewer_too = await call_as(Role.EDITOR), await call_as(Role.ADMIN)
        assert shape(await sent(editor, publish="true"), 403)["meta"]["permission"] == "article.review"
        assert shape(await sent(reviewer_too, publish="true"), 403)["code"] == "own_work"
        assert shape(await reviewer_too.get("/v1/knowledge/imports"))["total"] == 0

    async def test_of_a_dry_run_writes_nothing_and_tells_what_would_become(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        tried = await worked(house, principal, admin, await sent(admin, dryRun="true"))
        assert (tried.run["dryRun"], tried.run["outcomes"]) == (True, {"created": 4, "failed": 1})
        assert {row["articleId"] for row in (await tried.rows()).values()} == {None}
        assert await slugs(admin) == {}
        assert shape(await admin.get("/v1/categories"))["items"] == []
        await worked(house, principal, admin, await sent(admin))
        changed = {**FOLDER, "panels/busbar.ko.md": "---\ntitle: 다른 부스바\n---\n\n본문\n"}
        again = await worked(house, principal, admin, await sent(admin, data=packed(changed), dryRun="true"))
        assert again.run["outcomes"] == {"unchanged": 3, "updated": 1, "failed": 1}
        assert (await again.rows())["panels/busbar.ko.md"]["articleId"] is not None
        (found,) = shape(await admin.get("/v1/knowledge", params={"filter": "slug:busbar"}))["items"]
        assert (found["texts"]["ko"]["title"], found["version"]) == ("부스바", 1)

    async def test_hangs_new_articles_on_a_category_and_takes_their_language(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        refused = shape(await sent(admin, "plain.md", b"# Plain", category="nowhere"), 422)
        assert [problem["path"] for problem in refused["meta"]["problems"]] == ["category"]
        body = {"nameKo": "기본", "nameEn": "Basics", "slug": "basics"}
        category = shape(await admin.post("/v1/categories", json=body), 201)
        answer = await sent(admin, "plain.md", b"# MCCB ELB", category="basics", language="ko")
        await worked(house, principal, admin, answer)
        (found,) = shape(await admin.get("/v1/knowledge", params={"filter": "own:true"}))["items"]
        assert (found["categoryId"], list(found["texts"])) == (category["id"], ["ko"])

    async def test_leaves_what_is_there_where_that_is_wanted(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        await worked(house, principal, admin, await sent(admin, "plain.md", b"# Plain\n\nold"))
        changed = packed({"plain.md": "# Plain\n\nnew", "fresh.md": "# Fresh\n\nnew"})
        done = await worked(house, principal, admin, await sent(admin, data=changed, conflict="skip"))
        rows = await done.rows()
        assert {name: row["outcome"] for name, row in rows.items()} == {
            "plain.md": "skipped",
            "fresh.md": "created",
        }
        assert rows["plain.md"]["problems"][0]["message"] == "It is there already and stays as it is."
        whole = shape(await admin.get("/v1/knowledge/slugs/plain"))
        assert (whole["version"], whole["texts"]["en"]["body"]) == (1, "# Plain\n\nold")

    @pytest.mark.parametrize("name", ["program.exe", "picture.png", "drawing.dwg"])
    async def test_of_a_form_that_is_not_read_is_told_which_are(
        self, admin: httpx2.AsyncClient, name: str
    ) -> None:
        refused = shape(await sent(admin, name, b"\x7fELF\x00\x01\x02"), 415)
        assert refused["code"] == "form_unknown"
        assert {".zip", ".md", ".docx", ".pdf", ".csv"} <= set(refused["meta"]["accepted"])
        assert shape(await admin.get("/v1/knowledge/imports"))["total"] == 0

    async def test_is_bounded(self, house: House, admin: httpx2.AsyncClient) -> None:
        shape(await sent(admin, "a.md", b"a" * (MOST_BYTES + 1)), 413)
        shape(await sent(admin, "a.md", b"a" * (3 * MOST_BYTES)), 413)
        shape(await sent(admin, "a.md", b" \n "), 422)
        assert [found async for found in house.application.storage.list("imports")] == []


class TestCancel:
    async def test_is_for_who_started_it_and_administrators(
        self, house: House, principal: Principal, call_as: CallAs
    ) -> None:
        editor, other, admin = (
            await call_as(Role.EDITOR),
            await call_as(Role.EDITOR),
            await call_as(Role.ADMIN),
        )
        mine, theirs = [shape(await sent(editor), 202)["links"]["self"] for _ in range(2)]
        refused = shape(await other.post(f"{mine}/cancel"), 403)
        assert refused["meta"]["permission"] == "knowledge.admin"
        for client, run in ((editor, mine), (admin, theirs)):
            assert shape(await client.post(f"{run}/cancel"))["status"] == "cancelled"
            assert shape(await client.post(f"{run}/cancel"), 409)["code"] == "run_ended"
        await house.work(principal, mine.rpartition("/")[2])
        assert await slugs(editor) == {}


class TestBulk:
    async def test_says_at_once_how_many_and_then_what_became_of_each(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        await worked(house, principal, admin, await sent(admin))
        body = {"act": "publish", "conditions": ["status:draft"], "dryRun": True}
        answer = await admin.post("/v1/knowledge/bulk", json=body)
        assert shape(answer, 202)["total"] == 2
        tried = await worked(house, principal, admin, answer)
        assert (tried.run["kind"], tried.run["outcomes"]) == ("publish", {"updated": 2})
        assert set((await slugs(admin)).values()) == {"draft"}
        answer = await admin.post("/v1/knowledge/bulk", json={**body, "dryRun": False})
        done = await worked(house, principal, admin, answer)
        assert done.run["outcomes"] == {"updated": 2}
        assert set((await slugs(admin)).values()) == {"published"}
        kinds = [one["kind"] for one in shape(await admin.get(RUNS))["items"]]
        assert kinds == ["publish", "publish", "import"]
        assert shape(await admin.get("/v1/knowledge/imports"))["total"] == 1

    async def test_moves_tags_and_deletes_and_fetches_back(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        await worked(house, principal, admin, await sent(admin))
        (plain,) = shape(await admin.get("/v1/knowledge", params={"filter": "slug:plain"}))["items"]
        (category,) = shape(await admin.get("/v1/categories"))["items"]
        one = [plain["id"]]
        for body in (
            {"act": "move", "ids": one, "categoryId": category["id"]},
            {"act": "tag", "ids": one, "tags": ["새 이름표"]},
            {"act": "delete", "ids": one},
            {"act": "restore", "ids": one},
        ):
            answer = await admin.post("/v1/knowledge/bulk", json=body)
            assert (await worked(house, principal, admin, answer)).run["outcomes"] == {"updated": 1}, body
        found = shape(await admin.get(f"/v1/knowledge/{plain['id']}"))
        assert (found["categoryId"], found["texts"]["en"]["tags"]) == (category["id"], ["새 이름표"])

    async def test_names_everything_that_is_wrong(self, admin: httpx2.AsyncClient) -> None:
        paths = {
            "both": (
                {"act": "delete", "ids": [str(uuid4())], "conditions": []},
                ["ids", "conditions"],
            ),
            "neither": ({"act": "delete"}, ["ids", "conditions"]),
            "conditions": (
                {"act": "delete", "conditions": ["colour:red", "status"]},
                ["conditions[0]", "conditions[1]"],
            ),
            "value": ({"act": "delete", "conditions": ["status:lost"]}, ["filter.status"]),
            "tags": ({"act": "tag", "ids": [str(uuid4())]}, ["tags"]),
            "act": ({"act": "burn", "ids": [str(uuid4())]}, ["act"]),
        }
        for name, (body, expected) in paths.items():
            refused = shape(await admin.post("/v1/knowledge/bulk", json=body), 422)
            assert [problem["path"] for problem in refused["meta"]["problems"]] == expected, name


class TestExport:
    @pytest.mark.parametrize(
        ("form", "media_type", "name"),
        [
            ("csv", "text/csv; charset=utf-8", "knowledge.csv"),
            ("json", "application/json", "knowledge.json"),
            ("markdown", "application/zip", "knowledge.zip"),
            ("html", "application/zip", "knowledge-html.zip"),
            ("docx", "application/zip", "knowledge-docx.zip"),
            ("pdf", "application/zip", "knowledge-pdf.zip"),
        ],
    )
    async def test_is_a_file_in_every_form(
        self,
        house: House,
        principal: Principal,
        admin: httpx2.AsyncClient,
        form: str,
        media_type: str,
        name: str,
    ) -> None:
        await worked(house, principal, admin, await sent(admin))
        answer = await admin.get("/v1/knowledge/export", params={"format": form})
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == media_type
        assert f'filename="{name}"' in answer.headers["Content-Disposition"]
        if media_type == "application/zip":
            with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                assert archive.testzip() is None
                ending = {"markdown": "md"}.get(form, form)
                assert {f"panels/busbar.{language}.{ending}" for language in ("ko", "en")} <= set(
                    archive.namelist()
                )

    async def test_of_one_text_is_called_as_it_is(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient
    ) -> None:
        await worked(house, principal, admin, await sent(admin, "차단기.md", "# 차단기\n\n본문".encode()))
        params = {"format": "pdf", "slug": "차단기", "language": "ko"}
        answer = await admin.get("/v1/knowledge/export", params=params)
        assert answer.content.startswith(b"%PDF-")
        assert answer.headers["Content-Type"] == "application/pdf"
        disposition = answer.headers["Content-Disposition"]
        assert unquote(disposition.partition("filename*=UTF-8''")[2]) == "차단기.ko.pdf"

    async def test_is_of_what_the_conditions_find_and_the_caller_may_read(
        self, house: House, principal: Principal, admin: httpx2.AsyncClient, call_as: CallAs
    ) -> None:
        await worked(house, principal, admin, await sent(admin))
        body = {"act": "publish", "conditions": ["slug:plain"]}
        await worked(house, principal, admin, await admin.post("/v1/knowledge/bulk", json=body))
        drafts = {"format": "json", "filter": "status:draft"}
        told = shape(await admin.get("/v1/knowledge/export", params=drafts))
        assert [one["slug"] for one in told["articles"]] == ["busbar"]
        viewer = await call_as(Role.VIEWER)
        told = shape(await viewer.get("/v1/knowledge/export", params={"format": "json"}))
        assert [one["slug"] for one in told["articles"]] == ["plain"]
        assert shape(await viewer.get("/v1/knowledge/export", params=drafts), 403)["code"] == "forbidden"
        params = {"format": "json", "filter": "tag:없음"}
        refused = shape(await admin.get("/v1/knowledge/export", params=params), 422)
        assert [problem["path"] for problem in refused["meta"]["problems"]] == ["conditions"]
        params = {"format": "json", "filter": "colour:red"}
        refused = shape(await admin.get("/v1/knowledge/export", params=params), 422)
        assert [problem["path"] for problem in refused["meta"]["problems"]] == ["query.filter[0]"]


class TestStrangers:
    async def test_find_no_run_of_ours(
        self, house: House, call_as: CallAs, stranger: Principal, admin: httpx2.AsyncClient
    ) -> None:
        path = shape(await sent(admin), 202)["links"]["self"]
        other = await call_as(Role.ADMIN, of=stranger)
        for method, name in (
            ("GET", path),
            ("GET", f"{path}/rows"),
            ("GET", f"{path}/report"),
            ("POST", f"{path}/cancel"),
        ):
            assert shape(await other.request(method, name), 404)["code"] == "run_not_found"
        assert shape(await other.get(RUNS))["total"] == 0
        assert shape(await other.get("/v1/knowledge/imports"))["total"] == 0
        assert shape(await admin.get(path))["status"] == "queued"
        assert house.application is not None
