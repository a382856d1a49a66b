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
        quotations = sorted(row.source_id for row in taken if row.source == Source.QUOTATION)
        parts = sorted(row.source_id for row in taken if row.source == Source.CATALOG_ITEM)
        if quotations:
            await self._put(
                session,
                Source.QUOTATION,
                quotations,
                [_quotation(one) for one in await findable(session, quotations)],
            )
        if parts:
            await self._put(
                session,
                Source.CATALOG_ITEM,
                parts,
                [_part(one) for one in await findable_parts(session, parts)],
            )
        return len(taken)

    async def _put(
        self, session: AsyncSession, source: Source, ids: Sequence[UUID], documents: Sequence[Document]
    ) -> None:
        await self._engine.put(session, source, ids, await self._engine.prepare(documents, wakes=False))


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
