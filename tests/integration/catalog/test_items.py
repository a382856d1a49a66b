"""Parts of organisations over the shipped ones, on a real database with its row-level security."""

import csv
import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kis.catalog.store import (
    CatalogForm,
    CatalogStore,
    Item,
    ItemQuery,
    ItemTaken,
    NoSuchItem,
    ShippedReadOnly,
    edition_of,
    shipped_edition,
)
from kis.identity import Principal, Role
from kis.platform.database import Database
from kis.platform.errors import BadInput, Forbidden, TooLarge
from tests.integration.conftest import MakeOrganization, MakePrincipal

OWN: dict[str, Any] = {
    "model": "HB-100",
    "make": "한빛",
    "kind": "MCCB",
    "grade": "economy",
    "frame_af": 100,
    "poles": 3,
    "width_mm": 75,
    "height_mm": 130,
    "depth_mm": 60,
    "front_mm": 82,
    "ratings_a": [60, 75, 100],
    "icu_ka": 18,
    "icu_at_v": 460,
    "outline_source": "maker-sheet",
    "icu_source": "maker-sheet",
    "front_source": "unverified",
    "ratings_source": "maker-sheet",
}


async def found(catalogs: CatalogStore, principal: Principal, words: str, **more: Any) -> list[Item]:
    page = await catalogs.items.search(principal, ItemQuery(words=words, **more), size=100)
    return list(page.items)


class TestInstall:
    async def test_a_second_time_changes_nothing(self, catalogs: CatalogStore) -> None:
        assert (await catalogs.items.install(), await catalogs.price_books.install()) == (0, 0)

    async def test_every_shipped_row_is_there_once(self, catalogs: CatalogStore, database: Database) -> None:
        await catalogs.install()
        catalog = shipped_edition().catalog
        rows = len(catalog.breakers) + len(catalog.enclosures) + len(catalog.accessories)
        async with database.service() as session:
            counted = await session.scalar(
                text("SELECT count(*) FROM shared.catalog_items WHERE organization_id IS NULL AND is_active")
            )
        assert counted == rows


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "key"),
        [
            ("abn53", "ABN-53"),
            ("ABN-53", "ABN-53"),
            ("abn 53", "ABN-53"),
            ("ＡＢＮ－５３", "ABN-53"),  # noqa: RUF001 - full-width letters, as a Korean keyboard writes them
            ("배선용 표준형 3p 50af", "ABS-53"),
            ("누전차단기 32GRHS", "32GRHS/15mA"),
            ("hds507015", "HDS 50 70 15"),
            ("HDS 50 70", "HDS 50 70 15"),
            ("500x700x150", "HDS 50 70 15"),
            ("전자접촉기 mc-9", "magnetic_contactor/MC-9..22"),
            ("마그네트", "magnetic_contactor/MC-9..22"),
        ],
    )
    async def test_finds_a_part_by_the_words_people_type(
        self, catalogs: CatalogStore, principal: Principal, words: str, key: str
    ) -> None:
        assert key in {item.key for item in await found(catalogs, principal, words)}

    @pytest.mark.parametrize("words", ["bn-53", "누전 ABN", "' | :* \\", "!!!", "\x00", "🙂"])
    async def test_finds_nothing_for_what_begins_no_word(
        self, catalogs: CatalogStore, principal: Principal, words: str
    ) -> None:
        assert await found(catalogs, principal, words) == []

    async def test_is_answered_by_the_index(self, catalogs: CatalogStore, database: Database) -> None:
        assert catalogs
        async with database.service() as session:
            await session.execute(text("SET LOCAL enable_seqscan = off"))
            plan = await session.scalars(
                text(
                    "EXPLAIN SELECT id FROM shared.catalog_items WHERE is_active AND "
                    "array_to_tsvector(string_to_array(search, ' ')) @@ CAST('''abn'':*' AS tsquery)"
                )
            )
        assert "ix_catalog_items_search" in "\n".join(plan)

    async def test_pages_hold_every_part_once(self, catalogs: CatalogStore, principal: Principal) -> None:
        wanted = ItemQuery(kind="breaker")
        first = await catalogs.items.search(principal, wanted, page=1, size=60)
        second = await catalogs.items.search(principal, wanted, page=2, size=60)
        keys = [item.key for item in (*first.items, *second.items)]
        assert len(keys) == len(set(keys)) == first.total == len(shipped_edition().catalog.breakers)


class TestOwnParts:
    async def test_an_own_part_stands_over_a_shipped_one_until_it_is_switched_off(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        (shipped,) = await found(catalogs, principal, "ABN-53")
        own = await catalogs.items.add(principal, "breaker", {**shipped.columns, "width_mm": 80})
        (held,) = await found(catalogs, principal, "ABN-53")
        assert (held.id, held.columns["width_mm"], held.is_own) == (own.id, "80", True)
        await catalogs.items.deactivate(principal, own.id)
        (held,) = await found(catalogs, principal, "ABN-53")
        assert (held.id, held.is_own) == (shipped.id, False)
        again = await catalogs.items.add(principal, "breaker", {**shipped.columns, "width_mm": 81})
        assert (again.id, again.columns["width_mm"]) == (own.id, "81")

    async def test_every_fault_of_a_part_is_told_with_its_column(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        with pytest.raises(BadInput) as refused:
            await catalogs.items.add(
                principal, "breaker", {**OWN, "width_mm": "75 mm", "poles": 7, "make": ""}
            )
        assert [problem.path for problem in refused.value.problems] == [
            "columns.make",
            "columns.poles",
            "columns.width_mm",
        ]

    async def test_what_would_contradict_the_catalogue_is_refused(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        with pytest.raises(BadInput) as refused:  # a rating above the frame that carries it
            await catalogs.items.add(principal, "breaker", {**OWN, "ratings_a": "60/125"})
        assert [problem.path for problem in refused.value.problems] == ["breakers[HB-100].ratings_a"]
        assert await found(catalogs, principal, "HB-100") == []

    async def test_the_same_part_is_not_added_twice(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        await catalogs.items.add(principal, "breaker", OWN)
        with pytest.raises(ItemTaken):
            await catalogs.items.add(principal, "breaker", OWN)

    async def test_a_change_keeps_the_other_columns_and_is_audited(
        self, catalogs: CatalogStore, principal: Principal, database: Database
    ) -> None:
        own = await catalogs.items.add(principal, "breaker", OWN)
        changed = await catalogs.items.change(
            principal, own.id, {"width_mm": 76, "icu_ka": None, "icu_at_v": None}
        )
        assert changed.columns == {**own.columns, "width_mm": "76", "icu_ka": "", "icu_at_v": ""}
        async with database.service() as session:
            rows = (
                await session.execute(
                    text(
                        "SELECT action, before->'columns'->>'width_mm', after->'columns'->>'width_mm' "
                        "FROM shared.audit_logs WHERE target = :target ORDER BY sequence"
                    ),
                    {"target": f"catalog_item:{own.id}"},
                )
            ).all()
        assert [tuple(row) for row in rows] == [
            ("catalog_item.added", None, "75"),
            ("catalog_item.changed", "75", "76"),
        ]

    async def test_shipped_parts_are_read_only(self, catalogs: CatalogStore, principal: Principal) -> None:
        (shipped,) = await found(catalogs, principal, "ABN-53")
        with pytest.raises(ShippedReadOnly):
            await catalogs.items.change(principal, shipped.id, {"width_mm": 80})
        with pytest.raises(ShippedReadOnly):
            await catalogs.items.deactivate(principal, shipped.id)

    async def test_other_organisations_see_nothing_of_them(
        self,
        catalogs: CatalogStore,
        principal: Principal,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
    ) -> None:
        own = await catalogs.items.add(principal, "breaker", OWN)
        stranger = await make_principal(of=await make_organization())
        assert await found(catalogs, stranger, "HB-100") == []
        for act in (catalogs.items.get(stranger, own.id), catalogs.items.deactivate(stranger, own.id)):
            with pytest.raises(NoSuchItem):
                await act
        exported = await catalogs.items.export(stranger, CatalogForm.CSV, "breaker")
        assert b"HB-100" not in exported.data

    async def test_a_forgotten_where_shows_and_changes_nothing_of_others(
        self,
        catalogs: CatalogStore,
        principal: Principal,
        database: Database,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
    ) -> None:
        await catalogs.items.add(principal, "breaker", OWN)
        stranger = await make_principal(of=await make_organization())
        async with database.transaction(stranger.scope) as session:
            seen = await session.scalar(
                text("SELECT count(*) FROM shared.catalog_items WHERE organization_id IS NOT NULL")
            )
            changed = await session.scalars(text("UPDATE shared.catalog_items SET make = 'x' RETURNING id"))
        assert (seen, changed.all()) == (0, [])
        with pytest.raises(DBAPIError):
            async with database.transaction(stranger.scope) as session:
                await session.execute(
                    text(
                        "INSERT INTO shared.catalog_items (kind, key, make, model, search, columns, source) "
                        "VALUES ('breaker', 'k', 'm', 'm', 's', '{}', 's')"
                    )
                )

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.ESTIMATOR, Role.REVIEWER])
    async def test_who_may_only_read_changes_nothing(
        self, catalogs: CatalogStore, make_principal: MakePrincipal, role: Role
    ) -> None:
        reader = await make_principal(role)
        with pytest.raises(Forbidden):
            await catalogs.items.add(reader, "breaker", OWN)
        assert await found(catalogs, reader, "ABN-53")


class TestFiles:
    async def test_what_is_exported_is_imported_as_it_was(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        await catalogs.items.add(principal, "breaker", OWN)
        for form in CatalogForm:
            file = await catalogs.items.export(
                principal, form, "breaker" if form is CatalogForm.CSV else None
            )
            report = await catalogs.items.import_file(principal, file.name, file.data)
            assert (report.added, report.changed, report.unchanged) == (0, 0, 1)

    async def test_all_tables_are_handed_out_as_a_folder(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        file = await catalogs.items.export(principal, CatalogForm.CSV)
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            assert set(archive.namelist()) == {
                "breakers.csv",
                "enclosures.csv",
                "accessories.csv",
                "losses.csv",
                "version.txt",
            }

    async def test_a_file_adds_and_changes_parts_whatever_it_is_called(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        file = await catalogs.items.export(principal, CatalogForm.CSV, "breaker")
        rows = file.data.decode().splitlines()
        own = next(row for row in rows if row.startswith("ABN-53,"))
        data = "\n".join([rows[0], own.replace("ABN-53,", "HB-53,"), own]).encode()
        report = await catalogs.items.import_file(principal, "holiday.jpg", data)
        assert (report.added, report.changed, report.shipped) == (1, 0, 1)
        report = await catalogs.items.import_file(
            principal, "x.csv", data.replace(b"HB-53,LS ELECTRIC", b"HB-53,HB")
        )
        assert (report.added, report.changed, report.shipped) == (0, 1, 1)

    async def test_every_fault_of_a_file_is_told_and_nothing_of_it_is_kept(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        file = await catalogs.items.export(principal, CatalogForm.CSV, "breaker")
        header, first, second, *_ = csv.reader(io.StringIO(file.data.decode()))
        first[0], first[5] = "HB-1", "9"
        second[0], second[6] = "HB-2", "wide"
        third = [*second[:6], "50", *second[7:]]
        third[0] = "HB-3"
        output = io.StringIO()
        csv.writer(output).writerows([header, first, second, third])
        with pytest.raises(BadInput) as refused:
            await catalogs.items.import_file(principal, "../parts.csv", output.getvalue().encode())
        assert [problem.path for problem in refused.value.problems] == [
            "parts.csv:2 poles",
            "parts.csv:3 width_mm",
        ]
        assert await found(catalogs, principal, "HB-3") == []

    async def test_words_that_would_compute_are_handed_out_as_text(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        await catalogs.items.add(principal, "breaker", {**OWN, "make": "=HYPERLINK(1)", "model": "+HB"})
        as_csv = await catalogs.items.export(principal, CatalogForm.CSV, "breaker")
        (row,) = [row for row in csv.reader(io.StringIO(as_csv.data.decode())) if "HYPERLINK" in row[1]]
        assert row[:2] == ["'+HB", "'=HYPERLINK(1)"]
        as_xlsx = await catalogs.items.export(principal, CatalogForm.XLSX)
        sheet = load_workbook(io.BytesIO(as_xlsx.data))["breakers"]
        (cells,) = [row for row in sheet.iter_rows() if row[1].value == "=HYPERLINK(1)"]
        assert {cell.data_type for cell in cells[:2]} == {"s"}

    @pytest.mark.parametrize(
        ("case", "reason"),
        [
            ("empty", "catalog_store.upload.empty"),
            ("binary", "catalog_store.upload.not_text"),
            ("bomb", "catalog_store.upload.bomb"),
            ("entity", "catalog_store.upload.entity"),
            ("wide", "catalog_store.upload.entity"),
            ("not a table", "catalog_store.unknown_table"),
        ],
    )
    async def test_files_that_must_not_be_opened_are_refused(
        self, catalogs: CatalogStore, principal: Principal, case: str, reason: str
    ) -> None:
        with pytest.raises(BadInput) as refused:
            await catalogs.items.import_file(principal, "parts.xlsx", HOSTILE[case])
        assert [problem.message.key for problem in refused.value.problems] == [reason]

    async def test_a_file_beyond_the_limit_is_not_looked_at(
        self, catalogs: CatalogStore, principal: Principal
    ) -> None:
        with pytest.raises(TooLarge):
            await catalogs.items.import_file(principal, "parts.csv", b"model," * (4 * 2**20))


def workbook(**parts: bytes) -> bytes:
    """A workbook with parts of its archive replaced."""
    made = Workbook()
    made.worksheets[0].append(["model"])
    plain = io.BytesIO()
    made.save(plain)
    output = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name, data in parts.items():
            if name not in old.namelist():
                new.writestr(name, data)
    return output.getvalue()


HOSTILE = {
    "empty": b" \n",
    "binary": b"\x7fELF\x00\x01",
    "bomb": workbook(**{"xl/media/image1.bin": b"\x00" * (101 * 2**20)}),
    "entity": workbook(
        **{"xl/sharedStrings.xml": b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa">]><s>&a;</s>'}
    ),
    "wide": workbook(
        **{"xl/sharedStrings.xml": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE s><s/>'.encode("utf-16")}
    ),
    "not a table": b"name,telephone\nKim,010\n",
}


class TestEditions:
    async def test_without_own_parts_it_is_the_shipped_one(
        self, catalogs: CatalogStore, principal: Principal, database: Database
    ) -> None:
        assert catalogs
        async with database.transaction(principal.scope) as session:
            assert (await edition_of(session, principal.organization_id)).files == shipped_edition().files

    async def test_each_state_of_the_parts_is_kept_for_ever(
        self, catalogs: CatalogStore, principal: Principal, database: Database
    ) -> None:
        digests = []
        own = await catalogs.items.add(principal, "breaker", OWN)
        for width in (75, 76, 75):
            await catalogs.items.change(principal, own.id, {"width_mm": width})
            async with database.transaction(principal.scope) as session:
                edition = await edition_of(session, principal.organization_id)
                digests.append(edition.digest)
                assert [one.width_mm for one in edition.catalog.breakers if one.model == "HB-100"] == [width]
        assert digests[0] == digests[2] != digests[1]
        async with database.transaction(principal.scope) as session:
            kept = await session.scalar(
                text("SELECT count(*) FROM shared.catalog_editions WHERE organization_id IS NOT NULL")
            )
        assert kept == 2

    async def test_two_organisations_with_the_same_parts_share_nothing(
        self,
        catalogs: CatalogStore,
        principal: Principal,
        database: Database,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
    ) -> None:
        other = await make_principal(of=await make_organization())
        digests = set()
        for caller in (principal, other):
            await catalogs.items.add(caller, "breaker", OWN)
            async with database.transaction(caller.scope) as session:
                digests.add((await edition_of(session, caller.organization_id)).digest)
        assert len(digests) == 2
