"""Shapes that every area of the API shares."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

Item = TypeVar("Item")


class WireModel(BaseModel):
    """A shape of the wire: snake_case here, camelCase there; frozen; unknown names are refused, so that a typing error shows."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        from_attributes=True,
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=True,
    )


def rfc3339(moment: datetime) -> str:
    """Return a time as the wire shows it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_RFC3339: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})")


def _written(given: Any) -> Any:
    """Refuse what pydantic would take for a time as well: a number of seconds, a date alone."""
    if isinstance(given, datetime) or (isinstance(given, str) and _RFC3339.fullmatch(given)):
        return given
    raise PydanticCustomError("datetime_parsing", "not a time of RFC 3339")


Time = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(lambda moment: moment.astimezone(UTC)),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
]
"""A moment; one without its offset is refused, one from the database comes out in UTC."""

AmountText = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", examples=["1250000"])]
"""An amount as text, so that no reader makes a binary fraction of it; with the decimals of its currency (``kis.platform.money``)."""

TraceIdText = Annotated[str, Field(pattern="^[0-9a-f]{32}$", examples=["4bf92f3577b34da6a3ce929d0e0e4736"])]
PackTraceIdText = Annotated[
    TraceIdText,
    Field(
        description="Of the quotation's newest evidence pack, under which `GET /v1/evidence/{traceId}` finds it; not that of this request, which is X-Trace-Id."
    ),
]


class Page(WireModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    page: int = Field(ge=1, description="Number of this page, from 1.")
    size: int = Field(ge=1, le=100, description="Most items of a page.")
    total: int = Field(ge=0, description="Items on all pages.")
    trace_id: TraceIdText


class WireProblem(WireModel):
    """One thing wrong with what was sent."""

    path: str = Field(
        description="Where: `panels[0].main`, `query.size`, `header.Idempotency-Key`; empty for the whole."
    )
    message: str


class ErrorMeta(BaseModel):
    """Facts a program can act on."""

    model_config = ConfigDict(extra="allow")

    dedupKey: str = Field(  # noqa: N815 - a name of the wire
        description="The same for the same kind of error at the same route, so that a client can show or report it once."
    )
    problems: list[WireProblem] | None = Field(
        None, description="What is wrong with the input, all of it at once."
    )


class ErrorBody(BaseModel):
    """The one shape of every error."""

    code: str = Field(description="Stable name of the kind of error.", examples=["bad_input"])
    message: str = Field(description="What went wrong, in the caller's language.")
    hint: str | None = Field(None, description="What the caller can do about it.")
    traceId: TraceIdText  # noqa: N815 - a name of the wire
    meta: ErrorMeta


JsonObject = dict[str, Any]
