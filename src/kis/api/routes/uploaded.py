"""Taking an uploaded file, bounded."""

from fastapi import UploadFile

from kis.api.dependencies import Application
from kis.platform.errors import TooLarge
from kis.platform.messages import Message


async def uploaded(app: Application, file: UploadFile) -> tuple[str, bytes]:
    """Return the name the caller gave a file and its bytes. Raises TooLarge."""
    most = app.settings.application.largest_upload_bytes
    data = await file.read(most + 1)
    if len(data) > most:
        raise TooLarge(Message("catalog_store.upload.too_large", {"most": most}))
    return file.filename or "upload", data
