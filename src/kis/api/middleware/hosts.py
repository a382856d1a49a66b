"""Only the host names of this installation are answered, so that no foreign name ends up in a link or a cache."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from kis.api.errors import HostRefused, MalformedRequest
from kis.platform.messages import Message

_HOST: Final = re.compile(r"([a-z0-9._\-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?", re.IGNORECASE)
_ANY_HOST: Final = frozenset({"/healthz", "/health", "/ready", "/readyz"})
"""Probes call an instance by its address, whatever that is."""


class Hosts:
    """Refuses requests to other hosts, and addresses no route can mean."""

    def __init__(self, app: ASGIApp, *, allowed: Iterable[str], public_url: str = "") -> None:
        names = {name.casefold() for name in allowed if name}
        own = urlsplit(public_url).hostname
        if own:
            names.add(f"[{own}]" if ":" in own else own)
        self._app = app
        self._any = "*" in names
        self._names = frozenset(name for name in names if not name.startswith("*"))
        self._endings = tuple(name[1:] for name in names if name.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] in {"http", "websocket"}:
            if scope["path"] not in _ANY_HOST and not self._is_ours(scope):
                raise HostRefused
            if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
                raise MalformedRequest(Message("api.request.control_character"))
        await self._app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1:
            return False
        found = _HOST.fullmatch(given[0].decode("latin-1"))
        if found is None:
            return False
        host = found[1].casefold().rstrip(".")
        return self._any or host in self._names or host.endswith(self._endings)
