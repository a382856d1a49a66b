"""Two organisations full of secrets: things in every state for every kind of reader, each with words of its own wherever something can be written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from kis.identity import Permission, Principal, Role
from kis.knowledge import (
    Article,
    Draft,
    Knowledge,
    NewCategory,
    Place,
    Remark,
    Rules,
    Save,
    TextState,
    Words,
    chores,
    handlings,
)
from kis.platform.configuration import SearchSettings
from kis.platform.jobs import Backoff, Executor
from kis.search import Language, Source, Visibility
from kis.search.pins import NewPin
from tests.factories.leaks_words import Coinage, key_of
from tests.factories.quotations import request_of
from tests.factories.security import (
    OWN_BREAKER,
    House,
    Installation,
    Person,
    price_book_named,
    rulebook_named,
)
from tests.factories.security_operations import MAY

COMMON: Final = "외함"
"""A word that all articles have."""
OURS: Final = "ours"
THEIRS: Final = "theirs"
SETTINGS: Final = {"search": SearchSettings(morphemes="off", log="off")}
"""What is looked for on the walk is not noted: it would be read there by others."""

STATES: Final = (
    *("draft", "in_review", "approved", "scheduled", "published", "newer_draft", "half"),
    *("archived", "binned", "expired", "overdue"),
)
OPEN: Final = frozenset({"published", "newer_draft", "half", "overdue"})
"""Readers have a version of them."""
READERS: Final[tuple[tuple[Visibility, tuple[str, ...]], ...]] = (
    (Visibility.PUBLIC, ()),
    (Visibility.ORGANIZATION, ()),
    (Visibility.ROLE, ("estimator",)),
    (Visibility.ROLE, ("editor", "reviewer")),
)
_SOURCES: Final = {"quotation.read": "quotation", "catalog.read": "catalog_item"}
THEIR_STATES: Final = ("draft", "published", "newer_draft")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that is not for everybody: an article, or what only has an owner."""

    name: str
    house: str
    id: UUID | None = None
    slug: str = ""
    state: str = ""
    visibility: Visibility = Visibility.ORGANIZATION
    roles: tuple[str, ...] = ()
    needs: str = ""
    """Of what is no article: the right that shows it to its organisation."""
    owner: str = ""
    """The seat whose alone it is."""
    words: dict[str, str] = field(default_factory=dict)
    """By the field they stand in."""

    @property
    def source(self) -> str:
        """Return as what it is searched for, if it is."""
        if self.id is None:
            return ""
        return "article" if self.is_article else _SOURCES.get(self.needs, "")

    @property
    def is_article(self) -> bool:
        """Whether it is one."""
        return bool(self.state)


@dataclass(frozen=True, slots=True)
class Secret:
    """A word or an identifier that tells of a thing."""

    field: str
    thing: Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody who asks, known by each of these headers."""

    name: str
    house: str
    role: str
    rights: frozenset[str]
    credentials: tuple[dict[str, str], ...]

    @property
    def is_special(self) -> bool:
        """Whether they are beside the five roles of their organisation."""
        return not self.name.endswith(f"/{self.role}")

    @property
    def key(self) -> str:
        """Return their API key."""
        return next(each["X-API-Key"] for each in self.credentials if "X-API-Key" in each)


@dataclass(slots=True)
class Planted:
    """What was planted, and who asks."""

    things: list[Thing] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    secrets: dict[str, Secret] = field(default_factory=dict)
    """By the part of a word that is looked for, or the identifier."""
    values: dict[str, list[str]] = field(default_factory=dict)
    """What the parameters of a path may name, by their name."""
    houses: dict[str, House] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    """Who sits on a seat, by its name."""

    @property
    def articles(self) -> list[Thing]:
        """Return the articles."""
        return [thing for thing in self.things if thing.is_article]

    def seat(self, name: str) -> Seat:
        """Return a seat by its name."""
        return next(seat for seat in self.seats if seat.name == name)

    def keep(self, thing: Thing, **identifiers: object) -> Thing:
        """Note a thing with its words and identifiers."""
        self.things.append(thing)
        for place, word in thing.words.items():
            self.secrets[key_of(word)] = Secret(place, thing)
        for place, identifier in identifiers.items():
            self.secrets[str(identifier)] = Secret(place, thing)
        return thing

    def owner(self, value: str) -> Thing | None:
        """Return the thing that an identifier or a name is of."""
        secret = self.secrets.get(value) or self.secrets.get(key_of(value))
        return None if secret is None else secret.thing

    def name(self, parameter: str, *values: object) -> None:
        """Note what a parameter may name."""
        self.values.setdefault(parameter, []).extend(map(str, values))


@dataclass(frozen=True, slots=True)
class Gardener:
    """Plants."""

    at: Installation
    coin: Coinage
    planted: Planted

    @property
    def knowledge(self) -> Knowledge:
        """Return the service."""
        return self.at.application.knowledge

    def coined(self, *fields: str) -> dict[str, str]:
        """Return a new word for each field."""
        return {
            each: self.coin.hangul() if each.endswith("_hangul") else self.coin.latin() for each in fields
        }

    async def article(
        self, house: House, side: str, state: str, visibility: Visibility, roles: tuple[str, ...]
    ) -> Thing:
        """Plant an article with all that belongs to it."""
        words = self.coined(
            *("title", "title_hangul", "summary", "body", "tag", "seo", "metadata", "english", "note"),
            *("slug", "comment", "attachment", "content", "feedback", "new", "new_hangul"),
        )
        korean = Words(
            title=f"{COMMON} {words['title']} {words['title_hangul']}",
            summary=f"요약 {words['summary']}",
            body=f"## {COMMON}\n\n{words['body']} 설치 절차 procedure",
            tags=(words["tag"],),
            seo_title=words["seo"],
        )
        english = Words(title=f"Enclosure {words['english']}", body="procedure")
        draft = Draft(
            texts={Language.KO: korean, Language.EN: english},
            states={Language.EN: TextState.DRAFT} if state == "half" else {},
            note=words["note"],
            place=Place(
                slug=f"{words['slug']}-{side}",
                visibility=visibility,
                roles=roles,
                review_on=date(2025, 1, 1) if state == "overdue" else None,
                expires_at=datetime.now(UTC) + timedelta(days=1) if state == "expired" else None,
                metadata={"source": words["metadata"]},
            ),
        )
        made = await self.knowledge.create(house.admin, draft)
        comment = await self.knowledge.comment(house.admin, made.id, Remark(body=words["comment"]))
        file = await self.knowledge.attach(
            house.admin, made.id, f"{words['attachment']}.txt", words["content"].encode()
        )
        await _STEPS[state](self, house.admin, made, words)
        thing = Thing(
            name=f"{side}/{state}/{visibility}{'-'.join(('', *roles))}",
            house=side,
            id=made.id,
            slug=made.slug,
            state=state,
            visibility=visibility,
            roles=made.roles,
            words={place: word for place, word in words.items() if _is_there(state, place)},
        )
        return self.planted.keep(
            thing, id=made.id, comment_id=comment.id, attachment_id=file.id, sha256=file.sha256
        )

    async def passed(self, admin: Principal, article: Article) -> None:
        """Show an article to its readers, one of whom says something."""
        await self.knowledge.submit(admin, article.id)
        await self.knowledge.approve(admin, article.id)
        await self.knowledge.publish(admin, article.id)

    async def said(self, admin: Principal, article: Article, words: dict[str, str]) -> None:
        """Show an article to its readers, one of whom says something."""
        await self.passed(admin, article)
        await self.knowledge.give_feedback(admin, article.id, is_helpful=False, comment=words["feedback"])


async def _draft(_: Gardener, _admin: Principal, _article: Article, _words: dict[str, str]) -> None:
    """Leave it."""


async def _in_review(to: Gardener, admin: Principal, article: Article, _words: dict[str, str]) -> None:
    await to.knowledge.submit(admin, article.id)


async def _approved(to: Gardener, admin: Principal, article: Article, words: dict[str, str]) -> None:
    await _in_review(to, admin, article, words)
    await to.knowledge.approve(admin, article.id)


async def _scheduled(to: Gardener, admin: Principal, article: Article, words: dict[str, str]) -> None:
    await _approved(to, admin, article, words)
    await to.knowledge.schedule(admin, article.id, datetime.now(UTC) + timedelta(days=3))


async def _published(to: Gardener, admin: Principal, article: Article, words: dict[str, str]) -> None:
    await to.said(admin, article, words)


async def _newer_draft(to: Gardener, admin: Principal, article: Article, words: dict[str, str]) -> None:
    await to.said(admin, article, words)
    newer = Words(title=f"{COMMON} {words['new']} {words['new_hangul']}", body="새 절차", tags=())
    await to.knowledge.save(admin, article.id, Save(texts={Language.KO: newer}))


async def _archived(to: Gardener, admin: Principal, article: Article, words: dict[str, str]) -> None:
    await to.said(admin, article, words)
    await to.knowledge.archive(admin, article.id)


async def _binned(to: Gardener, admin: Principal, article: Article, words: dict[str, str]) -> None:
    await to.said(admin, article, words)
    await to.knowledge.delete(admin, article.id)


async def _expired(to: Gardener, admin: Principal, article: Article, words: dict[str, str]) -> None:
    await to.said(admin, article, words)
    past = datetime.now(UTC) - timedelta(hours=1)
    to.at.run("UPDATE knowledge.articles SET expires_at = %s WHERE id = %s", past, article.id)
    to.at.run("UPDATE knowledge.search_items SET expires_at = %s WHERE source_id = %s", past, article.id)


_STEPS: Final[dict[str, Callable[[Gardener, Principal, Article, dict[str, str]], Awaitable[None]]]] = {
    "draft": _draft,
    "in_review": _in_review,
    "approved": _approved,
    "scheduled": _scheduled,
    "published": _published,
    "newer_draft": _newer_draft,
    "half": _published,
    "archived": _archived,
    "binned": _binned,
    "expired": _expired,
    "overdue": _published,
}


def _is_there(state: str, place: str) -> bool:
    """Tell whether an article in this state has the words of a field."""
    if place in {"new", "new_hangul"}:
        return state == "newer_draft"
    return place != "feedback" or state not in {"draft", "in_review", "approved", "scheduled"}


async def plant(at: Installation) -> Planted:
    """Fill an installation, and seat everybody who will ask."""
    ours, theirs = await at.house("우리"), await at.house("이웃")
    to = Gardener(at, Coinage(), Planted())
    for house in (ours, theirs):
        await to.knowledge.decide_rules(house.admin, Rules(author_may_review=True))
    for state in STATES:
        for visibility, roles in READERS:
            await to.article(ours, OURS, state, visibility, roles)
    for state in THEIR_STATES:
        for visibility, roles in READERS[:3]:
            await to.article(theirs, THEIRS, state, visibility, roles)
    for house, side in ((ours, OURS), (theirs, THEIRS)):
        await _belongings(to, house, side)
    await _seats(to, ours, theirs)
    await _relate(to, ours)
    await _runs(to, ours)
    await _quotations(to, ours)
    await _searches(to, ours)
    await _index(to)
    to.planted.name("organization_id", ours.id, theirs.id)
    to.planted.houses |= {OURS: ours, THEIRS: theirs}
    return to.planted


async def _belongings(to: Gardener, house: House, side: str) -> None:
    """Plant what is no article."""
    services, planted = to.at.application, to.planted
    words = to.coined("name", "english", "slug")
    made = await to.knowledge.add_category(
        house.admin, NewCategory(name_ko=words["name"], name_en=words["english"], slug=words["slug"])
    )
    planted.keep(Thing(name=f"{side}/category", house=side, id=made.id, needs="article.read", words=words))
    words = to.coined("query")
    target = next(each for each in planted.articles if each.house == side and each.state == "published")
    assert target.id is not None
    pin = await services.search.add_pin(
        house.admin, NewPin(query=words["query"], source=Source.ARTICLE, source_id=target.id)
    )
    planted.keep(Thing(name=f"{side}/pin", house=side, id=pin.id, needs="knowledge.admin", words=words))
    words = to.coined("one", "other")
    group = await services.search.add_synonyms(house.admin, list(words.values()))
    planted.keep(
        Thing(name=f"{side}/synonyms", house=side, id=group.id, needs="knowledge.admin", words=words)
    )
    words = to.coined("model", "make")
    columns = {**OWN_BREAKER, "model": words["model"].upper(), "make": words["make"]}
    item = await services.catalogs.items.add(house.admin, "breaker", columns)
    planted.keep(
        Thing(name=f"{side}/item", house=side, id=item.id, needs="catalog.read", words=words), id=item.id
    )
    planted.name("item_id", item.id)


async def _relate(to: Gardener, house: House) -> None:
    """Have what everybody reads belong together with what few do."""
    readable = next(
        each
        for each in to.planted.articles
        if each.state == "published" and each.visibility is Visibility.PUBLIC
    )
    assert readable.id is not None
    others = [
        each.id
        for each in to.planted.articles
        if each.house == OURS and each.state != "binned" and each.id not in {None, readable.id}
    ]
    await to.knowledge.relate(house.admin, readable.id, [each for each in others[::2] if each is not None])


async def _runs(to: Gardener, house: House) -> None:
    """Have an import and a bulk operation done, on what only estimators read; their reports name it."""
    planted, application = to.planted, to.at.application
    thing = next(
        each for each in planted.articles if (each.state, each.roles) == ("published", ("admin", "estimator"))
    )
    words = to.coined("file", "row", "title")
    page = f"---\nslug: {words['row']}\nvisibility: role\nroles: [estimator]\n---\n# {words['title']}\n"
    file = (f"{words['file']}.md", page.encode())
    act = {"act": "review_on", "ids": [str(thing.id)], "reviewOn": "2030-01-01"}
    async with to.at.client(headers=planted.seat(f"{OURS}/admin").credentials[0]) as client:
        imported = await client.post("/v1/knowledge/imports", files={"file": file})
        changed = await client.post("/v1/knowledge/bulk", json=act)
    executor = Executor(
        application.database,
        application.hub,
        handlings(application.knowledge_means),
        application.settings.jobs,
        backoff=Backoff(first_seconds=0.0, longest_seconds=0.0),
    )
    for answer in (imported, changed):
        assert answer.status_code == 202, answer.text
        run_id = answer.json()["id"]
        for (job_id,) in to.at.rows("SELECT id FROM shared.jobs WHERE subject_id = %s", run_id):
            await executor.run_job(job_id)
            planted.keep(Thing(name="ours/job", house=OURS, id=job_id, needs="organization.write"), id=job_id)
            planted.name("job_id", job_id)
        planted.name("run_id", run_id)
    (found,) = (await to.knowledge.list(house.admin, conditions=[("slug", words["row"])])).items
    planted.keep(
        Thing(
            name="ours/run",
            house=OURS,
            id=UUID(imported.json()["id"]),
            needs="desk",
            words={"file": words["file"]},
        ),
        run_id=imported.json()["id"],
    )
    imported_article = Thing(
        name="ours/imported",
        house=OURS,
        id=found.id,
        slug=found.slug,
        state="draft",
        visibility=Visibility.ROLE,
        roles=("admin", "estimator"),
        words={"slug": words["row"], "title": words["title"]},
    )
    planted.keep(imported_article, id=found.id)


async def _quotations(to: Gardener, house: House) -> None:
    """Plant a finished quotation, one that is a draft, and what they are priced by."""
    planted, at = to.planted, to.at
    for name, options in (("completed", {"documents": ["svg"]}), ("draft", {"draft": True})):
        words = to.coined("customer", "project", "email")
        email = f"{words['email']}@example.com"
        request = request_of(customer={"name": words["customer"], "email": email}, project=words["project"])
        made = await at.quotation(house, request, **options)
        planted.keep(
            Thing(
                name=f"ours/quotation/{name}",
                house=OURS,
                id=UUID(made["quoteId"]),
                needs="quotation.read",
                words=words,
            ),
            id=made["quoteId"],
        )
        planted.name("quote_id", made["quoteId"])
        planted.name("trace_id", made["traceId"])
        if name == "completed":
            planted.name("quoteId", made["quoteId"])
            task_id = await at.application.quotations.export(house.admin, [UUID(made["quoteId"])])
            await at.executor.run_job(task_id)
            planted.name("task_id", task_id)
    words = to.coined("book", "rules")
    await at.application.catalogs.price_books.upload(
        house.admin, "book.yaml", price_book_named(words["book"])
    )
    await at.application.rulebooks.upload(house.admin, "rules.yaml", rulebook_named(words["rules"]))
    planted.keep(Thing(name="ours/books", house=OURS, needs="price_book.read", words=words))
    planted.name("name", *words.values())
    planted.name("to", *words.values())


async def _searches(to: Gardener, house: House) -> None:
    """Plant what somebody looked for and did not find, what they opened, and that everything was read."""
    words = to.coined("query", "filter")
    entry = (house.id, "x", f"{COMMON} {words['query']}", f'{{"tags": ["{words["filter"]}"]}}')
    for _ in range(3):
        to.at.run(
            "INSERT INTO knowledge.search_log (organization_id, session, query, filters, hits, milliseconds) "
            "VALUES (%s, %s, %s, %s::jsonb, 0, 3)",
            *entry,
        )
    to.at.run(
        "INSERT INTO knowledge.article_views (article_id, organization_id, day, language, views) "
        "SELECT id, organization_id, current_date, 'ko', 5 FROM knowledge.articles WHERE organization_id = %s",
        house.id,
    )
    to.at.run(
        "UPDATE knowledge.search_log SET clicks = (SELECT jsonb_agg(jsonb_build_object("
        "'source', 'article', 'id', id, 'place', 1, 'at', now())) FROM knowledge.articles WHERE organization_id = %s)",
        house.id,
    )
    to.planted.keep(Thing(name="ours/log", house=OURS, needs="analytics.read", words=words))


async def _index(to: Gardener) -> None:
    """Index what is the organisations' own, and count the words. What came with the program need not be found here."""
    to.at.run(
        "DELETE FROM knowledge.search_changes WHERE source = 'catalog_item' AND source_id IN "
        "(SELECT id FROM shared.catalog_items WHERE organization_id IS NULL)"
    )
    application = to.at.application
    by_name = {chore.name: chore for chore in chores(application.knowledge_means)}
    async with application.database.service() as session:
        await by_name["search.changes"].run(session)
    async with application.database.service() as session:
        await application.engine.count(session)
        left = await session.scalar(text("SELECT count(*) FROM knowledge.search_changes"))
    assert left == 0


async def _seats(to: Gardener, ours: House, theirs: House) -> None:
    """Seat somebody of each role, with a login and a key of the same rights; two operators; a key that may look and not write."""
    seats = to.planted.seats
    for house, side in ((ours, OURS), (theirs, THEIRS)):
        for role in Role:
            person = await to.at.person(house.id, role)
            key = {"X-API-Key": await to.at.key(house, role)}
            seats.append(
                Seat(
                    name=f"{side}/{role.value}",
                    house=side,
                    role=role.value,
                    rights=MAY[role.value],
                    credentials=(person.headers, key),
                )
            )
            to.planted.name("user_id", person.id)
            to.planted.people[f"{side}/{role.value}"] = person
        operator = await to.at.person(house.id, Role.VIEWER, operates=True)
        seats.append(
            Seat(
                name=f"{side}/operator",
                house=side,
                role="viewer",
                rights=MAY["operator"],
                credentials=(operator.headers,),
            )
        )
    narrow = (Permission.ARTICLE_READ, Permission.CATALOG_READ)
    key = {"X-API-Key": await to.at.key(ours, Role.ADMIN, *narrow)}
    seats.append(
        Seat(
            name=f"{OURS}/reading key",
            house=OURS,
            role="admin",
            rights=frozenset(permission.value for permission in narrow),
            credentials=(key,),
        )
    )
