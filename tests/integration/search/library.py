"""An index with vectors, on a database of its own, for the tests of what vectors find."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import insert, text

from kis.platform.database import Database, Scope
from kis.search.models import SearchItem
from kis.search.vectors import store
from kis.search.vectors.parts import parts_of
from kis.search.vectors.store import Nearest, nearest
from tests.factories.embedding import HashedWords, hashed
from tests.integration.conftest import DatabaseUrls, copied

DIMENSIONS = 384
MODEL = "test-only-hashed-words"


@dataclass(frozen=True)
class Library:
    """A database and whom its items belong to."""

    database: Database
    superuser: str
    organization: UUID
    other: UUID
    has_pgvector: bool

    async def add(
        self,
        title: str,
        body: str = "",
        *,
        organization: UUID | None = None,
        visibility: str = "organization",
        roles: Sequence[str] = (),
        is_published: bool = True,
        **facts: Any,
    ) -> int:
        """Put an item into the index and return its id."""
        async with self.database.service() as session:
            audience = await session.scalar(
                text(
                    "SELECT knowledge.audience_of(:owner, :visibility, CAST(:roles AS text[]), :is_published)"
                ),
                {
                    "owner": organization or self.organization,
                    "visibility": visibility,
                    "roles": list(roles),
                    "is_published": is_published,
                },
            )
            values = {"source": "article", "source_id": uuid4(), "language": "ko", "kind": "article", **facts}
            added = await session.scalar(
                insert(SearchItem)
                .values(
                    organization_id=organization or self.organization,
                    audience_id=audience,
                    title=title,
                    body=body,
                    dated_at=datetime.now(UTC),
                    **values,
                )
                .returning(SearchItem.id)
            )
        return int(added or 0)

    async def give_vectors(self, model: HashedWords | None = None) -> None:
        """Give every item without vectors its own."""
        embedder = model or HashedWords(DIMENSIONS, name=MODEL)
        async with self.database.service() as session:
            items = await store.without_vectors(
                session, model=embedder.name, dimensions=embedder.dimensions, limit=5000
            )
            made = {
                item.item_id: await embedder.embed(parts_of(item.title, item.text), of="document")
                for item in items
            }
            await store.write(session, embedder.name, made)

    async def find(self, words: str, *, scope: Scope | None = None, **given: Any) -> Nearest:
        """Ask for what is near to some words, as a viewer of the organisation where nobody else is named."""
        vector = hashed(words, given.pop("dimensions", DIMENSIONS))
        async with self.database.transaction(scope or Scope(self.organization, role="viewer")) as session:
            return await nearest(session, vector, **{"model": MODEL, **given})

    async def found(self, words: str, **given: Any) -> list[int]:
        return [near.item_id for near in (await self.find(words, **given)).items]

    def run(self, statement: str) -> list[Any]:
        """Run SQL as the superuser."""
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            ran = connection.execute(statement.encode())
            return ran.fetchall() if ran.description else []


@asynccontextmanager
async def library_of(template: DatabaseUrls, *, has_pgvector: bool) -> AsyncIterator[Library]:
    """Yield an empty index with two organisations, in a copy of ``template``."""
    from kis.identity.models import Organization

    with copied(template) as urls:
        database = Database(urls.app, pool_size=5)
        async with database.service() as session:
            codes = [
                Organization(code=secrets.token_hex(4).upper(), name=f"조직 {number}") for number in (1, 2)
            ]
            session.add_all(codes)
            await session.flush()
            one, other = (row.id for row in codes)
        try:
            yield Library(database, urls.superuser, one, other, has_pgvector)
        finally:
            await database.close()
