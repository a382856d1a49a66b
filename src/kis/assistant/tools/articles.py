"""Answers from the knowledge base: the articles that the caller may read, each sentence with the section it stands in.

An article is read as a manual is, so that its sentences are found, refused and cited in the same way; its page is always 1, and the address of a citation
leads to the section. It is an offer beside a manual that has no answer, and never mixed into one.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

from kis.assistant.answering.asking import MOST_PASSAGES, Question
from kis.assistant.answering.extractive import extracted
from kis.assistant.answering.orders import without_orders
from kis.assistant.answering.refusing import reason_to_refuse
from kis.assistant.conversing.means import Caller
from kis.assistant.reading import PassageIndex, read_document
from kis.assistant.things import (
    AnswerEvent,
    AnswerMode,
    Chunk,
    Citation,
    Source,
    Unit,
    UnitKind,
)
from kis.assistant.tools.telling import refused, told
from kis.identity import Permission, Principal
from kis.knowledge import Knowledge, Words, rendered_page
from kis.platform.errors import BadInput, NotFound
from kis.platform.telemetry.metrics import ANSWER_GENERATION_SECONDS
from kis.search import LONGEST_QUESTION, Filters, Hit, Language, Query, Search
from kis.search import Source as Kind

MOST_ARTICLES: Final = 3
"""So many of the best articles are asked, one after the other, until one answers."""
HELD_ARTICLES: Final = 64
MEDIA_TYPE: Final = "text/markdown"
"""Of articles: what tells their citations from those of pages that can be shown."""


@dataclass(frozen=True, slots=True)
class _Read:
    """An article taken apart."""

    sha256: str
    index: PassageIndex
    anchors: Mapping[str, str]
    """Where a link leads to each heading."""


@dataclass(frozen=True, slots=True)
class _Answering:
    """An article that answers a question."""

    question: Question
    anchors: Mapping[str, str]

    def events(self) -> list[AnswerEvent]:
        """Return the answer."""
        return [self._placed(event) for event in extracted(self.question)]

    def nearest(self, number: int) -> Citation | None:
        """Return the first thing that the answer stands on, under another number."""
        events = self.events()
        found = next((event for event in events if isinstance(event, Citation)), None)
        return None if found is None else replace(found, number=number)

    def _placed(self, event: AnswerEvent) -> AnswerEvent:
        """Return a citation with the address of its section."""
        if not isinstance(event, Citation):
            return event
        passage = next(each.passage for each in self.question.found if each.passage.number == event.passage)
        anchors = [self.anchors[title] for title in passage.title_path if title in self.anchors]
        url = f"{event.source.url}#{anchors[-1]}" if anchors else event.source.url
        return replace(event, source=replace(event.source, url=url))


class Articles:
    """Answers questions from the knowledge base."""

    def __init__(self, search: Search, knowledge: Knowledge) -> None:
        self._search = search
        self._knowledge = knowledge
        self._held: OrderedDict[str, _Read] = OrderedDict()

    async def answer(self, caller: Caller, text: str, language: Language) -> AsyncIterator[AnswerEvent]:
        """Yield the answer of the best article that has one."""
        begun = perf_counter()
        if not _may(caller):
            for event in refused("may_not_read_articles", language, mode=AnswerMode.EXTRACTIVE):
                yield event
            return
        found = await self._first(caller, text, language)
        if found is None:
            for event in refused("nothing_in_articles", language, mode=AnswerMode.EXTRACTIVE):
                yield event
            return
        for event in found.events():
            yield event
        ANSWER_GENERATION_SECONDS.labels(AnswerMode.EXTRACTIVE).observe(perf_counter() - begun)

    async def offer(
        self, caller: Caller, text: str, language: Language, number: int
    ) -> tuple[Citation, Chunk] | None:
        """Return the article that has what a manual has not, cited under ``number``, and the sentence that says so; None where none has."""
        found = await self._first(caller, text, language) if _may(caller) else None
        citation = None if found is None else found.nearest(number)
        if citation is None:
            return None
        said = told("assistant_tools.article.offer", language, title=citation.source.title, number=number)
        return citation, Chunk(f"\n{said}")

    async def _first(self, caller: Caller, text: str, language: Language) -> _Answering | None:
        if caller is None:
            return None
        for hit in await self._hits(caller, text):
            read = await self._opened(caller, hit)
            if read is None:
                continue
            source = Source(sha256=read.sha256, title=hit.title, url=hit.link, media_type=MEDIA_TYPE)
            question = Question(
                text=text,
                language=language,
                found=tuple(without_orders(tuple(read.index.search(text, MOST_PASSAGES)))),
                source=source,
                searched=told("assistant_tools.article.searched", language),
            )
            if reason_to_refuse(question) is None:
                return _Answering(question, read.anchors)
        return None

    async def _hits(self, caller: Principal, text: str) -> tuple[Hit, ...]:
        """Return the articles that fit, of those the caller may read; none for a text without words."""
        query = Query(
            text=text[:LONGEST_QUESTION],
            filters=Filters(sources=(Kind.ARTICLE,)),
            limit=MOST_ARTICLES,
            highlights=False,
        )
        try:
            return (await self._search.search(caller, query)).found.hits
        except BadInput:
            return ()

    async def _opened(self, caller: Principal, hit: Hit) -> _Read | None:
        """Return an article as the caller is shown it; None where it was taken back since it was indexed."""
        try:
            shown = await self._knowledge.get(caller, hit.source_id, published=True)
        except NotFound:
            return None
        text = shown.texts.get(hit.language)
        if text is None:
            return None
        words = text.words
        key = hashlib.sha256(f"{words.title}\0{words.summary}\0{words.body}".encode()).hexdigest()
        read = self._held.get(key)
        if read is None:
            read = await _taken_apart(key, words, hit.language)
            self._held[key] = read
            while len(self._held) > HELD_ARTICLES:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(key)
        return read


def _may(caller: Caller) -> bool:
    return caller is not None and caller.may(Permission.ARTICLE_READ)


async def _taken_apart(sha256: str, words: Words, language: Language) -> _Read:
    page = await rendered_page(words.body)
    index = await asyncio.to_thread(_indexed, words, page.html, language)
    return _Read(sha256, index, {" ".join(each.text.split()): each.anchor for each in page.headings})


def _indexed(words: Words, html: str, language: Language) -> PassageIndex:
    document = read_document(f"<html><body>{html}</body></html>".encode(), "text/html")
    first = [Unit(kind=UnitKind.HEADING, text=words.title, page=1, level=1)]
    if words.summary:
        first.append(Unit(kind=UnitKind.PARAGRAPH, text=words.summary, page=1))
    body = [replace(unit, level=unit.level + 1) if unit.level else unit for unit in document.units]
    return PassageIndex.of(replace(document, units=(*first, *body)), language=language)
