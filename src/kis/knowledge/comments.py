"""What those who write and review say to each other about a version: comments with answers, open until somebody resolves them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge import repository
from kis.knowledge.articles import Article, require_desk
from kis.knowledge.changing import By, article_topic, recorded
from kis.knowledge.errors import CommentNotFound, VersionNotFound
from kis.knowledge.means import Means
from kis.knowledge.models import ReviewComment
from kis.knowledge.texts import text_problems
from kis.platform.errors import BadInput, Conflict, Problem
from kis.platform.messages import Message
from kis.search import Language

LONGEST_COMMENT: Final = 4000
LONGEST_QUOTE: Final = 500
MOST_COMMENTS: Final = 500
"""Of one article."""

Also: TypeAlias = Callable[[AsyncSession, Article], Awaitable[None]]
"""Writes something about an article in the transaction that changes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Something that was said about a version; ``quoted`` are the words of the article it is about."""

    id: UUID
    version: int
    language: Language | None
    quoted: str
    body: str
    written_by: str
    created_at: datetime
    resolved_by: str | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A comment and the answers to it, in the order they were given."""

    comment: Comment
    answers: tuple[Comment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody wants to say: about a version (None: the current one), or in answer to a comment."""

    body: str
    version: int | None = None
    language: Language | None = None
    quoted: str = ""
    answers_id: UUID | None = None


async def add(means: Means, principal: Principal, article_id: UUID, remark: Remark) -> Comment:
    """Say something about an article. Raises ArticleNotFound, VersionNotFound, CommentNotFound, BadInput."""
    require_desk(principal)
    check("body", remark.body, least=1)
    check("quoted", remark.quoted, most=LONGEST_QUOTE)
    async with means.database.transaction(principal.scope) as session:
        article = await repository.get_own(session, article_id, principal.organization_id)
        made = await write(
            session,
            principal,
            article,
            remark.body,
            version=remark.version,
            language=remark.language,
            quoted=remark.quoted,
            answers=await _begun_by(session, article_id, remark.answers_id),
        )
        await recorded(
            session,
            article,
            By.caller(principal),
            "article.commented",
            after={"comment": str(made.id), "version": made.version},
        )
        await means.hub.announce(session, article_topic(article_id))
    return made


async def threads(
    means: Means, principal: Principal, article_id: UUID, *, open_only: bool = False
) -> tuple[Thread, ...]:
    """Return what was said about an article, the oldest first. Raises ArticleNotFound."""
    require_desk(principal)
    async with means.database.transaction(principal.scope) as session:
        await repository.get_own(session, article_id, principal.organization_id)
        chosen = select(ReviewComment).where(ReviewComment.article_id == article_id)
        rows = (
            await session.scalars(
                chosen.order_by(ReviewComment.created_at, ReviewComment.id).limit(MOST_COMMENTS)
            )
        ).all()
    begun = [row for row in rows if row.answers_id is None and not (open_only and row.resolved_at)]
    return tuple(Thread(comment=_comment(row), answers=_answers(rows, row.id)) for row in begun)


async def resolve(
    means: Means, principal: Principal, article_id: UUID, comment_id: UUID, *, resolved: bool = True
) -> Comment:
    """Close a thread, or open it again. Raises ArticleNotFound, CommentNotFound."""
    require_desk(principal)
    async with means.database.transaction(principal.scope) as session:
        article = await repository.get_own(session, article_id, principal.organization_id)
        statement = (
            update(ReviewComment)
            .where(
                ReviewComment.id == comment_id,
                ReviewComment.article_id == article_id,
                ReviewComment.answers_id.is_(None),
            )
            .values(
                resolved_by=principal.actor if resolved else None,
                resolved_at=datetime.now(UTC) if resolved else None,
            )
            .returning(ReviewComment)
            .execution_options(synchronize_session=False)
        )
        row = (await session.scalars(statement)).one_or_none()
        if row is None:
            raise CommentNotFound(comment_id)
        await recorded(
            session,
            article,
            By.caller(principal),
            "article.comment_resolved" if resolved else "article.comment_opened",
            after={"comment": str(comment_id)},
        )
        await means.hub.announce(session, article_topic(article_id))
    return _comment(row)


async def write(
    session: AsyncSession,
    principal: Principal,
    article: Article,
    body: str,
    *,
    version: int | None = None,
    language: Language | None = None,
    quoted: str = "",
    answers: UUID | None = None,
) -> Comment:
    """Write a comment. Raises VersionNotFound, Conflict where an article has as many as are kept."""
    number = article.current.number if version is None else version
    if not 0 < number <= article.current.number:
        raise VersionNotFound(number)
    count = select(func.count()).where(ReviewComment.article_id == article.id)
    if (await session.scalar(count) or 0) >= MOST_COMMENTS:
        raise Conflict(Message("knowledge.many", {"limit": MOST_COMMENTS}))
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": article.organization_id,
        "article_id": article.id,
        "version": number,
        "language": "" if language is None else language.value,
        "quoted": quoted,
        "body": body,
        "answers_id": answers,
        "written_by": principal.actor,
        "created_at": datetime.now(UTC),
    }
    await session.execute(insert(repository.table(ReviewComment)).values(row).inline())
    return _comment(ReviewComment(**row))


def check(path: str, text: str, *, least: int = 0, most: int = LONGEST_COMMENT) -> None:
    """Raise BadInput where a text is too long or empty."""
    problems = text_problems(path, text, most)
    if len(text.strip()) < least:
        problems.append(Problem(path, Message("knowledge.empty")))
    if problems:
        raise BadInput("request", problems)


async def _begun_by(session: AsyncSession, article_id: UUID, comment_id: UUID | None) -> UUID | None:
    """Return the comment a thread began with: an answer to an answer stands in the same thread."""
    if comment_id is None:
        return None
    chosen = select(ReviewComment).where(
        ReviewComment.id == comment_id, ReviewComment.article_id == article_id
    )
    row = (await session.scalars(chosen)).one_or_none()
    if row is None:
        raise CommentNotFound(comment_id)
    return row.answers_id or row.id


def _answers(rows: Sequence[ReviewComment], comment_id: UUID) -> tuple[Comment, ...]:
    return tuple(_comment(row) for row in rows if row.answers_id == comment_id)


def _comment(row: ReviewComment) -> Comment:
    return Comment(
        id=row.id,
        version=row.version,
        language=Language(row.language) if row.language else None,
        quoted=row.quoted,
        body=row.body,
        written_by=row.written_by,
        created_at=row.created_at,
        resolved_by=row.resolved_by,
        resolved_at=row.resolved_at,
    )
