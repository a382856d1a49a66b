"""What an analyzer's process and those it serves say to each other, and what neither lets the other say."""

import asyncio

import orjson
import pytest

from kis.search.tokens import Morpheme
from kis.search.tokens.frames import (
    HEAD,
    LARGEST_REQUEST_BYTES,
    MOST_CHARACTERS,
    MOST_TEXTS,
    BrokenFrame,
    Frame,
    Kind,
    body_of_found,
    body_of_texts,
    found_of,
    packed,
    read_frame,
    texts_of,
)

FOUND = [[Morpheme("차단기", "NNG", 0, 3), Morpheme("는", "JX", 3, 1)], []]


async def read(said: bytes, *, most_bytes: int = 100) -> Frame | None:
    reader = asyncio.StreamReader()
    reader.feed_data(said)
    reader.feed_eof()
    return await read_frame(reader, most_bytes=most_bytes)


class TestReadFrame:
    async def test_gives_one_after_another_and_nothing_at_the_end(self) -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(packed(Kind.QUICK, 7, b"[]") + packed(Kind.FAILED, 2**32 - 1))
        reader.feed_eof()
        assert await read_frame(reader, most_bytes=2) == Frame(Kind.QUICK, 7, b"[]")
        assert await read_frame(reader, most_bytes=2) == Frame(Kind.FAILED, 2**32 - 1, b"")
        assert await read_frame(reader, most_bytes=2) is None

    @pytest.mark.parametrize("length", [1, HEAD.size - 1, HEAD.size, HEAD.size + 1])
    async def test_tells_an_end_within_one(self, length: int) -> None:
        with pytest.raises(asyncio.IncompleteReadError):
            await read(packed(Kind.BULK, 1, b"[]")[:length])

    async def test_takes_as_much_as_may_be_and_not_a_byte_more(self) -> None:
        assert await read(packed(Kind.BULK, 1, b"x" * 100)) == Frame(Kind.BULK, 1, b"x" * 100)
        with pytest.raises(BrokenFrame, match="101 bytes"):
            await read(HEAD.pack(101, 1, Kind.BULK))  # its body is not waited for

    async def test_refuses_a_kind_there_is_not(self) -> None:
        with pytest.raises(BrokenFrame, match="kind 5"):
            await read(HEAD.pack(0, 1, 5))


class TestTexts:
    def test_come_back_as_they_were(self) -> None:
        texts = ["차단기용량선정", "", 'a "quoted"\n\0', "😀"]
        assert texts_of(body_of_texts(texts)) == texts

    def test_lose_halves_of_characters_and_keep_their_lengths(self) -> None:
        assert texts_of(body_of_texts(["분\ud800전", "차단기"])) == ["분?전", "차단기"]

    def test_of_a_request_are_bounded(self) -> None:
        assert len(texts_of(orjson.dumps([""] * MOST_TEXTS))) == MOST_TEXTS
        assert texts_of(orjson.dumps(["가" * MOST_CHARACTERS]))
        with pytest.raises(BrokenFrame):
            texts_of(orjson.dumps([""] * (MOST_TEXTS + 1)))
        with pytest.raises(BrokenFrame):
            texts_of(orjson.dumps(["가" * MOST_CHARACTERS, "가"]))

    @pytest.mark.parametrize("longest", ["\0" * MOST_CHARACTERS, "😀" * MOST_CHARACTERS])
    def test_of_a_full_request_fit_into_a_frame(self, longest: str) -> None:
        assert len(body_of_texts([longest])) < LARGEST_REQUEST_BYTES

    @pytest.mark.parametrize("body", [b"", b"{}", b'"text"', b"[1]", b'["a", null]', b'["a"'])
    def test_that_are_none_are_refused(self, body: bytes) -> None:
        with pytest.raises(BrokenFrame):
            texts_of(body)


class TestFound:
    def test_comes_back_as_it_was(self) -> None:
        body = body_of_found(FOUND)
        assert body == '[["차단기","NNG",0,3,"는","JX",3,1],[]]'.encode()
        assert found_of(body, texts=2) == FOUND

    @pytest.mark.parametrize(
        "body", [b"[]", b"[[]]", b"[[],[],[]]", b'[["a","b",1],[]]', b"[[],1]", b"{}", b"["]
    )
    def test_for_other_texts_is_refused(self, body: bytes) -> None:
        with pytest.raises(BrokenFrame):
            found_of(body, texts=2)
