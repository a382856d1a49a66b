"""``kis price-book``: look at price books, check them, tell two apart, hand them out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kis.cli.declare import argument, group, json_option, option
from kis.cli.exit_codes import DONE
from kis.cli.lint_report import LintRow, refusal_rows, report
from kis.cli.output import console, print_json, say, table, warn
from kis.cli.session import current_session
from kis.platform.errors import BadInput, NotFound, Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.catalog import Change, PriceBook


@group("price-book", help_key="prices_cli.help")
def price_book() -> None:
    """Hold the commands over price books."""


@price_book.command("show", help_key="prices_cli.show.help")
@argument("book", required=False, help_key="prices_cli.argument.book")
@option("--only", help_key="prices_cli.show.only")
@json_option
def show(*, book: str | None, only: str | None, as_json: bool) -> int:
    """Show the prices of a book; without one, list the books that come with KIS."""
    from kis.catalog import shipped_price_books

    if book is None:
        books = shipped_price_books()
        if as_json:
            print_json({"price_books": [_head(each) for each in books]})
        else:
            _list(books)
        return DONE
    held = find_book(book)[1]
    prices = [
        price for price in held.prices.values() if only is None or only.casefold() in price.key.casefold()
    ]
    if as_json:
        listed = [
            {"key": each.key, "unit_price": str(each.unit_price), "unit": each.unit, "source": each.source}
            for each in prices
        ]
        print_json({**_head(held), "prices": listed})
        return DONE
    screen = console()
    screen.print(held.title[current_session().locale], style="bold")
    screen.print(
        _text("prices_cli.show.head", **_head_values(held), shown=len(prices), count=len(held.prices))
    )
    names = ("key", "unit_price", "unit", "source")
    rows = table(*(Message(f"prices_cli.column.{name}") for name in names), numeric=(1,))
    for each in prices:
        rows.add_row(each.key, f"{each.unit_price:,}", each.unit, each.source)
    screen.print(rows)
    if held.illustrative:
        warn(Message("prices_cli.illustrative"))
    return DONE


@price_book.command("lint", help_key="prices_cli.lint.help")
@argument("book", help_key="prices_cli.argument.book")
@option("--catalog", "folder", type=click.Path(path_type=Path), help_key="prices_cli.lint.catalog")
@option("--all", "everything", is_flag=True, help_key="lint_cli.option.all")
@json_option
def lint(*, book: str, folder: Path | None, everything: bool, as_json: bool) -> int:
    """Check that a book prices what the catalogue holds and the shop's rules need, and nothing else."""
    from kis.catalog import lint_prices, load_catalog

    parts = load_catalog(folder)
    try:
        held = find_book(book)[1]
    except BadInput as refused:
        return report(refused.source, refusal_rows(refused), everything=everything, as_json=as_json)
    found = lint_prices(parts, held)
    rows = [LintRow(finding.severity.value, finding.path, finding.message) for finding in found]
    return report(held.id, rows, everything=everything, as_json=as_json)


@price_book.command("diff", help_key="prices_cli.diff.help")
@argument("old", help_key="prices_cli.diff.old")
@argument("new", help_key="prices_cli.diff.new")
@json_option
def diff(*, old: str, new: str, as_json: bool) -> int:
    """Tell what changed from one book to another, price by price."""
    from kis.catalog import diff_price_books

    return show_changes(diff_price_books(find_book(old)[1], find_book(new)[1]), as_json=as_json)


@price_book.command("export", help_key="prices_cli.export.help")
@argument("book", help_key="prices_cli.argument.book")
@argument("target", type=click.Path(path_type=Path), help_key="prices_cli.export.target")
@json_option
def export(*, book: str, target: Path, as_json: bool) -> int:
    """Write a book to a file, byte for byte: the beginning of a shop's own."""
    from kis.catalog import price_book_bytes

    path, held = find_book(book)
    place = target / f"{held.id}.yaml" if target.is_dir() else target
    if place.exists():
        raise BadInput(str(place), [Problem("", Message("prices_cli.export.exists"))])
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(price_book_bytes(path, held))
    if as_json:
        print_json({**_head(held), "path": str(place)})
    else:
        say(Message("prices_cli.export.done", {"path": place, "book": held.id}))
    return DONE


def find_book(given: str) -> "tuple[Path | None, PriceBook]":
    """Return the price book of a file with its path, or the shipped one of that name. Raises NotFound, BadInput."""
    from kis.catalog import open_price_book, shipped_price_books

    path = Path(given)
    if path.is_file():
        return path, open_price_book(path)
    shipped = {book.id: book for book in shipped_price_books()}
    if given not in shipped:
        raise NotFound(Message("prices_cli.no_book", {"given": given, "shipped": ", ".join(shipped)}))
    return None, shipped[given]


def show_changes(changes: "Sequence[Change]", *, as_json: bool) -> int:
    """Show the differences between two catalogues or price books, one a line."""
    if as_json:
        print_json({"changes": [_change_shape(change) for change in changes]})
        return DONE
    for change in changes:
        say(change.message())
    say(Message("prices_cli.diff.count", {"count": len(changes)}))
    return DONE


def _change_shape(change: "Change") -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "table": change.table,
        "key": change.key,
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "percent": None if change.percent is None else str(change.percent),
    }


def _list(books: "Sequence[PriceBook]") -> None:
    names = ("book", "title", "currency", "validity", "prices")
    rows = table(*(Message(f"prices_cli.column.{name}") for name in names), numeric=(4,))
    for book in books:
        values = _head_values(book)
        title = book.title[current_session().locale]
        rows.add_row(book.id, title, book.currency, values["validity"], str(len(book.prices)))
    console().print(rows)


def _head(book: "PriceBook") -> dict[str, Any]:
    return {
        "id": book.id,
        "version": book.version,
        "title": dict(book.title),
        "currency": book.currency,
        "valid_from": book.valid_from.isoformat(),
        "valid_to": book.valid_to.isoformat() if book.valid_to else None,
        "illustrative": book.illustrative,
        "sha256": book.digest,
    }


def _head_values(book: "PriceBook") -> dict[str, str]:
    validity = f"{book.valid_from} ~ {book.valid_to or ''}".rstrip()
    return {"book": book.id, "version": book.version, "currency": book.currency, "validity": validity}


def _text(key: str, **values: object) -> str:
    return current_session().text(Message(key, values))
