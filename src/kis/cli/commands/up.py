"""``kis up``: everything, started with one command."""

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from kis.cli.commands.one_time import login_command
from kis.cli.declare import command, json_option, option
from kis.cli.exit_codes import DONE
from kis.cli.output import progress, say, warn
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.cli.serving import Started


@command("up", help_key="up_cli.help")
@option("--host", help_key="up_cli.option.host")
@option("--port", type=click.IntRange(0, 65535), help_key="up_cli.option.port")
@option("--data", type=click.Path(path_type=Path, file_okay=False), help_key="up_cli.option.data")
@option("--api-processes", type=click.IntRange(1, 64), help_key="up_cli.option.api_processes")
@option("--workers", type=click.IntRange(0, 64), help_key="up_cli.option.workers")
@option("--demo", is_flag=True, help_key="up_cli.option.demo")
@option("--admin", "administrator", default="admin@localhost", help_key="up_cli.option.admin")
@json_option
def up(*, as_json: bool, **given: Any) -> int:
    """Start all, stay until asked to stop."""
    from kis.cli.serving import ServingOptions, Supervisor, serving_settings
    from kis.platform.telemetry import configure_logs

    options = ServingOptions(**given)
    settings = serving_settings(options)
    configure_logs("WARNING" if sys.stderr.isatty() else settings.telemetry.log_level)
    with _Watcher(as_json=as_json) as watcher:
        Supervisor(settings, options, tell=watcher.tell).run(watcher.ready)
    if not as_json:
        warn(Message("up_cli.stopped"))
    return DONE


class _Watcher:
    """What whoever called the command sees: one line while it starts, then how to reach it."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._starting = ExitStack()
        self._change = self._starting.enter_context(progress(Message("up_cli.progress.preparing")))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._starting.close()

    def tell(self, message: Message) -> None:
        """Show what is going on."""
        self._change(message)

    def ready(self, started: "Started") -> None:
        """Say where it answers and who may log in."""
        self._starting.close()
        self._change = _show_nothing if self._as_json else warn
        if self._as_json:
            click.echo(json.dumps(_facts(started), ensure_ascii=False))
        else:
            _say(started)
        sys.stdout.flush()


def _show_nothing(_message: Message) -> None:
    """Show nothing: standard error has the log."""


def _say(started: "Started") -> None:
    values = {"url": started.url, "seconds": started.seconds, "workers": started.workers}
    say(Message("up_cli.ready", values))
    say(Message("up_cli.data", {"data": started.data}))
    if started.logs:
        say(Message("up_cli.logs", {"logs": started.logs}))
    if started.link:
        values = {
            "email": started.link["email"],
            "command": login_command(started.url, started.link["token"]),
        }
        say(Message("up_cli.link", values))
    if started.demo:
        say(Message("up_cli.demo", {"password": started.demo["password"]}))
        for role, email in started.demo["people"]:
            click.echo(f"  {role:<10} {email}")
    click.echo()
    say(Message("up_cli.stop_hint"))


def _facts(started: "Started") -> dict[str, Any]:
    return {
        "status": "ready",
        "url": started.url,
        "data": str(started.data),
        "api_processes": started.api_processes,
        "workers": started.workers,
        "seconds": round(started.seconds, 3),
        "pid": os.getpid(),
        "link": started.link,
        "demo": started.demo,
    }
