"""The versions of an article: a list of them, one, what changed between two, and an old one saved again."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge import repository
from kis.knowledge.articles import Article, Status, Version, require_desk
from kis.knowledge.changing import Decision, change
from kis.knowledge.diffing import FieldDiff, diff
from kis.knowledge.errors import ArticleStatus, VersionNotFound
from kis.knowledge.means import Means
from kis.knowledge.models import ArticleVersion, Category
from kis.knowledge.texts import TextState
from kis.knowledge.writing import SAVABLE, new_version
from kis.search import Language

MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """A version in a list."""

    number: int
    titles: dict[Language, str]
    states: dict[Language, TextState]
    note: str
    author: str
    saved_by: str
    saved_at: datetime
    is_current: bool
    is_published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """A page of versions, the newest first."""

    items: tuple[VersionFacts, ...]
    total: int


async def list_versions(
    means: Means, principal: Principal, article_id: UUID, *, page: int = 1, size: int = 20
) -> Versions:
    """Return a page of the versions of an article. Raises ArticleNotFound."""
    require_desk(principal)
    chosen = (
        select(
            ArticleVersion.number,
            literal_column("texts #- '{ko,body}' #- '{en,body}'").label("texts"),
            ArticleVersion.details,
            ArticleVersion.note,
            ArticleVersion.saved_by,
            ArticleVersion.saved_at,
        )
        .where(ArticleVersion.article_id == article_id)
        .order_by(ArticleVersion.number.desc())
        .limit(min(size, MOST_LISTED))
        .offset((page - 1) * size)
    )
    async with means.database.transaction(principal.scope) as session:
        article = await repository.get_own(session, article_id, principal.organization_id)
        rows = (await session.execute(chosen)).all()
    return Versions(
        items=tuple(_facts(article, repository.version_of(row)) for row in rows), total=article.current.number
    )


async def get(means: Means, principal: Principal, article_id: UUID, number: int) -> Version:
    """Return a version whole. Raises ArticleNotFound, VersionNotFound."""
    require_desk(principal)
    async with means.database.transaction(principal.scope) as session:
        await repository.get_own(session, article_id, principal.organization_id)
        return await _version(session, article_id, number)


async def compare(
    means: Means, principal: Principal, article_id: UUID, old: int, new: int
) -> tuple[FieldDiff, ...]:
    """Return what changed from one version to another. Raises ArticleNotFound, VersionNotFound."""
    require_desk(principal)
    async with means.database.transaction(principal.scope) as session:
        await repository.get_own(session, article_id, principal.organization_id)
        before = await _version(session, article_id, old)
        after = await _version(session, article_id, new)
    return await asyncio.to_thread(diff, before, after)


async def restore(
    means: Means, principal: Principal, article_id: UUID, number: int, *, revision: int | None = None
) -> Article:
    """Save an old version again, as a new one. Its category stands where there still is one. Raises ArticleStatus, StaleArticle, VersionNotFound."""
    principal.require(Permission.ARTICLE_WRITE)
    async with means.database.transaction(principal.scope) as session:
        await repository.get_own(session, article_id, principal.organization_id)
        old = await _version(session, article_id, number)
        has_category = old.category_id is None or await _is_there(session, old.category_id)

    def decide(article: Article) -> Decision:
        if article.status not in SAVABLE:
            raise ArticleStatus("save", article.status.value, [status.value for status in SAVABLE])
        placed = replace(
            article, type=old.type, category_id=old.category_id if has_category else article.category_id
        )
        after = new_version(placed, principal, old.texts, metadata=old.metadata, note=f"← {number}")
        return Decision(
            after=after,
            action="article.version_restored",
            told_before={"version": article.current.number, "status": article.status.value},
            told_after={"version": after.current.number, "of": number, "status": Status.DRAFT.value},
        )

    return await change(means, principal, article_id, decide, revision=revision)


async def _version(session: AsyncSession, article_id: UUID, number: int) -> Version:
    chosen = select(ArticleVersion).where(
        ArticleVersion.article_id == article_id, ArticleVersion.number == number
    )
    row = (await session.scalars(chosen)).one_or_none()
    if row is None:
        raise VersionNotFound(number)
    return repository.version_of(row)


async def _is_there(session: AsyncSession, category_id: UUID) -> bool:
    found: Any = await session.scalar(select(Category.id).where(Category.id == category_id))
    return found is not None


def _facts(article: Article, version: Version) -> VersionFacts:
    return VersionFacts(
        number=version.number,
        titles={language: text.words.title for language, text in version.texts.items()},
        states={language: text.state for language, text in version.texts.items()},
        note=version.note,
        author=version.author,
        saved_by=version.saved_by,
        saved_at=version.saved_at,
        is_current=version.number == article.current.number,
        is_published=article.published is not None and version.number == article.published.number,
    )
