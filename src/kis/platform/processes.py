"""Helping processes: they do pieces of work that do not need each other while this process does the rest.

They change how long something takes and nothing else. This process works with them while it waits: what is wanted and not begun is done here, and so is
what a helper did not live to finish. Helpers are gone as soon as this process is, however it went.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import OrderedDict, deque
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
    """Give the way to spread work of so many pieces over ``processes`` of which this is one (None: as there are processors), or here where that is quicker.

    ``loads`` names the modules that the helpers load before they begin. A process that may have no children (Celery's are such) does all here.
    """
    wanted = min(_processors(), MOST_PROCESSES) if processes is None else min(processes, pieces)
    if pieces < FEWEST_PIECES or wanted < 2 or multiprocessing.current_process().daemon:
        yield here
        return
    # Not forked from this process, whose libraries have threads of their own; all helpers come from one server that has loaded what they need.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(loads))
    count = wanted - 1
    helpers = _Helpers(ProcessPoolExecutor(count, mp_context=context, initializer=_begin), count)
    threading.Thread(target=helpers.start, name="helpers", daemon=True).start()
    try:
        yield helpers.spread
    finally:
        helpers.dismiss()


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
    """None as long as nobody has it."""

    @property
    def is_done(self) -> bool:
        return self.future is not None and self.future.done()

    def done_here(self) -> "Future[Any]":
        done: Future[Any] = Future()
        try:
            done.set_result(self.work(self.given))
        except Exception as error:  # noqa: BLE001 - belongs to whoever asks for this piece, which may be later
            done.set_exception(error)
        return done


class _Helpers:
    """A pool of processes and the pieces that nobody has begun. Helpers get few at a time: what they have cannot be taken back."""

    def __init__(self, pool: ProcessPoolExecutor, count: int) -> None:
        self._pool = pool
        self._count = count
        # Entered again by one thread where a helper is done before it is asked to tell.
        self._lock = threading.RLock()
        self._waiting: OrderedDict[_Piece, None] = OrderedDict()
        self._handed_out = 0
        self._are_there = False
        self._is_dismissed = False

    def start(self) -> None:
        """Start the helpers, which takes a while, and let them begin. Where they cannot be started, all is done here."""
        # They inherit that they get no interrupt: this process decides what one means.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for _ in range(self._count):
                self._pool.submit(_ready)
        except (BrokenExecutor, OSError, EOFError):
            self._is_dismissed = True
        with self._lock:
            self._are_there = not self._is_dismissed
            self._hand_out()
        if not self._are_there:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def dismiss(self) -> None:
        """Let the helpers go; who still wants something is left to do it alone."""
        with self._lock:
            has_started, self._are_there, self._is_dismissed = self._are_there, False, True
        if has_started:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def spread(self, work: Callable[[Given], Made], given: Iterable[Given], /) -> Iterable[Made]:
        """Hand out a piece for each thing given and return the results as they are asked for."""
        pieces = deque(_Piece(work, one) for one in given)
        with self._lock:
            self._waiting.update(dict.fromkeys(pieces))
            self._hand_out()
        return self._results(pieces)

    def _hand_out(self) -> None:
        """Give the helpers as much as keeps them at work; called with the lock held."""
        while self._are_there and self._waiting and self._handed_out <= self._count:
            piece, _ = self._waiting.popitem(last=False)
            try:
                piece.future = self._pool.submit(piece.work, piece.given)
            except BrokenExecutor:
                self._are_there = False
            else:
                self._handed_out += 1
                piece.future.add_done_callback(self._came_back)

    def _came_back(self, future: "Future[Any]") -> None:
        # Where helpers are lost or let go the pool tells with a lock of its own held: nothing can be handed to it then.
        if future.cancelled() or isinstance(future.exception(), BrokenExecutor):
            return
        with self._lock:
            self._handed_out -= 1
            self._hand_out()

    def _results(self, pieces: deque[_Piece]) -> Iterator[Any]:
        try:
            while pieces:
                piece = pieces.popleft()
                if self._is_ours(piece):
                    piece.future = piece.done_here()
                while not piece.is_done and (another := self._last()) is not None:
                    another.future = another.done_here()
                yield _made(piece)
        finally:
            for piece in pieces:
                self._is_ours(piece)

    def _is_ours(self, piece: _Piece) -> bool:
        """Tell whether nobody has begun the piece; then nobody else will any more."""
        with self._lock:
            self._waiting.pop(piece, None)
            return piece.future is None

    def _last(self) -> _Piece | None:
        """Take the piece that a helper would come to last."""
        with self._lock:
            return self._waiting.popitem()[0] if self._waiting else None


def _made(piece: _Piece) -> Any:
    assert piece.future is not None, "somebody has it"
    try:
        return piece.future.result()
    except BrokenExecutor:
        return piece.done_here().result()


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
