"""What who is shown of articles: lists, filters, orders, and nothing that is not theirs."""

from contextlib import suppress
from uuid import UUID, uuid4

import pytest

from kis.identity import Principal, Role
from kis.knowledge.articles import ArticleType
from kis.knowledge.categories import NewCategory
from kis.knowledge.errors import ArticleNotFound
from kis.knowledge.reading import SORTS, Articles
from kis.knowledge.reading_queries import DESK_ONLY
from kis.knowledge.texts import TextState
from kis.knowledge.writing import Draft, Save
from kis.platform.errors import BadInput, Forbidden
from kis.search import Language, Visibility
from tests.factories.knowledge import Library, draft_of, words_of
from tests.integration.conftest import MakePrincipal

KO, EN = Language.KO, Language.EN
OWN = [("own", "true")]
"""Tests share a database: what is public in another is not asked for."""


def titles(found: Articles) -> list[str]:
    return [next(iter(each.texts.values())).words.title for each in found.items]


class TestGet:
    async def test_by_slug_finds_one_of_the_own_organisation(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal, stranger: Principal
    ) -> None:
        article = await library.published(editor, reviewer, slug="how-to", visibility=Visibility.PUBLIC)
        assert (await library.knowledge.get(viewer, "how-to")).id == article.id
        for name in ("how-to", "no such slug!", "x" * 101):
            with pytest.raises(ArticleNotFound):
                await library.knowledge.get(stranger, name)

    async def test_of_nothing_finds_nothing(self, library: Library, viewer: Principal) -> None:
        with pytest.raises(ArticleNotFound) as missing:
            await library.knowledge.get(viewer, uuid4())
        assert missing.value.status_code == 404


class TestList:
    async def test_shows_readers_what_is_published(
        self, library: Library, editor: Principal, reviewer: Principal, viewer: Principal
    ) -> None:
        await library.published(editor, reviewer, "가 나온 글")
        changed = await library.published(editor, reviewer, "나 나온 글")
        await library.knowledge.save(editor, changed.id, Save(texts={KO: words_of("나 고친 글")}))
        await library.written(editor, "다 쓰는 글")
        order = ("title", False)
        assert titles(await library.knowledge.list(viewer, order=order, conditions=OWN)) == [
            "가 나온 글",
            "나 나온 글",
        ]
        written = await library.knowledge.list(editor, order=order, conditions=OWN)
        assert (titles(written), written.total) == (["가 나온 글", "나 고친 글", "다 쓰는 글"], 3)
        as_read = await library.knowledge.list(editor, order=order, conditions=OWN, published=True)
        assert titles(as_read) == ["가 나온 글", "나 나온 글"]
        assert all(each.desk is None for each in as_read.items)
        assert all(not each.texts[KO].words.body for each in written.items)

    async def test_goes_by_pages_in_every_order(self, library: Library, editor: Principal) -> None:
        for number in range(5):
            await library.written(editor, f"제목 {number}")
        second = await library.knowledge.list(editor, page=2, size=2, order=("title", True), conditions=OWN)
        assert (titles(second), second.total) == (["제목 2", "제목 1"], 5)
        for name in SORTS:
            for falls in (False, True):
                assert (await library.knowledge.list(editor, order=(name, falls), conditions=OWN)).total == 5

    async def test_narrows(self, library: Library, editor: Principal, reviewer: Principal) -> None:
        top = await library.knowledge.add_category(editor, NewCategory(name_ko="위", name_en="Top"))
        below = await library.knowledge.add_category(
            editor, NewCategory(name_ko="아래", name_en="Below", parent_id=top.id)
        )
        faq = await library.knowledge.create(
            editor,
            Draft(
                texts={KO: words_of("100% 차단기", tags=("mccb", "표"))},
                place=draft_of(type=ArticleType.FAQ, category_id=below.id).place,
            ),
        )
        both = await library.knowledge.create(editor, draft_of("둘", english="Both", category_id=top.id))
        await library.knowledge.save(editor, both.id, Save(texts={KO: words_of("둘 다")}))
        await library.passed(faq, editor, reviewer)

        async def ids(*conditions: tuple[str, str]) -> set[UUID]:
            found = await library.knowledge.list(editor, conditions=[*OWN, *conditions])
            return {each.id for each in found.items}

        assert await ids(("type", "faq")) == {faq.id}
        assert await ids(("type", "faq|article")) == {faq.id, both.id}
        assert await ids(("category", str(top.id))) == {faq.id, both.id}
        assert await ids(("category", str(below.id))) == {faq.id}
        assert await ids(("language", "en")) == {both.id}
        assert await ids(("tag", "표")) == {faq.id}
        assert await ids(("title", "0% 차")) == {faq.id}
        assert await ids(("title", "_")) == set()
        assert await ids(("status", "published")) == {faq.id}
        assert await ids(("state", "out_of_date")) == {both.id}
        assert await ids(("published", "true"), ("own", "true")) == {faq.id}
        assert await ids(("owner", editor.actor)) == {faq.id, both.id}
        assert await ids(("author", reviewer.actor)) == set()
        assert await ids(("visibility", "public")) == set()

    async def test_names_every_condition_that_is_none(self, library: Library, editor: Principal) -> None:
        conditions = [
            ("type", "poem"),
            ("category", "x"),
            ("reviewTo", "soon"),
            ("title", "x" * 201),
            ("colour", "red"),
            ("tag", "a\0b"),
        ]
        with pytest.raises(BadInput) as refused:
            await library.knowledge.list(editor, conditions=conditions)
        assert [problem.path for problem in refused.value.problems] == [
            f"filter.{name}" for name, _ in conditions
        ]
        assert refused.value.text("ko")

    @pytest.mark.parametrize("name", sorted(DESK_ONLY))
    async def test_tells_readers_nothing_of_drafts(
        self, library: Library, viewer: Principal, name: str
    ) -> None:
        with pytest.raises(Forbidden):
            await library.knowledge.list(viewer, conditions=[(name, "draft")])


class TestRights:
    """Every state an article can be in, and everybody who may ask."""

    @pytest.fixture
    async def people(self, make_principal: MakePrincipal, stranger: Principal) -> dict[str, Principal]:
        own = {role.value: await make_principal(role) for role in Role}
        elsewhere = {"stranger": stranger}
        return own | elsewhere

    @pytest.mark.parametrize("visibility", list(Visibility))
    @pytest.mark.parametrize("state", ["draft", "published", "changed", "archived", "deleted"])
    async def test_are_the_same_in_every_way_of_asking(
        self, library: Library, people: dict[str, Principal], visibility: Visibility, state: str
    ) -> None:
        roles = ("estimator", "reviewer") if visibility is Visibility.ROLE else ()
        editor, reviewer, admin = people["editor"], people["reviewer"], people["admin"]
        article = await library.written(editor, visibility=visibility, roles=roles, slug=uuid4().hex)
        if state != "draft":
            await library.passed(article, editor, reviewer)
        if state == "changed":
            await library.knowledge.save(editor, article.id, Save(texts={KO: words_of("고친 글")}))
        if state == "archived":
            await library.knowledge.archive(reviewer, article.id)
        if state == "deleted":
            await library.knowledge.delete(admin, article.id)
        desk = {"admin", "editor", "reviewer"}
        readers = {
            Visibility.PUBLIC: {*people},
            Visibility.ORGANIZATION: {*people} - {"stranger"},
            Visibility.ROLE: {"admin", "editor", "estimator", "reviewer"},
        }[visibility]
        expected: dict[str, list[str]] = {name: [] for name in people}
        if state in {"published", "changed"}:
            expected |= {name: ["차단기 선정"] for name in readers}
        if state in {"draft", "archived"}:
            expected |= {name: ["차단기 선정"] for name in desk}
        if state == "changed":
            expected |= {name: ["고친 글"] for name in desk}
        for name, caller in people.items():
            listed = await library.knowledge.list(caller, conditions=[("slug", article.slug)])
            assert titles(listed) == expected[name], name
            assert listed.total == len(expected[name]), name
            got = []
            with suppress(ArticleNotFound):
                got = [(await library.knowledge.get(caller, article.id)).texts[KO].words.title]
            assert got == expected[name], name
            searched = {found[2] for found in await library.found(caller, article.id)}
            both = {"차단기 선정", "고친 글"} if state == "changed" and name in desk else {*expected[name]}
            assert searched == both, name


class TestStates:
    async def test_a_missing_language_is_told(self, library: Library, editor: Principal) -> None:
        article = await library.written(editor)
        shown = await library.knowledge.get(editor, article.id)
        assert shown.states == {KO: TextState.CURRENT, EN: TextState.MISSING}
