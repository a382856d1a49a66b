"""Prices of parts of the catalogue, for who may read price books."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kis.application import Application
from kis.catalog import load_price_book, price_book_bytes
from kis.identity import Permission, Principal
from tests.integration.assistant.tools.asking import ask
from tests.integration.conftest import MakeOrganization, MakePrincipal

PART = "part:breaker:EBS52FB~30mA"
TODAY = datetime.now(UTC).date()


YESTERDAY = TODAY - timedelta(days=1)


def own_book(amount: str, name: str = "our-own", begins: date = YESTERDAY) -> bytes:
    """Return the shipped book under another name with another price of the part, from yesterday on."""
    shipped = price_book_bytes(None, load_price_book(None, "KRW", TODAY)).decode()
    named = shipped.replace("id: illustrative-2026-11-krw", f"id: {name}").replace(
        "illustrative: true", "illustrative: false"
    )
    dated = re.sub(r"valid_from: \S+", f"valid_from: {begins}", named)
    return re.sub(r"breaker:EBS52FB: \d+", f"breaker:EBS52FB: {amount}", dated).encode()


@pytest.fixture(autouse=True)
async def _installed(application: Application) -> None:
    await application.catalogs.install()


async def test_is_told_with_currency_book_and_day(application: Application, principal: Principal) -> None:
    details = await application.products.details(principal, PART)
    assert details.price is not None

    told = await ask(application, principal, "가격 얼마예요?", product=PART)

    amount = f"{details.price.amount:,f} {details.price.currency}"
    assert f"EBS52FB의 단가는 {details.price.unit}당 {amount}입니다. [1]" in told.text
    assert details.price.valid_from.isoformat() in told.text
    assert "예시 단가표" in told.text
    assert told.citations[0]["url"] == f"/v1/price-books/{details.price.book}"
    assert (told.last["mode"], told.last["refusal"]) == ("calculated", None)


async def test_is_told_in_english(application: Application, principal: Principal) -> None:
    told = await ask(application, principal, "How much does it cost?", product=PART, locale="en")

    assert told.text.startswith("EBS52FB costs ")


async def test_who_may_read_no_price_book_is_refused(application: Application, principal: Principal) -> None:
    without = replace(principal, permissions=principal.permissions - {Permission.PRICE_BOOK_READ})
    amount = (await application.products.details(principal, PART)).price

    told = await ask(application, without, "가격 얼마예요?", product=PART)

    assert told.last["refusal"] == "may_not_see_prices"
    assert amount is not None
    assert f"{amount.amount:,f}" not in told.text
    assert told.citations == []


async def test_the_organizations_own_price_is_told_to_it_alone(
    application: Application,
    principal: Principal,
    make_principal: MakePrincipal,
    make_organization: MakeOrganization,
) -> None:
    await application.catalogs.price_books.upload(principal, "own.yaml", own_book("77123"))
    stranger = await make_principal(of=await make_organization())

    own = await ask(application, principal, "단가는?", product=PART)
    others = await ask(application, stranger, "단가는?", product=PART)

    assert "77,123 KRW" in own.text
    assert YESTERDAY.isoformat() in own.text
    assert "예시" not in own.text
    assert "77,123" not in str(others.messages)
    assert "our-own" not in str(others.messages)


async def test_stands_beside_the_product_for_who_may_see_it(
    application: Application, principal: Principal
) -> None:
    known = (await application.products.details(principal, PART)).price
    without = replace(principal, permissions=principal.permissions - {Permission.PRICE_BOOK_READ})

    seen = (await ask(application, principal, "가격은?", product=PART)).context
    unseen = (await ask(application, without, "가격은?", product=PART)).context

    assert known is not None
    assert seen["price"] == {
        "amount": str(known.amount),
        "currency": known.currency,
        "unit": known.unit,
        "book": known.book,
        "valid_from": known.valid_from.isoformat(),
        "is_illustrative": True,
    }
    assert "price" not in unseen


async def test_of_several_own_books_the_newest_is_told_as_for_a_quotation(
    application: Application, principal: Principal
) -> None:
    books = application.catalogs.price_books
    await books.upload(principal, "a.yaml", own_book("11111", "a-old", TODAY - timedelta(days=30)))
    await books.upload(principal, "b.yaml", own_book("22222", "b-new"))
    await books.upload(principal, "c.yaml", own_book("33333", "c-later", TODAY + timedelta(days=30)))

    assert "22,222 KRW" in (await ask(application, principal, "단가는?", product=PART)).text


@pytest.mark.parametrize(
    ("time_zone", "amount"),
    [
        ("Pacific/Kiritimati", "44,444 KRW"),
        # 26 hours behind: there the day of the book has not begun, whatever the hour.
        ("Etc/GMT+12", "22,222 KRW"),
    ],
)
async def test_a_book_holds_from_the_morning_of_its_day_where_the_house_is(
    application: Application,
    principal: Principal,
    move_to: Callable[[str], Awaitable[None]],
    time_zone: str,
    amount: str,
) -> None:
    books = application.catalogs.price_books
    await books.upload(principal, "b.yaml", own_book("22222", "b-before", TODAY - timedelta(days=30)))
    begins = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
    await books.upload(principal, "n.yaml", own_book("44444", "n-new", begins))
    await move_to(time_zone)

    told = await ask(application, principal, "단가는?", product=PART)

    assert amount in told.text
    assert told.context["price"]["amount"] == amount.replace(",", "").removesuffix(" KRW")
