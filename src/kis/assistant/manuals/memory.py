"""What one process remembers, bounded in bytes; what was not used for longest is forgotten first."""

from collections import OrderedDict
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """Things by name with the bytes that each is said to take."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[str, tuple[Kept, int]] = OrderedDict()
        self.size_bytes = 0

    def __len__(self) -> int:
        return len(self._held)

    def find(self, name: str) -> Kept | None:
        """Return what is remembered, which is then the last to be forgotten."""
        if name not in self._held:
            return None
        self._held.move_to_end(name)
        return self._held[name][0]

    def look(self, name: str) -> Kept | None:
        """Return what is remembered, without using it."""
        kept, _ = self._held.get(name, (None, 0))
        return kept

    def put(self, name: str, kept: Kept, size_bytes: int) -> None:
        """Remember something; what is larger than all there may be is not remembered."""
        self.forget(name)
        if size_bytes > self._most_bytes:
            return
        self._held[name] = kept, size_bytes
        self.size_bytes += size_bytes
        self._shrink()

    def exchange(self, name: str, kept: Kept, *, more_bytes: int) -> bool:
        """Remember something instead of what is remembered by that name, which does not count as using it. It takes so many bytes more.

        No: that would be larger than all there may be, and what is remembered stays.
        """
        _, size_bytes = self._held[name]
        if size_bytes + more_bytes > self._most_bytes:
            return False
        self._held[name] = kept, size_bytes + more_bytes
        self.size_bytes += more_bytes
        self._shrink()
        return True

    def forget(self, name: str) -> None:
        """Remember something no more."""
        _, size_bytes = self._held.pop(name, (None, 0))
        self.size_bytes -= size_bytes

    def _shrink(self) -> None:
        while self.size_bytes > self._most_bytes:
            _, (_, gone_bytes) = self._held.popitem(last=False)
            self.size_bytes -= gone_bytes
