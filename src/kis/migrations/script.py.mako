"""${message}"""

from typing import Final

from kis.migrations.script import run_sql

revision: Final = "${up_revision}"
down_revision: Final = "${down_revision}"
branch_labels = None
depends_on = None

KIND: Final = "${config.attributes["kind"]}"
LOCK_TIMEOUT: Final = "3s"
"""A table that is in use is not waited for longer: what queues behind us would wait as well."""
STATEMENT_TIMEOUT: Final = "60s"


def upgrade() -> None:
    """Apply the revision."""
    run_sql(__file__, "up", lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)


def downgrade() -> None:
    """Take the revision back."""
    run_sql(__file__, "down", lock_timeout=LOCK_TIMEOUT, statement_timeout=STATEMENT_TIMEOUT)
