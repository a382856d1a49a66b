"""The server: tools, resources and prompts, for either face."""

import logging
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import mcp.types as protocol
from fastmcp import FastMCP
from fastmcp.server.http import StarletteWithLifespan
from fastmcp.tools import Tool as FastTool

from kis import __version__
from kis.application import Application
from kis.mcp.answers import Answer
from kis.mcp.arguments import Arguments
from kis.mcp.both_names import BothNames
from kis.mcp.callers import HttpCallers
from kis.mcp.calling import Callers, House, governed
from kis.mcp.names import PATH, TOOLS, plain
from kis.mcp.policies import Naming, Policies, load_policies
from kis.mcp.prompts import add_prompts
from kis.mcp.resources import add_resources
from kis.mcp.tools import FUNCTIONS, READING
from kis.platform.configuration import Settings
from kis.platform.messages import Message

ENGINE_THREADS: Final = 2
"""Engine runs at a time beside the API's other work; more would only wait for each other's processor."""


def build_server(application: Application, callers: Callers, policies: Policies | None = None) -> FastMCP:
    """Return the gateway over ``application`` for ``callers``. Raises BadInput for policies that do not hold together."""
    held = policies or load_policies()
    quieten_library()
    house = House(
        application=application,
        policies=held,
        callers=callers,
        engine=ThreadPoolExecutor(ENGINE_THREADS, thread_name_prefix="kis-mcp-engine"),
    )

    @asynccontextmanager
    async def lifespan(_: FastMCP) -> AsyncIterator[dict[str, Any]]:
        yield {}
        house.engine.shutdown(wait=False, cancel_futures=True)

    server = FastMCP(
        name="kis",
        version=__version__,
        instructions=Message("mcp.instructions").text("en"),
        mask_error_details=True,
        middleware=[Arguments(callers), BothNames()],
        lifespan=lifespan,
    )
    for name in TOOLS:
        server.add_tool(_tool(name, house))
    add_resources(server, house)
    add_prompts(server, house)
    return server


def quieten_library() -> None:
    """Take the library's own handler away, which writes tracebacks of every refusal for people: our log has a line of each call already."""
    library = logging.getLogger("fastmcp")
    library.handlers.clear()
    library.propagate = True
    library.setLevel(logging.CRITICAL)


def _tool(name: str, house: House) -> FastTool:
    naming = house.policies.names
    return FastTool.from_function(
        governed(name, FUNCTIONS[name], house),
        name=name if naming is Naming.DOTTED else plain(name),
        output_schema=Answer.model_json_schema(mode="serialization"),
        annotations=protocol.ToolAnnotations(
            read_only_hint=name in READING,
            destructive_hint=False,
            idempotent_hint=name in READING,
            open_world_hint=False,
        ),
    )


def http_app(application: Application, policies: Policies) -> StarletteWithLifespan:
    """Return the server behind ``/mcp``, for requests that have their caller.

    Stateless: each request stands for itself, so any process behind a balancer can answer it.
    """
    hosts, origins = allowed(application.settings)
    return build_server(application, HttpCallers(), policies).http_app(
        path=PATH,
        stateless_http=True,
        host_origin_protection=True,
        allowed_hosts=list(hosts),
        allowed_origins=list(origins),
    )


def allowed(settings: Settings) -> tuple[Sequence[str], Sequence[str]]:
    """Return the hosts the gateway answers to and the origins whose pages may call it: those of the API. Others could be a name bound to this machine by a web page.

    ``*.example.com`` means every name below it, as it does to the API.
    """
    section = settings.application
    public = urlsplit(section.public_url)
    hosts = list(section.trusted_hosts)
    if public.hostname:
        hosts.append(public.hostname)
    origins = list(section.cors_origins)
    if public.scheme and public.netloc:
        origins.append(f"{public.scheme}://{public.netloc}")
    return hosts, origins
