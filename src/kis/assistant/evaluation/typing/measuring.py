"""Typing traces into a predictor, one key press after the other, with a clock beside it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from kis.assistant.evaluation.typing.traces import Trace

SHOWN: Final = 3
"""So many predictions are asked for at each key press."""


class Predicted(Protocol):
    """A product somebody may mean."""

    @property
    def id(self) -> str:
        """Return the product."""
        ...

    @property
    def confidence(self) -> float:
        """Return how sure it is, from 0 to 1."""
        ...


class Predicts(Protocol):
    """Tells which products a typed text may mean."""

    def predict(self, text: str, limit: int = ...) -> Sequence[Predicted]:
        """Return at most ``limit`` products, the likeliest first."""
        ...


@dataclass(frozen=True, slots=True)
class Typed:
    """A trace with what was predicted after each of its key presses."""

    trace: Trace
    shown: tuple[tuple[str, ...], ...]
    """The first products after each key press, the likeliest first."""
    confidences: tuple[float, ...]
    """Of the first product after each key press; 0 where none was shown."""
    milliseconds: tuple[float, ...]

    @property
    def places(self) -> list[int | None]:
        """Return the place of the wanted product after each key press, from 1; None where it is not shown."""
        target = self.trace.target
        return [ids.index(target) + 1 if target in ids else None for ids in self.shown]


def typed(predictor: Predicts, traces: Sequence[Trace]) -> Iterator[Typed]:
    """Type each trace, and yield it with what was predicted."""
    for trace in traces:
        shown, confidences, milliseconds = [], [], []
        for text in trace.keys:
            started = time.perf_counter()
            found = predictor.predict(text, limit=SHOWN)
            milliseconds.append((time.perf_counter() - started) * 1000)
            shown.append(tuple(one.id for one in found[:SHOWN]))
            confidences.append(found[0].confidence if found else 0.0)
        yield Typed(trace, tuple(shown), tuple(confidences), tuple(milliseconds))
