"""What a route may ask for: the application, who is calling, how to show things, which page of a list, the trace id.

@router.get("/{quote_id}", responses=errors(404))
async def get_quotation(quote_id: UUID, app: App, caller: Caller, reading: Reading) -> Quotation: ...
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from kis.api import cookies
from kis.api.errors import InvalidRequest, trace_of
from kis.api.language import locale_of
from kis.api.limits import limit_caller
from kis.application import Application
from kis.identity import Principal
from kis.platform.errors import Unauthenticated
from kis.platform.messages import Locale, Message
from kis.quotations import Currency

__all__ = [
    "App",
    "Application",
    "Caller",
    "DaysIn",
    "PageRequest",
    "PageWanted",
    "Reading",
    "ReadingOptions",
    "ShownIn",
    "Stopping",
    "TraceId",
    "Visitor",
    "address_of",
]

Column = TypeVar("Column")

CSRF_HEADER: Final = "x-csrf-token"
DEFAULT_TIME_ZONE: Final = ZoneInfo("Asia/Seoul")

_BEARER: Final = HTTPBearer(
    scheme_name="bearer",
    auto_error=False,
    description="Access token of this installation or of a foreign issuer.",
)
_API_KEY: Final = APIKeyHeader(
    name="X-API-Key", scheme_name="apiKey", auto_error=False, description="Key of a machine."
)
_COOKIE: Final = APIKeyCookie(
    name=cookies.SESSION,
    scheme_name="session",
    auto_error=False,
    description="Login of a browser; changes also need X-CSRF-Token.",
)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise PydanticCustomError("time_zone", "not a time zone") from error


async def _application(request: Request) -> Application:
    application: Application = request.app.state.application
    return application


App = Annotated[Application, Depends(_application)]
"""The services of this process."""


async def _caller(
    request: Request,
    app: App,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    api_key: Annotated[str | None, Security(_API_KEY)],
    _cookie: Annotated[str | None, Security(_COOKIE)],
) -> Principal:
    cookie = cookies.session_cookie(request)
    if bearer is None and api_key is None and cookie is None:
        raise Unauthenticated(
            Message("api.request.unauthenticated"), hint=Message("api.request.unauthenticated_hint")
        )
    principal: Principal = await app.identity.authenticate(
        bearer=bearer.credentials if bearer else None,
        api_key=api_key,
        cookie=cookie,
        csrf=request.headers.get(CSRF_HEADER),
        method=request.method,
        address=address_of(request),
    )
    request.state.principal = principal
    await limit_caller(request, principal)
    return principal


Caller = Annotated[Principal, Depends(_caller)]
"""Who is calling; 401 where nobody known is."""


async def _visitor(
    request: Request,
    app: App,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    api_key: Annotated[str | None, Security(_API_KEY)],
    cookie: Annotated[str | None, Security(_COOKIE)],
) -> Principal | None:
    shows_nothing = bearer is None and api_key is None and cookies.session_cookie(request) is None
    if shows_nothing and app.settings.assistant.anonymous == "on":
        return None
    return await _caller(request, app, bearer, api_key, cookie)


Visitor = Annotated[Principal | None, Depends(_visitor)]
"""Who is calling; None for somebody unknown where the assistant lets such in, else 401."""


def address_of(request: Request) -> str:
    """Return the caller's address; behind a trusted proxy the one it names."""
    return request.client.host if request.client else ""


async def _stopping(request: Request) -> asyncio.Event:
    stopping: asyncio.Event = request.app.state.stopping
    return stopping


Stopping = Annotated[asyncio.Event, Depends(_stopping)]
"""Set when the process was asked to stop: a stream then ends, telling its reader to come back."""


async def _trace_id(request: Request) -> str:
    return trace_of(request.scope)


TraceId = Annotated[str, Depends(_trace_id)]
"""The trace id of this request: for bodies, jobs and audit rows."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How the caller reads."""

    locale: Locale


async def _reading(
    request: Request,
    locale: Annotated[
        Literal["ko", "en"] | None, Query(description="Language of texts; else Accept-Language, else ko.")
    ] = None,
) -> ReadingOptions:
    return ReadingOptions(locale or locale_of(request.scope))


Reading = Annotated[ReadingOptions, Depends(_reading)]
"""How the caller reads."""

ShownIn = Annotated[
    Currency | None,
    Query(
        description="Currency to show amounts in, by the rate of exchange that the quotation itself records; 422 where it records none. Without it each quotation's own.",
        examples=["KRW"],
    ),
]
"""The currency the caller wants amounts shown in."""


async def _days_in(
    tz: Annotated[
        Annotated[str, Field(max_length=64), AfterValidator(_zone)] | None,
        Query(
            description="Time zone in which the days of `createdFrom` and `createdTo` are counted (IANA); else Asia/Seoul. Times are always shown in UTC.",
            examples=["Asia/Seoul"],
        ),
    ] = None,
) -> ZoneInfo:
    return tz if isinstance(tz, ZoneInfo) else DEFAULT_TIME_ZONE


DaysIn = Annotated[ZoneInfo, Depends(_days_in)]
"""The time zone the caller counts days in."""


@dataclass(frozen=True, slots=True)
class PageWanted:
    """Which page of a list, in which order, of which entries."""

    page: int
    size: int
    sort: str
    filter: tuple[str, ...]

    @property
    def offset(self) -> int:
        """Return how many entries stand before this page."""
        return (self.page - 1) * self.size

    def order(self, columns: Mapping[str, Column], default: str) -> tuple[Column, bool]:
        """Return the column to sort by and whether it falls; ``columns`` by their names on the wire. Raises BadInput for another name."""
        wanted = self.sort or default
        name = wanted.removeprefix("-")
        if name not in columns:
            raise InvalidRequest.at(
                "query.sort", Message("api.request.sort", {"given": name, "allowed": ", ".join(columns)})
            )
        return columns[name], wanted.startswith("-")

    def conditions(self, columns: Mapping[str, Column]) -> list[tuple[Column, str]]:
        """Return the columns to filter by with the value each must have. Raises BadInput for a name ``columns`` does not hold."""
        found = []
        for position, condition in enumerate(self.filter):
            name, colon, value = condition.partition(":")
            if name not in columns or not colon or "\0" in value:
                values = {"given": name[:40], "allowed": ", ".join(columns)}
                raise InvalidRequest.at(f"query.filter[{position}]", Message("api.request.filter", values))
            found.append((columns[name], value))
        return found


async def _page_wanted(
    page: Annotated[int, Query(ge=1, le=10_000, description="Number of the page, from 1.")] = 1,
    size: Annotated[int, Query(ge=1, le=100, description="Most items of a page.")] = 20,
    sort: Annotated[
        str,
        Query(
            max_length=60,
            description="Field to sort by; with a leading - the largest first.",
            examples=["-createdAt"],
        ),
    ] = "",
    filter: Annotated[  # noqa: A002 - the name of the query parameter
        list[str],
        Query(
            max_length=10,
            description="`field:value`; several must all hold.",
            examples=[["status:completed"]],
        ),
    ] = [],  # noqa: B006 - read only
) -> PageWanted:
    return PageWanted(page, size, sort, tuple(filter))


PageRequest = Annotated[PageWanted, Depends(_page_wanted)]
"""Which page of a list, in which order, of which entries."""
