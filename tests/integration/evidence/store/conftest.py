"""A fresh organisation with quotations, and an evidence store on a local folder."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from kis.evidence.store import EvidenceStore, PackFacts
from kis.platform.configuration import StorageSettings
from kis.platform.database import Database
from kis.platform.storage import ObjectStore, open_store
from tests.integration.conftest import SomeOrganization
from tests.integration.evidence.conftest import FILES

SECRET = b"of this test alone, 32 bytes or more"


@dataclass(frozen=True, slots=True)
class House:
    """An organisation of one test, and what the test does with it again and again."""

    id: UUID
    database: Database
    evidence: EvidenceStore

    async def quotation(self) -> tuple[UUID, str]:
        """Make the row of a quotation; return its id and its trace id."""
        quote_id, trace_id = uuid4(), uuid4().hex
        values = {
            "id": quote_id,
            "house": self.id,
            "number": f"N-{quote_id}",
            "digest": "0" * 64,
            "on": date(2026, 11, 20),
            "trace": trace_id,
        }
        async with self.database.service() as session:
            await session.execute(_QUOTE, values)
        return quote_id, trace_id

    async def pack(self, files: Mapping[str, bytes] = FILES, **parts: Any) -> PackFacts:
        """Store a pack of a new quotation, as finished work does."""
        quote_id, trace_id = await self.quotation()
        return await self.store(quote_id, trace_id, files, **parts)

    async def store(
        self, quote_id: UUID, trace_id: str, files: Mapping[str, bytes] = FILES, **parts: Any
    ) -> PackFacts:
        prepared = await self.evidence.prepare(files, organization_id=self.id, quote_id=quote_id)
        async with self.database.service() as session:
            return await self.evidence.add(
                session,
                organization_id=self.id,
                quote_id=quote_id,
                trace_id=trace_id,
                files=prepared,
                **{"predicate": {"gates": "pass"}, "created_at": "2026-01-31T09:00:00Z", **parts},
            )


_QUOTE = text(
    "INSERT INTO estimator.quotes (id, organization_id, number, revision, request, request_sha256, customer_name, project_name,"
    " locale, currency, quotation_date, valid_until, trace_id, created_by)"
    " VALUES (:id, :house, :number, 0, '{}', :digest, '한빛', 'LP-3F', 'ko', 'KRW', :on, :on, :trace, 'user:test')"
)


@pytest.fixture
async def storage(home: Path) -> AsyncIterator[ObjectStore]:
    store = open_store(StorageSettings(), data=home, secret=SECRET, public_url="http://kis.test")
    await store.ensure()
    yield store
    await store.close()


@pytest.fixture
def objects(storage: ObjectStore, home: Path) -> Path:
    """Give the folder in which ``storage`` keeps its objects."""
    return home / "objects" / storage.bucket


@pytest.fixture
def house(database: Database, organization: SomeOrganization, storage: ObjectStore, home: Path) -> House:
    return House(organization.id, database, EvidenceStore(storage, home))
