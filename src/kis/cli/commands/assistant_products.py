"""``kis assistant import`` and ``lint``: catalogs of products taken in and looked through, by the operator of this machine.

The installation is joined where it runs, and started for the command where it does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kis.cli.commands.installed import data_option
from kis.cli.commands.knowledge_files import with_application
from kis.cli.declare import argument, command, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.lint_report import LintRow, report
from kis.cli.output import console, print_json, say, table
from kis.cli.session import current_session
from kis.platform.errors import BadInput, KisError, Problem, TooLarge
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.application import Application
    from kis.assistant import CatalogReport, ProductFinding
    from kis.identity import Principal

FILES = click.Path(path_type=Path, dir_okay=False)
MOST_FILES = 1000
MOST_SHOWN = 20
"""Lines about a file, on the screen; ``--json`` has all."""

Content = Callable[[], bytes]
Tell = Callable[[Message], None]


@command("import", help_key="assistant_products_cli.import.help")
@argument("files", nargs=-1, required=True, type=FILES, help_key="assistant_products_cli.files")
@option("--shipped", is_flag=True, help_key="assistant_products_cli.import.shipped")
@option("--remove-missing", is_flag=True, help_key="assistant_products_cli.import.remove_missing")
@option("--dry-run", "is_dry", is_flag=True, help_key="assistant_products_cli.import.dry_run")
@option("--organization", metavar="CODE", help_key="knowledge_files_cli.organization")
@data_option
@json_option
def import_catalogs(
    *,
    files: tuple[Path, ...],
    shipped: bool,
    remove_missing: bool,
    is_dry: bool,
    organization: str | None,
    as_json: bool,
) -> int:
    """Take catalogs in, one file after the other, and tell line by line what became of each."""
    contents = _contents(files)

    async def work(application: "Application", principal: "Principal", tell: Tell) -> dict[str, Any]:
        caller = _for_everybody(principal) if shipped else principal
        told = []
        for number, (name, content) in enumerate(contents, 1):
            values = {"name": name, "number": number, "count": len(contents)}
            tell(Message("assistant_products_cli.import.progress", values))
            try:
                done = await application.products.import_catalog(
                    caller,
                    name,
                    content(),
                    shipped=shipped,
                    is_dry_run=is_dry,
                    removes_missing=remove_missing,
                )
            except (BadInput, TooLarge) as refused:  # the other files may be taken in all the same
                told.append(_refused(name, refused))
            else:
                told.append(_taken_in(done))
        return {"dryRun": is_dry, "files": told}

    told = with_application(organization, work, Message("assistant_products_cli.import.reading"))
    if as_json:
        print_json(told)
    else:
        _show(told)
    return GATE_FAILS if any(each["status"] == "refused" for each in told["files"]) else DONE


@command("lint", help_key="assistant_products_cli.lint.help")
@argument("files", nargs=-1, type=FILES, help_key="assistant_products_cli.files")
@option("--installed", is_flag=True, help_key="assistant_products_cli.lint.installed")
@option("--all", "everything", is_flag=True, help_key="assistant_products_cli.lint.all")
@option("--organization", metavar="CODE", help_key="knowledge_files_cli.organization")
@data_option
@json_option
def lint_catalogs(
    *, files: tuple[Path, ...], installed: bool, everything: bool, organization: str | None, as_json: bool
) -> int:
    """Look through catalog files, or through what the installation has, and tell what is not well."""
    if installed == bool(files):
        raise BadInput(
            "assistant", [Problem("FILE", Message("assistant_products_cli.lint.files_or_installed"))]
        )
    if installed:
        subject = current_session().text(Message("assistant_products_cli.lint.of_installation"))
        rows = _installed(organization)
    else:
        subject = ", ".join(path.name for path in files)
        rows = _of_files(_contents(files))
    return report(subject, rows, everything=everything, as_json=as_json)


def _for_everybody(principal: "Principal") -> "Principal":
    """Return the operator with the right that they have on their own machine: to change what is everybody's."""
    from kis.identity import Permission

    return replace(principal, permissions=principal.permissions | {Permission.INSTALLATION_OPERATE})


def _contents(files: Sequence[Path]) -> list[tuple[str, Content]]:
    """Return the names of files with what reads each when its turn comes. Raises BadInput with every one that cannot be read."""
    if len(files) > MOST_FILES:
        many = Message("assistant_products_cli.many", {"most": MOST_FILES})
        raise BadInput("assistant", [Problem("FILE", many)])
    problems, contents = [], []
    for path in files:
        try:
            contents.append((path.name, _content_of(path)))
        except OSError as error:
            problems.append(_unreadable(path, error))
    if problems:
        raise BadInput("assistant", problems)
    return contents


def _content_of(path: Path) -> Content:
    """Return what reads a file. Raises OSError where that would be in vain."""
    from kis.assistant import catalog_content

    def content() -> bytes:
        try:
            return catalog_content(path)
        except OSError as error:  # it was there when the command began
            raise BadInput("assistant", [_unreadable(path, error)]) from error

    if path.is_file():
        path.open("rb").close()
        return content
    path.stat()
    return cache(content)  # a pipe is read once


def _unreadable(path: Path, error: OSError) -> Problem:
    return Problem(str(path), Message("assistant_products_cli.unreadable", {"reason": error.strerror or "?"}))


def _of_files(files: Sequence[tuple[str, Content]]) -> list[LintRow]:
    from kis.assistant import lint_files

    rows = []
    for linted in lint_files(files):
        rows += [LintRow("error", problem.path, problem.message) for problem in linted.problems]
        rows += [
            LintRow(each.severity.value, f"{linted.name}:{each.line} {each.pointer}", each.message)
            for each in linted.findings
        ]
    return rows


def _installed(organization: str | None) -> list[LintRow]:
    found: list[ProductFinding] = []

    async def work(application: "Application", principal: "Principal", _tell: Tell) -> dict[str, Any]:
        found.extend(await application.products.lint(_for_everybody(principal)))
        return {}

    with_application(organization, work, Message("assistant_products_cli.lint.looking"))
    return [LintRow(each.severity.value, each.product_id, each.message) for each in found]


def _refused(name: str, refused: KisError) -> dict[str, Any]:
    problems = refused.problems if isinstance(refused, BadInput) else (Problem(name, refused.message),)
    text = current_session().text
    return {
        "name": name,
        "status": "refused",
        "problems": [{"path": each.path, "message": text(each.message)} for each in problems],
    }


def _taken_in(done: "CatalogReport") -> dict[str, Any]:
    text = current_session().text
    return {
        "name": done.name,
        "status": "done",
        "sha256": done.sha256,
        "brands": list(done.brands),
        "added": done.added,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "removed": done.removed,
        "import": None if done.import_id is None else str(done.import_id),
        "findings": [
            {
                "severity": each.severity.value,
                "rule": each.rule,
                "line": each.line,
                "pointer": each.pointer,
                "product": each.product_id,
                "message": text(each.message),
            }
            for each in done.findings
        ],
    }


def _show(told: dict[str, Any]) -> None:
    counts = ("added", "changed", "unchanged", "removed")
    names = ("file", "brand", *counts, "findings")
    rows = table(
        *(Message(f"assistant_products_cli.column.{name}") for name in names), numeric=(2, 3, 4, 5, 6)
    )
    for each in told["files"]:
        if each["status"] == "done":
            numbers = [f"{each[name]:,}" for name in counts]
            rows.add_row(each["name"], ", ".join(each["brands"]), *numbers, f"{len(each['findings']):,}")
    if rows.row_count:
        console().print(rows)
    for each in told["files"]:
        _show_lines(each)
    if told["dryRun"]:
        say(Message("knowledge_files_cli.import.was_dry"))


def _show_lines(file: dict[str, Any]) -> None:
    """Tell of each line of a file what is wrong with it, the worst first."""
    if file["status"] == "refused":
        say(Message("assistant_products_cli.import.refused", {"name": file["name"]}))
        lines = [f"  {each['path']}: {each['message']}" for each in file["problems"]]
    else:
        order = ("error", "warning")  # what is for information is counted
        lines = [
            f"{file['name']}:{each['line']} {each['pointer']}: {each['message']}"
            for severity in order
            for each in file["findings"]
            if each["severity"] == severity
        ]
    for line in lines[:MOST_SHOWN]:
        click.echo(line)
    if len(lines) > MOST_SHOWN:
        say(Message("assistant_products_cli.import.more", {"count": len(lines) - MOST_SHOWN}))
