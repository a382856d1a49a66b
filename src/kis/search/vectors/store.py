"""Vectors in PostgreSQL: kept as ``real[]``, which every server has, and compared by pgvector where it is there.

Who asks sees the parts of items that he may read: row-level security holds here as everywhere, and the same audiences are named in the query so that an
index is used for them. What is left after audiences and filters is counted first. Few parts are compared one by one, which is exact and, with few, quick.
Many are found through the HNSW index, which goes on until enough of those it meets pass the filters (iterative scans, pgvector 0.8). Where there is no
index, more than :data:`MOST_COMPARED` are not compared at all, and the answer says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    REAL,
    ColumnElement,
    Double,
    Select,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import UserDefinedType

from kis.search.models import SearchItem, SearchVector
from kis.search.vectors.embedders import MOST_DIMENSIONS

MOST_COMPARED: Final = 5000
"""Parts compared one by one by pgvector: some milliseconds."""
MOST_COMPARED_IN_SQL: Final = 1500
"""Parts compared one by one without pgvector, number by number."""
PARTS_AN_ITEM: Final = 4
"""Parts looked at for each item wanted: several of the nearest may belong to one item."""
MOST_PARTS: Final = 1000
"""Also the largest ``hnsw.ef_search``."""
LEAST_CANDIDATES: Final = 100
REFUSED_HOURS: Final = 24
"""After this time a text that the model refused is given to it again."""
KEPT_DAYS: Final = 7
ITERATIVE: Final = (0, 8)
"""The release of pgvector that scans on until there are enough."""


class Way(StrEnum):
    """How the near ones were found."""

    INDEX = "index"
    COMPARED = "compared"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Near:
    """An item, by the part of it that is nearest."""

    item_id: int
    similarity: float
    """The cosine: 1 for the same direction."""
    part: int


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
    """What the server can do with vectors of a length."""

    home: str | None
    """The schema of pgvector, written as SQL; None where it is not there, or not for this caller."""
    release: tuple[int, ...]
    has_index: bool
    parts: int
    """How many there are to compare; counted up to one more than are compared."""


async def nearest(
    session: AsyncSession,
    vector: Sequence[float],
    *,
    model: str,
    conditions: Sequence[ColumnElement[bool]] = (),
    limit: int = 100,
) -> Nearest:
    """Return the items nearest to a vector of length 1 among those the session's caller may read.

    ``conditions`` are on :class:`~kis.search.models.SearchItem` and hold before anything is ranked. The best part of an item counts for it.
    """
    if not vector:
        return Nearest((), Way.SKIPPED, "no_model")
    dimensions = len(vector)
    if dimensions > MOST_DIMENSIONS or limit < 1:
        raise ValueError(f"{dimensions} numbers, {limit} items")
    ability = await _ability(
        session, dimensions, _among((literal_column("1"),), dimensions, model, conditions)
    )
    way = _way(ability)
    if way is Way.SKIPPED:
        return Nearest((), way, "too_many")
    distance = _distance(ability.home, dimensions)
    parts = _among(
        (SearchVector.item_id, SearchVector.part, distance.label("distance")), dimensions, model, conditions
    )
    if way is Way.INDEX:
        wanted = min(MOST_PARTS, max(LEAST_CANDIDATES, limit * PARTS_AN_ITEM))
        await _widen(session, ability.release, wanted)
        parts = parts.order_by(distance).limit(wanted)
    near = parts.cte("near").prefix_with("MATERIALIZED", dialect="postgresql")
    best = (
        select(near)
        .distinct(near.c.item_id)
        .order_by(near.c.item_id, near.c.distance, near.c.part)
        .subquery("best")
    )
    found = await session.execute(
        select(best).order_by(best.c.distance, best.c.item_id).limit(limit), {"vector": list(vector)}
    )
    return Nearest(tuple(Near(row.item_id, 1.0 - row.distance, row.part) for row in found), way)


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


def _among(
    columns: Sequence[Any], dimensions: int, model: str, conditions: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    """Return the parts of a model that the caller may read and that meet the conditions.

    The length is written out, not a parameter: a plan made for any length could not use the index of one.
    """
    parts = select(*columns).select_from(SearchVector)
    if conditions:
        parts = parts.join(SearchItem, SearchItem.id == SearchVector.item_id).where(*conditions)
    return parts.where(
        SearchVector.dimensions == literal_column(str(int(dimensions))),
        SearchVector.model == model,
        text("knowledge.search_vectors.audience_id = ANY (ARRAY(SELECT id FROM knowledge.audiences))"),
    )


async def _ability(session: AsyncSession, dimensions: int, parts: Select[Any]) -> _Ability:
    """Return what the server can do, and how much there is to do, in one journey."""
    counted = parts.limit(max(MOST_COMPARED, MOST_COMPARED_IN_SQL) + 1).subquery("parts")
    extension = (
        "(SELECT {} FROM pg_catalog.pg_extension AS e WHERE e.extname = 'vector' "
        "AND has_schema_privilege(e.extnamespace, 'USAGE'))"
    )
    row = (
        await session.execute(
            select(
                literal_column(extension.format("e.extnamespace::regnamespace::text")),
                literal_column(extension.format("e.extversion")),
                func.to_regclass(f"knowledge.ix_search_vectors_near_{int(dimensions)}").is_not(None),
                select(func.count()).select_from(counted).scalar_subquery(),
            )
        )
    ).one()
    release = tuple(int(number) for number in str(row[1] or "").split(".") if number.isdigit())
    return _Ability(row[0], release, bool(row[2]), int(row[3]))


def _way(ability: _Ability) -> Way:
    if ability.home is not None and ability.has_index and ability.parts > MOST_COMPARED:
        return Way.INDEX
    most = MOST_COMPARED if ability.home is not None else MOST_COMPARED_IN_SQL
    return Way.COMPARED if ability.parts <= most else Way.SKIPPED


class _Vector(UserDefinedType[Any]):
    """The type of pgvector."""

    cache_ok = True

    def __init__(self, home: str, dimensions: int) -> None:
        self.home = home
        self.dimensions = dimensions

    def get_col_spec(self, **_: Any) -> str:
        """Return how it is written in SQL."""
        return f"{self.home}.vector({self.dimensions})"


def _distance(home: str | None, dimensions: int) -> ColumnElement[float]:
    """Return the cosine distance of a part from the vector asked for; with pgvector, word for word what the index is made of."""
    asked = cast(bindparam("vector", type_=ARRAY(REAL)), ARRAY(REAL))
    if home is not None:
        kind = _Vector(home, dimensions)
        return cast(SearchVector.values, kind).op(f"OPERATOR({home}.<=>)", return_type=Double())(
            cast(asked, kind)
        )
    pair = func.unnest(SearchVector.values, asked).table_valued("mine", "theirs", name="pair")
    product = select(func.sum(cast(pair.c.mine, Double) * pair.c.theirs)).select_from(pair.render_derived())
    return 1.0 - product.correlate(SearchVector).scalar_subquery()


async def _widen(session: AsyncSession, release: tuple[int, ...], wanted: int) -> None:
    """Let the index be searched until there are ``wanted`` parts that pass, for this transaction."""
    settings = {"hnsw.ef_search": str(wanted)}
    if release >= ITERATIVE:
        settings["hnsw.iterative_scan"] = "strict_order"
    await session.execute(select(*(func.set_config(name, value, True) for name, value in settings.items())))
