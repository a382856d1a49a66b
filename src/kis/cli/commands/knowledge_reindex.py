"""``kis knowledge reindex``: all that is found, cut and indexed anew, by the operator of this machine.

The work is jobs like any other: the running installation's worker does them, or this process where no worker takes them up.
"""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from kis.cli.commands.installed import data_option
from kis.cli.commands.knowledge_files import PATIENCE_SECONDS, POLL_SECONDS, Tell, with_application
from kis.cli.declare import command, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import print_json, say
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.application import Application
    from kis.identity import Principal
    from kis.knowledge import Run

SOURCES = ("article", "quotation", "catalog_item")


@command("reindex", help_key="administration.reindex_cli.help")
@option("--source", type=click.Choice(SOURCES), help_key="administration.reindex_cli.source")
@option("--everywhere", is_flag=True, help_key="administration.reindex_cli.everywhere")
@option("--organization", metavar="CODE", help_key="knowledge_files_cli.organization")
@data_option
@json_option
def reindex_texts(*, source: str | None, everywhere: bool, organization: str | None, as_json: bool) -> int:
    """Index texts anew and show how far that is."""

    async def work(application: "Application", operator: "Principal", tell: Tell) -> dict[str, Any]:
        from kis.identity import Permission
        from kis.knowledge import Reindexing
        from kis.search import Source

        caller = replace(operator, permissions=operator.permissions | {Permission.INSTALLATION_OPERATE})
        asked = Reindexing(source=None if source is None else Source(source), everywhere=everywhere)
        run_id = await application.knowledge.reindex(caller, asked)
        return _shape(await _followed(application, caller, run_id, tell))

    told = with_application(organization, work, Message("administration.reindex_cli.begun"))
    if as_json:
        print_json(told)
    else:
        say(Message(f"administration.reindex_cli.{told['status']}", told))
    return DONE if told["status"] == "done" else GATE_FAILS


async def _followed(application: "Application", caller: "Principal", run_id: UUID, tell: Tell) -> "Run":
    """Wait until a run has ended, doing its jobs here where no worker takes them up, and tell how far it is."""
    from kis.knowledge import RunStatus

    unmoved = 0.0
    done = -1
    while True:
        run = await application.knowledge.reindexed(caller, run_id)
        if run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
            return run
        tell(Message("administration.reindex_cli.progress", {"done": run.done, "total": run.total}))
        unmoved = unmoved + POLL_SECONDS if run.done == done else 0.0
        done = run.done
        if unmoved >= PATIENCE_SECONDS:
            await _do_waiting(application, caller)
        await asyncio.sleep(POLL_SECONDS)


async def _do_waiting(application: "Application", caller: "Principal") -> None:
    """Do the jobs that nobody takes up, until none waits."""
    from kis.administration import JobChoice
    from kis.knowledge import REINDEX_JOB, handlings
    from kis.platform.jobs import Executor

    handlers = handlings(application.knowledge_means)
    executor = Executor(application.database, application.hub, handlers, application.settings.jobs)
    waiting = JobChoice(kind=REINDEX_JOB, status="queued")
    while True:
        jobs, _ = await application.administration.jobs.page(caller, waiting, offset=0, limit=1)
        if not jobs:
            return
        await executor.run_job(jobs[0].id)


def _shape(run: "Run") -> dict[str, Any]:
    return {
        "run_id": str(run.id),
        "source": run.name or None,
        "status": run.status.value,
        "total": run.total,
        "done": run.done,
        "error": None if run.error is None else dict(run.error),
    }
