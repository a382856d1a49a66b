"""Where an analyzer listens: a name that is short enough, for its own account alone."""

import os
from pathlib import Path

import pytest

from kis.platform.local_sockets import LONGEST_PATH, Listening, NotOurs, connected_to, socket_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A name for a socket; those of tests' folders may be too long."""
    return socket_path(tmp_path)


class TestSocketPath:
    def test_is_in_the_data_folder(self) -> None:
        assert socket_path(Path("/srv/kis")) == Path("/srv/kis/morphemes/socket")

    def test_is_elsewhere_where_that_is_too_long_and_another_for_each_folder(self) -> None:
        deep = Path("/srv") / ("d" * LONGEST_PATH)
        found = socket_path(deep)
        assert found == socket_path(deep)
        assert found != socket_path(deep / "other")
        assert len(os.fsencode(found)) < LONGEST_PATH
        assert found.parent.name.startswith(f"kis-{os.geteuid()}-")


class TestListening:
    def test_is_for_its_own_account_alone_and_leaves_nothing(self, path: Path) -> None:
        listening = Listening(path)
        with listening.socket:
            assert path.lstat().st_mode & 0o777 == 0o600
            assert path.parent.lstat().st_mode & 0o777 == 0o700
            connected_to(path).close()
        listening.remove()
        assert not path.parent.exists()

    def test_takes_the_place_of_one_that_is_dead(self, path: Path) -> None:
        Listening(path).socket.close()
        with pytest.raises(ConnectionRefusedError):
            connected_to(path)
        again = Listening(path)
        with again.socket:
            connected_to(path).close()
        again.remove()

    def test_does_not_remove_who_took_its_place(self, path: Path) -> None:
        first, second = Listening(path), Listening(path)
        with first.socket, second.socket:
            first.remove()
            connected_to(path).close()
        second.remove()

    def test_refuses_a_folder_that_others_may_write_to(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700)
        path.parent.chmod(0o770)
        with pytest.raises(NotOurs):
            Listening(path)
        path.parent.rmdir()


class TestConnectedTo:
    def test_refuses_what_others_may_use(self, path: Path) -> None:
        listening = Listening(path)
        with listening.socket:
            path.chmod(0o666)
            with pytest.raises(NotOurs):
                connected_to(path)
        listening.remove()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can give a file away")
    def test_refuses_what_belongs_to_somebody_else(self, path: Path) -> None:
        listening = Listening(path)
        with listening.socket:
            os.chown(path, 65534, 65534)
            with pytest.raises(NotOurs):
                connected_to(path)
        listening.remove()

    def test_refuses_what_is_no_socket(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700)
        os.close(os.open(path, os.O_CREAT, 0o600))
        with pytest.raises(NotOurs):
            connected_to(path)
        path.unlink()
        path.parent.rmdir()

    def test_finds_nothing_where_nothing_is(self, path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            connected_to(path)
