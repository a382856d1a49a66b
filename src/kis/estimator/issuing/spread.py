"""Spreading pieces of work that do not need each other; the engine itself starts no process, a face may hand in a pool's ``map``."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


class Spread(Protocol):
    """Does ``work`` for each thing given and hands back what it made, in their order. ``work`` is a function of a module, so that it can travel."""

    def __call__(self, work: Callable[[Given], Made], given: Iterable[Given], /) -> Iterable[Made]:
        """Return what ``work`` made of each."""
        ...


def here(work: Callable[[Given], Made], given: Iterable[Given], /) -> Iterable[Made]:
    """Do the work in this process, one thing after the other, each when it is asked for."""
    return map(work, given)
