"""What rows of runs tell of articles: to those who may not know of an article, only that there was a row."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from kis.identity import Permission, Principal, Role
from kis.knowledge import reindexing
from kis.knowledge import service as knowledge
from kis.knowledge.articles import Article, Place
from kis.knowledge.bulk import Act, Operation, Selection, start_bulk
from kis.knowledge.reindexing import Reindexing
from kis.knowledge.runs import service
from kis.knowledge.runs.errors import RunNotFound
from kis.knowledge.texts import Words
from kis.knowledge.writing import Draft
from kis.search import Language, Visibility
from tests.factories.imports import Desk, open_desk
from tests.integration.conftest import MakePrincipal


@pytest.fixture
async def desk(app_database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Runs are worked through when the test says so."""
    async with open_desk(app_database_url, tmp_path) as opened:
        yield opened


async def written(desk: Desk, writer: Principal, slug: str, **place: Any) -> Article:
    texts = {Language.KO: Words(title=slug, body="본문")}
    return await knowledge.Knowledge(desk.means).create(
        writer, Draft(texts=texts, place=Place(**{"slug": slug, **place}))
    )


async def reviewed_later(desk: Desk, caller: Principal, *articles: Article) -> UUID:
    operation = Operation(act=Act.REVIEW_ON, review_on=date(2030, 1, 31))
    chosen = Selection(ids=tuple(article.id for article in articles))
    run_id = await start_bulk(desk.means, caller, operation, chosen)
    await desk.work(run_id)
    return run_id


async def test_an_article_that_is_not_for_them_is_not_named(
    desk: Desk, principal: Principal, make_principal: MakePrincipal
) -> None:
    """Of two articles one is for estimators alone: who reviews sees two rows, and of the second only that it was changed."""
    reviewer = await make_principal(Role.REVIEWER)
    shown = await written(desk, principal, "for-all")
    hidden = await written(
        desk, principal, "for-estimators", visibility=Visibility.ROLE, roles=("estimator",)
    )
    run_id = await reviewed_later(desk, principal, shown, hidden)

    rows, total = await service.rows(desk.means, reviewer, run_id)

    assert total == 2
    assert [(row.number, row.name, row.outcome, row.article_id) for row in rows] == [
        (1, "for-all", "updated", shown.id),
        (2, "", "updated", None),
    ]
    told = await desk.report(reviewer, run_id)
    assert [row["name"] for row in orjson.loads(told)["rows"]] == ["for-all", ""]
    for form in ("json", "csv"):
        report = await desk.report(reviewer, run_id, form)
        assert b"for-estimators" not in report
        assert str(hidden.id).encode() not in report


async def test_administrators_and_who_started_it_are_told_all(
    desk: Desk, principal: Principal, make_principal: MakePrincipal
) -> None:
    """What its starter may not see any more, they have named themselves; an administrator sees also what is gone for good."""
    editor = await make_principal(Role.EDITOR)
    article = await written(desk, editor, "narrowed")
    run_id = await reviewed_later(desk, editor, article)
    await desk.rows("DELETE FROM knowledge.articles WHERE id = :id RETURNING id", id=article.id)

    for caller in (editor, principal):
        (row,), _ = await service.rows(desk.means, caller, run_id)
        assert (row.name, row.article_id) == ("narrowed", article.id)
    (row,), _ = await service.rows(desk.means, await make_principal(Role.REVIEWER), run_id)
    assert (row.name, row.article_id) == ("", None)


async def test_an_indexing_of_the_whole_installation_is_the_operators(
    desk: Desk, principal: Principal
) -> None:
    """It says how many things all organisations have; an administrator of the operator's own is neither told nor may end it."""
    operator = replace(principal, permissions=principal.permissions | {Permission.INSTALLATION_OPERATE})
    run_id = await reindexing.start(desk.means, operator, Reindexing(everywhere=True))
    own = await reviewed_later(desk, principal, await written(desk, principal, "beside-it"))

    for page, seen in (
        (await service.page(desk.means, principal), [own]),
        (await service.page(desk.means, operator), [own, run_id]),
    ):
        assert ([run.id for run in page[0]], page[1]) == (seen, len(seen))
    for ask in (service.get, service.rows, service.cancel):
        with pytest.raises(RunNotFound):
            await ask(desk.means, principal, run_id)
    assert (await service.cancel(desk.means, operator, run_id)).status == "cancelled"
