"""The two cookies of a browser's login.

``session`` opens it and no script can read it; ``csrf`` is what the installation's own pages read and send back as X-CSRF-Token. Over TLS both have the
prefix ``__Host-``: no other host below the same domain can plant one, and there only those are looked at.
"""

from typing import Final

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from kis.application import Application
from kis.identity import Login

SESSION: Final = "kis_session"
CSRF: Final = "kis_csrf"
_HOST_PREFIX: Final = "__Host-"


def session_cookie(request: HTTPConnection) -> str | None:
    """Return the value of the caller's session cookie."""
    return request.cookies.get(_named(request, SESSION))


def give_cookies(request: Request, response: Response, login: Login) -> None:
    """Let the browser keep its login until it ends or the browser does."""
    secure = is_secure(request)
    response.set_cookie(
        _named(request, SESSION), login.cookie, path="/", secure=secure, httponly=True, samesite="lax"
    )
    response.set_cookie(
        _named(request, CSRF), login.csrf_token, path="/", secure=secure, httponly=False, samesite="lax"
    )


def take_cookies(request: Request, response: Response) -> None:
    """Let the browser forget its login."""
    for name, http_only in ((SESSION, True), (CSRF, False)):
        response.delete_cookie(
            _named(request, name), path="/", secure=is_secure(request), httponly=http_only, samesite="lax"
        )


def is_secure(request: HTTPConnection) -> bool:
    """Tell whether the browser reaches this installation through TLS."""
    application: Application = request.app.state.application
    return request.url.scheme in {"https", "wss"} or application.settings.application.public_url.startswith(
        "https://"
    )


def _named(request: HTTPConnection, name: str) -> str:
    return f"{_HOST_PREFIX}{name}" if is_secure(request) else name
