"""What ``kis knowledge evaluate`` does: a PostgreSQL for this run alone, the engine of ``/v1/search`` over the passages, and everybody asked."""

import asyncio
import logging
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.platform.configuration import Settings
    from kis.platform.embedded import EmbeddedPostgres
    from kis.search.evaluation import Answer, Asked, Contestant, QuestionSet

SEARCH: Final = "search"
BASELINES: Final = ("whitespace_bm25", "ts_rank_cd")
ENGINES: Final = (SEARCH, *BASELINES)
TOLD_EVERY_SECONDS: Final = 0.5
READER: Final = "viewer"
"""As whom the questions are asked: somebody who reads and writes nothing."""
_ENTERABLE: Final = 0o711
"""PostgreSQL does not run as root, and its account must pass through the folder; nobody else sees what is in it."""

Tell = Callable[[Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a run."""

    answers: "list[Answer]"
    searches: tuple[str, ...]
    """The contestants that are no baselines."""
    seconds: float


def evaluated(
    question_set: "QuestionSet", asked: "Sequence[Asked]", engines: Sequence[str], *, tell: Tell
) -> Outcome:
    """Ask everybody everything. Nothing is left behind, also after an interrupt."""
    from kis.platform.processes import FEWEST_PIECES, spreading
    from kis.search.evaluation import answers, piece_count

    started = time.monotonic()
    found: list[Answer] = []
    tell(Message("knowledge_cli.progress.database"))
    with _own_database() as (server, settings):
        contestants, searches = _contestants(question_set, engines, server, settings, tell=tell)
        processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        pieces = piece_count(contestants, asked, processes=processes)
        is_divided = pieces > len(contestants)  # then each piece is far more work than starting a helper
        with spreading(
            max(pieces, FEWEST_PIECES),
            loads=("kis.search.evaluation",),
            processes=processes if is_divided else 1,
        ) as spread:
            tally = settings.application.data / "answered"
            with _told_how_far(tally, len(asked) * len(contestants), tell=tell):
                for some in answers(contestants, asked, processes=processes, spread=spread, tally=tally):
                    found += some
    return Outcome(answers=found, searches=searches, seconds=time.monotonic() - started)


@contextmanager
def _told_how_far(tally: Path, count: int, *, tell: Tell) -> Iterator[None]:
    """Tell every now and then how many questions are answered, in all processes together."""
    from kis.search.evaluation import counted

    done = threading.Event()

    def watch() -> None:
        while not done.wait(TOLD_EVERY_SECONDS):
            tell(Message("knowledge_cli.progress.asking", {"done": counted(tally), "count": count}))

    watching = threading.Thread(target=watch, name="progress", daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()


def _contestants(
    question_set: "QuestionSet",
    engines: Sequence[str],
    server: "EmbeddedPostgres",
    settings: "Settings",
    *,
    tell: Tell,
) -> "tuple[list[Contestant], tuple[str, ...]]":
    """Return who is asked, and which of them are searches; what they search in is there."""
    from kis.search.evaluation import TextSearchRank, WhitespaceBm25, indexed

    made: list[Contestant] = []
    searches: tuple[str, ...] = ()
    passages = question_set.passages
    if SEARCH in engines:
        tell(Message("knowledge_cli.progress.indexing", {"count": len(passages)}))
        search = asyncio.run(indexed(passages, settings, server.app_url, role=READER))
        made.append(search)
        searches = (search.name,)
    if "whitespace_bm25" in engines:
        made.append(WhitespaceBm25(passages=passages))
    if "ts_rank_cd" in engines:
        made.append(TextSearchRank(passages=passages, database_url=server.superuser_url))
    return made, searches


@contextmanager
def _own_database() -> "Iterator[tuple[EmbeddedPostgres, Settings]]":
    """Give a migrated PostgreSQL that lives for the block, with the settings of the installation except where its data is."""
    from pydantic import SecretStr

    from kis.migrations import push
    from kis.platform.configuration import load_settings
    from kis.platform.embedded import EmbeddedPostgres, Purpose

    # What an interrupt breaks off here is said by the program itself.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    with _told_to_stop():
        folder = Path(tempfile.mkdtemp(prefix="kis-evaluation-"))
        server = EmbeddedPostgres(folder, purpose=Purpose.COMMAND, is_durable=False)
        try:
            folder.chmod(_ENTERABLE)
            server.start()
            push(server.owner_url)
            given = load_settings()
            database = given.database.model_copy(update={"url": SecretStr(server.app_url)})
            application = given.application.model_copy(update={"data": folder})
            yield server, replace(given, database=database, application=application)
        finally:
            with _undisturbed():
                server.stop()
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Let whoever asks the program to stop be heard as an interrupt from the keyboard, so that it tidies up."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no second interrupt break off the tidying."""
    before = {
        number: signal.signal(number, signal.SIG_IGN)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
