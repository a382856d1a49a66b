"""A price book as CSV or XLSX: the same book, every fault at its line of the table."""

import io

import pytest
from openpyxl import Workbook

from kis.catalog.price_book_table import is_price_table, price_table, read_price_table
from kis.catalog.price_books import price_book_bytes, shipped_price_books
from kis.catalog.prices import PriceBook
from kis.platform.errors import BadInput

TABLE = """id,hanbit
version,1
title.ko,한빛 단가표
title.en,Hanbit prices
currency,KRW
valid_from,2026-11-01
valid_to,
illustrative,false
key,unit_price,unit,source
breaker:ABN-53,"23,800",EA,"LS: ELECTRIC #1"
item:copper_kg,20000,KG,시세
"""


def faults(text: str) -> list[str]:
    with pytest.raises(BadInput) as refused:
        read_price_table("p.csv", text.encode(), is_workbook=False)
    return [problem.path for problem in refused.value.problems]


def test_a_table_is_the_book_it_says() -> None:
    book, written = read_price_table("p.csv", TABLE.encode(), is_workbook=False)
    assert (book.id, book.currency, book.valid_to, book.illustrative) == ("hanbit", "KRW", None, False)
    price = book.prices["breaker:ABN-53"]
    assert (str(price.unit_price), price.unit, price.source) == ("23800", "EA", "LS: ELECTRIC #1")
    assert written.startswith(b'id: "hanbit"\n')


@pytest.mark.parametrize("shipped", shipped_price_books(), ids=lambda book: book.id)
def test_every_shipped_book_goes_out_and_in_again(shipped: PriceBook) -> None:
    table = price_table(shipped)
    assert is_price_table(table)
    assert not is_price_table(price_book_bytes(None, shipped))
    book, _ = read_price_table("p.csv", table, is_workbook=False)
    assert (book.prices, book.title, book.valid_from) == (shipped.prices, shipped.title, shipped.valid_from)


def test_a_workbook_has_a_sheet_for_each_part() -> None:
    made = Workbook()
    head, _, prices = TABLE.partition("key,")
    made.worksheets[0].title = "price_book"
    for line in head.splitlines():
        made["price_book"].append(line.split(","))
    sheet = made.create_sheet("prices")
    sheet.append(["key", "unit_price", "unit", "source"])
    sheet.append(["breaker:ABN-53", 23800, "EA", "list"])
    output = io.BytesIO()
    made.save(output)
    assert prices
    book, _ = read_price_table("p.xlsx", output.getvalue(), is_workbook=True)
    assert str(book.prices["breaker:ABN-53"].unit_price) == "23800"
    sheet["B2"] = -1
    output = io.BytesIO()
    made.save(output)
    with pytest.raises(BadInput) as refused:
        read_price_table("p.xlsx", output.getvalue(), is_workbook=True)
    assert [problem.path for problem in refused.value.problems] == ["p.xlsx[prices]:2 breaker:ABN-53"]


def test_every_fault_is_told_at_its_line() -> None:
    wrong = TABLE.replace("KRW", "WON").replace('"23,800"', "many").replace("item:copper_kg", "copper")
    assert faults(wrong) == ["p.csv:5 currency", "p.csv:10 breaker:ABN-53", "p.csv:11 copper"]


def test_a_comma_that_groups_no_thousands_is_not_passed_over() -> None:
    assert faults(TABLE.replace('"23,800"', '"23,8"')) == ["p.csv:10 breaker:ABN-53"]


def test_a_price_that_stands_twice_is_refused() -> None:
    assert faults(TABLE + "item:copper_kg,1,KG,x\n") == ["p.csv:12 item:copper_kg"]


def test_a_head_that_is_not_whole_is_refused() -> None:
    assert faults(TABLE.replace("version,1\n", "")) == ["p.csv version"]
    assert faults(TABLE.replace("version,1\n", "version,1\ncolour,red\n")) == ["p.csv:3"]
    assert faults(TABLE.replace("key,unit_price,", "key,price,")) == ["p.csv:9"]


def test_nothing_in_a_cell_is_more_than_text() -> None:
    wrong = TABLE.replace("Hanbit prices", '"x}: !!python/object, y: {"').replace("시세", '"a"", ""b"')
    book, _ = read_price_table("p.csv", wrong.encode(), is_workbook=False)
    assert book.title["en"] == "x}: !!python/object, y: {"
    assert book.prices["item:copper_kg"].source == 'a", "b'
