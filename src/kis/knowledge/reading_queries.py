"""Queries that read articles for a face: who writes or reviews sees the current version of their own organisation's, everybody else the published one.

Which rows there are at all is the database's to say; here only what is shown of them. A language that is a draft stays with those who write.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

MOST_COUNTED: Final = 10_000
"""A list says how many it has up to here."""

_COLUMNS: Final = """
  a.id, a.organization_id, a.slug, a.type, a.category_id, a.visibility, a.roles, a.current_version, a.published_version, a.status AS stage,
  a.approved_by, a.publish_at, a.published_at, a.owner, a.created_by, a.changed_by, a.review_on, a.expires_at, a.views, a.helpful,
  a.unhelpful, a.revision, a.created_at, a.updated_at, d.at_desk, v.number, v.saved_at, v.note, v.details
"""
_ARTICLES: Final = """
    FROM knowledge.articles AS a
    CROSS JOIN LATERAL (SELECT a.organization_id = :organization_id AND CAST(:at_desk AS boolean) AS at_desk) AS d
    CROSS JOIN LATERAL (SELECT CASE WHEN d.at_desk THEN a.current_version ELSE a.published_version END AS number) AS n
"""
_WORDS: Final = """
    JOIN knowledge.article_versions AS v ON v.article_id = a.id AND v.number = n.number
    CROSS JOIN LATERAL (
      SELECT
        CASE WHEN d.at_desk OR v.texts #>> '{ko,state}' <> 'draft' THEN v.texts -> 'ko' END AS ko,
        CASE WHEN d.at_desk OR v.texts #>> '{en,state}' <> 'draft' THEN v.texts -> 'en' END AS en
    ) AS t
"""
_THERE: Final = " WHERE n.number IS NOT NULL AND a.deleted_at IS NULL AND (d.at_desk OR a.expires_at IS NULL OR a.expires_at > now())"
_FROM: Final = _ARTICLES + _WORDS + _THERE
_ONE: Final = text(f"SELECT {_COLUMNS}, t.ko, t.en {_FROM} AND a.id = :article_id")
_BY_SLUG: Final = text(
    f"SELECT {_COLUMNS}, t.ko, t.en {_FROM} AND a.slug = :slug AND a.organization_id = :organization_id"
)

COLUMNS: Final[Mapping[str, str]] = {
    "updatedAt": "a.updated_at",
    "createdAt": "a.created_at",
    "savedAt": "v.saved_at",
    "publishedAt": "a.published_at",
    "reviewOn": "a.review_on",
    "expiresAt": "a.expires_at",
    "title": "coalesce(t.ko ->> 'title', t.en ->> 'title')",
    "slug": "a.slug",
    "views": "a.views",
    "helpful": "a.helpful",
    "unhelpful": "a.unhelpful",
}
"""What a list can be sorted by."""

DESK_ONLY: Final = frozenset({"status", "state", "owner", "author", "reviewTo", "expiresTo", "published"})
"""Filters that would tell a reader something of versions that are not theirs."""

CONDITIONS: Final[Mapping[str, str]] = {
    "type": "a.type = ANY(string_to_array(:{name}, '|'))",
    "category": """a.category_id IN (
      WITH RECURSIVE branch AS (
        SELECT c.id FROM knowledge.categories AS c WHERE c.id = CAST(:{name} AS uuid)
        UNION SELECT c.id FROM knowledge.categories AS c JOIN branch ON c.parent_id = branch.id)
      SELECT id FROM branch)""",
    "language": "CASE :{name} WHEN 'ko' THEN t.ko ELSE t.en END IS NOT NULL",
    "tag": "(jsonb_exists(t.ko -> 'tags', :{name}) OR jsonb_exists(t.en -> 'tags', :{name}))",
    "title": "(t.ko ->> 'title' ILIKE :{name} OR t.en ->> 'title' ILIKE :{name})",
    "slug": "a.slug = :{name}",
    "visibility": "a.visibility = :{name}",
    "own": "(a.organization_id = :organization_id) = CAST(:{name} AS boolean)",
    "publishedFrom": "a.published_at >= CAST(:{name} AS timestamptz)",
    "publishedTo": "a.published_at < CAST(:{name} AS timestamptz)",
    "status": "d.at_desk AND a.status = ANY(string_to_array(:{name}, '|'))",
    "state": """d.at_desk AND (coalesce(t.ko ->> 'state', 'missing') = ANY(string_to_array(:{name}, '|'))
      OR coalesce(t.en ->> 'state', 'missing') = ANY(string_to_array(:{name}, '|')))""",
    "owner": "d.at_desk AND a.owner = :{name}",
    "author": "d.at_desk AND a.changed_by = :{name}",
    "reviewTo": "d.at_desk AND a.review_on <= CAST(:{name} AS date)",
    "expiresTo": "d.at_desk AND a.expires_at < CAST(:{name} AS timestamptz)",
    "published": "d.at_desk AND (a.published_version IS NOT NULL) = CAST(:{name} AS boolean)",
}
"""What a list can be filtered by; every value is a parameter. A category is meant with all below it."""
_OF_WORDS: Final = frozenset({"title", "savedAt", "language", "tag", "state"})
"""Filters and orders for which the versions have to be read."""


async def one(
    session: AsyncSession, named: UUID | str, organization_id: UUID, *, at_desk: bool
) -> Row[Any] | None:
    """Return an article by its id, or by the slug it has in the caller's organisation."""
    values = {"organization_id": organization_id, "at_desk": at_desk}
    if isinstance(named, UUID):
        return (await session.execute(_ONE, {**values, "article_id": named})).one_or_none()
    return (await session.execute(_BY_SLUG, {**values, "slug": named})).one_or_none()


async def page(
    session: AsyncSession,
    organization_id: UUID,
    conditions: Sequence[tuple[str, object]],
    order: tuple[str, bool],
    size: int,
    offset: int,
    *,
    at_desk: bool,
) -> tuple[Sequence[Row[Any]], int]:
    """Return a page of articles without their bodies, and how many there are (up to MOST_COUNTED)."""
    values: dict[str, object] = {"organization_id": organization_id, "at_desk": at_desk}
    clauses = []
    for place, (name, value) in enumerate(conditions):
        values[f"value_{place}"] = value
        clauses.append(f" AND ({CONDITIONS[name].format(name=f'value_{place}')})")
    name, falls = order
    names = {name, *(each for each, _ in conditions)}
    words = "" if names.isdisjoint(_OF_WORDS) else _WORDS
    chosen = f"{_ARTICLES}{words}{_THERE}{''.join(clauses)}"
    direction = "DESC" if falls else "ASC"
    # First which articles, then what they say: a page of texts is read, not all of them sorted.
    listed = text(
        f"""
        WITH chosen AS (SELECT a.id, {COLUMNS[name]} AS place {chosen} ORDER BY place {direction} NULLS LAST, a.id LIMIT :size OFFSET :offset)
        SELECT {_COLUMNS}, t.ko - 'body' AS ko, t.en - 'body' AS en {_ARTICLES}{_WORDS} JOIN chosen ON chosen.id = a.id
        ORDER BY chosen.place {direction} NULLS LAST, a.id
        """
    )
    rows = (await session.execute(listed, {**values, "size": size, "offset": offset})).all()
    counted = text(f"SELECT count(*) FROM (SELECT 1 {chosen} LIMIT {MOST_COUNTED}) AS found")  # noqa: S608 - our own words
    return rows, int(await session.scalar(counted, values) or 0)
