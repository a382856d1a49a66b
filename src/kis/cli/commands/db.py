"""``kis db``: the schema of the database, its backups, and the checks of both."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kis.cli.commands.installed import data_option, installed_database
from kis.cli.declare import argument, group, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import console, print_json, progress, say, table
from kis.cli.session import current_session
from kis.platform.errors import Forbidden
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.migrations import Manifest, Revision
    from kis.platform.configuration import Settings

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)
KINDS = click.Choice(["pre", "post"])


class ProductionRefused(Forbidden):
    """The command would lose rows of a production database."""

    code = "refused_in_production"


class NotConfirmed(Forbidden):
    """The command loses rows and was not told that this is meant."""

    code = "not_confirmed"


@group("db", help_key="db_cli.help")
def db() -> None:
    """Hold the commands over the database."""


@db.command("push", help_key="db_cli.push.help")
@option("--only", type=KINDS, help_key="db_cli.push.only")
@option("--backups", "folder", type=FOLDER, help_key="db_cli.option.backups")
@option("--no-backup", "without_backup", is_flag=True, help_key="db_cli.push.no_backup")
@data_option
@json_option
def push(*, only: str | None, folder: Path | None, without_backup: bool, as_json: bool) -> int:
    """Apply what is pending, after a backup unless there is nothing to lose."""
    from kis.migrations import Kind, push_with_backup

    with _database(may_make=True) as (settings, url), progress(Message("db_cli.push.doing")):
        into = None if without_backup else folder or _backups(settings)
        pushed = push_with_backup(url, into, Kind(only) if only else None)
    if as_json:
        backup = str(pushed.backup) if pushed.backup else None
        print_json({"backup": backup, "applied": [_told(revision) for revision in pushed.applied]})
        return DONE
    if pushed.backup:
        say(Message("db_cli.backup.done", {"path": pushed.backup}))
    say(
        Message(
            "db_cli.push.done" if pushed.applied else "db_cli.push.nothing", {"count": len(pushed.applied)}
        )
    )
    for revision in pushed.applied:
        click.echo(f"  {revision.name}  {revision.summary}")
    return DONE


@db.command("status", help_key="db_cli.status.help")
@data_option
@json_option
def status(*, as_json: bool) -> int:
    """List the revisions and whether the database has them."""
    from kis.migrations import status as status_of

    with _database() as (_settings, url):
        revisions = status_of(url)
    pending = [revision for revision in revisions if not revision.is_applied]
    if as_json:
        print_json({"revisions": [_told(revision) for revision in revisions], "pending": len(pending)})
        return DONE
    made = table(
        Message("db_cli.column.revision"), Message("db_cli.column.kind"), Message("db_cli.column.state")
    )
    for revision in revisions:
        state = Message("db_cli.status.applied" if revision.is_applied else "db_cli.status.pending")
        made.add_row(revision.name, revision.kind.value, current_session().text(state))
    console().print(made)
    say(Message("db_cli.status.behind" if pending else "db_cli.status.current", {"count": len(pending)}))
    return DONE


@db.command("diff", help_key="db_cli.diff.help")
@data_option
@json_option
def diff(*, as_json: bool) -> int:
    """Compare the tables of the database with those the program expects."""
    from kis.migrations import difference

    with _database() as (_settings, url):
        changes = [f"{one.where}: {current_session().text(one.what)}" for one in difference(url)]
    return _findings(changes, as_json=as_json, none=Message("db_cli.diff.none"), some="db_cli.diff.some")


@db.command("lint", help_key="db_cli.lint.help")
@json_option
def lint(*, as_json: bool) -> int:
    """Check the SQL of the revisions for locks, rewrites and unsafe changes."""
    from kis.migrations import lint as lint_revisions

    findings = lint_revisions()
    return _findings(findings, as_json=as_json, none=Message("db_cli.lint.none"), some="db_cli.lint.some")


@db.command("rollback", help_key="db_cli.rollback.help")
@option("--steps", type=click.IntRange(min=1), default=1, show_default=True, help_key="db_cli.rollback.steps")
@option("--backups", "folder", type=FOLDER, help_key="db_cli.option.backups")
@option("--yes-production", is_flag=True, help_key="db_cli.option.yes_production")
@data_option
@json_option
def rollback(*, steps: int, folder: Path | None, yes_production: bool, as_json: bool) -> int:
    """Take revisions back, after a backup."""
    from kis.migrations import backup as make_backup
    from kis.migrations import rollback as take_back

    with _database() as (settings, url):
        _refuse_production(settings, allowed=yes_production)
        path, _manifest = make_backup(url, folder or _backups(settings))
        taken = take_back(url, steps)
    if as_json:
        print_json({"backup": str(path), "taken_back": [revision.name for revision in taken]})
    else:
        say(Message("db_cli.backup.done", {"path": path}))
        say(Message("db_cli.rollback.done", {"names": ", ".join(revision.name for revision in taken)}))
    return DONE


@db.command("backup", help_key="db_cli.backup.help")
@option("--backups", "folder", type=FOLDER, help_key="db_cli.option.backups")
@data_option
@json_option
def backup(*, folder: Path | None, as_json: bool) -> int:
    """Dump the database and prove that the dump restores."""
    from kis.migrations import backup as make_backup

    with _database() as (settings, url), progress(Message("db_cli.backup.doing")):
        path, manifest = make_backup(url, folder or _backups(settings))
    if as_json:
        print_json({"path": str(path), **_facts(manifest)})
    else:
        say(Message("db_cli.backup.done", {"path": path}))
        _say_facts(manifest)
    return DONE


@db.command("restore", help_key="db_cli.restore.help")
@argument("file", type=FILE, help_key="db_cli.restore.file")
@option("--force", is_flag=True, help_key="db_cli.restore.force")
@option("--yes-production", is_flag=True, help_key="db_cli.option.yes_production")
@data_option
@json_option
def restore(*, file: Path, force: bool, yes_production: bool, as_json: bool) -> int:
    """Restore a backup into an empty database, or over what is there."""
    from kis.migrations import backup as make_backup
    from kis.migrations import is_empty, read_manifest
    from kis.migrations import restore as bring_back

    read_manifest(file)
    with _database(may_make=True) as (settings, url), progress(Message("db_cli.restore.doing")):
        _refuse_production(settings, allowed=yes_production)
        kept = make_backup(url, _backups(settings))[0] if force and not is_empty(url) else None
        manifest = bring_back(url, file, replace=force)
    if as_json:
        print_json({"path": str(file), "backup": str(kept) if kept else None, **_facts(manifest)})
    else:
        if kept:
            say(Message("db_cli.backup.done", {"path": kept}))
        say(Message("db_cli.restore.done", {"path": file}))
        _say_facts(manifest)
    return DONE


@db.command("reset", help_key="db_cli.reset.help")
@option("--yes", is_flag=True, help_key="db_cli.reset.yes")
@data_option
@json_option
def reset(*, yes: bool, as_json: bool) -> int:
    """Remove everything and lay the schema anew; never in production."""
    from kis.migrations import drop_everything
    from kis.migrations import push as apply_all

    with _database() as (settings, url):
        _refuse_production(settings, allowed=False)
        if not yes:
            raise NotConfirmed(Message("db_cli.reset.not_confirmed"))
        drop_everything(url)
        applied = apply_all(url)
    if as_json:
        print_json({"applied": [_told(revision) for revision in applied]})
    else:
        say(Message("db_cli.reset.done", {"count": len(applied)}))
    return DONE


@db.command("sql", help_key="db_cli.sql.help")
@argument("folder", type=FOLDER, help_key="db_cli.sql.folder")
@json_option
def sql(*, folder: Path, as_json: bool) -> int:
    """Write the SQL of all revisions as files."""
    from kis.migrations import write_sql

    written = write_sql(folder)
    if as_json:
        print_json({"files": [str(path) for path in written]})
    else:
        say(Message("db_cli.sql.done", {"path": folder, "count": len(written)}))
    return DONE


@db.command("prepare-sql", help_key="db_cli.prepare.help")
def prepare_sql() -> int:
    """Print what a superuser runs once on a server of one's own."""
    from kis.migrations import prepare_sql as text_of

    click.echo(text_of(), nl=False)
    return DONE


@db.command("new", help_key="db_cli.new.help")
@argument("name", help_key="db_cli.new.name")
@option("--kind", type=KINDS, required=True, help_key="db_cli.new.kind")
@json_option
def new(*, name: str, kind: str, as_json: bool) -> int:
    """Start a revision: its module and two empty SQL files."""
    from kis.migrations import Kind, new_revision

    written = new_revision(name, Kind(kind))
    if as_json:
        print_json({"files": [str(path) for path in written]})
    else:
        for path in written:
            click.echo(str(path))
    return DONE


@contextmanager
def _database(*, may_make: bool = False) -> "Iterator[tuple[Settings, str]]":
    """Yield the settings and the address for the owner of the schemas."""
    with installed_database(may_make=may_make) as (settings, urls):
        yield settings, urls.owner


def _backups(settings: "Settings") -> Path:
    return settings.application.data / "backups"


def _refuse_production(settings: "Settings", *, allowed: bool) -> None:
    if settings.application.environment == "production" and not allowed:
        raise ProductionRefused(Message("db_cli.production"))


def _told(revision: "Revision") -> dict[str, Any]:
    return {
        "name": revision.name,
        "kind": revision.kind.value,
        "summary": revision.summary,
        "applied": revision.is_applied,
    }


def _facts(manifest: "Manifest") -> dict[str, Any]:
    return {
        "sha256": manifest.sha256,
        "size": manifest.size,
        "migration": manifest.migration,
        "rows": dict(manifest.rows),
        "checked_at": manifest.checked_at,
    }


def _say_facts(manifest: "Manifest") -> None:
    values = {
        "size": f"{manifest.size:,}",
        "rows": f"{sum(manifest.rows.values()):,}",
        "tables": len(manifest.rows),
        "migration": manifest.migration,
        "sha256": manifest.sha256,
    }
    say(Message("db_cli.backup.facts", values))


def _findings(findings: Sequence[str], *, as_json: bool, none: Message, some: str) -> int:
    if as_json:
        print_json({"findings": list(findings)})
    elif findings:
        say(Message(some, {"count": len(findings)}))
        for finding in findings:
            click.echo(f"  {finding}")
    else:
        say(none)
    return GATE_FAILS if findings else DONE
