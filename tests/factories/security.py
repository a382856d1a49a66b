"""An installation with two organisations: ours, which has one of everything, and strangers next door.

The services are the real ones over a real database; the worker is the test itself. People come in without their password (that is what the tests of
logins are for), so that a case of the matrix costs milliseconds.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import UUID

import httpx2
import orjson
import psycopg
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.api.app import create_app
from kis.application import Application, open_application
from kis.catalog import price_book_bytes, shipped_price_books
from kis.estimator import rulebook_bytes, shipped_rulebooks
from kis.identity import ROLE_PERMISSIONS, Identity, Origin, Permission, Principal, Role, Via
from kis.knowledge import Analytics, Article, Category, Draft, NewCategory, Place, Rules, Shown, Words
from kis.platform.configuration import (
    ApplicationSettings,
    DatabaseSettings,
    JobSettings,
    LimitSettings,
    Settings,
)
from kis.platform.jobs import Backoff, Executor
from kis.platform.mail import Mail
from kis.quotations import handlings
from kis.search import Language
from tests.factories.quotations import request_of

ADDRESS: Final = "http://localhost"
ABROAD: Final = "198.51.100.7"
"""Where callers sit: not on this machine."""
PASSWORD: Final = "seven maples by the river"
SECRET_KEY: Final = "a key of the security tests 0123456789"
CHEAP: Final = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
HASHED: Final = CHEAP.hash(PASSWORD)
MUCH: Final = 10**6

_CHANGED_BESIDE: Final = frozenset({"shared.api_metrics", "knowledge.search_log"})
"""Written by the process itself, whoever calls."""

_OWNED: Final = (
    "estimator.quotes",
    "estimator.documents",
    "estimator.evidence_packs",
    "estimator.rulebooks",
    "shared.price_books",
    "shared.catalog_items",
    "shared.jobs",
    "shared.audit_logs",
    "knowledge.articles",
    "knowledge.article_versions",
    "knowledge.article_links",
    "knowledge.attachments",
    "knowledge.categories",
    "knowledge.feedback",
    "knowledge.review_comments",
    "knowledge.search_items",
    "knowledge.settings",
    "identity.api_keys",
    "identity.memberships",
    "identity.sessions",
)


class UncountedReadings(Analytics):
    """Counts no readings: they are stored some seconds later, in the middle of another case that must change nothing."""

    def note_reading(self, caller: Principal, shown: Shown, language: Language) -> None:
        """Do nothing."""


class Addresses(Protocol):
    """The addresses of one database."""

    @property
    def app(self) -> str: ...
    @property
    def superuser(self) -> str: ...


@dataclass(slots=True)
class Postman:
    """A mailer that keeps what it was handed."""

    mails: list[Mail] = field(default_factory=list)
    sends: bool = True

    async def hand_over(
        self,
        session: AsyncSession,  # noqa: ARG002 - what a Mailer is handed
        mail: Mail,
        *,
        organization_id: UUID | None = None,  # noqa: ARG002 - as above
    ) -> None:
        self.mails.append(mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a login that stands."""

    id: UUID
    email: str
    organization_id: UUID
    session_id: UUID
    access_token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        """Return what this person sends along."""
        return {"Authorization": f"Bearer {self.access_token}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An organisation and its administrator."""

    id: UUID
    code: str
    name: str
    admin: Principal


@dataclass(frozen=True, slots=True)
class Installation:
    """The services, the API over them, and a way to look at every row."""

    application: Application
    app: FastAPI
    superuser: psycopg.Connection[tuple[Any, ...]]
    postman: Postman
    executor: Executor

    @property
    def identity(self) -> Identity:
        """Return the service of identity."""
        return self.application.identity

    async def house(self, name: str) -> House:
        """Make an organisation with its administrator."""
        code = secrets.token_hex(4).upper()
        async with self.application.database.service() as session:
            found = await session.execute(
                text("INSERT INTO identity.organizations (code, name) VALUES (:code, :name) RETURNING id"),
                {"code": code, "name": f"{name} {code}"},
            )
            organization_id: UUID = found.scalar_one()
        person = await self.person(organization_id, Role.ADMIN)
        admin = Principal(
            organization_id=organization_id,
            role=Role.ADMIN,
            permissions=frozenset(ROLE_PERMISSIONS[Role.ADMIN]),
            via=Via.TOKEN,
            user_id=person.id,
            session_id=person.session_id,
            name=person.email,
        )
        return House(id=organization_id, code=code, name=f"{name} {code}", admin=admin)

    async def person(
        self, organization_id: UUID, role: Role, *, operates: bool = False, name: str = ""
    ) -> Person:
        """Make a person and log them in."""
        from kis.identity.models import Membership, User

        async with self.application.database.service() as session:
            user = User(
                email=f"{role.value}-{secrets.token_hex(6)}@example.test",
                name=name or f"사람 {secrets.token_hex(4)}",
                password_hash=HASHED,
                is_operator=operates,
            )
            session.add(user)
            await session.flush()
            session.add(Membership(organization_id=organization_id, user_id=user.id, role=role.value))
            await session.flush()
            login = await self.identity.sessions.open(
                session, user, organization_id, role, Origin(ABROAD, "a test"), browser=False
            )
            return Person(
                id=user.id,
                email=user.email,
                organization_id=organization_id,
                session_id=login.session_id,
                access_token=login.access_token,
                refresh_token=login.refresh_token,
            )

    async def key(self, house: House, role: Role = Role.ADMIN, *permissions: Permission) -> str:
        """Return a new API key of a house, narrowed to ``permissions`` where any are named."""
        made = await self.identity.api_keys.create(
            house.admin, f"key {secrets.token_hex(4)}", role, permissions=permissions
        )
        return made.key

    async def work(self, subject_id: UUID) -> None:
        """Do the jobs about a quotation."""
        async with self.application.database.service() as session:
            jobs = await session.scalars(
                text("SELECT id FROM shared.jobs WHERE subject_id = :id AND status <> 'done'"),
                {"id": subject_id},
            )
        for job_id in jobs.all():
            await self.executor.run_job(job_id)

    async def quotation(self, house: House, request: Mapping[str, Any], **options: Any) -> dict[str, Any]:
        """Return a quotation of a house, made unless it is a draft."""
        quotations = self.application.quotations
        answer = await quotations.accept(house.admin, request, **{"documents": ["svg"], **options})
        await self.work(answer.quote_id)
        whole = await quotations.get(house.admin, answer.quote_id)
        shown: dict[str, Any] = orjson.loads(whole.body)
        return shown

    def run(self, statement: str, *values: Any) -> None:
        """Change rows as nobody else may: the triggers that freeze and guard them do not fire."""
        with self.superuser.transaction():
            self.superuser.execute("SET LOCAL session_replication_role = replica")
            self.superuser.execute(statement.encode(), values)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return rows as they are in the database."""
        return self.superuser.execute(statement.encode(), values).fetchall()

    def state(self) -> dict[str, tuple[int, int]]:
        """Return how many rows each table has and which transaction wrote last into it: equal before and after means that nothing was written."""
        tables = self.rows(
            "SELECT schemaname || '.' || tablename FROM pg_tables "
            "WHERE schemaname IN ('estimator', 'shared', 'identity', 'knowledge', 'assistant') ORDER BY 1"
        )
        names = [name for (name,) in tables if name not in _CHANGED_BESIDE]
        each = (
            f"SELECT '{name}', count(*), coalesce(max(xmin::text::bigint), 0) FROM {name}"  # noqa: S608 - names from the database's own catalogue
            for name in names
        )
        return {name: (count, last) for name, count, last in self.rows(" UNION ALL ".join(each))}

    def state_of(self, house: House) -> list[tuple[Any, ...]]:
        """Return the same of the rows of one organisation."""
        each = (
            f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name} WHERE organization_id = %s"  # noqa: S608 - names of this module
            for name in _OWNED
        )
        return self.rows(" UNION ALL ".join(each), *[house.id] * len(_OWNED))

    def client(self, address: str = ABROAD, **options: Any) -> httpx2.AsyncClient:
        """Return a client that calls the API without a network, from ``address``."""
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 40000))
        headers = {"Accept-Language": "en", **options.pop("headers", {})}
        return httpx2.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers, **options)


@asynccontextmanager
async def open_installation(
    addresses: Addresses,
    home: Path,
    *,
    limits: LimitSettings | None = None,
    identity: Mapping[str, Any] | None = None,
    **settings: Any,
) -> AsyncIterator[Installation]:
    """Open the services over a database and a folder, with what is shipped laid down."""
    made = Settings(
        application=ApplicationSettings(**{"data": home, "secret_key": SECRET_KEY, "port": 0, **settings}),
        database=DatabaseSettings(url=addresses.app, pool_size=10),
        jobs=JobSettings(),
        limits=limits or LimitSettings(per_minute=MUCH, address_per_minute=MUCH, login_per_minute=MUCH),
        **(identity or {}),
    )
    postman = Postman()
    async with open_application(made) as opened:
        opened.identity.close()
        known = Identity(
            opened.database,
            made,
            limiter=opened.limiter,
            mailer=postman,
            secret=opened.secret,
            hasher=CHEAP,
        )
        analytics = UncountedReadings(opened.database)
        application = replace(opened, identity=known, mailer=postman, analytics=analytics)
        await application.storage.ensure()
        await application.catalogs.install()
        await application.rulebooks.install()
        executor = Executor(
            application.database,
            application.hub,
            handlings(application.means),
            made.jobs,
            backoff=Backoff(first_seconds=0.0, longest_seconds=0.0),
        )
        app = create_app(application)
        with psycopg.connect(addresses.superuser, autocommit=True) as superuser:
            async with living(app):
                yield Installation(application, app, superuser, postman, executor)
        known.close()


@asynccontextmanager
async def living(app: FastAPI) -> AsyncIterator[None]:
    """Keep an application started for the block, in a task of its own: what it opens must be closed by who opened it."""
    begun, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.router.lifespan_context(app):
            begun.set()
            await over.wait()

    task = asyncio.create_task(live())
    waiting = asyncio.create_task(begun.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        await task
    try:
        yield
    finally:
        over.set()
        await task


OWN_BREAKER: Final[Mapping[str, Any]] = {
    "model": "ZQX-100",
    "make": "비밀제작소",
    "kind": "MCCB",
    "grade": "economy",
    "frame_af": 100,
    "poles": 3,
    "width_mm": 75,
    "height_mm": 130,
    "depth_mm": 60,
    "front_mm": 82,
    "ratings_a": [60, 75, 100],
    "icu_ka": 18,
    "icu_at_v": 460,
    "outline_source": "maker-sheet",
    "icu_source": "maker-sheet",
    "front_source": "unverified",
    "ratings_source": "maker-sheet",
}


def price_book_named(name: str) -> bytes:
    """Return the shipped price book in won under another name."""
    shipped = next(book for book in shipped_price_books() if book.currency == "KRW")
    return price_book_bytes(None, shipped).replace(shipped.id.encode(), name.encode())


def rulebook_named(name: str) -> bytes:
    """Return the shipped rulebook under another name."""
    (shipped,) = shipped_rulebooks()
    return rulebook_bytes(None, shipped).replace(f"id: {shipped.id}".encode(), f"id: {name}".encode(), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Ours, with one of everything, and the strangers. The words of ``told`` must never reach a stranger."""

    at: Installation
    ours: House
    theirs: House
    completed: dict[str, Any]
    review: dict[str, Any]
    draft: dict[str, Any]
    sent: dict[str, Any]
    documents: list[dict[str, Any]]
    item_id: UUID
    book: str
    rules: str
    member: Person
    key_id: UUID
    task_id: UUID
    archive: dict[str, Any]
    article: Article
    category: Category

    @property
    def quotations(self) -> tuple[dict[str, Any], ...]:
        """Return all quotations of ours."""
        return self.completed, self.review, self.draft, self.sent

    @property
    def told(self) -> frozenset[str]:
        """Return every word that names something of ours."""
        words = {
            self.ours.name,
            self.ours.code,
            self.book,
            self.rules,
            self.member.email,
            "ZQX-100",
            "비밀제작소",
        }
        words |= {CUSTOMER, PROJECT, BUYER, TITLE, self.article.slug, self.category.slug}
        words |= {str(self.article.id), str(self.category.id)}
        ids = (self.ours.id, self.ours.admin.user_id, self.item_id, self.key_id, self.task_id)
        words |= {str(each) for each in (*ids, self.member.id, self.member.session_id)}
        for shown in self.quotations:
            words |= {shown["quoteId"], shown["number"], shown["traceId"]}
        for one in self.documents:
            words |= {str(one["documentId"]), one["sha256"]}
        return frozenset(words)

    def renew(self) -> None:
        """Put the quotations of ours back to what they were."""
        for shown in self.quotations:
            self.at.run(
                "UPDATE estimator.quotes SET status = %s, trace_id = %s, closed_at = NULL WHERE id = %s",
                shown["status"], shown["traceId"], shown["quoteId"],
            )  # fmt: skip
        self.at.run(
            "UPDATE estimator.quotes SET sent_at = NULL WHERE id = %s AND status <> 'sent'",
            self.completed["quoteId"],
        )
        self.at.run("DELETE FROM estimator.gate_acceptances WHERE organization_id = %s", self.ours.id)


CUSTOMER: Final = "한빛비밀전설"
PROJECT: Final = "아무도 모르는 현장"
BUYER: Final = "secret-buyer@example.com"
TITLE: Final = "아무도 모르는 문서"
OF_TITLE: Final = "모르는 문서"
"""What is searched for: not the whole of it, so that it is ours where it stands whole, also among what neighbours have searched for."""


def secret_request(**changes: Any) -> dict[str, Any]:
    """Return a request whose words are nobody else's."""
    return request_of(**{"customer": {"name": CUSTOMER, "email": BUYER}, "project": PROJECT, **changes})


def category_named(slug: str) -> NewCategory:
    """Return a category nobody else has."""
    return NewCategory(name_ko=f"분류 {slug}", name_en=f"Category {slug}", slug=slug)


async def article_of(at: Installation, house: House, **place: Any) -> Article:
    """Return a new draft of a house; its slug is a name of its own."""
    draft = Draft(
        texts={Language.KO: Words(title=TITLE, body=f"# {PROJECT}")},
        place=Place(**{"slug": secrets.token_hex(16), **place}),
    )
    return await at.application.knowledge.create(house.admin, draft)


async def published_article(at: Installation, house: House, category: Category) -> Article:
    """Return an article that everybody in a house reads; its author may review it."""
    knowledge = at.application.knowledge
    article = await article_of(at, house, category_id=category.id)
    await knowledge.submit(house.admin, article.id)
    await knowledge.approve(house.admin, article.id)
    return await knowledge.publish(house.admin, article.id)


async def make_world(at: Installation) -> World:
    """Fill an installation."""
    ours, theirs = await at.house("우리"), await at.house("이웃")
    services, admin = at.application, ours.admin
    item = await services.catalogs.items.add(admin, "breaker", dict(OWN_BREAKER))
    completed = await at.quotation(ours, secret_request(), documents=["svg", "pdf"])
    review = await at.quotation(ours, secret_request(discount_percent=12))
    draft = await at.quotation(ours, secret_request(), draft=True)
    sent = await at.quotation(ours, secret_request())
    assert [each["status"] for each in (completed, review, draft, sent)] == [
        "completed", "review", "draft", "completed",
    ]  # fmt: skip
    await services.quotations.send(admin, UUID(sent["quoteId"]))
    sent["status"] = "sent"
    # Taken in after the quotations: the newest price book and rulebook would otherwise be theirs.
    book, rules = f"book-{secrets.token_hex(4)}", f"rules-{secrets.token_hex(4)}"
    await services.catalogs.price_books.upload(admin, "book.yaml", price_book_named(book))
    await services.rulebooks.upload(admin, "rules.yaml", rulebook_named(rules))
    await services.knowledge.decide_rules(admin, Rules(author_may_review=True))
    category = await services.knowledge.add_category(admin, category_named(secrets.token_hex(16)))
    key = await at.identity.api_keys.create(admin, "press", Role.VIEWER)
    task_id = await services.quotations.export(admin, [UUID(completed["quoteId"])])
    await at.executor.run_job(task_id)
    linked = await services.quotations.documents(admin, UUID(completed["quoteId"]))
    task = await services.quotations.task(admin, task_id)
    return World(
        at=at,
        ours=ours,
        theirs=theirs,
        completed=completed,
        review=review,
        draft=draft,
        sent=sent,
        documents=[
            {
                "documentId": one.document_id,
                "sha256": one.sha256,
                "signedUrl": one.signed_url,
                "name": one.name,
            }
            for one in linked
        ],
        item_id=item.id,
        book=book,
        rules=rules,
        member=await at.person(ours.id, Role.ESTIMATOR),
        key_id=key.row.id,
        task_id=task_id,
        archive={"signedUrl": task.signed_url},
        article=await published_article(at, ours, category),
        category=category,
    )
