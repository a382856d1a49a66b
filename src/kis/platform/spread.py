"""Spreading pieces of work that do not need each other; who has such work starts no process itself, it may be handed helpers that do it."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


class Spread(Protocol):
    """Does ``work`` for each thing given and hands back what it made, in their order. ``work`` is a function of a module, or what else can travel."""

    def __call__(self, work: Callable[[Given], Made], given: Iterable[Given], /) -> Iterable[Made]:
        """Return what ``work`` made of each."""
        ...


def here(work: Callable[[Given], Made], given: Iterable[Given], /) -> Iterable[Made]:
    """Do the work in this process, one thing after the other, each when it is asked for."""
    return map(work, given)
