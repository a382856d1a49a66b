"""What every engine of the search does. The contract tests in ``tests/contract/search`` hold all of them to it."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.search.things import Document, Found, Hit, Query, Source, Suggestion, TermShare
from kis.search.vectors import Embedder


class Prepared(Protocol):
    """Documents cut into terms: the part of indexing that needs no database, done before a transaction is opened."""

    @property
    def documents(self) -> Sequence[Document]:
        """Return what was prepared."""
        ...


class SearchEngine(Protocol):
    """Finds documents. Every call with a session sees what the session's caller may read, and nothing else."""

    @property
    def name(self) -> str:
        """Return how the engine is called in answers and figures."""
        ...

    @property
    def embedder(self) -> Embedder:
        """Return the model by which texts are compared beside their terms; NoEmbedder where there is none."""
        ...

    async def prepare(self, documents: Sequence[Document], *, wakes: bool = True) -> Prepared:
        """Cut documents into terms. Without ``wakes`` morphemes are found only where their analyzer is loaded already."""
        ...

    async def put(
        self, session: AsyncSession, source: Source, source_ids: Sequence[UUID], prepared: Prepared
    ) -> None:
        """Put the prepared documents in place of all that is indexed of these things. It counts when the transaction of ``session`` commits.

        A thing without a document is found no more.
        """
        ...

    async def search(self, session: AsyncSession, query: Query) -> Found:
        """Find what answers a query, the best first."""
        ...

    async def suggest(
        self, session: AsyncSession, typed: str, *, sources: Sequence[Source] = (), limit: int = 8
    ) -> Sequence[Suggestion]:
        """Return what a text that is being typed may become."""
        ...

    async def similar(
        self, session: AsyncSession, source: Source, source_id: UUID, *, limit: int = 5
    ) -> Sequence[Hit]:
        """Return things that are like this one, itself left out."""
        ...

    async def explain(
        self, session: AsyncSession, query: Query, source: Source, source_id: UUID
    ) -> tuple[Hit | None, Sequence[TermShare]]:
        """Tell why a thing stands where it stands: its score, term by term, and by its place among vectors. None where the query does not find it, or the caller may not know of it."""
        ...

    async def count(self, session: AsyncSession) -> int:
        """Bring up to date what is counted in the background: how rare terms are, how long texts are, which spellings there are.

        Returns how many audiences were counted. For the program's own role.
        """
        ...

    async def refine(self, session: AsyncSession, *, most: int = 100) -> int:
        """Index things anew that were cut without morphemes, at most so many; return how many. For the program's own role."""
        ...
