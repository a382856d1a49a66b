"""What a browser holds: a cookie that names its session, and the CSRF token bound to it.

Both are made from the session's id with keys of the installation, so nothing that would open a session stands in the database. The cookie is
``<session>.<mac>``; the CSRF token ``<nonce>.<mac over session and nonce>`` (signed double submit, OWASP CSRF Prevention Cheat Sheet): a page of
another site can make the browser send the cookie but cannot read the token, and a token of another session does not fit.
"""

import base64
import hmac
import secrets
from typing import Final
from uuid import UUID

from kis.identity.errors import CsrfRefused, TokenRefused
from kis.platform.secrets import derived_key

LONGEST_COOKIE: Final = 200
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Cookies:
    """Makes and reads the values of cookies; their names and flags are the face's."""

    def __init__(self, secret: bytes) -> None:
        self._session_key = derived_key(secret, "cookies.session.1")
        self._csrf_key = derived_key(secret, "cookies.csrf.1")

    def session(self, session_id: UUID) -> str:
        """Return the value of the cookie that opens the session."""
        return f"{session_id.hex}.{_mac(self._session_key, session_id.hex)}"

    def session_id(self, cookie: str) -> UUID:
        """Return the session a cookie opens. Raises TokenRefused for one we did not make."""
        name, _, mac = cookie.partition(".")
        if len(cookie) > LONGEST_COOKIE or not _equal(mac, _mac(self._session_key, name)):
            raise TokenRefused("cookie")
        return UUID(hex=name)

    def csrf(self, session_id: UUID) -> str:
        """Return a CSRF token of the session; any of them is good while it lasts."""
        nonce = secrets.token_urlsafe(12)
        return f"{nonce}.{_mac(self._csrf_key, f'{session_id.hex}.{nonce}')}"

    def check_csrf(self, session_id: UUID, token: str | None, method: str) -> None:
        """Raise CsrfRefused when ``method`` changes things and ``token`` does not belong to the session."""
        if method.upper() in SAFE_METHODS:
            return
        nonce, _, mac = (token or "")[:LONGEST_COOKIE].partition(".")
        if not nonce or not _equal(mac, _mac(self._csrf_key, f"{session_id.hex}.{nonce}")):
            raise CsrfRefused


def _mac(key: bytes, text: str) -> str:
    digest = hmac.digest(key, text.encode("utf-8", "backslashreplace"), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _equal(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "backslashreplace"), right.encode())
