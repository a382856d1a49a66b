"""Words nobody else has, and how they are found again in whatever an answer is: JSON, a page, a ZIP of documents, a PDF."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import httpx2

IDENTIFIER: Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"
)
_LATIN: Final = re.compile(r"qv[a-z]{6}")
_HANGUL: Final = re.compile(r"쾁[가-힣]{2}")
_CONSONANTS: Final = "bdgkmprtz"
_VOWELS: Final = "aou"
_SYLLABLES: Final = (ord("가"), ord("힣"))
_DEEPEST: Final = 3
"""A ZIP of Word documents is a ZIP of ZIPs."""


class Coinage:
    """Makes words that stand nowhere else; the same ones in each run. ``again``: words that another has made."""

    def __init__(self, again: Iterable[str] = ()) -> None:
        self._random = random.Random(20261120)  # noqa: S311 - words, not keys
        self._made = {word.removeprefix("qv").removeprefix("쾁") for word in again}

    def latin(self) -> str:
        """Return a word that no stemmer shortens. It says everything twice: two words are never one slip apart."""
        half = self._new(lambda: "".join(map(self._random.choice, (_CONSONANTS, _VOWELS) * 3)))
        return f"qv{half}{half}k"

    def hangul(self) -> str:
        """Return a word of five syllables that mean nothing; no other has two of them beside each other."""
        return "쾁" + "".join(self._new(lambda: chr(self._random.randint(*_SYLLABLES))) for _ in range(4))

    def _new(self, make: Callable[[], str]) -> str:
        while (word := make()) in self._made:
            continue
        self._made.add(word)
        return word


def key_of(word: str) -> str:
    """Return the part of a word that is looked for: a piece of it tells enough."""
    return word[:3] if word.startswith("쾁") else word[:8]


def slip(word: str) -> str:
    """Return a word with its last two letters changed round."""
    return word[:-2] + word[-1] + word[-2]


def found(text: str) -> frozenset[str]:
    """Return the keys of words, and the identifiers, that stand in a text."""
    folded = text.casefold()
    return frozenset((*_LATIN.findall(folded), *_HANGUL.findall(folded), *IDENTIFIER.findall(folded)))


def told(answer: httpx2.Response) -> str:
    """Return all that an answer says, its headers too, unpacked."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return headers + "\n" + "\n".join(_texts(answer.content, _DEEPEST))


def _texts(data: bytes, depth: int) -> Iterator[str]:
    if data.startswith(b"PK\x03\x04") and depth:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            for name in pack.namelist():
                yield name
                yield from _texts(pack.read(name), depth - 1)
    elif data.startswith(b"%PDF-"):
        yield _printed(data)
    else:
        yield data.decode("utf-8", "replace")


def _printed(data: bytes) -> str:
    import pypdfium2  # type: ignore[import-untyped]  # comes without types

    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
