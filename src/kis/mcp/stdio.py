"""The gateway on standard input and output: for this installation as its operator, or for a running one over HTTP.

Standard output belongs to the protocol; everything else goes to standard error.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from fastmcp import FastMCP
from fastmcp.client.transports import StreamableHttpTransport
from fastmcp.server import create_proxy

from kis import __version__
from kis.application import Application, open_application
from kis.identity import ROLE_PERMISSIONS, Permission, Principal, Role, Via
from kis.mcp.both_names import BothNames
from kis.mcp.callers import LocalCaller
from kis.mcp.names import PATH
from kis.mcp.policies import load_policies
from kis.mcp.server import build_server, quieten_library
from kis.platform.configuration import Settings
from kis.platform.errors import BadInput, NotFound, Problem
from kis.platform.messages import Locale, Message

MOST_ORGANIZATIONS: Final = 1000
_NOBODY: Final = UUID(int=0)


async def serve(
    settings: Settings, locale: Locale, *, organization: str | None = None, policies: Path | None = None
) -> None:
    """Answer until the client goes. With MCP_GATEWAY_URL the calls are passed on to that installation, with its API key and under its policies.

    Raises BadInput for settings or policies that cannot be used, NotFound for an organisation that is not there.
    """
    if settings.gateway.url:
        if policies is not None:
            raise BadInput("--policies", [Problem("", Message("mcp.stdio.policies_of_others"))])
        await _answer(remote(settings, locale))
        return
    held = load_policies(policies)
    async with open_application(settings, name="kis-mcp") as application:
        operator = await operator_of(application, organization)
        await _answer(build_server(application, LocalCaller(operator, locale), held))


def remote(settings: Settings, locale: Locale) -> FastMCP:
    """Return a server that passes every call on to the installation of MCP_GATEWAY_URL. Raises BadInput."""
    gateway = settings.gateway
    given = urlsplit(gateway.url)
    if given.scheme not in ("http", "https") or not given.hostname:
        raise BadInput("environment", [Problem("MCP_GATEWAY_URL", Message("mcp.stdio.not_an_address"))])
    key = gateway.api_key.get_secret_value()
    if not key:
        raise BadInput("environment", [Problem("MCP_GATEWAY_API_KEY", Message("mcp.stdio.no_key"))])
    path = given.path.rstrip("/")
    address = given._replace(path=path if path.endswith(PATH) else f"{path}{PATH}", query="", fragment="")
    transport = StreamableHttpTransport(
        address.geturl(), headers={"X-API-Key": key, "Accept-Language": locale}
    )
    quieten_library()
    return create_proxy(transport, name="kis", version=__version__, middleware=[BothNames()])


async def operator_of(application: Application, code: str | None) -> Principal:
    """Return the operator of this machine, in the organisation of that code; without one there must be one organisation only."""
    nobody = Principal(
        organization_id=_NOBODY,
        role=Role.ADMIN,
        permissions=frozenset({Permission.ORGANIZATION_READ, Permission.INSTALLATION_OPERATE}),
        via=Via.LOCAL,
    )
    found, _ = await application.identity.organizations.list(nobody, offset=0, limit=MOST_ORGANIZATIONS)
    codes = {one.code: one for one in found}
    if code is None and len(codes) != 1:
        values = {"codes": ", ".join(codes) or "-"}
        raise BadInput("--organization", [Problem("", Message("mcp.stdio.which_organization", values))])
    chosen = next(iter(codes)) if code is None else code
    if chosen not in codes:
        raise NotFound(
            Message("mcp.stdio.no_organization", {"code": chosen, "codes": ", ".join(codes) or "-"})
        )
    return replace(
        nobody,
        organization_id=codes[chosen].id,
        permissions=ROLE_PERMISSIONS[Role.ADMIN],
        name="operator",
    )


async def _answer(server: FastMCP) -> None:
    await server.run_stdio_async(show_banner=False)
