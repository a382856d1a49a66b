"""``kis documents``: the documents of a pack, made again from what the pack recorded."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kis.cli.commands.packs import find_pack, printable, read_result
from kis.cli.declare import argument, group, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import console, print_json, progress, table
from kis.cli.session import current_session
from kis.platform.messages import Message
from kis.platform.processes import spreading

if TYPE_CHECKING:
    from kis.estimator import Rebuilt


@group("documents", help_key="documents_cli.help")
def documents() -> None:
    """Hold the commands over documents."""


@documents.command("rebuild", help_key="documents_cli.rebuild.help")
@argument("pack", help_key="evidence_cli.argument.pack")
@option("--out", help_key="documents_cli.rebuild.out", type=click.Path(path_type=Path, file_okay=False))
@json_option
def rebuild(*, pack: str, out: Path | None, as_json: bool) -> int:
    """Make every document again, compare it with the recorded one, and write it where that was asked."""
    from kis.estimator import HELPERS_LOAD, rebuild_documents

    folder = find_pack(pack)
    panels = len(read_result(folder)["panels"])
    running = Message("documents_cli.rebuild.running", {"path": folder})
    with progress(running), spreading(panels, loads=HELPERS_LOAD) as spread:
        outcome = rebuild_documents(folder, spread)
        if out is not None:
            outcome.write(out)
    if as_json:
        print_json(
            {
                "path": str(folder),
                "agrees": outcome.agrees,
                "out": None if out is None else str(out),
                "documents": [
                    {"path": document.path, "sha256": document.sha256, "agrees": document.agrees}
                    for document in outcome.documents
                ],
            }
        )
    else:
        _show(outcome, out)
    return DONE if outcome.agrees else GATE_FAILS


def _show(outcome: "Rebuilt", out: Path | None) -> None:
    text = current_session().text
    rows = table(
        Message("documents_cli.column.document"),
        Message("documents_cli.column.agrees"),
        Message("documents_cli.column.sha256"),
    )
    for document in outcome.documents:
        word = "same" if document.agrees else "differs"
        rows.add_row(
            printable(document.path),
            text(Message(f"documents_cli.{word}")),
            document.sha256[:16],
            style=None if document.agrees else "red",
        )
    screen = console()
    screen.print(rows)
    key = "agrees" if outcome.agrees else "disagrees"
    screen.print(text(Message(f"documents_cli.rebuild.{key}", {"count": len(outcome.documents)})))
    if out is not None:
        screen.print(text(Message("documents_cli.rebuild.written", {"path": out})))
