"""The revisions as plain SQL files, for psql, the Supabase CLI and whoever reads."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kis.migrations.runner import FOLDER, history, offline_sql

_HEAD: Final = "-- Made from the revisions by `kis db sql`; not edited by hand.\n"
_STATEMENT: Final = re.compile(
    r"^(?:CREATE|ALTER|DROP) POLICY .*?;$|^ALTER TABLE \S+ (?:ENABLE|DISABLE|FORCE|NO FORCE) ROW LEVEL SECURITY;$|^(?:GRANT|REVOKE) [^;]*;",
    re.MULTILINE | re.DOTALL,
)


def sql_files() -> dict[str, str]:
    """Return the text of each file by its name.

    ``migrations/<revision>.sql`` one revision each, ``schema.sql`` all of them, ``policies.sql`` what they say about rights and rows, to read.
    """
    names = [revision.revision for revision in history()]
    before = ["base", *names]
    files = {
        f"migrations/{name}.sql": _HEAD + _tidy(offline_sql(earlier, name))
        for earlier, name in zip(before, names, strict=False)
    }
    files["schema.sql"] = (
        f"{_HEAD}-- All revisions: psql --set=ON_ERROR_STOP=1 --file=db/schema.sql\n{_tidy(offline_sql())}"
    )
    files["policies.sql"] = (
        f"{_HEAD}-- Rights and row-level security, to read; they are part of schema.sql.\n\n"
        + "\n".join(_statements(offline_sql()))
        + "\n"
    )
    return files


def write_sql(folder: Path) -> list[Path]:
    """Write the files into ``folder`` and return them; files of revisions that are no more are removed."""
    files = sql_files()
    for old in (folder / "migrations").glob("*.sql"):
        if f"migrations/{old.name}" not in files:
            old.unlink()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return [folder / name for name in files]


def prepare_sql() -> str:
    """Return what a superuser runs once on a server of one's own: roles and the database."""
    return (FOLDER / "prepare.sql").read_text(encoding="utf-8")


def _statements(sql: str) -> Iterator[str]:
    for found in _STATEMENT.finditer(sql):
        yield found[0]


def _tidy(sql: str) -> str:
    """Return Alembic's output with one blank line where it leaves several, and a statement's own semicolon alone."""
    without_doubles = re.sub(r";\s*;", ";", sql)
    return re.sub(r"\n{3,}", "\n\n", without_doubles).strip() + "\n"
