"""Files that belong to an article. Their bytes lie in the object storage by their digest, once for an organisation; who reads the article gets links to them."""

import asyncio
import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge import reading_queries, repository
from kis.knowledge.articles import Article
from kis.knowledge.changing import Decision, change
from kis.knowledge.errors import ArticleNotFound, AttachmentNotFound, AttachmentTooLarge
from kis.knowledge.means import Means
from kis.knowledge.models import Attachment
from kis.knowledge.sniffing import media_type_of
from kis.knowledge.texts import is_storable
from kis.platform.errors import BadInput, Conflict, Problem
from kis.platform.jobs import JobContext, enqueue
from kis.platform.messages import Message
from kis.platform.telemetry import current_trace_id

CLEAN: Final = "attachment.clean"
"""Kind of the job that removes objects nothing leads to any more."""
LONGEST_NAME: Final = 200
MOST_ATTACHMENTS: Final = 100
"""Of one article."""
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:path, 0))")
_AUDIENCE: Final = text("SELECT audience_id FROM knowledge.articles WHERE id = :article_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedAttachment:
    """A file of an article and where it can be fetched for a while."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_by: str
    created_at: datetime
    signed_url: str
    expires_in_seconds: int


async def attach(
    means: Means,
    principal: Principal,
    article_id: UUID,
    name: str,
    data: bytes,
    *,
    revision: int | None = None,
) -> LinkedAttachment:
    """Put a file to an article. Raises ArticleNotFound, StaleArticle, AttachmentTooLarge, AttachmentRefused, BadInput."""
    principal.require(Permission.ARTICLE_WRITE)
    called = _called(name)
    most_bytes = means.settings.application.largest_upload_bytes
    if len(data) > most_bytes:
        raise AttachmentTooLarge(len(data), most_bytes)
    media_type = await asyncio.to_thread(media_type_of, called, data)
    sha256 = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
    async with means.database.transaction(principal.scope) as session:
        await repository.get_own(session, article_id, principal.organization_id)
    path = path_of(principal.organization_id, sha256)
    await means.storage.put(path, data, media_type=media_type)
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": principal.organization_id,
        "article_id": article_id,
        "name": called,
        "media_type": media_type,
        "size_bytes": len(data),
        "sha256": sha256,
        "added_by": principal.actor,
        "created_at": datetime.now(UTC),
    }

    async def also(session: AsyncSession) -> None:
        await keep(session, row)
        # An object that nothing led to may have been removed since it was put.
        if await means.storage.head(path) is None:
            await means.storage.put(path, data, media_type=media_type)

    def decide(article: Article) -> Decision:
        told = {"attachment": str(row["id"]), "name": called, "sha256": sha256, "sizeBytes": len(data)}
        return Decision(after=article, action="article.attached", told_after=told, also=also)

    await change(means, principal, article_id, decide, revision=revision)
    return await _linked(means, Attachment(**row))


async def detach(
    means: Means,
    principal: Principal,
    article_id: UUID,
    attachment_id: UUID,
    *,
    revision: int | None = None,
) -> None:
    """Take a file from an article. Raises ArticleNotFound, StaleArticle, AttachmentNotFound."""
    principal.require(Permission.ARTICLE_WRITE)
    async with means.database.transaction(principal.scope) as session:
        await repository.get_own(session, article_id, principal.organization_id)
        found = await _find(session, article_id, attachment_id)

    async def also(session: AsyncSession) -> None:
        gone = await session.execute(
            delete(Attachment).where(Attachment.id == attachment_id).returning(Attachment.id)
        )
        if gone.one_or_none() is None:
            raise AttachmentNotFound(attachment_id)
        await have_cleaned(session, principal.organization_id, [found.sha256])

    def decide(article: Article) -> Decision:
        told = {"attachment": str(attachment_id), "name": found.name, "sha256": found.sha256}
        return Decision(after=article, action="article.detached", told_before=told, also=also)

    await change(means, principal, article_id, decide, revision=revision)


async def list_attachments(
    means: Means, principal: Principal, article_id: UUID
) -> tuple[LinkedAttachment, ...]:
    """Return the files of an article the caller may read, each with a link that ends. Raises ArticleNotFound."""
    principal.require(Permission.ARTICLE_READ)
    at_desk = principal.scope.sees_drafts
    async with means.database.transaction(principal.scope) as session:
        if await reading_queries.one(session, article_id, principal.organization_id, at_desk=at_desk) is None:
            raise ArticleNotFound(article_id)
        chosen = select(Attachment).where(Attachment.article_id == article_id)
        rows = (await session.scalars(chosen.order_by(Attachment.created_at, Attachment.id))).all()
    return tuple([await _linked(means, row) for row in rows])


async def have_cleaned(session: AsyncSession, organization_id: UUID, digests: Sequence[str]) -> None:
    """Have objects removed that nothing leads to once the transaction is kept."""
    await enqueue(
        session,
        kind=CLEAN,
        subject_id=None,
        organization_id=organization_id,
        trace_id=current_trace_id(),
        payload={"digests": sorted(set(digests))},
    )


class CleanAttachments:
    """The handler of the job ``attachment.clean``."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def __call__(self, context: JobContext) -> None:
        """Remove each object that no attachment has. Who puts the same file anew meanwhile waits, and finds that it has to be put again."""
        organization_id = context.organization_id
        assert organization_id is not None, "objects belong to an organisation"
        for sha256 in context.payload["digests"]:
            path = path_of(organization_id, sha256)
            async with self._means.database.service(context.scope) as session:
                await session.execute(_LOCK, {"path": path})
                held = select(func.count()).where(
                    Attachment.organization_id == organization_id, Attachment.sha256 == sha256
                )
                if not await session.scalar(held):
                    await self._means.storage.delete(path)
        async with context.finishing():
            pass


def path_of(organization_id: UUID, sha256: str) -> str:
    """Return where the bytes of a file lie."""
    return f"knowledge/{organization_id}/{sha256}"


async def keep(session: AsyncSession, row: dict[str, Any]) -> None:
    """Write the row of an attachment, read by whoever reads the article."""
    await session.execute(_LOCK, {"path": path_of(row["organization_id"], row["sha256"])})
    count = select(func.count()).where(Attachment.article_id == row["article_id"])
    if (await session.scalar(count) or 0) >= MOST_ATTACHMENTS:
        raise Conflict(Message("knowledge.many", {"limit": MOST_ATTACHMENTS}))
    audience_id = await session.scalar(_AUDIENCE, {"article_id": row["article_id"]})
    await session.execute(
        insert(repository.table(Attachment)).values(**row, audience_id=audience_id).inline()
    )


async def _find(session: AsyncSession, article_id: UUID, attachment_id: UUID) -> Attachment:
    chosen = select(Attachment).where(Attachment.id == attachment_id, Attachment.article_id == article_id)
    found = (await session.scalars(chosen)).one_or_none()
    if found is None:
        raise AttachmentNotFound(attachment_id)
    return found


async def _linked(means: Means, row: Attachment) -> LinkedAttachment:
    seconds = means.settings.storage.signed_url_seconds
    link = await means.storage.signed_url(
        path_of(row.organization_id, row.sha256),
        seconds=seconds,
        filename=row.name,
        media_type=row.media_type,
    )
    return LinkedAttachment(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        added_by=row.added_by,
        created_at=row.created_at,
        signed_url=link,
        expires_in_seconds=seconds,
    )


def _called(name: str) -> str:
    """Return the name of a file without folders, composed as everybody writes it. Raises BadInput."""
    called = unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name).strip()
    if not called or len(called) > LONGEST_NAME or not is_storable(called) or not called.isprintable():
        raise BadInput("request", [Problem("name", Message("knowledge.file_name", {"limit": LONGEST_NAME}))])
    return called
