"""What a revision calls: its SQL file, run within its time-outs.

A revision is two SQL files and a small module beside them: ``0004_estimator.up.sql``, ``0004_estimator.down.sql`` and
``0004_estimator.py`` with what Alembic and ``kis db`` must know (what comes before it, pre or post, time-outs).
"""

from pathlib import Path
from typing import Literal

from alembic import op
from sqlalchemy import DDL


def run_sql(
    revision_file: str, direction: Literal["up", "down"], *, lock_timeout: str, statement_timeout: str
) -> None:
    """Run ``<revision>.<direction>.sql``. A lock that does not come, or a statement that takes too long, ends the revision with nothing changed."""
    for setting, value in (("lock_timeout", lock_timeout), ("statement_timeout", statement_timeout)):
        op.execute(verbatim(f"SET LOCAL {setting} = '{value}'"))
    op.execute(verbatim(Path(revision_file).with_suffix(f".{direction}.sql").read_text(encoding="utf-8")))


def verbatim(sql: str) -> DDL:
    """Return SQL in which nothing is a parameter, neither ``:name`` nor ``%``."""
    return DDL(sql.replace("%", "%%"))  # type: ignore[no-untyped-call] # SQLAlchemy has not typed it
