from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from kis.catalog import PriceBook
from kis.catalog.price_book_file import read_price_book
from kis.platform.errors import BadInput

# text to replace in small-book.yaml, its replacement, path of the first problem, key of its message
MALFORMED = [
    ("id: small-2026", "id: small 2026", "b.yaml:1 id", "bad_name"),
    ("id: small-2026", "id:", "b.yaml:1 id", "not_text"),
    ('version: "1"', "version: [1]", "b.yaml:2 version", "not_text"),
    ("id: small-2026\n", "", "b.yaml:1 id", "missing_field"),
    ("currency: KRW", "currency: EUR", "b.yaml:4 currency", "not_choice"),
    ("currency: KRW", "currency: KRW\ncurrency: USD", "b.yaml:5 currency", "double"),
    ("currency: KRW", "currency: KRW\nrate: 1400", "b.yaml:5 rate", "unknown_field"),
    ("2026-11-01\nvalid_to", "2026-11-31\nvalid_to", "b.yaml:5 valid_from", "bad_date"),
    ("2026-11-01\nvalid_to", "20261101\nvalid_to", "b.yaml:5 valid_from", "bad_date"),
    ("valid_to: 2026-12-31", "valid_to: 2026-10-31", "b.yaml:6 valid_to", "ends_before_start"),
    ("valid_to: 2026-12-31", "valid_to: never", "b.yaml:6 valid_to", "bad_date"),
    ("illustrative: true", "illustrative: yes", "b.yaml:7 illustrative", "not_choice"),
    ("ko: 예시 단가표", "ko: 단가표", "b.yaml:3 title.ko", "title_not_illustrative"),
    ("en: Illustrative prices", "en: Prices", "b.yaml:3 title.en", "title_not_illustrative"),
    ("{ko: 예시 단가표, en: Illustrative prices}", "{ko: 예시 단가표}", "b.yaml:3 title.en", "missing_field"),
    ("{ko: 예시 단가표, en: Illustrative prices}", "Illustrative", "b.yaml:3 title", "not_mapping"),
    ("  - unit: EA\n", "  - unit: EA\n    vat: 10\n", "b.yaml:10 prices[0].vat", "unknown_field"),
    ("  - unit: EA\n", "  -\n", "b.yaml:10 prices[0].unit", "missing_field"),
    ("  - unit: KG", "  - unit: ''", "b.yaml:14 prices[1].unit", "not_text"),
    ("  - unit: EA", "  - 1\n  - unit: EA", "b.yaml:9 prices[0]", "not_mapping"),
    ("item:copper_kg: 20000", "item:copper_kg: -1", "b.yaml:17 prices[1].items.item:copper_kg", "bad_amount"),
    ("item:copper_kg: 20000", "item:copper_kg: 0", "b.yaml:17 prices[1].items.item:copper_kg", "bad_amount"),
    (
        "item:copper_kg: 20000",
        "item:copper_kg: 20,000",
        "b.yaml:17 prices[1].items.item:copper_kg",
        "bad_amount",
    ),
    (
        "item:copper_kg: 20000",
        "item:copper_kg: 20000.5",
        "b.yaml:17 prices[1].items.item:copper_kg",
        "bad_amount",
    ),
    (
        "item:copper_kg: 20000",
        "item:copper_kg: 2e4",
        "b.yaml:17 prices[1].items.item:copper_kg",
        "bad_amount",
    ),
    ("item:copper_kg: 20000", "item:copper_kg:", "b.yaml:17 prices[1].items.item:copper_kg", "bad_amount"),
    (
        "item:copper_kg: 20000",
        "item:copper_kg: [1]",
        "b.yaml:17 prices[1].items.item:copper_kg",
        "bad_amount",
    ),
    ("item:copper_kg", "copper_kg", "b.yaml:17 prices[1].items.copper_kg", "bad_key"),
    ("item:copper_kg", "custom:HDS", "b.yaml:17 prices[1].items.custom:HDS", "bad_key"),
    ("item:copper_kg", "custom:HDS/deep", "b.yaml:17 prices[1].items.custom:HDS/deep", "bad_key"),
    ("item:copper_kg", "'item:'", "b.yaml:17 prices[1].items.item:", "bad_key"),
    ("item:copper_kg", "breaker:ABN-52", "b.yaml:17 prices[1].items.breaker:ABN-52", "double"),
    ("item:copper_kg", "? [a, b]\n      ", "b.yaml:17 prices[1].items", "not_text"),
]


def _problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as caught:
        read_price_book("b.yaml", text.encode())
    assert all(problem.text(locale) for problem in caught.value.problems for locale in ("ko", "en"))
    return [
        (problem.path, problem.message.key.removeprefix("catalog.book.")) for problem in caught.value.problems
    ]


class TestReadPriceBook:
    def test_reads_head_and_prices(self, small_book: PriceBook, small_book_text: str) -> None:
        assert small_book.title == {"ko": "예시 단가표", "en": "Illustrative prices"}
        assert (small_book.valid_from, small_book.valid_to) == (date(2026, 11, 1), date(2026, 12, 31))
        assert small_book.digest == sha256(small_book_text.encode()).hexdigest()
        copper = small_book.prices["item:copper_kg"]
        assert (copper.unit_price, copper.unit, copper.source) == (
            Decimal(20000),
            "KG",
            "illustrative, 2026-11-01",
        )

    @pytest.mark.parametrize(("old", "new", "path", "key"), MALFORMED)
    def test_names_line_and_field_of_a_fault(
        self, small_book_text: str, old: str, new: str, path: str, key: str
    ) -> None:
        assert old in small_book_text
        assert _problems(small_book_text.replace(old, new, 1))[0] == (path, key)

    def test_names_every_fault_at_once_in_the_order_of_the_file(self, small_book_text: str) -> None:
        spoilt = small_book_text.replace("18000", "free").replace("KRW", "WON")
        spoilt = spoilt.replace("unit: KG", "units: KG").replace("예시 ", "")
        assert _problems(spoilt) == [
            ("b.yaml:3 title.ko", "title_not_illustrative"),
            ("b.yaml:4 currency", "not_choice"),
            ("b.yaml:12 prices[0].items.breaker:ABN-52", "bad_amount"),
            ("b.yaml:14 prices[1].units", "unknown_field"),
            ("b.yaml:14 prices[1].unit", "missing_field"),
        ]

    @pytest.mark.parametrize("text", ["", "- 1", "just words", "a: [1", "a: \x00"])
    def test_refuses_what_is_no_mapping_or_no_yaml(self, text: str) -> None:
        assert _problems(text)[0][1] in ("not_mapping", "not_yaml")

    def test_refuses_what_is_not_utf8(self, small_book_text: str) -> None:
        with pytest.raises(BadInput) as caught:
            read_price_book("b.yaml", small_book_text.encode("cp949"))
        assert [problem.message.key for problem in caught.value.problems] == ["catalog.book.not_utf8"]

    def test_keeps_cents_exactly(self, small_book_text: str) -> None:
        dollars = small_book_text.replace("KRW", "USD").replace("20000", "14.1").replace("18000", "0.10")
        book = read_price_book("b.yaml", dollars.encode())
        assert str(book.prices["item:copper_kg"].unit_price) == "14.10"
        assert str(book.prices["breaker:ABN-52"].unit_price) == "0.10"
        assert _problems(dollars.replace("14.1", "14.105"))[0][1] == "bad_amount"

    def test_a_book_that_is_not_illustrative_may_have_any_title(self, small_book_text: str) -> None:
        own = (
            small_book_text.replace("illustrative: true", "illustrative: false")
            .replace("예시 ", "")
            .replace("null", "")
        )
        assert not read_price_book("b.yaml", own.encode()).illustrative

    def test_an_open_end_is_written_as_null(self, small_book_text: str) -> None:
        for words in ("null", "~", ""):
            book = read_price_book("b.yaml", small_book_text.replace("2026-12-31", words).encode())
            assert book.valid_to is None
            assert book.is_valid_on(date(2099, 1, 1))
