"""What was true a moment ago: saves asking the database on every request, for as long as a revoked login may go on."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")

FRESH_SECONDS: Final = 5.0
"""How long a login that another process ended may still be answered here; the process that ends it forgets at once."""
MOST_ENTRIES: Final = 10_000


class Recent(Generic[Value]):
    """Values by key, each for a few seconds; bounded, the oldest dropped first."""

    def __init__(
        self,
        *,
        fresh_seconds: float = FRESH_SECONDS,
        most_entries: int = MOST_ENTRIES,
        clock_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._entries: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._fresh_seconds = fresh_seconds
        self._most_entries = most_entries
        self._clock_seconds = clock_seconds
        self._forgotten = 0

    @property
    def mark(self) -> int:
        """Return a mark to take before asking: what was asked before something was forgotten is not kept after it."""
        return self._forgotten

    def find(self, key: Hashable) -> Value | None:
        """Return the value of ``key`` while it is fresh."""
        entry = self._entries.get(key)
        if entry is None or self._clock_seconds() >= entry[0]:
            return None
        return entry[1]

    def keep(self, key: Hashable, value: Value, mark: int) -> None:
        """Keep ``value``, unless anything was forgotten since ``mark``."""
        if mark != self._forgotten:
            return
        self._entries.pop(key, None)
        self._entries[key] = (self._clock_seconds() + self._fresh_seconds, value)
        if len(self._entries) > self._most_entries:
            self._entries.popitem(last=False)

    def forget(self) -> None:
        """Forget everything: rights changed, and finding whose costs more than asking again."""
        self._forgotten += 1
        self._entries.clear()
