"""Tables of identity: organisations, their people, and every kind of credential. Secrets stand here only as digests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kis.platform.database import Base, created_at, primary_key, updated_at

ROLES_CHECK = "role IN ('admin', 'estimator', 'editor', 'reviewer', 'viewer')"


class Organization(Base):
    """A company that quotes; all business rows belong to one."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name="code"),
        CheckConstraint("length(btrim(name)) BETWEEN 1 AND 200", name="name"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = primary_key()
    code: Mapped[str] = mapped_column(unique=True)
    """Letters before the number of its quotations (``HB-2026-0042-R1``)."""
    name: Mapped[str]
    locale: Mapped[str] = mapped_column(server_default="ko")
    currency: Mapped[str] = mapped_column(server_default="KRW")
    time_zone: Mapped[str] = mapped_column(server_default="Asia/Seoul")
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class User(Base):
    """A person. ``is_operator``: may make organisations and see the whole installation."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email", text("lower(email)"), unique=True),
        CheckConstraint("position('@' in email) > 1 AND length(email) <= 254", name="email"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = primary_key()
    email: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    password_hash: Mapped[str | None]
    locale: Mapped[str] = mapped_column(server_default="ko")
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    is_operator: Mapped[bool] = mapped_column(server_default=text("false"))
    last_login_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class Membership(Base):
    """What a person is in an organisation."""

    __tablename__ = "memberships"
    __table_args__ = (CheckConstraint(ROLES_CHECK, name="role"), {"schema": "identity"})

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity.organizations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity.users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str]
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class LoginSession(Base):
    """One login, of a browser or a client; its refresh tokens are one family."""

    __tablename__ = "sessions"
    __table_args__ = ({"schema": "identity"},)

    id: Mapped[UUID] = primary_key()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity.organizations.id", ondelete="CASCADE"), index=True
    )
    address: Mapped[str] = mapped_column(server_default="")
    user_agent: Mapped[str] = mapped_column(String(400), server_default="")
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None]
    created_at: Mapped[datetime] = created_at()


class RefreshToken(Base):
    """A refresh token, good once. One that comes again after its use ends the whole session."""

    __tablename__ = "refresh_tokens"
    __table_args__ = ({"schema": "identity"},)

    id: Mapped[UUID] = primary_key()
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity.sessions.id", ondelete="CASCADE"), index=True
    )
    token_sha256: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_at()


class ApiKey(Base):
    """A machine's key. ``permissions`` narrow what its role may do; ``prefix`` is what people recognise it by."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint(ROLES_CHECK, name="role"), {"schema": "identity"})

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity.organizations.id", ondelete="CASCADE"), index=True
    )
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("identity.users.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str]
    prefix: Mapped[str]
    key_sha256: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    """Empty: all that the role may."""
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_at()


class OneTimeLink(Base):
    """A link that works once: first login, invitation, reset of a password."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        CheckConstraint("purpose IN ('login', 'invite', 'reset')", name="purpose"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = primary_key()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity.organizations.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_at()


class ForeignIdentity(Base):
    """A person as another issuer names them."""

    __tablename__ = "foreign_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), {"schema": "identity"})

    id: Mapped[UUID] = primary_key()
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[datetime] = created_at()
