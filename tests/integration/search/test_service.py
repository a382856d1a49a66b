"""The search as callers use it: rights by source, answers that are never stale, pins, synonyms, and the log."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from kis.identity import Permission, Principal, Role
from kis.platform.audit import AuditLog
from kis.platform.configuration import SearchSettings
from kis.platform.database import Database
from kis.platform.errors import BadInput, Forbidden
from kis.search import Document, Filters, Language, Query, Readers, Source, Visibility
from kis.search.errors import HitNotFound, PinExists, PinNotFound, SearchNotFound, SynonymsNotFound
from kis.search.models import SearchEntry
from kis.search.pins import NewPin
from kis.search.postings import PostingEngine
from kis.search.service import Answer, Search
from kis.search.tokens import Cutter, NoAnalyzer
from tests.factories.searching import Shelf, article
from tests.factories.waiting import eventually
from tests.integration.conftest import MakeOrganization, MakePrincipal, SomeOrganization

SECRET = b"a secret of the tests, long enough"
ROLE_ONLY = Readers(organization_id=None, visibility=Visibility.ROLE, roles=("reviewer",))
DRAFT = Readers(organization_id=None, is_published=False)

MakeShelf = Callable[[SomeOrganization], Shelf]


@pytest.fixture
async def service(database: Database) -> AsyncIterator[Search]:
    made = Search(database, PostingEngine(Cutter(NoAnalyzer())), settings=SearchSettings(), secret=SECRET)
    yield made
    await made.close()


@pytest.fixture
def make_shelf(database: Database) -> MakeShelf:
    def make(organization: SomeOrganization) -> Shelf:
        return Shelf(PostingEngine(Cutter(NoAnalyzer())), database, organization.id)

    return make


@pytest.fixture
def shelf(make_shelf: MakeShelf, organization: SomeOrganization) -> Shelf:
    return make_shelf(organization)


@pytest.fixture
def ask(service: Search) -> Callable[..., Awaitable[Answer]]:
    async def asked(caller: Principal, text: str, **given: object) -> Answer:
        return await service.search(caller, Query(text=text, **given))  # type: ignore[arg-type]  # as each test gives them

    return asked


Ask = Callable[..., Awaitable[Answer]]


def titles(answer: Answer) -> list[str]:
    return [hit.title for hit in answer.found.hits]


def without(caller: Principal, *permissions: Permission) -> Principal:
    return replace(caller, permissions=caller.permissions - set(permissions))


async def entry(database: Database, search_id: UUID | None) -> SearchEntry | None:
    async with database.service() as session:
        found: SearchEntry | None = await session.scalar(
            select(SearchEntry).where(SearchEntry.id == search_id)
        )
        return found


class TestRights:
    """Whose things are found."""

    async def test_without_any_permission_nothing_is_asked(self, ask: Ask, viewer: Principal) -> None:
        nobody = replace(viewer, permissions=frozenset())
        with pytest.raises(Forbidden):
            await ask(nobody, "차단기")
        unread = without(viewer, Permission.QUOTATION_READ)
        with pytest.raises(Forbidden):
            await ask(unread, "차단기", filters=Filters(sources=(Source.QUOTATION,)))

    async def test_a_source_that_may_not_be_read_is_left_out(
        self, ask: Ask, service: Search, shelf: Shelf, viewer: Principal
    ) -> None:
        quotation = article("차단기 견적", "차단기 용량 견적", source=Source.QUOTATION)
        known = article("차단기 안내", "차단기 용량 안내")
        await shelf.put(quotation, known)
        assert set(titles(await ask(viewer, "차단기"))) == {"차단기 견적", "차단기 안내"}
        unread = without(viewer, Permission.QUOTATION_READ)
        assert titles(await ask(unread, "차단기")) == ["차단기 안내"]
        suggested = await service.suggest(unread, "차단기")
        assert {each.source for each in suggested} == {Source.ARTICLE}
        assert await service.similar(unread, Source.ARTICLE, known.source_id) == ()
        like = await service.similar(viewer, Source.ARTICLE, known.source_id)
        assert [hit.title for hit in like] == ["차단기 견적"]
        with pytest.raises(Forbidden):
            await service.similar(unread, Source.QUOTATION, quotation.source_id)
        with pytest.raises(Forbidden):
            await service.explain(unread, Query(text="차단기"), Source.QUOTATION, quotation.source_id)
        hit, shares = await service.explain(
            viewer, Query(text="차단기"), Source.QUOTATION, quotation.source_id
        )
        assert hit is not None
        assert shares

    async def test_another_organisation_finds_nothing(
        self, ask: Ask, shelf: Shelf, make_principal: MakePrincipal, make_organization: MakeOrganization
    ) -> None:
        await shelf.put(article("차단기 안내"))
        stranger = await make_principal(Role.ADMIN, of=await make_organization())
        assert titles(await ask(stranger, "차단기 안내")) == []

    async def test_every_problem_of_a_page_is_named(self, ask: Ask, viewer: Principal) -> None:
        with pytest.raises(BadInput) as caught:
            await ask(viewer, "차단기", limit=101, offset=-1)
        assert [problem.path for problem in caught.value.problems] == ["limit", "offset"]


class TestCache:
    """An answer is kept, and never stale."""

    async def test_the_same_question_is_answered_from_what_is_kept(
        self, ask: Ask, shelf: Shelf, viewer: Principal, make_principal: MakePrincipal
    ) -> None:
        await shelf.put(article("차단기 안내"))
        first = await ask(viewer, "차단기")
        again = await ask(viewer, "차단기")
        colleague = await ask(await make_principal(Role.VIEWER), "차단기")
        assert (first.is_cached, again.is_cached, colleague.is_cached) == (False, True, True)
        assert first.found == again.found == colleague.found

    async def test_a_new_article_is_found(self, ask: Ask, shelf: Shelf, viewer: Principal) -> None:
        await shelf.put(article("차단기 하나"))
        await ask(viewer, "차단기")
        await shelf.put(article("차단기 둘"))
        answer = await ask(viewer, "차단기")
        assert not answer.is_cached
        assert set(titles(answer)) == {"차단기 하나", "차단기 둘"}

    async def test_a_removed_article_is_not(self, ask: Ask, shelf: Shelf, viewer: Principal) -> None:
        gone = article("차단기 하나")
        await shelf.put(gone)
        await ask(viewer, "차단기")
        await shelf.remove(gone)
        assert titles(await ask(viewer, "차단기")) == []

    async def test_one_that_is_withdrawn_from_a_role_is_not(
        self, ask: Ask, shelf: Shelf, viewer: Principal
    ) -> None:
        shown = article("차단기 하나")
        await shelf.put(shown)
        assert titles(await ask(viewer, "차단기")) == ["차단기 하나"]
        await shelf.put(replace(shown, readers=ROLE_ONLY))
        assert titles(await ask(viewer, "차단기")) == []
        await shelf.put(shown)
        assert titles(await ask(viewer, "차단기")) == ["차단기 하나"]

    async def test_another_role_has_answers_of_its_own(
        self, ask: Ask, shelf: Shelf, viewer: Principal, make_principal: MakePrincipal
    ) -> None:
        await shelf.put(
            article("차단기 모두"),
            article("차단기 검토", readers=ROLE_ONLY),
            article("차단기 초안", readers=DRAFT),
        )
        reviewer, editor = await make_principal(Role.REVIEWER), await make_principal(Role.EDITOR)
        assert set(titles(await ask(reviewer, "차단기"))) == {"차단기 모두", "차단기 검토", "차단기 초안"}
        assert set(titles(await ask(editor, "차단기"))) == {"차단기 모두", "차단기 초안"}
        assert titles(await ask(viewer, "차단기")) == ["차단기 모두"]

    async def test_a_writer_who_took_an_earlier_number_and_commits_later_is_seen(
        self, ask: Ask, shelf: Shelf, viewer: Principal
    ) -> None:
        slow, quick = article("차단기 느림"), article("차단기 빠름")
        await shelf.put(slow, quick)
        newer = shelf.owned(replace(slow, title="차단기 느린 새 글"))
        prepared = await shelf.engine.prepare([newer])
        async with shelf.database.service() as session:
            await shelf.engine.put(session, Source.ARTICLE, [slow.source_id], prepared)
            await shelf.put(replace(quick, title="차단기 빠른 새 글"))  # a higher id, committed before
            before = await ask(viewer, "차단기")
        # Neither the number of items nor the highest id has changed since.
        assert set(titles(before)) == {"차단기 느림", "차단기 빠른 새 글"}
        assert set(titles(await ask(viewer, "차단기"))) == {"차단기 느린 새 글", "차단기 빠른 새 글"}

    async def test_one_that_expires_is_not_found_though_nobody_wrote(
        self, database: Database, shelf: Shelf, viewer: Principal
    ) -> None:
        silent = SearchSettings.model_validate({"SEARCH_LOG": "off"})  # the log writes, too
        service = Search(database, shelf.engine, settings=silent, secret=SECRET)
        soon = datetime.now(UTC) + timedelta(seconds=2)
        await shelf.put(article("차단기 하나", expires_at=soon))

        async def found() -> Answer:
            return await service.search(viewer, Query(text="차단기"))

        async def is_gone() -> bool:
            return not titles(await found())

        assert titles(await found()) == ["차단기 하나"]
        assert (await found()).is_cached
        await eventually(is_gone)

    async def test_a_pin_counts_at_once(
        self, ask: Ask, service: Search, shelf: Shelf, viewer: Principal, principal: Principal
    ) -> None:
        best, pinned = article("차단기", "차단기"), article("외함 안내")
        await shelf.put(best, pinned)
        assert titles(await ask(viewer, "차단기")) == ["차단기"]
        pin = await service.add_pin(
            principal, NewPin(query=" 차단기 ", source=Source.ARTICLE, source_id=pinned.source_id)
        )
        answer = await ask(viewer, "차단기")
        assert titles(answer) == ["외함 안내", "차단기"]
        assert [hit.is_pinned for hit in answer.found.hits] == [True, False]
        assert answer.found.total == 2
        await service.remove_pin(principal, pin.id)
        assert titles(await ask(viewer, "차단기")) == ["차단기"]

    async def test_nothing_is_kept_where_the_settings_say_so(
        self, database: Database, shelf: Shelf, viewer: Principal
    ) -> None:
        settings = SearchSettings.model_validate({"SEARCH_CACHE_ENTRIES": 0, "SEARCH_LOG": "off"})
        service = Search(database, shelf.engine, settings=settings, secret=SECRET)
        await shelf.put(article("차단기"))
        answers = [await service.search(viewer, Query(text="차단기")) for _ in range(2)]
        await service.close()
        assert [(answer.is_cached, answer.search_id) for answer in answers] == [(False, None)] * 2


class TestPins:
    """What administrators put first."""

    async def test_who_does_not_administer_may_not(
        self, service: Search, make_principal: MakePrincipal
    ) -> None:
        editor = await make_principal(Role.EDITOR)
        new = NewPin(query="차단기", source=Source.ARTICLE, source_id=uuid4())
        for act in (
            service.pins(editor),
            service.add_pin(editor, new),
            service.change_pin(editor, uuid4(), new),
            service.remove_pin(editor, uuid4()),
            service.synonyms(editor),
            service.add_synonyms(editor, ["외함", "케이스"]),
            service.change_synonyms(editor, uuid4(), ["외함", "케이스"]),
            service.remove_synonyms(editor, uuid4()),
        ):
            with pytest.raises(Forbidden):
                await act

    async def test_every_problem_is_named(self, service: Search, principal: Principal) -> None:
        with pytest.raises(BadInput) as caught:
            await service.add_pin(
                principal, NewPin(query=" - ", source=Source.ARTICLE, source_id=uuid4(), place=11)
            )
        assert [problem.path for problem in caught.value.problems] == ["query", "sourceId", "place"]

    async def test_what_may_not_be_read_or_does_not_pass_the_filters_is_not_put_first(
        self, ask: Ask, service: Search, shelf: Shelf, viewer: Principal, principal: Principal
    ) -> None:
        secret = article("비밀", readers=ROLE_ONLY)
        english = article("Enclosures", language=Language.EN)
        await shelf.put(article("차단기"), secret, english)
        for place, pinned in enumerate((secret, english), start=1):
            new = NewPin(query="차단기", source=Source.ARTICLE, source_id=pinned.source_id, place=place)
            await service.add_pin(principal, new)
        assert titles(await ask(principal, "차단기")) == ["비밀", "Enclosures", "차단기"]
        assert titles(await ask(viewer, "차단기")) == ["Enclosures", "차단기"]
        assert titles(await ask(viewer, "차단기", filters=Filters(languages=(Language.KO,)))) == ["차단기"]
        assert titles(await ask(viewer, "차단기", offset=1, limit=1)) == ["차단기"]

    async def test_a_change_is_kept_and_in_the_audit_log(
        self, database: Database, service: Search, shelf: Shelf, principal: Principal
    ) -> None:
        one, other = article("차단기"), article("외함")
        await shelf.put(one, other)
        first = NewPin(query=" MCCB  용량", source=Source.ARTICLE, source_id=one.source_id)
        pin = await service.add_pin(principal, first)
        assert pin.query == "mccb 용량"
        with pytest.raises(PinExists):
            await service.add_pin(principal, first)
        changed = await service.change_pin(
            principal, pin.id, replace(first, source_id=other.source_id, place=2)
        )
        assert await service.pins(principal) == (changed,)
        assert (changed.source_id, changed.place) == (other.source_id, 2)
        await service.remove_pin(principal, pin.id)
        with pytest.raises(PinNotFound):
            await service.remove_pin(principal, pin.id)
        assert await _audited(database, f"search_pin:{pin.id}") == [
            "search_pin.added",
            "search_pin.changed",
            "search_pin.removed",
        ]

    async def test_another_organisation_has_pins_of_its_own(
        self,
        service: Search,
        shelf: Shelf,
        principal: Principal,
        make_principal: MakePrincipal,
        make_organization: MakeOrganization,
    ) -> None:
        thing = article("차단기")
        await shelf.put(thing)
        new = NewPin(query="차단기", source=Source.ARTICLE, source_id=thing.source_id)
        pin = await service.add_pin(principal, new)
        stranger = await make_principal(Role.ADMIN, of=await make_organization())
        assert await service.pins(stranger) == ()
        with pytest.raises(PinNotFound):
            await service.remove_pin(stranger, pin.id)
        with pytest.raises(BadInput):
            await service.add_pin(stranger, new)


class TestSynonyms:
    """Groups that an organisation adds."""

    async def test_every_problem_is_named(self, service: Search, principal: Principal) -> None:
        with pytest.raises(BadInput) as caught:
            await service.add_synonyms(principal, ["외함", " 외함 ", "?", "가" * 61])
        assert [problem.path for problem in caught.value.problems] == ["words[1]", "words[2]", "words[3]"]
        with pytest.raises(BadInput):
            await service.add_synonyms(principal, ["외함"])

    async def test_a_group_lives(self, database: Database, service: Search, principal: Principal) -> None:
        group = await service.add_synonyms(principal, ["외함", "함  체"])
        assert group.words == ("외함", "함 체")
        changed = await service.change_synonyms(principal, group.id, ["외함", "케이스"], is_active=False)
        assert await service.synonyms(principal) == (changed,)
        await service.remove_synonyms(principal, group.id)
        assert await service.synonyms(principal) == ()
        with pytest.raises(SynonymsNotFound):
            await service.change_synonyms(principal, group.id, ["외함", "케이스"])
        assert await _audited(database, f"synonyms:{group.id}") == [
            "synonyms.added",
            "synonyms.changed",
            "synonyms.removed",
        ]


class TestLog:
    """What is noted of a search."""

    async def test_a_search_is_noted_without_what_tells_who_asked(
        self, ask: Ask, service: Search, database: Database, shelf: Shelf, viewer: Principal
    ) -> None:
        await shelf.put(article("차단기"))
        filters = Filters(kinds=("article",), since=datetime(2026, 1, 1, tzinfo=UTC).date())
        answer = await ask(viewer, "차단기 kim@example.com", filters=filters, language=Language.KO)
        later = await ask(viewer, "차단기", offset=10)
        await service.close()
        noted = await entry(database, answer.search_id)
        assert noted is not None
        assert (noted.query, noted.language, noted.hits) == ("차단기 ***", "ko", 1)
        assert noted.filters == {"kinds": ["article"], "since": "2026-01-01"}
        assert str(viewer.user_id) not in noted.session
        assert later.search_id is None
        assert (await ask(viewer, "차단기")).search_id is None  # closed

    async def test_a_click_is_noted_with_its_search(
        self, ask: Ask, service: Search, database: Database, shelf: Shelf, viewer: Principal
    ) -> None:
        thing = article("차단기")
        await shelf.put(thing)
        answer = await ask(viewer, "차단기")
        assert answer.search_id is not None
        await service.clicked(viewer, answer.search_id, Source.ARTICLE, thing.source_id, 1)
        noted = await entry(database, answer.search_id)
        assert noted is not None
        assert [(click["source"], click["id"], click["place"]) for click in noted.clicks] == [
            ("article", str(thing.source_id), 1)
        ]
        with pytest.raises(HitNotFound):
            await service.clicked(viewer, answer.search_id, Source.ARTICLE, uuid4(), 1)
        with pytest.raises(BadInput):
            await service.clicked(viewer, answer.search_id, Source.ARTICLE, thing.source_id, 0)

    async def test_a_search_of_another_organisation_is_none(
        self,
        ask: Ask,
        service: Search,
        make_shelf: MakeShelf,
        viewer: Principal,
        make_principal: MakePrincipal,
        make_organization: MakeOrganization,
    ) -> None:
        elsewhere = await make_organization()
        thing: Document = article("차단기")
        await make_shelf(elsewhere).put(thing)
        stranger = await make_principal(Role.ADMIN, of=elsewhere)
        answer = await ask(viewer, "차단기")
        assert answer.search_id is not None
        with pytest.raises(SearchNotFound):
            await service.clicked(stranger, answer.search_id, Source.ARTICLE, thing.source_id, 1)


async def _audited(database: Database, target: str) -> list[str]:
    async with database.service() as session:
        rows = select(AuditLog.action).where(AuditLog.target == target).order_by(AuditLog.sequence)
        return list((await session.execute(rows)).scalars())
