from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

import kis.catalog
from kis.catalog import (
    CURRENCY_DECIMALS,
    PriceBookNotApplicable,
    PriceBookNotFound,
    load_price_book,
    price_book_bytes,
    shipped_price_books,
)

DAY = date(2026, 11, 20)


@pytest.fixture
def book_file(tmp_path: Path, small_book_text: str) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(small_book_text, encoding="utf-8")
    return path


class TestLoadPriceBook:
    @pytest.mark.parametrize("currency", ["KRW", "USD"])
    def test_chooses_the_shipped_book_of_the_currency(self, currency: str) -> None:
        book = load_price_book(None, currency, DAY)
        assert (book.id, book.currency) == (f"illustrative-2026-11-{currency.lower()}", currency)

    def test_holds_from_the_first_day_on(self) -> None:
        book = load_price_book(None, "KRW", date(2026, 11, 1))
        assert book.valid_from == date(2026, 11, 1)
        with pytest.raises(PriceBookNotFound):
            load_price_book(None, "KRW", date(2026, 10, 31))

    def test_names_the_books_there_are_when_none_fits(self) -> None:
        with pytest.raises(PriceBookNotFound) as caught:
            load_price_book(None, "EUR", DAY)
        for locale in ("ko", "en"):
            assert "illustrative-2026-11-krw (KRW 2026-11-01~)" in caught.value.text(locale)
            assert "illustrative-2026-11-usd (USD 2026-11-01~)" in caught.value.text(locale)

    def test_reads_a_book_of_the_shops_own(self, book_file: Path) -> None:
        book = load_price_book(book_file, "KRW", DAY)
        assert (book.id, len(book.prices)) == ("small-2026", 3)

    @pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 12, 31)])
    def test_takes_the_first_and_the_last_day(self, book_file: Path, day: date) -> None:
        assert load_price_book(book_file, "KRW", day).is_valid_on(day)

    @pytest.mark.parametrize("day", [date(2026, 11, 1) - timedelta(1), date(2026, 12, 31) + timedelta(1)])
    def test_refuses_a_book_out_of_its_time(self, book_file: Path, day: date) -> None:
        with pytest.raises(
            PriceBookNotApplicable, match=f"small-2026 .2026-11-01~2026-12-31. is not valid on {day}"
        ):
            load_price_book(book_file, "KRW", day)

    def test_refuses_a_book_in_another_currency(self, book_file: Path) -> None:
        with pytest.raises(PriceBookNotApplicable, match="is in KRW, but USD is wanted"):
            load_price_book(book_file, "USD", DAY)

    def test_says_when_there_is_no_file(self, tmp_path: Path) -> None:
        for path in (tmp_path, tmp_path / "nowhere.yaml"):
            with pytest.raises(PriceBookNotFound):
                load_price_book(path, "KRW", DAY)

    def test_reads_an_edited_file_again(self, book_file: Path) -> None:
        before = load_price_book(book_file, "KRW", DAY)
        book_file.write_text(book_file.read_text("utf-8").replace("18000", "19000"), encoding="utf-8")
        after = load_price_book(book_file, "KRW", DAY)
        assert [str(book.prices["breaker:ABN-52"].unit_price) for book in (before, after)] == [
            "18000",
            "19000",
        ]
        assert before.digest != after.digest


class TestPriceBookBytes:
    @pytest.mark.parametrize("currency", ["KRW", "USD"])
    def test_of_a_shipped_book_are_those_of_its_digest(self, currency: str) -> None:
        book = load_price_book(None, currency, DAY)
        assert sha256(price_book_bytes(None, book)).hexdigest() == book.digest

    def test_of_a_shops_own_book_are_its_file(self, book_file: Path) -> None:
        book = load_price_book(book_file, "KRW", DAY)
        assert price_book_bytes(book_file, book) == book_file.read_bytes()


class TestShippedPriceBooks:
    def test_bear_the_names_of_their_files(self) -> None:
        folder = Path(kis.catalog.__file__).parent / "data" / "price_books"
        assert [f"{book.id}.yaml" for book in shipped_price_books()] == sorted(
            path.name for path in folder.iterdir()
        )
        assert all(book.id.endswith(f"-{book.currency.lower()}") for book in shipped_price_books())

    def test_exist_for_every_currency(self) -> None:
        assert {book.currency for book in shipped_price_books()} == set(CURRENCY_DECIMALS)

    def test_say_that_they_are_illustrative(self) -> None:
        for book in shipped_price_books():
            assert book.illustrative
            assert book.title["ko"].startswith("예시 단가표(견적용 아님)")
            assert book.title["en"].startswith("Illustrative price list (not for quotation)")
            assert all(price.source.startswith("illustrative") for price in book.prices.values())
