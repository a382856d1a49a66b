"""What is kept only for a while: it goes when its time is over, and nothing else goes with it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from kis.identity import Principal
from kis.knowledge.importing.service import upload_path
from kis.knowledge.retention import RUN_DAYS, VIEW_DAYS
from kis.knowledge.rules import Rules
from kis.search import Query
from kis.search.clearing import REST_SECONDS, Clearing
from tests.factories.knowledge import Library


class TestSearches:
    async def test_are_kept_as_long_as_their_organisation_says(
        self, library: Library, principal: Principal, stranger: Principal
    ) -> None:
        await library.knowledge.decide_rules(principal, Rules(search_log_days=10))
        for of in (principal, stranger):
            for days in (9, 11, 89, 91):
                await library.run(
                    "INSERT INTO knowledge.search_log (id, organization_id, session, query, hits, milliseconds, created_at) "
                    "VALUES (:id, :own, 's', :query, 0, 1, now() - make_interval(days => :days))",
                    id=uuid4(),
                    own=of.organization_id,
                    query=str(days),
                    days=days,
                )
        assert await library.chore("search.log") >= 4
        assert await self._kept(library, principal) == ["9"]
        assert await self._kept(library, stranger) == ["11", "89", "9"]

    async def _kept(self, library: Library, of: Principal) -> list[str]:
        rows = await library.rows(
            "SELECT query FROM knowledge.search_log WHERE organization_id = :own ORDER BY query",
            own=of.organization_id,
        )
        return [row.query for row in rows]


class TestViews:
    async def test_are_kept_for_more_than_a_year(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        article = await library.written(editor)
        await library.knowledge.give_feedback(
            principal, (await library.passed(article, editor, principal)).id, is_helpful=True
        )
        for days in (0, VIEW_DAYS, VIEW_DAYS + 1):
            await library.run(
                "INSERT INTO knowledge.article_views (article_id, organization_id, day, language, views) "
                "VALUES (:article, :own, current_date - CAST(:days AS integer), 'ko', 1)",
                article=article.id,
                own=principal.organization_id,
                days=days,
            )
        await library.chore("knowledge.views")
        kept = await library.rows(
            "SELECT current_date - day AS days FROM knowledge.article_views WHERE article_id = :article ORDER BY 1",
            article=article.id,
        )
        assert [row.days for row in kept] == [0, VIEW_DAYS]
        opinions = await library.knowledge.feedback(editor, article.id)
        assert opinions.total == 1


class TestRuns:
    async def test_that_ended_long_ago_go_with_their_rows(
        self, library: Library, principal: Principal
    ) -> None:
        old = await _run(library, principal, "done", days=RUN_DAYS + 1)
        kept = {
            await _run(library, principal, "done", days=RUN_DAYS - 1),
            await _run(library, principal, "running", days=None),
        }
        await library.chore("knowledge.runs")
        rows = await library.rows(
            "SELECT id FROM knowledge.import_runs WHERE organization_id = :own", own=principal.organization_id
        )
        assert {row.id for row in rows} == kept
        left = await library.rows(
            "SELECT count(*) AS rows FROM knowledge.import_rows WHERE run_id = :id", id=old
        )
        assert left[0].rows == 0


class TestUploads:
    async def test_go_once_no_run_needs_them(
        self, library: Library, principal: Principal, tmp_path: Path
    ) -> None:
        running = await _run(library, principal, "running", days=None)
        ended = await _run(library, principal, "done", days=2)
        orphan, fresh = uuid4(), uuid4()
        for run_id in (running, ended, orphan, fresh):
            await library.means.storage.put(upload_path(run_id), b"x", media_type="application/octet-stream")
        _make_old(tmp_path, [running, ended, orphan])
        assert await library.chore("knowledge.uploads") == 2
        there = {
            run_id
            for run_id in (running, ended, orphan, fresh)
            if await library.means.storage.head(upload_path(run_id)) is not None
        }
        assert there == {running, fresh}


class TestPostings:
    async def test_whose_item_is_gone_go_and_no_other(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        gone = await library.written(editor, "없어질 차단기")
        await library.written(editor, "남을 차단기")
        removed = await _item(library, gone.id)
        await library.run("DELETE FROM knowledge.search_items WHERE id = :id", id=removed)
        before = await self._postings(library)
        dead = await library.rows(
            "SELECT count(*) AS dead FROM knowledge.search_postings WHERE item_id = :id", id=removed
        )
        assert dead[0].dead > 0
        walked = await _walk(library, Clearing(stretch=7))
        after = await self._postings(library)
        assert walked >= dead[0].dead
        assert after == {
            number: count for number, count in before.items() if number in await self._items(library)
        }
        async with library.means.database.transaction(principal.scope) as session:
            found = await library.engine.search(session, Query(text="차단기"))
        assert [hit.title for hit in found.hits] == ["남을 차단기"]

    async def test_of_organisations_that_are_removed_go_too(
        self, library: Library, stranger: Principal
    ) -> None:
        await library.written(stranger, "남의 차단기")
        audiences = await library.rows(
            "SELECT id FROM knowledge.audiences WHERE organization_id = :own", own=stranger.organization_id
        )
        await library.run(
            "DELETE FROM knowledge.audiences WHERE id = ANY(:ids) AND id NOT IN (SELECT audience_id FROM knowledge.articles) "
            "AND id NOT IN (SELECT audience_id FROM knowledge.article_versions)",
            ids=[row.id for row in audiences],
        )
        await library.run(
            "DELETE FROM knowledge.search_items WHERE organization_id = :own", own=stranger.organization_id
        )
        await _walk(library, Clearing())
        left = await library.rows(
            "SELECT count(*) AS left FROM knowledge.search_postings WHERE audience_id = ANY(:ids)",
            ids=[row.id for row in audiences],
        )
        assert left[0].left == 0

    async def test_are_walked_to_the_end_and_then_rest(self, library: Library, editor: Principal) -> None:
        await library.written(editor, "남을 차단기")
        now = 0.0
        clearing = Clearing(clock_seconds=lambda: now)
        await _walk(library, clearing)
        async with library.means.database.service() as session:
            assert await clearing(session) == 0
        item = await _item(library, (await library.written(editor, "곧 없어질 글")).id)
        await library.run("DELETE FROM knowledge.search_items WHERE id = :id", id=item)
        async with library.means.database.service() as session:
            assert await clearing(session) == 0
            now = REST_SECONDS + 1
            assert await clearing(session) > 0

    async def _postings(self, library: Library) -> dict[int, int]:
        rows = await library.rows(
            "SELECT item_id, count(*) AS postings FROM knowledge.search_postings GROUP BY item_id"
        )
        return {row.item_id: row.postings for row in rows}

    async def _items(self, library: Library) -> set[int]:
        return {row.id for row in await library.rows("SELECT id FROM knowledge.search_items")}


@pytest.mark.parametrize("name", ["search.log", "knowledge.views", "knowledge.runs", "knowledge.uploads"])
async def test_the_chores_are_done_by_the_workers(library: Library, name: str) -> None:
    await library.chore(name)
    assert await library.chore(name) == 0


async def _walk(library: Library, clearing: Clearing) -> int:
    """Walk over all postings until nothing is found; return how many went."""
    total, quiet = 0, 0
    rows = await library.rows("SELECT count(*) AS postings FROM knowledge.search_postings")
    while quiet <= rows[0].postings // 7 + 2:
        async with library.means.database.service() as session:
            cleared = await clearing(session)
        total, quiet = total + cleared, 0 if cleared else quiet + 1
    return total


async def _item(library: Library, article_id: UUID) -> int:
    rows = await library.rows("SELECT id FROM knowledge.search_items WHERE source_id = :id", id=article_id)
    return int(rows[0].id)


async def _run(library: Library, of: Principal, status: str, *, days: int | None) -> UUID:
    """Return a run of an import with three rows; ``days`` since it ended."""
    run_id = uuid4()
    values: dict[str, Any] = {"id": run_id, "own": of.organization_id, "status": status, "days": days}
    await library.run(
        "INSERT INTO knowledge.import_runs (id, organization_id, kind, status, started_by, finished_at) "
        "VALUES (:id, :own, 'import', :status, 'system', now() - make_interval(days => CAST(:days AS integer)))",
        **values,
    )
    for number in (1, 2, 3):
        await library.run(
            "INSERT INTO knowledge.import_rows (run_id, number, organization_id, name, content) VALUES (:id, :number, :own, 'a.md', '{}')",
            id=run_id,
            number=number,
            own=of.organization_id,
        )
    return run_id


def _make_old(folder: Path, run_ids: list[UUID]) -> None:
    """Have the uploads of these runs look two days old."""
    old = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for path in folder.rglob("*"):
        if path.is_file() and any(str(each) in path.name for each in run_ids):
            os.utime(path, (old, old))
