"""Other articles that belong to one, put there by hand and in an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge import reading_queries, repository
from kis.knowledge.articles import Article
from kis.knowledge.changing import Decision, change
from kis.knowledge.errors import ArticleNotFound
from kis.knowledge.means import Means
from kis.knowledge.models import ArticleLink
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search import Language

MOST_RELATED: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """An article that belongs to another; the titles are those the caller may read."""

    id: UUID
    slug: str
    titles: dict[Language, str]


async def put(
    means: Means,
    principal: Principal,
    article_id: UUID,
    related_ids: Sequence[UUID],
    *,
    revision: int | None = None,
) -> Article:
    """Put these articles, in this order, in place of all that belong to an article. Raises ArticleNotFound, BadInput, StaleArticle."""
    principal.require(Permission.ARTICLE_WRITE)
    wanted = list(dict.fromkeys(related_ids))
    if len(wanted) > MOST_RELATED or article_id in wanted:
        problem = Problem("related", Message("knowledge.related", {"limit": MOST_RELATED}))
        raise BadInput("request", [problem])
    async with means.database.transaction(principal.scope) as session:
        for related_id in wanted:
            await repository.get_own(session, related_id, principal.organization_id)
        before = await _ids(session, article_id)

    async def also(session: AsyncSession) -> None:
        await session.execute(delete(ArticleLink).where(ArticleLink.article_id == article_id))
        if wanted:
            rows = [
                {
                    "article_id": article_id,
                    "related_id": related_id,
                    "organization_id": principal.organization_id,
                    "place": place,
                }
                for place, related_id in enumerate(wanted)
            ]
            await session.execute(insert(repository.table(ArticleLink)), rows)

    def decide(article: Article) -> Decision:
        return Decision(
            after=article,
            action="article.related",
            told_before={"related": [str(each) for each in before]},
            told_after={"related": [str(each) for each in wanted]},
            also=also,
        )

    return await change(means, principal, article_id, decide, revision=revision)


async def related(means: Means, principal: Principal, article_id: UUID) -> tuple[Related, ...]:
    """Return what belongs to an article, as far as the caller may read it. Raises ArticleNotFound."""
    principal.require(Permission.ARTICLE_READ)
    at_desk = principal.scope.sees_drafts
    async with means.database.transaction(principal.scope) as session:
        if await reading_queries.one(session, article_id, principal.organization_id, at_desk=at_desk) is None:
            raise ArticleNotFound(article_id)
        found = [
            await reading_queries.one(session, each, principal.organization_id, at_desk=at_desk)
            for each in await _ids(session, article_id)
        ]
    return tuple(
        Related(
            id=row.id,
            slug=row.slug,
            titles={
                language: text["title"]
                for language, text in ((Language.KO, row.ko), (Language.EN, row.en))
                if text is not None
            },
        )
        for row in found
        if row is not None
    )


async def _ids(session: AsyncSession, article_id: UUID) -> Sequence[UUID]:
    chosen = select(ArticleLink.related_id).where(ArticleLink.article_id == article_id)
    return (await session.scalars(chosen.order_by(ArticleLink.place))).all()
