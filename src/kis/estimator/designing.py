"""Designing the panels of a quotation, here or in other processes.

A library is not sent as it is (its rules are not made for it, and they are many): another process gets the very bytes it was read from, opens them once,
and sends back what it made of each panel. Designs do not depend on where they were made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from kis.estimator.library import Library, library_from_files
from kis.estimator.pipeline import Job, PanelState, Timer, run
from kis.estimator.pricing.line import LineMaker
from kis.estimator.pricing.money import Till
from kis.estimator.request import PanelRequest
from kis.platform.spread import Spread

HELPERS_LOAD: Final = (
    "kis.estimator",
    "kis.estimator.documents.drawings.svg",
    "kis.estimator.documents.drawings.cad.document",
    "kis.estimator.documents.lint",
)
"""The modules that designing, drawing and judging work with: for helping processes, which load them before they begin."""
_OF_THE_STATE: Final = tuple(field.name for field in fields(PanelState) if field.name != "job")


@dataclass(frozen=True, slots=True, kw_only=True)
class Designer:
    """Designs panels of one quotation, each by its place and its request. It can travel, if its ``timer`` can."""

    library: Library
    till: Till
    guard_seconds: float
    timer: Timer | None

    def job(self, numbered: tuple[int, PanelRequest]) -> Job:
        """Return what the panel is designed from."""
        index, panel = numbered
        return Job(
            panel=panel,
            index=index,
            catalog=self.library.catalog,
            make=LineMaker(self.till),
            rules=self.library.rules,
            guard_seconds=self.guard_seconds,
        )

    def __call__(self, numbered: tuple[int, PanelRequest]) -> dict[str, Any]:
        """Return what the stages made of the panel."""
        state = run(self.job(numbered), self.timer)
        return {name: getattr(state, name) for name in _OF_THE_STATE}

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as bytes and numbers."""
        till = self.till
        rates = (till.currency, till.digits, till.book_rate, till.won_rate)
        return _arrived, (tuple(self.library.files.items()), rates, self.guard_seconds, self.timer)


def designed(designer: Designer, panels: Sequence[PanelRequest], spread: Spread) -> Iterator[PanelState]:
    """Yield the panels designed, in their order; where ``spread`` has other processes all are handed out at once."""
    numbered = list(enumerate(panels))
    for one, made in zip(numbered, spread(designer, numbered), strict=True):
        yield PanelState(job=designer.job(one), **made)


def _arrived(
    files: tuple[tuple[str, bytes], ...],
    rates: tuple[str, int, Decimal, Decimal],
    guard_seconds: float,
    timer: Timer | None,
) -> Designer:
    library = _opened(files)
    currency, digits, book_rate, won_rate = rates
    till = Till(
        book=library.price_book, currency=currency, digits=digits, book_rate=book_rate, won_rate=won_rate
    )
    return Designer(library=library, till=till, guard_seconds=guard_seconds, timer=timer)


@lru_cache(maxsize=1)
def _opened(files: tuple[tuple[str, bytes], ...]) -> Library:
    """Open the library of the quotation: once, for all of its panels that come here."""
    return library_from_files(dict(files))
