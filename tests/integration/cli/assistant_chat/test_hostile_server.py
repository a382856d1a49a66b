"""A server that tells its errors with what would steer a terminal: it is taken out before anything is printed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from kis.cli import main
from kis.cli.exit_codes import BAD_REQUEST, BROKEN
from tests.factories.servers import LOCALHOST

SAID = "no\x1b[2J\x1b]0;owned\x07 more\u202e\r\nthan this\x9b31m"
SHOWN = "no[2J]0;owned more than this31m"


class _Refusing(BaseHTTPRequestHandler):
    """Refuses all with the status that its path ends with, a WebSocket with 409; predicts what nobody meant."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        last = self.path.rpartition("/")[2]
        self._answer(int(last) if last.isdecimal() else 409, {"code": "no", "message": SAID})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, {"data": [{"id": SAID, "name": SAID, "brand": SAID, "confidence": 0.1}]})

    def _answer(self, status: int, told: object) -> None:
        body = orjson.dumps(told)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - http.server's name
        """Tell nobody."""


@pytest.fixture
def refusing() -> Iterator[str]:
    """The address of a server that refuses."""
    server = ThreadingHTTPServer((LOCALHOST, 0), _Refusing)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://{LOCALHOST}:{server.server_port}"
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--product", "409"), BROKEN),
        (("--product", "403"), BROKEN),
        (("--product", "404"), BAD_REQUEST),
        ((), BROKEN),
    ],
)
def test_an_error_of_the_server_steers_no_terminal(
    refusing: str,
    words: tuple[str, ...],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("KIS_API_KEY", raising=False)
    asked = ["assistant", "chat", "--server", refusing, "--question", "how?", "--lang", "en", *words]
    assert main(asked) == code
    shown = capsys.readouterr()
    assert SHOWN in " ".join(shown.err.split())
    assert not set(shown.out + shown.err) & set("\x07\x1b\x9b\r\u202e")
