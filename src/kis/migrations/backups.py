"""Backups: a dump of the schemas of KIS, a manifest beside it, and the proof that it can be restored.

``<name>.dump`` is a custom-format archive of pg_dump; ``<name>.dump.json`` tells its digest, the versions, the revision and how many rows each table had
in the very snapshot that was dumped. A backup counts only after it was restored into a scratch server of its own and the rows were counted there.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from dataclasses import replace as with_changes
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kis import __version__
from kis.migrations.errors import BackupFailed, NotEmpty
from kis.migrations.programs import Programs, programs_for
from kis.migrations.runner import Kind, Revision, connected, pending, push
from kis.migrations.schemas import SCHEMAS, VECTOR_INDEXES
from kis.platform import durable
from kis.platform.messages import Message

if TYPE_CHECKING:
    from sqlalchemy import Connection

FORMAT: Final = 1
ENDING: Final = ".dump"
_OWNER_ONLY: Final = 0o600
_PASSABLE: Final = 0o711
"""The server may run as another account than ours, which must be able to pass."""
EMBEDDED_MAJOR: Final = 18
_LEFT_OUT: Final = re.compile(
    rf" (SCHEMA - public|(COMMENT|ACL) - SCHEMA public|INDEX knowledge {VECTOR_INDEXES}\d+) "
)
"""Entries of a dump's table of contents about a schema that is there before us, and indexes that need an extension: those are made anew."""
DROP_EVERYTHING: Final = Path(__file__).parent / "drop_everything.sql"
AFTER_RESTORE: Final = Path(__file__).parent / "after_restore.sql"
INDEX_VECTORS: Final = Path(__file__).parent / "index_vectors.sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup is, and what was in it."""

    file: str
    sha256: str
    size: int
    created_at: str
    kis_version: str
    server_version: str
    program_version: str
    migration: str
    rows: Mapping[str, int]
    checked_at: str = ""
    """When it was restored and counted; empty: never."""
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Pushed:
    """What :func:`push_with_backup` did."""

    applied: tuple[Revision, ...]
    backup: Path | None


def push_with_backup(url: str, folder: Path | None, only: Kind | None = None) -> Pushed:
    """Apply what is pending; where there is something to lose, back it up into ``folder`` first (None: no backup)."""
    needs_backup = folder is not None and not is_empty(url) and pending(url)
    made = backup(url, folder)[0] if folder is not None and needs_backup else None
    return Pushed(tuple(push(url, only)), made)


def is_empty(url: str) -> bool:
    """Return whether no revision was ever applied to the database."""
    from sqlalchemy import text

    with connected(url) as connection:
        return bool(connection.scalar(text("SELECT to_regclass('public.alembic_version') IS NULL")))


def backup(url: str, folder: Path) -> tuple[Path, Manifest]:
    """Dump the database into ``folder``, prove that the dump restores, and return it with its manifest."""
    durable.make_directory(folder, mode=0o700)
    path = folder / f"kis-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}{ENDING}"
    partial = path.with_suffix(".partial")
    try:
        manifest = _dump(url, partial, path.name)
        _check(partial, manifest)
        manifest = with_changes(manifest, checked_at=_now())
        partial.replace(path)
        durable.write_new(manifest_path(path), _written(manifest), mode=_OWNER_ONLY)
        durable.sync_directory(folder)
    finally:
        partial.unlink(missing_ok=True)
    return path, manifest


def manifest_path(path: Path) -> Path:
    """Return where the manifest of a dump stands."""
    return path.with_name(path.name + ".json")


def newest_backup(folder: Path) -> Manifest | None:
    """Return the manifest of the newest backup of a folder, unchecked: reading what it is about would take too long for a glance."""
    for path in sorted(folder.glob(f"*{ENDING}.json"), reverse=True):
        try:
            return Manifest(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue
    return None


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of a dump that is what its manifest says. Raises BackupFailed."""
    try:
        told = json.loads(manifest_path(path).read_text(encoding="utf-8"))
        manifest = Manifest(**told)
    except (OSError, ValueError, TypeError) as error:
        raise BackupFailed(Message("migrations.no_manifest", {"path": manifest_path(path)})) from error
    if not path.is_file() or _sha256(path) != manifest.sha256:
        raise BackupFailed(Message("migrations.altered_backup", {"path": path}))
    return manifest


def restore(url: str, path: Path, *, replace: bool = False) -> Manifest:
    """Restore a dump, all of it or nothing; ``replace``: what is there goes in the same transaction. Raises NotEmpty."""
    manifest = read_manifest(path)
    if not replace and not is_empty(url):
        raise NotEmpty(Message("migrations.not_empty"))
    with connected(url) as connection:
        programs = programs_for(_server_major(connection))
    first = [DROP_EVERYTHING] if replace else []
    _load(programs, url, path, first=first, last=[AFTER_RESTORE, INDEX_VECTORS])
    _compare(manifest, url)
    return manifest


def drop_everything(url: str) -> None:
    """Remove the schemas of KIS, its functions in ``public``, and the record of its revisions. Other tables stay."""
    from kis.migrations.script import verbatim

    with connected(url) as connection:
        connection.execute(verbatim(DROP_EVERYTHING.read_text(encoding="utf-8")))
        connection.commit()


def _dump(url: str, path: Path, name: str) -> Manifest:
    from sqlalchemy import text

    with connected(url, isolation_level="REPEATABLE READ") as connection:
        programs = programs_for(_server_major(connection))
        server = str(connection.scalar(text("SHOW server_version")))
        snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        rows = _rows(connection)
        migration = str(connection.scalar(text("SELECT version_num FROM public.alembic_version")))
        words, password = _destination(url)
        selected = [word for schema in (*SCHEMAS, "public") for word in ("--schema", schema)]
        reading = [] if _sees_all(connection) else ["--role=service_role", "--enable-row-security"]
        path.touch(_OWNER_ONLY)
        programs.run(
            "pg_dump",
            "--format=custom",
            "--no-password",
            f"--snapshot={snapshot}",
            f"--file={path}",
            *reading,
            *selected,
            words,
            password=password,
        )
    return Manifest(
        file=name,
        sha256=_sha256(path),
        size=path.stat().st_size,
        created_at=_now(),
        kis_version=__version__,
        server_version=server,
        program_version=programs.version,
        migration=migration,
        rows=rows,
    )


def _check(path: Path, manifest: Manifest) -> None:
    """Restore the dump into a server of its own, gone afterwards, and count. What cannot be restored is no backup."""
    from kis.platform.embedded import EmbeddedPostgres, Purpose

    with tempfile.TemporaryDirectory(prefix="kis-restore-check-") as folder:
        Path(folder).chmod(_PASSABLE)
        with EmbeddedPostgres(Path(folder), purpose=Purpose.COMMAND, is_durable=False) as scratch:
            programs = programs_for(EMBEDDED_MAJOR)
            _load(programs, scratch.superuser_url, path, first=[], last=[AFTER_RESTORE])
            _compare(manifest, scratch.superuser_url)


def _load(programs: Programs, url: str, path: Path, *, first: list[Path], last: list[Path]) -> None:
    """Restore a dump in one transaction, with the SQL of other files before and after it."""
    words, password = _destination(url)
    with tempfile.TemporaryDirectory(prefix="kis-restore-") as folder:
        contents, script = Path(folder) / "contents", Path(folder) / "restore.sql"
        listed = programs.run("pg_restore", "--list", str(path)).splitlines()
        contents.write_text(
            "\n".join(line for line in listed if not _LEFT_OUT.search(line)), encoding="utf-8"
        )
        programs.run("pg_restore", "--no-owner", f"--use-list={contents}", f"--file={script}", str(path))
        steps = [*first, script, *last]
        programs.run(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--no-password",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--dbname={words}",
            *(f"--file={step}" for step in steps),
            password=password,
        )


def _compare(manifest: Manifest, url: str) -> None:
    with connected(url) as connection:
        found = _rows(connection)
    wrong = [
        f"{table}: {manifest.rows.get(table, 0)} ≠ {found.get(table, 0)}"
        for table in sorted({*manifest.rows, *found})
        if manifest.rows.get(table, 0) != found.get(table, 0)
    ]
    if wrong:
        raise BackupFailed(Message("migrations.counts_differ", {"tables": ", ".join(wrong)}))


def _rows(connection: "Connection") -> dict[str, int]:
    """Return how many rows each table of KIS has, in the transaction of ``connection``."""
    from sqlalchemy import text

    if not _sees_all(connection):
        connection.execute(text("SET LOCAL ROLE service_role"))
    names = connection.execute(
        text(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND n.nspname = ANY(:schemas) ORDER BY 1"
        ),
        {"schemas": list(SCHEMAS)},
    ).scalars()
    counted = {
        str(name): int(connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0)  # noqa: S608 - quoted by format('%I')
        for name in names
    }
    connection.execute(text("RESET ROLE"))
    return counted


def _sees_all(connection: "Connection") -> bool:
    """Return whether no policy stands between this role and the rows."""
    from sqlalchemy import text

    held = text(
        "SELECT EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname = ANY(:schemas) AND row_security_active(c.oid))"
    )
    return not connection.scalar(held, {"schemas": list(SCHEMAS)})


def _server_major(connection: "Connection") -> int:
    from sqlalchemy import text

    return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000


def _destination(url: str) -> tuple[str, str]:
    """Return the words of libpq for ``url`` without its password, and the password."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    words: dict[str, Any] = conninfo_to_dict(url.replace("+psycopg", "", 1))
    password = str(words.pop("password", ""))
    return make_conninfo(**words), password


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(manifest: Manifest) -> bytes:
    return (json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n").encode()


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
