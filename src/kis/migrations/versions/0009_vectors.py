"""Indexes over the meaning of texts, where the server has pgvector."""

from typing import Final

from kis.migrations.script import run_sql

revision: Final = "0009_vectors"
down_revision: Final = "0008_knowledge"
branch_labels = None
depends_on = None

KIND: Final = "pre"
LOCK_TIMEOUT: Final = "3s"
STATEMENT_TIMEOUT: Final = "30min"
"""Where vectors are there already an index over them takes minutes. The work that makes vectors waits for it, nobody else does."""


def upgrade() -> None:
    """Apply the revision."""
    run_sql(__file__, "up", lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)


def downgrade() -> None:
    """Take the revision back."""
    run_sql(__file__, "down", lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)
