"""Alembic's environment: runs revisions over the connection it is given, or writes their SQL."""

from alembic import context

connection = context.config.attributes.get("connection")
context.configure(
    connection=connection,
    dialect_name=None if connection is not None else "postgresql",
    dialect_opts={"paramstyle": "named"},  # of SQL that is written: a % stays one
    version_table_schema="public",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
