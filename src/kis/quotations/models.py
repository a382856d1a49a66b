"""Tables of quotations: the business object, its parts for questions and reports, its events, and what people decided about it.

The finished result is kept whole (``Quote.result``) and also by its parts, so that both "show me all of it" and "which panels had a 4P 100 A
main" are one query. Status: draft → queued → processing → completed | review | failed; then sent → won | lost | expired.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Numeric,
    UniqueConstraint,
    desc,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kis.platform.database import Base, created_at, primary_key, updated_at

STATUSES = (
    "draft",
    "queued",
    "processing",
    "completed",
    "review",
    "failed",
    "sent",
    "won",
    "lost",
    "expired",
)
STATUS_CHECK = f"status IN ({', '.join(repr(status) for status in STATUSES)})"
Money = Numeric(18, 4)


def _of_the_same_organization(column: str, parent: str, *, cascade: bool = False) -> ForeignKeyConstraint:
    """Return the foreign key to a row that must belong to the organisation of this one."""
    return ForeignKeyConstraint(
        [column, "organization_id"],
        [f"estimator.{parent}.id", f"estimator.{parent}.organization_id"],
        ondelete="CASCADE" if cascade else None,
    )


class Quote(Base):
    """A quotation, one revision of it. Frozen by a trigger once sent."""

    __tablename__ = "quotes"
    __table_args__ = (
        UniqueConstraint("id", "organization_id"),
        _of_the_same_organization("previous_id", "quotes"),
        UniqueConstraint("organization_id", "number", "revision"),
        CheckConstraint(STATUS_CHECK, name="status"),
        CheckConstraint("revision BETWEEN 0 AND 999", name="revision"),
        CheckConstraint("trace_id ~ '^[0-9a-f]{32}$'", name="trace_id"),
        CheckConstraint("verdict IS NULL OR verdict IN ('pass', 'remark', 'fail')", name="verdict"),
        CheckConstraint("status <> 'sent' OR sent_at IS NOT NULL", name="sent"),
        Index("ix_quotes_organization_id_created_at", "organization_id", desc("created_at"), "id"),
        Index("ix_quotes_organization_id_status", "organization_id", "status", desc("created_at")),
        {"schema": "estimator"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"))
    number: Mapped[str]
    """What all revisions share: ``HB-2026-0042``."""
    revision: Mapped[int] = mapped_column(server_default=text("0"))
    previous_id: Mapped[UUID | None] = mapped_column(index=True)
    """The revision before this one."""
    origin: Mapped[str] = mapped_column(server_default="request")
    """request, revise, requote."""
    status: Mapped[str] = mapped_column(server_default="queued")
    request: Mapped[dict[str, Any]]
    """As it was given, parsed from JSON or YAML."""
    request_sha256: Mapped[str]
    customer_name: Mapped[str]
    project_name: Mapped[str]
    locale: Mapped[str]
    currency: Mapped[str]
    documents_wanted: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    quotation_date: Mapped[date]
    valid_until: Mapped[date]
    trace_id: Mapped[str] = mapped_column(index=True)
    """Of the newest pack, given when the quotation was accepted."""
    verdict: Mapped[str | None]
    totals: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """``calculate_quote_totals`` of its items, margin, discount and VAT."""
    subtotal: Mapped[Decimal | None] = mapped_column(Money)
    total: Mapped[Decimal | None] = mapped_column(Money)
    margin_percent: Mapped[Decimal] = mapped_column(Numeric(7, 4), server_default=text("0"))
    discount_percent: Mapped[Decimal] = mapped_column(Numeric(7, 4), server_default=text("0"))
    vat_percent: Mapped[Decimal] = mapped_column(Numeric(7, 4), server_default=text("10"))
    engineering_sha256: Mapped[str | None]
    document_id: Mapped[str | None]
    catalog_digest: Mapped[str | None]
    price_book_digest: Mapped[str | None]
    rulebook_digest: Mapped[str | None]
    result: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The whole result, canonical JSON as in the pack's output.json."""
    failure: Mapped[dict[str, Any] | None]
    """Why it failed: code, message in ko and en, hint."""
    comparison: Mapped[dict[str, Any] | None]
    """Of a re-quotation: what changed against ``previous_id``, line by line, and each total before and after."""
    event_sequence: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    """Raised by every change; the ETag."""
    created_by: Mapped[str]
    """``user:<id>`` or ``key:<id>``."""
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Panel(Base):
    """A panel of a quotation as it was designed."""

    __tablename__ = "panels"
    __table_args__ = (
        UniqueConstraint("id", "organization_id"),
        _of_the_same_organization("quote_id", "quotes", cascade=True),
        UniqueConstraint("quote_id", "position"),
        {"schema": "estimator"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"), index=True)
    quote_id: Mapped[UUID]
    position: Mapped[int]
    name: Mapped[str]
    quantity: Mapped[int]
    is_designed: Mapped[bool]
    enclosure_model: Mapped[str | None]
    width_mm: Mapped[int | None]
    height_mm: Mapped[int | None]
    depth_mm: Mapped[int | None]
    fit_score: Mapped[Decimal | None] = mapped_column(Numeric(6, 4))
    phase_r_a: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    phase_s_a: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    phase_t_a: Mapped[Decimal | None] = mapped_column(Numeric(14, 4))
    imbalance: Mapped[Decimal | None] = mapped_column(Numeric(8, 6))
    unit_subtotal: Mapped[Decimal | None] = mapped_column(Money)
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class Breaker(Base):
    """Breakers of a panel, equal ones together: mains and branches with their phase, which ``get_phase_balance`` sums."""

    __tablename__ = "breakers"
    __table_args__ = (
        _of_the_same_organization("panel_id", "panels", cascade=True),
        UniqueConstraint("panel_id", "position"),
        CheckConstraint("role IN ('main', 'branch')", name="role"),
        CheckConstraint("quantity > 0", name="quantity"),
        {"schema": "estimator"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"), index=True)
    panel_id: Mapped[UUID]
    position: Mapped[int]
    role: Mapped[str]
    kind: Mapped[str]
    make: Mapped[str]
    model: Mapped[str]
    poles: Mapped[int]
    frame_af: Mapped[int | None]
    rating_a: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    quantity: Mapped[int]
    load_name: Mapped[str] = mapped_column(server_default="")
    phase: Mapped[str] = mapped_column(server_default="")
    """R, S, T, or several (RST, RS); empty for a main."""
    phase_r_a: Mapped[Decimal] = mapped_column(Numeric(14, 4), server_default=text("0"))
    """Load in amperes of all ``quantity`` of them on this phase."""
    phase_s_a: Mapped[Decimal] = mapped_column(Numeric(14, 4), server_default=text("0"))
    phase_t_a: Mapped[Decimal] = mapped_column(Numeric(14, 4), server_default=text("0"))
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class QuoteItem(Base):
    """A priced line of a quotation: of a panel, or of the whole. ``quantity`` counts all panels of its kind."""

    __tablename__ = "quote_items"
    __table_args__ = (
        _of_the_same_organization("quote_id", "quotes", cascade=True),
        _of_the_same_organization("panel_id", "panels", cascade=True),
        UniqueConstraint("quote_id", "position"),
        {"schema": "estimator"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"), index=True)
    quote_id: Mapped[UUID]
    panel_id: Mapped[UUID | None] = mapped_column(index=True)
    position: Mapped[int]
    item: Mapped[str]
    spec: Mapped[str] = mapped_column(server_default="")
    unit: Mapped[str] = mapped_column(server_default="")
    quantity: Mapped[Decimal] = mapped_column(Numeric(16, 4))
    unit_price: Mapped[Decimal] = mapped_column(Money)
    amount: Mapped[Decimal] = mapped_column(Money)
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class GateResult(Base):
    """What a gate said, for questions over many quotations."""

    __tablename__ = "gate_results"
    __table_args__ = (
        _of_the_same_organization("quote_id", "quotes", cascade=True),
        UniqueConstraint("quote_id", "position"),
        CheckConstraint(
            "verdict IN ('pass', 'remark', 'fail', 'not_applicable', 'not_checked')", name="verdict"
        ),
        {"schema": "estimator"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"), index=True)
    quote_id: Mapped[UUID]
    position: Mapped[int]
    panel: Mapped[str] = mapped_column(server_default="")
    gate: Mapped[str] = mapped_column(index=True)
    stage: Mapped[str] = mapped_column(server_default="")
    verdict: Mapped[str]
    measured: Mapped[str | None]
    operator: Mapped[str] = mapped_column(server_default="")
    limit: Mapped[str | None]
    unit: Mapped[str] = mapped_column(server_default="")
    explanation: Mapped[str] = mapped_column(server_default="")
    """In the language of the quotation."""
    acceptance: Mapped[dict[str, Any] | None]
    """Who took it on, when and why, as the wire shows it."""
    created_at: Mapped[datetime] = created_at()


class GateAcceptance(Base):
    """A failing gate that a person with the right took on themselves, and why."""

    __tablename__ = "gate_acceptances"
    __table_args__ = (
        _of_the_same_organization("quote_id", "quotes"),
        UniqueConstraint("quote_id", "panel", "gate"),
        {"schema": "estimator"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"), index=True)
    quote_id: Mapped[UUID]
    panel: Mapped[str] = mapped_column(server_default="")
    gate: Mapped[str]
    measured: Mapped[str | None]
    reason: Mapped[str]
    accepted_by: Mapped[str]
    accepted_name: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = created_at()


class MixedException(Base):
    """An approved exception for breakers of more than one make. At most two in a calendar month of Asia/Seoul and organisation, held by the database."""

    __tablename__ = "mixed_exceptions"
    __table_args__ = (
        _of_the_same_organization("quote_id", "quotes"),
        UniqueConstraint("organization_id", "month", "ordinal"),
        UniqueConstraint("quote_id", "panel"),
        CheckConstraint("ordinal BETWEEN 1 AND 2", name="ordinal"),
        CheckConstraint(
            "month = date_trunc('month', created_at AT TIME ZONE 'Asia/Seoul')::date", name="month"
        ),
        {"schema": "estimator"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"))
    month: Mapped[date]
    """First day of the month in Asia/Seoul."""
    ordinal: Mapped[int]
    quote_id: Mapped[UUID]
    panel: Mapped[str]
    makes: Mapped[str]
    reason: Mapped[str]
    approved_by: Mapped[str]
    created_at: Mapped[datetime] = created_at()


class Document(Base):
    """A document of a quotation and where its bytes are."""

    __tablename__ = "documents"
    __table_args__ = (
        _of_the_same_organization("quote_id", "quotes", cascade=True),
        UniqueConstraint("quote_id", "trace_id", "name"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        Index("ix_documents_sha256", "sha256"),
        {"schema": "estimator"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"), index=True)
    quote_id: Mapped[UUID]
    trace_id: Mapped[str]
    kind: Mapped[str]
    """quotation_pdf, workbook, drawing_svg…: the kinds of the result's ``documents``."""
    name: Mapped[str]
    path: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = created_at()


class QuoteEvent(Base):
    """What a listener of the stream is told; ``seq`` rises by one within a quotation."""

    __tablename__ = "quote_events"
    __table_args__ = (
        _of_the_same_organization("quote_id", "quotes", cascade=True),
        CheckConstraint("kind IN ('PROGRESS', 'GATE_RESULT', 'DONE', 'ERROR')", name="kind"),
        {"schema": "estimator"},
    )

    quote_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"))
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = created_at()


class StoredRulebook(Base):
    """A rulebook of an organisation (or, without one, a shipped one), as its YAML."""

    __tablename__ = "rulebooks"
    __table_args__ = (UniqueConstraint("organization_id", "name", "version"), {"schema": "estimator"})

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity.organizations.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    version: Mapped[str]
    valid_from: Mapped[date]
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = created_at()


class NumberCounter(Base):
    """The last running number an organisation gave out in a year."""

    __tablename__ = "number_counters"
    __table_args__ = ({"schema": "estimator"},)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    running: Mapped[int]
