"""Catalogue, audit log, jobs, and what the platform keeps for itself."""

from typing import Final

from kis.migrations.script import run_sql

revision: Final = "0003_shared"
down_revision: Final = "0002_identity"
branch_labels = None
depends_on = None

KIND: Final = "pre"
LOCK_TIMEOUT: Final = "3s"
STATEMENT_TIMEOUT: Final = "60s"


def upgrade() -> None:
    """Apply the revision."""
    run_sql(__file__, "up", lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)


def downgrade() -> None:
    """Take the revision back."""
    run_sql(__file__, "down", lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)
