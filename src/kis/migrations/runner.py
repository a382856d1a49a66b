"""Applying revisions: forward, back, as SQL. Synchronous; asynchronous callers use a thread."""

import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from io import StringIO
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from kis.migrations.differences import Difference, told
from kis.migrations.errors import BadRevisionName, Irreversible, MigrationFailed, PostOutstanding, Unreachable
from kis.platform.errors import Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

FOLDER: Final = Path(__file__).parent
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{2,26}")
"""Short enough for Alembic's column, with its number in front."""
LOCK: Final = 7203400800
"""Held while revisions are applied, so that two programs that start at once do it one after the other."""
WAIT_SECONDS: Final = 120


class Kind(StrEnum):
    """When a revision is applied: before the new release runs, or after the old one is gone."""

    PRE = "pre"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Revision:
    """One step of the schema."""

    name: str
    kind: Kind
    summary: str
    is_applied: bool


def head() -> str:
    """Return the newest revision this release knows."""
    return str(history()[-1].revision)


def status(url: str) -> list[Revision]:
    """Return every revision, oldest first, and whether the database has it."""
    with connected(url) as connection:
        return _status(connection)


def pending(url: str) -> list[Revision]:
    """Return the revisions the database does not have. Needs no more than the application's own role."""
    return [revision for revision in status(url) if not revision.is_applied]


def push(url: str, only: Kind | None = None) -> list[Revision]:
    """Apply what is pending, each revision in a transaction of its own, and return it.

    ``only`` PRE: what the release needs to run. POST: what may follow when the old release is gone, up to the next ``pre``. Raises PostOutstanding
    where one of the other kind has to come first.
    """
    with _locked(url) as connection:
        waiting = [revision for revision in _status(connection) if not revision.is_applied]
        selected = chosen(waiting, only)
        connection.rollback()
        if selected:
            _run(connection, "upgrade", selected[-1].name)
    return [replace(revision, is_applied=True) for revision in selected]


def rollback(url: str, steps: int = 1) -> list[Revision]:
    """Take the newest ``steps`` revisions back and return them, newest first."""
    with _locked(url) as connection:
        applied = [revision for revision in _status(connection) if revision.is_applied]
        if steps > len(applied):
            raise Irreversible(Message("migrations.too_few", {"steps": steps, "applied": len(applied)}))
        connection.rollback()
        if steps:
            _run(connection, "downgrade", applied[-steps - 1].name if steps < len(applied) else "base")
    return applied[::-1][:steps]


def offline_sql(first: str = "base", last: str = "head") -> str:
    """Return the SQL of the revisions after ``first`` up to ``last``, as psql or the Supabase CLI can run it."""
    from alembic import command

    written = StringIO()
    command.upgrade(_config(output_buffer=written), f"{first}:{last}", sql=True)
    return written.getvalue()


def difference(url: str) -> list[Difference]:
    """Return where the database is not what the models say; empty where they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from kis.migrations.metadata import METADATA, is_ours

    with connected(url) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table_schema": "public",
                "compare_type": True,
                "compare_server_default": True,
                "include_schemas": True,
                "include_name": is_ours,
            },
        )
        return told(compare_metadata(context, METADATA))


def new_revision(name: str, kind: Kind) -> list[Path]:
    """Start a revision after the newest one and return its three files, for whoever fills in the SQL."""
    from alembic import command

    if not _NAME.fullmatch(name):
        raise BadRevisionName(name, [Problem("", Message("migrations.bad_name"))])
    identifier = f"{len(history()) + 1:04}_{name}"
    config = _config()
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["kind"] = kind.value
    config.cmd_opts = Namespace(quiet=True)  # our caller says what was written
    command.revision(config, message=f"{name.replace('_', ' ').capitalize()}.", rev_id=identifier)
    module = FOLDER / "versions" / f"{identifier}.py"
    scripts = [module.with_suffix(f".{direction}.sql") for direction in ("up", "down")]
    for script in scripts:
        script.touch()
    return [module, *scripts]


def history() -> list[Any]:
    """Return the revisions as Alembic holds them, oldest first."""
    from alembic.script import ScriptDirectory

    return list(ScriptDirectory.from_config(_config()).walk_revisions())[::-1]


def _current(connection: "Connection") -> str | None:
    """Return the revision of the database; as service_role where the role that logs in may not read it itself."""
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import text

    if connection.scalar(text("SELECT to_regclass('public.alembic_version') IS NULL")):
        return None
    if not connection.scalar(text("SELECT has_table_privilege('public.alembic_version', 'SELECT')")):
        connection.execute(text("SET LOCAL ROLE service_role"))
    context = MigrationContext.configure(connection, opts={"version_table_schema": "public"})
    return context.get_current_revision()


def _status(connection: "Connection") -> list[Revision]:
    current = _current(connection)
    scripts = history()
    names = [script.revision for script in scripts]
    if current is not None and current not in names:
        raise MigrationFailed(
            Message("migrations.unknown_revision", {"revision": current, "head": names[-1]})
        )
    reached = -1 if current is None else names.index(current)
    return [
        Revision(script.revision, Kind(script.module.KIND), script.doc, place <= reached)
        for place, script in enumerate(scripts)
    ]


def chosen(waiting: list[Revision], only: Kind | None) -> list[Revision]:
    """Return what of the pending revisions a push applies: all, or those of one kind at the front. Raises PostOutstanding."""
    if only is None:
        return waiting
    front = list(takewhile(lambda revision: revision.kind is only, waiting))
    rest = waiting[len(front) :]
    is_needed = any(revision.kind is only for revision in rest)
    if is_needed and (only is Kind.PRE or not front):  # a new release needs every one of its pre revisions
        raise PostOutstanding(Message(f"migrations.{rest[0].kind}_outstanding", {"revision": rest[0].name}))
    return front


def _run(connection: "Connection", direction: str, revision: str) -> None:
    from alembic import command
    from sqlalchemy.exc import DBAPIError

    try:
        getattr(command, direction)(_config(connection=connection), revision)
    except DBAPIError as error:
        connection.rollback()
        raise MigrationFailed(Message("migrations.failed", {"reason": _reason(error)})) from error


def _reason(error: Any) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    words = [
        getattr(diagnosis, name, None)
        for name in ("message_primary", "message_detail", "message_hint", "context")
    ]
    return " / ".join(word for word in words if word) or str(error.orig)


def _config(*, connection: "Connection | None" = None, output_buffer: StringIO | None = None) -> "Config":
    from alembic.config import Config

    config = Config(output_buffer=output_buffer) if output_buffer is not None else Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def connected(
    url: str, *, isolation_level: Literal["READ COMMITTED", "REPEATABLE READ"] = "READ COMMITTED"
) -> "Iterator[Connection]":
    """Yield a connection of its own to ``url``, for any driver's spelling of the address."""
    from sqlalchemy import create_engine, pool
    from sqlalchemy.exc import OperationalError

    from kis.platform.database.database import driver_url

    engine = create_engine(
        driver_url(url),
        poolclass=pool.NullPool,
        isolation_level=isolation_level,
        connect_args={"application_name": "kis-migrations", "connect_timeout": 10},
    )
    try:
        try:
            connection = engine.connect()
        except OperationalError as error:
            raise Unreachable(
                Message("migrations.unreachable", {"reason": str(error.orig).strip()})
            ) from error
        with connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _locked(url: str) -> "Iterator[Connection]":
    from sqlalchemy import text

    with connected(url) as connection:
        connection.execute(text(f"SET lock_timeout = '{WAIT_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        try:
            yield connection
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            connection.commit()
