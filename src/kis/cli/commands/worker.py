"""``kis worker``: do the jobs of an installation, apart from its API."""

from typing import Final

import click

from kis.cli.declare import command, option
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

CELERY: Final = "kis.worker.app:app"


@command("worker", help_key="cli.command.worker")
@option("--celery", "is_celery", is_flag=True, help_key="worker_cli.option.celery")
@option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help_key="worker_cli.option.processes",
)
def worker(*, is_celery: bool, processes: int) -> None:
    """Work until asked to stop, then end at once: a thread of a job that was broken off is not waited for."""
    from kis.platform.configuration import load_settings
    from kis.platform.telemetry import start_telemetry
    from kis.worker.process import leave, run
    from kis.worker.registry import installation_work

    if is_celery:
        leave(_carry(processes))
    if processes > 1:
        raise BadInput("worker", [Problem("--processes", Message("worker_cli.processes_of_celery"))])
    start_telemetry(load_settings(), service="kis-worker")
    leave(run(installation_work))


def _carry(processes: int) -> int:
    from kis.platform.configuration import load_settings
    from kis.worker import carrier
    from kis.worker.registry import installation_work

    if not load_settings().jobs.broker_url.get_secret_value():
        raise BadInput("environment", [Problem("BROKER_URL", Message("worker_cli.no_broker"))])
    from kis.worker.app import app

    return carrier.run(installation_work, app, application=CELERY, processes=processes)
