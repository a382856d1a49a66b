"""``kis catalog``: take a parts catalogue in, hand it out, check it, and tell two editions apart."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kis.cli.commands.prices import find_book, show_changes
from kis.cli.declare import argument, group, json_option, option
from kis.cli.exit_codes import DONE
from kis.cli.lint_report import LintRow, refusal_rows, report
from kis.cli.output import print_json, say
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.catalog import Catalog

FOLDER = click.Path(path_type=Path)


@group("catalog", help_key="catalog_cli.help")
def catalog() -> None:
    """Hold the commands over the parts catalogue."""


@catalog.command("import", help_key="catalog_cli.import.help")
@argument("source", type=FOLDER, help_key="catalog_cli.import.source")
@argument("into", type=FOLDER, help_key="catalog_cli.import.into")
@option("--version", "edition", help_key="catalog_cli.import.version")
@json_option
def import_(*, source: Path, into: Path, edition: str | None, as_json: bool) -> int:
    """Check a catalogue and put it into a folder, all of it or nothing."""
    from kis.catalog import import_catalog

    _refuse_file(into)
    taken = import_catalog(source, into, version=edition)
    if as_json:
        print_json({"path": str(into), **_head(taken), "rows": _sizes(taken)})
    else:
        say(Message("catalog_cli.import.done", {"path": into, "version": taken.version, **_sizes(taken)}))
    return DONE


@catalog.command("export", help_key="catalog_cli.export.help")
@argument("target", type=FOLDER, help_key="catalog_cli.export.target")
@option("--catalog", "folder", type=FOLDER, help_key="catalog_cli.option.catalog")
@json_option
def export(*, target: Path, folder: Path | None, as_json: bool) -> int:
    """Write a catalogue as one workbook or as a folder of CSV files."""
    from kis.catalog import export_catalog, load_catalog

    if target.suffix.lower() != ".xlsx":
        _refuse_file(target)
    held = load_catalog(folder)
    written = export_catalog(held, target)
    if as_json:
        print_json({**_head(held), "files": [str(path) for path in written]})
    else:
        say(
            Message(
                "catalog_cli.export.done", {"path": target, "version": held.version, "files": len(written)}
            )
        )
    return DONE


@catalog.command("lint", help_key="catalog_cli.lint.help")
@argument("folder", required=False, type=FOLDER, help_key="catalog_cli.argument.folder")
@option("--price-book", "book", help_key="catalog_cli.lint.price_book")
@option("--all", "everything", is_flag=True, help_key="lint_cli.option.all")
@json_option
def lint(*, folder: Path | None, book: str | None, everything: bool, as_json: bool) -> int:
    """Check a catalogue against itself, and against a price book that should price it."""
    import kis.catalog

    try:
        held = kis.catalog.load_catalog(folder)
    except BadInput as refused:
        return report(refused.source, refusal_rows(refused), everything=everything, as_json=as_json)
    found = list(kis.catalog.lint(held))
    if book is not None:
        found += kis.catalog.lint_prices(held, find_book(book)[1])
    rows = [LintRow(finding.severity.value, finding.path, finding.message) for finding in found]
    return report(held.version, rows, everything=everything, as_json=as_json)


@catalog.command("diff", help_key="catalog_cli.diff.help")
@argument("old", type=FOLDER, help_key="catalog_cli.diff.old")
@argument("new", type=FOLDER, help_key="catalog_cli.diff.new")
@json_option
def diff(*, old: Path, new: Path, as_json: bool) -> int:
    """Tell what changed from one catalogue to another, row by row."""
    from kis.catalog import diff_catalogs, load_catalog

    changes = diff_catalogs(load_catalog(old), load_catalog(new))
    return show_changes(changes, as_json=as_json)


def _refuse_file(folder: Path) -> None:
    if folder.is_file():
        raise BadInput(str(folder), [Problem("", Message("catalog_cli.not_a_folder"))])


def _head(held: "Catalog") -> dict[str, str]:
    return {"version": held.version, "sha256": held.digest}


def _sizes(held: "Catalog") -> dict[str, Any]:
    return {
        "breakers": len(held.breakers),
        "enclosures": len(held.enclosures),
        "accessories": len(held.accessories),
        "losses": sum(map(len, held.losses.values())),
    }
