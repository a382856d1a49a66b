"""Every statement behind the figures. ``own`` is one organisation; without it they tell of all that the session sees."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.administration.things import ArticleFigures, IndexFigures, JobFigures, RoleFigures, StorageFigures

_PEOPLE: Final = text(
    """
    SELECT m.role, count(*) AS people, count(*) FILTER (WHERE u.is_active) AS active
    FROM identity.memberships AS m JOIN identity.users AS u ON u.id = m.user_id
    WHERE m.organization_id = :own GROUP BY m.role ORDER BY m.role
    """
)
_ARTICLES: Final = text(
    """
    SELECT a.status, count(*) AS total, count(*) FILTER (WHERE v.texts ? 'ko') AS ko, count(*) FILTER (WHERE v.texts ? 'en') AS en
    FROM knowledge.articles AS a
    JOIN knowledge.article_versions AS v ON v.article_id = a.id AND v.number = a.current_version
    WHERE a.organization_id = :own AND a.deleted_at IS NULL GROUP BY a.status ORDER BY a.status
    """
)
_IN_BIN: Final = text(
    "SELECT count(*) FROM knowledge.articles WHERE organization_id = :own AND deleted_at IS NOT NULL"
)
_ITEMS: Final = text(
    """
    SELECT i.source, count(*) AS items, count(*) FILTER (WHERE NOT i.has_morphemes) AS bare,
        count(*) FILTER (WHERE EXISTS (SELECT FROM knowledge.search_vectors AS v WHERE v.item_id = i.id)) AS with_vectors
    FROM knowledge.search_items AS i WHERE CAST(:own AS uuid) IS NULL OR i.organization_id = :own GROUP BY i.source ORDER BY i.source
    """
)
_TERMS: Final = text(
    """
    SELECT count(DISTINCT t.term) AS terms, coalesce(sum(t.items), 0) AS postings FROM knowledge.search_terms AS t
    WHERE t.audience_id IN (SELECT a.id FROM knowledge.audiences AS a WHERE a.organization_id = :own)
    """
)
_COUNTED_AT: Final = text(
    """
    SELECT max(s.counted_at) FROM knowledge.search_statistics AS s JOIN knowledge.audiences AS a ON a.id = s.audience_id
    WHERE CAST(:own AS uuid) IS NULL OR a.organization_id = :own
    """
)
_CHANGES: Final = text(
    """
    SELECT count(*) FROM knowledge.search_changes AS c
    LEFT JOIN estimator.quotes AS q ON c.source = 'quotation' AND q.id = c.source_id
    LEFT JOIN shared.catalog_items AS p ON c.source = 'catalog_item' AND p.id = c.source_id
    WHERE CAST(:own AS uuid) IS NULL OR q.organization_id = :own OR p.organization_id = :own
    """
)
_JOBS: Final = text(
    """
    SELECT kind, status, count(*) AS jobs, extract(epoch FROM now() - min(created_at)) AS oldest FROM shared.jobs
    WHERE CAST(:own AS uuid) IS NULL OR organization_id = :own GROUP BY kind, status ORDER BY kind, status
    """
)
_DOCUMENTS: Final = text(
    "SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes FROM estimator.documents WHERE organization_id = :own"
)
_ATTACHMENTS: Final = text(
    """
    SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes FROM (
        SELECT DISTINCT sha256, size_bytes FROM knowledge.attachments WHERE organization_id = :own) AS kept
    """
)
_INSTALLATION: Final = text(
    """
    SELECT (SELECT count(*) FROM identity.organizations) AS organizations, (SELECT count(*) FROM identity.users) AS people,
        (SELECT count(*) FROM shared.outbox WHERE sent_at IS NULL AND failed_at IS NULL) AS waiting_messages,
        pg_database_size(current_database()) AS database_bytes, current_setting('server_version') AS server,
        (SELECT version_num FROM public.alembic_version) AS revision
    """
)
_SIZES: Final = text(
    """
    SELECT sum(pg_total_relation_size(c.oid)) AS bytes,
        greatest(0, max(c.reltuples) FILTER (WHERE c.relname = 'search_postings')) AS postings,
        greatest(0, max(c.reltuples) FILTER (WHERE c.relname = 'search_terms')) AS terms
    FROM pg_class AS c WHERE c.relnamespace = 'knowledge'::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'search\\_%'
        AND c.relname NOT IN ('search_log', 'search_pins')
    """
)


async def people(session: AsyncSession, own: UUID) -> tuple[RoleFigures, ...]:
    """Return how many people there are, by role."""
    rows = await session.execute(_PEOPLE, {"own": own})
    return tuple(RoleFigures(role=row.role, people=row.people, active=row.active) for row in rows)


async def articles(session: AsyncSession, own: UUID) -> tuple[ArticleFigures, ...]:
    """Return how many articles there are, by status."""
    rows = await session.execute(_ARTICLES, {"own": own})
    return tuple(ArticleFigures(status=row.status, total=row.total, ko=row.ko, en=row.en) for row in rows)


async def in_bin(session: AsyncSession, own: UUID) -> int:
    """Return how many articles are in the bin."""
    return int(await session.scalar(_IN_BIN, {"own": own}) or 0)


async def index(session: AsyncSession, own: UUID | None) -> IndexFigures:
    """Return how the index stands."""
    items = (await session.execute(_ITEMS, {"own": own})).all()
    terms = (
        await session.execute(_SIZES if own is None else _TERMS, {} if own is None else {"own": own})
    ).one()
    counted_at: datetime | None = await session.scalar(_COUNTED_AT, {"own": own})
    return IndexFigures(
        items={row.source: row.items for row in items},
        terms=int(terms.terms or 0),
        postings=int(terms.postings or 0),
        bytes=int(terms.bytes or 0) if own is None else None,
        without_morphemes=sum(row.bare for row in items),
        with_vectors=sum(row.with_vectors for row in items),
        waiting_changes=int(await session.scalar(_CHANGES, {"own": own}) or 0),
        counted_at=counted_at,
    )


async def jobs(session: AsyncSession, own: UUID | None) -> tuple[JobFigures, ...]:
    """Return how many jobs there are, by kind and status."""
    rows = await session.execute(_JOBS, {"own": own})
    return tuple(
        JobFigures(
            kind=row.kind, status=row.status, count=row.jobs, oldest_seconds=round(float(row.oldest), 3)
        )
        for row in rows
    )


async def documents(session: AsyncSession, own: UUID) -> StorageFigures:
    """Return what the documents of quotations weigh."""
    return _weighed((await session.execute(_DOCUMENTS, {"own": own})).one())


async def attachments(session: AsyncSession, own: UUID) -> StorageFigures:
    """Return what the files of articles weigh; one that several articles have is kept once."""
    return _weighed((await session.execute(_ATTACHMENTS, {"own": own})).one())


async def installation(session: AsyncSession) -> Row[Any]:
    """Return what is one figure of the whole installation."""
    return (await session.execute(_INSTALLATION)).one()


def _weighed(row: Row[Any]) -> StorageFigures:
    return StorageFigures(files=row.files, bytes=int(row.bytes))
