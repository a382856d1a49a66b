"""What catalogs hold beside products, and what taking one in tells."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from kis.assistant.things import Product
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Who makes products, as a catalog says of itself."""

    id: str
    name: str
    hq: str = ""
    founded: str = ""
    website: str = ""
    logo_url: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandCatalog:
    """A brand with its products."""

    brand: Brand
    products: tuple[Product, ...]
    pointers: tuple[str, ...] = ()
    """Where each product stands in the file it was read from."""


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFinding:
    """Something that is not well in a catalog though it can be used."""

    severity: Severity
    rule: str
    pointer: str
    """JSON pointer into the catalog."""
    message: Message
    line: int = 0
    """0 where there is no file."""
    product_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogReport:
    """What taking a catalog in did, or with ``is_dry_run`` would do."""

    name: str
    sha256: str
    brands: tuple[str, ...]
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    findings: tuple[ProductFinding, ...] = ()
    is_dry_run: bool = False
    import_id: UUID | None = None
    """None where nothing changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastImport:
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
    imported_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPrice:
    """What a product costs by a price book."""

    amount: Decimal
    currency: str
    unit: str
    book: str
    digest: str
    """Of the price book, as it names itself."""
    valid_from: date
    """The first day of the price book."""
    is_illustrative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetails:
    """A product with who makes it and, where the caller may see it, its price."""

    product: Product
    brand: Brand
    is_own: bool
    price: ProductPrice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedProduct:
    """A product with what it is to another."""

    kind: str
    label: str
    product: Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """A product with who makes it and what is related to it."""

    product: Product
    brand: Brand
    related: tuple[RelatedProduct, ...]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Some of the products found, and how many there are in all."""

    items: tuple[Product, ...]
    total: int
