"""Finished quotations and parts of the catalogue in the search, each with the rights it has where it belongs."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.catalog.store import FindablePart, findable_parts
from kis.quotations import FindableQuotation, findable
from kis.search import Document, Language, Readers, SearchEngine, Source, Visibility

BATCH: Final = 200
_TAKE: Final = text(
    "DELETE FROM knowledge.search_changes WHERE (source, source_id) IN ("
    "SELECT c.source, c.source_id FROM knowledge.search_changes AS c ORDER BY c.changed_at, c.source, c.source_id LIMIT :most "
    "FOR UPDATE SKIP LOCKED) RETURNING source, source_id"
)


class IndexingChanges:
    """Indexes what triggers noted as changed; what cannot be done is noted still."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    async def __call__(self, session: AsyncSession) -> int:
        """Index a batch; return how many things it was."""
        taken = (await session.execute(_TAKE, {"most": BATCH})).all()
        for source in (Source.QUOTATION, Source.CATALOG_ITEM):
            ids = sorted(row.source_id for row in taken if row.source == source)
            if ids:
                documents = await documents_of(session, source, ids)
                prepared = await self._engine.prepare(documents, wakes=False)
                await self._engine.put(session, source, ids, prepared)
        return len(taken)


async def documents_of(session: AsyncSession, source: Source, ids: Sequence[UUID]) -> list[Document]:
    """Return what is to be found of quotations or of parts of the catalogue."""
    if source is Source.QUOTATION:
        return [_quotation(one) for one in await findable(session, ids)]
    return [_part(one) for one in await findable_parts(session, ids)]


def _quotation(found: FindableQuotation) -> Document:
    number = f"{found.number}-R{found.revision}"
    total = "" if found.total is None else f"{found.total.normalize():f} {found.currency}"
    return Document(
        readers=Readers(organization_id=found.organization_id),
        source=Source.QUOTATION,
        source_id=found.id,
        language=Language.EN if found.locale == "en" else Language.KO,
        title=f"{number} {found.project}".strip(),
        dated_at=found.created_at,
        summary=" · ".join(word for word in (found.customer, total) if word),
        body="\n".join((*found.panels, *found.parts)),
        names=(number, found.number),
        kind=Source.QUOTATION.value,
        status=found.status,
        author=found.created_by,
        link=f"/v1/estimate/{found.id}",
        facts={
            "number": found.number,
            "revision": found.revision,
            "customer": found.customer,
            "project": found.project,
            "total": None if found.total is None else str(found.total),
            "currency": found.currency,
        },
    )


def _part(found: FindablePart) -> Document:
    readers = (
        Readers(organization_id=None, visibility=Visibility.PUBLIC)
        if found.organization_id is None
        else Readers(organization_id=found.organization_id)
    )
    return Document(
        readers=readers,
        source=Source.CATALOG_ITEM,
        source_id=found.id,
        language=Language.KO,
        title=f"{found.make} {found.model}".strip(),
        dated_at=found.updated_at,
        summary=found.key,
        body=found.words,
        names=tuple(dict.fromkeys((found.model, found.key))),
        kind=found.kind,
        link=f"/v1/catalog?q={found.model}",
        facts={"key": found.key, "make": found.make, "model": found.model},
    )
