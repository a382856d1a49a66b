"""A request as it arrives: its bytes become a request of the engine, and its content a digest that a retry can be known by."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import orjson

from kis.estimator import ALL_FORMS, ParsedRequest, forms_of, parse_content, parse_request
from kis.evidence import sha256_hex
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

SOURCE: Final = "request"
FEW_PANELS: Final = 4
FEW_BYTES: Final = 2048
"""So many panels, and so much text, are read in less time than a thread takes to be given the work."""
_NUL: Final = b"\\u0000"

Form = Literal["json", "yaml"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A request that was understood, as it is kept."""

    parsed: ParsedRequest
    source: dict[str, Any]
    sha256: str

    @property
    def named(self) -> tuple[str, str]:
        """Return customer and project."""
        return self.parsed.request.customer.name, self.parsed.request.project


async def read_body(body: bytes, form: Form) -> ParsedRequest:
    """Return the request in a body of JSON or YAML, read as a request file is. Raises BadInput with every problem."""
    if len(body) <= FEW_BYTES:
        return parse_content(body, form, SOURCE)
    return await asyncio.to_thread(parse_content, body, form, SOURCE)


async def understood(given: Mapping[str, object] | ParsedRequest) -> Given:
    """Return ``given`` as a request of the engine. Raises BadInput with every problem."""
    if isinstance(given, ParsedRequest):
        if len(given.request.panels) > FEW_PANELS:
            return await asyncio.to_thread(_given, given)
        return _given(given)
    panels = given.get("panels")
    if isinstance(panels, Sequence) and len(panels) > FEW_PANELS:
        return await asyncio.to_thread(lambda: _given(parse_request(given, SOURCE)))
    return _given(parse_request(given, SOURCE))


def wanted_documents(words: Sequence[str] | None) -> list[str]:
    """Return the forms of documents asked for, all where none is named. Raises BadInput."""
    forms = ALL_FORMS if words is None else forms_of(words)
    return [form.value for form in forms]


def quotation_days(parsed: ParsedRequest, time_zone: str) -> tuple[date, date]:
    """Return the day of the quotation (today's, where the organisation is, if the request names none) and the last day of its validity."""
    day = parsed.request.quotation_date or datetime.now(UTC).astimezone(ZoneInfo(time_zone)).date()
    return day, day + timedelta(days=parsed.request.validity_days)


def digest_of(value: object) -> str:
    """Return the SHA-256 of plain values, whatever the order of their names."""
    return sha256_hex(_bytes(value))


def _given(parsed: ParsedRequest) -> Given:
    content = _bytes(parsed.source)
    return Given(parsed=parsed, source=orjson.loads(content), sha256=sha256_hex(content))


def _bytes(value: object) -> bytes:
    try:
        content = orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    except TypeError as error:
        raise BadInput(SOURCE, [Problem("", Message("quotations.not_text"))]) from error
    if _NUL in content:
        raise BadInput(SOURCE, [Problem("", Message("quotations.not_text"))])
    return content
