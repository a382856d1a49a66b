"""Tables of work to do: jobs, what must leave after a commit, and the answers kept for retries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from kis.platform.database import Base, created_at, primary_key, updated_at


class Job(Base):
    """One unit of work. A worker holds it by a lease (``lease_owner`` until ``lease_until``); only who holds it may finish it."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name="status"),
        CheckConstraint("(status = 'running') = (lease_owner IS NOT NULL)", name="lease"),
        Index(
            "ix_jobs_ready",
            "priority",
            "run_after",
            "id",
            postgresql_where=text("status IN ('queued', 'running')"),
        ),
        Index("ix_jobs_subject", "subject_id"),
        {"schema": "shared"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID | None] = mapped_column(index=True)
    kind: Mapped[str]
    """``noun.verb``: quotation.produce."""
    subject_id: Mapped[UUID | None]
    """What the job is about, so that a task loads it by id."""
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    status: Mapped[str] = mapped_column(server_default="queued")
    priority: Mapped[int] = mapped_column(server_default=text("100"))
    """The smallest first."""
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    run_after: Mapped[datetime] = created_at()
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    progress: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    error: Mapped[dict[str, Any] | None]
    trace_id: Mapped[str] = mapped_column(server_default="")
    dedup_key: Mapped[str | None] = mapped_column(unique=True)
    dispatched_at: Mapped[datetime | None]
    """When it was handed to the broker, where there is one."""
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class OutboxMessage(Base):
    """Something that must leave (to a broker, a mail server) once, and only if the transaction that wrote it is kept."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "run_after",
            "id",
            postgresql_where=text("sent_at IS NULL AND failed_at IS NULL"),
        ),
        {"schema": "shared"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID | None]
    topic: Mapped[str]
    """``job.dispatch``, ``mail.send``."""
    payload: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    run_after: Mapped[datetime] = created_at()
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime] = created_at()


class IdempotencyKey(Base):
    """The first answer to a request with an Idempotency-Key, kept for 24 hours."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"), {"schema": "shared"})

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    caller: Mapped[str] = mapped_column(primary_key=True)
    """``user:<id>`` or ``key:<id>``: two callers may use the same key."""
    key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str]
    request_sha256: Mapped[str]
    status_code: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = created_at()


class ApiMetric(Base):
    """How long answers took, by the minute and route (K6): what the queries of the runbook read."""

    __tablename__ = "api_metrics"
    __table_args__ = (Index("ix_api_metrics_timestamp", "timestamp"), {"schema": "shared"})

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    timestamp: Mapped[datetime] = created_at()
    route: Mapped[str]
    method: Mapped[str]
    status: Mapped[int]
    response_time_ms: Mapped[float]
