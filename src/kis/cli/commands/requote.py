"""``kis requote PACK``: the recorded request under newer prices or in another make, and why the total changed."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kis.cli.commands.issue_options import IssueOptions, issue_options
from kis.cli.commands.packs import find_pack, read_result
from kis.cli.commands.quote import DEFAULT_OUT, quoted, today
from kis.cli.declare import argument, command, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import console, print_json, progress, table
from kis.cli.session import current_session
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.estimator import Comparison


@command("requote", help_key="requote.help")
@argument("pack", help_key="requote.argument.pack")
@option("--make", help_key="requote.option.make")
@option("--price-book", help_key="quote.option.price_book", type=click.Path(path_type=Path, dir_okay=False))
@option("--rulebook", help_key="quote.option.rulebook", type=click.Path(path_type=Path))
@option("--date", "day", help_key="requote.option.date", type=click.DateTime(["%Y-%m-%d"]))
@option(
    "--out",
    help_key="quote.option.out",
    default=DEFAULT_OUT,
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
)
@issue_options
@json_option
def requote(
    *,
    pack: str,
    make: str | None,
    price_book: Path | None,
    rulebook: Path | None,
    day: datetime | None,
    out: Path,
    issuing: IssueOptions,
    as_json: bool,
) -> int:
    """Quote again and show the difference."""
    from kis.catalog import load_catalog
    from kis.estimator import (
        compare,
        dated,
        in_make,
        issued_before,
        open_library,
        parse_request,
        read_record,
    )

    folder = find_pack(pack)
    recorded, given = read_result(folder), read_record(folder, "input.json")
    on = day.date() if day is not None else today()
    with progress(Message("quote.progress.reading", {"file": str(folder)})) as tell:
        parsed = parse_request(given["source"])
        if make is not None:
            parsed = in_make(parsed, make, load_catalog())
        parsed = dated(parsed, on)
        library = open_library(parsed.request, on=on, price_book=price_book, rulebook=rulebook)
        revised = given.get("issue", {}).get("number", "")
        product, made = quoted(
            parsed, library, on, issuing.issue(on, revises=revised, earlier=issued_before(given)), out, tell
        )
    comparison = compare(recorded, product.output)
    evidence = {"path": str(made.path), "sha256": made.sha256}
    if as_json:
        print_json(
            {
                "before": recorded["traceId"],
                "after": product.output["traceId"],
                **_data(comparison),
                "evidence": evidence,
            }
        )
    else:
        _show(comparison, evidence["path"])
    return GATE_FAILS if product.output["verdict"] == "fail" else DONE


def _data(comparison: "Comparison") -> dict[str, object]:
    lines = [
        {
            "panel": change.panel,
            "kind": change.kind,
            "cause": change.cause.value,
            "before": change.before,
            "after": change.after,
            "change": str(change.change),
        }
        for change in comparison.lines
    ]
    totals = {
        name: {"before": str(before), "after": str(after)}
        for name, (before, after) in comparison.totals.items()
    }
    return {"lines": lines, "totals": totals, "currency": comparison.currency}


def _show(comparison: "Comparison", path: str) -> None:
    screen, say = console(), current_session().text
    rows = table(
        *(Message(f"requote.column.{name}") for name in ("panel", "before", "after", "cause", "change")),
        numeric=(4,),
    )
    for change in comparison.lines:
        shown = [
            "–"
            if line is None
            else f"{line['item']} {line['spec']}\n{line['quantity']} × {Decimal(line['unit_price']):,}"
            for line in (change.before, change.after)
        ]
        rows.add_row(
            change.panel, *shown, say(Message(f"requote.cause.{change.cause.value}")), f"{change.change:+,}"
        )
    if comparison.lines:
        screen.print(rows)
    else:
        screen.print(say(Message("requote.no_change")))
    totals = table(
        *(Message(f"requote.column.{name}") for name in ("total", "before", "after", "change")),
        numeric=(1, 2, 3),
    )
    for name, (before, after) in comparison.totals.items():
        totals.add_row(
            say(Message(f"quote.total.{name}")), f"{before:,}", f"{after:,}", f"{after - before:+,}"
        )
    screen.print(totals)
    screen.print(say(Message("quote.files", {"path": path})))
