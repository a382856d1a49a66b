"""Kiwi in this process: a third of a gigabyte, and some seconds of loading in which the interpreter's lock is held."""

import asyncio
import ctypes
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from kis.search.tokens.analyzer import Morpheme

if TYPE_CHECKING:
    from kiwipiepy import Token  # type: ignore[import-untyped]  # comes without types

AT_ONCE: Final = 64
"""Texts handed over at a time: the interpreter's lock is free for others in between."""


def is_installed() -> bool:
    """Tell whether there is a Kiwi to load."""
    return find_spec("kiwipiepy") is not None


class LoadedKiwi:
    """Kiwi, loaded when this is made. Several threads may ask it; the lock of the interpreter is free while it thinks."""

    def __init__(self, words: Sequence[tuple[str, str]] = ()) -> None:
        from kiwipiepy import Kiwi

        self._kiwi = Kiwi(
            num_workers=1, load_multi_dict=False
        )  # names of several words: 185 MB, and no question is answered better
        for word, tag in words:
            self._kiwi.add_user_word(word, tag)
        self._kiwi.tokenize("분전반")  # the model is read at the first text
        _give_back_memory()

    def find(self, texts: Sequence[str]) -> list[list[Morpheme]]:
        """Return the morphemes of each text, found by the calling thread itself."""
        return [_morphemes(self._kiwi.tokenize(text)) for text in texts]

    def find_in_many(self, texts: Sequence[str]) -> list[list[Morpheme]]:
        """Return the same, found by Kiwi's own thread, of which there is one."""
        return [
            _morphemes(found)
            for begin in range(0, len(texts), AT_ONCE)
            for found in self._kiwi.tokenize(list(texts[begin : begin + AT_ONCE]))
        ]


class KiwiAnalyzer:
    """Morphemes by a Kiwi of this process, loaded when it is first asked; whoever asks waits. For programs that do nothing else meanwhile."""

    def __init__(self, words: Sequence[tuple[str, str]] = ()) -> None:
        self._words = tuple(words)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="kiwi")
        self._kiwi: LoadedKiwi | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it is loaded."""
        return self._kiwi is not None

    async def analyze(self, texts: Sequence[str], *, waits: bool = False) -> list[list[Morpheme]]:  # noqa: ARG002 - all wait
        """Return the morphemes of each text."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._find, texts)

    async def close(self) -> None:
        """Let go of the thread."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _find(self, texts: Sequence[str]) -> list[list[Morpheme]]:
        if self._kiwi is None:
            self._kiwi = LoadedKiwi(self._words)
        return self._kiwi.find_in_many(texts)


def _morphemes(found: "Sequence[Token]") -> list[Morpheme]:
    return [Morpheme(one.form, one.tag, one.start, one.len) for one in found]


def _give_back_memory() -> None:
    """Give back what only loading needed, a tenth of all (glibc keeps it otherwise)."""
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
