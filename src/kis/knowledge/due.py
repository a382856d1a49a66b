"""What time does to articles: versions are published when they are due, and what has expired is archived.

A chore looks every minute and asks for a job for each; the job cuts the texts before it opens its transaction, and does nothing where somebody came before it.
A job that failed for good is asked for again after a while.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.knowledge import repository
from kis.knowledge.articles import Article, Status
from kis.knowledge.changing import PROGRAM, Decision, prepared_change, write
from kis.knowledge.flow import ARCHIVE, PUBLISH, taken
from kis.knowledge.means import Means
from kis.platform.errors import Conflict
from kis.platform.jobs import JobContext, enqueue
from kis.platform.messages import Message
from kis.platform.telemetry import current_trace_id

PUBLISH_DUE: Final = "article.publish"
"""Kind of the job that publishes a version whose time has come."""
ARCHIVE_EXPIRED: Final = "article.expire"
"""Kind of the job that archives what has expired."""
AGAIN_SECONDS: Final = 600
MOST_AT_ONCE: Final = 500
_DUE: Final = text(
    """
    SELECT id, organization_id, revision, 'article.publish' AS kind FROM knowledge.articles
    WHERE status = 'scheduled' AND publish_at <= now() AND deleted_at IS NULL
    UNION ALL
    SELECT id, organization_id, revision, 'article.expire' FROM knowledge.articles
    WHERE expires_at <= now() AND published_version IS NOT NULL AND deleted_at IS NULL
    LIMIT :most
    """
)


async def ask_for_due(session: AsyncSession) -> int:
    """Ask for a job for each article whose time has come; return how many there are."""
    rows = (await session.execute(_DUE, {"most": MOST_AT_ONCE})).all()
    period = int(datetime.now(UTC).timestamp()) // AGAIN_SECONDS
    for row in rows:
        await enqueue(
            session,
            kind=row.kind,
            subject_id=row.id,
            organization_id=row.organization_id,
            trace_id=current_trace_id(),
            dedup_key=f"{row.kind}:{row.id}:{row.revision}:{period}",
        )
    return len(rows)


class DueArticle:
    """The handler of the jobs ``article.publish`` and ``article.expire``."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def __call__(self, context: JobContext) -> None:
        """Do what is due with one article."""
        means, article_id = self._means, context.subject_id
        assert article_id is not None, "the job is about an article"
        async with means.database.service(context.scope) as session:
            before = await repository.find(session, article_id)
        ready = None if before is None else await prepared_change(means, before, decided)
        async with context.finishing() as session:
            if ready is not None and await write(means, session, ready, PROGRAM) is None:
                raise Conflict(Message("knowledge.busy"))


def decided(article: Article, now: datetime | None = None) -> Decision | None:
    """Return what is due with an article; an expired one is not published any more."""
    moment = now or datetime.now(UTC)
    if article.expires_at is not None and article.expires_at <= moment and article.published is not None:
        told: dict[str, Any] = {"expiresAt": article.expires_at.isoformat()}
        decision = taken(ARCHIVE, actor=PROGRAM.actor)(article)
        return None if decision is None else replace(decision, action="article.expired", told_after=told)
    if article.status is Status.SCHEDULED and article.publish_at is not None and article.publish_at <= moment:
        return taken(PUBLISH, actor=PROGRAM.actor)(article)
    return None
