"""What the search is given of an article: the published texts for its readers; for those who see drafts, what is different in the current version."""

import asyncio
from collections.abc import Iterator
from typing import Final

from kis.knowledge.articles import Article, Status, Version
from kis.knowledge.markdown import plain_text
from kis.knowledge.texts import Text, shown
from kis.search import Document, Language, Source

LINK: Final = "/v1/knowledge/{}"


async def documents(article: Article) -> tuple[Document, ...]:
    """Return what is to be found of an article; nothing of one in the bin."""
    return await asyncio.to_thread(documents_of, article)


def documents_of(article: Article) -> tuple[Document, ...]:
    """Return what :func:`documents` does, taking its time."""
    return () if article.deleted_at is not None else tuple(_documents(article))


def _documents(article: Article) -> Iterator[Document]:
    published = {} if article.published is None else shown(article.published.texts)
    if article.published is not None:
        for language, text in published.items():
            yield _document(article, article.published, language, text, is_published=True)
    for language, text in article.current.texts.items():
        if language not in published or published[language].words != text.words:
            yield _document(article, article.current, language, text, is_published=False)


def _document(
    article: Article, version: Version, language: Language, text: Text, *, is_published: bool
) -> Document:
    words = text.words
    return Document(
        readers=article.readers_of(is_published=is_published),
        source=Source.ARTICLE,
        source_id=article.id,
        language=language,
        title=words.title,
        summary=words.summary,
        body=plain_text(words.body),
        tags=words.tags,
        category_id=article.category_id,
        kind=article.type.value,
        status=Status.PUBLISHED.value if is_published else article.status.value,
        author=version.author,
        link=LINK.format(article.id),
        facts={"slug": article.slug, "version": version.number, "state": text.state.value},
        dated_at=version.saved_at,
        expires_at=article.expires_at,
    )
