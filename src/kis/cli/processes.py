"""Helping processes for long quotations: they draw while this one sets workbook and PDF.

A quotation of one panel is done before another process has started; only many panels are spread.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from kis.estimator import Spread

FEWEST_PANELS: Final = 4
"""Starting the helpers takes about as long as drawing three panels."""
MOST_PROCESSES: Final = 8
_WATCH_SECONDS: Final = 1.0
_RARELY: Final = (100_000, 50, 50)
_LOADED: Final = (
    "kis.estimator.documents.drawings.svg",
    "kis.estimator.documents.drawings.cad.document",
    "kis.estimator.documents.lint",
)
"""What the helpers load while the panels are being designed."""

Given = TypeVar("Given")
Made = TypeVar("Made")


@contextmanager
def spreading(panels: int) -> Iterator["Spread"]:
    """Give the way to spread the work of a quotation of so many panels: over all processors, or here where that is quicker."""
    from kis.estimator import here

    processes = min(_processors(), MOST_PROCESSES)
    if panels < FEWEST_PANELS or processes < 2:
        yield here
        return
    # Not forked from this process, whose libraries have threads of their own; all helpers come from one server that has loaded what they need.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_LOADED))
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_begin, initargs=(os.getpid(),)
    ) as pool:
        with _interrupts_held():
            for _ in range(processes):
                pool.submit(_ready)

        def spread(work: Callable[[Given], Made], given: Iterable[Given], /) -> Iterable[Made]:
            return pool.map(work, given)

        try:
            yield spread
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the collector of cyclic garbage run rarely: a quotation holds a million small things for its whole life and leaves no cycles behind."""
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold an interrupt back while helpers are started: what is half started can neither be used nor ended. They inherit that they get none."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(served: int) -> None:
    """Let the process ``served`` decide what an interrupt means, work as it does, and end when it is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(served,), daemon=True).start()
    gc.set_threshold(*_RARELY)


def _end_with(served: int) -> None:
    pause = threading.Event()
    while True:
        pause.wait(_WATCH_SECONDS)
        try:
            os.kill(served, 0)
        except ProcessLookupError:
            os._exit(1)


def _ready() -> None:
    """Do nothing: the first task starts a helper."""
