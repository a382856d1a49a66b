"""Predictions over what callers see, kept up to date while people type."""

import json
from dataclasses import replace

import pytest

from kis.assistant.products.predictors import Predictors
from kis.assistant.products.service import Products
from kis.identity import Permission, Principal
from kis.platform.telemetry import metrics


@pytest.fixture
def predictors(products: Products) -> Predictors:
    """Predictors that look for changes at every key press."""
    return Predictors(products, check_seconds=0.0)


async def take_in(products: Products, editor: Principal, *names: str) -> None:
    listed = [{"id": name.lower().replace(" ", "-"), "name": name, "brand": "Zyx"} for name in names]
    await products.import_catalog(editor, "z.json", json.dumps(listed).encode(), removes_missing=True)


async def names(predictors: Predictors, caller: Principal | None, text: str) -> list[str]:
    return [found.product.name for found in await predictors.predict(caller, text)]


class TestPredictors:
    async def test_everybody_is_predicted_what_is_shipped(
        self, predictors: Predictors, editor: Principal
    ) -> None:
        for caller in (editor, None):
            assert (await names(predictors, caller, "EBS52FB"))[0] == "EBS52FB"

    async def test_an_organization_its_own_and_nobody_else(
        self, predictors: Predictors, products: Products, editor: Principal, stranger: Principal
    ) -> None:
        await take_in(products, editor, "Zyxophone 5")

        assert await names(predictors, editor, "zyxoph") == ["Zyxophone 5"]
        for caller in (stranger, None):
            assert "Zyxophone 5" not in await names(predictors, caller, "zyxoph")

    async def test_of_what_changed_the_new_is_predicted_when_it_is_built(
        self, predictors: Predictors, products: Products, editor: Principal
    ) -> None:
        await take_in(products, editor, "Zyxophone 5")
        await names(predictors, editor, "zyxoph")
        await take_in(products, editor, "Zyxophone 6")

        meanwhile = await names(predictors, editor, "zyxoph")
        await predictors.settled()

        assert meanwhile == ["Zyxophone 5"]  # nobody waits for the new one
        assert await names(predictors, editor, "zyxoph") == ["Zyxophone 6"]

    async def test_what_both_sets_have_is_less_sure_than_either_says(
        self, predictors: Predictors, products: Products, editor: Principal
    ) -> None:
        await take_in(products, editor, "EBS52FB Plus")

        alone = (await predictors.predict(None, "EBS52FB"))[0]
        together = await predictors.predict(editor, "EBS52FB")

        assert together[0].product.id == alone.product.id  # the whole name stands before the longer one
        assert {found.product.name for found in together} >= {"EBS52FB Plus"}
        assert together[0].confidence < alone.confidence
        assert sum(found.confidence for found in together) <= 1

    async def test_an_own_product_hides_the_shipped_one_of_its_id(
        self, predictors: Predictors, products: Products, editor: Principal
    ) -> None:
        operator = replace(editor, permissions=editor.permissions | {Permission.INSTALLATION_OPERATE})
        shared = json.dumps([{"id": "q", "name": "Quuxometer", "brand": "Q"}]).encode()
        own = json.dumps([{"id": "q", "name": "Quuxometer", "brand": "Q", "category": "ours"}]).encode()
        await products.import_catalog(operator, "q.json", shared, shipped=True)
        await products.import_catalog(editor, "q.json", own)

        found = await predictors.predict(editor, "quuxo")

        assert [each.product.category for each in found] == ["ours"]

    async def test_a_slip_is_looked_for_only_where_neither_set_has_what_fits_as_it_is(
        self, predictors: Predictors, products: Products, editor: Principal
    ) -> None:
        operator = replace(editor, permissions=editor.permissions | {Permission.INSTALLATION_OPERATE})
        shared = json.dumps([{"id": "vlorpometer", "name": "Vlorpometer", "brand": "Zyx"}]).encode()
        await products.import_catalog(operator, "v.json", shared, shipped=True)
        await take_in(products, editor, "Vlorpobell")

        assert set(await names(predictors, editor, "vlorpo")) == {"Vlorpobell", "Vlorpometer"}
        # Each is one key from the other.
        assert await names(predictors, editor, "vlorpob") == ["Vlorpobell"]
        assert await names(predictors, editor, "vlorpom") == ["Vlorpometer"]
        assert (await names(predictors, editor, "vlarpom"))[0] == "Vlorpometer"
        # What is a whole name may also be another with slips.
        assert "Vlorpometer" in await names(predictors, editor, "vlorpobell")

    async def test_at_once_is_answered_what_needs_no_waiting_and_as_otherwise(
        self, predictors: Predictors, products: Products, editor: Principal
    ) -> None:
        await take_in(products, editor, "Zyxophone 5", "Zyxophone 6")
        assert predictors.predict_now(editor, "zyxoph", 5) is None

        waited_for = await predictors.predict(editor, "zyxoph", 5)

        assert len(waited_for) == 2
        assert predictors.predict_now(editor, "zyxoph", 5) == waited_for

    async def test_what_everybody_sees_is_there_before_somebody_types_where_it_was_asked_for(
        self, predictors: Predictors
    ) -> None:
        predictors.warm()
        predictors.warm()
        assert predictors.predict_now(None, "EBS52FB", 1) is None, "it is being laid out"
        await predictors.settled()

        found = predictors.predict_now(None, "EBS52FB", 1)

        assert found
        assert found[0].product.name == "EBS52FB"

    async def test_a_text_that_is_typed_again_is_remembered_until_products_change(
        self, predictors: Predictors, products: Products, editor: Principal, stranger: Principal
    ) -> None:
        def counted() -> tuple[float, float]:
            names = ("cache_hits_total", "cache_misses_total")
            hits, misses = (
                metrics.REGISTRY.get_sample_value(name, {"layer": "predictions"}) or 0 for name in names
            )
            return hits, misses

        await take_in(products, editor, "Zyxophone 5")
        await names(predictors, editor, "zyxoph")
        hits, misses = counted()
        for text, limit, caller in (("zyxoph", 3, editor), ("zyxoph", 4, editor), ("zyxoph", 3, stranger)):
            await predictors.predict(caller, text, limit)
        assert counted() == (hits + 1, misses + 2)

        await take_in(products, editor, "Zyxophone 6")
        await names(predictors, editor, "zyxoph")
        await predictors.settled()
        assert await names(predictors, editor, "zyxoph") == ["Zyxophone 6"]

    async def test_what_is_remembered_is_bounded(
        self, predictors: Predictors, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kis.assistant.products.predictors.REMEMBERED", 2)
        await predictors.predict(None, "e")
        misses = metrics.REGISTRY.get_sample_value("cache_misses_total", {"layer": "predictions"}) or 0
        for text in ("eb", "e", "ebs", "e", "eb", "x" * 41, "x" * 41):
            await predictors.predict(None, text)
        # "e" was asked for last each time and stays; "eb" had to go for "ebs"; so long a text is not kept.
        after = metrics.REGISTRY.get_sample_value("cache_misses_total", {"layer": "predictions"})
        assert after == misses + len(("eb", "ebs", "eb", "x", "x"))
