"""The socket the API is given, and the address people are told."""

import socket

import pytest

from kis.cli.serving import sockets
from kis.cli.serving.sockets import PortTaken, address_of, listening_socket
from kis.platform.errors import BadInput


class TestListeningSocket:
    def test_takes_callers_at_once(self) -> None:
        with listening_socket("127.0.0.1", 0) as listening:
            socket.create_connection(listening.getsockname(), timeout=5).close()

    def test_refuses_a_port_that_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sockets, "PATIENCE_SECONDS", 0.0)
        with listening_socket("127.0.0.1", 0) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(PortTaken, match=str(port)):
                listening_socket("127.0.0.1", port)

    @pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
    def test_refuses_an_address_of_another_machine(self, host: str) -> None:
        with pytest.raises(BadInput) as refused:
            listening_socket(host, 0)
        assert host in refused.value.text("ko")


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
        with listening_socket("127.0.0.1", 0) as listening:
            port = listening.getsockname()[1]
            assert address_of(listening, host) == (port, f"http://{shown}:{port}")
