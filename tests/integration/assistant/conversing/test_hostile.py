"""What malformed and hostile messages are answered with, on a real socket: each its code, whether the connection lives, and nothing of the inside.

The table is written by hand from the protocol. ``None`` for a close code: the connection lives, proven by a ping that is answered after it.
"""

import base64
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson
from websockets.exceptions import ConnectionClosed

from kis.assistant.conversing.codes import ERRORS
from kis.assistant.conversing.protocol import OUTGOING
from tests.factories.conversing import Teller, means_of
from tests.integration.assistant.conversing.served import Served, serving

TOKEN: Final = "A" * 24
PNG: Final = b"\x89PNG\r\n\x1a\n"


def typing(**fields: Any) -> bytes:
    return orjson.dumps({"type": "typing", "seq": 1, "content": "td", **fields})


def query(**fields: Any) -> bytes:
    asked = {"type": "query", "product_id": "td17", "query": "how?", **fields}
    return orjson.dumps({name: value for name, value in asked.items() if value is not ...})


def image(content: bytes) -> str:
    return base64.b64encode(content).decode()


HOSTILE: Final[tuple[tuple[str, bytes | str, str], ...]] = (
    # no object of JSON
    ("nothing at all", "", "malformed_message"),
    ("white space", " \n\t ", "malformed_message"),
    ("a word", "hello", "malformed_message"),
    ("an HTTP request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "malformed_message"),
    ("half an object", '{"type":"typing","content":"t', "malformed_message"),
    ("two objects", '{"type":"ping"}{"type":"ping"}', "malformed_message"),
    ("a comma too many", '{"type":"ping",}', "malformed_message"),
    ("single quotes", "{'type':'ping'}", "malformed_message"),
    ("a number", "1", "malformed_message"),
    ("a very large number", "9" * 5000, "malformed_message"),
    ("null", "null", "malformed_message"),
    ("true", "true", "malformed_message"),
    ("a text of JSON", '"ping"', "malformed_message"),
    ("a list", '[{"type":"ping"}]', "malformed_message"),
    ("an empty list", "[]", "malformed_message"),
    ("not a number", '{"type":"typing","seq":NaN,"content":"t"}', "malformed_message"),
    ("infinity", '{"type":"typing","seq":Infinity,"content":"t"}', "malformed_message"),
    ("a lone surrogate", '{"type":"typing","seq":1,"content":"\\ud800"}', "malformed_message"),
    ("a raw zero byte", '{"type":"pi\0ng"}', "malformed_message"),
    ("ten thousand open lists", "[" * 10_000, "malformed_message"),
    ("ten thousand nested objects", '{"type":' * 10_000 + "1" + "}" * 10_000, "malformed_message"),
    ("a mark of byte order", '\ufeff{"type":"ping"}', "malformed_message"),
    # frames that are no text
    ("bytes", b"\x00\x01\x02", "binary_message"),
    ("an object in a binary frame", b'{"type":"ping"}', "binary_message"),
    ("an empty binary frame", b"", "binary_message"),
    # types
    ("no type", "{}", "unknown_type"),
    ("a type of nobody", '{"type":"shutdown"}', "unknown_type"),
    ("a type in capitals", '{"type":"PING"}', "unknown_type"),
    ("a type with a space", '{"type":"ping "}', "unknown_type"),
    ("an empty type", '{"type":""}', "unknown_type"),
    ("null for a type", '{"type":null}', "unknown_type"),
    ("a number for a type", '{"type":1}', "unknown_type"),
    ("a list for a type", '{"type":["ping"]}', "unknown_type"),
    ("an object for a type", '{"type":{"type":"ping"}}', "unknown_type"),
    ("a type of the server", '{"type":"final_answer"}', "unknown_type"),
    ("a name of Python", '{"type":"__class__"}', "unknown_type"),
    ("a type of a million letters", '{"type":"' + "a" * 1_000_000 + '"}', "unknown_type"),
    # key presses
    ("typing without a text", '{"type":"typing","seq":1}', "invalid_message"),
    ("typing null", typing(content=None).decode(), "invalid_message"),
    ("typing a number", typing(content=5).decode(), "invalid_message"),
    ("typing a list", typing(content=["t"]).decode(), "invalid_message"),
    ("typing too much", typing(content="t" * 201).decode(), "invalid_message"),
    ("typing a book", typing(content="t" * 100_000).decode(), "message_too_large"),
    ("typing with a chest of unknown fields", typing(more="x" * 100_000).decode(), "message_too_large"),
    ("a number below zero", typing(seq=-1).decode(), "invalid_message"),
    ("a number beyond what JavaScript holds", typing(seq=2**53).decode(), "invalid_message"),
    ("a broken number", typing(seq=1.5).decode(), "invalid_message"),
    ("true for a number", typing(seq=True).decode(), "invalid_message"),
    ("a text for a number", typing(seq="1").decode(), "invalid_message"),
    ("an object for a number", typing(seq={"$gt": 0}).decode(), "invalid_message"),
    # questions
    ("a question about a list", query(product_id=["td17"]).decode(), "invalid_message"),
    ("a question about an empty id", query(product_id="").decode(), "invalid_message"),
    ("a question about a number", query(product_id=17).decode(), "invalid_message"),
    ("a question about a long id", query(product_id="a" * 201).decode(), "invalid_message"),
    ("no question", query(query=...).decode(), "invalid_message"),
    ("an empty question", query(query="").decode(), "invalid_message"),
    ("a question of spaces", query(query="   ").decode(), "invalid_message"),
    ("a question too long", query(query="a" * 2001).decode(), "invalid_message"),
    ("an object for a question", query(query={"a": 1}).decode(), "invalid_message"),
    ("a file for an id", query(product_id="../../etc/passwd").decode(), "product_not_found"),
    ("a command for an id", query(product_id="'; drop table products; --").decode(), "product_not_found"),
    ("a zero byte for an id", query(product_id="\0").decode(), "product_not_found"),
    # images
    ("an image that is a number", query(image=1).decode(), "invalid_message"),
    ("an image that is no base64", query(image="%%%").decode(), "image_unusable"),
    ("an image that is nothing", query(image="").decode(), "image_unusable"),
    (
        "a page of HTML for an image",
        query(image=image(b"<script>alert(1)</script>")).decode(),
        "image_unusable",
    ),
    ("a drawing with scripts", query(image=image(b"<svg onload='x'/>")).decode(), "image_unusable"),
    ("a program for an image", query(image=image(b"\x7fELF")).decode(), "image_unusable"),
    ("an address for an image", query(image="http://169.254.169.254/latest").decode(), "image_unusable"),
    ("a data URL that is not base64", query(image="data:image/png,abc").decode(), "image_unusable"),
    (
        "a data URL with a long head",
        query(image=f"data:{'a' * 200};base64,{image(PNG)}").decode(),
        "image_unusable",
    ),
    ("an image of more than 5 MB", query(image=image(PNG + bytes(5_000_001))).decode(), "image_too_large"),
    # cancel and resume
    ("cancel of a number", '{"type":"cancel","token":1}', "invalid_message"),
    ("cancel of a path", '{"type":"cancel","token":"../../../etc/passwd00000"}', "invalid_message"),
    ("resume of nothing", '{"type":"resume"}', "invalid_message"),
    ("resume of a path", '{"type":"resume","token":"../answers/*"}', "invalid_message"),
    ("resume of every answer", '{"type":"resume","token":"' + "*" * 24 + '"}', "invalid_message"),
    ("resume with a newline", '{"type":"resume","token":"' + TOKEN + '\\n"}', "invalid_message"),
    ("resume before the beginning", '{"type":"resume","token":"' + TOKEN + '","seq":-1}', "invalid_message"),
    ("resume of an answer nobody knows", '{"type":"resume","token":"' + TOKEN + '"}', "answer_not_found"),
)
ROOT: Final = Path(__file__).resolve().parents[4]
INSIDE: Final = ("traceback", "pydantic", "site-packages", str(ROOT).casefold(), ".py", "exception", "orjson")


async def test_each_is_answered_with_its_code_and_the_connection_lives(shared: Served) -> None:
    told = {}
    for name, given, _ in HOSTILE:
        async with shared.client() as client:
            await client.say(given)
            error = await client.hear_type("error")
            await client.say({"type": "ping"})
            await client.hear_type("pong")
        told[name] = error
    for error in told.values():
        OUTGOING.validate_python(error)
        assert error["message"]
        assert ERRORS[error["code"]].closes_with is None
        assert not [word for word in INSIDE if word in str(error).casefold()], error
    assert {name: error["code"] for name, error in told.items()} == {name: code for name, _, code in HOSTILE}


def test_the_table_has_fifty_rows_with_names_of_their_own() -> None:
    assert len({name for name, _, _ in HOSTILE}) == len(HOSTILE) >= 50


async def test_a_flood_ends_the_connection_with_its_code(shared: Served) -> None:
    async with shared.client(max_queue=None) as client:
        for _ in range(1200):
            with suppress(ConnectionClosed):
                await client.say({"type": "ping"})
        assert await client.close_code() == 1008


async def test_frames_that_are_no_utf8_end_the_connection(tmp_path: Path) -> None:
    async with serving(tmp_path, means_of(teller=Teller(("Yes.",)))) as served, served.client() as client:
        await client.socket.send(b"\xff\xfe\xfd", text=True)
        assert await client.close_code() == 1007
