"""Things to be found, and what finds them, for the tests of the search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from kis.platform.database import Database, Scope
from kis.search import (
    Document,
    Filters,
    Found,
    Hit,
    Language,
    Query,
    Readers,
    SearchEngine,
    Source,
    Suggestion,
    TermShare,
)

DAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
EDITOR = "editor"


def article(title: str, body: str = "", **given: Any) -> Document:
    """Return a published Korean article whose organisation its shelf fills in."""
    facts: dict[str, Any] = {
        "readers": Readers(organization_id=None),
        "source": Source.ARTICLE,
        "source_id": uuid4(),
        "language": Language.KO,
        "title": title,
        "body": body,
        "kind": "article",
        "status": "published",
        "dated_at": DAY,
    }
    return Document(**(facts | given))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one organisation has in an engine, and one of its people who looks into it."""

    engine: SearchEngine
    database: Database
    organization_id: UUID
    role: str = EDITOR
    sees_drafts: bool = True

    @property
    def scope(self) -> Scope:
        """Return whose rows are seen."""
        return Scope(self.organization_id, role=self.role, sees_drafts=self.sees_drafts)

    def owned(self, document: Document) -> Document:
        """Return the document as this organisation's."""
        return replace(document, readers=replace(document.readers, organization_id=self.organization_id))

    async def put(self, *documents: Document) -> None:
        """Index documents, in one transaction for each kind of source."""
        owned = [self.owned(document) for document in documents]
        for source in dict.fromkeys(document.source for document in owned):
            mine = [document for document in owned if document.source is source]
            prepared = await self.engine.prepare(mine)
            async with self.database.service() as session:
                await self.engine.put(session, source, [each.source_id for each in mine], prepared)

    async def remove(self, document: Document) -> None:
        """Put nothing in place of a thing."""
        async with self.database.service() as session:
            await self.engine.put(
                session, document.source, [document.source_id], await self.engine.prepare([])
            )

    async def count(self) -> int:
        """Bring up to date what is counted."""
        async with self.database.service() as session:
            return await self.engine.count(session)

    async def search(self, text: str, **given: Any) -> Found:
        """Search as the one who looks."""
        filters = {name: given.pop(name) for name in tuple(given) if name in Filters.__dataclass_fields__}
        async with self.database.transaction(self.scope) as session:
            query = Query(text=text, filters=Filters(**filters), **{"limit": 100, **given})
            return await self.engine.search(session, query)

    async def titles(self, text: str, **given: Any) -> list[str]:
        """Return the titles that a search finds, the best first."""
        return [hit.title for hit in (await self.search(text, **given)).hits]

    async def suggest(self, typed: str, *, limit: int = 8) -> list[str]:
        """Return what is suggested."""
        return [each.text for each in await self.suggestions(typed, limit=limit)]

    async def suggestions(
        self, typed: str, *, sources: Sequence[Source] = (), limit: int = 8
    ) -> Sequence[Suggestion]:
        """Return what is suggested, with the things it leads to."""
        async with self.database.transaction(self.scope) as session:
            return await self.engine.suggest(session, typed, sources=sources, limit=limit)

    async def similar(self, document: Document, *, limit: int = 5) -> list[str]:
        """Return the titles of things that are like this one."""
        async with self.database.transaction(self.scope) as session:
            found = await self.engine.similar(session, document.source, document.source_id, limit=limit)
        return [hit.title for hit in found]

    async def explain(
        self, text: str, document: Document, **given: Any
    ) -> tuple[Hit | None, Sequence[TermShare]]:
        """Ask why a thing stands where it stands."""
        async with self.database.transaction(self.scope) as session:
            return await self.engine.explain(
                session, Query(text=text, **given), document.source, document.source_id
            )
