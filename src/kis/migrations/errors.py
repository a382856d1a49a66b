"""What can go wrong with the schema."""

from kis.platform.errors import BadInput, Conflict, KisError, NotFound, Unavailable


class MigrationFailed(KisError):
    """A revision could not be applied; the database is as it was before it."""

    code = "migration_failed"


class PostOutstanding(Conflict):
    """What is pending cannot be applied in the order asked for."""

    code = "migrations_out_of_order"


class Irreversible(Conflict):
    """There is not that much to take back."""

    code = "rollback_refused"


class NotEmpty(Conflict):
    """The database holds something that would be lost."""

    code = "database_not_empty"


class BackupFailed(KisError):
    """A backup could not be made, proved or restored."""

    code = "backup_failed"


class NoPrograms(Unavailable):
    """pg_dump and its companions are not here for this server."""

    code = "no_database_programs"


class NoLinter(NotFound):
    """squawk is not installed."""

    code = "tool_missing"


class LintFailed(KisError):
    """squawk broke off."""

    code = "lint_failed"


class BadRevisionName(BadInput):
    """A revision cannot be called that."""

    code = "bad_revision_name"


class Unreachable(Unavailable):
    """The database does not answer, or does not let us in."""

    code = "database_unreachable"
