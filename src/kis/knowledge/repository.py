"""Every statement that writes an article, and the ones that read it to be worked on."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, Table, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.knowledge import features, models, texts
from kis.knowledge.articles import Article, ArticleType, Status, Version
from kis.knowledge.errors import ArticleNotFound, CategoryNotFound, SlugTaken
from kis.platform.database import Base
from kis.search import Readers, Visibility

_AUDIENCE: Final = text(
    "SELECT knowledge.audience_of(:organization_id, :visibility, CAST(:roles AS text[]), :is_published)"
)
_RETARGET_VERSIONS: Final = text(
    """
    UPDATE knowledge.article_versions SET audience_id = CASE WHEN number = :published THEN CAST(:readers AS integer) ELSE :desk END
    WHERE article_id = :article_id
      AND audience_id <> CASE WHEN number = :published THEN CAST(:readers AS integer) ELSE :desk END
    """
)
_RETARGET_ATTACHMENTS: Final = text(
    "UPDATE knowledge.attachments SET audience_id = :audience_id WHERE article_id = :article_id AND audience_id <> :audience_id"
)
_SLUGS_LIKE: Final = text(
    """
    SELECT slug FROM knowledge.articles
    WHERE organization_id = :organization_id AND deleted_at IS NULL AND (slug = :slug OR slug ~ ('^' || :slug || '-[0-9]+$'))
    """
)
_AUTHORS: Final = text(
    "SELECT DISTINCT saved_by FROM knowledge.article_versions WHERE article_id = :article_id AND number > :after"
)

UNIQUE_SLUG: Final = "uq_articles_slug"
KNOWN_CATEGORY: Final = "fk_articles_category_id"


def table(model: type[Base]) -> Table:
    """Return the table itself: rows are written as they are, without the unit of work between."""
    return cast("Table", model.__table__)


async def find(session: AsyncSession, article_id: UUID, *, in_bin: bool = False) -> Article | None:
    """Return an article, in the bin or out of it, with the versions that the session's caller may read; None where there is none for them."""
    conditions = [models.Article.id == article_id]
    conditions.append(
        models.Article.deleted_at.is_not(None) if in_bin else models.Article.deleted_at.is_(None)
    )
    row = (await session.scalars(select(models.Article).where(*conditions))).one_or_none()
    if row is None:
        return None
    wanted = {row.current_version, row.published_version} - {None}
    chosen = select(models.ArticleVersion).where(
        models.ArticleVersion.article_id == article_id, models.ArticleVersion.number.in_(wanted)
    )
    versions = {each.number: version_of(each) for each in await session.scalars(chosen)}
    current = versions.get(row.current_version)
    return None if current is None else _article(row, current, versions.get(row.published_version or 0))


async def get(session: AsyncSession, article_id: UUID, *, in_bin: bool = False) -> Article:
    """Return an article to be worked on: whole, for those who write and review. Raises ArticleNotFound."""
    found = await find(session, article_id, in_bin=in_bin)
    if found is None:
        raise ArticleNotFound(article_id)
    return found


async def get_own(session: AsyncSession, article_id: UUID, organization_id: UUID) -> Article:
    """Return an article of one's own organisation: a public one of another is read and not worked on. Raises ArticleNotFound."""
    found = await get(session, article_id)
    if found.organization_id != organization_id:
        raise ArticleNotFound(article_id)
    return found


async def audience(session: AsyncSession, readers: Readers) -> int:
    """Return the id of an audience."""
    values = {
        "organization_id": readers.organization_id,
        "visibility": readers.visibility.value,
        "roles": list(readers.roles),
        "is_published": readers.is_published,
    }
    return int(await session.scalar(_AUDIENCE, values) or 0)


async def add(session: AsyncSession, article: Article) -> None:
    """Write a new article with its only version. Raises SlugTaken, CategoryNotFound, FeatureOff."""
    await _check_opening(session, None, article)
    row = {
        **_columns(article),
        "id": article.id,
        "organization_id": article.organization_id,
        "created_by": article.created_by,
        "audience_id": await audience(session, article.readers),
    }
    with _explained(article):
        await session.execute(insert(table(models.Article)).values(row).inline())
    await add_version(session, article)


async def change(session: AsyncSession, before: Article, after: Article) -> datetime | None:
    """Write what is different in an article and count its revision. Return when; None where somebody else has changed it meanwhile.

    Raises SlugTaken, CategoryNotFound, FeatureOff.
    """
    await _check_opening(session, before, after)
    old, new = _columns(before), _columns(after)
    values: dict[str, Any] = {name: new[name] for name in new if new[name] != old[name]}
    values["revision"] = models.Article.revision + 1
    if after.readers != before.readers:
        values["audience_id"] = await audience(session, after.readers)
    statement = (
        update(models.Article)
        .where(models.Article.id == before.id, models.Article.revision == before.revision)
        .values(values)
        .returning(models.Article.updated_at)
        .execution_options(synchronize_session=False)
    )
    with _explained(after):
        changed_at = await session.scalar(statement)
    if changed_at is None:
        return None
    if after.current.number != before.current.number:
        await add_version(session, after)
    await _retarget(session, before, after)
    return changed_at


async def add_version(session: AsyncSession, article: Article) -> None:
    """Write the current version of an article."""
    version = article.current
    readers = article.readers_of(is_published=article.is_open and article.published == version)
    row = {
        "article_id": article.id,
        "number": version.number,
        "organization_id": article.organization_id,
        "audience_id": await audience(session, readers),
        "texts": texts.as_json(version.texts),
        "details": details_of(version),
        "note": version.note,
        "saved_by": version.saved_by,
        "saved_at": version.saved_at,
    }
    await session.execute(insert(table(models.ArticleVersion)).values(row).inline())


async def slugs_like(session: AsyncSession, organization_id: UUID, slug: str) -> set[str]:
    """Return which of ``slug``, ``slug-2``, ``slug-3`` … are taken, as far as the caller may know."""
    found = await session.scalars(_SLUGS_LIKE, {"organization_id": organization_id, "slug": slug})
    return set(found)


async def authors(session: AsyncSession, article: Article) -> set[str]:
    """Return who saved what is not published yet."""
    after = 0 if article.published is None else article.published.number
    return set(await session.scalars(_AUTHORS, {"article_id": article.id, "after": after}))


def details_of(version: Version) -> dict[str, Any]:
    """Return what a version keeps beside its texts."""
    return {
        "type": version.type.value,
        "category_id": None if version.category_id is None else str(version.category_id),
        "metadata": dict(version.metadata),
        "author": version.author,
    }


def version_of(row: models.ArticleVersion | Row[Any]) -> Version:
    """Return a version as it was saved."""
    details: Mapping[str, Any] = row.details
    category = details.get("category_id")
    return Version(
        number=row.number,
        texts=texts.from_json(row.texts),
        type=ArticleType(details.get("type", ArticleType.ARTICLE.value)),
        category_id=None if category is None else UUID(category),
        metadata=details.get("metadata", {}),
        note=row.note,
        saved_by=row.saved_by,
        author=details.get("author", ""),
        saved_at=row.saved_at,
    )


async def _check_opening(session: AsyncSession, before: Article | None, after: Article) -> None:
    """Raise FeatureOff where an article comes to be read in other organisations and its own does not want that; one that is read there already goes on."""
    if _is_read_elsewhere(after) and (before is None or not _is_read_elsewhere(before)):
        await features.require(session, after.organization_id, features.PUBLIC_ARTICLES)


def _is_read_elsewhere(article: Article) -> bool:
    return article.is_open and article.visibility is Visibility.PUBLIC


async def _retarget(session: AsyncSession, before: Article, after: Article) -> None:
    """Have versions and attachments follow the article to its readers."""
    if after.readers == before.readers and after.published == before.published:
        return
    published = after.published if after.is_open else None
    desk = await audience(session, after.readers_of(is_published=False))
    readers = await audience(session, after.readers_of(is_published=True)) if published else desk
    values = {"article_id": after.id, "readers": readers, "desk": desk}
    await session.execute(_RETARGET_VERSIONS, {**values, "published": published.number if published else 0})
    await session.execute(_RETARGET_ATTACHMENTS, {"article_id": after.id, "audience_id": readers})


def _article(row: models.Article, current: Version, published: Version | None) -> Article:
    return Article(
        id=row.id,
        organization_id=row.organization_id,
        slug=row.slug,
        type=ArticleType(row.type),
        category_id=row.category_id,
        visibility=Visibility(row.visibility),
        roles=tuple(row.roles),
        status=Status(row.status),
        current=current,
        published=published,
        owner=row.owner,
        created_by=row.created_by,
        approved_by=row.approved_by,
        publish_at=row.publish_at,
        published_at=row.published_at,
        review_on=row.review_on,
        reminded_at=row.reminded_at,
        expires_at=row.expires_at,
        deleted_at=row.deleted_at,
        deleted_by=row.deleted_by,
        revision=row.revision,
    )


def _columns(article: Article) -> dict[str, Any]:
    """Return what of an article stands in its row and may change."""
    return {
        "slug": article.slug,
        "type": article.type.value,
        "category_id": article.category_id,
        "visibility": article.visibility.value,
        "roles": list(article.roles),
        "status": article.status.value,
        "current_version": article.current.number,
        "published_version": None if article.published is None else article.published.number,
        "approved_by": article.approved_by,
        "publish_at": article.publish_at,
        "published_at": article.published_at,
        "owner": article.owner,
        "changed_by": article.current.saved_by,
        "review_on": article.review_on,
        "reminded_at": article.reminded_at,
        "expires_at": article.expires_at,
        "deleted_at": article.deleted_at,
        "deleted_by": article.deleted_by,
    }


@contextmanager
def _explained(article: Article) -> Iterator[None]:
    """Turn what the database holds against an article into an error with words."""
    try:
        yield
    except IntegrityError as error:
        constraint = violated(error)
        if constraint == UNIQUE_SLUG:
            raise SlugTaken(article.slug) from error
        if constraint == KNOWN_CATEGORY and article.category_id is not None:
            raise CategoryNotFound(article.category_id) from error
        raise


def violated(error: IntegrityError) -> str:
    """Return the name of the constraint that does not hold."""
    return str(getattr(getattr(error.orig, "diag", None), "constraint_name", "") or "")


def chosen_slug(taken: Collection[str], slug: str) -> str:
    """Return ``slug``, or with the first number that makes it free."""
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free
