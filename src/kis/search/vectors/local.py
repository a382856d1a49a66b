"""Vectors from a sentence-transformers model in a folder of this machine. The library is large and no part of the lock file; who wants it installs it."""

import asyncio
import importlib
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from kis.search.vectors.embedders import Prefixes, Purpose, usable
from kis.search.vectors.errors import EmbeddingsUnavailable, ModelMissing

LIBRARY: Final = "sentence_transformers"
BATCH_TEXTS: Final = 16
"""Small, so that a query waits for one batch of documents and not for all."""


class LocalEmbedder:
    """A model in this process, loaded in a thread when it is first asked. Nothing is fetched from anywhere."""

    def __init__(self, folder: Path, prefixes: Prefixes | None = None) -> None:
        self._folder = folder
        self._prefixes = prefixes or Prefixes()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="vectors")
        self._loading = threading.Lock()
        self._model: Any = None
        self._dimensions: int | None = None

    @property
    def name(self) -> str:
        """Return the name of the folder."""
        return self._prefixes.named(self._folder.name)

    @property
    def dimensions(self) -> int | None:
        """Return how many numbers its first vector had."""
        return self._dimensions

    async def embed(self, texts: Sequence[str], *, of: Purpose) -> list[list[float]]:
        """Return the vector of each text."""
        loop = asyncio.get_running_loop()
        vectors: list[list[float]] = []
        for begin in range(0, len(texts), BATCH_TEXTS):
            batch = self._prefixes.before(texts[begin : begin + BATCH_TEXTS], of)
            vectors += await loop.run_in_executor(self._threads, self._embed_here, batch)
        return vectors

    async def close(self) -> None:
        """Let go of the thread."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _embed_here(self, texts: list[str]) -> list[list[float]]:
        model = self._loaded()
        try:
            found = model.encode(texts, batch_size=BATCH_TEXTS, show_progress_bar=False)
        except (RuntimeError, MemoryError, ValueError) as error:  # as the library's own errors are
            raise EmbeddingsUnavailable("model") from error
        vectors = usable(found.tolist(), texts=len(texts), dimensions=self._dimensions)
        self._dimensions = len(vectors[0])
        return vectors

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                if not self._folder.is_dir():
                    raise ModelMissing("no_folder", folder=self._folder)
                try:
                    library = importlib.import_module(LIBRARY)
                except ImportError as error:
                    raise ModelMissing("no_library", python=sys.executable) from error
                try:
                    self._model = library.SentenceTransformer(
                        str(self._folder), device="cpu", local_files_only=True, trust_remote_code=False
                    )
                except (OSError, ValueError, RuntimeError) as error:
                    raise ModelMissing("no_model", folder=self._folder) from error
            return self._model
