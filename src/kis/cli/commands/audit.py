"""``kis audit``: whether the audit log is whole, and what is in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from kis.cli.commands.installed import data_option, installed_database, require_schema
from kis.cli.declare import argument, group, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import print_json, say
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.platform.audit import AuditForm, ChainReport, Head
    from kis.platform.database import Database

Answer = TypeVar("Answer")


@group("audit", help_key="audit_cli.help")
def audit() -> None:
    """Hold the commands over the audit log."""


@audit.command("verify", help_key="audit_cli.verify.help")
@option("--head", help_key="audit_cli.verify.head", metavar="N:SHA256")
@data_option
@json_option
def verify(*, head: str | None, as_json: bool) -> int:
    """Make every digest of the log again and compare."""
    from kis.platform.audit import verify_chain

    kept = _head(head)
    report = _with_database(lambda database: verify_chain(database, kept=kept))
    if as_json:
        print_json(_shape(report))
    else:
        _show(report)
    return DONE if report.is_sound else GATE_FAILS


@audit.command("export", help_key="audit_cli.export.help")
@argument("file", type=click.Path(path_type=Path, dir_okay=False), help_key="audit_cli.export.file")
@data_option
@json_option
def export(*, file: Path, as_json: bool) -> int:
    """Write the whole log into a file, JSON lines or a table by its name."""
    from kis.platform.audit import AuditForm

    try:
        form = AuditForm(file.suffix.removeprefix(".").lower())
    except ValueError:
        raise BadInput("audit", [Problem("FILE", Message("audit_cli.export.form"))]) from None
    count = _with_database(lambda database: _written(database, file, form))
    if as_json:
        print_json({"path": str(file), "entries": count})
    else:
        say(Message("audit_cli.export.done", {"path": file, "count": count}))
    return DONE


async def _written(database: "Database", file: Path, form: "AuditForm") -> int:
    from kis.platform.audit import BATCH, AuditQuery, batch, heading, lines

    count, after = 0, 0
    with file.open("wb") as output:
        output.write(heading(form))
        while True:
            async with database.service() as session:
                rows = await batch(session, AuditQuery(), after=after, organization_id=None)
            output.write(lines(rows, form))
            count += len(rows)
            if len(rows) < BATCH:
                return count
            after = rows[-1].sequence


def _head(given: str | None) -> "Head | None":
    from kis.platform.audit import Head

    if given is None:
        return None
    number, _, sha256 = given.partition(":")
    if not number.isdecimal() or len(sha256) != 64:
        raise BadInput("audit", [Problem("--head", Message("audit_cli.verify.head_form"))])
    return Head(int(number), sha256.lower())


def _with_database(work: Callable[["Database"], Awaitable[Answer]]) -> Answer:
    """Do ``work`` over the database of the installation, which is started for it where none runs."""
    with installed_database() as (_settings, urls):
        require_schema(urls.owner)

        async def done() -> Answer:
            async with _opened(urls.app) as database:
                return await work(database)

        return asyncio.run(done())


@asynccontextmanager
async def _opened(url: str) -> "AsyncIterator[Database]":
    from kis.platform.database import Database

    database = Database(url, pool_size=1, name="kis-audit")
    try:
        yield database
    finally:
        await database.close()


def _shape(report: "ChainReport") -> dict[str, object]:
    head = report.head
    return {
        "sound": report.is_sound,
        "entries": report.rows,
        "head": None if head is None else f"{head.sequence}:{head.sha256}",
        "faults": report.faults,
        "findings": [
            {"sequence": finding.sequence, "fault": finding.fault.value} for finding in report.findings
        ],
    }


def _show(report: "ChainReport") -> None:
    for finding in report.findings:
        fault = Message(f"audit.fault.{finding.fault.value}")
        say(Message("audit_cli.verify.finding", {"sequence": finding.sequence, "fault": fault}))
    result = "sound" if report.is_sound else "broken"
    say(Message(f"audit_cli.verify.{result}", {"count": report.rows, "faults": report.faults}))
    if report.head is not None:
        say(Message("audit_cli.verify.keep", {"head": f"{report.head.sequence}:{report.head.sha256}"}))
