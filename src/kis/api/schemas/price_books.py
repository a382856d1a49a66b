"""Shapes of price books."""

from datetime import date
from uuid import UUID

from pydantic import Field

from kis.api.schemas.catalog import CatalogChange, UploadFinding
from kis.api.schemas.common import AmountText, Time, TraceIdText, WireModel


class PriceBookFacts(WireModel):
    """A price book without its prices."""

    id: UUID
    name: str = Field(description="What a request names it by.", examples=["hanbit-2026-11"])
    version: str
    title: dict[str, str] = Field(description="By language.")
    currency: str
    valid_from: date
    valid_to: date | None
    is_illustrative: bool = Field(description="Made-up prices; every document made with them says so.")
    digest: str = Field(description="SHA-256 of the file.")
    is_own: bool
    created_at: Time


class UnitPrice(WireModel):
    """One entry of a price book."""

    key: str = Field(examples=["breaker:ABN-53"])
    unit_price: AmountText
    unit: str
    source: str


class PriceBookWhole(PriceBookFacts):
    """A price book with its prices."""

    prices: list[UnitPrice]
    trace_id: TraceIdText


class PriceBookList(WireModel):
    """All price books of an organisation and those that came with the program."""

    items: list[PriceBookFacts]
    trace_id: TraceIdText


class PriceBookTaken(PriceBookFacts):
    """A price book that was taken in, and what is remarkable about it."""

    findings: list[UploadFinding]
    trace_id: TraceIdText


class PriceBookDiff(WireModel):
    """What changed from one price book to another."""

    changes: list[CatalogChange]
    trace_id: TraceIdText
