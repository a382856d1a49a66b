"""Taking an uploaded file, bounded."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from fastapi import UploadFile

from kis.api.dependencies import Application
from kis.platform.errors import TooLarge
from kis.platform.messages import Message


async def uploaded(app: Application, file: UploadFile) -> tuple[str, bytes]:
    """Return the name the caller gave a file and its bytes. Raises TooLarge."""
    most = app.settings.application.largest_upload_bytes
    data = await file.read(most + 1)
    if len(data) > most:
        raise _too_large(most)
    return file.filename or "upload", data


@asynccontextmanager
async def kept_upload(app: Application, file: UploadFile) -> AsyncIterator[tuple[str, Path]]:
    """Yield the name the caller gave a file, and where its bytes lie for the block: never in memory as a whole. Raises TooLarge."""
    most = app.settings.application.largest_upload_bytes
    with tempfile.NamedTemporaryFile(prefix="kis-upload-") as kept:
        await asyncio.to_thread(_copy, file.file, kept)
        if kept.tell() > most:
            raise _too_large(most)
        yield file.filename or "upload", Path(kept.name)


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    source.seek(0)
    shutil.copyfileobj(source, target)
    target.flush()


def _too_large(most: int) -> TooLarge:
    return TooLarge(Message("catalog_store.upload.too_large", {"most": most}))
