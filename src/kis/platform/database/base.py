"""What all tables share: names of constraints, UTC times, keys."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Dialect, MetaData, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name of its own, so that a migration can change it and an error names it."""


class UtcDateTime(TypeDecorator[datetime]):
    """TIMESTAMPTZ, UTC on both sides: a time without its offset is refused, one from the database comes back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without its offset")
        return value

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables of KIS. ``datetime`` is TIMESTAMPTZ in UTC, ``dict`` and ``list`` are JSONB."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def primary_key() -> Mapped[UUID]:
    """Return an id column, filled here and, for rows that SQL inserts, by the database."""
    return mapped_column(primary_key=True, default=uuid4, server_default=text("gen_random_uuid()"))


def created_at() -> Mapped[datetime]:
    """Return the column of the time a row was made."""
    return mapped_column(server_default=func.now())


def updated_at() -> Mapped[datetime]:
    """Return the column of the time a row was last changed; a trigger keeps it."""
    return mapped_column(server_default=func.now())
