import re

from kis.assistant.evaluation.typing.catalog import (
    ListedProduct,
    as_lines,
    made_products,
    shipped_digest,
    shipped_products,
)
from kis.assistant.evaluation.typing.meant import keys_of
from kis.catalog import load_catalog


class TestShippedProducts:
    def test_are_those_that_all_figures_speak_of(self) -> None:
        # Another digest means other products: figures of before and after it cannot be compared.
        assert shipped_digest() == "9d898f99ad3786db895eea19081fe5943790dc3c8a8e4d065264852f51b9a43f"

    def test_are_what_the_rules_and_the_parts_catalogue_make(self) -> None:
        assert shipped_products() == made_products(load_catalog())

    def test_are_enough_of_them_and_a_quarter_korean(self) -> None:
        products = shipped_products()
        korean = [product for product in products if re.search("[가-힣]", product.name)]
        assert len(products) >= 3000
        assert len(korean) >= len(products) / 4

    def test_have_names_and_ids_of_their_own(self) -> None:
        products = shipped_products()
        assert len({product.id for product in products}) == len(products)
        assert len({keys_of(product.name) for product in products}) == len(products)

    def test_hold_families_that_differ_in_one_character(self) -> None:
        names = {product.name for product in shipped_products()}
        assert {"Tavoro CDX-120", "Tavoro CDX-120B", "Tavoro CDX-120R"} <= names
        assert {"Ronwell TDX-17KVX", "Ronwell TDX-17KVX II", "Ronwell TDX-7KVX"} <= names
        assert {"누전차단기 EBS52FB 2P 20A", "누전차단기 EBS52FB 2P 30A"} <= names
        assert "EBS52FB Earth leakage breaker 2P" in names


class TestAsLines:
    def test_writes_korean_as_it_is_one_product_a_line(self) -> None:
        line = '{"id": "p1", "name": "드릴 A", "brand": "강철공구", "category": ""}\n'
        assert as_lines([ListedProduct("p1", "드릴 A", "강철공구")]) == line
