"""What the passages of manuals mean, as vectors, where the settings name a model: made once for a manual, behind the questions, and kept.

Words alone find the passages at once. Vectors are made when a manual is opened; a question waits for them a short while and goes on without.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from kis.assistant.manuals.disk import Disk
from kis.assistant.manuals.memory import Memory
from kis.assistant.manuals.opened import OpenManual
from kis.assistant.things import Passage
from kis.search import Embedder, EmbeddingsUnavailable, QueryVectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PATIENCE_SECONDS: Final = 1.0
"""So long a question waits for the vectors of a manual that was just opened."""
MEMORY_BYTES: Final = 100_000_000
LONGEST_TEXT: Final = 2_000
"""Characters of a passage that are shown to the model; most read no more."""
REST_SECONDS: Final = 60.0
"""For so long the passages of a manual are not shown to a model again that did not take them."""
_MOST_RESTING: Final = 1_000
_NUMBER_BYTES: Final = 4

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of a manual's passages, a row each, of length 1."""

    rows: "NDArray[np.float32]"

    @classmethod
    def of(cls, vectors: Sequence[Sequence[float]]) -> "PassageVectors":
        """Take vectors of length 1."""
        import numpy as np

        return cls(np.asarray(vectors, dtype=np.float32))

    def near(self, vector: Sequence[float]) -> list[float]:
        """Return the cosine of each passage with the vector of a question; nothing where the model has changed its dimensions meanwhile."""
        import numpy as np

        if len(vector) != self.rows.shape[1]:
            return []
        found: list[float] = (self.rows @ np.asarray(vector, dtype=np.float32)).tolist()
        return found


async def passage_vectors(embedder: Embedder, passages: Sequence[Passage]) -> PassageVectors:
    """Show all passages to a model. Raises EmbeddingsUnavailable."""
    return PassageVectors.of(await embedder.embed(texts_of(passages), of="document"))


def texts_of(passages: Sequence[Passage]) -> list[str]:
    """Return passages as a model is shown them: under their headings."""
    return ["\n".join((" > ".join(one.title_path), one.text))[:LONGEST_TEXT] for one in passages]


class Meanings:
    """The vectors of the manuals of one process. It belongs to the event loop that it is used in."""

    def __init__(
        self, vectors: QueryVectors, disk: Disk, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._vectors = vectors
        self._disk = disk
        self._patience_seconds = patience_seconds
        self._memory: Memory[PassageVectors] = Memory(MEMORY_BYTES)
        self._making: dict[str, asyncio.Task[PassageVectors | None]] = {}
        self._resting: OrderedDict[str, float] = OrderedDict()

    def begin(self, manual: OpenManual) -> None:
        """See to it that a manual's vectors are made, if there is a model and somebody may ask soon."""
        if self._vectors.is_on and manual.index.passages and self._memory.find(manual.sha256) is None:
            self._made(manual)

    async def near(self, manual: OpenManual, question: str) -> Sequence[float]:
        """Return how near each passage of a manual is to a question, as cosines; nothing where there is no model, or nothing in time."""
        if not self._vectors.is_on or not manual.index.passages:
            return ()
        found = self._memory.find(manual.sha256)
        asking = asyncio.create_task(self._vectors.of(question))
        try:
            if found is None:
                making = self._made(manual)
                await asyncio.wait([making], timeout=self._patience_seconds)
                found = making.result() if making.done() and not making.cancelled() else None
            if found is None:
                return ()
            vector = await asking
            return found.near(vector) if len(vector) else ()
        finally:
            asking.cancel()

    async def close(self) -> None:
        """Give up what is being made."""
        tasks = tuple(self._making.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _made(self, manual: OpenManual) -> asyncio.Task[PassageVectors | None]:
        """Return the one task that makes the vectors of a manual."""
        task = self._making.get(manual.sha256)
        if task is None:
            task = asyncio.create_task(self._kept_or_new(manual))
            self._making[manual.sha256] = task
            task.add_done_callback(lambda _: self._making.pop(manual.sha256, None))
        return task

    async def _kept_or_new(self, manual: OpenManual) -> PassageVectors | None:
        passages = manual.index.passages
        name = await asyncio.to_thread(_name, self._vectors.embedder.name, passages)
        data = await asyncio.to_thread(self._disk.read, manual.sha256, name)
        found = _unpacked(data, len(passages)) if data is not None else None
        if found is None:
            found = await self._new(manual, name)
        if found is not None:
            self._memory.put(manual.sha256, found, found.rows.nbytes)
        return found

    async def _new(self, manual: OpenManual, name: str) -> PassageVectors | None:
        if time.monotonic() < self._resting.get(name, 0.0):
            return None
        try:
            found = await passage_vectors(self._vectors.embedder, manual.index.passages)
        except EmbeddingsUnavailable as error:
            log.warning("manuals.without_vectors", sha256=manual.sha256, reason=error.reason)
            self._resting[name] = time.monotonic() + REST_SECONDS
            if len(self._resting) > _MOST_RESTING:
                self._resting.popitem(last=False)
            return None
        try:
            await asyncio.to_thread(self._disk.keep_read, manual.sha256, name, found.rows.tobytes())
        except OSError as error:  # they are made again where they are not kept
            log.warning("manuals.vectors_not_kept", sha256=manual.sha256, error=type(error).__name__)
        return found


def _name(model: str, passages: Sequence[Passage]) -> str:
    """Return what vectors are kept under: another model, or passages cut otherwise, have others."""
    told = hashlib.sha256(model.encode())
    for text in texts_of(passages):
        told.update(b"\0" + text.encode())
    return f"vectors-{told.hexdigest()[:32]}"


def _unpacked(data: bytes, passages: int) -> PassageVectors | None:
    if not data or len(data) % (_NUMBER_BYTES * passages):
        return None
    import numpy as np

    return PassageVectors(np.frombuffer(data, dtype=np.float32).reshape(passages, -1))
