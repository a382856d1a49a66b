"""Shapes of products and the catalogs they come from."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from kis.api.schemas.common import AmountText, Time, TraceIdText, WireModel


class DocumentationBody(WireModel):
    """Where a product's manual is."""

    type: Literal["pdf", "html", "html_scrape"]
    url: str
    backup_url: str | None


class ProductBody(WireModel):
    """A product."""

    id: str = Field(
        description="The catalog's own id; of a part of the estimator's catalogue `part:<kind>:<key>`."
    )
    name: str
    brand: str
    category: str
    country: str
    names: list[str] = Field(description="Other names it goes by.")
    images: dict[str, str] = Field(description="Addresses by their use: main, thumbnail, logo.")
    documentation: DocumentationBody | None
    facts: dict[str, str] = Field(
        description="What is known of it; `unverified` names the facts that nobody has read off a maker's sheet."
    )


class BrandBody(WireModel):
    """Who makes a product."""

    id: str
    name: str
    hq: str
    founded: str
    website: str
    logo_url: str
    description: str


class ProductPriceBody(WireModel):
    """What a product costs by a price book."""

    amount: AmountText
    currency: str
    unit: str
    book: str = Field(description="Name of the price book.")
    is_illustrative: bool = Field(description="Whether the book is an example and no offer.")


class ProductDetailsBody(WireModel):
    """A product with its brand and, for those who may read price books, its price."""

    product: ProductBody
    brand: BrandBody
    is_own: bool = Field(description="The organisation's own; others are everybody's.")
    price: ProductPriceBody | None


class AddedProduct(WireModel):
    """A product to be put on a draft."""

    quote_id: UUID = Field(description="A quotation that is still a draft.")
    quantity: int = Field(1, ge=1, le=999)
    panel: str | None = Field(
        None,
        min_length=1,
        max_length=60,
        description="Where a part goes; not needed where there is one panel.",
    )
    rating_a: int | None = Field(
        None, ge=1, le=10_000, description="Of a breaker that is made for several ratings."
    )
    unit_price: Decimal | None = Field(
        None,
        ge=0,
        max_digits=15,
        decimal_places=2,
        description="Of a product that is no part of the catalogue, in the currency of the quotation.",
    )


class RelatedProductBody(WireModel):
    """A product with what it is to another."""

    kind: str = Field(examples=["accessory"])
    label: str
    product: ProductBody


class RelatedProducts(WireModel):
    """What is related to a product, in the order of its catalog."""

    items: list[RelatedProductBody]
    trace_id: TraceIdText


class CatalogFindingBody(WireModel):
    """Something that is not well in a catalog that was taken in all the same."""

    severity: Literal["error", "warning", "info"]
    rule: str = Field(examples=["dead_relation"])
    pointer: str = Field(description="JSON pointer into the file.", examples=["/products/3/relationships/0"])
    line: int = Field(description="Line of the file; 0 where it is not known.")
    message: str


class CatalogImported(WireModel):
    """What taking a catalog in did, or would do."""

    id: UUID | None = Field(description="Of the import; null where nothing changed, and for a dry run.")
    name: str
    sha256: str
    brands: list[str]
    added: int
    changed: int
    unchanged: int
    removed: int
    findings: list[CatalogFindingBody] = Field(description="The first thousand.")
    is_dry_run: bool
    trace_id: TraceIdText


class PastImportBody(WireModel):
    """A catalog that was taken in."""

    id: UUID
    name: str
    sha256: str
    brand: str
    added: int
    changed: int
    unchanged: int
    removed: int
    findings: int
    is_own: bool
    created_at: Time
