"""Manuals of a few texts, each a page of its own, for tests of what finds them."""

from datetime import UTC, datetime

from kis.assistant.manuals import OpenManual, Origin
from kis.assistant.reading import PassageIndex
from kis.assistant.things import DocumentState, Passage, ReadDocument
from kis.search import Language

SHA256 = "ab" * 32
"""Of every such manual."""


def index_of(*texts: str, titles: tuple[str, ...] = (), language: Language = Language.EN) -> PassageIndex:
    """Return an index of passages, each under its heading where there are ``titles``."""
    passages = tuple(
        Passage(number=at, title_path=(titles[at],) if titles else (), text=text, page=at + 1)
        for at, text in enumerate(texts)
    )
    return PassageIndex.of_passages(passages, language=language)


def small_manual(*texts: str, language: Language = Language.EN) -> OpenManual:
    """Return a manual as if it had just been fetched, read and indexed."""
    document = ReadDocument(
        sha256=SHA256,
        parser_version="1",
        state=DocumentState.READY,
        media_type="application/pdf",
        title="A manual",
        pages=len(texts),
        page_sizes=(),
        units=(),
    )
    return OpenManual(
        sha256=SHA256,
        document=document,
        index=index_of(*texts, language=language),
        url="https://example.com/a.pdf",
        fetched_at=datetime.now(UTC),
        origin=Origin.NETWORK,
    )
