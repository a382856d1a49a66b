"""Questions for an enclosure, worked out by the real engine from the library of the caller's organisation."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kis.application import Application, open_application
from kis.assistant.tools.enclosures import StoredLibraries
from kis.identity import Permission, Principal, Role
from kis.platform.configuration import AssistantSettings, Settings
from kis.platform.database import Database
from tests.integration.assistant.tools.asking import ask
from tests.integration.assistant.tools.test_prices import own_book
from tests.integration.conftest import MakePrincipal

QUESTION = "함 사이즈 얼마? ELB 2P 20A 12개, MCCB 3P 100A 메인"


async def test_the_enclosure_is_told_in_korean(application: Application, principal: Principal) -> None:
    told = await ask(application, principal, QUESTION)

    # As a quotation for this list is made: tests of the engine derive the needed height
    # 170 + 130 (space over the main, the main) + 30 (bars) + 240 (6 rows of 40) + 150 (below) = 720 mm.
    assert "외함은 HDS 50 80 15, 높이 800 × 너비 500 × 깊이 150 mm입니다. [1]" in told.text
    assert "필요한 크기는 높이 720 × 너비 500 × 깊이 150 mm" in told.text
    assert "ELB 2P 20A 12개, 메인 MCCB 3P 100A 1개" in told.text
    ended = {name: told.last[name] for name in ("type", "mode", "refusal", "dropped", "cancelled", "seq")}
    assert ended == {
        "type": "final_answer",
        "mode": "calculated",
        "refusal": None,
        "dropped": 0,
        "cancelled": False,
        "seq": len(told.messages),
    }


async def test_the_same_list_in_english_has_the_same_box(
    application: Application, principal: Principal
) -> None:
    told = await ask(
        application, principal, "What enclosure for ELB 2P 20A x12 and a main MCCB 3P 100A?", locale="en"
    )

    assert "The enclosure is HDS 50 80 15: 800 mm high × 500 mm wide × 150 mm deep. [1]" in told.text
    assert "3P4W-380/220 V, indoors, on the wall, steel, 35 °C" in told.text


async def test_it_names_the_row_of_the_catalogue_and_the_rules(
    application: Application, principal: Principal
) -> None:
    told = await ask(application, principal, QUESTION)

    assert [each["number"] for each in told.citations] == [1, 2, 3, 4]
    assert told.citations[0]["excerpt"] == "HDS 50 80 15: 500 × 800 × 150 mm"
    assert "enclosure.wiring_above_main" in told.citations[1]["excerpt"]
    assert "enclosure.width_step" in told.citations[2]["excerpt"]
    assert "enclosure.door_clearance" in told.citations[3]["excerpt"]
    assert all(each["url"] == "/v1/rulebooks/kis-standard" for each in told.citations[1:])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.REVIEWER])
async def test_who_may_make_no_quotation_is_refused(
    application: Application, make_principal: MakePrincipal, role: Role
) -> None:
    told = await ask(application, await make_principal(role), QUESTION)

    assert told.last["refusal"] == "may_not_estimate"
    assert "견적을 만들 권한" in told.text
    assert "HDS" not in told.text


async def test_a_permission_taken_away_is_missed(application: Application, principal: Principal) -> None:
    without = replace(principal, permissions=principal.permissions - {Permission.QUOTATION_CREATE})

    assert (await ask(application, without, QUESTION)).last["refusal"] == "may_not_estimate"


async def test_nothing_of_it_is_stored(application: Application, principal: Principal) -> None:
    await ask(application, principal, QUESTION)

    assert (await application.quotations.list(principal)).total == 0


async def test_who_is_unknown_is_told_what_needs_a_right(settings: Settings) -> None:
    anonymous = replace(settings, assistant=AssistantSettings(anonymous="on"))
    async with open_application(anonymous, listens=False) as application:
        box = await ask(application, None, QUESTION)
        article = await ask(application, None, "누전차단기는 얼마나 자주 시험하나요?")

    assert box.last["refusal"] == "may_not_estimate"
    assert article.last["refusal"] == "may_not_read_articles"


async def test_the_answer_is_kept_with_what_it_stands_on(
    application: Application, principal: Principal
) -> None:
    await ask(application, principal, QUESTION)

    thread = (await application.threads.list(principal))[0][0]
    _, answer = (await application.threads.get(principal, thread.id)).messages
    assert (thread.product_id, answer.mode, answer.refusal) == ("", "calculated", "")
    assert [each["number"] for each in answer.citations] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("time_zone", "book"),
    [
        ("Pacific/Kiritimati", "n-new"),
        # 26 hours behind: there the day of the book has not begun, whatever the hour.
        ("Etc/GMT+12", "illustrative-2026-11-krw"),
    ],
)
async def test_the_day_is_that_of_the_house(
    application: Application,
    principal: Principal,
    database: Database,
    move_to: Callable[[str], Awaitable[None]],
    time_zone: str,
    book: str,
) -> None:
    begins = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
    await application.catalogs.price_books.upload(principal, "n.yaml", own_book("44444", "n-new", begins))
    await move_to(time_zone)

    before = datetime.now(ZoneInfo(time_zone)).date()
    opened = await StoredLibraries(database).open(principal)

    assert before <= opened.day <= datetime.now(ZoneInfo(time_zone)).date()
    assert opened.library.price_book.id == book


async def test_accessories_makers_and_breaking_capacity_reach_the_engine(
    application: Application, principal: Principal
) -> None:
    told = await ask(
        application,
        principal,
        "함 사이즈? 상도 MCCB 4P 225/200A 25kA 메인, ELB 2P 20A x 12, SPD 1개, 3상 전력량계 1개",
    )

    # The models: SBS-204 is Sangdo's only one of 225 AF and 4P with 25 kA, SIE-32 its small one of 20 A;
    # the SPD brings an MCCB 4P of 40 A: SBE-104, the economy one, begins at 60 A, so it is the standard SBS-54.
    assert "고른 차단기 모델: SBS-204, SBS-54, SIE-32 × 12." in told.text
    assert "서지보호기 SPD 1개, 전력량계 3상 1개" in told.text
    assert (told.last["mode"], told.last["refusal"]) == ("calculated", None)


async def test_what_cannot_be_made_is_answered_with_the_reason(
    application: Application, principal: Principal
) -> None:
    told = await ask(application, principal, "함 크기: ELB 2P 20A 12개, MCCB 3P 999A 메인")

    assert told.text.startswith("이 목록대로 만들 수 있는 외함이 없습니다. [1]")
    assert (told.last["mode"], told.last["refusal"]) == ("calculated", None)
    assert [each["url"] for each in told.citations] == ["/v1/rulebooks/kis-standard"]
