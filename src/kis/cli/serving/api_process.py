"""``python -m kis.cli.serving.api_process``: the API below ``kis up``.

Started beside the database, it loads what it needs, waits for the word ``go`` on standard input, prepares the installation and serves on the socket it was
given. When standard input ends, its supervisor is gone, and it stops.
"""

import argparse
import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kis.cli.serving.reports import READY, Reporter
from kis.platform.configuration import Settings, load_settings

if TYPE_CHECKING:
    from kis.application import Application

GO = b"go\n"


@dataclass(frozen=True, slots=True)
class Given:
    """What the supervisor hands over."""

    report: int
    listening: int
    administrator: str
    demo: bool
    again: bool
    """The installation was prepared by the process before."""


def main(argv: Sequence[str] | None = None) -> int:
    """Prepare and serve until told to stop; return the exit code."""
    given = _given(argv)
    reporter = Reporter(given.report)
    try:
        settings = load_settings()
        _load()
        if not _told_to_go():
            return 0
        return _run(settings, given, reporter)
    except Exception as error:  # told to whoever waits for the start; the traceback goes to the log
        reporter.failed(error)
        raise


def _given(argv: Sequence[str] | None) -> Given:
    parser = argparse.ArgumentParser(prog="kis.cli.serving.api_process")
    parser.add_argument("--report", type=int, required=True)
    parser.add_argument("--listening", type=int, required=True)
    parser.add_argument("--administrator", required=True)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--again", action="store_true")
    return Given(**vars(parser.parse_args(argv)))


def _load() -> None:
    """Load the libraries while the database starts, without looking for garbage in between: what is loaded stays."""
    gc.disable()
    import uvloop

    import kis.api
    import kis.application
    import kis.migrations

    assert kis.api
    assert kis.application
    assert kis.migrations
    assert uvloop


def _told_to_go() -> bool:
    word = b""
    while not word.endswith(b"\n"):
        part = os.read(0, 1)
        if not part:
            return False
        word += part
    return word == GO


def _run(settings: Settings, given: Given, reporter: Reporter) -> int:
    import uvloop

    from kis.cli.serving.preparing import prepare_schema
    from kis.platform.telemetry import start_telemetry, stop_telemetry

    start_telemetry(settings)
    try:
        if not given.again:
            prepare_schema(settings, reporter)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(settings, given, reporter))
    finally:
        stop_telemetry()
    return 0


async def _serve(settings: Settings, given: Given, reporter: Reporter) -> None:
    from kis.api import ApiServer, create_app
    from kis.application import open_application
    from kis.cli.serving.preparing import prepare_contents
    from kis.platform.collecting import short_collections
    from kis.platform.parent import when_input_closes
    from kis.worker import ending

    async with open_application(settings, name="kis-api") as application:
        if not given.again:
            await prepare_contents(application, reporter, administrator=given.administrator, demo=given.demo)
        server = ApiServer(
            create_app(application),
            settings,
            ready=lambda url: _ready(application, reporter, url),
            owns_signals=False,
        )

        def stop() -> None:
            ending.end_in_any_case(settings.application.stop_timeout_seconds + ending.GRACE_SECONDS)
            server.stop()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        when_input_closes(lambda: loop.call_soon_threadsafe(stop))
        async with short_collections():
            await server.serve([socket.socket(fileno=given.listening)])


def _ready(application: "Application", reporter: Reporter, url: str) -> None:
    gc.collect()
    gc.freeze()
    gc.enable()
    reporter.tell(READY, url=url)
    application.assistant.warm()


if __name__ == "__main__":
    sys.exit(main())
