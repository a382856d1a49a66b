"""Kiwi in this process, loaded once, in a thread, when somebody first asks."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from kis.search.tokens.analyzer import Morpheme

if TYPE_CHECKING:
    from kiwipiepy import Kiwi  # type: ignore[import-untyped]  # comes without types

AT_ONCE: Final = 64
"""Texts handed over at a time: the interpreter's lock is free for others in between."""


class KiwiAnalyzer:
    """Morphemes by Kiwi. ``words``: names of products and trade that it would take apart, with their part of speech."""

    def __init__(self, words: Sequence[tuple[str, str]] = (), *, waits: bool = False) -> None:
        self._words = tuple(words)
        self._waits = waits
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="kiwi")
        self._kiwi: Kiwi | None = None
        self._loading = threading.Lock()
        self._is_begun = False

    @property
    def is_ready(self) -> bool:
        """Whether it is loaded."""
        return self._kiwi is not None

    def load(self) -> "Kiwi":
        """Return Kiwi, loaded now if it was not; takes some seconds the first time."""
        with self._loading:
            if self._kiwi is None:
                from kiwipiepy import Kiwi

                kiwi = Kiwi(num_workers=1)
                for word, tag in self._words:
                    kiwi.add_user_word(word, tag)
                kiwi.tokenize("분전반")  # the model is read at the first text
                self._kiwi = kiwi
            return self._kiwi

    async def analyze(self, texts: Sequence[str]) -> list[list[Morpheme]] | None:
        """Return the morphemes of each text; None while it is being loaded, unless this analyzer ``waits``."""
        loop = asyncio.get_running_loop()
        if self._kiwi is None and not self._waits:
            if not self._is_begun:
                self._is_begun = True
                self._threads.submit(self.load)
            return None
        return await loop.run_in_executor(self._threads, self.analyze_here, texts)

    def analyze_here(self, texts: Sequence[str]) -> list[list[Morpheme]]:
        """Return the morphemes of each text, in the calling thread."""
        kiwi = self.load()
        return [
            [Morpheme(one.form, one.tag, one.start, one.len) for one in found]
            for begin in range(0, len(texts), AT_ONCE)
            for found in kiwi.tokenize(list(texts[begin : begin + AT_ONCE]))
        ]

    async def close(self) -> None:
        """Let go of the thread."""
        self._threads.shutdown(wait=False, cancel_futures=True)
