"""The knowledge base over real services: jobs and chores are done when the test says so, and what the search was given is written down."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge.articles import Article, Place
from kis.knowledge.means import Means
from kis.knowledge.service import Knowledge, chores, handlings
from kis.knowledge.texts import Words
from kis.knowledge.translating import Translator
from kis.knowledge.writing import Draft
from kis.platform.configuration import ApplicationSettings, JobSettings, Settings, StorageSettings
from kis.platform.database import Database
from kis.platform.events import open_hub
from kis.platform.jobs import Backoff, Executor
from kis.platform.mail import Mailer, NullMailer
from kis.platform.storage import open_store
from kis.search import Language, Prepared, Source
from kis.search.postings import PostingEngine
from kis.search.tokens import Cutter, NoAnalyzer

SECRET = b"a secret of the tests, long enough"
ADDRESS = "http://localhost"


class RecordingEngine(PostingEngine):
    """The engine without morphemes; it notes what it was given, and whether cutting was done before."""

    def __init__(self) -> None:
        super().__init__(Cutter(NoAnalyzer()))
        self.puts: list[tuple[tuple[UUID, ...], Prepared]] = []

    async def put(
        self, session: AsyncSession, source: Source, source_ids: Sequence[UUID], prepared: Prepared
    ) -> None:
        self.puts.append((tuple(source_ids), prepared))
        await super().put(session, source, source_ids, prepared)


@dataclass(slots=True)
class ShoutingTranslator:
    """Translates by writing everything in capitals between the names of the languages."""

    name: str = "shouting"
    asked: list[tuple[Language, Language]] = field(default_factory=list)

    async def translate(self, words: Words, *, source: Language, target: Language) -> Words:
        self.asked.append((source, target))
        return Words(title=f"{target} {words.title.upper()}", body=words.body.upper(), tags=words.tags)


@dataclass(frozen=True, slots=True)
class Library:
    """The service, its worker and its chores."""

    means: Means
    knowledge: Knowledge
    executor: Executor
    engine: RecordingEngine

    async def written(self, caller: Principal, title: str = "차단기 선정", **place: Any) -> Article:
        """Return an article in Korean that was just written."""
        return await self.knowledge.create(caller, draft_of(title, **place))

    async def published(
        self, writer: Principal, reviewer: Principal, title: str = "차단기 선정", **place: Any
    ) -> Article:
        """Return an article that went the whole way."""
        article = await self.written(writer, title, **place)
        return await self.passed(article, writer, reviewer)

    async def passed(self, article: Article, writer: Principal, reviewer: Principal) -> Article:
        """Return an article whose draft was submitted, approved and published."""
        await self.knowledge.submit(writer, article.id)
        await self.knowledge.approve(reviewer, article.id)
        return await self.knowledge.publish(reviewer, article.id)

    async def work(self, *, kinds: Sequence[str]) -> int:
        """Do the jobs of these kinds that wait; return how many there were."""
        jobs = await self.rows(
            "SELECT id FROM shared.jobs WHERE kind = ANY(:kinds) AND status = 'queued'", kinds=list(kinds)
        )
        for job in jobs:
            await self.executor.run_job(job.id)
        return len(jobs)

    async def chore(self, name: str) -> int:
        """Do a chore and return how many rows it touched."""
        chore = next(each for each in chores(self.means) if each.name == name)
        async with self.means.database.service() as session:
            return await chore.run(session)

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        """Return what a query finds, seeing everything."""
        async with self.means.database.service() as session:
            return list((await session.execute(text(statement), values)).all())

    async def run(self, statement: str, **values: Any) -> None:
        """Run a statement, allowed everything."""
        async with self.means.database.service() as session:
            await session.execute(text(statement), values)

    async def found(self, caller: Principal, article_id: UUID) -> list[tuple[str, str, str]]:
        """Return language, status and title of what a caller can find of an article."""
        async with self.means.database.transaction(caller.scope) as session:
            rows = await session.execute(
                text(
                    "SELECT language, status, title FROM knowledge.search_items WHERE source_id = :id "
                    "ORDER BY language DESC, status DESC"
                ),
                {"id": article_id},
            )
            return [(row.language, row.status, row.title) for row in rows]

    async def actions(self, article_id: UUID) -> list[str]:
        """Return what the audit log tells of an article, in order."""
        rows = await self.rows(
            "SELECT action FROM shared.audit_logs WHERE target = :target ORDER BY sequence",
            target=f"article:{article_id}",
        )
        return [row.action for row in rows]


def words_of(title: str = "차단기 선정", body: str = "", **more: Any) -> Words:
    """Return words."""
    return Words(title=title, body=body or f"# {title}\n\n내용", **more)


def draft_of(title: str = "차단기 선정", *, english: str = "", **place: Any) -> Draft:
    """Return a draft in Korean, and in English where a title is given."""
    texts = {Language.KO: words_of(title)}
    if english:
        texts[Language.EN] = words_of(english)
    return Draft(texts=texts, place=Place(**place))


@asynccontextmanager
async def open_library(
    database_url: str,
    home: Path,
    *,
    mailer: Mailer | None = None,
    translator: Translator | None = None,
    largest_upload_bytes: int = 2**20,
) -> AsyncIterator[Library]:
    """Open a knowledge base over a database and a folder."""
    settings = Settings(
        application=ApplicationSettings(
            data=home, public_url=ADDRESS, largest_upload_bytes=largest_upload_bytes
        ),
        storage=StorageSettings(url=(home / "objects").as_uri()),
        jobs=JobSettings(most_attempts=3),
    )
    database = Database(database_url, pool_size=10)
    hub = open_hub(database, settings.jobs)
    storage = open_store(settings.storage, data=home, secret=SECRET, public_url=ADDRESS)
    await storage.ensure()
    engine = RecordingEngine()
    means = Means(
        database=database,
        engine=engine,
        storage=storage,
        hub=hub,
        mailer=mailer or NullMailer(),
        settings=settings,
        secret=SECRET,
        translator=translator,
    )
    backoff = Backoff(first_seconds=0.0, longest_seconds=0.0)
    try:
        yield Library(
            means,
            Knowledge(means),
            Executor(database, hub, handlings(means), settings.jobs, backoff=backoff),
            engine,
        )
    finally:
        await storage.close()
        await database.close()
