"""Vectors in PostgreSQL: kept as ``real[]``, which every server has, and compared by pgvector where it is there.

Who asks sees the parts of items that he may read: row-level security holds here as everywhere, and the same audiences are named in the query so that an
index is used for them. What is left after audiences and filters is counted first. Few parts are compared one by one, which is exact and, with few, quick.
Many are found through the HNSW index, which goes on until enough of those it meets pass the filters (iterative scans, pgvector 0.8). Where there is no
index, more than :data:`MOST_COMPARED` are not compared at all, and the answer says so.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.search.models import SearchItem, SearchVector
from kis.search.vectors.embedders import MOST_DIMENSIONS

MOST_COMPARED: Final = 3000
"""Parts compared one by one by pgvector: about as quick as the index, and exact."""
MOST_COMPARED_IN_SQL: Final = 1000
"""Parts compared one by one without pgvector, number by number."""
PARTS_AN_ITEM: Final = 2
"""Parts looked at for each item wanted: several of the nearest may belong to one item."""
MOST_PARTS: Final = 1000
"""pgvector takes no larger ``hnsw.ef_search``."""
LEAST_CANDIDATES: Final = 100
MOST_AVERAGED: Final = 20
"""Parts of an item that say what it is about: 20,000 characters."""
REFUSED_HOURS: Final = 24
"""After this time a text that the model refused is given to it again."""
KEPT_DAYS: Final = 7
ITERATIVE: Final = (0, 8)
"""The release of pgvector that scans on until there are enough."""

_AMONG: Final = (
    "FROM knowledge.search_vectors AS v JOIN knowledge.search_items AS i ON i.id = v.item_id WHERE v.dimensions = {dimensions} AND v.model = :model "
    "AND v.audience_id = ANY (:audiences) AND i.audience_id = ANY (:audiences) AND (i.expires_at IS NULL OR i.expires_at > now()){conditions}"
)
"""The length is written out, not a parameter: a plan made for any length could not use the index of one."""
_COUNT: Final = "SELECT count(*) FROM (SELECT {among} LIMIT :counted) AS parts"
_ABILITY: Final = (
    "SELECT e.home, e.release, to_regclass('knowledge.ix_search_vectors_near_{dimensions}') IS NOT NULL AS has_index, "
    "(SELECT array_agg(a.id) FROM knowledge.audiences AS a) AS audiences, "
    "(SELECT count(*) FROM (SELECT FROM knowledge.search_vectors AS v WHERE v.audience_id = ANY (ARRAY(SELECT a.id FROM knowledge.audiences AS a)) "
    "AND v.model = :model AND v.dimensions = {dimensions} LIMIT :counted) AS parts) AS parts "
    "FROM (SELECT max(x.extnamespace::regnamespace::text) AS home, max(x.extversion) AS release FROM pg_catalog.pg_extension AS x "
    "WHERE x.extname = 'vector' AND has_schema_privilege(x.extnamespace, 'USAGE')) AS e"
)
_WITH_EXTENSION: Final = 'CAST(v."values" AS {home}.vector({dimensions})) OPERATOR({home}.<=>) CAST(CAST(:vector AS real[]) AS {home}.vector({dimensions}))'
"""Word for word what the index is made of."""
_WITHOUT_EXTENSION: Final = (
    "1 - (SELECT sum(CAST(pair.mine AS double precision) * pair.theirs) "
    'FROM unnest(v."values", CAST(:vector AS real[])) AS pair (mine, theirs))'
)
_NEAREST: Final = (
    "WITH near AS MATERIALIZED (SELECT v.item_id, v.part, i.audience_id, i.source, i.source_id, i.language, {distance} AS distance {among}{first}), "
    "best AS (SELECT DISTINCT ON (item_id) * FROM near ORDER BY item_id, distance, part) "
    "SELECT * FROM best ORDER BY distance, item_id LIMIT :limit"
)


class Way(StrEnum):
    """How the near ones were found."""

    INDEX = "index"
    COMPARED = "compared"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An item, by the part of it that is nearest."""

    item_id: int
    similarity: float
    """The cosine: 1 for the same direction."""
    part: int
    audience_id: int
    source: str
    source_id: UUID
    language: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The near items, the nearest first, and how they were found; with ``SKIPPED`` the reason why not: ``no_model``, ``too_many``."""

    items: tuple[Near, ...]
    way: Way
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ItemText:
    """What an item says, to be made into vectors."""

    item_id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class _Ability:
    """What the server can do with vectors of a length, and how much there is to do."""

    home: str | None
    """The schema of pgvector, written as SQL; None where it is not there, or not for this caller."""
    release: tuple[int, ...]
    has_index: bool
    audiences: tuple[int, ...]
    """What the caller may read."""
    parts: int
    """How many there are to compare; counted up to one more than are compared."""

    @property
    def way(self) -> Way:
        """Return how to find the near ones."""
        if self.home is None:
            return Way.COMPARED if self.parts <= MOST_COMPARED_IN_SQL else Way.SKIPPED
        if self.parts <= MOST_COMPARED:
            return Way.COMPARED
        return Way.INDEX if self.has_index else Way.SKIPPED


async def nearest(
    session: AsyncSession,
    vector: Sequence[float],
    *,
    model: str,
    conditions: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
    limit: int = 100,
) -> Nearest:
    """Return the items nearest to a vector of length 1 among those the session's caller may read.

    ``conditions`` are SQL over ``i``, the item, with their ``values``; they hold before anything is ranked. The best part of an item counts for it.
    """
    if not vector:
        return Nearest((), Way.SKIPPED, "no_model")
    dimensions = len(vector)
    if dimensions > MOST_DIMENSIONS or not 1 <= limit <= MOST_PARTS:
        raise ValueError(f"{dimensions} numbers, {limit} items")
    asked = {**(values or {}), "model": model}
    ability = await _ability(session, dimensions, conditions, asked)
    way = ability.way
    if way is Way.SKIPPED:
        return Nearest((), way, "too_many")
    query = _NEAREST.format(
        distance=_distance(ability.home, dimensions),
        among=_among(dimensions, conditions),
        first=" ORDER BY distance LIMIT :wanted" if way is Way.INDEX else "",
    )
    asked |= {"vector": list(vector), "limit": limit, "audiences": list(ability.audiences)}
    if way is Way.INDEX:
        asked["wanted"] = min(MOST_PARTS, max(LEAST_CANDIDATES, limit * PARTS_AN_ITEM))
        await _set(session, _by_index(ability.release, asked["wanted"]))
    found = (await session.execute(text(query), asked)).all()
    if way is Way.INDEX:
        await _set(session, {"enable_sort": "on"})
    near = [
        Near(
            item_id=row.item_id,
            similarity=1.0 - row.distance,
            part=row.part,
            audience_id=row.audience_id,
            source=row.source,
            source_id=row.source_id,
            language=row.language,
        )
        for row in found
    ]
    return Nearest(tuple(near), way)


async def vector_of(session: AsyncSession, item_id: int, *, model: str) -> list[float]:
    """Return what an item means as a whole: the mean of its first parts, of length 1. Nothing where it has no vectors of this model."""
    wanted = (
        select(SearchVector.values)
        .where(SearchVector.item_id == item_id, SearchVector.model == model, SearchVector.dimensions > 0)
        .order_by(SearchVector.part)
        .limit(MOST_AVERAGED)
    )
    parts = (await session.scalars(wanted)).all()
    sums = [math.fsum(values) for values in zip(*parts, strict=True)]
    length = math.hypot(*sums)
    return [value / length for value in sums] if length else []


async def without_vectors(
    session: AsyncSession, *, model: str, dimensions: int | None, after: int = 0, limit: int = 50
) -> list[ItemText]:
    """Return items after ``after``, by their ids, that have no vectors of a model; of any length where ``dimensions`` is not known."""
    recent = SearchVector.made_at > func.now() - func.make_interval(0, 0, 0, 0, REFUSED_HOURS)
    there = or_(
        SearchVector.dimensions == dimensions if dimensions else SearchVector.dimensions > 0,
        and_(SearchVector.dimensions == 0, recent),
    )
    made = select(SearchVector.item_id).where(
        SearchVector.item_id == SearchItem.id, SearchVector.model == model, there
    )
    found = await session.execute(
        select(SearchItem.id, SearchItem.title, SearchItem.summary, SearchItem.tags, SearchItem.body)
        .where(SearchItem.id > after, ~made.exists())
        .order_by(SearchItem.id)
        .limit(limit)
    )
    return [
        ItemText(row.id, row.title, "\n\n".join(filter(None, (row.summary, ", ".join(row.tags), row.body))))
        for row in found
    ]


async def write(session: AsyncSession, model: str, made: Mapping[int, Sequence[Sequence[float]]]) -> int:
    """Put the vectors of items, part by part, in place of those of this model; an item without a part is one the model refused.

    Items that are gone meanwhile are left out. Returns how many were written. For the program's own sessions.
    """
    there = await session.execute(
        select(SearchItem.id, SearchItem.audience_id)
        .where(SearchItem.id.in_(made))
        .order_by(SearchItem.id)
        .with_for_update(key_share=True, read=True)
    )
    audiences = {row.id: row.audience_id for row in there}
    await session.execute(
        delete(SearchVector).where(SearchVector.model == model, SearchVector.item_id.in_(audiences))
    )
    rows = [
        {
            "item_id": item_id,
            "model": model,
            "part": part,
            "audience_id": audience_id,
            "dimensions": len(vector),
            "values": list(vector),
        }
        for item_id, audience_id in audiences.items()
        for part, vector in enumerate(made[item_id] or [[]])
    ]
    if rows:
        await session.execute(insert(SearchVector), rows)
    return len(audiences)


async def forget_other_models(session: AsyncSession, model: str, *, limit: int = 5000) -> int:
    """Remove old vectors of other models, so many at a time. Returns how many. A model that is put back within some days finds its own."""
    old = SearchVector.made_at < func.now() - func.make_interval(0, 0, 0, KEPT_DAYS)
    other = (
        select(SearchVector.item_id, SearchVector.model, SearchVector.part)
        .where(SearchVector.model != model, old)
        .limit(limit)
        .cte("other")
    )
    same = and_(
        SearchVector.item_id == other.c.item_id,
        SearchVector.model == other.c.model,
        SearchVector.part == other.c.part,
    )
    gone = await session.execute(delete(SearchVector).where(same).returning(SearchVector.item_id))
    return len(gone.all())


async def _ability(
    session: AsyncSession, dimensions: int, conditions: Sequence[str], asked: Mapping[str, Any]
) -> _Ability:
    """Return what the server can do, and how much there is to do: what the conditions leave is counted where all of it would be too much."""
    counted = {"model": asked["model"], "counted": max(MOST_COMPARED, MOST_COMPARED_IN_SQL) + 1}
    row = (await session.execute(text(_ABILITY.format(dimensions=dimensions)), counted)).one()
    release = tuple(int(number) for number in str(row.release or "").split(".") if number.isdigit())
    ability = _Ability(row.home, release, row.has_index, tuple(row.audiences or ()), row.parts)
    if not conditions or ability.way is Way.COMPARED:
        return ability
    left = text(_COUNT.format(among=_among(dimensions, conditions)))
    parts = await session.scalar(left, {**asked, **counted, "audiences": list(ability.audiences)})
    return replace(ability, parts=int(parts or 0))


def _among(dimensions: int, conditions: Sequence[str]) -> str:
    return _AMONG.format(
        dimensions=dimensions, conditions="".join(f" AND {condition}" for condition in conditions)
    )


def _distance(home: str | None, dimensions: int) -> str:
    """Return the cosine distance of a part from the vector asked for."""
    if home is None:
        return _WITHOUT_EXTENSION
    return _WITH_EXTENSION.format(home=home.replace(":", "\\:"), dimensions=dimensions)


def _by_index(release: tuple[int, ...], wanted: int) -> Mapping[str, str]:
    """Return the settings with which the index is searched until there are ``wanted`` parts that pass.

    Without the first of them PostgreSQL, which takes a comparison of vectors for as cheap as one of numbers, would rather compare and sort them all.
    """
    settings = {"enable_sort": "off", "hnsw.ef_search": str(wanted)}
    return settings | ({"hnsw.iterative_scan": "strict_order"} if release >= ITERATIVE else {})


async def _set(session: AsyncSession, settings: Mapping[str, str]) -> None:
    """Set what holds until the transaction ends."""
    await session.execute(select(*(func.set_config(name, value, True) for name, value in settings.items())))
