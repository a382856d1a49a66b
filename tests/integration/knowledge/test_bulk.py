"""Bulk operations over a real database: what becomes of each article, and whose rights count."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest

from kis.identity import Principal, Role, Via
from kis.knowledge import writing
from kis.knowledge.bulk import Act, Operation, Selection, start_bulk
from kis.knowledge.errors import CategoryNotFound
from kis.knowledge.runs.things import Run
from kis.platform.errors import BadInput, Forbidden
from kis.search import Filters, Query, Source, Visibility
from tests.factories.imports import Desk, open_desk
from tests.integration.conftest import MakeOrganization, MakePrincipal

FILES = {f"c/{name}.ko.md": f"---\ntitle: {name}\ntags: [옛]\n---\n본문" for name in ("one", "two", "three")}
ARTICLES = Filters(sources=(Source.ARTICLE,))
FILES["d/_category.yaml"] = "name: {ko: 디, en: D}\n"


@pytest.fixture
async def desk(app_database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(app_database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def operator(principal: Principal) -> Principal:
    return replace(principal, via=Via.LOCAL)


async def ids(desk: Desk, caller: Principal) -> dict[str, UUID]:
    rows = await desk.rows(
        "SELECT slug, id FROM knowledge.articles WHERE organization_id = :own", own=caller.organization_id
    )
    return {row.slug: row.id for row in rows}


async def done(desk: Desk, caller: Principal, operation: Operation, selection: Selection) -> Run:
    return await desk.worked(caller, await start_bulk(desk.means, caller, operation, selection))


async def outcomes(desk: Desk, caller: Principal, run: Run) -> dict[str, str]:
    return {row["name"]: row["outcome"] for row in orjson.loads(await desk.report(caller, run.id))["rows"]}


async def states(desk: Desk, caller: Principal, column: str = "status") -> dict[str, object]:
    rows = await desk.rows(
        f"SELECT slug, {column} AS value FROM knowledge.articles WHERE organization_id = :own AND deleted_at IS NULL",  # noqa: S608
        own=caller.organization_id,
    )
    return {row.slug: row.value for row in rows}


EVERY = Selection(by_conditions=True)


class TestActs:
    async def test_publishes_archives_deletes_and_restores(
        self, desk: Desk, principal: Principal, operator: Principal
    ) -> None:
        await desk.imported(principal, FILES)
        known = await ids(desk, principal)
        two = Selection(ids=(known["one"], known["two"]))
        run = await done(desk, operator, Operation(act=Act.PUBLISH), two)
        assert run.outcomes == {"updated": 2}
        assert (await done(desk, operator, Operation(act=Act.PUBLISH), two)).outcomes == {"unchanged": 2}
        assert await states(desk, principal) == {"one": "published", "two": "published", "three": "draft"}
        await done(desk, operator, Operation(act=Act.ARCHIVE), Selection(ids=(known["two"],)))
        assert (await states(desk, principal))["two"] == "archived"
        await done(desk, operator, Operation(act=Act.DELETE), EVERY)
        assert await states(desk, principal) == {}
        async with desk.database.transaction(principal.scope) as session:
            assert (await desk.means.engine.search(session, Query(text="one", filters=ARTICLES))).hits == ()
        back = await done(desk, operator, Operation(act=Act.RESTORE), two)
        assert back.outcomes == {"updated": 2}
        assert await states(desk, principal) == {"one": "published", "two": "archived"}

    async def test_moves_and_the_search_knows_it(self, desk: Desk, principal: Principal) -> None:
        await desk.imported(principal, FILES)
        (row,) = await desk.rows(
            "SELECT id FROM knowledge.categories WHERE slug = 'd' AND organization_id = :own",
            own=principal.organization_id,
        )
        moved = Operation(act=Act.MOVE, category_id=row.id)
        assert (await done(desk, principal, moved, EVERY)).outcomes == {"updated": 3}
        assert (await done(desk, principal, moved, EVERY)).outcomes == {"unchanged": 3}
        async with desk.database.transaction(principal.scope) as session:
            query = Query(text="본문", filters=Filters(categories=(row.id,)))
            assert (await desk.means.engine.search(session, query)).total == 3

    async def test_tags_and_untags_what_is_published_without_taking_it_from_readers(
        self, desk: Desk, principal: Principal, operator: Principal
    ) -> None:
        await desk.imported(operator, FILES, publish=True)
        await done(desk, operator, Operation(act=Act.TAG, tags=("새", "옛")), EVERY)
        await done(desk, operator, Operation(act=Act.UNTAG, tags=("옛",)), EVERY)
        rows = await desk.rows(
            "SELECT v.texts #> '{ko,tags}' AS tags, a.status FROM knowledge.articles AS a JOIN knowledge.article_versions AS v "
            "ON v.article_id = a.id AND v.number = a.published_version WHERE a.organization_id = :own",
            own=principal.organization_id,
        )
        assert [(row.tags, row.status) for row in rows] == [(["새"], "published")] * 3

    async def test_owner_review_day_and_readers(self, desk: Desk, principal: Principal) -> None:
        await desk.imported(principal, FILES)
        other = f"user:{uuid4()}"
        await done(desk, principal, Operation(act=Act.HAND_OVER, owner=other), EVERY)
        await done(desk, principal, Operation(act=Act.REVIEW_ON, review_on=date(2027, 1, 31)), EVERY)
        shown = Operation(act=Act.SHOW_TO, visibility=Visibility.ROLE, roles=("editor",))
        await done(desk, principal, shown, EVERY)
        assert set((await states(desk, principal, "owner")).values()) == {other}
        assert set((await states(desk, principal, "review_on")).values()) == {date(2027, 1, 31)}
        assert set(map(tuple, (await states(desk, principal, "roles")).values())) == {("admin", "editor")}  # type: ignore[arg-type]
        await done(desk, principal, Operation(act=Act.REVIEW_ON), EVERY)
        assert set((await states(desk, principal, "review_on")).values()) == {None}


class TestRights:
    async def test_each_article_is_asked_about_by_itself(
        self, desk: Desk, principal: Principal, operator: Principal, make_principal: MakePrincipal
    ) -> None:
        """An editor puts a draft into the bin; what readers have is for those who publish, what is for administrators is not seen at all."""
        await desk.imported(principal, FILES)
        known = await ids(desk, principal)
        await done(desk, operator, Operation(act=Act.PUBLISH), Selection(ids=(known["one"],)))
        hidden = Operation(act=Act.SHOW_TO, visibility=Visibility.ROLE, roles=("admin",))
        await done(desk, principal, hidden, Selection(ids=(known["two"],)))
        editor = await make_principal(Role.EDITOR)
        run = await done(desk, editor, Operation(act=Act.DELETE), Selection(ids=tuple(known.values())))
        assert await outcomes(desk, editor, run) == {
            "one": "failed",
            str(known["two"]): "failed",
            "three": "updated",
        }
        assert set(await states(desk, principal)) == {"one", "two"}

    async def test_nobody_publishes_unreviewed_work(
        self, desk: Desk, principal: Principal, make_principal: MakePrincipal
    ) -> None:
        await desk.imported(principal, FILES)
        run = await done(desk, principal, Operation(act=Act.PUBLISH), EVERY)
        assert run.outcomes == {"failed": 3}
        editor = await make_principal(Role.EDITOR)
        for act in (Act.PUBLISH, Act.ARCHIVE, Act.RESTORE):
            with pytest.raises(Forbidden):
                await start_bulk(desk.means, editor, Operation(act=act), Selection(ids=(uuid4(),)))

    async def test_another_organisations_articles_are_not_there(
        self,
        desk: Desk,
        principal: Principal,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
    ) -> None:
        await desk.imported(replace(principal, via=Via.LOCAL), FILES, publish=True)
        known = await ids(desk, principal)
        await done(
            desk,
            replace(principal, via=Via.LOCAL),
            Operation(act=Act.SHOW_TO, visibility=Visibility.PUBLIC),
            EVERY,
        )
        stranger = replace(await make_principal(of=await make_organization()), via=Via.LOCAL)
        run = await done(desk, stranger, Operation(act=Act.DELETE), Selection(ids=tuple(known.values())))
        assert run.outcomes == {"failed": 3}
        with pytest.raises(BadInput):
            await start_bulk(desk.means, stranger, Operation(act=Act.DELETE), EVERY)
        assert len(await states(desk, principal)) == 3


class TestRefused:
    async def test_says_everything_that_is_wrong(self, desk: Desk, principal: Principal) -> None:
        wrong = Operation(act=Act.TAG, tags=(" ",), owner="nobody")
        with pytest.raises(BadInput) as refused:
            await start_bulk(desk.means, principal, wrong, Selection())
        assert [problem.path for problem in refused.value.problems] == ["ids", "tags[0]", "owner"]
        moved = Operation(act=Act.MOVE, category_id=uuid4())
        with pytest.raises(CategoryNotFound):
            await start_bulk(desk.means, principal, moved, Selection(ids=(uuid4(),)))


class TestChangedMeanwhile:
    async def test_an_article_that_was_changed_is_decided_again(
        self, desk: Desk, principal: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await desk.imported(principal, FILES)
        known = await ids(desk, principal)
        prepare = desk.means.engine.prepare
        calls: list[int] = []

        async def somebody_saves(documents: object) -> object:
            calls.append(1)
            if len(calls) == 1:
                given = writing.Save(review_on=date(2030, 1, 1))
                await writing.save(desk.means, principal, known["one"], given)
            return await prepare(documents)  # type: ignore[arg-type]

        monkeypatch.setattr(desk.means.engine, "prepare", somebody_saves)
        run = await done(desk, principal, Operation(act=Act.TAG, tags=("새",)), EVERY)
        assert run.outcomes == {"updated": 3}
        assert (await states(desk, principal, "review_on"))["one"] == date(2030, 1, 1)
