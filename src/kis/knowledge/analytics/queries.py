"""The queries of the analytics. All run as the caller: rows of other organisations and of articles the caller does not see are not there.

A part that several need is written once and put into the statement; every value is a parameter.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.knowledge.analytics.things import MOST_LISTED

_LOG: Final = """
    FROM knowledge.search_log AS l
    WHERE l.organization_id = :organization_id AND l.created_at >= :since AND l.created_at < :until
"""
_VIEWS: Final = """
    FROM knowledge.article_views AS w
    WHERE w.organization_id = :organization_id AND w.day >= :first AND w.day <= :last
"""
_OPINIONS: Final = """
    SELECT f.article_id, count(*) FILTER (WHERE f.is_helpful) AS helpful, count(*) FILTER (WHERE NOT f.is_helpful) AS unhelpful
    FROM knowledge.feedback AS f
    WHERE f.organization_id = :organization_id AND f.updated_at >= :since AND f.updated_at < :until
    GROUP BY f.article_id
"""
_CLICKED: Final = "jsonb_array_length(l.clicks) > 0"

_SEARCHES: Final = f"""
    SELECT l.created_at >= :split AS is_now, count(*) AS searches, count(DISTINCT l.session) AS visits,
      count(*) FILTER (WHERE {_CLICKED}) AS clicked, count(*) FILTER (WHERE l.hits = 0) AS without_hit,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY l.milliseconds) AS median,
      percentile_cont(0.95) WITHIN GROUP (ORDER BY l.milliseconds) AS p95
    {_LOG} GROUP BY 1
"""
_READ: Final = f"SELECT w.day >= :split_day AS is_now, sum(w.views)::bigint AS views {_VIEWS} GROUP BY 1"
_PUBLISHED: Final = """
    SELECT a.published_at >= :split AS is_now, count(*) AS articles FROM knowledge.articles AS a
    WHERE a.organization_id = :organization_id AND a.deleted_at IS NULL AND a.published_at >= :since AND a.published_at < :until GROUP BY 1
"""
_SAVED: Final = """
    SELECT v.saved_at >= :split AS is_now, count(*) AS versions FROM knowledge.article_versions AS v
    WHERE v.organization_id = :organization_id AND v.saved_at >= :since AND v.saved_at < :until GROUP BY 1
"""
_STANDING: Final = """
    SELECT a.status, count(*) AS articles, count(*) FILTER (WHERE a.published_version IS NOT NULL) AS published
    FROM knowledge.articles AS a WHERE a.organization_id = :organization_id AND a.deleted_at IS NULL GROUP BY 1
"""
_SEARCHES_BY_DAY: Final = f"""
    SELECT (l.created_at AT TIME ZONE 'UTC')::date AS day, count(*) AS searches, count(DISTINCT l.session) AS visits,
      count(*) FILTER (WHERE {_CLICKED}) AS clicked, count(*) FILTER (WHERE l.hits = 0) AS without_hit
    {_LOG} GROUP BY 1
"""
_READ_BY_DAY: Final = f"SELECT w.day, sum(w.views)::bigint AS views {_VIEWS} GROUP BY 1"
_SEARCHES_BY_LANGUAGE: Final = f"""
    SELECT l.language, count(*) AS searches, count(*) FILTER (WHERE l.hits = 0) AS without_hit {_LOG} GROUP BY 1
"""
_READ_BY_LANGUAGE: Final = f"SELECT w.language, sum(w.views)::bigint AS views {_VIEWS} GROUP BY 1"
_SEARCHES_BY_SOURCE: Final = f"""
    SELECT s.source, count(*) AS searches FROM (SELECT l.filters {_LOG}) AS l
    CROSS JOIN LATERAL jsonb_array_elements_text(l.filters -> 'sources') AS s (source) GROUP BY 1
"""  # noqa: S608 - our own words
_CLICKS_BY_SOURCE: Final = f"""
    SELECT c.click ->> 'source' AS source, count(*) AS clicks FROM (SELECT l.clicks {_LOG}) AS l
    CROSS JOIN LATERAL jsonb_array_elements(l.clicks) AS c (click) GROUP BY 1
"""  # noqa: S608 - our own words
_QUERIES: Final = f"""
    SELECT *, CASE WHEN g.hits = 0 THEN 'no_hit' WHEN g.clicked = 0 THEN 'no_click' END AS failure
    FROM (
      SELECT lower(l.query) COLLATE "C" AS folded, mode() WITHIN GROUP (ORDER BY l.query COLLATE "C") AS query, count(*) AS times,
        count(DISTINCT l.session) AS visits, (array_agg(l.hits ORDER BY l.created_at DESC, l.id))[1] AS hits,
        count(*) FILTER (WHERE l.hits = 0) AS without_hit, count(*) FILTER (WHERE {_CLICKED}) AS clicked,
        sum(p.places)::float / nullif(sum(p.clicks), 0) AS mean_place,
        coalesce((array_agg(l.corrected ORDER BY l.created_at DESC, l.id) FILTER (WHERE l.corrected <> ''))[1], '') AS corrected,
        (max(l.created_at) AT TIME ZONE 'UTC')::date AS last_on
      FROM (SELECT l.* {_LOG} AND l.query <> '') AS l
      CROSS JOIN LATERAL (
        SELECT count(*) AS clicks, sum((c.click ->> 'place')::integer) AS places FROM jsonb_array_elements(l.clicks) AS c (click)
      ) AS p
      GROUP BY 1
    ) AS g
    WHERE g.visits >= :least_visits
"""  # noqa: S608 - our own words
_FAILING: Final = f"SELECT * FROM ({_QUERIES}) AS q WHERE q.failure = ANY(CAST(:failures AS text[]))"  # noqa: S608 - our own words

_TITLED: Final = """
    LEFT JOIN LATERAL (
      SELECT
        CASE WHEN v.texts #>> '{ko,state}' <> 'draft' THEN v.texts #>> '{ko,title}' END AS title_ko,
        CASE WHEN v.texts #>> '{en,state}' <> 'draft' THEN v.texts #>> '{en,title}' END AS title_en
      FROM knowledge.article_versions AS v WHERE v.article_id = a.id AND v.number = a.published_version
    ) AS t ON true
"""
"""The titles that readers are shown."""
_ARTICLES: Final = f"""
    SELECT a.id, a.slug, a.published_version, a.organization_id = :organization_id AS is_own, w.views, w.views_ko, w.views_en,
      coalesce(k.clicks, 0) AS clicks, coalesce(o.helpful, 0) AS helpful, coalesce(o.unhelpful, 0) AS unhelpful
    FROM (
      SELECT w.article_id, sum(w.views)::bigint AS views, coalesce(sum(w.views) FILTER (WHERE w.language = 'ko'), 0)::bigint AS views_ko,
        coalesce(sum(w.views) FILTER (WHERE w.language = 'en'), 0)::bigint AS views_en
      {_VIEWS} GROUP BY 1
    ) AS w
    JOIN knowledge.articles AS a ON a.id = w.article_id AND a.deleted_at IS NULL
    LEFT JOIN ({_OPINIONS}) AS o ON o.article_id = a.id
    LEFT JOIN (
      SELECT c.click ->> 'id' AS article_id, count(*) AS clicks FROM (SELECT l.clicks {_LOG}) AS l
      CROSS JOIN LATERAL jsonb_array_elements(l.clicks) AS c (click) WHERE c.click ->> 'source' = 'article' GROUP BY 1
    ) AS k ON k.article_id = a.id::text
"""  # noqa: S608 - our own words
# E. B. Wilson, Probable inference, the law of succession, and statistical inference, J. Am. Stat. Assoc. 22 (1927) 209-212.
# With p helpful of n and z = 1.96 the share lies at 95 % between (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
_HELPFULNESS: Final = f"""
    SELECT a.id, a.slug, a.published_version, o.helpful, o.unhelpful, s.p AS helpful_share,
      greatest(0, (s.p + s.zz / (2 * s.n) - d.half) / (1 + s.zz / s.n)) AS lower_bound,
      least(1, (s.p + s.zz / (2 * s.n) + d.half) / (1 + s.zz / s.n)) AS upper_bound
    FROM ({_OPINIONS}) AS o
    JOIN knowledge.articles AS a ON a.id = o.article_id AND a.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT (o.helpful + o.unhelpful)::float AS n, o.helpful::float / (o.helpful + o.unhelpful) AS p, 1.96::float * 1.96 AS zz
    ) AS s
    CROSS JOIN LATERAL (SELECT 1.96 * sqrt(s.p * (1 - s.p) / s.n + s.zz / (4 * s.n * s.n)) AS half) AS d
"""  # noqa: S608 - our own words
_CONTENT: Final = """
    WITH read AS MATERIALIZED (
      SELECT a.id, a.slug, a.owner, a.published_version, a.review_on, a.expires_at, v.saved_at,
        coalesce(v.texts #>> '{ko,state}', 'missing') AS ko, coalesce(v.texts #>> '{en,state}', 'missing') AS en
      FROM knowledge.articles AS a
      JOIN knowledge.article_versions AS v ON v.article_id = a.id AND v.number = a.published_version
      WHERE a.organization_id = :organization_id AND a.deleted_at IS NULL
    )
    SELECT r.id, r.slug, r.owner, coalesce(u.name, '') AS owner_name, r.published_version, c.concern, c.language, c.day
    FROM read AS r LEFT JOIN identity.users AS u ON 'user:' || u.id = r.owner
    CROSS JOIN LATERAL (
      SELECT 'review_due' AS concern, NULL AS language, r.review_on AS day WHERE r.review_on <= :today
      UNION ALL SELECT 'expiring', NULL, (r.expires_at AT TIME ZONE 'UTC')::date WHERE r.expires_at < :expires_before
      UNION ALL SELECT 'out_of_date', s.language, (r.saved_at AT TIME ZONE 'UTC')::date
        FROM (VALUES ('ko', r.ko), ('en', r.en)) AS s (language, state) WHERE s.state = 'out_of_date'
      UNION ALL SELECT 'missing', s.language, (r.saved_at AT TIME ZONE 'UTC')::date
        FROM (VALUES ('ko', r.ko), ('en', r.en)) AS s (language, state) WHERE s.state IN ('missing', 'draft')
      UNION ALL SELECT 'unchanged', NULL, (r.saved_at AT TIME ZONE 'UTC')::date WHERE r.saved_at < :unchanged_since
    ) AS c (concern, language, day)
    WHERE c.concern = ANY(CAST(:concerns AS text[]))
"""
_AUTHORS: Final = """
    SELECT person, coalesce(u.name, s.name, '') AS name, coalesce(s.versions, 0) AS versions, coalesce(s.articles, 0) AS articles,
      coalesce(d.published, 0) AS published, coalesce(d.approved, 0) AS approved, coalesce(d.given_back, 0) AS given_back
    FROM (
      SELECT v.saved_by AS person, count(*) AS versions, count(DISTINCT v.article_id) AS articles,
        (array_agg(v.details ->> 'author' ORDER BY v.saved_at DESC, v.article_id, v.number DESC))[1] AS name
      FROM knowledge.article_versions AS v
      WHERE v.organization_id = :organization_id AND v.saved_at >= :since AND v.saved_at < :until GROUP BY 1
    ) AS s
    FULL JOIN (
      SELECT g.actor AS person, count(*) FILTER (WHERE g.action = 'article.published') AS published,
        count(*) FILTER (WHERE g.action = 'article.approved') AS approved, count(*) FILTER (WHERE g.action = 'article.returned') AS given_back
      FROM shared.audit_logs AS g
      WHERE g.organization_id = :organization_id AND g.created_at >= :since AND g.created_at < :until
        AND g.action IN ('article.published', 'article.approved', 'article.returned')
        AND g.target IN (SELECT 'article:' || a.id FROM knowledge.articles AS a WHERE a.organization_id = :organization_id)
      GROUP BY 1
    ) AS d USING (person)
    LEFT JOIN identity.users AS u ON 'user:' || u.id = person
"""

Values = Mapping[str, Any]
Rows = Sequence[Row[Any]]


async def both_periods(session: AsyncSession, values: Values) -> tuple[Rows, Rows, Rows, Rows]:
    """Return searches, readings, publications and saved versions from ``since`` to ``until``, parted at ``split``."""
    found = [
        (await session.execute(text(statement), dict(values))).all()
        for statement in (_SEARCHES, _READ, _PUBLISHED, _SAVED)
    ]
    return found[0], found[1], found[2], found[3]


async def standing(session: AsyncSession, values: Values) -> Rows:
    """Return how many articles there are of each status, and of them for readers."""
    return (await session.execute(text(_STANDING), dict(values))).all()


async def by_day(session: AsyncSession, values: Values) -> tuple[Rows, Rows]:
    """Return searches and readings of the days that have any."""
    searches = (await session.execute(text(_SEARCHES_BY_DAY), dict(values))).all()
    return searches, (await session.execute(text(_READ_BY_DAY), dict(values))).all()


async def by_language(session: AsyncSession, values: Values) -> tuple[Rows, Rows]:
    """Return searches and readings by language."""
    searches = (await session.execute(text(_SEARCHES_BY_LANGUAGE), dict(values))).all()
    return searches, (await session.execute(text(_READ_BY_LANGUAGE), dict(values))).all()


async def by_source(session: AsyncSession, values: Values) -> tuple[Rows, Rows]:
    """Return searches that named a source, and clicks, by source."""
    searches = (await session.execute(text(_SEARCHES_BY_SOURCE), dict(values))).all()
    return searches, (await session.execute(text(_CLICKS_BY_SOURCE), dict(values))).all()


async def popular(session: AsyncSession, values: Values, size: int, offset: int) -> tuple[Rows, int]:
    """Return a page of queries, the most frequent first, and how many there are."""
    return await _page(session, _QUERIES, "q.times DESC, q.folded", values, size, offset)


async def failing(session: AsyncSession, values: Values, size: int, offset: int) -> tuple[Rows, int]:
    """Return a page of queries that fail for one of ``failures``, the most frequent first, and how many there are."""
    return await _page(session, _FAILING, "q.times DESC, q.folded", values, size, offset)


async def articles(session: AsyncSession, values: Values, size: int, offset: int) -> tuple[Rows, int]:
    """Return a page of articles, the most read first, and how many were read."""
    return await _page(session, _ARTICLES, "q.views DESC, q.id", values, size, offset, titled=True)


async def helpfulness(session: AsyncSession, values: Values, size: int, offset: int) -> tuple[Rows, int]:
    """Return a page of articles that somebody judged, first those that surely help least, and how many there are."""
    order = "q.upper_bound, q.unhelpful DESC, q.id"
    return await _page(session, _HELPFULNESS, order, values, size, offset, titled=True)


async def content(session: AsyncSession, values: Values, size: int, offset: int) -> tuple[Rows, int]:
    """Return a page of concerns, the oldest first, and how many there are."""
    order = "q.day, q.id, q.concern, q.language"
    return await _page(session, _CONTENT, order, values, size, offset, titled=True)


async def concerns(session: AsyncSession, values: Values) -> Rows:
    """Return how many concerns there are of each kind."""
    statement = text(f"SELECT q.concern, count(*) AS articles FROM ({_CONTENT}) AS q GROUP BY 1")  # noqa: S608 - our own words
    return (await session.execute(statement, dict(values))).all()


async def authors(session: AsyncSession, values: Values, size: int, offset: int) -> tuple[Rows, int]:
    """Return a page of people, who saved most first, and how many there are."""
    order = "q.versions DESC, q.approved + q.given_back + q.published DESC, q.person"
    return await _page(session, _AUTHORS, order, values, size, offset)


async def _page(
    session: AsyncSession,
    rows: str,
    order: str,
    values: Values,
    size: int,
    offset: int,
    *,
    titled: bool = False,
) -> tuple[Rows, int]:
    """Return a page of a statement and how many rows it has (up to MOST_LISTED). Titles are looked up for the page alone."""
    given = dict(values)
    page = f"SELECT * FROM ({rows}) AS q ORDER BY {order} LIMIT :size OFFSET :offset"  # noqa: S608 - our own words
    if titled:
        page = f"SELECT q.*, t.title_ko, t.title_en FROM ({page}) AS q CROSS JOIN LATERAL (SELECT q.id, q.published_version) AS a {_TITLED} ORDER BY {order}"  # noqa: S608 - as above
    found = (await session.execute(text(page), {**given, "size": size, "offset": offset})).all()
    counted = text(f"SELECT count(*) FROM (SELECT 1 FROM ({rows}) AS q LIMIT {MOST_LISTED}) AS n")  # noqa: S608 - as above
    return found, int(await session.scalar(counted, given) or 0)
