"""The analytics over HTTP: what is read counts, tables as JSON and CSV, charts, and requests that are wrong."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kis.application import Application, open_application
from kis.identity import Principal, Role
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, Settings
from tests.factories.clients import clients_of
from tests.integration.knowledge.test_routes import published, shape

ANALYTICS = "/v1/analytics"
TABLES = ("overview", "usage", "queries", "queries/failing", "articles", "helpfulness", "content", "authors")


@dataclass(frozen=True, slots=True)
class People:
    """Callers of one organisation."""

    application: Application
    editing: httpx2.AsyncClient
    reviewing: httpx2.AsyncClient
    viewing: httpx2.AsyncClient


@pytest.fixture
async def people(app_database_url: str, tmp_path: Path, principal: Principal) -> AsyncIterator[People]:
    settings = Settings(
        application=ApplicationSettings(data=tmp_path, secret_key="s" * 40, public_url="http://localhost"),
        database=DatabaseSettings(url=app_database_url, pool_size=4),
    )
    async with (
        open_application(settings, listens=False) as application,
        clients_of(application, principal) as call_as,
    ):
        await application.storage.ensure()
        yield People(
            application, await call_as(Role.EDITOR), await call_as(Role.REVIEWER), await call_as(Role.VIEWER)
        )


async def read(people: People) -> str:
    """Return the id of a published article that somebody read in three ways, and others looked at."""
    path = await published(people.editing, people.reviewing)
    slug = shape(await people.viewing.get(path))["slug"]
    shape(await people.viewing.get(f"{path}/rendered"))
    shape(await people.viewing.get(f"/v1/knowledge/slugs/{slug}"))
    shape(await people.editing.get(path))
    shape(await people.reviewing.get(f"{path}?published=true"))
    await people.application.analytics.store()
    return path.rpartition("/")[2]


def cells(answer: httpx2.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_what_somebody_reads_counts_once(people: People) -> None:
    article_id = await read(people)

    found = shape(await people.editing.get(f"{ANALYTICS}/articles"))

    (item,) = found["items"]
    assert (item["id"], item["views"], item["viewsEn"], item["isOwn"]) == (article_id, 1, 1, True)
    assert item["titles"] == {"ko": "차단기 선정", "en": "Choosing a breaker"}
    assert (found["total"], found["page"], found["size"]) == (1, 1, 20)
    overview = shape(await people.reviewing.get(f"{ANALYTICS}/overview"))
    assert (overview["now"]["articlesRead"], overview["before"]["articlesRead"]) == (1, 0)
    assert (overview["standing"]["published"], overview["to"]) == (1, datetime.now(UTC).date().isoformat())


async def test_what_is_searched_for_and_not_found_is_told(people: People) -> None:
    await published(people.editing, people.reviewing)
    for typed in ("차단기", "=qzxvw", "=QZXVW"):
        shape(await people.viewing.post("/v1/search", json={"q": typed}))
    await people.application.search.close()  # what of the log waits is stored

    (failing,) = shape(await people.editing.get(f"{ANALYTICS}/queries/failing?failure=no_hit"))["items"]
    rows = cells(await people.editing.get(f"{ANALYTICS}/queries?format=csv"))
    usage = shape(await people.editing.get(f"{ANALYTICS}/usage"))

    assert (failing["query"], failing["times"], failing["visits"], failing["failure"]) == (
        "=QZXVW",
        2,
        1,
        "no_hit",
    )
    assert sorted(row[0] for row in rows[1:]) == ["'=QZXVW", "차단기"]  # nothing that computes
    assert (usage["days"][-1]["searches"], usage["days"][-1]["withoutHit"]) == (3, 2)


async def test_a_table_is_a_file_by_its_name_or_by_accept(people: People) -> None:
    await read(people)
    named = await people.editing.get(f"{ANALYTICS}/articles?format=csv&size=1&page=7")
    accepted = await people.editing.get(f"{ANALYTICS}/articles", headers={"Accept": "text/csv"})
    both = await people.editing.get(f"{ANALYTICS}/articles?format=json", headers={"Accept": "text/csv"})

    rows = cells(named)
    assert rows == cells(accepted)
    assert named.headers["Content-Disposition"] == 'attachment; filename="articles.csv"'
    assert rows[0][:7] == ["id", "slug", "titles_ko", "titles_en", "isOwn", "views", "viewsKo"]
    assert rows[1][1:6] == ["choosing-a-breaker", "차단기 선정", "Choosing a breaker", "true", "1"]
    assert shape(both)["total"] == 1


@pytest.mark.parametrize("table", TABLES)
async def test_every_table_is_a_file_too(people: People, table: str) -> None:
    rows = cells(await people.editing.get(f"{ANALYTICS}/{table}?format=csv"))
    days = {"usage": 30, "overview": 10}
    assert len(rows) == 1 + days.get(table, 0)


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        ("from=2026-11-02&to=2026-11-01", ["to"]),
        ("from=2024-01-01&to=2026-11-01", ["from"]),
        ("from=1750000000", ["query.from"]),
        ("to=2026-13-01", ["query.to"]),
        ("from=yesterday&page=0", ["query.from", "query.page"]),
        ("leastVisits=0&format=pdf", ["query.format", "query.leastVisits"]),
    ],
)
async def test_what_is_wrong_is_told_all_at_once(people: People, asked: str, paths: list[str]) -> None:
    answer = shape(await people.editing.get(f"{ANALYTICS}/queries?{asked}"), 422)
    assert sorted(problem["path"] for problem in answer["meta"]["problems"]) == paths


async def test_a_chart_is_a_picture_that_is_sent_once(people: People) -> None:
    svg = await people.editing.get(f"{ANALYTICS}/charts/usage.svg")
    png = await people.editing.get(f"{ANALYTICS}/charts/content.png?locale=ko")
    again = await people.editing.get(
        f"{ANALYTICS}/charts/usage.svg", headers={"If-None-Match": svg.headers["ETag"]}
    )
    korean = await people.editing.get(f"{ANALYTICS}/charts/usage.svg?locale=ko")
    nothing = await people.editing.get(f"{ANALYTICS}/charts/pies.svg")

    assert (svg.status_code, svg.headers["Content-Type"]) == (200, "image/svg+xml")
    assert b"Searches and articles read by day" in svg.content
    assert "일별 검색과 열람".encode() in korean.content
    assert (png.status_code, png.headers["Content-Type"]) == (200, "image/png")
    assert png.content.startswith(b"\x89PNG")
    assert (again.status_code, again.content) == (304, b"")
    assert nothing.status_code == 422


async def test_viewers_are_told_nothing(people: People) -> None:
    paths = [*TABLES, "charts/usage.svg", "charts/usage.png"]
    answers: list[Any] = [await people.viewing.get(f"{ANALYTICS}/{path}") for path in paths]
    assert [answer.status_code for answer in answers] == [403] * len(paths)
