"""Which of the predicted products a name on the command line means."""

from collections.abc import Sequence
from typing import Any, cast

import pytest

from kis.cli.assistant_chat.conversation import Product
from kis.cli.assistant_chat.errors import NoSuchProduct, NothingThere
from kis.cli.assistant_chat.naming import find_product, product_meant
from kis.cli.assistant_chat.web import Web


def product(name: str, confidence: float, brand: str = "LS ELECTRIC", id_: str = "") -> Product:
    return Product(id_ or f"id:{name}", name, brand, confidence)


RIVALS = (product("ABN-53", 0.85), product("ABN-52", 0.04), product("ABN-54", 0.04))


class Predicting:
    """A server that knows some products by id and predicts others."""

    def __init__(self, known: Sequence[Product] = (), predicted: Sequence[Product] = ()) -> None:
        self.known = {each.id: each for each in known}
        self.predicted = list(predicted)
        self.asked: list[str] = []
        self.typed: list[str] = []

    async def product(self, product_id: str) -> tuple[Product, dict[str, Any]]:
        self.asked.append(product_id)
        product_id.encode()  # as it is for an address
        if product_id not in self.known:
            raise NothingThere(product_id)
        return self.known[product_id], {}

    async def predict(self, text: str, *, most: int) -> list[Product]:
        self.typed.append(text)
        assert len(text) <= 200
        return self.predicted[:most]

    async def find(self, text: str) -> Product:
        return await find_product(cast("Web", self), text)


class TestProductMeant:
    @pytest.mark.parametrize(
        "text",
        [
            "ABN-53",
            "abn-53",
            " Abn- 53",
            "abn 53",
            "ABN53",
            "ABN\u201153",
            "LS ELECTRIC ABN-53",
            "\uff21BN\uff0d53",
        ],
    )
    def test_one_that_is_called_so_is_meant_however_unsure_it_is(self, text: str) -> None:
        assert product_meant(text, RIVALS) == RIVALS[0]

    def test_it_need_not_be_the_first(self) -> None:
        assert product_meant("abn-54", RIVALS) == RIVALS[2]

    def test_of_two_that_are_called_so_none_is_meant(self) -> None:
        two = (product("ABN-53", 0.95), product("abn-53", 0.5, "Other"))
        assert product_meant("ABN-53", two) is None
        assert product_meant("Other ABN-53", two) == two[1]

    def test_a_hyphen_tells_apart_what_nothing_else_does(self) -> None:
        two = (product("A1-11", 0.4), product("A11-1", 0.4))
        assert product_meant("a11-1", two) == two[1]
        assert product_meant("a111", two) is None

    def test_the_first_is_meant_where_it_is_sure(self) -> None:
        assert product_meant("abn-53c", [product("ABN-53", 0.95)]) == product("ABN-53", 0.95)
        assert product_meant("abn-53c", [product("ABN-53", 0.89)]) is None
        assert product_meant("anything", []) is None

    @pytest.mark.parametrize("text", ["ABN-55", "ABN-5", "ABN-530", "ABN-53 100A"])
    def test_another_figure_is_another_product_however_sure_it_is(self, text: str) -> None:
        assert product_meant(text, [product("ABN-53", 0.99)]) is None


class TestFindProduct:
    async def test_an_id_is_taken_as_it_stands(self) -> None:
        known = product("ABN-53", 1.0)
        server = Predicting([known], RIVALS[1:])
        assert await server.find(known.id) == known
        assert server.typed == []

    @pytest.mark.parametrize("text", [".", "..", "a/related", "../products", "가" * 301])
    async def test_what_would_lead_elsewhere_is_asked_for_as_a_name_alone(self, text: str) -> None:
        server = Predicting()
        with pytest.raises(NoSuchProduct):
            await server.find(text)
        assert (server.asked, server.typed) == ([], [text[:200]])

    async def test_what_is_no_text_of_the_terminals_encoding_is_no_failure(self) -> None:
        with pytest.raises(NoSuchProduct):
            await Predicting().find("\udcff\udcfe")

    async def test_nothing_is_predicted_for_nothing(self) -> None:
        server = Predicting()
        with pytest.raises(NoSuchProduct):
            await server.find(" \x1b ")
        assert server.typed == []

    async def test_five_that_come_near_are_named_with_their_ids(self) -> None:
        near = [product(f"ABN-{number}", 0.1) for number in range(51, 58)]
        with pytest.raises(NoSuchProduct) as caught:
            await Predicting(predicted=near).find("abn")
        told = [{"id": each.id, "name": each.name, "brand": each.brand} for each in near[:5]]
        assert caught.value.meta == {"products": told}
        heading, *lines = caught.value.text("en").splitlines()
        assert "“abn”" in heading
        assert lines == [f"  id:ABN-{number}  ABN-{number} · LS ELECTRIC" for number in range(51, 56)]
        assert caught.value.text("ko").splitlines()[1:] == lines

    async def test_where_none_comes_near_it_says_so(self) -> None:
        with pytest.raises(NoSuchProduct) as caught:
            await Predicting().find("mumble")
        assert caught.value.text("en") == "There is no product “mumble”, by id or by name."
        assert caught.value.meta == {"products": []}
