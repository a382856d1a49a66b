"""The tree that articles hang on, and what an organisation decides about its knowledge base."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from kis.identity import Principal
from kis.knowledge import categories
from kis.knowledge.categories import DEEPEST, Category, CategoryChange, NewCategory
from kis.knowledge.errors import CategoryCircle, CategoryInUse, CategoryNotFound, SlugTaken
from kis.knowledge.rules import Rules
from kis.knowledge.writing import Save
from kis.platform.errors import BadInput, Forbidden
from kis.search import Visibility
from tests.factories.knowledge import Library
from tests.factories.waiting import eventually


async def added(library: Library, editor: Principal, name: str, parent: Category | None = None) -> Category:
    new = NewCategory(name_ko=f"{name} 분류", name_en=name, parent_id=None if parent is None else parent.id)
    return await library.knowledge.add_category(editor, new)


async def slugs(library: Library, caller: Principal) -> list[str]:
    return [each.slug for each in await library.knowledge.categories(caller)]


async def waiting_for_locks(library: Library) -> bool:
    """Tell whether somebody in this database waits for an advisory lock."""
    return bool(
        await library.rows(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    )


class TestTree:
    async def test_stands_in_order_for_everybody_of_the_organisation(
        self, library: Library, editor: Principal, viewer: Principal, stranger: Principal
    ) -> None:
        one, _two = await added(library, editor, "One"), await added(library, editor, "Two")
        below = await added(library, editor, "Below", one)
        assert await slugs(library, viewer) == ["one", "below", "two"]
        assert await slugs(library, stranger) == []
        assert (below.parent_id, below.position) == (one.id, 0)

    async def test_counts_what_the_caller_may_read(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        category = await added(library, editor, "Breakers")
        await library.published(editor, reviewer, category_id=category.id)
        await library.written(editor, category_id=category.id)
        (as_written,) = await library.knowledge.categories(editor)
        (as_read,) = await library.knowledge.categories(viewer)
        assert (as_written.articles, as_read.articles) == (2, 1)

    async def test_is_changed_by_those_who_write(
        self, library: Library, editor: Principal, viewer: Principal, stranger: Principal
    ) -> None:
        category = await added(library, editor, "Breakers")
        with pytest.raises(Forbidden):
            await added(library, viewer, "Mine")
        with pytest.raises(CategoryNotFound):
            await library.knowledge.change_category(stranger, category.id, CategoryChange(icon="x"))
        changed = await library.knowledge.change_category(
            editor, category.id, CategoryChange(name_ko="차단기", icon="bolt")
        )
        assert (changed.name_ko, changed.name_en, changed.icon) == ("차단기", "Breakers", "bolt")
        (shown,) = await library.knowledge.categories(viewer)
        assert (shown.name_ko, shown.icon) == ("차단기", "bolt")

    async def test_has_each_slug_once(self, library: Library, editor: Principal) -> None:
        first, second = await added(library, editor, "Same"), await added(library, editor, "Same")
        assert (first.slug, second.slug) == ("same", "same-2")
        with pytest.raises(SlugTaken):
            await library.knowledge.change_category(editor, second.id, CategoryChange(slug="same"))
        with pytest.raises(SlugTaken):
            await library.knowledge.add_category(
                editor, NewCategory(name_ko="또", name_en="Again", slug="same")
            )

    async def test_names_every_problem(self, library: Library, editor: Principal) -> None:
        with pytest.raises(BadInput) as refused:
            await library.knowledge.add_category(
                editor, NewCategory(name_ko=" ", name_en="x" * 101, slug="A", icon="x" * 41)
            )
        assert [problem.path for problem in refused.value.problems] == ["nameKo", "nameEn", "icon", "slug"]


class TestMove:
    async def test_takes_along_what_is_below(self, library: Library, editor: Principal) -> None:
        one, two = await added(library, editor, "One"), await added(library, editor, "Two")
        await added(library, editor, "Below", one)
        await added(library, editor, "Old", two)
        await library.knowledge.move_category(editor, one.id, two.id, 0)
        assert await slugs(library, editor) == ["two", "one", "below", "old"]
        await library.knowledge.move_category(editor, one.id, None)
        assert await slugs(library, editor) == ["two", "old", "one", "below"]

    async def test_makes_no_circle(self, library: Library, editor: Principal) -> None:
        one = await added(library, editor, "One")
        below = await added(library, editor, "Below", one)
        for target in (one.id, below.id):
            with pytest.raises(CategoryCircle):
                await library.knowledge.move_category(editor, one.id, target)
        with pytest.raises(CategoryNotFound):
            await library.knowledge.move_category(editor, one.id, uuid4())

    async def test_waits_for_a_move_with_which_it_would_make_a_circle(
        self, library: Library, editor: Principal
    ) -> None:
        one, two = await added(library, editor, "One"), await added(library, editor, "Two")
        async with library.means.database.transaction(editor.scope) as session:
            await session.execute(categories._LOCK, {"organization_id": str(editor.organization_id)})
            other = asyncio.create_task(library.knowledge.move_category(editor, one.id, two.id))
            await eventually(lambda: waiting_for_locks(library))
            await session.execute(
                text("UPDATE knowledge.categories SET parent_id = :one WHERE id = :two"),
                {"one": one.id, "two": two.id},
            )
        with pytest.raises(CategoryCircle):
            await other
        assert await slugs(library, editor) == ["one", "two"]

    async def test_goes_so_deep_and_no_deeper(self, library: Library, editor: Principal) -> None:
        deepest = None
        for level in range(DEEPEST):
            deepest = await added(library, editor, f"Level {level}", deepest)
        with pytest.raises(BadInput):
            await added(library, editor, "Too deep", deepest)
        other = await added(library, editor, "Other")
        with pytest.raises(BadInput):
            await library.knowledge.move_category(
                editor, (await library.knowledge.categories(editor))[0].id, other.id
            )

    async def test_orders_siblings(self, library: Library, editor: Principal) -> None:
        made = [await added(library, editor, name) for name in ("One", "Two", "Three")]
        await library.knowledge.order_categories(editor, None, [made[2].id, made[0].id, made[1].id])
        assert await slugs(library, editor) == ["three", "one", "two"]
        with pytest.raises(BadInput):
            await library.knowledge.order_categories(editor, None, [made[2].id, made[0].id])


class TestRemove:
    async def test_takes_an_empty_one(self, library: Library, editor: Principal) -> None:
        category = await added(library, editor, "Empty")
        assert await library.knowledge.remove_category(editor, category.id) == 0
        assert await slugs(library, editor) == []
        with pytest.raises(CategoryNotFound):
            await library.knowledge.remove_category(editor, category.id)

    async def test_keeps_one_that_is_in_use(self, library: Library, editor: Principal) -> None:
        category = await added(library, editor, "Used")
        await added(library, editor, "Below", category)
        await library.written(editor, category_id=category.id)
        with pytest.raises(CategoryInUse) as refused:
            await library.knowledge.remove_category(editor, category.id)
        assert refused.value.meta == {"articles": 1, "categories": 1}

    async def test_moves_what_hangs_on_it(self, library: Library, editor: Principal) -> None:
        category, target = await added(library, editor, "Old"), await added(library, editor, "New")
        await added(library, editor, "Below", category)
        article = await library.written(editor, category_id=category.id)
        assert await library.knowledge.remove_category(editor, category.id, into=target.id) == 1
        assert await slugs(library, editor) == ["new", "below"]
        shown = await library.knowledge.get(editor, article.id)
        assert (shown.category_id, shown.revision) == (target.id, 2)
        indexed = await library.rows(
            "SELECT category_id FROM knowledge.search_items WHERE source_id = :id", id=article.id
        )
        assert [row.category_id for row in indexed] == [target.id]

    async def test_not_into_itself(self, library: Library, editor: Principal) -> None:
        category = await added(library, editor, "Old")
        below = await added(library, editor, "Below", category)
        with pytest.raises(CategoryCircle):
            await library.knowledge.remove_category(editor, category.id, into=below.id)

    async def test_keeps_one_whose_articles_the_caller_may_not_see(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        category = await added(library, editor, "Hidden")
        await library.written(
            principal, category_id=category.id, visibility=Visibility.ROLE, roles=("reviewer",)
        )
        with pytest.raises(CategoryInUse):
            await library.knowledge.remove_category(editor, category.id)

    async def test_takes_articles_in_the_bin_along(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        category, target = await added(library, editor, "Old"), await added(library, editor, "New")
        article = await library.written(editor, category_id=category.id)
        await library.knowledge.delete(editor, article.id)
        await library.knowledge.remove_category(editor, category.id, into=target.id)
        back = await library.knowledge.fetch_back(principal, article.id)
        assert back.category_id == target.id

    async def test_a_version_with_a_category_that_is_gone_comes_back_where_the_article_is(
        self, library: Library, editor: Principal
    ) -> None:
        category = await added(library, editor, "Old")
        article = await library.written(editor, category_id=category.id)
        await library.knowledge.save(editor, article.id, Save(category_id=None))
        await library.knowledge.remove_category(editor, category.id)
        again = await library.knowledge.restore_version(editor, article.id, 1)
        assert again.category_id is None


class TestRules:
    async def test_hold_until_somebody_decides_otherwise(
        self, library: Library, editor: Principal, principal: Principal, stranger: Principal
    ) -> None:
        assert await library.knowledge.rules(editor) == Rules()
        decided = Rules(
            author_may_review=True, reminder_days=0, bin_days=7, features={"knowledge.feedback": False}
        )
        await library.knowledge.decide_rules(principal, decided)
        assert await library.knowledge.rules(editor) == decided
        assert await library.knowledge.rules(stranger) == Rules()
        with pytest.raises(Forbidden):
            await library.knowledge.decide_rules(editor, Rules())

    async def test_are_checked(self, library: Library, principal: Principal) -> None:
        given = Rules(reminder_days=-1, search_log_days=0, bin_days=3651, features={"": True})
        with pytest.raises(BadInput) as refused:
            await library.knowledge.decide_rules(principal, given)
        assert [problem.path for problem in refused.value.problems] == [
            "reminderDays",
            "searchLogDays",
            "binDays",
            "features",
        ]
