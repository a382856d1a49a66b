"""The PostgreSQL that comes with KIS: its own server on its own data folder, for whoever has none.

One process holds a data folder at a time (an operating system's lock that ends with the process, however it ends), runs the server and tells the others
in ``instance.json`` how to reach it; they join instead of starting a second one. The server listens on a socket in a private folder and nowhere
else, unless a port of this machine is asked for. Below the data folder:

    instance.lock  instance.json   who holds the folder, and where it answers
    database.json                  the passwords of the three roles, for the owner of the folder alone
    postgres/cluster  socket  server.log

A start after a crash finds what the crash left (a running server, a stale pid file, orphaned backends), ends it, and lets PostgreSQL recover.
"""

from kis.platform.embedded.account import programs
from kis.platform.embedded.errors import (
    DatabaseNotStarted,
    DataFolderBusy,
    DataFolderUnreachable,
    DataFolderUnusable,
    NoInstallation,
    OtherDatabaseVersion,
    ProgramsMissing,
)
from kis.platform.embedded.installation import DatabaseUrls, installation
from kis.platform.embedded.instance import Claim, Instance, Purpose, claim, running_instance
from kis.platform.embedded.passwords import Passwords
from kis.platform.embedded.roles import (
    APPLICATION_ROLE,
    DATABASE,
    OWNER_ROLE,
    SUPERUSER,
    ensure_database,
    ensure_roles,
)
from kis.platform.embedded.server import EmbeddedPostgres, Running, join

__all__ = [
    "APPLICATION_ROLE",
    "DATABASE",
    "OWNER_ROLE",
    "SUPERUSER",
    "Claim",
    "DataFolderBusy",
    "DataFolderUnreachable",
    "DataFolderUnusable",
    "DatabaseNotStarted",
    "DatabaseUrls",
    "EmbeddedPostgres",
    "Instance",
    "NoInstallation",
    "OtherDatabaseVersion",
    "Passwords",
    "ProgramsMissing",
    "Purpose",
    "Running",
    "claim",
    "ensure_database",
    "ensure_roles",
    "installation",
    "join",
    "programs",
    "running_instance",
]
