"""The process that reads documents: whatever a file does to it, it does to this process alone.

``python -m kis.assistant.manuals.reading_process MODULE MEMORY_BYTES``. It has the memory it is given, writes no file, and knows nothing of the
installation: its environment holds no secrets. Orders come as lines of JSON on standard input, parts behind them as they are; answers go to standard output: eight bytes of
length, one letter (``ok``: k, other bytes than named: o, no such page: p, more pages than may be: l, too much memory: m, anything else: e), then the content.
"""

import gc
import hashlib
import json
import os
import pickle
import resource
import struct
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final

from kis.assistant.manuals.packing import packed
from kis.assistant.things import Box
from kis.platform.parent import die_with_parent

NICENESS: Final = 10
"""A ninth of what others get where all are busy: who types waits milliseconds, who opens a manual a second."""


class TooLong(Exception):
    """A document has more pages than may be."""


def main() -> None:
    """Carry out orders until there are no more."""
    die_with_parent()
    os.nice(NICENESS)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    reading = import_module(sys.argv[1])
    _confine(int(sys.argv[2]))
    gc.set_threshold(100_000, 50, 50)  # a document is a hundred thousand small things that live as long as it
    for line in sys.stdin.buffer:
        order = json.loads(line)
        parts = [sys.stdin.buffer.read(size_bytes) for size_bytes in order["part_bytes"]]
        _answer(answers, *_done(reading, order, parts))


def _done(reading: Any, order: dict[str, Any], parts: list[bytes]) -> tuple[bytes, bytes]:
    try:
        return _worked(reading, order, parts)
    except FileNotFoundError:
        return b"o", b""
    except TooLong as error:
        return b"l", str(error).encode()
    except MemoryError:
        return b"m", b""
    except (LookupError, ValueError):
        return (b"p" if order["act"] == "image" else b"e"), b""
    except Exception:  # noqa: BLE001 - whatever a document does to its reader, the document is what is wrong
        return b"e", b""


def _worked(reading: Any, order: dict[str, Any], parts: list[bytes]) -> tuple[bytes, bytes]:
    content = Path(order["path"]).read_bytes()
    if hashlib.sha256(content).hexdigest() != order["sha256"]:
        return b"o", b""
    match order["act"]:
        case "read":
            return b"k", packed(reading.read_document(content, order["media_type"]))
        case "part":
            return b"k", _part(reading, content, order)
        case "join":
            # They come from a process like this one, which can do no more than this one can.
            read = [pickle.loads(part) for part in parts]  # noqa: S301
            return b"k", packed(reading.joined(content, read))
        case _:
            boxes = tuple(Box(*corners) for corners in order["boxes"])
            return b"k", reading.page_png(content, order["page"], boxes=boxes, width=order["width"])


def _part(reading: Any, content: bytes, order: dict[str, Any]) -> bytes:
    """Return the pages of one of so many parts that are equally long. Raises TooLong."""
    count, number, of = reading.read_pages(content, 1, 1).count, order["number"], order["of"]
    if count > order["most_pages"]:
        raise TooLong(count)
    first, end = count * number // of, count * (number + 1) // of
    return pickle.dumps(reading.read_pages(content, first + 1, end), pickle.HIGHEST_PROTOCOL)


def _answer(answers: BinaryIO, letter: bytes, content: bytes) -> None:
    answers.write(struct.pack(">Q", len(content)) + letter + content)
    answers.flush()


def _confine(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
