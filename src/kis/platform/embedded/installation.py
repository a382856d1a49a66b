"""The database of an installation, for a command that needs it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from kis.platform.configuration import Settings
from kis.platform.embedded.errors import DataFolderBusy, NoInstallation
from kis.platform.embedded.instance import Instance, Purpose
from kis.platform.embedded.server import EmbeddedPostgres, Tell, has_cluster, join, silent

WAIT_SECONDS: Final = 60.0
"""For another command that has the folder for its own time."""
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseUrls:
    """The addresses of one database by what is done there; ``superuser`` is known of the embedded one alone."""

    app: str = field(repr=False)
    owner: str = field(repr=False)
    superuser: str | None = field(default=None, repr=False)
    is_embedded: bool = False
    running: Instance | None = None
    """The installation that was joined, where one is up."""


@contextmanager
def installation(
    settings: Settings, *, tell: Tell = silent, may_make: bool = False
) -> Iterator[DatabaseUrls]:
    """Give the database of the installation for the block: that of DATABASE_URL, else that of the running instance, else one started for the block.

    Raises NoInstallation where there is none and the caller ``may_make`` none.
    """
    given = _given(settings)
    if given is not None:
        yield given
        return
    deadline = time.monotonic() + WAIT_SECONDS
    data = settings.application.data
    while True:
        running = join(data)
        if running is not None:
            yield DatabaseUrls(
                app=running.app_url,
                owner=running.owner_url,
                superuser=running.superuser_url,
                is_embedded=True,
                running=running.instance,
            )
            return
        if not may_make and not has_cluster(data):
            raise NoInstallation(data)
        server = EmbeddedPostgres(data, purpose=Purpose.COMMAND)
        try:
            server.start(tell=tell)
        except DataFolderBusy:
            if time.monotonic() > deadline:
                raise
            time.sleep(_POLL_SECONDS)
            continue
        break
    try:
        yield DatabaseUrls(
            app=server.app_url, owner=server.owner_url, superuser=server.superuser_url, is_embedded=True
        )
    finally:
        server.stop()


def _given(settings: Settings) -> DatabaseUrls | None:
    app = settings.database.url.get_secret_value()
    if not app:
        return None
    owner = settings.database.migration_url.get_secret_value() or settings.supabase.db_url.get_secret_value()
    return DatabaseUrls(app=app, owner=owner or app)
