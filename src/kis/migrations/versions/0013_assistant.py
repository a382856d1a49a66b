"""Products, their catalogs, the manuals that were fetched, and conversations about them, with their rights."""

from typing import Final

from kis.migrations.script import run_sql

revision: Final = "0013_assistant"
down_revision: Final = "0012_article_views"
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
