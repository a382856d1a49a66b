"""The tree that articles hang on. Everybody in the organisation sees it; how many articles a category has counts those the caller may read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge import models, repository
from kis.knowledge.articles import LONGEST_SLUG, Article, is_slug, slug_of
from kis.knowledge.changing import Decision, change, topic
from kis.knowledge.errors import CategoryCircle, CategoryInUse, CategoryNotFound, SlugTaken
from kis.knowledge.means import Means
from kis.knowledge.texts import text_problems
from kis.platform import audit
from kis.platform.errors import BadInput, Conflict, Problem
from kis.platform.messages import Message

LONGEST_NAME: Final = 100
LONGEST_ICON: Final = 40
MOST_CATEGORIES: Final = 1000
DEEPEST: Final = 8
MOST_MOVED: Final = 200
"""Articles that are moved when their category goes: each is written and indexed anew."""
_LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('knowledge.categories:' || :organization_id, 0))"
)
"""One change of a tree at a time: two moves that are fine alone can make a circle together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A branch of the tree. ``articles`` are those right on it that the caller may read."""

    id: UUID
    parent_id: UUID | None
    slug: str
    name_ko: str
    name_en: str
    icon: str = ""
    position: int = 0
    articles: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCategory:
    """A category to be made, last of its siblings. Without a slug one is made from its English name."""

    name_ko: str
    name_en: str
    parent_id: UUID | None = None
    slug: str | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChange:
    """What is to be different of a category; None leaves it."""

    name_ko: str | None = None
    name_en: str | None = None
    slug: str | None = None
    icon: str | None = None


async def tree(means: Means, principal: Principal) -> tuple[Category, ...]:
    """Return all categories of the organisation, each before those below it, siblings in their order."""
    principal.require(Permission.ARTICLE_READ)
    async with means.database.transaction(principal.scope) as session:
        return tuple(_descended(await _all(session, principal), None))


async def with_below(means: Means, principal: Principal, category_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Return these categories and all that hang below them; for who reads no articles, and of another's public articles, just these."""
    if not category_ids or not principal.may(Permission.ARTICLE_READ):
        return tuple(category_ids)
    wanted = dict.fromkeys(category_ids)
    for category in await tree(means, principal):
        if category.parent_id in wanted:
            wanted.setdefault(category.id)
    return tuple(wanted)


async def add(means: Means, principal: Principal, new: NewCategory) -> Category:
    """Make a category. Raises CategoryNotFound for its parent, SlugTaken, BadInput."""
    principal.require(Permission.ARTICLE_WRITE)
    _check(new.name_ko, new.name_en, new.slug, new.icon)
    async with means.database.transaction(principal.scope) as session:
        known = await held(session, principal)
        if len(known) >= MOST_CATEGORIES:
            raise Conflict(Message("knowledge.many", {"limit": MOST_CATEGORIES}))
        check_depth(known, new.parent_id, 1)
        siblings = [each for each in known.values() if each.parent_id == new.parent_id]
        taken = {each.slug for each in known.values()}
        made = Category(
            id=uuid4(),
            parent_id=new.parent_id,
            slug=new.slug or repository.chosen_slug(taken, slug_of(new.name_en)),
            name_ko=new.name_ko,
            name_en=new.name_en,
            icon=new.icon,
            position=max((each.position for each in siblings), default=-1) + 1,
        )
        if made.slug in taken:
            raise SlugTaken(made.slug)
        row = {**_facts(made), "id": made.id, "parent_id": made.parent_id}
        await session.execute(
            insert(repository.table(models.Category))
            .values(**row, organization_id=principal.organization_id)
            .inline()
        )
        await _told(means, session, principal, "category.added", made.id, after=_audited(made))
    return made


async def alter(means: Means, principal: Principal, category_id: UUID, given: CategoryChange) -> Category:
    """Name a category anew. Raises CategoryNotFound, SlugTaken, BadInput."""
    principal.require(Permission.ARTICLE_WRITE)
    async with means.database.transaction(principal.scope) as session:
        known = await held(session, principal)
        before = _known(known, category_id)
        after = replace(
            before,
            name_ko=before.name_ko if given.name_ko is None else given.name_ko,
            name_en=before.name_en if given.name_en is None else given.name_en,
            slug=before.slug if given.slug is None else given.slug,
            icon=before.icon if given.icon is None else given.icon,
        )
        _check(after.name_ko, after.name_en, after.slug, after.icon)
        if any(each.slug == after.slug for each in known.values() if each.id != category_id):
            raise SlugTaken(after.slug)
        await _update(session, category_id, _facts(after))
        await _told(
            means,
            session,
            principal,
            "category.changed",
            category_id,
            before=_audited(before),
            after=_audited(after),
        )
    return after


async def move(
    means: Means, principal: Principal, category_id: UUID, parent_id: UUID | None, position: int | None = None
) -> Category:
    """Hang a category, with all below it, on another or on none, at a place among its siblings there (None: last). Raises CategoryNotFound, CategoryCircle."""
    principal.require(Permission.ARTICLE_WRITE)
    async with means.database.transaction(principal.scope) as session:
        known = await held(session, principal)
        before = _known(known, category_id)
        below = {each.id for each in _descended(tuple(known.values()), category_id)}
        if parent_id is not None and parent_id in below | {category_id}:
            raise CategoryCircle
        check_depth(known, parent_id, height_of(known, category_id))
        siblings = _siblings(known, parent_id, without=category_id)
        place = len(siblings) if position is None else max(0, min(position, len(siblings)))
        await _update(session, category_id, {"parent_id": parent_id})
        ordered = [*siblings[:place], category_id, *siblings[place:]]
        await _number(session, ordered)
        after = replace(before, parent_id=parent_id, position=place)
        await _told(
            means,
            session,
            principal,
            "category.moved",
            category_id,
            before=_audited(before),
            after=_audited(after),
        )
    return after


async def order(
    means: Means, principal: Principal, parent_id: UUID | None, category_ids: Sequence[UUID]
) -> None:
    """Put the categories on another (or on none) in this order; all of them are to be named. Raises CategoryNotFound, BadInput."""
    principal.require(Permission.ARTICLE_WRITE)
    async with means.database.transaction(principal.scope) as session:
        known = await held(session, principal)
        if parent_id is not None:
            _known(known, parent_id)
        siblings = _siblings(known, parent_id)
        if sorted(siblings) != sorted(category_ids):
            raise BadInput("request", [Problem("categories", Message("knowledge.order"))])
        await _number(session, category_ids)
        target = parent_id or principal.organization_id
        told = {"order": [str(each) for each in category_ids]}
        await _told(means, session, principal, "category.ordered", target, after=told)


async def remove(means: Means, principal: Principal, category_id: UUID, *, into: UUID | None = None) -> int:
    """Remove a category: an empty one, or one whose articles and categories go ``into`` another. Return how many articles went.

    Raises CategoryNotFound, CategoryCircle, CategoryInUse.
    """
    principal.require(Permission.ARTICLE_WRITE)
    async with means.database.transaction(principal.scope) as session:
        known = {each.id: each for each in await _all(session, principal)}
    _known(known, category_id)
    children = _siblings(known, category_id)
    async with means.database.transaction(principal.scope) as session:
        articles = await _articles(session, category_id)
    if into is None and (articles or children):
        raise CategoryInUse(len(articles), len(children))
    if into is not None:
        _known(known, into)
        if into in {each.id for each in _descended(tuple(known.values()), category_id)} | {category_id}:
            raise CategoryCircle
        if len(articles) > MOST_MOVED:
            raise CategoryInUse(len(articles), len(children))
        for article_id, is_binned in articles:
            if not is_binned:
                await change(means, principal, article_id, _hung_on(into))
    await _remove(means, principal, category_id, into)
    return len(articles)


async def _remove(means: Means, principal: Principal, category_id: UUID, into: UUID | None) -> None:
    """Remove a category, its categories moved. What came between, or is not for the caller to see, keeps it where it is."""
    async with means.database.transaction(principal.scope) as session:
        known = await held(session, principal)
        before = _known(known, category_id)
        if into is not None:
            _known(known, into)
            children = _siblings(known, category_id)
            check_depth(known, into, max((height_of(known, child) for child in children), default=0))
            for child in children:
                await _update(session, child, {"parent_id": into})
            await _number(session, [*_siblings(known, into, without=category_id), *children])
            await _move_binned(session, category_id, into)
        try:
            await session.execute(delete(models.Category).where(models.Category.id == category_id))
        except IntegrityError as error:
            raise CategoryInUse(*_counted(known, category_id, into)) from error
        await _told(
            means,
            session,
            principal,
            "category.removed",
            category_id,
            before=_audited(before),
            after={"into": None if into is None else str(into)},
        )


def _counted(known: Mapping[UUID, Category], category_id: UUID, into: UUID | None) -> tuple[int, int]:
    """Return what still hangs on a category; an article that the caller may not see counts as one."""
    return 1, 0 if into is not None else len(_siblings(known, category_id))


def _hung_on(category_id: UUID) -> Any:
    def decide(article: Article) -> Decision | None:
        if article.category_id == category_id:
            return None
        return Decision(
            after=replace(article, category_id=category_id),
            action="article.moved",
            told_before={"categoryId": str(article.category_id)},
            told_after={"categoryId": str(category_id)},
        )

    return decide


async def _articles(session: AsyncSession, category_id: UUID) -> Sequence[tuple[UUID, bool]]:
    """Return the articles on a category, and whether they are in the bin: from there they come back."""
    chosen = select(models.Article.id, models.Article.deleted_at.is_not(None))
    found = await session.execute(
        chosen.where(models.Article.category_id == category_id).limit(MOST_MOVED + 1)
    )
    return [(article_id, is_binned) for article_id, is_binned in found.all()]


async def _move_binned(session: AsyncSession, category_id: UUID, into: UUID) -> None:
    """Move what is in the bin, where nobody finds it: only the row says where it hangs."""
    await session.execute(
        update(models.Article)
        .where(models.Article.category_id == category_id, models.Article.deleted_at.is_not(None))
        .values(category_id=into, revision=models.Article.revision + 1)
        .execution_options(synchronize_session=False)
    )


async def _all(session: AsyncSession, principal: Principal) -> tuple[Category, ...]:
    counted = (
        select(models.Article.category_id, func.count().label("articles"))
        .where(
            models.Article.organization_id == principal.organization_id, models.Article.deleted_at.is_(None)
        )
        .group_by(models.Article.category_id)
        .subquery()
    )
    chosen = (
        select(models.Category, func.coalesce(counted.c.articles, 0))
        .outerjoin(counted, counted.c.category_id == models.Category.id)
        .order_by(models.Category.position, models.Category.name_ko, models.Category.id)
    )
    return tuple(
        Category(
            id=row.id,
            parent_id=row.parent_id,
            slug=row.slug,
            name_ko=row.name_ko,
            name_en=row.name_en,
            icon=row.icon,
            position=row.position,
            articles=articles,
        )
        for row, articles in (await session.execute(chosen)).all()
    )


async def held(session: AsyncSession, principal: Principal) -> dict[UUID, Category]:
    """Return all categories, in their order; nobody else changes the tree until the transaction ends."""
    await session.execute(_LOCK, {"organization_id": str(principal.organization_id)})
    return {each.id: each for each in await _all(session, principal)}


async def _update(session: AsyncSession, category_id: UUID, values: Mapping[str, Any]) -> None:
    await session.execute(
        update(models.Category)
        .where(models.Category.id == category_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def _number(session: AsyncSession, category_ids: Sequence[UUID]) -> None:
    for position, category_id in enumerate(category_ids):
        await _update(session, category_id, {"position": position})


async def _told(
    means: Means,
    session: AsyncSession,
    principal: Principal,
    action: str,
    category_id: UUID,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    await means.hub.announce(session, topic(principal.organization_id))
    await audit.record(
        session,
        organization_id=principal.organization_id,
        actor=principal.actor,
        action=action,
        target=f"category:{category_id}",
        before=before,
        after=after,
        address=principal.address,
    )


def _descended(categories: Sequence[Category], parent_id: UUID | None) -> Iterator[Category]:
    """Yield all that is below a category, each before those below it."""
    for each in categories:
        if each.parent_id == parent_id:
            yield each
            yield from _descended(categories, each.id)


def _siblings(
    known: Mapping[UUID, Category], parent_id: UUID | None, *, without: UUID | None = None
) -> list[UUID]:
    return [each.id for each in known.values() if each.parent_id == parent_id and each.id != without]


def height_of(known: Mapping[UUID, Category], category_id: UUID) -> int:
    """Return how many levels a category and all below it take."""
    return 1 + max((height_of(known, child) for child in _siblings(known, category_id)), default=0)


def check_depth(known: Mapping[UUID, Category], parent_id: UUID | None, height: int) -> None:
    """Raise unless so many levels may hang on a category."""
    depth, above = 0, parent_id
    while above is not None:
        depth, above = depth + 1, _known(known, above).parent_id
    if depth + height > DEEPEST:
        raise BadInput("request", [Problem("parentId", Message("knowledge.deep", {"limit": DEEPEST}))])


def _known(known: Mapping[UUID, Category], category_id: UUID) -> Category:
    if category_id not in known:
        raise CategoryNotFound(category_id)
    return known[category_id]


def _check(name_ko: str, name_en: str, slug: str | None, icon: str) -> None:
    problems = []
    for path, name in (("nameKo", name_ko), ("nameEn", name_en)):
        problems += text_problems(path, name, LONGEST_NAME)
        if not name.strip():
            problems.append(Problem(path, Message("knowledge.empty")))
    problems += text_problems("icon", icon, LONGEST_ICON)
    if slug is not None and not is_slug(slug):
        problems.append(Problem("slug", Message("knowledge.slug", {"limit": LONGEST_SLUG})))
    if problems:
        raise BadInput("request", problems)


def _facts(category: Category) -> dict[str, Any]:
    return {
        "slug": category.slug,
        "name_ko": category.name_ko,
        "name_en": category.name_en,
        "icon": category.icon,
        "position": category.position,
    }


def _audited(category: Category) -> dict[str, Any]:
    parent = None if category.parent_id is None else str(category.parent_id)
    return {**_facts(category), "parent_id": parent}
