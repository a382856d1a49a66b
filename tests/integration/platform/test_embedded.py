"""The embedded PostgreSQL: started, killed in every way, started again."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import errors as refusals

from kis.platform.configuration import ApplicationSettings, DatabaseSettings, Settings
from kis.platform.embedded import (
    DatabaseNotStarted,
    DataFolderBusy,
    EmbeddedPostgres,
    OtherDatabaseVersion,
    Purpose,
    installation,
    join,
)
from tests.factories.servers import ROOT, held_port, wait_until

ABANDON = """
import os, signal, sys
from pathlib import Path
from kis.platform.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), is_durable=False)
server.start()
print(server.pid, server.app_url, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose cluster the tests of this module share; none of them leaves it running."""
    folder = tmp_path_factory.mktemp("kis")
    with server_of(folder) as server, psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("GRANT SELECT, INSERT ON kept TO kis_app")
    return folder


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedPostgres]:
    with server_of(data) as running:
        yield running


def server_of(data: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(data, is_durable=False)


def value(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def abandoned(data: Path) -> tuple[int, str]:
    """Start the server from a process that is then killed; return the server's process and its address."""
    done = subprocess.run(
        [sys.executable, "-c", ABANDON, str(data)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid, url = done.stdout.split()
    return int(pid), url


class TestStart:
    def test_gives_a_database_of_the_version_that_is_shipped(self, server: EmbeddedPostgres) -> None:
        assert str(value(server.app_url, "SHOW server_version")).startswith("18.")
        assert value(server.app_url, "SELECT current_database()") == "kis"

    def test_listens_on_a_socket_only_its_owner_reaches_and_nowhere_else(
        self, server: EmbeddedPostgres, data: Path
    ) -> None:
        assert value(server.superuser_url, "SHOW listen_addresses") == ""
        socket = data / "postgres" / "socket" / ".s.PGSQL.5432"
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700

    def test_asks_everybody_for_a_password(self, server: EmbeddedPostgres, data: Path) -> None:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://postgres@/kis?host={data}/postgres/socket")
        assert stat.S_IMODE((data / "database.json").stat().st_mode) == 0o600
        password = server.superuser_url.split(":")[2].split("@")[0]
        assert password not in (data / "postgres" / "server.log").read_text(encoding="utf-8")

    def test_refuses_a_second_server_on_the_folder_and_says_why(
        self, server: EmbeddedPostgres, data: Path
    ) -> None:
        with pytest.raises(DataFolderBusy) as refused:
            server_of(data).start()
        assert str(os.getpid()) in refused.value.text("en")
        assert value(server.app_url, "SELECT 1") == 1, "the one that runs is left alone"

    def test_listens_on_a_port_of_this_machine_when_asked(self, data: Path) -> None:
        with held_port() as port, EmbeddedPostgres(data, is_durable=False, port=port) as server:
            password = server.app_url.split(":")[2].split("@")[0]
            assert value(f"postgresql://kis_app:{password}@127.0.0.1:{port}/kis", "SELECT 1") == 1

    @pytest.mark.parametrize("name", ["d" * 80, "견적, 데이터"])
    def test_keeps_the_socket_elsewhere_where_the_folder_has_no_name_for_it(
        self, tmp_path: Path, name: str
    ) -> None:
        deep = tmp_path / name
        with server_of(deep) as server:
            folder = Path(str(value(server.superuser_url, "SHOW unix_socket_directories")))
            assert value(server.app_url, "SELECT 1") == 1
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not folder.exists()

    def test_names_the_reason_when_the_server_does_not_come_up(self, data: Path) -> None:
        settings = data / "postgres" / "cluster" / "postgresql.auto.conf"
        before = settings.read_text(encoding="utf-8")
        settings.write_text("no_such_setting = 1\n", encoding="utf-8")
        try:
            with pytest.raises(DatabaseNotStarted, match="no_such_setting"):
                server_of(data).start()
        finally:
            settings.write_text(before, encoding="utf-8")
        with server_of(data) as server:
            assert value(server.app_url, "SELECT 1") == 1, "the folder was let go"

    def test_refuses_the_data_of_another_version(self, data: Path) -> None:
        version = data / "postgres" / "cluster" / "PG_VERSION"
        version.write_text("16\n", encoding="ascii")
        try:
            with pytest.raises(OtherDatabaseVersion, match="16"):
                server_of(data).start()
        finally:
            version.write_text("18\n", encoding="ascii")

    def test_makes_new_passwords_when_they_are_lost(self, data: Path) -> None:
        (data / "database.json").unlink()
        with server_of(data) as server:
            assert value(server.superuser_url, "SELECT 1") == 1
            assert value(server.owner_url, "SELECT 1") == 1
            assert value(server.app_url, "SELECT 1") == 1


class TestRoles:
    def test_of_the_application_has_no_right_of_its_own(self, server: EmbeddedPostgres) -> None:
        question = (
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert value(server.app_url, question) is False
        owned = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user"
        assert value(server.app_url, owned) == 0
        with psycopg.connect(server.app_url) as connection, pytest.raises(refusals.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine ()")

    def test_of_the_application_may_be_taken_up_and_none_passes_row_level_security(
        self, server: EmbeddedPostgres
    ) -> None:
        with psycopg.connect(server.app_url) as connection:
            for role in (b"anon", b"authenticated", b"service_role"):
                connection.execute(b"SET LOCAL ROLE " + role)
                connection.execute("RESET ROLE")
            with pytest.raises(refusals.InsufficientPrivilege):
                connection.execute("SET LOCAL ROLE kis_owner")
        passing = "SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolbypassrls"
        assert value(server.superuser_url, passing) == "postgres"

    def test_of_the_owner_is_no_superuser(self, server: EmbeddedPostgres) -> None:
        question = (
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert value(server.owner_url, question) is False


class TestRecovery:
    def test_keeps_what_was_committed_when_the_server_is_killed(self, server: EmbeddedPostgres) -> None:
        with psycopg.connect(server.app_url) as connection:
            connection.execute("INSERT INTO kept VALUES ('before the kill')")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        assert not server.is_running
        url = server.app_url
        server.recover()
        assert server.app_url == url, "those who use it need not be told"
        assert value(url, "SELECT count(*) FROM kept WHERE word = 'before the kill'") == 1

    def test_ends_the_server_that_a_killed_program_left(self, data: Path) -> None:
        pid, url = abandoned(data)
        assert value(url, "SELECT 1") == 1, "it goes on without the program"
        with server_of(data) as server:
            assert server.pid != pid
            assert not psutil.pid_exists(pid)
            assert value(server.app_url, "SELECT 1") == 1

    @pytest.mark.parametrize("left", ["cluster/postmaster.pid", "socket/.s.PGSQL.5432.lock"])
    def test_starts_over_a_file_that_names_a_stranger(self, data: Path, tmp_path: Path, left: str) -> None:
        # The stranger runs under the same account: any other PostgreSQL would not take for a rival.
        with server_of(tmp_path) as stranger:
            pid, _ = abandoned(data)
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not psutil.pid_exists(pid), seconds=10)
            path = data / "postgres" / left
            lines = path.read_text(encoding="ascii").splitlines()
            (data / "postgres" / "cluster" / "postmaster.pid").unlink()
            path.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n", encoding="ascii")
            with server_of(data) as server:
                assert value(server.app_url, "SELECT 1") == 1
            assert value(stranger.app_url, "SELECT 1") == 1

    def test_does_nothing_after_the_stop(self, data: Path) -> None:
        server = server_of(data)
        server.start()
        server.stop()
        server.recover()
        assert not server.is_running

    def test_leaves_nothing_behind_when_stopped(self, data: Path) -> None:
        server = server_of(data)
        server.start()
        pid = server.pid
        assert pid is not None
        server.stop()
        assert not psutil.pid_exists(pid)
        assert not (data / "postgres" / "cluster" / "postmaster.pid").exists()
        assert not (data / "instance.json").exists()


class TestInstallation:
    def test_joins_the_one_that_runs(self, server: EmbeddedPostgres, data: Path) -> None:
        running = join(data)
        assert running is not None
        assert value(running.app_url, "SELECT 1") == 1
        with installation(settings_of(data), may_make=True) as urls:
            assert urls.running is not None
            assert urls.running.pid == os.getpid()
            assert value(urls.owner, "SELECT current_user") == "kis_owner"
        assert server.is_running, "a command that joined stops nothing"

    def test_starts_the_server_for_the_time_of_a_command(self, data: Path) -> None:
        with installation(settings_of(data), may_make=True) as urls:
            assert urls.is_embedded
            assert value(urls.app, "SELECT current_user") == "kis_app"
            assert join(data) is None, "nobody may rely on it"
        with pytest.raises(psycopg.OperationalError):
            value(urls.app, "SELECT 1")

    def test_takes_the_database_that_is_set(self, tmp_path: Path) -> None:
        database = DatabaseSettings(url="postgresql://a@b/c", migration_url="postgresql://o@b/c")
        with installation(settings_of(tmp_path, database)) as urls:
            assert (urls.app, urls.owner) == ("postgresql://a@b/c", "postgresql://o@b/c")
        assert list(tmp_path.iterdir()) == []

    def test_is_held_for_a_command_alone(self, data: Path) -> None:
        with EmbeddedPostgres(data, is_durable=False, purpose=Purpose.COMMAND):
            assert join(data) is None


def settings_of(data: Path, database: DatabaseSettings | None = None) -> Settings:
    return Settings(
        application=ApplicationSettings(data=data),
        database=database or DatabaseSettings(url="", migration_url=""),
    )
