"""Price books and rulebooks of organisations, and the library a quotation is made from."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from kis.catalog import PriceBookNotApplicable, price_book_bytes, shipped_price_books
from kis.catalog.store import CatalogStore, NoSuchPriceBook, PriceBookTaken
from kis.estimator import (
    ParsedRequest,
    estimate,
    load_request,
    open_library,
    parse_request,
    produce,
    rulebook_bytes,
    shipped_rulebooks,
)
from kis.identity import Principal, Role
from kis.platform.database import Database
from kis.platform.errors import BadInput, Forbidden, NotFound
from kis.quotations import NoSuchRulebook, Rulebooks, RulebookTaken, library_for
from tests.integration.conftest import MakeOrganization, MakePrincipal

EXAMPLES = Path(__file__).parents[3] / "examples"
WON = "illustrative-2026-11-krw"
DAY = date(2026, 11, 20)


def shipped_book() -> bytes:
    book = next(book for book in shipped_price_books() if book.id == WON)
    return price_book_bytes(None, book)


def book(
    name: str,
    *,
    first: str = "2026-11-01",
    last: str = "null",
    version: str = "1",
    prices: Mapping[str, int] | None = None,
) -> bytes:
    """The shipped book under another name, with its own days and prices."""
    data = shipped_book().decode()
    changes = {
        f"id: {WON}": f"id: {name}",
        'version: "2026.11"': f'version: "{version}"',
        "valid_from: 2026-11-01": f"valid_from: {first}",
        "valid_to: null": f"valid_to: {last}",
    }
    for old, new in changes.items():
        assert old in data
        data = data.replace(old, new)
    for key, price in (prices or {}).items():
        old = next(line for line in data.splitlines() if line.strip().startswith(f"breaker:{key}:"))
        data = data.replace(old, f"      breaker:{key}: {price}")
    return data.encode()


def rules(name: str, *, first: str = "2026-11-01", version: str = "1") -> bytes:
    """The shipped rulebook under another name and from another day."""
    (shipped,) = shipped_rulebooks()
    data = rulebook_bytes(None, shipped).decode()
    changes = {
        f"id: {shipped.id}": f"id: {name}",
        f'version: "{shipped.version}"': f'version: "{version}"',
        f"valid_from: {shipped.valid_from}": f"valid_from: {first}",
    }
    for old, new in changes.items():
        assert old in data, old
        data = data.replace(old, new, 1)
    return data.encode()


def office(**more: Any) -> ParsedRequest:
    parsed = load_request(EXAMPLES / "office-lighting-panel.yaml")
    return parse_request({**parsed.source, **more})


class TestPriceBooks:
    async def test_an_uploaded_book_is_listed_first_and_handed_out_byte_for_byte(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        data = book("hanbit")
        head, _ = await catalogs.price_books.upload(principal, "prices.csv", data)
        listed = await catalogs.price_books.list(principal)
        assert [one.name for one in listed] == ["hanbit", WON, "illustrative-2026-11-usd"]
        assert (listed[0].id, listed[0].is_own) == (head.id, True)
        assert await catalogs.price_books.content(principal, "hanbit") == data

    async def test_the_same_file_again_changes_nothing_and_another_is_refused(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        first, _ = await catalogs.price_books.upload(principal, "a.yaml", book("hanbit"))
        again, _ = await catalogs.price_books.upload(principal, "a.yaml", book("hanbit"))
        assert again.id == first.id
        with pytest.raises(PriceBookTaken):
            await catalogs.price_books.upload(principal, "a.yaml", book("hanbit", last="2026-12-31"))
        newer, _ = await catalogs.price_books.upload(
            principal, "a.yaml", book("hanbit", version="2", first="2026-11-05")
        )
        head, _ = await catalogs.price_books.get(principal, "hanbit")
        assert head.id == newer.id
        head, _ = await catalogs.price_books.get(principal, "hanbit", "1")
        assert head.id == first.id

    async def test_every_fault_is_told_with_its_line(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        data = (
            book("hanbit")
            .replace(b"currency: KRW", b"currency: WON")
            .replace(b"illustrative: true", b"illustrative: maybe")
        )
        with pytest.raises(BadInput) as refused:
            await catalogs.price_books.upload(principal, "../prices/a.yaml", data)
        assert [problem.path.partition(" ")[2] for problem in refused.value.problems] == [
            "currency",
            "illustrative",
        ]
        assert all(problem.path.startswith("a.yaml:") for problem in refused.value.problems)

    async def test_a_book_that_leaves_out_what_every_panel_needs_is_refused(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        data = b"\n".join(line for line in book("hanbit").splitlines() if b"item:fuse_holder" not in line)
        with pytest.raises(BadInput) as refused:
            await catalogs.price_books.upload(principal, "a.yaml", data)
        assert [problem.path for problem in refused.value.problems] == ["item:fuse_holder"]

    async def test_two_books_are_compared_price_by_price(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        await catalogs.price_books.upload(principal, "a.yaml", book("hanbit", prices={"EBS52FB": 22470}))
        changes = await catalogs.price_books.diff(principal, (WON, None), ("hanbit", None))
        (price,) = [change for change in changes if change.table == "prices"]
        # 21,400 won becomes 22,470: five per cent more.
        assert (price.key, price.old, price.new, str(price.percent)) == (
            "breaker:EBS52FB",
            "21400",
            "22470",
            "5.0",
        )

    async def test_other_organisations_see_nothing_of_it(
        self,
        catalogs: CatalogStore,
        principal: Principal,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
    ) -> None:
        await catalogs.price_books.upload(principal, "a.yaml", book("hanbit"))
        stranger = await make_principal(of=await make_organization())
        with pytest.raises(NoSuchPriceBook):
            await catalogs.price_books.get(stranger, "hanbit")
        await catalogs.price_books.upload(stranger, "a.yaml", book("hanbit", last="2026-12-31"))

    async def test_who_may_not_write_prices_uploads_none(
        self, catalogs: CatalogStore, make_principal: MakePrincipal
    ) -> None:
        with pytest.raises(Forbidden):
            await catalogs.price_books.upload(await make_principal(Role.ESTIMATOR), "a.yaml", book("hanbit"))


class TestRulebooks:
    async def test_an_uploaded_rulebook_is_kept_and_never_overwritten(
        self, rulebooks: Rulebooks, principal: Principal
    ) -> None:
        data = rules("hanbit")
        head, _ = await rulebooks.upload(principal, "a.yaml", data)
        assert (await rulebooks.list(principal))[0].id == head.id
        assert await rulebooks.content(principal, "hanbit-1") == data
        assert (await rulebooks.upload(principal, "a.yaml", data))[0].id == head.id
        with pytest.raises(RulebookTaken):
            await rulebooks.upload(principal, "a.yaml", rules("hanbit", first="2026-11-02"))

    async def test_a_rulebook_that_contradicts_itself_is_refused(
        self, rulebooks: Rulebooks, principal: Principal
    ) -> None:
        with pytest.raises(BadInput):
            await rulebooks.upload(
                principal, "a.yaml", rules("hanbit").replace(b"status: ", b"standing: ", 1)
            )
        with pytest.raises(NoSuchRulebook):
            await rulebooks.get(principal, "hanbit")

    async def test_two_rulebooks_are_compared(self, rulebooks: Rulebooks, principal: Principal) -> None:
        await rulebooks.upload(principal, "a.yaml", rules("hanbit"))
        (change,) = await rulebooks.diff(principal, ("kis-standard", None), ("hanbit", None))
        assert (change.rule_id, change.decides) == ("rulebook", False)
        assert [field.field for field in change.fields] == ["id", "version"]

    async def test_rulebooks_of_others_are_not_there(
        self,
        rulebooks: Rulebooks,
        principal: Principal,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
        database: Database,
    ) -> None:
        await rulebooks.upload(principal, "a.yaml", rules("hanbit"))
        stranger = await make_principal(of=await make_organization())
        with pytest.raises(NoSuchRulebook):
            await rulebooks.content(stranger, "hanbit")
        async with database.transaction(stranger.scope) as session:
            seen = await session.scalar(
                text("SELECT count(*) FROM estimator.rulebooks WHERE organization_id IS NOT NULL")
            )
        assert seen == 0


class TestLibraryFor:
    async def library(
        self, database: Database, principal: Principal, parsed: ParsedRequest, on: date = DAY
    ) -> Any:
        async with database.transaction(principal.scope) as session:
            return await library_for(session, principal.organization_id, parsed.request, on)

    async def test_without_anything_of_its_own_a_quotation_is_what_the_command_line_makes(
        self, catalogs: CatalogStore, rulebooks: Rulebooks, principal: Principal, database: Database
    ) -> None:
        assert catalogs
        assert rulebooks
        parsed = office()
        library = await self.library(database, principal, parsed)
        shipped = open_library(parsed.request, on=DAY)
        assert dict(library.files) == dict(shipped.files)
        packs = [
            produce(
                estimate(parsed, library=one, on=DAY), trace_id="a" * 32, created_at="2026-11-20T00:00:00Z"
            ).files
            for one in (library, shipped)
        ]
        assert packs[0] == packs[1]

    async def test_the_newest_own_book_valid_on_the_day_is_taken(
        self, catalogs: CatalogStore, rulebooks: Rulebooks, principal: Principal, database: Database
    ) -> None:
        assert rulebooks
        parsed = office()
        for name, first, last in (
            ("old", "2026-10-01", "null"),
            ("new", "2026-11-10", "null"),
            ("ended", "2026-11-12", "2026-11-15"),
            ("coming", "2026-12-01", "null"),
        ):
            await catalogs.price_books.upload(principal, "a.yaml", book(name, first=first, last=last))
        assert (await self.library(database, principal, parsed)).price_book.id == "new"
        assert (await self.library(database, principal, parsed, date(2026, 11, 13))).price_book.id == "ended"
        assert (await self.library(database, principal, parsed, date(2026, 11, 5))).price_book.id == "old"
        dollars = office(currency="USD")
        assert (await self.library(database, principal, dollars)).price_book.id == "illustrative-2026-11-usd"

    async def test_what_the_request_names_goes_first(
        self, catalogs: CatalogStore, rulebooks: Rulebooks, principal: Principal, database: Database
    ) -> None:
        await catalogs.price_books.upload(principal, "a.yaml", book("hanbit"))
        await rulebooks.upload(principal, "a.yaml", rules("hanbit", first="2026-11-02"))
        own = await self.library(database, principal, office())
        assert (own.price_book.id, own.rules.id) == ("hanbit", "hanbit")
        named = await self.library(database, principal, office(price_book=WON, rulebook="kis-standard"))
        assert (named.price_book.id, named.rules.id) == (WON, "kis-standard")
        with pytest.raises(NotFound):
            await self.library(database, principal, office(price_book="nobody"))
        with pytest.raises(NotFound):
            await self.library(database, principal, office(rulebook="nobody"))

    async def test_a_named_book_must_hold_on_the_day_and_in_the_currency(
        self, catalogs: CatalogStore, rulebooks: Rulebooks, principal: Principal, database: Database
    ) -> None:
        assert rulebooks
        await catalogs.price_books.upload(principal, "a.yaml", book("hanbit", last="2026-11-15"))
        with pytest.raises(PriceBookNotApplicable):
            await self.library(database, principal, office(price_book="hanbit"))
        with pytest.raises(PriceBookNotApplicable):
            await self.library(
                database, principal, office(price_book="hanbit", currency="USD"), date(2026, 11, 10)
            )

    async def test_own_parts_and_prices_reach_the_quotation(
        self, catalogs: CatalogStore, rulebooks: Rulebooks, principal: Principal, database: Database
    ) -> None:
        assert rulebooks
        plain = estimate(office(), library=await self.library(database, principal, office()), on=DAY)
        used = plain.panels[0].lines
        model = next(line.spec.split()[0] for line in used if line.item.key == "lines.MCCB")
        row = next(one for one in plain.library.catalog.breakers if one.model == model)
        await catalogs.price_books.upload(principal, "a.yaml", book("hanbit", prices={model: 99000}))
        dearer = estimate(office(), library=await self.library(database, principal, office()), on=DAY)
        assert row in dearer.library.catalog.breakers
        assert dearer.totals.subtotal > plain.totals.subtotal
