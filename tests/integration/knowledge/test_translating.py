"""Asking a real endpoint for a translation."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr

from kis.knowledge.texts import Words
from kis.knowledge.translating import TranslationUnavailable
from kis.knowledge.translation_endpoint import EndpointTranslator, TranslationEndpoint
from kis.search import Language
from tests.factories.servers import LOCALHOST

WORDS = Words(title="차단기", body="# 제목", tags=("표",))
Reply = Callable[[dict[str, Any]], tuple[int, bytes]]


class _Handler(BaseHTTPRequestHandler):
    reply: ClassVar[Reply]
    asked: ClassVar[list[tuple[str, str, dict[str, Any]]]]

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append((self.path, self.headers.get("authorization", ""), given))
        status, body = type(self).reply(given)
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def answering(reply: Reply) -> Iterator[tuple[str, list[tuple[str, str, dict[str, Any]]]]]:
    """Serve an endpoint for the block; yield its address and what it is asked."""
    asked: list[tuple[str, str, dict[str, Any]]] = []
    handler = type("Handler", (_Handler,), {"reply": staticmethod(reply), "asked": asked})
    server = ThreadingHTTPServer((LOCALHOST, 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://{LOCALHOST}:{server.server_address[1]}/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def said(content: str) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def shouted(given: dict[str, Any]) -> tuple[int, bytes]:
    words = json.loads(given["messages"][1]["content"])
    answer = {
        key: [f"en {tag}" for tag in value] if isinstance(value, list) else f"en {value}"
        for key, value in words.items()
    }
    return 200, said(json.dumps(answer))


def translator(url: str) -> EndpointTranslator:
    key = SecretStr("key-of-the-tests")
    return EndpointTranslator(
        TranslationEndpoint(url=url, model="some-model", api_key=key, timeout_seconds=5)
    )


async def test_gives_the_words_in_the_other_language() -> None:
    with answering(shouted) as (url, asked):
        words = await translator(url).translate(WORDS, source=Language.KO, target=Language.EN)
    assert words == Words(title="en 차단기", body="en # 제목", tags=("en 표",))
    (path, authorization, given), *more = asked
    assert (path, authorization, more) == ("/v1/chat/completions", "Bearer key-of-the-tests", [])
    assert given["model"] == "some-model"
    assert "from Korean to English" in given["messages"][0]["content"]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (500, b"key-of-the-tests", "status"),
        (302, b"", "status"),
        (200, b"no JSON", "unusable"),
        (200, said("no JSON"), "unusable"),
        (200, said('{"title": 3}'), "unusable"),
        (200, said('{"title": "Breaker"}'), "unusable"),
        (200, b" " * (4 * 2**20 + 1), "unusable"),
    ],
)
async def test_says_why_there_is_none_and_never_what_was_answered(
    status: int, body: bytes, reason: str
) -> None:
    with answering(lambda _: (status, body)) as (url, _), pytest.raises(TranslationUnavailable) as refused:
        await translator(url).translate(WORDS, source=Language.KO, target=Language.EN)
    assert (refused.value.meta["reason"], refused.value.status_code) == (reason, 503)
    assert "key-of-the-tests" not in refused.value.text("ko") + refused.value.text("en")


async def test_says_that_nobody_is_there() -> None:
    with pytest.raises(TranslationUnavailable) as refused:
        await translator("http://127.0.0.1:9").translate(WORDS, source=Language.KO, target=Language.EN)
    assert refused.value.meta["reason"] == "unreachable"
