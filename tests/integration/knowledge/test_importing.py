"""Imports over a real database: what becomes of each row, and that nothing is lost or done twice."""

import base64
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from kis.identity import Principal, Role, Via
from kis.knowledge.importing.options import ImportOptions
from kis.knowledge.importing.service import start_import
from kis.knowledge.runs import service
from kis.knowledge.runs.errors import RunEnded, RunNotFound
from kis.knowledge.runs.things import RunStatus
from kis.platform.errors import BadInput, Forbidden
from kis.search import Query, Source
from tests.factories.imports import Desk, open_desk, packed
from tests.factories.processes import Supervised
from tests.factories.waiting import eventually
from tests.integration.conftest import DatabaseUrls, MakeOrganization, MakePrincipal


@pytest.fixture
async def desk(app_database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(app_database_url, tmp_path) as opened:
        yield opened


def article(title: str, body: str = "", **head: str) -> str:
    fields = "".join(f"{name}: {value}\n" for name, value in {"title": title, **head}.items())
    return f"---\n{fields}---\n\n{body or f'# {title}'}\n"


FOLDER = {
    "panels/_category.yaml": "name: {ko: 분전반, en: Boards}\nicon: grid\norder: 10\n",
    "panels/busbar.ko.md": article(
        "부스바", "# 부스바\n\n[외함](../boxes/enclosure.ko.md)을 보십시오.", tags="[동, 부스바]"
    ),
    "panels/busbar.en.md": article("Busbars", "# Busbars\n\nSee [enclosures](../boxes/enclosure.en.md)."),
    "boxes/enclosure.ko.md": article("외함", type="guide"),
}


class TestMarkdownFolder:
    async def test_makes_articles_of_both_languages_in_their_categories(
        self, desk: Desk, principal: Principal
    ) -> None:
        run = await desk.imported(principal, FOLDER)
        assert (run.status, run.error) == (RunStatus.DONE, None)
        assert run.outcomes == {"created": 5}
        assert (run.total, run.done, run.failed) == (5, 5, 0)
        rows = await desk.rows(
            "SELECT a.slug, a.type, a.status, c.slug AS category, c.name_en, v.texts FROM knowledge.articles AS a "
            "JOIN knowledge.categories AS c ON c.id = a.category_id JOIN knowledge.article_versions AS v ON v.article_id = a.id "
            "WHERE a.organization_id = :own ORDER BY a.slug",
            own=principal.organization_id,
        )
        assert [(row.slug, row.type, row.status, row.category, row.name_en) for row in rows] == [
            ("busbar", "article", "draft", "panels", "Boards"),
            ("enclosure", "guide", "draft", "boxes", "boxes"),
        ]
        assert set(rows[0].texts) == {"ko", "en"}
        assert rows[0].texts["ko"]["tags"] == ["동", "부스바"]
        assert rows[0].texts["ko"]["body"].endswith("[외함](/knowledge/enclosure)을 보십시오.")

    async def test_the_same_again_changes_nothing(self, desk: Desk, principal: Principal) -> None:
        await desk.imported(principal, FOLDER)
        again = await desk.imported(principal, FOLDER)
        assert again.outcomes == {"unchanged": 5}
        assert await versions(desk, principal) == {"busbar": [1], "enclosure": [1]}

    async def test_a_changed_text_is_a_new_version_and_the_other_language_out_of_date(
        self, desk: Desk, principal: Principal
    ) -> None:
        await desk.imported(principal, FOLDER)
        changed = {**FOLDER, "panels/busbar.ko.md": article("부스바와 동")}
        again = await desk.imported(principal, changed)
        assert again.outcomes == {"unchanged": 4, "updated": 1}
        assert await versions(desk, principal) == {"busbar": [1, 2], "enclosure": [1]}
        only_ko = await desk.imported(principal, {"panels/busbar.ko.md": article("또 다른 부스바")})
        assert only_ko.outcomes == {"unchanged": 1, "updated": 1}
        (row,) = await desk.rows(
            "SELECT v.texts #>> '{ko,state}' AS ko, v.texts #>> '{en,state}' AS en FROM knowledge.article_versions AS v "
            "JOIN knowledge.articles AS a ON a.id = v.article_id AND a.current_version = v.number WHERE a.slug = 'busbar' AND a.organization_id = :own",
            own=principal.organization_id,
        )
        assert (row.ko, row.en) == ("current", "out_of_date")

    async def test_what_is_written_is_found_and_gone_with_the_old_words(
        self, desk: Desk, principal: Principal
    ) -> None:
        await desk.imported(principal, FOLDER)
        await desk.imported(principal, {"boxes/enclosure.ko.md": article("분전함")})
        async with desk.database.transaction(principal.scope) as session:
            old = await desk.means.engine.search(session, Query(text="외함", corrects=False, limit=100))
            new = await desk.means.engine.search(session, Query(text="분전함", corrects=False, limit=100))
        # Other tests put things there that everybody may read: these titles no article of theirs has.
        assert [hit.facts for hit in old.hits if hit.title == "외함" and hit.source is Source.ARTICLE] == []
        assert [hit.facts["slug"] for hit in new.hits if hit.title == "분전함"] == ["enclosure"]

    async def test_says_of_each_row_what_is_wrong_and_where(self, desk: Desk, principal: Principal) -> None:
        files = {
            "a/good.ko.md": article("좋은 글"),
            "a/bad.ko.md": "---\ntitle: 나쁜 글\ntype: novel\nslug: 'Not A Slug'\ncolour: red\n---\n본문",
            "a/broken.ko.md": "---\ntitle: [\n---\n본문",
            "a/other.ko.md": article("다른 분류", category="nowhere"),
            "a/twice.ko.md": article("하나", slug="good"),
        }
        run = await desk.imported(principal, files)
        assert run.outcomes == {"created": 2, "failed": 4}
        told = orjson.loads(await desk.report(principal, run.id))
        problems = {
            row["name"]: [problem["path"] for problem in row["problems"]]
            for row in told["rows"]
            if row["outcome"] == "failed"
        }
        assert problems == {
            "a/bad.ko.md": ["a/bad.ko.md:5 colour", "a/bad.ko.md:4 slug", "a/bad.ko.md:3 type"],
            "a/broken.ko.md": ["a/broken.ko.md:3"],
            "a/other.ko.md": ["a/other.ko.md category"],
            "a/twice.ko.md": ["a/twice.ko.md"],
        }
        assert all(
            problem["message"]["ko"] and problem["message"]["en"]
            for row in told["rows"]
            for problem in row["problems"]
        )
        assert b"a/bad.ko.md:3 type" in await desk.report(principal, run.id, "csv")

    async def test_pictures_become_attachments(self, desk: Desk, principal: Principal) -> None:
        files: dict[str, str | bytes] = {
            "a/x.ko.md": article("그림", "![보기](../img/p.png) ![없음](none.png)"),
            "img/p.png": PIXEL,
        }
        assert (await desk.imported(principal, files)).failed == 0
        assert (await desk.imported(principal, files)).outcomes == {"unchanged": 2}
        digest = hashlib.sha256(PIXEL).hexdigest()
        (row,) = await desk.rows(
            "SELECT t.name, t.media_type, t.sha256, t.size_bytes, v.texts #>> '{ko,body}' AS body FROM knowledge.attachments AS t "
            "JOIN knowledge.article_versions AS v ON v.article_id = t.article_id WHERE t.organization_id = :own",
            own=principal.organization_id,
        )
        assert (row.name, row.media_type, row.sha256, row.size_bytes) == (
            "p.png",
            "image/png",
            digest,
            len(PIXEL),
        )
        assert row.body == f"![보기](/knowledge/files/{digest}) ![없음](none.png)"
        assert await desk.means.storage.get(f"knowledge/{principal.organization_id}/{digest}") == PIXEL


class TestPublishing:
    async def test_the_operator_publishes_at_once(self, desk: Desk, principal: Principal) -> None:
        operator = replace(principal, via=Via.LOCAL)
        await desk.imported(
            operator, {"a/x.ko.md": article("하나", status="published"), "a/y.ko.md": article("둘")}
        )
        assert await statuses(desk, principal) == {"x": "published", "y": "draft"}
        await desk.imported(operator, {"a/y.ko.md": article("둘")}, publish=True)
        assert await statuses(desk, principal) == {"x": "published", "y": "published"}

    async def test_an_author_needs_a_reviewer(
        self, desk: Desk, principal: Principal, make_principal: MakePrincipal
    ) -> None:
        editor = await make_principal(Role.EDITOR)
        run = await desk.imported(editor, {"a/x.ko.md": article("하나", status="published")})
        assert await statuses(desk, principal) == {"x": "draft"}
        (row,) = [one for one in orjson.loads(await desk.report(editor, run.id))["rows"] if one["problems"]]
        assert (row["outcome"], row["problems"][0]["path"]) == ("created", "a/x.ko.md status")
        with pytest.raises(Forbidden):
            await start_import(desk.means, editor, "a.zip", packed(FOLDER), ImportOptions(publish=True))


class TestRights:
    async def test_readers_import_nothing_and_see_no_runs(
        self, desk: Desk, principal: Principal, make_principal: MakePrincipal
    ) -> None:
        run = await desk.imported(principal, FOLDER)
        viewer = await make_principal(Role.VIEWER)
        with pytest.raises(Forbidden):
            await start_import(desk.means, viewer, "a.zip", packed(FOLDER))
        with pytest.raises(Forbidden):
            await service.get(desk.means, viewer, run.id)

    async def test_another_organisation_sees_no_run(
        self,
        desk: Desk,
        principal: Principal,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
    ) -> None:
        run = await desk.imported(principal, FOLDER)
        stranger = await make_principal(of=await make_organization())
        with pytest.raises(RunNotFound):
            await service.get(desk.means, stranger, run.id)
        with pytest.raises(RunNotFound):
            await service.cancel(desk.means, stranger, run.id)
        assert (await service.page(desk.means, stranger))[1] == 0
        same = await desk.imported(stranger, FOLDER)
        assert same.outcomes == {"created": 5}

    async def test_a_slug_of_an_article_one_may_not_see_is_refused_alone(
        self, desk: Desk, principal: Principal, make_principal: MakePrincipal
    ) -> None:
        await desk.imported(
            principal, {"a/secret.ko.md": article("비밀", visibility="role", roles="[admin]")}
        )
        editor = await make_principal(Role.EDITOR)
        run = await desk.imported(
            editor, {"a/secret.ko.md": article("내 것"), "a/mine.ko.md": article("내 글")}
        )
        told = orjson.loads(await desk.report(editor, run.id))["rows"]
        assert {row["name"]: row["outcome"] for row in told} == {
            "a/": "unchanged",
            "a/mine.ko.md": "created",
            "a/secret.ko.md": "failed",
        }


class TestCancelling:
    async def test_skips_what_is_open_and_ends_the_job(self, desk: Desk, principal: Principal) -> None:
        run_id = await start_import(desk.means, principal, "a.zip", packed(FOLDER))
        assert (await service.cancel(desk.means, principal, run_id)).status is RunStatus.CANCELLED
        with pytest.raises(RunEnded):
            await service.cancel(desk.means, principal, run_id)
        run = await desk.worked(principal, run_id)
        assert (run.status, run.done) == (RunStatus.CANCELLED, 0)
        assert await statuses(desk, principal) == {}


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("a.csv", b"slug,language,titel,body\na,ko,b,c\n"),
            ("a.json", b'{"articles": 3}'),
            ("a.zip", b"PK\x03\x04 broken"),
            ("a.md", b" \n"),
        ],
    )
    async def test_at_the_edge(self, desk: Desk, principal: Principal, name: str, data: bytes) -> None:
        with pytest.raises(BadInput):
            await start_import(desk.means, principal, name, data)
        assert (await service.page(desk.means, principal))[1] == 0


class TestKilled:
    async def test_nothing_is_lost_or_done_twice(
        self, migrated_database: DatabaseUrls, desk: Desk, principal: Principal, tmp_path: Path
    ) -> None:
        """A worker process dies before a commit, after one, and at once more; the next goes on. 450 articles are 900 rows in ten batches."""
        files = {
            f"c/item-{number:03d}.{language}.md": article(f"글 {number}", f"본문 {number} {language}")
            for number in range(450)
            for language in ("ko", "en")
        }
        points = tmp_path / "points"
        points.mkdir()
        for point in ("knowledge.batch.before_commit", "knowledge.batch.after_commit"):
            (points / point).touch()
        run_id = await start_import(desk.means, principal, "many.zip", packed(files))
        log = tmp_path / "log"
        arguments = ["-m", "tests.factories.imports", migrated_database.app, str(tmp_path)]
        environment = {"KIS_FAULT_POINTS": str(points)}
        workers = Supervised(arguments, environment, count=1, log=log).start()
        try:

            async def ended() -> bool:
                return (await service.get(desk.means, principal, run_id)).status is RunStatus.DONE

            await eventually(ended, seconds=90)
        finally:
            workers.stop()
        assert workers.exit_codes.count(-9) == 2, workers.log()
        run = await service.get(desk.means, principal, run_id)
        assert (run.total, run.done, run.failed, run.outcomes) == (901, 901, 0, {"created": 901})
        found = await versions(desk, principal)
        assert found == {f"item-{number:03d}": [1] for number in range(450)}
        (items,) = await desk.rows(
            "SELECT count(*) AS count, count(DISTINCT (source_id, language)) AS different FROM knowledge.search_items WHERE organization_id = :own",
            own=principal.organization_id,
        )
        assert (items.count, items.different) == (900, 900)


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def versions(desk: Desk, caller: Principal) -> dict[str, list[int]]:
    rows = await desk.rows(
        "SELECT a.slug, array_agg(v.number ORDER BY v.number) AS numbers FROM knowledge.articles AS a "
        "JOIN knowledge.article_versions AS v ON v.article_id = a.id WHERE a.organization_id = :own GROUP BY a.slug",
        own=caller.organization_id,
    )
    return {row.slug: row.numbers for row in rows}


async def statuses(desk: Desk, caller: Principal) -> dict[str, str]:
    rows = await desk.rows(
        "SELECT slug, status FROM knowledge.articles WHERE organization_id = :own", own=caller.organization_id
    )
    return {row.slug: row.status for row in rows}
