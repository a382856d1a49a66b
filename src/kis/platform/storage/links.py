"""Links to objects of a local folder: who holds one may fetch that object, under that name, until then.

A token is ``payload.mac``, both base64url. The payload is JSON ``[path, expires, filename, media type]``; the code over it is HMAC-SHA256 with a key
made from the installation's secret for this purpose alone. Nothing is kept, so a link cannot be called back; it ends by itself.
"""

import base64
import binascii
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kis.platform.secrets import derived_key
from kis.platform.storage.errors import LinkExpired, LinkRefused, PathRefused
from kis.platform.storage.paths import checked_path

LONGEST_TOKEN: Final = 4096
LONGEST_FILENAME: Final = 255
LONGEST_LIFE_SECONDS: Final = 7 * 86400
"""As S3 has it."""

_PURPOSE: Final = "objects.links.1"


@dataclass(frozen=True, slots=True)
class Link:
    """What a good token stands for. ``expires`` is in seconds since 1970."""

    path: str
    expires: int
    filename: str
    media_type: str


class Links:
    """Makes and opens the tokens of one installation."""

    def __init__(self, secret: bytes, *, now: Callable[[], float] = time.time) -> None:
        self._key = derived_key(secret, _PURPOSE)
        self._now = now

    def token(self, path: str, *, seconds: int, filename: str, media_type: str) -> str:
        """Return a token for ``path`` that is good for ``seconds`` from now."""
        expires = int(self._now()) + checked_life(seconds)
        payload = json.dumps(
            [checked_path(path), expires, filename[:LONGEST_FILENAME], media_type], ensure_ascii=False
        )
        encoded = _encoded(payload.encode())
        return f"{encoded}.{_encoded(self._code(encoded))}"

    def opened(self, token: str) -> Link:
        """Return what ``token`` stands for. Raises LinkRefused or, for one that was good once, LinkExpired."""
        encoded, _, code = token.partition(".")
        if len(token) > LONGEST_TOKEN or not hmac.compare_digest(_decoded(code), self._code(encoded)):
            raise LinkRefused
        match json.loads(_decoded(encoded)):
            case [str(path), int(expires), str(filename), str(media_type)]:
                link = Link(path, expires, filename, media_type)
            case _:
                raise LinkRefused
        try:
            checked_path(link.path)
        except PathRefused:
            raise LinkRefused from None
        if link.expires <= self._now():
            raise LinkExpired
        return link

    def _code(self, encoded: str) -> bytes:
        return hmac.digest(self._key, encoded.encode("utf-8", "replace"), "sha256")


def checked_life(seconds: int) -> int:
    """Return ``seconds``; ValueError for a link that would never work or for too long."""
    if not 0 < seconds <= LONGEST_LIFE_SECONDS:
        raise ValueError(f"a link lives 1 to {LONGEST_LIFE_SECONDS} seconds")
    return seconds


def content_disposition(filename: str) -> str:
    """Return the header that makes a browser save a download as ``filename`` (RFC 6266; the name itself as RFC 8187 writes it)."""
    name = (
        "".join(character for character in filename if character.isprintable() and character not in '/\\"')
        or "file"
    )
    plain = "".join(character if character.isascii() else "_" for character in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """Return the bytes of base64url in its one spelling; empty, which fits nothing, for anything else."""
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return b""
    return data if _encoded(data) == text else b""
