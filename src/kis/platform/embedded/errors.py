"""What can stand in the way of the embedded database."""

from pathlib import Path

from kis.platform.errors import Conflict, KisError, NotFound, Unavailable
from kis.platform.messages import Message


class DataFolderBusy(Conflict):
    """Another process holds the data folder."""

    code = "data_folder_busy"

    def __init__(self, data: Path, pid: int | None) -> None:
        key = "embedded.busy" if pid is not None else "embedded.busy_unknown"
        super().__init__(Message(key, {"data": data, "pid": pid}), pid=pid)


class NoInstallation(NotFound):
    """The data folder holds no database, and this is no command that makes one."""

    code = "no_installation"

    def __init__(self, data: Path) -> None:
        super().__init__(Message("embedded.none", {"data": data}))


class DataFolderUnusable(KisError):
    """The data folder cannot be made, or nothing can be written in it."""

    code = "data_folder_unusable"

    def __init__(self, data: Path, reason: str) -> None:
        super().__init__(Message("embedded.unusable", {"data": data, "reason": reason}))


class DataFolderUnreachable(KisError):
    """PostgreSQL does not run as root, and the account it is given up to cannot enter the folder."""

    code = "data_folder_unreachable"

    def __init__(self, folder: Path, account: str) -> None:
        super().__init__(Message("embedded.unreachable", {"folder": folder, "account": account}))


class NoAccount(KisError):
    """PostgreSQL does not run as root, and this machine has no other account to give it to."""

    code = "no_account"

    def __init__(self) -> None:
        super().__init__(Message("embedded.no_account"))


class ProgramsMissing(KisError):
    """The programs of PostgreSQL are not installed."""

    code = "postgres_missing"

    def __init__(self) -> None:
        super().__init__(Message("embedded.programs_missing"))


class OtherDatabaseVersion(KisError):
    """The cluster was made by another version of PostgreSQL."""

    code = "other_database_version"

    def __init__(self, cluster: Path, found: str, expected: str) -> None:
        values = {"cluster": cluster, "found": found, "expected": expected}
        super().__init__(Message("embedded.other_version", values))


class DatabaseNotStarted(Unavailable):
    """PostgreSQL ended or did not become ready; the last lines of its log say why."""

    code = "database_not_started"

    def __init__(self, log: Path, reason: str) -> None:
        super().__init__(Message("embedded.not_started", {"log": log, "reason": reason}))


class DatabaseTooSlow(Unavailable):
    """PostgreSQL was still recovering when the deadline came."""

    code = "database_too_slow"

    def __init__(self, log: Path, seconds: float) -> None:
        super().__init__(Message("embedded.too_slow", {"log": log, "seconds": seconds}))
