"""The bin: what was deleted stays there for a while, seen by nobody but administrators, and comes back as it was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge import attachments, repository
from kis.knowledge.articles import LONGEST_SLUG, Article, Status, is_slug
from kis.knowledge.changing import PROGRAM, By, Decide, Decision, attempt, change, recorded
from kis.knowledge.errors import ArticleNotFound
from kis.knowledge.means import Means
from kis.knowledge.models import Article as Row
from kis.knowledge.models import Attachment
from kis.knowledge.rules import rules_of
from kis.platform.errors import BadInput, Conflict, Problem
from kis.platform.messages import Message
from kis.search import Language

MOST_LISTED: Final = 200
MOST_PURGED: Final = 200
"""At a time, by the chore."""
_TRIES: Final = 5
_OVERDUE: Final = text(
    """
    SELECT a.id FROM knowledge.articles AS a LEFT JOIN knowledge.settings AS s ON s.organization_id = a.organization_id
    WHERE a.deleted_at < now() - make_interval(days => coalesce(s.bin_days, 30))
    ORDER BY a.deleted_at LIMIT :most FOR UPDATE OF a SKIP LOCKED
    """
)
_BINNED: Final = text(
    """
    SELECT a.id, a.slug, a.deleted_at, a.deleted_by, a.revision, v.texts #>> '{ko,title}' AS ko, v.texts #>> '{en,title}' AS en
    FROM knowledge.articles AS a JOIN knowledge.article_versions AS v ON v.article_id = a.id AND v.number = a.current_version
    WHERE a.deleted_at IS NOT NULL AND a.organization_id = :organization_id
    ORDER BY a.deleted_at DESC, a.id LIMIT :size OFFSET :offset
    """
)
_COUNT: Final = text(
    "SELECT count(*) FROM knowledge.articles WHERE deleted_at IS NOT NULL AND organization_id = :organization_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """An article in the bin, and when it goes for good."""

    id: UUID
    slug: str
    titles: dict[Language, str]
    deleted_at: datetime
    deleted_by: str
    goes_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Bin:
    """A page of the bin, the newest first."""

    items: tuple[Binned, ...]
    total: int


async def throw_away(
    means: Means, principal: Principal, article_id: UUID, *, revision: int | None = None
) -> None:
    """Put an article into the bin; one that readers have is for those who publish. Raises ArticleNotFound, StaleArticle."""
    principal.require(Permission.ARTICLE_WRITE)
    await change(means, principal, article_id, thrown_away(principal), revision=revision)


def thrown_away(principal: Principal) -> Decide:
    """Return the decision to put an article into the bin. Raises Forbidden where readers have it and the caller does not publish."""

    def decide(article: Article) -> Decision:
        if article.is_open:
            principal.require(Permission.ARTICLE_REVIEW)
        is_scheduled = article.status is Status.SCHEDULED
        after = replace(
            article,
            deleted_at=datetime.now(UTC),
            deleted_by=principal.actor,
            status=Status.APPROVED if is_scheduled else article.status,
            publish_at=None,
        )
        return Decision(
            after=after,
            action="article.deleted",
            told_before={"slug": article.slug, "status": article.status.value},
        )

    return decide


async def list_bin(means: Means, principal: Principal, *, page: int = 1, size: int = 20) -> Bin:
    """Return a page of what was deleted."""
    principal.require(Permission.KNOWLEDGE_ADMIN)
    values = {"organization_id": principal.organization_id}
    paging = {"size": min(size, MOST_LISTED), "offset": (page - 1) * size}
    async with means.database.transaction(principal.scope) as session:
        rules = await rules_of(session, principal.organization_id)
        rows = (await session.execute(_BINNED, {**values, **paging})).all()
        total = await session.scalar(_COUNT, values) or 0
    items = tuple(
        Binned(
            id=row.id,
            slug=row.slug,
            titles={
                language: title
                for language, title in ((Language.KO, row.ko), (Language.EN, row.en))
                if title is not None
            },
            deleted_at=row.deleted_at.astimezone(UTC),
            deleted_by=row.deleted_by or "",
            goes_at=row.deleted_at.astimezone(UTC) + timedelta(days=rules.bin_days),
            revision=row.revision,
        )
        for row in rows
    )
    return Bin(items, total)


async def fetch_back(
    means: Means, principal: Principal, article_id: UUID, *, slug: str | None = None
) -> Article:
    """Take an article out of the bin, as it was; under another slug where its own was taken meanwhile. Raises ArticleNotFound, SlugTaken, BadInput."""
    principal.require(Permission.KNOWLEDGE_ADMIN)
    if slug is not None and not is_slug(slug):
        raise BadInput("request", [Problem("slug", Message("knowledge.slug", {"limit": LONGEST_SLUG}))])
    for _ in range(_TRIES):
        async with means.database.transaction(principal.scope) as session:
            before = await _binned(session, principal, article_id)
        done = await attempt(
            means,
            before,
            fetched_back(slug),
            by=By.caller(principal),
            opened=lambda: means.database.transaction(principal.scope),
        )
        if done is not None:
            return done
    raise Conflict(Message("knowledge.busy"))


def fetched_back(slug: str | None = None) -> Decide:
    """Return the decision to take an article out of the bin, under another slug where one is given."""

    def decide(article: Article) -> Decision:
        return Decision(
            after=replace(article, deleted_at=None, deleted_by=None, slug=slug or article.slug),
            action="article.fetched_back",
            told_after={"slug": slug or article.slug, "status": article.status.value},
        )

    return decide


async def purge(means: Means, principal: Principal, article_id: UUID) -> None:
    """Remove an article in the bin for good, with all its versions. Raises ArticleNotFound."""
    principal.require(Permission.KNOWLEDGE_ADMIN)
    async with means.database.transaction(principal.scope) as session:
        article = await _binned(session, principal, article_id)
        await _remove(session, article, By.caller(principal))


async def purge_overdue(session: AsyncSession) -> int:
    """Remove for good what was in the bin as long as its organisation keeps it; return how many."""
    overdue: Sequence[Any] = (await session.scalars(_OVERDUE, {"most": MOST_PURGED})).all()
    for article_id in overdue:
        await _remove(session, await repository.get(session, article_id, in_bin=True), PROGRAM)
    return len(overdue)


async def _binned(session: AsyncSession, principal: Principal, article_id: UUID) -> Article:
    article = await repository.get(session, article_id, in_bin=True)
    if article.organization_id != principal.organization_id:
        raise ArticleNotFound(article_id)
    return article


async def _remove(session: AsyncSession, article: Article, by: By) -> None:
    chosen = select(Attachment.sha256).where(Attachment.article_id == article.id)
    digests = (await session.scalars(chosen)).all()
    await session.execute(delete(Row).where(Row.id == article.id, Row.deleted_at.is_not(None)))
    if digests:
        await attachments.have_cleaned(session, article.organization_id, digests)
    await recorded(session, article, by, "article.purged", before={"slug": article.slug})
