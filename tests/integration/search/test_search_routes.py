"""The search over HTTP: what is asked and answered, whose things are found, what administrators decide, and what is refused."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx2
import pytest

from kis.application import Application, open_application
from kis.identity import Permission, Principal, Role
from kis.knowledge import NewCategory
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, SearchSettings, Settings
from kis.search import Language, Readers, Source
from kis.search.models import SearchEntry
from tests.factories.clients import CallAs, clients_of
from tests.factories.searching import Shelf, article
from tests.integration.conftest import MakeOrganization, MakePrincipal, SomeOrganization

SEARCH: Final = "/v1/search"


@pytest.fixture
async def application(app_database_url: str, tmp_path: Path) -> AsyncIterator[Application]:
    settings = Settings(
        application=ApplicationSettings(data=tmp_path, secret_key="s" * 40, public_url="http://localhost"),
        database=DatabaseSettings(url=app_database_url, pool_size=4),
        search=SearchSettings.model_validate({"SEARCH_MORPHEMES": "off"}),
    )
    async with open_application(settings, listens=False) as opened:
        await opened.storage.ensure()
        yield opened


@pytest.fixture
async def call_as(application: Application, principal: Principal) -> AsyncIterator[CallAs]:
    """Return a client of a role, in the test's organisation or another administrator's."""
    async with clients_of(application, principal, locale="ko") as made:
        yield made


@pytest.fixture
async def viewing(call_as: CallAs) -> httpx2.AsyncClient:
    """Somebody who reads."""
    return await call_as(Role.VIEWER)


@pytest.fixture
async def ruling(call_as: CallAs) -> httpx2.AsyncClient:
    """Somebody who administers."""
    return await call_as(Role.ADMIN)


@pytest.fixture
def shelf(application: Application, organization: SomeOrganization) -> Shelf:
    return Shelf(application.engine, application.database, organization.id)


def shape(answer: httpx2.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def titles(answer: httpx2.Response) -> list[str]:
    return [hit["title"] for hit in shape(answer)["hits"]]


def paths(answer: httpx2.Response) -> list[str]:
    """Return the places of what is wrong with a request."""
    return [problem["path"] for problem in shape(answer, 422)["meta"]["problems"]]


class TestFind:
    async def test_a_hit_says_what_it_is_and_where_its_words_stand(
        self, viewing: httpx2.AsyncClient, shelf: Shelf
    ) -> None:
        document = article(
            "차단기 선정",
            "분전반의 차단기 용량은 부하 전류로 정합니다.",
            summary="용량을 정하는 순서",
            kind="guide",
            tags=("차단기",),
            link="/v1/knowledge/1",
            facts={"version": 3},
        )
        await shelf.put(document, article("외함 안내", "강판 두께"))
        answer = await viewing.get(SEARCH, params={"limit": 10, "q": "차단기 용량"})
        found = shape(answer)
        assert answer.headers["Cache-Control"] == "no-store"
        (hit,) = found["hits"]
        assert (hit["source"], hit["sourceId"], hit["language"]) == ("article", str(document.source_id), "ko")
        assert (hit["type"], hit["status"], hit["tags"]) == ("guide", "published", ["차단기"])
        assert (hit["link"], hit["facts"], hit["isPinned"]) == ("/v1/knowledge/1", {"version": 3}, False)
        assert hit["score"] > 0
        marked = {
            snippet["field"]: [snippet["text"][mark["start"] : mark["end"]] for mark in snippet["marks"]]
            for snippet in hit["snippets"]
        }
        assert marked == {"title": ["차단기"], "summary": ["용량"], "body": ["차단기", "용량"]}
        assert (found["total"], found["isMore"], found["offset"], found["limit"]) == (1, False, 0, 10)
        assert (found["text"], found["corrections"], found["engine"]) == ("차단기 용량", [], "postings")
        assert UUID(found["searchId"])
        assert found["tookMs"] > 0

    async def test_words_without_a_space_and_on_the_wrong_layout_are_understood(
        self, viewing: httpx2.AsyncClient, shelf: Shelf
    ) -> None:
        await shelf.put(article("차단기 용량 선정", "부하 전류"), article("외함 선정", "강판 두께"))
        assert titles(await viewing.get(SEARCH, params={"q": "차단기용량선정"}))[0] == "차단기 용량 선정"
        meant = await viewing.get(SEARCH, params={"q": "ckeksrl"})
        assert titles(meant) == ["차단기 용량 선정"]
        assert (shape(meant)["text"], shape(meant)["corrections"]) == ("차단기", ["차단기"])
        assert titles(await viewing.get(SEARCH, params={"q": "ckeksrl", "corrects": "false"})) == []

    async def test_a_body_asks_the_same(self, viewing: httpx2.AsyncClient, shelf: Shelf) -> None:
        await shelf.put(
            article("차단기 하나", kind="guide", tags=("가",)),
            article("차단기 둘", kind="faq", tags=("가", "나"), author="user:1", status="draft"),
            article("차단기 셋", kind="faq", language=Language.EN),
        )
        filters: tuple[tuple[dict[str, Any], dict[str, Any], set[str]], ...] = (
            ({}, {}, {"차단기 하나", "차단기 둘", "차단기 셋"}),
            ({"type": ["guide", "faq"]}, {"types": ["guide", "faq"]}, {"차단기 하나", "차단기 둘", "차단기 셋"}),
            ({"type": "guide"}, {"types": ["guide"]}, {"차단기 하나"}),
            ({"language": "en"}, {"languages": ["en"]}, {"차단기 셋"}),
            ({"tag": "나"}, {"tags": ["나"]}, {"차단기 둘"}),
            ({"status": "draft"}, {"statuses": ["draft"]}, {"차단기 둘"}),
            ({"author": "user:1"}, {"authors": ["user:1"]}, {"차단기 둘"}),
            ({"source": "quotation"}, {"sources": ["quotation"]}, set()),
            ({"since": "2026-11-21"}, {"since": "2026-11-21"}, set()),
            ({"since": "2026-11-20", "until": "2026-11-20"}, {"since": "2026-11-20", "until": "2026-11-20"}, {"차단기 하나", "차단기 둘", "차단기 셋"}),
            ({"until": "2026-11-19"}, {"until": "2026-11-19"}, set()),
            ({"category": str(uuid4())}, {"categories": [str(uuid4())]}, set()),
        )  # fmt: skip
        for params, body, wanted in filters:
            asked = await viewing.get(SEARCH, params={"q": "차단기", **params})
            told = await viewing.post(SEARCH, json={"q": "차단기", **body})
            assert set(titles(asked)) == set(titles(told)) == wanted, params

    async def test_pages_and_counts(self, viewing: httpx2.AsyncClient, shelf: Shelf) -> None:
        await shelf.put(
            article("차단기 가", kind="guide", tags=("가", "나")),
            article("차단기 나", kind="faq", tags=("나",)),
            article("차단기 다", kind="faq"),
        )
        whole = titles(await viewing.get(SEARCH, params={"q": "차단기"}))
        first = await viewing.get(
            SEARCH, params={"q": "차단기", "limit": 2, "facet": ["type", "tag", "year"]}
        )
        second = await viewing.get(SEARCH, params={"q": "차단기", "limit": 2, "offset": 2})
        assert [*titles(first), *titles(second)] == whole
        assert (shape(first)["total"], shape(second)["searchId"]) == (3, None)
        assert shape(second)["facets"] == {}
        assert shape(first)["facets"] == {
            "type": [{"value": "faq", "count": 2}, {"value": "guide", "count": 1}],
            "tag": [{"value": "나", "count": 2}, {"value": "가", "count": 1}],
            "year": [{"value": "2026", "count": 3}],
        }

    async def test_a_category_means_those_below_it(
        self, application: Application, principal: Principal, viewing: httpx2.AsyncClient, shelf: Shelf
    ) -> None:
        async def category(name: str, parent_id: UUID | None = None) -> UUID:
            new = NewCategory(name_ko=name, name_en=name, parent_id=parent_id)
            return (await application.knowledge.add_category(principal, new)).id

        top = await category("breakers")
        leaf = await category("leakage", await category("kinds", top))
        other = await category("boxes")
        await shelf.put(
            article("차단기 위", category_id=top),
            article("차단기 아래", category_id=leaf),
            article("차단기 옆", category_id=other),
        )
        for wanted, expected in ((top, {"차단기 위", "차단기 아래"}), (leaf, {"차단기 아래"})):
            assert (
                set(titles(await viewing.get(SEARCH, params={"q": "차단기", "category": str(wanted)})))
                == expected
            )

    async def test_of_two_languages_the_callers_is_shown(
        self, viewing: httpx2.AsyncClient, shelf: Shelf
    ) -> None:
        korean = article("MCCB 선정", "MCCB")
        english = article("Choosing an MCCB", "MCCB", source_id=korean.source_id, language=Language.EN)
        await shelf.put(korean, english)
        asked = {"q": "MCCB"}
        assert titles(await viewing.get(SEARCH, params=asked)) == ["MCCB 선정"]
        english_first = {"Accept-Language": "en-GB, ko;q=0.5"}
        assert titles(await viewing.get(SEARCH, params=asked, headers=english_first)) == ["Choosing an MCCB"]
        told = await viewing.post(SEARCH, params={"locale": "en"}, json={"q": "MCCB"})
        assert titles(told) == ["Choosing an MCCB"]
        del viewing.headers["Accept-Language"]  # without a word about it: the one that answers best
        assert titles(await viewing.get(SEARCH, params={"q": "choosing MCCB"})) == ["Choosing an MCCB"]
        assert titles(await viewing.get(SEARCH, params={"q": "MCCB 선정"})) == ["MCCB 선정"]


class TestRefusals:
    @pytest.mark.parametrize("q", ["", "   ", '"-"', "…"])
    async def test_a_question_without_a_letter_is_named(self, viewing: httpx2.AsyncClient, q: str) -> None:
        for answer in (
            await viewing.get(SEARCH, params={"q": q}),
            await viewing.post(SEARCH, json={"q": q}),
        ):
            (path,) = paths(answer)
            assert path.removeprefix("query.") == "q"

    async def test_everything_that_is_wrong_is_named_at_once_in_the_callers_language(
        self, viewing: httpx2.AsyncClient
    ) -> None:
        wrong: dict[str, Any] = {
            "limit": 101,
            "offset": -1,
            "source": "film",
            "since": "yesterday",
            "category": "1",
        }
        answer = await viewing.get(SEARCH, params=wrong)
        assert set(paths(answer)) == {
            "query.q", "query.limit", "query.offset", "query.source[0]", "query.since", "query.category[0]",
        }  # fmt: skip
        korean = {problem["path"]: problem["message"] for problem in answer.json()["meta"]["problems"]}
        assert korean["query.limit"] == "100 이하여야 합니다."
        body = {"q": "차" * 501, "limit": "10", "facets": ["colour"], "tags": ["t"] * 21, "colour": 1}
        assert set(paths(await viewing.post(SEARCH, json=body))) == {
            "q",
            "limit",
            "facets[0]",
            "tags",
            "colour",
        }
        turned = {"q": "?", "since": "2026-02-01", "until": "2026-01-31"}
        answer = await viewing.get(SEARCH, params=turned, headers={"Accept-Language": "en"})
        assert [problem["message"] for problem in shape(answer, 422)["meta"]["problems"]] == [
            "must have a letter or a digit",
            "must not be before since",
        ]

    async def test_whatever_is_typed_is_answered(self, viewing: httpx2.AsyncClient, shelf: Shelf) -> None:
        await shelf.put(article("차단기"))
        for typed in (
            '"차단기',
            "-차단기",
            "title:",
            "tag:차단기",
            "%' OR 1=1 --",
            "차단기\u200b",
            "a" * 500,
            "ㅊㅏㄷㅏㄴㄱㅣ",
        ):
            shape(await viewing.get(SEARCH, params={"q": typed}))
            shape(await viewing.get(f"{SEARCH}/suggest", params={"q": typed[:200]}))


class TestRights:
    async def test_a_source_that_may_not_be_read_is_left_out_or_refused(
        self, call_as: CallAs, shelf: Shelf
    ) -> None:
        await shelf.put(
            article("차단기 안내"),
            article("차단기 견적", source=Source.QUOTATION),
            article("차단기 부품", source=Source.CATALOG_ITEM),
        )
        reading = await call_as(Role.ADMIN, Permission.ARTICLE_READ)
        assert titles(await reading.get(SEARCH, params={"q": "차단기"})) == ["차단기 안내"]
        both = {"q": "차단기", "sources": ["article", "quotation"]}
        assert titles(await reading.post(SEARCH, json=both)) == ["차단기 안내"]
        refused = shape(await reading.get(SEARCH, params={"q": "차단기", "source": "quotation"}), 403)
        assert (refused["code"], refused["meta"]["permission"]) == ("forbidden", "quotation.read")
        assert refused["meta"]["sources"] == ["quotation"]
        parts = await call_as(Role.ADMIN, Permission.CATALOG_READ)
        assert titles(await parts.get(SEARCH, params={"q": "차단기"})) == ["차단기 부품"]
        prices = await call_as(Role.ADMIN, Permission.PRICE_BOOK_READ)
        shape(await prices.get(SEARCH, params={"q": "차단기"}), 403)

    async def test_nothing_of_another_organisation_is_found_counted_or_known(
        self,
        call_as: CallAs,
        shelf: Shelf,
        viewing: httpx2.AsyncClient,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
    ) -> None:
        secret = article("비밀차단기", "비밀", tags=("비밀꼬리표",))
        await shelf.put(secret, article("비밀차단기 둘", "비밀"))
        stranger = await call_as(Role.ADMIN, of=await make_principal(of=await make_organization()))
        asked: dict[str, Any] = {"q": "비밀차단기", "facet": ["tag", "year"]}
        for _ in range(2):  # also from what is kept
            assert shape(await viewing.get(SEARCH, params=asked))["total"] == 2
            found = shape(await stranger.get(SEARCH, params=asked))
            assert (found["hits"], found["total"], found["corrections"]) == ([], 0, [])
            assert found["facets"] == {"tag": [], "year": []}
        assert shape(await stranger.get(f"{SEARCH}/suggest", params={"q": "비밀"}))["items"] == []
        one = {"source": "article", "id": str(secret.source_id)}
        nobody = {"source": "article", "id": str(uuid4())}
        for path, more in (("similar", {}), ("explain", {"q": "비밀차단기"})):
            shape(await viewing.get(f"{SEARCH}/{path}", params={**one, **more}))
            answers = [
                await stranger.get(f"{SEARCH}/{path}", params={**each, **more}) for each in (one, nobody)
            ]
            assert [shape(answer, 404)["code"] for answer in answers] == ["hit_not_found"] * 2

    async def test_a_draft_is_for_those_who_write_and_review(
        self, call_as: CallAs, viewing: httpx2.AsyncClient, shelf: Shelf
    ) -> None:
        draft = article("차단기 초안", readers=Readers(organization_id=None, is_published=False))
        await shelf.put(draft)
        editing = await call_as(Role.EDITOR)
        assert titles(await editing.get(SEARCH, params={"q": "차단기"})) == ["차단기 초안"]
        assert titles(await viewing.get(SEARCH, params={"q": "차단기"})) == []
        one = {"source": "article", "id": str(draft.source_id)}
        shape(await viewing.get(f"{SEARCH}/similar", params=one), 404)


class TestBeside:
    async def test_what_is_typed_is_completed(self, viewing: httpx2.AsyncClient, shelf: Shelf) -> None:
        thing = article("누전 차단기 시험")
        await shelf.put(thing, article("차단기 선정", source=Source.QUOTATION))
        found = shape(await viewing.get(f"{SEARCH}/suggest", params={"q": "차단"}))["items"]
        assert {item["text"] for item in found} == {"누전 차단기 시험", "차단기 선정"}
        articles = {"q": "차단", "source": "article"}
        (item,) = shape(await viewing.get(f"{SEARCH}/suggest", params=articles))["items"]
        assert (item["source"], item["sourceId"]) == ("article", str(thing.source_id))
        assert paths(await viewing.get(f"{SEARCH}/suggest", params={"q": "", "limit": 21})) == [
            "query.q",
            "query.limit",
        ]

    async def test_similar_things_are_found(self, viewing: httpx2.AsyncClient, shelf: Shelf) -> None:
        one = article("차단기 용량 선정", "부하 전류와 차단기 용량")
        await shelf.put(one, article("차단기 용량 계산", "차단기 용량"), article("도장 색상", "회색"))
        asked = {"source": "article", "id": str(one.source_id)}
        found = shape(await viewing.get(f"{SEARCH}/similar", params=asked))["items"]
        assert [hit["title"] for hit in found] == ["차단기 용량 계산"]

    async def test_a_place_is_explained(self, viewing: httpx2.AsyncClient, shelf: Shelf) -> None:
        one = article("차단기 선정", "용량")
        await shelf.put(one)
        asked = {"q": "차단기", "source": "article", "id": str(one.source_id)}
        told = shape(await viewing.get(f"{SEARCH}/explain", params=asked))
        assert told["hit"]["title"] == "차단기 선정"
        assert {term["term"] for term in told["terms"]} >= {"차단", "단기"}
        for term in told["terms"]:
            assert term["share"] == pytest.approx(term["rarity"] * term["weight"] * term["importance"])
        assert sum(term["share"] for term in told["terms"]) == pytest.approx(told["hit"]["score"], rel=1e-3)
        unfound = shape(await viewing.get(f"{SEARCH}/explain", params={**asked, "q": "접지"}))
        assert (unfound["hit"], unfound["terms"]) == (None, [])

    async def test_an_opened_hit_is_noted_once_it_was_found(
        self, application: Application, viewing: httpx2.AsyncClient, shelf: Shelf
    ) -> None:
        thing = article("차단기")
        await shelf.put(thing)
        search_id = shape(await viewing.get(SEARCH, params={"q": "차단기"}))["searchId"]
        opened = {"source": "article", "sourceId": str(thing.source_id), "place": 1}
        shape(await viewing.post(f"{SEARCH}/{search_id}/clicks", json=opened), 204)
        async with application.database.service() as session:
            noted = await session.get(SearchEntry, UUID(search_id))
            assert noted is not None
            assert [(click["id"], click["place"]) for click in noted.clicks] == [(str(thing.source_id), 1)]
        never = await viewing.post(f"{SEARCH}/{uuid4()}/clicks", json=opened)
        assert shape(never, 404)["code"] == "search_not_found"
        assert paths(await viewing.post(f"{SEARCH}/{search_id}/clicks", json={**opened, "place": 0})) == [
            "place"
        ]


class TestPins:
    async def test_stand_first_until_they_are_taken_away(
        self, call_as: CallAs, ruling: httpx2.AsyncClient, viewing: httpx2.AsyncClient, shelf: Shelf
    ) -> None:
        best, pinned = article("차단기", "차단기"), article("외함 안내")
        await shelf.put(best, pinned)
        body = {"query": " 차단기 ", "source": "article", "sourceId": str(pinned.source_id)}
        made = await ruling.post(f"{SEARCH}/pins", json=body)
        pin = shape(made, 201)
        assert (pin["query"], pin["place"], pin["title"]) == ("차단기", 1, "외함 안내")
        found = shape(await viewing.get(SEARCH, params={"q": "차단기"}))
        assert [(hit["title"], hit["isPinned"]) for hit in found["hits"]] == [
            ("외함 안내", True),
            ("차단기", False),
        ]
        assert shape(await ruling.post(f"{SEARCH}/pins", json=body), 409)["code"] == "pin_exists"
        changed = shape(
            await ruling.put(made.headers["Location"], json={**body, "query": "MCCB", "place": 2})
        )
        assert (changed["id"], changed["query"], changed["place"]) == (pin["id"], "mccb", 2)
        listed = shape(await ruling.get(f"{SEARCH}/pins"))
        assert (listed["items"], listed["total"]) == ([changed], 1)
        assert shape(await ruling.get(f"{SEARCH}/pins", params={"q": "MC"}))["total"] == 1
        alone = await call_as(Role.ADMIN, Permission.KNOWLEDGE_ADMIN)
        assert [each["title"] for each in shape(await alone.get(f"{SEARCH}/pins"))["items"]] == [None]
        await shelf.remove(pinned)
        assert [each["title"] for each in shape(await ruling.get(f"{SEARCH}/pins"))["items"]] == [None]
        assert shape(await ruling.get(f"{SEARCH}/pins", params={"q": "차단기"}))["total"] == 0
        shape(await ruling.delete(made.headers["Location"]), 204)
        shape(await ruling.delete(made.headers["Location"]), 404)
        assert titles(await viewing.get(SEARCH, params={"q": "차단기"})) == ["차단기"]

    async def test_only_what_can_be_found_is_pinned(self, ruling: httpx2.AsyncClient) -> None:
        body = {"query": "차단기", "source": "article", "sourceId": str(uuid4())}
        assert paths(await ruling.post(f"{SEARCH}/pins", json=body)) == ["sourceId"]
        wrong = {"query": "", "source": "film", "sourceId": "1", "place": 11}
        answer = await ruling.post(f"{SEARCH}/pins", json=wrong)
        assert set(paths(answer)) == {"query", "source", "sourceId", "place"}


class TestSynonyms:
    async def test_a_group_lives(self, ruling: httpx2.AsyncClient) -> None:
        made = await ruling.post(f"{SEARCH}/synonyms", json={"words": ["철함", "케이스"]})
        group = shape(made, 201)
        assert (group["words"], group["isActive"]) == (["철함", "케이스"], True)
        other = {"words": ["철함", "박스"], "isActive": False}
        changed = shape(await ruling.put(made.headers["Location"], json=other))
        assert changed == {"id": group["id"], **other}
        assert shape(await ruling.get(f"{SEARCH}/synonyms"))["items"] == [changed]
        assert shape(await ruling.get(f"{SEARCH}/synonyms", params={"q": "박"}))["total"] == 1
        assert shape(await ruling.get(f"{SEARCH}/synonyms", params={"q": "케이스"}))["total"] == 0
        shape(await ruling.delete(made.headers["Location"]), 204)
        shape(await ruling.put(made.headers["Location"], json=other), 404)

    async def test_every_problem_is_named(self, ruling: httpx2.AsyncClient) -> None:
        assert paths(await ruling.post(f"{SEARCH}/synonyms", json={"words": ["하나"], "isActive": 1})) == [
            "words",
            "isActive",
        ]
        twice = {"words": ["철함", "철함 ", "?"]}
        assert paths(await ruling.post(f"{SEARCH}/synonyms", json=twice)) == ["words[1]", "words[2]"]

    async def test_those_that_came_with_the_program_are_read_by_the_page(
        self, ruling: httpx2.AsyncClient, viewing: httpx2.AsyncClient
    ) -> None:
        first, second = [
            shape(await ruling.get(f"{SEARCH}/synonyms/shipped", params={"page": page, "size": 3}))
            for page in (1, 2)
        ]
        assert len(first["items"]) == len(second["items"]) == 3
        assert first["items"] != second["items"]
        assert first["total"] == second["total"] > 1000
        named = shape(await ruling.get(f"{SEARCH}/synonyms/shipped", params={"q": "mCcB", "size": 100}))
        assert 0 < named["total"] < first["total"]
        assert all(any("mccb" in word.casefold() for word in each["words"]) for each in named["items"])
        shape(await viewing.get(f"{SEARCH}/synonyms/shipped"), 403)
