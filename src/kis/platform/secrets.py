"""The one secret of an installation, and the keys made from it.

Everything that this installation signs (access tokens, signed links, the CSRF token of a browser's session) is signed with a key of its own purpose,
derived from the one secret with HKDF-SHA256 (RFC 5869). Whoever learns one of those keys learns neither the secret nor another key; whoever changes
``SECRET_KEY`` ends all of them at once.
"""

import secrets
from typing import Final

from kis.platform import durable
from kis.platform.configuration import Settings
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

SECRET_FILE: Final = "secret"
LEAST_CHARACTERS: Final = 32
KEY_BYTES: Final = 32

_SALT: Final = b"kis installation key 1"
_OWNER_ONLY_FILE: Final = 0o600
_OWNER_ONLY_FOLDER: Final = 0o700


def installation_secret(settings: Settings) -> bytes:
    """Return ``SECRET_KEY``, or where it is not set the secret of the data folder, made the first time it is asked for.

    Processes that start together get the same one. Raises BadInput when either is too short to be a secret; a secret file is never replaced in
    silence, for every login would end.
    """
    given = settings.application.secret_key.get_secret_value()
    if given:
        return _long_enough("SECRET_KEY", given.encode())
    folder = settings.application.data / "keys"
    durable.make_directory(folder, mode=_OWNER_ONLY_FOLDER)
    path = folder / SECRET_FILE
    with durable.locked(folder / f"{SECRET_FILE}.lock"):
        if not path.exists():
            durable.replace(path, secrets.token_urlsafe(48).encode(), mode=_OWNER_ONLY_FILE)
        return _long_enough(str(path), path.read_bytes().strip())


def derived_key(secret: bytes, purpose: str, *, length_bytes: int = KEY_BYTES) -> bytes:
    """Return the key of ``purpose`` (``tokens.access.1``): always the same for one secret, and telling nothing about any other."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=length_bytes, salt=_SALT, info=purpose.encode()).derive(secret)


def _long_enough(source: str, secret: bytes) -> bytes:
    if len(secret) < LEAST_CHARACTERS:
        problem = Problem(source, Message("secrets.too_short", {"least": LEAST_CHARACTERS}))
        raise BadInput("environment", [problem])
    return secret
