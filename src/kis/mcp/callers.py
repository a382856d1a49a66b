"""Who is calling: over HTTP whoever the request's own credential says, over stdio the operator of this machine."""

from typing import Final

from fastmcp.server.dependencies import get_http_request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kis.application import Application
from kis.identity import Principal
from kis.mcp.errors import NoCaller
from kis.platform.messages import DEFAULT_LOCALE, LOCALES, Locale

_PRINCIPAL: Final = "kis.principal"
_BEARER: Final = "bearer "


class HttpCallers:
    """Callers of the streamable HTTP face. Every request brings its credential: no session outlives one, none can be taken over."""

    async def principal(self) -> Principal:
        """Return who made the present request."""
        principal = get_http_request().scope.get(_PRINCIPAL)
        if not isinstance(principal, Principal):
            raise NoCaller
        return principal

    def locale(self) -> Locale:
        """Return the first language of the request that there is."""
        return locale_of(get_http_request().headers.get("accept-language", ""))


class LocalCaller:
    """The one caller of the stdio face."""

    def __init__(self, principal: Principal, locale: Locale) -> None:
        self._principal = principal
        self._locale = locale

    async def principal(self) -> Principal:
        """Return the operator."""
        return self._principal

    def locale(self) -> Locale:
        """Return the language of this machine's settings."""
        return self._locale


class Guard:
    """Lets no request in without a caller. It raises what the API answers in its one error shape: 401."""

    def __init__(self, app: ASGIApp, application: Application) -> None:
        self._app = app
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its caller. Raises Unauthenticated."""
        if scope["type"] == "http":
            scope = {**scope, _PRINCIPAL: await self._caller(scope)}
        await self._app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Principal:
        headers = Headers(scope=scope)
        given = headers.get("authorization", "")
        bearer = given[len(_BEARER) :].strip() if given[: len(_BEARER)].lower() == _BEARER else None
        api_key = headers.get("x-api-key")
        if not bearer and not api_key:
            raise NoCaller
        client = scope.get("client")
        return await self._application.identity.authenticate(
            bearer=bearer,
            api_key=api_key,
            method=scope["method"],
            address=client[0] if client else "",
        )


def locale_of(accept_language: str) -> Locale:
    """Return the language that a caller prefers among those there are."""
    for part in accept_language.split(","):
        wanted = part.partition(";")[0].strip().lower().partition("-")[0]
        found = next((locale for locale in LOCALES if locale == wanted), None)
        if found is not None:
            return found
    return DEFAULT_LOCALE
