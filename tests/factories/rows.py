"""A row in every table of an organisation, made from the models, so that a new table or column is filled without anybody thinking of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection, Cursor
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from kis.migrations.metadata import METADATA
from kis.platform.database import UtcDateTime

NOW = datetime(2026, 11, 20, tzinfo=UTC)

FIXED: Mapping[str, Any] = {
    "memberships.role": "estimator",
    "api_keys.role": "estimator",
    "one_time_links.purpose": "invite",
    "catalog_items.kind": "breaker",
    "breakers.role": "branch",
    "gate_results.verdict": "pass",
    "quote_events.kind": "DONE",
    "quotes.event_sequence": 1,
    "mixed_exceptions.month": date(2026, 11, 1),
    "mixed_exceptions.created_at": NOW,
    "mixed_exceptions.ordinal": 1,
    "audiences.visibility": "organization",
    "audiences.is_published": True,
    "articles.review_on": date(2027, 11, 20),
    "import_rows.outcome": "created",
    "search_items.source": "article",
    "search_changes.source": "quotation",
    "search_items.language": "ko",
    "article_views.language": "ko",
    "messages.role": "question",
    "synonyms.words": ["차단기", "breaker"],
}
"""What a check or a rule wants and a type does not say."""

WITHOUT_KEYS = {"search_postings", "search_revisions"}

Row = dict[str, Any]


def fill(connection: Connection[Any]) -> dict[str, Row]:
    """Make an organisation with one row in every table and return the rows by ``schema.table``. Works as whoever ``connection`` is."""
    made: dict[str, Row] = {}
    # Some have no keys to what they belong to: they come when all of that is there.
    for table in sorted(METADATA.sorted_tables, key=lambda table: table.name in WITHOUT_KEYS):
        if table.name == "audit_logs":
            made[table.fullname] = _audit(connection, made)
        elif table.name == "article_links":
            another = insert(connection, METADATA.tables["knowledge.articles"], _another_article(made))
            made[table.fullname] = insert(
                connection, table, {**values_for(table, made), "related_id": another["id"]}
            )
        elif table.name != "audit_pending":  # which is empty at every commit
            made[table.fullname] = _insert(connection, table, made)
    return made


def values_for(table: Table, made: Mapping[str, Row]) -> Row:
    """Return the columns of a row of ``table`` that the database does not fill itself, in the organisation of ``made``."""
    row: Row = {}
    for column in table.columns:
        parent = _parent(column, made)
        name = f"{table.name}.{column.name}"
        if parent is not None:
            row[column.name] = parent
        elif column.name == "organization_id" and "identity.organizations" in made:
            row[column.name] = made["identity.organizations"]["id"]
        elif column.name == "audience_id":
            row[column.name] = made["knowledge.audiences"]["id"]
        elif name in FIXED:
            row[column.name] = FIXED[name]
        elif column.primary_key and isinstance(column.type, Uuid):
            row[column.name] = uuid4()
        elif not column.nullable and column.server_default is None and column.identity is None:
            row[column.name] = _value(column)
    return row


def insert(connection: Connection[Any], table: Table, row: Row) -> Row:
    """Insert a row and return it as the table has it."""
    values = [
        Jsonb(value) if isinstance(value, (dict, list)) and not _is_array(table, name) else value
        for name, value in row.items()
    ]
    columns = SQL(", ").join(map(Identifier, row))
    places = SQL(", ").join([SQL("%s")] * len(row))
    statement = SQL("INSERT INTO {} ({}) VALUES ({})")
    connection.execute(statement.format(_identifier(table.fullname), columns, places), values)
    return row


def run(connection: Connection[Any], statement: str, *names: str, values: Sequence[Any] = ()) -> Cursor[Any]:
    """Run a statement with the names of tables (``schema.table``) and columns put into its braces."""
    return connection.execute(SQL(statement).format(*map(_identifier, names)), values or None)


def _identifier(name: str) -> Identifier:
    return Identifier(*name.split("."))


def _insert(connection: Connection[Any], table: Table, made: Mapping[str, Row]) -> Row:
    row = insert(connection, table, values_for(table, made))
    numbered = next((column for column in table.columns if column.identity is not None), None)
    if numbered is not None:
        found = run(connection, "SELECT max({}) FROM {}", numbered.name, table.fullname).fetchone()
        assert found is not None
        row = {**row, numbered.name: found[0]}
    return row


def _is_array(table: Table, name: str) -> bool:
    return isinstance(table.columns[name].type, ARRAY)


def _another_article(made: Mapping[str, Row]) -> Row:
    return {**values_for(METADATA.tables["knowledge.articles"], made), "slug": "another"}


def _audit(connection: Connection[Any], made: Mapping[str, Row]) -> Row:
    connection.execute(
        "SELECT shared.append_audit(%s, 'user:1', 'a.b', 'c:1', NULL, %s)",
        (made["identity.organizations"]["id"], json.dumps({"b": 1, "a": ["가", None, 1.50]})),
    )
    chain_now(connection)
    found = connection.execute(
        "SELECT sequence, organization_id FROM shared.audit_logs ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    assert found is not None
    return {"sequence": found[0], "organization_id": found[1]}


def chain_now(connection: Connection[Any]) -> None:
    """Put the entries of the audit log that wait for the commit into it already."""
    connection.execute("SET CONSTRAINTS shared.trg_audit_pending_chain IMMEDIATE")
    connection.execute("SET CONSTRAINTS shared.trg_audit_pending_chain DEFERRED")


def _parent(column: "Column[Any]", made: Mapping[str, Row]) -> Any:
    """Return the value of the column that this one refers to; that of the whole row of its first key."""
    for key in column.foreign_keys:
        row = made.get(key.column.table.fullname)
        if row is not None and key.column.table is not column.table:
            return row[key.column.name]
    return None


def _value(column: "Column[Any]") -> Any:
    name, kind = column.name, column.type
    if name == "code":
        return uuid4().hex[:8].upper()
    if name == "email":
        return f"{uuid4().hex}@example.com"
    if name.endswith("sha256") or name == "digest":
        return uuid4().hex * 2
    if name == "trace_id":
        return uuid4().hex
    if isinstance(kind, Uuid):
        return uuid4()
    simple: list[tuple[type, Any]] = [
        (UtcDateTime, NOW), (Boolean, True), (BigInteger, 1), (Integer, 1), (Float, 1.5), (Numeric, Decimal(1)), (Date, NOW.date()),
        (LargeBinary, b"bytes"), (JSONB, {"a": 1}), (ARRAY, []), (String, f"{name} {uuid4().hex[:6]}"),
    ]  # fmt: skip
    return next(value for type_, value in simple if isinstance(kind, type_))


def organization_of(rows: Mapping[str, Row]) -> UUID:
    """Return the id of the organisation that ``fill`` made."""
    found: UUID = rows["identity.organizations"]["id"]
    return found
