"""The socket the API is given, and the address people are told."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from kis.cli.serving import sockets
from kis.cli.serving.sockets import PortTaken, address_of, listening_sockets
from kis.platform.errors import BadInput

Listen = Callable[..., list[socket.socket]]


@pytest.fixture
def listening() -> Iterator[Listen]:
    """Make sockets that are closed after the test."""
    with ExitStack() as closing:

        def made(port: int = 0, processes: int = 1) -> list[socket.socket]:
            return [closing.enter_context(each) for each in listening_sockets("127.0.0.1", port, processes)]

        yield made


class TestListeningSockets:
    def test_one_process_takes_callers_at_once(self, listening: Listen) -> None:
        (only,) = listening()
        socket.create_connection(only.getsockname(), timeout=5).close()

    @pytest.mark.parametrize("processes", [1, 2])
    def test_a_port_that_is_taken_is_refused_to_those_who_share_it_too(
        self, listening: Listen, processes: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sockets, "PATIENCE_SECONDS", 0.0)
        port = listening(processes=processes)[0].getsockname()[1]
        for wanted in (1, 2):
            with pytest.raises(PortTaken, match=str(port)):
                listening(port, processes=wanted)

    @pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
    def test_an_address_of_another_machine_is_refused(self, host: str) -> None:
        with pytest.raises(BadInput) as refused:
            listening_sockets(host, 0)
        assert host in refused.value.text("ko")

    def test_the_first_of_several_takes_all_callers_until_others_listen(self, listening: Listen) -> None:
        first, second = listening(processes=2)
        assert second.getsockname() == first.getsockname()
        first.setblocking(False)

        callers = self._callers(first, 20)
        assert self._taken(first) == 20, "none waits for a process that is not there yet"

        second.listen()
        second.setblocking(False)
        callers += self._callers(first, 200)
        dealt = self._taken(first), self._taken(second)
        assert sum(dealt) == 200
        assert min(dealt) > 50, "each by the hash of its address and port: fewer have a chance of 1 in 10^12"
        for caller in callers:
            caller.close()

    def test_one_socket_is_for_all_where_the_system_deals_nothing_out(
        self, listening: Listen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sockets, "_DEALS_OUT", False)
        assert len(listening(processes=3)) == 1

    @staticmethod
    def _callers(of: socket.socket, number: int) -> list[socket.socket]:
        return [socket.create_connection(of.getsockname(), timeout=5) for _ in range(number)]

    @staticmethod
    def _taken(by: socket.socket) -> int:
        taken = 0
        with suppress(BlockingIOError):
            while True:
                by.accept()[0].close()
                taken += 1
        return taken


class TestAddressOf:
    @pytest.mark.parametrize(
        ("host", "shown"),
        [
            ("127.0.0.1", "127.0.0.1"),
            ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - looked at
            ("::", "[::1]"),
            ("::1", "[::1]"),
            ("localhost", "localhost"),
        ],
    )
    def test_can_be_opened_on_this_machine(self, host: str, shown: str) -> None:
        (given,) = listening_sockets("127.0.0.1", 0)
        with given:
            port = given.getsockname()[1]
            assert address_of(given, host) == (port, f"http://{shown}:{port}")
