"""The process that keeps the others running: starts them in order, starts again what ends, ends all in order."""

import heapq
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any, Final

import structlog

from kis.cli.serving.child import Backoff, Child
from kis.cli.serving.first_asked import FirstAsked
from kis.cli.serving.options import ServingOptions, workers_beside
from kis.cli.serving.reports import DEMO, FAILED, LINK, PROGRESS, READY, Report, StartFailed, read_reports
from kis.cli.serving.sockets import address_of, listening_sockets
from kis.platform.configuration import Settings
from kis.platform.embedded import Claim, EmbeddedPostgres, Purpose, claim, running_instance
from kis.platform.errors import KisError
from kis.platform.local_sockets import Listening, awake_path, socket_path
from kis.platform.messages import LOCALES, Message
from kis.platform.telemetry import share_metrics

RESERVED_SECONDS: Final = 4.0
"""Of the time to stop: for the database, after the processes that use it."""
LEAST_STOP_SECONDS: Final = 2.0
COMMAND_PATIENCE_SECONDS: Final = 60.0
"""For a command that has the data folder for its own time."""
CLAIM_PATIENCE_SECONDS: Final = 0.5
AGAIN: Final = 75
"""Exit code of a worker that asks to be started anew at once."""
NOT_INSTALLED: Final = 69
"""Exit code of an analyzer that has nothing to analyze with."""
LARGEST_LOG_BYTES: Final = 10 * 2**20
_GO: Final = b"go\n"
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Tell = Callable[[Message], None]
Act = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What is up."""

    url: str
    data: Path
    api_processes: int
    workers: int
    seconds: float
    link: dict[str, str] | None = field(default=None, repr=False)
    """The first administrator's one-time link, while nobody has logged in."""
    demo: dict[str, Any] | None = field(default=None, repr=False)
    logs: Path | None = None
    """Where the processes log to; None where they share this process's standard error."""


class _AskedToStop(Exception):
    """Somebody wants the end."""


class Supervisor:
    """One run of ``kis up``.

    Everything happens in one thread, which takes acts from a queue: signals, ended processes, reports and due restarts only put them there.
    """

    def __init__(self, settings: Settings, options: ServingOptions, *, tell: Tell) -> None:
        self._settings = settings
        self._tell = tell
        self._data = settings.application.data
        self._logs = self._data / "logs" if sys.stderr.isatty() else None
        self._log = structlog.get_logger()
        self._acts: SimpleQueue[Act] = SimpleQueue()
        self._due: list[tuple[float, int, Act]] = []
        self._numbers = count()
        self._began = time.monotonic()
        self._is_blocked = True
        """While something is waited for that takes no acts: a signal must break it off."""
        self._is_stopping = False
        demo = ("--demo",) if options.demo else ()
        words = (*_module("kis.cli.serving.api_process"), "--administrator", options.administrator, *demo)
        names = ["api", *(f"api-{number}" for number in range(2, settings.application.processes + 1))]
        self._apis = [Child(name, words, log=self._log_of("api")) for name in names]
        self._workers = [
            Child(f"worker-{number}", _module("kis.worker"), log=self._log_of("worker"))
            for number in range(1, workers_beside(settings.jobs) + 1)
        ]
        self._analyzers = self._analyzers_wanted()
        self._asked: FirstAsked | None = None
        self._database: EmbeddedPostgres | None = None
        self._database_started = 0.0
        self._database_backoff = Backoff()
        self._held: Claim | None = None
        self._listening: Sequence[socket.socket] = ()
        self._environment: dict[str, str] = {}
        self._url = ""
        self._told: dict[str, dict[str, Any]] = {}
        self._is_up = False
        self._ready: Callable[[Started], None] | None = None

    def run(self, ready: Callable[[Started], None]) -> None:
        """Run until asked to stop; ``ready`` is called once, when all is up. Raises what keeps it from starting; then nothing is left running."""
        self._ready = ready
        application = self._settings.application
        with ExitStack() as held, self._signals():
            self._held = held.enter_context(self._claim())
            self._listening = listening_sockets(application.host, application.port, application.processes)
            for each in self._listening:
                held.enter_context(each)
            self._prepare_environment(self._listening[0])
            held.callback(self._stop)
            self._start_api(self._first_api)
            self._start_database()
            self._is_blocked = False
            self._go()
            self._take_acts()

    def _claim(self) -> AbstractContextManager[Claim]:
        holder = running_instance(self._data)
        by_command = holder is not None and holder.purpose is Purpose.COMMAND
        patience = COMMAND_PATIENCE_SECONDS if by_command else CLAIM_PATIENCE_SECONDS
        return claim(self._data, Purpose.SERVICE, patience_seconds=patience)

    def _prepare_environment(self, listening: socket.socket) -> None:
        """Children read what was decided here: the data folder, the real port, and a time to stop that leaves some to the supervisor."""
        application = self._settings.application
        port, self._url = address_of(listening, application.host)
        self._environment = {
            **os.environ,
            **share_metrics(self._data / "metrics"),
            "KIS_HOME": str(self._data),
            "APP_HOST": application.host,
            "APP_PORT": str(port),
            "PUBLIC_URL": application.public_url or self._url,
            "STOP_TIMEOUT_SECONDS": str(max(1.0, self._stop_seconds - LEAST_STOP_SECONDS)),
            **({"SEARCH_MORPHEMES": "shared"} if self._analyzers else {}),
        }

    @property
    def _stop_seconds(self) -> float:
        """Return the time the children have to stop."""
        return max(LEAST_STOP_SECONDS, self._settings.application.stop_timeout_seconds - RESERVED_SECONDS)

    def _start_database(self) -> None:
        if self._settings.database.url.get_secret_value():
            return
        self._database = EmbeddedPostgres(self._data)
        self._database.start(tell=self._tell, held=self._held)
        self._watch_database(self._database)

    def _watch_database(self, database: EmbeddedPostgres) -> None:
        self._database_started = time.monotonic()

        def watch() -> None:
            database.wait()
            self._acts.put(self._database_ended)

        threading.Thread(target=watch, name="up.database", daemon=True).start()

    @property
    def _first_api(self) -> Child:
        """Return the API's process that prepares the installation; others come when it serves."""
        return self._apis[0]

    def _start_api(self, child: Child, *, again: bool = False) -> None:
        """Start a process of the API; it waits for the word to go. ``again``: it serves at once, for a second first login would undo the one told."""
        reading, writing = os.pipe()
        listening = self._listening[self._apis.index(child) % len(self._listening)].fileno()
        try:
            child.start(
                self._child_ended,
                environment=self._environment,
                passes=(writing, listening),
                more=(
                    *("--report", str(writing), "--listening", str(listening)),
                    *(("--again",) if again else ()),
                ),
            )
        finally:
            os.close(writing)
        read_reports(reading, lambda report: self._acts.put(lambda: self._take_report(report)))

    def _go(self) -> None:
        self._tell(Message("up_cli.progress.preparing"))
        self._first_api.write(_GO)

    def _analyzers_wanted(self) -> tuple[Child, ...]:
        """Return the one process that takes Korean words apart for all others; nothing where each does that itself, or none."""
        if self._settings.search.morphemes not in {"auto", "shared"}:
            return ()
        level = self._settings.telemetry.log_level
        words = (*_module("kis.search.tokens.process"), "--data", str(self._data), "--log-level", level)
        return (Child("analyzer", words, log=self._log_of("analyzer")),)

    def _listen_for_analyzer(self) -> None:
        """Start the analyzer when somebody first comes for it: it needs some 0.4 GB, and many an installation is never searched."""
        if not self._analyzers:
            return
        if self._asked is None:
            try:
                self._asked = FirstAsked(Listening(socket_path(self._data)))
            except OSError as error:
                self._log.warning("up.no_analyzer", error=str(error))
                return
        awake_path(socket_path(self._data)).unlink(missing_ok=True)  # of one that was killed
        self._asked.wait(lambda: self._acts.put(self._start_analyzer))

    def _start_analyzer(self) -> None:
        assert self._asked is not None
        for child in self._analyzers:
            child.start(
                self._child_ended,
                environment=self._environment,
                passes=(self._asked.descriptor,),
                more=("--listening", str(self._asked.descriptor)),
            )

    def _start_api_again(self, child: Child) -> None:
        """Start a process of the API for an installation that is prepared."""
        self._start_api(child, again=True)
        child.write(_GO)

    def _start_beside(self, child: Child) -> None:
        """Start a process that nobody waits for."""
        child.start(self._child_ended, environment=self._environment)

    def _child_ended(self, child: Child, code: int) -> None:
        """Note it; called in a thread."""
        self._acts.put(lambda: self._fill_again(child, code))

    def _take_acts(self) -> None:
        while True:
            wait_seconds = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
            try:
                act = self._acts.get(timeout=wait_seconds)
            except Empty:
                act = heapq.heappop(self._due)[2]
            try:
                act()
            except _AskedToStop:
                return

    def _later(self, seconds: float, act: Act) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), act))

    def _take_report(self, report: Report) -> None:
        if report.kind == PROGRESS:
            self._tell(Message(str(report.facts["key"])))
        elif report.kind in {LINK, DEMO}:
            self._told[report.kind] = dict(report.facts)
        elif report.kind == FAILED and not self._is_up:
            raise StartFailed(str(report.facts["code"]), report.facts["texts"])
        elif report.kind == READY and not self._is_up:
            self._serve()

    def _serve(self) -> None:
        """The API answers for the first time: let the workers begin, and tell."""
        self._is_up = True
        for child in self._apis[1:]:
            self._start_api_again(child)
        for child in self._workers:
            self._start_beside(child)
        self._listen_for_analyzer()
        assert self._held is not None
        assert self._ready is not None
        self._held.tell(url=self._url)
        self._log.info(
            "up.ready",
            url=self._url,
            api_processes=len(self._apis),
            workers=len(self._workers),
            analyzers=len(self._analyzers),
            data=str(self._data),
        )
        started = Started(
            url=self._url,
            data=self._data,
            api_processes=len(self._apis),
            workers=len(self._workers),
            seconds=time.monotonic() - self._began,
            link=self._told.get(LINK),
            demo=self._told.get(DEMO),
            logs=self._logs,
        )
        self._ready(started)

    def _fill_again(self, child: Child, code: int) -> None:
        """Start a process that ended again, after a pause; one that never served is not tried twice."""
        if child is self._first_api and not self._is_up:
            # What it had to say is read first: the pipe was closed before the end was seen.
            texts: dict[str, str] = {
                locale: Message("up_cli.ended_early", {"code": code}).text(locale) for locale in LOCALES
            }
            self._later(0.2, lambda: _raise(StartFailed("ended_early", texts)))
            return
        if child in self._analyzers and code == NOT_INSTALLED:
            return  # it has said so, and another would say the same
        pause_seconds = 0.0 if code == AGAIN else child.pause_seconds
        self._log.warning("up.child_ended", child=child.name, code=code, again_in_seconds=pause_seconds)
        self._later(pause_seconds, lambda: self._start_again(child))

    def _start_again(self, child: Child) -> None:
        if child in self._apis:
            self._start_api_again(child)
        elif child in self._analyzers:
            self._listen_for_analyzer()
        else:
            self._start_beside(child)

    def _database_ended(self) -> None:
        """The server's process is gone: start it again in a thread, for its recovery may take long."""
        pause_seconds = self._database_backoff.pause(time.monotonic() - self._database_started)
        self._log.warning("up.database_ended", again_in_seconds=pause_seconds)
        self._later(pause_seconds, self._recover_database)

    def _recover_database(self) -> None:
        database = self._database
        assert database is not None

        def recover() -> None:
            try:
                database.recover()
            except KisError as error:
                if not self._is_stopping:
                    self._log.warning("up.database_not_recovered", reason=str(error))
            self._acts.put(lambda: self._watch_database(database))

        threading.Thread(target=recover, name="up.recovery", daemon=True).start()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        # What was started with nohup is to outlive its terminal.
        heard = [number for number in _SIGNALS if number is not signal.SIGHUP or not _is_ignored(number)]
        before = {number: signal.signal(number, self._hear) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        """Be asked to stop; asked again, stop at once."""
        if self._is_stopping:
            for child in (*self._apis, *self._workers, *self._analyzers):
                child.kill()
        elif self._is_blocked:
            raise KeyboardInterrupt
        else:
            self._acts.put(lambda: _raise(_AskedToStop()))

    def _stop(self) -> None:
        """End the processes, then the database they use."""
        self._is_stopping = True
        self._tell(Message("up_cli.progress.stopping"))
        deadline = time.monotonic() + self._stop_seconds
        for children in ((*self._apis, *self._workers), self._analyzers):
            for child in children:
                child.ask_to_end()
            for child in children:
                child.end(deadline)
        if self._asked is not None:
            self._asked.close()
        if self._database is not None:
            self._database.stop()
        self._log.info("up.stopped")

    def _log_of(self, name: str) -> Path | None:
        """Return the log of a kind of process where a terminal is not to be filled with it; the last one is kept beside it when it is large."""
        if self._logs is None:
            return None
        path = self._logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", name)


def _is_ignored(number: signal.Signals) -> bool:
    return signal.getsignal(number) is signal.SIG_IGN


def _raise(error: Exception) -> None:
    raise error
