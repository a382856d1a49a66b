"""What callers see of products, and what taking a catalog in does."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from kis.assistant.errors import ProductNotFound
from kis.assistant.products import repository
from kis.assistant.products.service import Products
from kis.catalog.store import CatalogStore
from kis.identity import Permission, Principal
from kis.platform.errors import BadInput, Forbidden
from tests.factories.security import OWN_BREAKER


def catalog(*products: dict[str, Any], brand: str = "moog") -> bytes:
    whole = {"brand_identity": {"id": brand, "name": brand.title()}, "products": list(products)}
    return json.dumps(whole).encode()


def product(code: str, **more: Any) -> dict[str, Any]:
    return {"id": code, "name": code.upper(), **more}


def operator(caller: Principal) -> Principal:
    return replace(caller, permissions=caller.permissions | {Permission.INSTALLATION_OPERATE})


def counts(report: Any) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.removed


class TestImport:
    async def test_adds_changes_and_leaves(self, products: Products, editor: Principal) -> None:
        first = await products.import_catalog(editor, "a.json", catalog(product("a"), product("b")))
        changed = catalog(product("a", category="Synth"), product("b"), product("c"))
        second = await products.import_catalog(editor, "a.json", changed)

        assert counts(first) == (2, 0, 0, 0)
        assert counts(second) == (1, 1, 1, 0)
        assert (await products.get(editor, "a")).category == "Synth"

    async def test_of_the_same_file_changes_nothing(self, products: Products, editor: Principal) -> None:
        data = catalog(product("a"), product("b"))
        await products.import_catalog(editor, "a.json", data)
        before = await products.revision(editor)

        again = await products.import_catalog(editor, "a.json", data)

        assert counts(again) == (0, 0, 2, 0)
        assert again.import_id is None
        assert await products.revision(editor) == before
        assert (await products.imports(editor))[1] == 1

    async def test_that_is_dry_only_tells(self, products: Products, editor: Principal) -> None:
        report = await products.import_catalog(editor, "a.json", catalog(product("a")), is_dry_run=True)

        assert counts(report) == (1, 0, 0, 0)
        with pytest.raises(ProductNotFound):
            await products.get(editor, "a")

    async def test_removes_what_is_missing_where_it_is_told_to(
        self, products: Products, editor: Principal
    ) -> None:
        await products.import_catalog(editor, "a.json", catalog(product("a"), product("b")))
        await products.import_catalog(editor, "o.json", catalog(product("other"), brand="other"))
        kept = await products.import_catalog(editor, "a.json", catalog(product("a")))
        report = await products.import_catalog(editor, "a.json", catalog(product("a")), removes_missing=True)

        assert counts(kept) == (0, 0, 1, 0)
        assert counts(report) == (0, 0, 1, 1)
        assert (await products.get(editor, "other")).id == "other"

    async def test_refuses_a_product_of_another_brand_and_writes_nothing(
        self, products: Products, editor: Principal
    ) -> None:
        await products.import_catalog(editor, "a.json", catalog(product("a")))

        with pytest.raises(BadInput) as refused:
            await products.import_catalog(editor, "b.json", catalog(product("z"), product("a"), brand="b"))

        assert [problem.path for problem in refused.value.problems] == ["/products/1"]
        with pytest.raises(ProductNotFound):
            await products.get(editor, "z")

    async def test_tells_findings_with_their_lines(self, products: Products, editor: Principal) -> None:
        relation = [{"type": "related", "target_id": "gone"}]
        whole = product("a", relationships=relation, brand="B", category="C")
        data = json.dumps([whole], indent=1).encode()

        report = await products.import_catalog(editor, "a.json", data)

        assert [(one.rule, one.line) for one in report.findings] == [("dead_relation", 8), ("no_document", 2)]

    async def test_for_everybody_is_the_operators(
        self, products: Products, editor: Principal, stranger: Principal
    ) -> None:
        data = catalog(product("for-all"))
        with pytest.raises(Forbidden):
            await products.import_catalog(editor, "a.json", data, shipped=True)

        await products.import_catalog(operator(editor), "a.json", data, shipped=True)

        for caller in (editor, stranger, None):
            assert (await products.get(caller, "for-all")).name == "FOR-ALL"

    async def test_is_not_a_viewers(self, products: Products, editor: Principal) -> None:
        viewer = replace(editor, permissions=frozenset({Permission.ASSISTANT_USE}))

        with pytest.raises(Forbidden):
            await products.import_catalog(viewer, "a.json", catalog(product("a")))

    async def test_comes_out_as_it_went_in(self, products: Products, editor: Principal) -> None:
        document = {"type": "pdf", "url": "https://a.example/a.pdf", "backup_url": None}
        relation = {"type": "accessory", "target_id": "b", "label": "B"}
        data = catalog(product("a", documentation=document, relationships=[relation]), product("b"))
        await products.import_catalog(editor, "a.json", data)

        (out,) = await products.export(editor)
        again = await products.import_catalog(editor, "a.json", json.dumps(out).encode())

        assert counts(again) == (0, 0, 2, 0)
        assert out["products"][0]["relationships"] == [relation]


class TestWhatIsSeen:
    async def test_is_not_another_organizations(
        self, products: Products, editor: Principal, stranger: Principal
    ) -> None:
        await products.import_catalog(editor, "a.json", catalog(product("secret")))

        for caller in (stranger, None):
            with pytest.raises(ProductNotFound):
                await products.get(caller, "secret")
            assert "secret" not in {one.id for one in await products.all_for(caller)}
        assert await products.lint(stranger) == ()

    async def test_own_products_stand_over_those_of_everybody(
        self, products: Products, editor: Principal, stranger: Principal
    ) -> None:
        await products.import_catalog(operator(editor), "a.json", catalog(product("same")), shipped=True)
        await products.import_catalog(editor, "a.json", catalog(product("same", category="ours")))

        assert (await products.get(editor, "same")).category == "ours"
        assert (await products.get(stranger, "same")).category == ""

    async def test_holds_the_parts_of_the_estimator_with_facts(
        self, products: Products, editor: Principal
    ) -> None:
        found = await products.details(editor, "part:breaker:EBS52FB~30mA")

        # The first row of the catalogue's breakers.csv.
        assert (found.product.name, found.product.brand, found.product.category) == (
            "EBS52FB",
            "LS ELECTRIC",
            "ELB",
        )
        assert found.product.facts["frame_af"] == "50"
        assert found.product.facts["dimensions_mm"] == "50 × 96 × 60"
        assert found.product.facts["unverified"] == "dimensions_mm, front_mm, icu_ka"
        assert found.price is not None
        assert found.price.is_illustrative

    async def test_has_no_price_for_those_who_may_not_read_prices(
        self, products: Products, editor: Principal
    ) -> None:
        without = replace(editor, permissions=editor.permissions - {Permission.PRICE_BOOK_READ})

        for caller in (without, None):
            assert (await products.details(caller, "part:breaker:EBS52FB~30mA")).price is None

    async def test_own_parts_are_for_those_who_may_read_the_catalogue(
        self, products: Products, catalogs: CatalogStore, editor: Principal, stranger: Principal
    ) -> None:
        await catalogs.items.add(editor, "breaker", OWN_BREAKER)
        own = f"part:breaker:{OWN_BREAKER['model']}"
        without = replace(editor, permissions=editor.permissions - {Permission.CATALOG_READ})

        assert (await products.details(editor, own)).is_own
        for caller in (without, stranger, None):
            with pytest.raises(ProductNotFound):
                await products.get(caller, own)

    async def test_needs_the_right_to_the_assistant(self, products: Products, editor: Principal) -> None:
        without = replace(editor, permissions=editor.permissions - {Permission.ASSISTANT_USE})

        with pytest.raises(Forbidden):
            await products.all_for(without)

    async def test_changes_its_revision_with_every_change(
        self, products: Products, editor: Principal, stranger: Principal
    ) -> None:
        seen = [await products.revision(editor)]
        foreign = await products.revision(stranger)
        for data in (
            catalog(product("a"), product("b")),
            catalog(product("a", category="x"), product("b")),
            catalog(product("a", category="x")),
        ):
            await products.import_catalog(editor, "a.json", data, removes_missing=True)
            seen.append(await products.revision(editor))

        assert len(set(seen)) == 4
        assert await products.revision(stranger) == foreign

    async def test_names_what_is_related_and_there(self, products: Products, editor: Principal) -> None:
        to = [{"type": "spare_part", "target_id": target, "label": "L"} for target in ("gone", "b")]
        await products.import_catalog(editor, "a.json", catalog(product("a", relationships=to), product("b")))

        (found,) = await products.related(editor, "a")

        assert (found.kind, found.label, found.product.id) == ("spare_part", "L", "b")

    async def test_tells_surroundings_of_several_in_the_order_they_are_asked_for(
        self, products: Products, editor: Principal
    ) -> None:
        to = [{"type": "accessory", "target_id": "b", "label": "L"}]
        await products.import_catalog(editor, "a.json", catalog(product("a", relationships=to), product("b")))

        other, own = await products.surroundings(editor, ["b", "a"])

        assert (other.product.id, other.brand.name, other.related) == ("b", "Moog", ())
        assert (own.product.id, [each.product.id for each in own.related]) == ("a", ["b"])
        with pytest.raises(ProductNotFound, match="gone"):
            await products.surroundings(editor, ["a", "gone"])

    async def test_are_read_once_for_all_who_ask_when_a_catalog_was_taken_in(
        self, products: Products, editor: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reads = 0
        read = repository.products_in_pieces

        def counted(*given: Any, **more: Any) -> Any:
            nonlocal reads
            reads += 1
            return read(*given, **more)

        monkeypatch.setattr(repository, "products_in_pieces", counted)
        for times, category in enumerate(("old", "new"), start=1):
            changed = catalog(product("a", category=category))
            await products.import_catalog(editor, "a.json", changed)
            before = reads
            found = await asyncio.gather(*(products.get(editor, "a") for _ in range(20)))
            assert {each.category for each in found} == {category}, times
            assert reads == before + 1

    async def test_of_more_than_one_piece_are_all_there_in_the_order_of_their_catalog(
        self, products: Products, editor: Principal
    ) -> None:
        codes = [f"p{(7 * place) % 601:03}" for place in range(601)]
        await products.import_catalog(
            editor, "a.json", catalog(*(product(code, category="many") for code in codes))
        )

        found = await products.find(editor, category="many", size=1000)

        assert repository.PIECE * 2 < 601
        assert [each.id for each in found.items] == codes

    async def test_is_found_by_words_brand_and_category_in_pages(
        self, products: Products, editor: Principal
    ) -> None:
        listed = [product(f"lead-{place}", category="Synth") for place in range(5)]
        await products.import_catalog(editor, "a.json", catalog(*listed, product("bass")))

        found = await products.find(editor, "lead", brand="moog", category="synth", page=2, size=2)

        assert [one.id for one in found.items] == ["lead-2", "lead-3"]
        assert found.total == 5
