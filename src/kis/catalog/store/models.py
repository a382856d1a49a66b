"""Tables of the catalogue: items people search, and the editions, price books a quotation is made from, kept by their digest."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kis.platform.database import Base, created_at, primary_key, updated_at


class CatalogItem(Base):
    """A part. Without an organisation it is everyone's (shipped); one of an organisation is its own and stands over a shipped one of the same key."""

    __tablename__ = "catalog_items"
    __table_args__ = (
        UniqueConstraint("organization_id", "kind", "key"),
        Index(
            "uq_catalog_items_shipped",
            "kind",
            "key",
            unique=True,
            postgresql_where=text("organization_id IS NULL"),
        ),
        Index(
            "ix_catalog_items_search",
            text("array_to_tsvector(string_to_array(search, ' '))"),
            postgresql_using="gin",
            postgresql_where=text("is_active"),
        ),
        CheckConstraint("kind IN ('breaker', 'enclosure', 'accessory')", name="kind"),
        {"schema": "shared"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity.organizations.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    key: Mapped[str]
    """What names it within its kind, as in the lint of the catalogue: ``ABN-53``, ``32GRHS/15mA``, ``magnetic_contactor/MC-9..22``."""
    make: Mapped[str]
    model: Mapped[str]
    search: Mapped[str]
    """All words it is found by, folded, each once, divided by one space."""
    columns: Mapped[dict[str, Any]]
    """The row of its table (breakers.csv, enclosures.csv, accessories.csv), column by column."""
    source: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class CatalogEdition(Base):
    """The files of a catalogue, by their digest: what a quotation was made from stays readable for ever."""

    __tablename__ = "catalog_editions"
    __table_args__ = ({"schema": "shared"},)

    digest: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity.organizations.id", ondelete="CASCADE"), primary_key=False, index=True
    )
    version: Mapped[str]
    files: Mapped[dict[str, Any]]
    """Text of each file by its name."""
    created_at: Mapped[datetime] = created_at()


class StoredPriceBook(Base):
    """A dated price book of an organisation (or, without one, a shipped one), as its YAML."""

    __tablename__ = "price_books"
    __table_args__ = (
        UniqueConstraint("organization_id", "name", "version"),
        Index(
            "uq_price_books_shipped",
            "name",
            "version",
            unique=True,
            postgresql_where=text("organization_id IS NULL"),
        ),
        {"schema": "shared"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity.organizations.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    """The id in the book: what a request names. Of several versions the one that begins last is meant."""
    version: Mapped[str]
    title: Mapped[dict[str, Any]]
    """By locale."""
    currency: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    is_illustrative: Mapped[bool] = mapped_column(server_default=text("false"))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = created_at()
