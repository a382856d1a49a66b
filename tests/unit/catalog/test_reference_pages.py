import re
from pathlib import Path

from kis.catalog import SHOP_ITEMS, load_price_book, shipped_price_books
from kis.catalog.lint import CHECKS
from kis.catalog.price_book_file import read_price_book
from kis.catalog.sources import KNOWN_SOURCES, source_name
from kis.catalog.tables import TABLES
from kis.platform.messages import Message

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
CATALOG = (REFERENCE / "catalog.md").read_text(encoding="utf-8")
PRICE_BOOK = (REFERENCE / "price-book.md").read_text(encoding="utf-8")


class TestCatalogPage:
    def test_tells_every_column_of_every_table_in_its_section(self) -> None:
        for table in TABLES:
            section = CATALOG.split(f"## {table.name}.csv")[1].split("\n## ")[0]
            rows = re.findall(r"^\| (`[^|]*`) \|", section, flags=re.MULTILINE)
            assert [name for row in rows for name in re.findall("`([a-z_]+)`", row)] == [
                column.name for column in table.columns
            ]

    def test_names_every_source_mark_in_both_languages(self) -> None:
        for mark in KNOWN_SOURCES:
            name = source_name(mark)
            assert isinstance(name, Message)
            assert f"| `{mark}` | {name.text('ko')} | {name.text('en')} |" in CATALOG

    def test_lists_as_many_checks_as_there_are(self) -> None:
        section = CATALOG.split("## Checks")[1].split("\n## ")[0]
        rows = re.findall(r"\| (?:error|warning|info) \|$", section, flags=re.MULTILINE)
        assert len(rows) == len(CHECKS) + 3  # the capacity check finds two things, prices are two rows more


class TestPriceBookPage:
    def test_gives_every_item_and_accessory_at_its_price(self) -> None:
        book = next(book for book in shipped_price_books("KRW"))
        told: dict[str, str] = {}
        for keys, _, won in re.findall(
            r"^\| (`(?:item|accessory):[^|]*) \|(.*?)\|? ([0-9][0-9, /]*) \|$", PRICE_BOOK, re.MULTILINE
        ):
            names = re.findall("`([^`]+)`", keys)
            stem = names[0].rpartition("/")[0]
            full = [name if ":" in name else f"{stem}{name}" for name in names]
            told.update(zip(full, won.split(" / "), strict=True))
        held = {
            key: f"{price.unit_price:,}"
            for key, price in book.prices.items()
            if key.startswith(("item:", "accessory:"))
        }
        assert told == held
        assert set(SHOP_ITEMS) <= set(told)

    def test_shows_a_book_that_can_be_read(self, tmp_path: Path) -> None:
        (example,) = re.findall(r"```yaml\n(.*?)```", PRICE_BOOK, flags=re.DOTALL)
        book = read_price_book("example.yaml", example.encode())
        path = tmp_path / "example.yaml"
        path.write_text(example, encoding="utf-8")
        assert load_price_book(path, "KRW", book.valid_from).prices == book.prices
        assert len(book.prices) == 3
