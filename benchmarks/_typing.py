"""What becomes of key presses: when each was sent, and when what stood in the box then, or something newer, was answered.

A key press counts until the first prediction of its number or a later one: whoever is overtaken sees the newer one. Its own answer is that of its own number.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Press:
    """A key press: when it is due, in seconds from the start, and the text after it."""

    due_seconds: float
    text: str
    is_end: bool = False
    """The name is typed; what is shown now is what is picked from."""


@dataclass(slots=True)
class Box:
    """The box that one client types into."""

    sent: int = 0
    own: int = 0
    """Key presses with an answer of their own number."""
    overtaken: int = 0
    ends: int = 0
    ends_own: int = 0
    times_ms: list[float] = field(default_factory=list)
    """Of each answered key press, until it was answered or overtaken."""
    strange: int = 0
    """Predictions of a number that does not wait: never sent, told twice, or older than one that was told."""
    _waiting: deque[tuple[int, float, bool]] = field(default_factory=deque)
    _last_own: bool = False

    def press(self, at_seconds: float, *, is_end: bool) -> int:
        """Send the next key press and return its number."""
        self.sent += 1
        self.ends += is_end
        self._last_own = False
        self._waiting.append((self.sent, at_seconds, is_end))
        return self.sent

    def tell(self, seq: int, at_seconds: float) -> None:
        """Hear the prediction for a number."""
        if not any(number == seq for number, _, _ in self._waiting):
            self.strange += 1
            return
        while self._waiting and self._waiting[0][0] <= seq:
            number, sent_at, is_end = self._waiting.popleft()
            self.times_ms.append((at_seconds - sent_at) * 1000)
            if number < seq:
                self.overtaken += 1
                continue
            self.own += 1
            self.ends_own += is_end
            self._last_own = number == self.sent

    @property
    def unanswered(self) -> int:
        """Return how many key presses neither they nor a later one were answered."""
        return len(self._waiting)

    @property
    def is_last_answered(self) -> bool:
        """Return whether what stands in the box at the end was answered."""
        return self.sent == 0 or self._last_own


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the key presses of all clients."""

    clients: int
    presses: int
    own_share: float
    overtaken: int
    unanswered: int
    last_answered: int
    """Clients whose last key press was answered."""
    ends_share: float
    """Of the last key presses of names, those with an answer of their own."""
    p50_ms: float
    p95_ms: float
    p99_ms: float
    slowest_ms: float
    strange: int


def outcome(boxes: Sequence[Box]) -> Outcome:
    """Put together what the clients saw. A key press that was never answered is slower than all others."""
    presses, unanswered = sum(box.sent for box in boxes), sum(box.unanswered for box in boxes)
    ends = sum(box.ends for box in boxes)
    times = sorted(value for box in boxes for value in box.times_ms) + [float("inf")] * unanswered
    return Outcome(
        clients=len(boxes),
        presses=presses,
        own_share=round(sum(box.own for box in boxes) / max(1, presses), 4),
        overtaken=sum(box.overtaken for box in boxes),
        unanswered=unanswered,
        last_answered=sum(box.is_last_answered for box in boxes),
        ends_share=round(sum(box.ends_own for box in boxes) / max(1, ends), 4),
        p50_ms=rank_of(times, 0.5),
        p95_ms=rank_of(times, 0.95),
        p99_ms=rank_of(times, 0.99),
        slowest_ms=rank_of(times, 1.0),
        strange=sum(box.strange for box in boxes),
    )


def rank_of(ordered: Sequence[float], share: float) -> float:
    """Return the value that so large a share does not exceed, by nearest rank; 0 of nothing."""
    return round(ordered[math.ceil(share * len(ordered)) - 1], 2) if ordered else 0.0
