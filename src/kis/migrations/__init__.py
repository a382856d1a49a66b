"""The schema of the database: its revisions, how they are applied and taken back, and its backups.

A revision is ``pre`` (additive, applied before the new release runs; the old one runs on it) or ``post`` (applied when the old release is
gone). Everything here is synchronous and works as the owner of the schemas; :func:`pending` alone is content with the application's own role.

The SQL of a revision stands beside its module in ``versions``. These files travel in the wheel, so that an installed program migrates its own database.
"""

from kis.migrations.backups import (
    Manifest,
    Pushed,
    backup,
    drop_everything,
    is_empty,
    newest_backup,
    push_with_backup,
    read_manifest,
    restore,
)
from kis.migrations.export import prepare_sql, sql_files, write_sql
from kis.migrations.lint import lint
from kis.migrations.runner import (
    Kind,
    Revision,
    difference,
    head,
    new_revision,
    offline_sql,
    pending,
    push,
    rollback,
    status,
)

__all__ = [
    "Kind",
    "Manifest",
    "Pushed",
    "Revision",
    "backup",
    "difference",
    "drop_everything",
    "head",
    "is_empty",
    "lint",
    "new_revision",
    "newest_backup",
    "offline_sql",
    "pending",
    "prepare_sql",
    "push",
    "push_with_backup",
    "read_manifest",
    "restore",
    "rollback",
    "sql_files",
    "status",
    "write_sql",
]
