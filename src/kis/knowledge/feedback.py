"""Whether an article helped: one opinion of a reader, the last one counts. Who it was stands nowhere: only a digest that this installation alone can make."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from kis.identity import Permission, Principal
from kis.knowledge import features, reading_queries, repository
from kis.knowledge.articles import require_desk
from kis.knowledge.comments import check
from kis.knowledge.errors import ArticleNotFound
from kis.knowledge.means import Means
from kis.knowledge.models import Feedback
from kis.platform.secrets import derived_key
from kis.search import Language

LONGEST_OPINION: Final = 2000
MOST_LISTED: Final = 200
_PURPOSE: Final = "knowledge.readers.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a reader said."""

    is_helpful: bool
    comment: str
    language: Language | None
    version: int
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Opinions:
    """A page of opinions, the newest first."""

    items: tuple[Opinion, ...]
    total: int


async def give(
    means: Means,
    principal: Principal,
    article_id: UUID,
    *,
    is_helpful: bool,
    comment: str = "",
    language: Language | None = None,
) -> None:
    """Say whether a published article helped, in place of what one said before. Raises ArticleNotFound, BadInput, FeatureOff."""
    principal.require(Permission.ARTICLE_READ)
    check("comment", comment, most=LONGEST_OPINION)
    async with means.database.transaction(principal.scope) as session:
        row = await reading_queries.one(session, article_id, principal.organization_id, at_desk=False)
        if row is None:
            raise ArticleNotFound(article_id)
        await features.require(session, principal.organization_id, features.FEEDBACK)
        said = {
            "is_helpful": is_helpful,
            "comment": comment,
            "language": "" if language is None else language.value,
            "version": row.number,
        }
        statement = insert(repository.table(Feedback)).values(
            organization_id=principal.organization_id,
            article_id=article_id,
            reader=reader_of(means.secret, principal.actor),
            **said,
        )
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["organization_id", "article_id", "reader"],
                set_={**said, "updated_at": datetime.now(UTC)},
            ).inline()
        )


async def take_back(means: Means, principal: Principal, article_id: UUID) -> None:
    """Say nothing about an article any more."""
    principal.require(Permission.ARTICLE_READ)
    reader = reader_of(means.secret, principal.actor)
    async with means.database.transaction(principal.scope) as session:
        await session.execute(
            delete(Feedback).where(Feedback.article_id == article_id, Feedback.reader == reader)
        )


async def opinions(
    means: Means, principal: Principal, article_id: UUID, *, page: int = 1, size: int = 20
) -> Opinions:
    """Return what readers of the organisation said about its article. Raises ArticleNotFound."""
    require_desk(principal)
    of_article = Feedback.article_id == article_id
    chosen = select(Feedback).where(of_article).order_by(Feedback.updated_at.desc(), Feedback.id)
    async with means.database.transaction(principal.scope) as session:
        await repository.get_own(session, article_id, principal.organization_id)
        rows = (await session.scalars(chosen.limit(min(size, MOST_LISTED)).offset((page - 1) * size))).all()
        total = await session.scalar(select(func.count()).select_from(Feedback).where(of_article)) or 0
    items = tuple(
        Opinion(
            is_helpful=row.is_helpful,
            comment=row.comment,
            language=Language(row.language) if row.language else None,
            version=row.version,
            said_at=row.updated_at,
        )
        for row in rows
    )
    return Opinions(items, total)


def reader_of(secret: bytes, actor: str) -> str:
    """Return by what a reader is known again, and not known as who they are."""
    return hmac.digest(derived_key(secret, _PURPOSE), actor.encode(), "sha256").hex()
