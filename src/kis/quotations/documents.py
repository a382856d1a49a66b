"""Documents of quotations: listed with links that end, and many of them as one archive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.errors import BadInput, NotFound, Problem
from kis.platform.jobs import JobContext, enqueue
from kis.platform.messages import Message
from kis.platform.storage import EXPORTS, Entry, export_zip
from kis.platform.telemetry import current_trace_id
from kis.quotations import repository
from kis.quotations.errors import StatusConflict
from kis.quotations.life import EXPORT, FINISHED
from kis.quotations.means import Means
from kis.quotations.models import Document, Quote

MOST_EXPORTED: Final = 100
"""Quotations in one archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedDocument:
    """A document and where it can be fetched for a while."""

    document_id: UUID
    quote_id: UUID
    trace_id: str
    kind: str
    name: str
    media_type: str
    sha256: str
    size: int
    created_at: datetime
    signed_url: str
    expires_in_seconds: int


async def list_documents(
    means: Means, principal: Principal, quote_id: UUID, kinds: Sequence[str] = ()
) -> tuple[LinkedDocument, ...]:
    """Return the documents of the newest issue of a quotation, each with a link."""
    principal.require(Permission.DOCUMENT_READ)
    async with means.database.transaction(principal.scope) as session:
        quote = await repository.quote(session, quote_id)
        found = await repository.documents(session, quote_id, kinds)
    return tuple([await _linked(means, quote, document) for document in found])


async def _linked(means: Means, quote: Quote, document: Document) -> LinkedDocument:
    seconds = means.settings.storage.signed_url_seconds
    link = await means.storage.signed_url(
        document.path,
        seconds=seconds,
        filename=file_name(quote.number, quote.revision, document.name),
        media_type=document.media_type,
    )
    return LinkedDocument(
        document_id=document.id,
        quote_id=document.quote_id,
        trace_id=document.trace_id,
        kind=document.kind,
        name=document.name,
        media_type=document.media_type,
        sha256=document.sha256,
        size=document.size,
        created_at=document.created_at,
        signed_url=link,
        expires_in_seconds=seconds,
    )


def file_name(number: str, revision: int, name: str) -> str:
    """Return what a document is called when somebody saves it: with the number of its quotation in front."""
    return f"{number}-R{revision}-{PurePosixPath(name).name}"


async def export(
    means: Means, principal: Principal, quote_ids: Sequence[UUID], kinds: Sequence[str] = ()
) -> UUID:
    """Have the documents of quotations packed into one archive; return the task to ask after. Raises QuotationNotFound for one that is not there."""
    principal.require(Permission.DOCUMENT_READ)
    wanted = list(dict.fromkeys(quote_ids))
    if not 0 < len(wanted) <= MOST_EXPORTED:
        problem = Problem("quoteIds", Message("quotations.export_size", {"limit": MOST_EXPORTED}))
        raise BadInput("request", [problem])
    async with means.database.transaction(principal.scope) as session:
        for quote_id in wanted:
            quote = await repository.quote(session, quote_id)
            if quote.status not in FINISHED:
                raise StatusConflict("export", quote.status, FINISHED)
        task_id = await enqueue(
            session,
            kind=EXPORT,
            subject_id=None,
            organization_id=principal.organization_id,
            trace_id=current_trace_id(),
            payload={"quotes": [str(quote_id) for quote_id in wanted], "kinds": list(kinds)},
        )
        await audit.record(
            session,
            organization_id=principal.organization_id,
            actor=principal.actor,
            action="document.exported",
            target=f"task:{task_id}",
            after={"quotations": len(wanted)},
            address=principal.address,
        )
    return task_id


class ExportDocuments:
    """The handler of the job ``document.export``."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def __call__(self, context: JobContext) -> None:
        """Write the archive; a second try writes it again under the same name."""
        means, scope = self._means, context.scope
        entries: list[Entry] = []
        async with means.database.service(scope) as session:
            for quote_id in context.payload["quotes"]:
                entries += await _entries(session, UUID(quote_id), context.payload["kinds"])
        path = f"{EXPORTS}/{context.job_id}.zip"
        stored = await export_zip(means.storage, entries, path, modified=datetime.now(UTC))
        await context.progress(path=path, size=stored.size, files=len(entries))
        async with context.finishing():
            pass


async def _entries(session: AsyncSession, quote_id: UUID, kinds: Sequence[str]) -> list[Entry]:
    quote = await repository.quote(session, quote_id)
    folder = f"{quote.number}-R{quote.revision}"
    return [
        Entry(f"{folder}/{PurePosixPath(document.name).name}", document.path)
        for document in await repository.documents(session, quote_id, kinds)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A piece of work somebody asked for: how far it is, and the link to what it made."""

    task_id: UUID
    kind: str
    status: str
    progress: Mapping[str, Any]
    error: Mapping[str, Any] | None
    signed_url: str | None
    created_at: datetime
    finished_at: datetime | None


class TaskNotFound(NotFound):
    """There is no such task, or it is another organisation's."""

    code = "task_not_found"

    def __init__(self, task_id: UUID) -> None:
        super().__init__(Message("quotations.task_not_found", {"id": str(task_id)}))


async def task(means: Means, principal: Principal, task_id: UUID) -> Task:
    """Return how far a task is; a finished export comes with its link. Raises TaskNotFound."""
    principal.require(Permission.DOCUMENT_READ)
    async with means.database.transaction(principal.scope) as session:
        job = await repository.task(session, task_id)
    if job is None:
        raise TaskNotFound(task_id)
    link = None
    if job.kind == EXPORT and job.status == "done":
        link = await means.storage.signed_url(
            f"{EXPORTS}/{task_id}.zip",
            seconds=means.settings.storage.signed_url_seconds,
            filename=f"documents-{task_id}.zip",
            media_type="application/zip",
        )
    return Task(
        task_id=job.id,
        kind=job.kind,
        status=job.status,
        progress={name: value for name, value in job.progress.items() if name != "path"},
        error=job.error,
        signed_url=link,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )
