"""The knowledge base and its search, with their rights."""

from typing import Final

from kis.migrations.script import run_sql

revision: Final = "0008_knowledge"
down_revision: Final = "0007_row_level_security"
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
