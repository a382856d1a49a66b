"""An API with routes of the tests' own, over services that are only there where a test needs them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal, cast
from uuid import UUID, uuid4

import httpx2
from fastapi import APIRouter, FastAPI, File, Query, UploadFile
from pydantic import Field, HttpUrl, PlainSerializer, SecretStr, WithJsonSchema
from starlette.requests import Request

from kis.api.app import create_app
from kis.api.dependencies import Application, Caller, DaysIn, PageRequest, Reading, ShownIn, TraceId
from kis.api.errors import errors
from kis.api.headers import IdempotencyKey, IfMatch, check_match, etag_of
from kis.api.schemas.common import Time, WireModel
from kis.identity import ROLE_PERMISSIONS, Permission, Principal, Role, Via
from kis.platform.configuration import (
    ApplicationSettings,
    JobSettings,
    LimitSettings,
    Settings,
    TelemetrySettings,
)
from kis.platform.database import Database
from kis.platform.errors import (
    BadInput,
    Conflict,
    KisError,
    LockTimeout,
    Problem,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from kis.platform.limits import InProcess
from kis.platform.messages import Message
from kis.platform.storage import open_store

ADDRESS = "http://localhost"
SECRET = b"a secret of the tests, long enough"


PriceText = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1250000.00"]}),
]


class Part(WireModel):
    """One part of a thing."""

    kind: Literal["main", "branch"]
    rating_a: int = Field(ge=1, le=6300)


class Thing(WireModel):
    """A shape with every kind of field."""

    name: str = Field(min_length=1, max_length=20)
    unit_price: PriceText | None = None
    parts: list[Part] = Field(default_factory=list, max_length=3)
    code: str | None = Field(None, pattern="^[A-Z]{3}$")
    due: Time | None = None
    share: float | None = Field(None, gt=0, lt=1)
    even: int | None = Field(None, multiple_of=2)
    owner: UUID | None = None
    link: HttpUrl | None = None
    is_urgent: bool = False


probe = APIRouter(prefix="/v1/things")


@probe.post("", status_code=201, responses=errors(409))
async def make_thing(thing: Thing, trace_id: TraceId, key: IdempotencyKey = None) -> dict[str, Any]:
    return {"thing": thing.model_dump(mode="json"), "key": key, "traceId": trace_id}


@probe.get("")
async def list_things(
    page: PageRequest, reading: Reading, time_zone: DaysIn, currency: ShownIn = None
) -> dict[str, Any]:
    column, falls = page.order({"name": "name", "createdAt": "created_at"}, "-createdAt")
    conditions = page.conditions({"status": "status"})
    zone = str(time_zone)
    shown = {"column": column, "falls": falls, "offset": page.offset, "conditions": conditions}
    return shown | {"locale": reading.locale, "currency": currency, "zone": zone}


@probe.get("/{thing_id}")
async def get_thing(thing_id: UUID, limit: Annotated[int, Query(ge=1)] = 1) -> dict[str, Any]:
    return {"id": str(thing_id), "limit": limit}


@probe.put("/{thing_id}")
async def change_thing(thing_id: UUID, thing: Thing, if_match: IfMatch = None) -> dict[str, Any]:
    check_match(if_match, etag_of("version", 1))
    return {"id": str(thing_id), "name": thing.name}


@probe.post("/files")
async def upload(file: Annotated[UploadFile, File()]) -> dict[str, Any]:
    return {"size": len(await file.read())}


@probe.post("/raw")
async def read_raw(request: Request) -> dict[str, Any]:
    return {"size": len(await request.body())}


@probe.get("/me/name")
async def get_own_role(caller: Caller) -> dict[str, Any]:
    return {"role": caller.role}


FAILURES: dict[str, Exception] = {
    "conflict": Conflict(
        Message("api.request.outdated"), hint=Message("api.request.not_found_hint"), limit=2
    ),
    "bad_input": BadInput("request.yaml", [Problem("panels[0].main", Message("api.invalid.missing"))]),
    "throttled": TooManyRequests(Message("api.unavailable"), retry_after_seconds=12.2),
    "lock": LockTimeout(Path("/private/keys"), 3),
    "away": Unavailable(Message("api.unavailable")),
    "internal": KisError(Message("api.internal", {"trace_id": "secret inside"}), reason="inside"),
    "unexpected": ZeroDivisionError("secret inside"),
}


@probe.get("/failures/{name}")
async def fail(name: str) -> None:
    raise FAILURES[name]


class Doorman:
    """Knows one bearer and one key."""

    async def authenticate(
        self, *, bearer: str | None = None, api_key: str | None = None, **_other: Any
    ) -> Principal:
        if bearer == "operator":
            return caller(Role.ADMIN, Permission.INSTALLATION_OPERATE)
        if bearer == "good" or api_key == "good":
            return caller(Role.VIEWER)
        raise Unauthenticated(Message("api.request.unauthenticated"))


def caller(role: Role, *more: Permission) -> Principal:
    """Return somebody of an organisation of their own."""
    permissions = ROLE_PERMISSIONS[role] | set(more)
    return Principal(
        organization_id=uuid4(), role=role, permissions=permissions, via=Via.TOKEN, user_id=uuid4()
    )


def services(
    home: Path,
    *,
    database: Database | None = None,
    jobs: JobSettings | None = None,
    metrics_token: str = "",
    **settings: Any,
) -> Application:
    """Return what the API needs of an application; without ``database`` one that cannot be reached."""
    own = ApplicationSettings(**{"data": home, "public_url": "", **settings})
    made = Settings(
        application=own,
        jobs=jobs or JobSettings(),
        telemetry=TelemetrySettings(metrics_token=SecretStr(metrics_token)),
        limits=LimitSettings(per_minute=10**6, address_per_minute=10**6),
    )
    return cast(
        "Application",
        SimpleNamespace(
            settings=made,
            database=database or Database("postgresql://nobody:nothing@127.0.0.1:1/nowhere", pool_size=2),
            storage=open_store(made.storage, data=home, secret=SECRET, public_url=ADDRESS),
            identity=Doorman(),
            limiter=InProcess(),
        ),
    )


def probe_app(home: Path, **settings: Any) -> FastAPI:
    """Return the API with the routes above."""
    app = create_app(services(home, **settings))
    app.include_router(probe, responses=errors())
    return app


@asynccontextmanager
async def client_of(app: FastAPI, **options: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield a client that calls ``app`` without a network."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, **options)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield client


GOOD_THING = {
    "name": "MCCB",
    "unitPrice": str(Decimal("1250.50")),
    "parts": [{"kind": "main", "ratingA": 100}],
}
