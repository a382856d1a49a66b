"""Helping processes: they do pieces of work that do not need each other while this process does the rest.

They change how long something takes and nothing else. What is wanted before they have started is done here; so is what a helper did not live to
finish. They are gone as soon as this process is, however it went.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from kis.platform.spread import Spread, here

FEWEST_PIECES: Final = 4
"""Starting helpers takes about as long as three panels of a quotation; fewer pieces are done without them."""
MOST_PROCESSES: Final = 8
"""Of those that are started because there are processors for them; who names a number gets it."""
_RARELY: Final = (100_000, 50, 50)

Given = TypeVar("Given")
Made = TypeVar("Made")


@contextmanager
def spreading(pieces: int, *, loads: Sequence[str], processes: int | None = None) -> Iterator[Spread]:
    """Give the way to spread work of so many pieces: over as many ``processes`` (None: as there are processors), or here where that is quicker.

    ``loads`` names the modules that the helpers load before they begin. A process that may have no children (Celery's are such) does all here.
    """
    wanted = min(_processors(), MOST_PROCESSES) if processes is None else min(processes, pieces)
    if pieces < FEWEST_PIECES or wanted < 2 or multiprocessing.current_process().daemon:
        yield here
        return
    # Not forked from this process, whose libraries have threads of their own; all helpers come from one server that has loaded what they need.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(loads))
    with ProcessPoolExecutor(wanted, mp_context=context, initializer=_begin) as pool:
        helpers = _Helpers(pool)
        starting = threading.Thread(target=helpers.start, args=(wanted,), name="helpers", daemon=True)
        starting.start()
        try:
            yield helpers.spread
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        starting.join()


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the collector of cyclic garbage run rarely: a quotation holds a million small things for its whole life and leaves no cycles behind."""
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass(slots=True, eq=False)
class _Piece:
    work: Callable[[Any], Any]
    given: Any
    future: "Future[Any] | None" = None
    """Of a helper, once the piece was handed to one."""

    def done_here(self) -> Any:
        return self.work(self.given)


class _Helpers:
    """A pool of processes and the pieces that wait for its start."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._waiting: dict[_Piece, None] = {}
        self._has_started = False

    def start(self, processes: int) -> None:
        """Start the helpers, which takes a while, and hand them what has not been done meanwhile. Where they cannot be started, all is done here."""
        # They inherit that they get no interrupt: this process decides what one means.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for _ in range(processes):
                self._pool.submit(_ready)
        except (
            RuntimeError,
            OSError,
            EOFError,
        ):  # broken, no longer wanted, or the system has no more processes
            return
        with self._lock:
            self._has_started = True
            for piece in self._waiting:
                self._hand_out(piece)
            self._waiting.clear()

    def spread(self, work: Callable[[Given], Made], given: Iterable[Given], /) -> Iterable[Made]:
        """Hand out a piece for each thing given and return the results as they are asked for."""
        pieces = deque(_Piece(work, one) for one in given)
        with self._lock:
            if self._has_started:
                for piece in pieces:
                    self._hand_out(piece)
            else:
                self._waiting.update(dict.fromkeys(pieces))
        return self._results(pieces)

    def _hand_out(self, piece: _Piece) -> None:
        try:
            piece.future = self._pool.submit(piece.work, piece.given)
        except BrokenExecutor:
            piece.future = None

    def _results(self, pieces: deque[_Piece]) -> Iterator[Any]:
        try:
            while pieces:
                yield self._result(pieces.popleft())
        finally:
            self._forget(pieces)

    def _result(self, piece: _Piece) -> Any:
        with self._lock:
            self._waiting.pop(piece, None)
        if piece.future is None:
            return piece.done_here()
        try:
            return piece.future.result()
        except BrokenExecutor:
            return piece.done_here()

    def _forget(self, pieces: Iterable[_Piece]) -> None:
        with self._lock:
            for piece in pieces:
                self._waiting.pop(piece, None)
                if piece.future is not None:
                    piece.future.cancel()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin() -> None:
    """Let the process that is helped decide what an interrupt means, work as it does, and end when it is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_served, daemon=True).start()
    gc.set_threshold(*_RARELY)


def _end_with_served() -> None:
    served = multiprocessing.parent_process()
    assert served is not None, "a helper was started by the process it helps"
    served.join()
    os._exit(1)


def _ready() -> None:
    """Do nothing: the first task starts a helper."""
