"""How every change of an article is made: decided on a copy, cut into terms, then written in one short transaction if nobody came between.

A change is decided over the article as it was read. What the search needs is prepared before the transaction is opened, for cutting texts takes
longer than a transaction should. The transaction writes the row (``revision + 1``), a version where there is a new one, what the search finds, and a
line of the audit log: all of them or none. Where the article was changed meanwhile, a caller who named the revision they had read is told (StaleArticle);
for others the change is decided again.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge import indexing, repository, texts
from kis.knowledge.articles import Article, Version
from kis.knowledge.errors import StaleArticle
from kis.knowledge.means import Means
from kis.platform import audit
from kis.platform.database import Scope
from kis.platform.errors import Conflict
from kis.platform.messages import Message
from kis.search import Prepared, Source

MOST_TRIES: Final = 5
SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who changes something: a caller, or the program for an organisation."""

    actor: str
    address: str = ""

    @classmethod
    def caller(cls, principal: Principal) -> "By":
        """Return a caller as the audit log names them."""
        return cls(actor=principal.actor, address=principal.address)


PROGRAM: Final = By(actor=SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of an article, and what the audit log is told of it."""

    after: Article
    action: str
    told_before: Mapping[str, Any] = field(default_factory=dict)
    told_after: Mapping[str, Any] = field(default_factory=dict)
    also: Callable[[AsyncSession], Awaitable[None]] | None = None
    """What else is written with it."""


Decide = Callable[[Article], Decision | None]
"""Looks at an article and says what becomes of it; None: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A decided change whose texts are cut; ``prepared`` is None where the search finds what it found before."""

    before: Article
    decision: Decision
    prepared: Prepared | None


def topic(organization_id: object) -> str:
    """Return what is announced when something of an organisation's knowledge base changes."""
    return f"knowledge:{organization_id}"


def article_topic(article_id: object) -> str:
    """Return what is announced when an article changes."""
    return f"article:{article_id}"


async def change(
    means: Means, principal: Principal, article_id: UUID, decide: Decide, *, revision: int | None = None
) -> Article:
    """Change an article of the caller's organisation; ``revision`` is the one the caller has read. Raises ArticleNotFound, StaleArticle."""
    for _ in range(MOST_TRIES):
        async with means.database.transaction(principal.scope) as session:
            before = await repository.get_own(session, article_id, principal.organization_id)
        done = await attempt(
            means,
            before,
            decide,
            by=By.caller(principal),
            opened=lambda: means.database.transaction(principal.scope),
            revision=revision,
        )
        if done is not None:
            return done
    raise Conflict(Message("knowledge.busy"))


async def attempt(
    means: Means,
    before: Article,
    decide: Decide,
    *,
    by: By,
    opened: Callable[[], AbstractAsyncContextManager[AsyncSession]],
    revision: int | None = None,
) -> Article | None:
    """Change an article that was just read, in the transaction that ``opened`` opens; None where it was changed meanwhile. Raises StaleArticle."""
    ready = await prepared_change(means, before, decide, revision=revision)
    if ready is None:
        return before
    async with opened() as session:
        return await write(means, session, ready, by)


async def prepared_change(
    means: Means, before: Article, decide: Decide, *, revision: int | None = None
) -> Ready | None:
    """Decide a change and cut its texts; None where there is nothing to change. Raises StaleArticle for a revision that is not the newest."""
    decision = decide(before)
    if revision is not None and revision != before.revision:
        after = before if decision is None else decision.after
        raise StaleArticle(revision, before.revision, yours=told(after.current), theirs=told(before.current))
    if decision is None:
        return None
    documents = await indexing.documents(decision.after)
    is_found_as_before = documents == await indexing.documents(before)
    prepared = None if is_found_as_before else await means.engine.prepare(documents)
    return Ready(before=before, decision=decision, prepared=prepared)


async def write(means: Means, session: AsyncSession, ready: Ready, by: By) -> Article | None:
    """Write a change and return the article as it is now; None, and nothing is written, where it was changed meanwhile."""
    before, decision = ready.before, ready.decision
    if await repository.change(session, before, decision.after) is None:
        return None
    after = replace(decision.after, revision=before.revision + 1)
    if decision.also is not None:
        await decision.also(session)
    if ready.prepared is not None:
        await means.engine.put(session, Source.ARTICLE, [after.id], ready.prepared)
    await recorded(
        session, after, by, decision.action, before=decision.told_before, after=decision.told_after
    )
    await announced(means, session, after)
    return after


async def recorded(
    session: AsyncSession,
    article: Article,
    by: By,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write a line of the audit log about an article."""
    await audit.record(
        session,
        organization_id=article.organization_id,
        actor=by.actor,
        action=action,
        target=f"article:{article.id}",
        before=before or None,
        after=after or None,
        address=by.address,
    )


async def announced(means: Means, session: AsyncSession, article: Article) -> None:
    """Tell whoever listens, once the transaction is kept."""
    await means.hub.announce(session, topic(article.organization_id))
    await means.hub.announce(session, article_topic(article.id))


def program_scope(article: Article) -> Scope:
    """Return the scope of the program's own work on an article."""
    return Scope(article.organization_id)


def told(version: Version) -> dict[str, Any]:
    """Return a version as a conflict shows it."""
    return {
        "version": version.number,
        "texts": {language.value: _told_text(text) for language, text in version.texts.items()},
        "metadata": dict(version.metadata),
        "author": version.author,
        "savedAt": time_text(version.saved_at),
    }


def _told_text(text: texts.Text) -> dict[str, Any]:
    words = text.words
    return {
        "title": words.title,
        "summary": words.summary,
        "body": words.body,
        "tags": list(words.tags),
        "seoTitle": words.seo_title,
        "seoDescription": words.seo_description,
        "state": text.state.value,
    }


def time_text(moment: datetime) -> str:
    """Return a time as JSON has it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
