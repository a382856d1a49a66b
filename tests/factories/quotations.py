"""Quotations over real services: a shop whose worker is the test itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from kis.evidence.store import EvidenceStore
from kis.identity import Principal
from kis.platform.configuration import (
    ApplicationSettings,
    EngineSettings,
    JobSettings,
    Settings,
    StorageSettings,
)
from kis.platform.database import Database
from kis.platform.events import open_hub
from kis.platform.jobs import Backoff, Executor
from kis.platform.mail import Mailer, NullMailer
from kis.platform.storage import open_store
from kis.quotations import Means, OrganizationLibraries, Quotations, handlings

SECRET = b"a secret of the tests, long enough"
ADDRESS = "http://localhost"


def request_of(**changes: Any) -> dict[str, Any]:
    """Return a small request that passes every gate: six 20 A circuits of equal load behind a 100 A main."""
    return {
        "customer": {"name": "한빛전설", "email": "buyer@example.com"},
        "project": "사무동 3층 전등 분전반",
        "date": "2026-11-02",
        "panels": [panel_of()],
        **changes,
    }


def panel_of(**changes: Any) -> dict[str, Any]:
    """Return a small panel."""
    return {
        "name": "LP-1",
        "make": "Sangdo",
        "mains": [{"kind": "MCCB", "poles": 4, "rating_a": 100}],
        "branches": [{"kind": "ELB", "poles": 2, "rating_a": 20, "quantity": 6}],
        **changes,
    }


def of_two_makes(**changes: Any) -> dict[str, Any]:
    """Return a request with a panel whose main is of another make than its branches."""
    mixed = panel_of(name="CP-1", mains=[{"kind": "MCCB", "poles": 4, "rating_a": 100, "make": "LS"}])
    return request_of(panels=[mixed], **changes)


@dataclass(frozen=True, slots=True)
class Shop:
    """The service, and its worker: jobs are done when the test says so."""

    means: Means
    quotations: Quotations
    executor: Executor

    @property
    def database(self) -> Database:
        """Return the application's way to the database."""
        return self.means.database

    async def accepted(self, caller: Principal, request: dict[str, Any], **options: Any) -> UUID:
        """Return a quotation that was accepted; only drawings are made of it unless more is asked for."""
        answer = await self.quotations.accept(caller, request, **{"documents": ["svg"], **options})
        return answer.quote_id

    async def made(self, caller: Principal, request: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Return a quotation that was accepted and made."""
        quote_id = await self.accepted(caller, request, **options)
        await self.work(quote_id)
        return await self.shown(caller, quote_id)

    async def work(self, subject_id: UUID) -> None:
        """Do the jobs about a quotation."""
        async with self.database.service() as session:
            jobs = await session.scalars(
                text("SELECT id FROM shared.jobs WHERE subject_id = :id AND status <> 'done'"),
                {"id": subject_id},
            )
        for job_id in jobs.all():
            await self.executor.run_job(job_id)

    async def shown(self, caller: Principal, quote_id: UUID, **options: Any) -> dict[str, Any]:
        """Return the quotation whole."""
        whole = await self.quotations.get(caller, quote_id, **options)
        shown: dict[str, Any] = orjson.loads(whole.body)
        return shown


@asynccontextmanager
async def open_shop(
    database_url: str,
    home: Path,
    *,
    mailer: Mailer | None = None,
    listens: bool = False,
    panels_side_by_side: int = 1,
) -> AsyncIterator[Shop]:
    """Open a shop over a database and a folder."""
    settings = Settings(
        application=ApplicationSettings(data=home),
        storage=StorageSettings(url=(home / "objects").as_uri()),
        jobs=JobSettings(most_attempts=3),
        engine=EngineSettings(panels_side_by_side=panels_side_by_side),
    )
    database = Database(database_url, pool_size=10)
    hub = open_hub(database, settings.jobs)
    storage = open_store(settings.storage, data=home, secret=SECRET, public_url=ADDRESS)
    await storage.ensure()
    means = Means(
        database=database,
        hub=hub,
        storage=storage,
        mailer=mailer or NullMailer(),
        evidence=EvidenceStore(storage, home),
        libraries=OrganizationLibraries(),
        settings=settings,
    )
    if listens:
        await hub.start()
    backoff = Backoff(first_seconds=0.0, longest_seconds=0.0)
    try:
        yield Shop(
            means,
            Quotations(means),
            Executor(database, hub, handlings(means), settings.jobs, backoff=backoff),
        )
    finally:
        if listens:
            await hub.stop()
        await storage.close()
        await database.close()
