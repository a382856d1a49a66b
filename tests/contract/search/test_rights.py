"""Nobody learns of what they may not read: no hit, no count, no suggestion, no spelling, no rarity.

Three organisations, things of each kind of visibility, readers of each role. Then the policy of the database is broken in three ways, and the same
check must see each.
"""

import asyncio
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import ROLE_PERMISSIONS, Permission, Role
from kis.platform.database import Database, Scope
from kis.search import Document, Facet, Filters, Query, Readers, SearchEngine, Source, Visibility
from tests.factories.searching import article
from tests.integration.conftest import DatabaseUrls, copied

COMMON = "외함"
NAMES = (
    *("zebranto", "marquiso", "feldspaten", "quixolan", "brontavik", "dulcimera", "ostrakon", "vermilyo"),
    *("wapentake", "kyanitros", "jacaranto", "piccolund", "thuribley", "snorkwell", "galvestin", "harmattun"),
    *("ichoriana", "lumbrigo"),
)
"""One for each thing, in its title, its tag and nowhere else; no two are a slip apart."""
WRITERS = frozenset({Role.ADMIN, Role.EDITOR, Role.REVIEWER})


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a word of its own."""

    word: str
    document: Document

    @property
    def slip(self) -> str:
        """Return its word with two letters changed round."""
        return self.word[:2] + self.word[3] + self.word[2] + self.word[4:]


@dataclass(frozen=True, slots=True)
class World:
    """Organisations, the last of which has nothing of its own, and all things."""

    database_urls: DatabaseUrls
    organizations: tuple[UUID, ...]
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with a role in an organisation."""

    organization_id: UUID
    role: Role

    @property
    def scope(self) -> Scope:
        """Return the scope the application gives them."""
        permissions = ROLE_PERMISSIONS[self.role]
        drafts = Permission.ARTICLE_WRITE in permissions or Permission.ARTICLE_REVIEW in permissions
        return Scope(self.organization_id, role=self.role.value, sees_drafts=drafts)

    def may_read(self, readers: Readers) -> bool:
        """Return what the rules say, written down a second time."""
        if readers.organization_id is None:
            return readers.is_published
        if readers.organization_id != self.organization_id:
            return readers.is_published and readers.visibility is Visibility.PUBLIC
        if not readers.is_published and self.role not in WRITERS:
            return False
        return readers.visibility is not Visibility.ROLE or self.role.value in {*readers.roles, "admin"}


def audiences(organization_id: UUID) -> Iterator[Readers]:
    for is_published in (True, False):
        for visibility, roles in (
            (Visibility.PUBLIC, ()),
            (Visibility.ORGANIZATION, ()),
            (Visibility.ROLE, ("estimator",)),
            (Visibility.ROLE, ("editor", "reviewer")),
        ):
            yield Readers(
                organization_id=organization_id,
                visibility=visibility,
                roles=roles,
                is_published=is_published,
            )


def things_of(organizations: Sequence[UUID]) -> tuple[Thing, ...]:
    """Return one thing for each audience of the first two organisations, and two that came with the program."""
    everybody = Readers(organization_id=None, visibility=Visibility.PUBLIC)
    unpublished = Readers(organization_id=None, visibility=Visibility.PUBLIC, is_published=False)
    readers = [each for one in organizations[:2] for each in audiences(one)] + [everybody, unpublished]
    return tuple(
        Thing(
            word,
            article(f"{COMMON} {word}", _shared_by(each) * 5, tags=(word,), readers=each, source_id=uuid4()),
        )
        for word, each in zip(NAMES, readers, strict=True)
    )


def _shared_by(readers: Readers) -> str:
    """Return words that all things of an organisation have, to be like each other."""
    first = "installation" if readers.organization_id is None else f"{readers.organization_id.hex[:12]}x"
    return f"{first} procedure. "


async def filled(urls: DatabaseUrls, engine: SearchEngine) -> World:
    database = Database(urls.app, pool_size=2)
    try:
        async with database.service() as session:
            organizations = tuple([await _organization(session) for _ in range(3)])
        things = things_of(organizations)
        documents = [thing.document for thing in things]
        prepared = await engine.prepare(documents)
        async with database.service() as session:
            await engine.put(session, Source.ARTICLE, [each.source_id for each in documents], prepared)
        async with database.service() as session:
            await engine.count(session)
    finally:
        await database.close()
    return World(urls, organizations, things)


async def _organization(session: AsyncSession) -> UUID:
    from kis.identity.models import Organization

    row = Organization(code=uuid4().hex[:8].upper(), name="조직")
    session.add(row)
    await session.flush()
    return row.id


@pytest.fixture(scope="module")
def world(template_urls: DatabaseUrls, engine: SearchEngine) -> Iterator[World]:
    """A database of its own: what is public is seen by every other test."""
    with copied(template_urls) as urls:
        yield asyncio.run(filled(urls, engine))


@dataclass(frozen=True, slots=True)
class Look:
    """One reader looking for what is not theirs."""

    engine: SearchEngine
    session: AsyncSession
    world: World
    reader: Reader

    @property
    def own(self) -> list[Thing]:
        """Return what they may read."""
        return [thing for thing in self.world.things if self.reader.may_read(thing.document.readers)]

    @property
    def hidden(self) -> list[Thing]:
        """Return what they may not."""
        return [thing for thing in self.world.things if not self.reader.may_read(thing.document.readers)]

    async def leaks(self) -> list[str]:
        """Return how something hidden shows, or something of their own does not."""
        ways = (
            self._hits,
            self._facets,
            self._words,
            self._operators,
            self._corrections,
            self._suggestions,
            self._similar,
            self._explanations,
            self._rarity,
        )
        return [f"{self.reader.role} {said}" for way in ways for said in await way()]

    async def _hits(self) -> list[str]:
        found = await self.engine.search(self.session, Query(text=COMMON, limit=100, corrects=False))
        titles, expected = {hit.title for hit in found.hits}, {each.document.title for each in self.own}
        said = [f"hit {title}" for title in titles - expected]
        said += [f"not found {title}" for title in expected - titles]
        return said + ([f"total {found.total}"] if found.total != len(expected) else [])

    async def _facets(self) -> list[str]:
        query = Query(text=COMMON, limit=1, corrects=False, facets=(Facet.TAG, Facet.LANGUAGE))
        facets = (await self.engine.search(self.session, query)).facets
        said = [f"facet {tag}" for tag in set(facets.get(Facet.TAG, {})) - {each.word for each in self.own}]
        counted = sum(facets.get(Facet.LANGUAGE, {}).values())
        return said + ([f"facets of {counted}"] if counted != len(self.own) else [])

    async def _words(self) -> list[str]:
        words = " ".join(each.word for each in self.hidden)
        filters = Filters(tags=tuple(each.word for each in self.hidden))
        named = await self.engine.search(self.session, Query(text=words, corrects=False))
        filtered = await self.engine.search(self.session, Query(text=COMMON, filters=filters, corrects=False))
        return [f"hit by its word {hit.title}" for hit in (*named.hits, *filtered.hits)]

    async def _operators(self) -> list[str]:
        said = []
        for thing in self.hidden[:3]:
            for text in (f"tag:{thing.word}", f'"{COMMON} {thing.word}"', f"title:{thing.word}"):
                found = await self.engine.search(self.session, Query(text=text, corrects=False))
                said += [f"{text} finds {hit.title}" for hit in found.hits]
        return said

    async def _corrections(self) -> list[str]:
        said = []
        for thing in self.hidden:
            found = await self.engine.search(self.session, Query(text=thing.slip))
            if found.hits or found.total or found.corrections:
                said.append(f"did you mean {thing.word}")
        for thing in self.own[:2]:
            found = await self.engine.search(self.session, Query(text=thing.slip))
            if found.corrections != (thing.word,):
                said.append(f"not meant {thing.word}")
        return said

    async def _suggestions(self) -> list[str]:
        said = []
        for thing in self.hidden:
            for typed in (thing.word[:4], thing.document.title):
                found = await self.engine.suggest(self.session, typed)
                said += [f"suggested {each.text}" for each in found]
        every = await self.engine.suggest(self.session, COMMON, limit=100)
        missing = {each.document.title for each in self.own} - {each.text for each in every}
        return said + [f"not suggested {title}" for title in missing]

    async def _similar(self) -> list[str]:
        said = []
        for thing in self.hidden:
            found = await self.engine.similar(self.session, Source.ARTICLE, thing.document.source_id)
            said += [f"like the hidden {thing.word}: {hit.title}" for hit in found]
        for thing in self.own:
            found = await self.engine.similar(
                self.session, Source.ARTICLE, thing.document.source_id, limit=100
            )
            hidden = {each.document.title for each in self.hidden}
            said += [f"like {thing.word}: {hit.title}" for hit in found if hit.title in hidden]
        return said

    async def _explanations(self) -> list[str]:
        said = []
        for thing in self.hidden:
            hit, shares = await self.engine.explain(
                self.session, Query(text=f"{COMMON} {thing.word}"), Source.ARTICLE, thing.document.source_id
            )
            if hit is not None or shares:
                said.append(f"explained {thing.word}")
        return said

    async def _rarity(self) -> list[str]:
        """All of their things have the common word: ``ln(1 + ½ ÷ (n + ½))``. Were others counted with them, it would be another number."""
        if not self.own:
            return []
        _, shares = await self.engine.explain(
            self.session, Query(text=COMMON), Source.ARTICLE, self.own[0].document.source_id
        )
        expected = math.log(1 + 0.5 / (len(self.own) + 0.5))
        typed = [share for share in shares if share.term == COMMON]
        return [
            f"rarity {share.rarity}"
            for share in typed
            if not math.isclose(share.rarity, expected, rel_tol=1e-6)
        ] + ([] if typed else ["the common word is not explained"])


async def leaks(engine: SearchEngine, urls: DatabaseUrls, world: World, reader: Reader) -> list[str]:
    database = Database(urls.app, pool_size=1)
    try:
        async with database.transaction(reader.scope) as session:
            return await Look(engine, session, world, reader).leaks()
    finally:
        await database.close()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("home", [0, 1, 2])
async def test_nobody_learns_of_what_they_may_not_read(
    engine: SearchEngine, world: World, home: int, role: Role
) -> None:
    reader = Reader(world.organizations[home], role)

    assert await leaks(engine, world.database_urls, world, reader) == []


@pytest.mark.parametrize(
    ("home", "role", "things"),
    [
        (0, Role.ADMIN, 10),  # all eight of their own, what the other made public, what came with the program
        (0, Role.EDITOR, 8),  # two of the eight are for estimators
        (0, Role.REVIEWER, 8),
        (0, Role.ESTIMATOR, 5),  # three of the four published of their own
        (0, Role.VIEWER, 4),  # two of them
        (2, Role.ADMIN, 3),  # what two others made public, what came with the program
        (2, Role.VIEWER, 3),
    ],
)
async def test_they_read_so_many(
    engine: SearchEngine, world: World, home: int, role: Role, things: int
) -> None:
    """By hand, so that the check above cannot be wrong in the same way as the policy."""
    database = Database(world.database_urls.app, pool_size=1)
    async with database.transaction(Reader(world.organizations[home], role).scope) as session:
        found = await engine.search(session, Query(text=COMMON, limit=100, corrects=False))
    await database.close()

    assert found.total == things


async def test_without_an_organization_nothing_is_found(engine: SearchEngine, world: World) -> None:
    database = Database(world.database_urls.app, pool_size=1)
    async with database.transaction(Scope(uuid4(), role="admin", sees_drafts=True)) as stranger:
        found = await engine.search(stranger, Query(text=COMMON, limit=100, corrects=False))
    await database.close()

    assert found.total == 3, "public things alone"


POLICY = "ALTER POLICY audiences_authenticated_select ON knowledge.audiences USING ({})"
OF_ALL_ORGANIZATIONS = "is_published OR (SELECT identity.sees_drafts()) AND organization_id = (SELECT identity.current_organization_id())"
OF_ALL_ROLES = (
    "is_published AND (organization_id IS NULL OR visibility = 'public') "
    "OR organization_id = (SELECT identity.current_organization_id()) AND (is_published OR (SELECT identity.sees_drafts()))"
)
WITH_DRAFTS = (
    "is_published AND (organization_id IS NULL OR visibility = 'public') "
    "OR organization_id = (SELECT identity.current_organization_id()) "
    "AND (visibility <> 'role' OR (SELECT identity.acting_role()) = ANY (roles || '{admin}'::varchar[]))"
)


@pytest.mark.parametrize(
    ("broken", "home", "role"),
    [
        pytest.param(OF_ALL_ORGANIZATIONS, 2, Role.VIEWER, id="all organisations"),
        pytest.param(OF_ALL_ROLES, 0, Role.VIEWER, id="all roles"),
        pytest.param(WITH_DRAFTS, 0, Role.VIEWER, id="drafts"),
    ],
)
async def test_a_broken_policy_is_seen(
    engine: SearchEngine, world: World, broken: str, home: int, role: Role
) -> None:
    with copied(world.database_urls, template=world.database_urls.name) as urls:
        with psycopg.connect(urls.superuser, autocommit=True) as owner:
            owner.execute(POLICY.format(broken).encode())
        found = await leaks(engine, urls, world, Reader(world.organizations[home], role))

    for way in ("hit ", "facet ", "did you mean", "suggested", "like the hidden", "explained", "rarity"):
        assert any(f"{role} {way}" in said for said in found), (way, found)
