"""Who is calling: over HTTP whoever the request's own credential says, over stdio the operator of this machine."""

from fastmcp.server.dependencies import get_http_request

from kis.identity import Principal
from kis.mcp.errors import NoCaller
from kis.mcp.names import PRINCIPAL
from kis.platform.messages import DEFAULT_LOCALE, LOCALES, Locale


class HttpCallers:
    """Callers of the streamable HTTP face. Every request brings its credential: no session outlives one, none can be taken over."""

    async def principal(self) -> Principal:
        """Return who made the present request."""
        principal = get_http_request().scope.get(PRINCIPAL)
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


def locale_of(accept_language: str) -> Locale:
    """Return the language that a caller prefers among those there are."""
    for part in accept_language.split(","):
        wanted = part.partition(";")[0].strip().lower().partition("-")[0]
        found = next((locale for locale in LOCALES if locale == wanted), None)
        if found is not None:
            return found
    return DEFAULT_LOCALE
