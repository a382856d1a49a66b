"""Imports and bulk operations over real services, with the test as worker or a worker process of its own.

Run as a program (``python -m tests.factories.imports DATABASE_URL FOLDER``) it is a worker that does the jobs of runs and nothing else.
"""

import asyncio
import io
import sys
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from kis.identity import Principal
from kis.knowledge.bulk import Bulk
from kis.knowledge.importing.options import ImportOptions
from kis.knowledge.importing.service import Importing, start_import
from kis.knowledge.means import Means
from kis.knowledge.runs import service, working
from kis.knowledge.runs.report import ReportForm
from kis.knowledge.runs.things import IMPORT, JOB, Run
from kis.platform.configuration import ApplicationSettings, JobSettings, Settings, StorageSettings
from kis.platform.database import Database
from kis.platform.events import open_hub
from kis.platform.jobs import Backoff, Executor
from kis.platform.mail import NullMailer
from kis.platform.storage import open_store
from kis.search.postings.engine import PostingEngine
from kis.search.tokens import Cutter, NoAnalyzer

SECRET = b"a secret of the tests, long enough"
ADDRESS = "http://localhost"


@dataclass(frozen=True, slots=True)
class Desk:
    """The knowledge base of a test, whose runs are worked through when it says so."""

    means: Means
    executor: Executor

    @property
    def database(self) -> Database:
        return self.means.database

    async def imported(self, caller: Principal, files: Mapping[str, str | bytes], **options: Any) -> Run:
        """Import a folder of files and work it through."""
        return await self.imported_file(caller, "folder.zip", packed(files), **options)

    async def imported_file(self, caller: Principal, name: str, data: str | bytes, **options: Any) -> Run:
        """Import one file and work it through; ``options`` are those of ImportOptions."""
        content = data.encode() if isinstance(data, str) else data
        run_id = await start_import(self.means, caller, name, content, ImportOptions(**options))
        return await self.worked(caller, run_id)

    async def worked(self, caller: Principal, run_id: UUID) -> Run:
        await self.work(run_id)
        return await service.get(self.means, caller, run_id)

    async def work(self, run_id: UUID) -> None:
        """Do the job of a run."""
        async with self.database.service() as session:
            jobs = await session.scalars(
                text("SELECT id FROM shared.jobs WHERE subject_id = :id AND status <> 'done'"), {"id": run_id}
            )
        for job_id in jobs.all():
            await self.executor.run_job(job_id)

    async def report(self, caller: Principal, run_id: UUID, form: str = "json") -> bytes:
        pieces = await service.report(self.means, caller, run_id, ReportForm(form))
        return b"".join([piece async for piece in pieces])

    async def rows(self, query: str, **values: Any) -> list[Any]:
        """Ask the database as the program."""
        async with self.database.service() as session:
            return list((await session.execute(text(query), values)).all())


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP of files."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return output.getvalue()


@asynccontextmanager
async def open_desk(database_url: str, home: Path) -> AsyncIterator[Desk]:
    """Open a knowledge base over a database and a folder; what is found is cut without morphemes."""
    settings = Settings(
        application=ApplicationSettings(data=home),
        storage=StorageSettings(url=(home / "objects").as_uri()),
        jobs=JobSettings(most_attempts=3, lease_seconds=5),
    )
    database = Database(database_url, pool_size=5)
    hub = open_hub(database, settings.jobs)
    storage = open_store(settings.storage, data=home, secret=SECRET, public_url=ADDRESS)
    await storage.ensure()
    means = Means(
        database=database,
        engine=PostingEngine(Cutter(NoAnalyzer())),
        storage=storage,
        hub=hub,
        mailer=NullMailer(),
        settings=settings,
        secret=SECRET,
    )
    kinds = {IMPORT: Importing(means), **Bulk(means).kinds}
    handlers = {JOB: working.handling(means, kinds)}
    backoff = Backoff(first_seconds=0.0, longest_seconds=0.0)
    try:
        yield Desk(means, Executor(database, hub, handlers, settings.jobs, backoff=backoff, poll_seconds=0.1))
    finally:
        await storage.close()
        await database.close()


async def _work(database_url: str, home: Path) -> None:
    async with open_desk(database_url, home) as desk:
        await desk.executor.run_forever()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], Path(sys.argv[2])))
