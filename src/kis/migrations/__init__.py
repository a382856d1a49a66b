"""The schema of the database: its revisions, and the doors through which they are applied.

A revision is ``pre`` (additive, applied before the new release runs; the old one runs on it) or ``post`` (applied when the old release is
gone). Nothing here is imported until it is used, so that a face may ask for :func:`status` at no cost.
"""

from kis.migrations.runner import (
    Kind,
    Revision,
    difference,
    head,
    offline_sql,
    pending,
    push,
    rollback,
    status,
)

__all__ = [
    "Kind",
    "Revision",
    "difference",
    "head",
    "offline_sql",
    "pending",
    "push",
    "rollback",
    "status",
]
