"""How often a search goes to the database, whatever is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from kis.platform.database import Database
from kis.search import Facet
from tests.contract.search.conftest import MakeShelf
from tests.factories.searching import article


@contextmanager
def journeys(database: Database) -> Iterator[list[str]]:
    """Yield the statements of the block, but for the one that begins a transaction."""
    made: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            made.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        pytest.param("외함 차단기 breaker", 5, id="known words"),
        pytest.param("외함 30 mA IP65 DIN 레일", 8, id="many words"),
        pytest.param("차단가 brekaer 왜함", 9, id="slips in every word"),
        pytest.param("dhlgka", 6, id="other layout"),
        pytest.param('외함 title:외함 tag:방수 "외함 하나" -부스바', 5, id="operators"),
        pytest.param("author:kim", 4, id="an author alone"),
        pytest.param("!!!", 2, id="nothing to look for"),
        pytest.param("외함 " * 100, 5, id="the same word again and again"),
    ],
)
async def test_a_search_is_a_handful(make_shelf: MakeShelf, text: str, most: int) -> None:
    shelf = await make_shelf(
        *(
            article(f"외함 하나 {number}", "차단기와 breaker", tags=("방수",), author="kim")
            for number in range(30)
        )
    )
    await shelf.search("외함")  # prepares what is prepared once

    with journeys(shelf.database) as made:
        await shelf.search(text, facets=(Facet.LANGUAGE,))

    assert len(made) <= most, made


async def test_a_suggestion_is_three_at_most(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(article("외함"))

    with journeys(shelf.database) as made:
        await shelf.suggest("xyzzy")

    assert len(made) <= 3


async def test_putting_many_things_costs_no_more_than_putting_few(make_shelf: MakeShelf) -> None:
    shelf = await make_shelf(article("외함"))
    counts = []
    for many in (2, 40):
        with journeys(shelf.database) as made:
            await shelf.put(*(article(f"외함 {number}", "차단기") for number in range(many)))
        counts.append(len(made))

    assert counts[1] <= counts[0] + 1
