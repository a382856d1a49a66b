"""Imports over a real database: what becomes of each row, and that nothing is lost or done twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kis.identity import Principal
from kis.knowledge.runs.things import RunStatus
from tests.factories.imports import Desk, open_desk


@pytest.fixture
async def desk(app_database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(app_database_url, tmp_path) as opened:
        yield opened


def article(title: str, body: str = "", **head: str) -> str:
    fields = "".join(f"{name}: {value}\n" for name, value in {"title": title, **head}.items())
    return f"---\n{fields}---\n\n{body or f'# {title}'}\n"


FOLDER = {
    "panels/_category.yaml": "name: {ko: 분전반, en: Boards}\nicon: grid\norder: 10\n",
    "panels/busbar.ko.md": article("부스바", "# 부스바\n\n[외함](../boxes/enclosure.ko.md)을 보십시오.", tags="[동, 부스바]"),
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
