"""What can go wrong with the schema."""

from kis.platform.errors import Conflict, KisError


class MigrationFailed(KisError):
    """A revision could not be applied; the database is as it was before it."""

    code = "migration_failed"


class PostOutstanding(Conflict):
    """What is pending cannot be applied in the order asked for."""

    code = "migrations_out_of_order"


class Irreversible(Conflict):
    """There is not that much to take back."""

    code = "rollback_refused"
