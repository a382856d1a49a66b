"""Questions about no product, answered from the knowledge base with the caller's rights, and articles offered where a manual has no answer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final

import orjson
import pytest

from kis.application import Application, open_application
from kis.identity import Permission, Principal, Role
from kis.knowledge import Draft, Place, Save, Words
from kis.platform.configuration import AssistantSettings, Settings
from kis.search import Language, Visibility
from tests.factories.maker_manuals import manual_pdf
from tests.factories.maker_site import Answer, maker_site
from tests.integration.assistant.tools.asking import ask
from tests.integration.conftest import MakeOrganization, MakePrincipal

KOREAN: Final = Words(
    title="누전차단기 동작 시험",
    summary="누전차단기를 정기적으로 시험하는 절차입니다.",
    body="## 시험 주기\n\n누전차단기의 시험 버튼은 한 달에 한 번 누릅니다.\n\n"
    "## 시험 방법\n\n시험 버튼을 누르면 0.1초 안에 차단되어야 합니다. 차단되지 않으면 교체합니다.\n",
)
ENGLISH: Final = Words(
    title="Testing residual current breakers",
    body="## Interval\n\nPress the test button of a residual current breaker once a month.\n\n"
    "## Procedure\n\nThe breaker must trip within 0.1 s of pressing the button. Replace it if it does not trip.\n",
)
SECRET: Final = Words(
    title="할인 승인 기준",
    body="## 할인 한도\n\n단골 고객의 특별 할인 한도는 17퍼센트이며 영업부장이 승인합니다.\n",
)


async def published(
    application: Application, make_principal: MakePrincipal, words: dict[Language, Words], **more: Any
) -> Any:
    """Return an article that went the whole way in an organisation."""
    of = more.pop("of", None)
    writer = await make_principal(Role.EDITOR, of=of)
    reviewer = await make_principal(Role.REVIEWER, of=of)
    article = await application.knowledge.create(writer, Draft(texts=words, place=Place(**more)))
    await application.knowledge.submit(writer, article.id)
    await application.knowledge.approve(reviewer, article.id)
    return await application.knowledge.publish(reviewer, article.id)


@pytest.fixture(name="testing")
async def _testing(application: Application, make_principal: MakePrincipal) -> Any:
    """The article on testing, in both languages."""
    return await published(application, make_principal, {Language.KO: KOREAN, Language.EN: ENGLISH})


async def test_an_article_answers_with_the_section_it_stands_in(
    application: Application, principal: Principal, testing: Any
) -> None:
    told = await ask(application, principal, "누전차단기 시험 버튼은 얼마나 자주 누르나요?")

    assert "한 달에 한 번 누릅니다. [1]" in told.text
    assert (told.last["mode"], told.last["refusal"]) == ("extractive", None)
    cited = told.citations[0]
    assert cited["title"] == "누전차단기 동작 시험"
    assert cited["url"] == f"/v1/knowledge/{testing.id}#section-시험-주기"
    assert cited["excerpt"] == "누전차단기의 시험 버튼은 한 달에 한 번 누릅니다."
    assert [each["type"] for each in told.messages][:1] == ["status"]
    assert "context" not in {each["type"] for each in told.messages}


async def test_a_question_in_english_is_answered_in_english(
    application: Application, principal: Principal, testing: Any
) -> None:
    told = await ask(application, principal, "How fast must a residual current breaker trip?", locale="en")

    assert "The breaker must trip within 0.1 s of pressing the button. [1]" in told.text
    assert told.citations[0]["url"] == f"/v1/knowledge/{testing.id}#section-procedure"


@pytest.mark.usefixtures("testing")
async def test_what_no_article_tells_is_refused(application: Application, principal: Principal) -> None:
    told = await ask(application, principal, "사무실 커피 기계는 어디에 있나요?")

    assert told.last["refusal"] == "nothing_in_articles"
    assert told.citations == []


async def test_a_text_without_words_is_refused(application: Application, principal: Principal) -> None:
    assert (await ask(application, principal, "???")).last["refusal"] == "nothing_in_articles"


class TestRights:
    """What the caller may not read is neither said nor cited."""

    QUESTION = "단골 고객의 특별 할인 한도는 몇 퍼센트인가요?"

    async def test_another_organizations_article_is_nothing(
        self,
        application: Application,
        principal: Principal,
        make_principal: MakePrincipal,
        make_organization: MakeOrganization,
    ) -> None:
        await published(application, make_principal, {Language.KO: SECRET})
        stranger = await make_principal(of=await make_organization())

        own = await ask(application, principal, self.QUESTION)
        others = await ask(application, stranger, self.QUESTION)

        assert "17퍼센트" in own.text
        assert others.last["refusal"] == "nothing_in_articles"
        assert "17" not in others.text
        assert "할인 승인 기준" not in str(others.messages)

    async def test_an_article_for_another_role_is_nothing(
        self, application: Application, make_principal: MakePrincipal
    ) -> None:
        await published(
            application,
            make_principal,
            {Language.KO: SECRET},
            visibility=Visibility.ROLE,
            roles=("reviewer",),
        )

        viewer, reviewer = await make_principal(Role.VIEWER), await make_principal(Role.REVIEWER)

        assert (await ask(application, viewer, self.QUESTION)).last["refusal"] == "nothing_in_articles"
        assert "17퍼센트" in (await ask(application, reviewer, self.QUESTION)).text

    async def test_a_draft_is_nothing_to_its_writer_either(
        self, application: Application, make_principal: MakePrincipal
    ) -> None:
        writer = await make_principal(Role.EDITOR)
        await application.knowledge.create(writer, Draft(texts={Language.KO: SECRET}, place=Place()))

        assert (await ask(application, writer, self.QUESTION)).last["refusal"] == "nothing_in_articles"

    async def test_of_a_changed_article_the_published_words_are_told(
        self, application: Application, make_principal: MakePrincipal
    ) -> None:
        article = await published(application, make_principal, {Language.KO: SECRET})
        writer = await make_principal(Role.EDITOR)
        changed = replace(SECRET, body=SECRET.body.replace("17", "23"))
        await application.knowledge.save(writer, article.id, Save(texts={Language.KO: changed}))

        told = await ask(application, writer, self.QUESTION)
        assert "17퍼센트" in told.text
        assert "23" not in told.text

    async def test_who_may_not_read_articles_is_told_so(
        self, application: Application, principal: Principal, make_principal: MakePrincipal
    ) -> None:
        await published(application, make_principal, {Language.KO: SECRET})
        without = replace(principal, permissions=principal.permissions - {Permission.ARTICLE_READ})

        told = await ask(application, without, self.QUESTION)
        assert told.last["refusal"] == "may_not_read_articles"
        assert "17" not in told.text


class TestOffer:
    """A manual that has no answer, and an article that has."""

    @pytest.fixture
    async def documented(self, settings: Settings, principal: Principal) -> AsyncIterator[Application]:
        """An installation with a product and its manual, which treats of its maker's things alone."""
        with maker_site() as site:
            reaching = replace(
                settings, assistant=AssistantSettings(private_hosts=site.host, reading_processes=1)
            )
            site.put("/m.pdf", Answer(manual_pdf()))
            product = {
                "id": "kx",
                "name": "KX",
                "brand": "Maker",
                "category": "Machines",
                "documentation": {"type": "pdf", "url": f"{site.url}/m.pdf"},
            }
            catalog = {"brand_identity": {"id": "maker", "name": "Maker"}, "products": [product]}
            async with open_application(reaching, listens=False) as opened:
                await opened.products.import_catalog(principal, "maker.json", orjson.dumps(catalog))
                yield opened

    async def test_is_made_behind_the_refusal_and_not_mixed_in(
        self, documented: Application, principal: Principal, make_principal: MakePrincipal
    ) -> None:
        article = await published(documented, make_principal, {Language.KO: SECRET})

        told = await ask(documented, principal, TestRights.QUESTION, product="kx")

        assert told.last["refusal"] is not None
        offered = told.citations[-1]
        assert offered["url"] == f"/v1/knowledge/{article.id}#section-할인-한도"
        assert told.text.endswith(f"에 관련된 내용이 있습니다. [{offered['number']}]")
        assert "17퍼센트" not in told.text
        assert len({each["number"] for each in told.citations}) == len(told.citations)

    async def test_is_made_to_nobody_who_may_not_read_it(
        self,
        documented: Application,
        principal: Principal,
        make_principal: MakePrincipal,
        make_organization: MakeOrganization,
    ) -> None:
        other = await make_organization()
        await published(documented, make_principal, {Language.KO: SECRET}, of=other)

        told = await ask(documented, principal, TestRights.QUESTION, product="kx")

        assert told.last["refusal"] is not None
        # The refusal may repeat the words of the question; of the article it has none.
        assert SECRET.title not in told.text
        assert "17" not in told.text
        assert all(not each["url"].startswith("/v1/knowledge") for each in told.citations)

    @pytest.mark.usefixtures("testing")
    async def test_is_not_made_where_the_manual_answers(
        self, documented: Application, principal: Principal
    ) -> None:
        told = await ask(documented, principal, "installation", product="kx", locale="en")

        assert told.last["refusal"] is None
        assert all(not each["url"].startswith("/v1/knowledge") for each in told.citations)
