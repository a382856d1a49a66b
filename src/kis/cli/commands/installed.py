"""The installation an operator's command works on: where it is, and that its schema is there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kis.cli.declare import option
from kis.cli.output import warn
from kis.platform.errors import Conflict
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.platform.configuration import Settings
    from kis.platform.embedded import DatabaseUrls


class SchemaMissing(Conflict):
    """The database lacks tables this release works with."""

    code = "schema_missing"

    def __init__(self, count: int) -> None:
        super().__init__(Message("installed_cli.schema_missing", {"count": count}))


def _use(_context: click.Context, _parameter: click.Parameter, given: Path | None) -> None:
    if given is not None:
        os.environ["KIS_HOME"] = str(given.expanduser().absolute())


data_option: Final = option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_use,
    expose_value=False,
    help_key="installed_cli.data",
)
"""Names the data folder, as KIS_HOME does; the settings that are loaded afterwards know it."""


@contextmanager
def installed_database(*, may_make: bool = False) -> "Iterator[tuple[Settings, DatabaseUrls]]":
    """Give the settings and the database of the installation, joined or started for the block. Raises NoInstallation where there is none to work on."""
    from kis.platform.configuration import load_settings
    from kis.platform.embedded import installation

    settings = load_settings()
    with installation(settings, tell=warn, may_make=may_make) as urls:
        yield settings, urls


def require_schema(url: str) -> None:
    """Raise SchemaMissing unless the database has what this release needs to run."""
    from kis.migrations import Kind, pending

    missing = [revision for revision in pending(url) if revision.kind is Kind.PRE]
    if missing:
        raise SchemaMissing(len(missing))
