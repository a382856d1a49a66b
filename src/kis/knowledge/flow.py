"""The way of a version to its readers: draft → in review → approved → (scheduled →) published → archived, and back to a draft.

Who writes submits and takes back; who reviews approves, returns, schedules, publishes, archives and reinstates. Nobody approves what they had a hand in since
it was last published, unless the organisation says otherwise. While a newer version is on its way, readers keep the one that is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge import comments, repository
from kis.knowledge.articles import Article, Status
from kis.knowledge.changing import Decide, Decision, change
from kis.knowledge.errors import ArticleStatus, NothingToPublish, OwnWork
from kis.knowledge.means import Means
from kis.knowledge.rules import rules_of
from kis.knowledge.texts import shown
from kis.knowledge.writing import published_now
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

LATEST_SCHEDULE: Final = timedelta(days=730)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the flow: from where, to where, and who takes it."""

    name: str
    of: tuple[Status, ...]
    to: Status
    permission: Permission
    action: str


SUBMIT: Final = Step(
    name="submit",
    of=(Status.DRAFT,),
    to=Status.IN_REVIEW,
    permission=Permission.ARTICLE_WRITE,
    action="article.submitted",
)
WITHDRAW: Final = Step(
    name="withdraw",
    of=(Status.IN_REVIEW,),
    to=Status.DRAFT,
    permission=Permission.ARTICLE_WRITE,
    action="article.withdrawn",
)
APPROVE: Final = Step(
    name="approve",
    of=(Status.IN_REVIEW,),
    to=Status.APPROVED,
    permission=Permission.ARTICLE_REVIEW,
    action="article.approved",
)
RETURN: Final = Step(
    name="return",
    of=(Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED),
    to=Status.DRAFT,
    permission=Permission.ARTICLE_REVIEW,
    action="article.returned",
)
SCHEDULE: Final = Step(
    name="schedule",
    of=(Status.APPROVED, Status.SCHEDULED),
    to=Status.SCHEDULED,
    permission=Permission.ARTICLE_REVIEW,
    action="article.scheduled",
)
UNSCHEDULE: Final = Step(
    name="unschedule",
    of=(Status.SCHEDULED,),
    to=Status.APPROVED,
    permission=Permission.ARTICLE_REVIEW,
    action="article.unscheduled",
)
PUBLISH: Final = Step(
    name="publish",
    of=(Status.APPROVED, Status.SCHEDULED),
    to=Status.PUBLISHED,
    permission=Permission.ARTICLE_REVIEW,
    action="article.published",
)
ARCHIVE: Final = Step(
    name="archive",
    of=tuple(status for status in Status if status is not Status.ARCHIVED),
    to=Status.ARCHIVED,
    permission=Permission.ARTICLE_REVIEW,
    action="article.archived",
)
REINSTATE: Final = Step(
    name="reinstate",
    of=(Status.ARCHIVED,),
    to=Status.DRAFT,
    permission=Permission.ARTICLE_REVIEW,
    action="article.reinstated",
)
STEPS: Final[Mapping[str, Step]] = {
    step.name: step
    for step in (SUBMIT, WITHDRAW, APPROVE, RETURN, SCHEDULE, UNSCHEDULE, PUBLISH, ARCHIVE, REINSTATE)
}


async def submit(
    means: Means, principal: Principal, article_id: UUID, *, revision: int | None = None
) -> Article:
    """Give a draft to those who review. Raises ArticleStatus, NothingToPublish."""
    return await _take(means, principal, article_id, SUBMIT, revision)


async def withdraw(
    means: Means, principal: Principal, article_id: UUID, *, revision: int | None = None
) -> Article:
    """Take a version back from review. Raises ArticleStatus."""
    return await _take(means, principal, article_id, WITHDRAW, revision)


async def approve(
    means: Means, principal: Principal, article_id: UUID, *, revision: int | None = None
) -> Article:
    """Approve a version that others wrote. Raises ArticleStatus, OwnWork."""
    principal.require(APPROVE.permission)
    async with means.database.transaction(principal.scope) as session:
        seen = await repository.get_own(session, article_id, principal.organization_id)
        rules = await rules_of(session, principal.organization_id)
        is_own = principal.actor in await repository.authors(session, seen)
    if is_own and not rules.author_may_review:
        raise OwnWork
    # Who wrote is known of what was read: a version saved since then has to be read again.
    return await _take(means, principal, article_id, APPROVE, revision or seen.revision)


async def give_back(
    means: Means, principal: Principal, article_id: UUID, *, reason: str = "", revision: int | None = None
) -> Article:
    """Return a version to who wrote it, with a comment where there is a reason. Raises ArticleStatus, BadInput."""
    comments.check("reason", reason)

    async def said(session: AsyncSession, article: Article) -> None:
        if reason:
            await comments.write(session, principal, article, reason)

    return await _take(means, principal, article_id, RETURN, revision, also=said)


async def schedule(
    means: Means, principal: Principal, article_id: UUID, at: datetime, *, revision: int | None = None
) -> Article:
    """Have an approved version published at a time to come. Raises ArticleStatus, BadInput."""
    principal.require(SCHEDULE.permission)
    now = datetime.now(UTC)
    if at.tzinfo is None or not now < at <= now + LATEST_SCHEDULE:
        problem = Problem("publishAt", Message("knowledge.publish_at", {"days": LATEST_SCHEDULE.days}))
        raise BadInput("request", [problem])
    return await _take(means, principal, article_id, SCHEDULE, revision, publish_at=at)


async def unschedule(
    means: Means, principal: Principal, article_id: UUID, *, revision: int | None = None
) -> Article:
    """Do not publish a version when its time comes; it stays approved. Raises ArticleStatus."""
    return await _take(means, principal, article_id, UNSCHEDULE, revision)


async def publish(
    means: Means, principal: Principal, article_id: UUID, *, revision: int | None = None
) -> Article:
    """Show readers an approved version from now on. Raises ArticleStatus, NothingToPublish."""
    return await _take(means, principal, article_id, PUBLISH, revision)


async def archive(
    means: Means, principal: Principal, article_id: UUID, *, revision: int | None = None
) -> Article:
    """Take an article from its readers; it stays for those who write. Raises ArticleStatus."""
    return await _take(means, principal, article_id, ARCHIVE, revision)


async def reinstate(
    means: Means, principal: Principal, article_id: UUID, *, revision: int | None = None
) -> Article:
    """Make an archived article a draft again. Raises ArticleStatus."""
    return await _take(means, principal, article_id, REINSTATE, revision)


def stepped(article: Article, step: Step, *, actor: str, publish_at: datetime | None = None) -> Article:
    """Return an article after a step. Raises ArticleStatus, NothingToPublish."""
    if article.status not in step.of:
        raise ArticleStatus(step.name, article.status.value, [status.value for status in step.of])
    if step.to is Status.PUBLISHED:
        return published_now(article, actor)
    if step.to is Status.IN_REVIEW and not shown(article.current.texts):
        raise NothingToPublish
    approved_by = article.approved_by
    if step is APPROVE:
        approved_by = actor
    elif step.to in {Status.DRAFT, Status.IN_REVIEW}:
        approved_by = None
    return replace(
        article,
        status=step.to,
        approved_by=approved_by,
        publish_at=publish_at,
        published=None if step.to is Status.ARCHIVED else article.published,
        expires_at=_expiry(article) if step is REINSTATE else article.expires_at,
    )


def _expiry(article: Article) -> datetime | None:
    """Return when an article expires; a day that is over would archive it again at once."""
    is_over = article.expires_at is not None and article.expires_at <= datetime.now(UTC)
    return None if is_over else article.expires_at


def taken(step: Step, *, actor: str, publish_at: datetime | None = None) -> Decide:
    """Return the decision to take a step."""

    def decide(article: Article) -> Decision:
        after = stepped(article, step, actor=actor, publish_at=publish_at)
        return Decision(
            after=after,
            action=step.action,
            told_before={"status": article.status.value, "version": article.current.number},
            told_after={
                "status": after.status.value,
                **({"publishAt": publish_at.isoformat()} if publish_at else {}),
            },
        )

    return decide


async def _take(
    means: Means,
    principal: Principal,
    article_id: UUID,
    step: Step,
    revision: int | None,
    *,
    publish_at: datetime | None = None,
    also: comments.Also | None = None,
) -> Article:
    principal.require(step.permission)
    decide = taken(step, actor=principal.actor, publish_at=publish_at)

    def with_more(article: Article) -> Decision | None:
        decision = decide(article)
        if decision is None or also is None:
            return decision
        return replace(decision, also=lambda session: also(session, article))

    return await change(means, principal, article_id, with_more, revision=revision)
