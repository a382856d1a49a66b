from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

KRW = "illustrative-2026-11-krw"


@pytest.fixture
def book(run: Run, tmp_path: Path) -> Path:
    """Give a shop's own price book, exported from the shipped one, a price of which was raised from 4000 to 5000."""
    assert run("price-book", "export", KRW, "shop.yaml").code == 0
    path = tmp_path / "shop.yaml"
    text = path.read_text(encoding="utf-8")
    assert "item:name_plate: 4000" in text
    path.write_text(text.replace("item:name_plate: 4000", "item:name_plate: 5000"), encoding="utf-8")
    return path


class TestShow:
    def test_lists_the_books_that_come_with_it(self, run: Run) -> None:
        shown = run("price-book", "show")
        assert shown.code == 0
        assert KRW in shown.out
        assert [each["currency"] for each in run("price-book", "show", "--json").data["price_books"]] == [
            "KRW",
            "USD",
        ]

    def test_shows_the_prices_asked_for_and_that_they_are_examples(self, run: Run) -> None:
        shown = run("price-book", "show", KRW, "--only", "ITEM:name_plate")
        assert shown.code == 0
        assert "item:name_plate" in shown.out
        assert "4,000" in shown.out
        assert "item:card_holder" not in shown.out
        assert "예시 단가표입니다" in shown.err

    def test_gives_prices_as_exact_text(self, run: Run, book: Path) -> None:
        told = run("price-book", "show", book, "--json").data
        prices = {each["key"]: each["unit_price"] for each in told["prices"]}
        assert (told["id"], prices["item:name_plate"]) == (KRW, "5000")

    def test_names_the_books_there_are(self, run: Run) -> None:
        shown = run("price-book", "show", "mine.yaml")
        assert (shown.code, shown.out) == (2, "")
        assert f"포함된 단가표: {KRW}" in shown.err


class TestLint:
    def test_passes_a_book_that_prices_everything(self, run: Run) -> None:
        shown = run("price-book", "lint", KRW)
        assert (shown.code, shown.out) == (0, f"✓ {KRW}: 오류 0건, 주의 0건, 참고 0건\n")

    def test_fails_for_an_item_every_quotation_needs(self, run: Run, book: Path) -> None:
        text = book.read_text(encoding="utf-8")
        book.write_text(text.replace("item:name_plate: 5000", "item:door_plate: 5000"), encoding="utf-8")
        shown = run("price-book", "lint", book, "--json")
        assert (shown.code, shown.data["counts"]["error"]) == (3, 1)
        assert "item:name_plate" in {each["path"] for each in shown.data["findings"]}

    def test_fails_for_a_book_that_cannot_be_read(self, run: Run, book: Path) -> None:
        book.write_text(book.read_text(encoding="utf-8").replace("5000", "free"), encoding="utf-8")
        shown = run("price-book", "lint", book)
        assert shown.code == 3
        assert "✗ 오류" in shown.out

    def test_names_a_catalogue_that_is_not_there(self, run: Run) -> None:
        assert run("price-book", "lint", KRW, "--catalog", "nowhere").code == 2


class TestDiff:
    def test_tells_a_price_with_its_change_in_percent(self, run: Run, book: Path) -> None:
        shown = run("price-book", "diff", KRW, book)
        # 4000 → 5000 is a quarter more
        assert (shown.code, shown.out) == (
            0,
            "prices item:name_plate: unit_price 4000 → 5000 (+25.0%)\n차이 1건\n",
        )
        (told,) = run("price-book", "diff", KRW, book, "--json").data["changes"]
        assert (told["kind"], told["key"], told["percent"]) == ("changed", "item:name_plate", "25.0")

    def test_finds_nothing_between_a_book_and_itself(self, run: Run) -> None:
        assert run("price-book", "diff", KRW, KRW, "--json").data == {"changes": []}


class TestExport:
    def test_writes_the_very_bytes(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "books").mkdir()
        shown = run("price-book", "export", KRW, "books", "--json")
        path = tmp_path / "books" / f"{KRW}.yaml"
        assert (shown.code, Path(shown.data["path"])) == (0, Path("books") / path.name)
        assert run("price-book", "show", path, "--json").data["sha256"] == shown.data["sha256"]

    def test_never_writes_over_a_file(self, run: Run, book: Path) -> None:
        before = book.read_bytes()
        shown = run("price-book", "export", KRW, "shop.yaml")
        assert (shown.code, book.read_bytes()) == (2, before)
        assert "이미 있는 파일입니다" in shown.err
