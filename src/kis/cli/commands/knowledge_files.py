"""``kis knowledge import`` and ``export``: articles in and out as files, by the operator of this machine.

The installation is joined where it runs, and started for the command where it does not. The work is a job like any other: the running installation's
worker does it, or this process where no worker takes it up.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import click
import orjson

from kis.cli.commands.installed import data_option, installed_database, require_schema
from kis.cli.declare import argument, command, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import console, print_json, progress, say, table
from kis.cli.session import current_session
from kis.platform.errors import BadInput, NotFound, Problem, UnsupportedMedia
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.application import Application
    from kis.identity import Principal
    from kis.knowledge import Files, Run

FORMS = ("csv", "json", "markdown", "html", "docx", "pdf")
PATIENCE_SECONDS = 3.0
"""So long a running installation's worker has to take the job up."""
POLL_SECONDS = 0.3
MOST_ORGANIZATIONS = 200
MOST_SHOWN = 20
"""Problems, on the screen: the report has all."""

Tell = Callable[[Message], None]


@command("import", help_key="knowledge_files_cli.import.help")
@argument("path", type=click.Path(path_type=Path, exists=False), help_key="knowledge_files_cli.import.path")
@option("--publish", is_flag=True, help_key="knowledge_files_cli.import.publish")
@option("--dry-run", "is_dry", is_flag=True, help_key="knowledge_files_cli.import.dry_run")
@option("--category", metavar="SLUG", help_key="knowledge_files_cli.import.category")
@option("--language", type=click.Choice(("ko", "en")), help_key="knowledge_files_cli.import.language")
@option("--keep", is_flag=True, help_key="knowledge_files_cli.import.keep")
@option("--organization", metavar="CODE", help_key="knowledge_files_cli.organization")
@option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help_key="knowledge_files_cli.import.report"
)
@data_option
@json_option
def import_articles(  # noqa: PLR0913 - the options of the command
    *,
    path: Path,
    publish: bool,
    is_dry: bool,
    category: str | None,
    language: str | None,
    keep: bool,
    organization: str | None,
    report: Path | None,
    as_json: bool,
) -> int:
    """Import a file or a folder of articles and show what became of each row."""
    from kis.knowledge import Conflict, ImportOptions, packed
    from kis.search import Language

    name, data = packed(path)
    given = ImportOptions(
        publish=publish,
        category=category,
        language=None if language is None else Language(language),
        conflict=Conflict.SKIP if keep else Conflict.UPDATE,
        is_dry=is_dry,
    )

    async def work(application: "Application", principal: "Principal", tell: Tell) -> dict[str, Any]:
        files = application.knowledge.files
        owner = await _administrator(application, principal)
        try:
            run_id = await files.start_import(principal, name, data, replace(given, owner=owner))
        except UnsupportedMedia as error:  # here it is a wrong argument like any other
            raise BadInput("import", [Problem(str(path), error.message)]) from error
        await _followed(application, files, principal, run_id, tell)
        return await _reported(files, principal, run_id, report)

    told = with_application(organization, work, Message("knowledge_files_cli.import.reading"))
    if as_json:
        print_json(told)
    else:
        _show(told)
    return DONE if told["status"] == "done" and not told["outcomes"].get("failed") else GATE_FAILS


@command("export", help_key="knowledge_files_cli.export.help")
@argument("file", type=click.Path(path_type=Path, dir_okay=False), help_key="knowledge_files_cli.export.file")
@option("--form", type=click.Choice(FORMS), help_key="knowledge_files_cli.export.form")
@option("--slug", "slugs", multiple=True, metavar="SLUG", help_key="knowledge_files_cli.export.slug")
@option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(("ko", "en")),
    help_key="knowledge_files_cli.export.language",
)
@option("--published", is_flag=True, help_key="knowledge_files_cli.export.published")
@option("--organization", metavar="CODE", help_key="knowledge_files_cli.organization")
@data_option
@json_option
def export_articles(
    *,
    file: Path,
    form: str | None,
    slugs: tuple[str, ...],
    languages: tuple[str, ...],
    published: bool,
    organization: str | None,
    as_json: bool,
) -> int:
    """Write articles into a file; its ending says in which form unless that is named."""
    from kis.knowledge import ExportForm, Wanted
    from kis.search import Language

    chosen = ExportForm(_form(file, form))
    wanted = Wanted(slugs=slugs, languages=tuple(map(Language, languages)), published=published)

    async def work(application: "Application", principal: "Principal", _tell: Tell) -> dict[str, Any]:
        handed = await application.knowledge.files.export(principal, chosen, wanted)
        size = 0
        with file.open("wb") as output:
            async for piece in handed.pieces:
                size += output.write(piece)
        return {"path": str(file), "articles": handed.articles, "bytes": size, "name": handed.name}

    told = with_application(organization, work, Message("knowledge_files_cli.export.writing"))
    if as_json:
        print_json(told)
    else:
        say(Message("knowledge_files_cli.export.done", told))
    return DONE


def _form(file: Path, form: str | None) -> str:
    ending = {"zip": "markdown", "htm": "html"}.get(file.suffix[1:].lower(), file.suffix[1:].lower())
    chosen = form or ending
    if chosen not in FORMS:
        told = Message("knowledge_files_cli.export.no_form", {"forms": ", ".join(FORMS)})
        raise BadInput("export", [Problem("FILE", told)])
    return chosen


def with_application(organization: str | None, work: Any, first: Message) -> dict[str, Any]:
    """Do ``work`` over the services of the installation, as its operator."""
    from kis.platform.telemetry import configure_logs

    configure_logs(
        "WARNING"
    )  # what a worker says of its jobs is for its log; here it would stand between the answer
    with installed_database() as (settings, urls):
        require_schema(urls.owner)

        async def done() -> dict[str, Any]:
            async with _opened(settings, urls.app) as application:
                principal = await _operator(application, organization)
                with progress(first) as tell:
                    told: dict[str, Any] = await work(application, principal, tell)
                    return told

        return asyncio.run(done())


@asynccontextmanager
async def _opened(settings: Any, url: str) -> "AsyncIterator[Application]":
    from pydantic import SecretStr

    from kis.application import open_application

    reached = replace(settings, database=settings.database.model_copy(update={"url": SecretStr(url)}))
    async with open_application(reached, name="kis-knowledge") as application:
        await application.storage.ensure()
        yield application


async def _operator(application: "Application", code: str | None) -> "Principal":
    """Return the operator of this machine in the organisation of that code, or in the first one that was made."""
    from kis.identity import ROLE_PERMISSIONS, Permission, Principal, Role, Via

    nobody = Principal(
        organization_id=uuid4(),
        role=Role.ADMIN,
        permissions=frozenset({Permission.ORGANIZATION_READ, Permission.INSTALLATION_OPERATE}),
        via=Via.LOCAL,
    )
    found, _ = await application.identity.organizations.list(nobody, offset=0, limit=MOST_ORGANIZATIONS)
    fitting = [one for one in found if code is None or one.code == code.upper()]
    if not fitting:
        codes = ", ".join(one.code for one in found) or "-"
        raise NotFound(Message("knowledge_files_cli.no_organization", {"code": code or "-", "codes": codes}))
    chosen = min(fitting, key=lambda one: one.created_at)
    return replace(
        nobody,
        organization_id=chosen.id,
        permissions=ROLE_PERMISSIONS[Role.ADMIN],
        name="operator",
        address="local",
    )


async def _administrator(application: "Application", principal: "Principal") -> str | None:
    """Return who owns what is imported: the first administrator of the organisation."""
    from kis.identity import Role

    members, _ = await application.identity.users.list(principal, offset=0, limit=MOST_ORGANIZATIONS)
    people = [member.user for member in members if member.role is Role.ADMIN]
    first = min(people, key=lambda person: person.created_at, default=None)
    return None if first is None else f"user:{first.id}"


async def _followed(
    application: "Application", files: "Files", principal: "Principal", run_id: UUID, tell: Tell
) -> None:
    """Wait until a run has ended, doing its job here where no worker takes it up, and tell how far it is."""
    from kis.knowledge import RunStatus

    here: asyncio.Task[object] | None = None
    waited = 0.0
    try:
        while True:
            run = await files.run(principal, run_id)
            if run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
                return
            tell(_how_far(run))
            if here is not None and here.done():
                here.result()
                here = None
            if here is None and run.status is RunStatus.QUEUED and waited >= PATIENCE_SECONDS:
                here = asyncio.create_task(_done_here(application, await files.job_of(principal, run_id)))
            await asyncio.sleep(POLL_SECONDS)
            waited += POLL_SECONDS
    finally:
        if here is not None:
            here.cancel()
            await asyncio.wait({here})


async def _done_here(application: "Application", job_id: UUID) -> object:
    from kis.knowledge import handlings
    from kis.platform.jobs import Executor

    handlers = handlings(application.knowledge_means)
    executor = Executor(application.database, application.hub, handlers, application.settings.jobs)
    return await executor.run_job(job_id)


def _how_far(run: "Run") -> Message:
    if not run.total:
        return Message("knowledge_files_cli.import.reading")
    return Message(
        "knowledge_files_cli.import.progress", {"done": run.done, "total": run.total, "failed": run.failed}
    )


async def _reported(
    files: "Files", principal: "Principal", run_id: UUID, path: Path | None
) -> dict[str, Any]:
    """Return the report, written into a file too where one is named."""
    from kis.knowledge import ReportForm

    whole = b"".join([piece async for piece in await files.report(principal, run_id, ReportForm.JSON)])
    if path is not None:
        form = ReportForm.CSV if path.suffix.lower() == ".csv" else ReportForm.JSON
        with path.open("wb") as output:
            async for piece in await files.report(principal, run_id, form):
                output.write(piece)
    told: dict[str, Any] = orjson.loads(whole)
    run = await files.run(principal, run_id)
    if run.error is not None:
        told["error"] = dict(run.error)
    return told


def _show(told: dict[str, Any]) -> None:
    locale = current_session().locale
    shown = table(
        Message("knowledge_files_cli.import.outcome"),
        Message("knowledge_files_cli.import.rows"),
        numeric=(1,),
    )
    for outcome in ("created", "updated", "unchanged", "skipped", "failed"):
        if count := told["outcomes"].get(outcome):
            word = Message(f"knowledge_files_cli.outcome.{outcome}").text(locale)
            shown.add_row(word, f"{count:,}")
    console().print(shown)
    if told["dryRun"]:
        say(Message("knowledge_files_cli.import.was_dry"))
    problems = [(row, problem) for row in told["rows"] for problem in row["problems"]]
    for row, problem in problems[:MOST_SHOWN]:
        click.echo(f"{problem['path'] or row['name']}: {problem['message'][locale]}")
    if len(problems) > MOST_SHOWN:
        say(Message("knowledge_files_cli.import.more", {"count": len(problems) - MOST_SHOWN}))
    if "error" in told:
        click.echo(told["error"]["message"][locale])
