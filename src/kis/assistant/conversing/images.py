"""Images that come with a question: small enough, and what they say they are."""

import base64
import binascii
from typing import Final

LARGEST_BYTES: Final = 5_000_000
_DATA_URL_HEAD: Final = 100
"""The longest ``data:image/…;base64,`` that is looked for."""


class ImageRefused(Exception):
    """An image that is not taken; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def image_of(given: str) -> bytes:
    """Return the image in base64 or a data URL. Raises ImageRefused."""
    if given.startswith("data:"):
        head, comma, given = given.partition(",")
        if not comma or not head.endswith(";base64") or len(head) > _DATA_URL_HEAD:
            raise ImageRefused("image_unusable")
    if len(given) * 3 // 4 > LARGEST_BYTES + 2:
        raise ImageRefused("image_too_large")
    try:
        content = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImageRefused("image_unusable") from error
    if not _is_image(content):
        raise ImageRefused("image_unusable")
    return content


def _is_image(content: bytes) -> bool:
    """Tell by the first bytes whether this is one of the formats that are read."""
    starts = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
    return content.startswith(starts) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
