"""What changed in the index, by audience: kept answers are asked for again when it did."""

from typing import Final

from kis.migrations.script import run_sql

revision: Final = "0011_search_revisions"
down_revision: Final = "0010_search_changes"
branch_labels = None
depends_on = None

KIND: Final = "pre"
LOCK_TIMEOUT: Final = "3s"
STATEMENT_TIMEOUT: Final = "5min"


def upgrade() -> None:
    """Apply the revision."""
    run_sql(__file__, "up", lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)


def downgrade() -> None:
    """Take the revision back."""
    run_sql(__file__, "down", lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)
