"""The composition root: settings in, services out."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from kis.administration import Administration
from kis.assistant import Assistant, Products, Threads, open_assistant
from kis.catalog.store import CatalogStore
from kis.evidence.store import EvidenceStore
from kis.identity import Identity
from kis.knowledge import Analytics, Knowledge, translator_of
from kis.knowledge import Means as KnowledgeMeans
from kis.knowledge import handlings as knowledge_handlings
from kis.platform.configuration import Settings
from kis.platform.database import Database
from kis.platform.embedded import join
from kis.platform.errors import BadInput, Problem
from kis.platform.events import EventHub, open_hub
from kis.platform.limits import Limiter, open_limiter
from kis.platform.mail import Mailer, open_mailer
from kis.platform.messages import Message
from kis.platform.secrets import installation_secret
from kis.platform.storage import ObjectStore, open_store
from kis.quotations import Means, OrganizationLibraries, Quotations, Rulebooks
from kis.quotations import handlings as quotation_handlings
from kis.search import Search, SearchEngine, open_engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The services of one process; they share one pool of connections and one event loop."""

    settings: Settings
    database: Database
    storage: ObjectStore
    hub: EventHub
    limiter: Limiter
    mailer: Mailer
    identity: Identity
    evidence: EvidenceStore
    catalogs: CatalogStore
    rulebooks: Rulebooks
    quotations: Quotations
    means: Means
    """What the use cases of quotations work with: for the workers' tasks."""
    engine: SearchEngine
    search: Search
    analytics: Analytics
    knowledge: Knowledge
    knowledge_means: KnowledgeMeans
    """What the use cases of the knowledge base work with: for the workers' tasks."""
    administration: Administration
    products: Products
    threads: Threads
    assistant: Assistant
    secret: bytes


@asynccontextmanager
async def open_application(
    settings: Settings, *, name: str = "kis", listens: bool = True
) -> AsyncIterator[Application]:
    """Yield the services, closed at the end; ``name`` is shown in the database's list of connections.

    ``listens`` starts the hub of live events, which a worker process does itself. Nothing is asked of the database or the storage yet, so a process starts also while they are away. Raises BadInput where no database is set and none runs.
    """
    secret = installation_secret(settings)
    jobs = settings.jobs
    database = Database(
        database_url(settings),
        pool_size=settings.database.pool_size,
        statement_timeout_seconds=settings.database.statement_timeout_seconds,
        name=name,
    )
    async with AsyncExitStack() as closing:
        closing.push_async_callback(database.close)
        hub = open_hub(database, jobs)
        if listens:
            await hub.start()
            closing.push_async_callback(hub.stop)
        limiter = open_limiter(jobs.redis_url.get_secret_value())
        closing.push_async_callback(limiter.close)
        storage = open_store(
            settings.storage,
            data=settings.application.data,
            secret=secret,
            public_url=public_url(settings),
        )
        closing.push_async_callback(storage.close)
        mailer = open_mailer(settings.mail, secret)
        identity = Identity(database, settings, limiter=limiter, mailer=mailer, secret=secret)
        closing.callback(identity.close)
        evidence = EvidenceStore(storage, settings.application.data, settings=settings.evidence)
        catalogs = CatalogStore(database)
        means = Means(
            database=database,
            hub=hub,
            storage=storage,
            mailer=mailer,
            evidence=evidence,
            libraries=OrganizationLibraries(),
            settings=settings,
        )
        engine = await closing.enter_async_context(
            open_engine(settings.search, data=settings.application.data, is_background=not listens)
        )
        search = Search(database, engine, settings=settings.search, secret=secret)
        closing.push_async_callback(search.close)
        analytics = Analytics(database)
        closing.push_async_callback(analytics.close)
        knowledge_means = KnowledgeMeans(
            database=database,
            engine=engine,
            storage=storage,
            hub=hub,
            mailer=mailer,
            settings=settings,
            secret=secret,
            translator=translator_of(settings.translation),
        )
        products, threads = Products(database, catalogs), Threads(database)
        knowledge = Knowledge(knowledge_means)
        assistant = await closing.enter_async_context(
            open_assistant(
                settings,
                products,
                threads,
                database=database,
                search=search,
                knowledge=knowledge,
                analyzer=engine.analyzer,
            )
        )
        yield Application(
            settings=settings,
            database=database,
            storage=storage,
            hub=hub,
            limiter=limiter,
            mailer=mailer,
            identity=identity,
            evidence=evidence,
            catalogs=catalogs,
            rulebooks=Rulebooks(database),
            quotations=Quotations(means),
            means=means,
            engine=engine,
            search=search,
            analytics=analytics,
            knowledge=knowledge,
            knowledge_means=knowledge_means,
            administration=Administration(
                database,
                storage,
                engine_name=engine.name,
                data=settings.application.data,
                handlings={**quotation_handlings(means), **knowledge_handlings(knowledge_means)},
            ),
            products=products,
            threads=threads,
            assistant=assistant,
            secret=secret,
        )


def database_url(settings: Settings) -> str:
    """Return the address of the database for the application's role: the one that is set, else that of the running installation."""
    given = settings.database.url.get_secret_value()
    if given:
        return given
    running = join(settings.application.data)
    if running is None:
        raise BadInput("environment", [Problem("DATABASE_URL", Message("application.no_database"))])
    return running.app_url


def public_url(settings: Settings) -> str:
    """Return the address users reach this installation under."""
    application = settings.application
    return application.public_url or f"http://{application.host}:{application.port}"
