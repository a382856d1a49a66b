"""Reading articles: one whole, or a page of a list. Readers are shown what is published, those who write and review where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from kis.identity import Permission, Principal
from kis.knowledge import reading_queries, texts
from kis.knowledge.articles import ArticleType, Status, is_slug, require_desk
from kis.knowledge.errors import ArticleNotFound
from kis.knowledge.means import Means
from kis.knowledge.reading_queries import DESK_ONLY
from kis.knowledge.texts import Texts, TextState, is_storable
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search import Language, Visibility

DEFAULT_ORDER: Final = ("updatedAt", True)
MOST_LISTED: Final = 200
LONGEST_VALUE: Final = 200
SORTS: Final = {name: name for name in reading_queries.COLUMNS}
FILTERS: Final = {name: name for name in reading_queries.CONDITIONS}
_ESCAPED: Final = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_CHOICES: Final[Mapping[str, frozenset[str]]] = {
    "type": frozenset(kind.value for kind in ArticleType),
    "status": frozenset(status.value for status in Status),
    "state": frozenset(state.value for state in TextState),
    "language": frozenset(language.value for language in Language),
    "visibility": frozenset(visibility.value for visibility in Visibility),
    "own": frozenset({"true", "false"}),
    "published": frozenset({"true", "false"}),
}
_SEVERAL: Final = frozenset({"type", "status", "state"})
"""May name several, divided by ``|``."""
_DAYS: Final = frozenset({"publishedFrom", "publishedTo", "expiresTo", "reviewTo"})
"""Days, both ends included, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where an article stands: for those who write and review."""

    status: Status
    roles: tuple[str, ...]
    current_version: int
    published_version: int | None
    owner: str
    created_by: str
    changed_by: str
    approved_by: str | None
    publish_at: datetime | None
    review_on: date | None
    note: str
    views: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An article as the caller is shown it. In a list the bodies are empty; ``desk`` is None for readers."""

    id: UUID
    slug: str
    type: ArticleType
    category_id: UUID | None
    visibility: Visibility
    is_own: bool
    """Of the caller's organisation; a public one may be another's."""
    version: int
    texts: Texts
    metadata: Mapping[str, str]
    author: str
    saved_at: datetime
    published_at: datetime | None
    expires_at: datetime | None
    helpful: int
    unhelpful: int
    revision: int
    desk: Desk | None

    @property
    def states(self) -> Mapping[Language, TextState]:
        """Return how far it is in each language."""
        return {language: texts.state_of(self.texts, language) for language in Language}

    @property
    def etag(self) -> str:
        """Return the ETag: a reader's copy is never taken for that of somebody who edits."""
        return f'"{self.revision}"' if self.desk is not None else f'"{self.revision}-p"'


@dataclass(frozen=True, slots=True)
class Articles:
    """A page of articles; ``total`` counts at most 10,000."""

    items: tuple[Shown, ...]
    total: int


async def get(means: Means, principal: Principal, named: UUID | str, *, published: bool = False) -> Shown:
    """Return an article by id or slug: as readers see it, for those who write the current version unless they ask for what is ``published``."""
    principal.require(Permission.ARTICLE_READ)
    if isinstance(named, str) and not is_slug(named):
        raise ArticleNotFound(named)
    at_desk = principal.scope.sees_drafts and not published
    async with means.database.transaction(principal.scope) as session:
        row = await reading_queries.one(session, named, principal.organization_id, at_desk=at_desk)
    if row is None:
        raise ArticleNotFound(named)
    return _shown(row, principal)


async def list_articles(
    means: Means,
    principal: Principal,
    *,
    page: int = 1,
    size: int = 20,
    order: tuple[str, bool] = DEFAULT_ORDER,
    conditions: Sequence[tuple[str, str]] = (),
    published: bool = False,
) -> Articles:
    """Return a page. ``order`` is a name of ``SORTS`` and whether it falls, ``conditions`` are names of ``FILTERS`` with their values. Raises BadInput."""
    principal.require(Permission.ARTICLE_READ)
    if any(name in DESK_ONLY for name, _ in conditions):
        require_desk(principal)
    understood = _understood(conditions)
    at_desk = principal.scope.sees_drafts and not published
    async with means.database.transaction(principal.scope) as session:
        rows, total = await reading_queries.page(
            session,
            principal.organization_id,
            understood,
            order,
            min(size, MOST_LISTED),
            (page - 1) * size,
            at_desk=at_desk,
        )
    return Articles(tuple(_shown(row, principal) for row in rows), total)


def _shown(row: Row[Any], principal: Principal) -> Shown:
    kept = {"ko": row.ko, "en": row.en}
    for text in kept.values():
        if text is not None:
            text.setdefault("body", "")
    return Shown(
        id=row.id,
        slug=row.slug,
        type=ArticleType(row.type),
        category_id=row.category_id,
        visibility=Visibility(row.visibility),
        is_own=row.organization_id == principal.organization_id,
        version=row.number,
        texts=texts.from_json(kept),
        metadata=row.details.get("metadata", {}),
        author=row.details.get("author", ""),
        saved_at=row.saved_at,
        published_at=row.published_at,
        expires_at=row.expires_at,
        helpful=row.helpful,
        unhelpful=row.unhelpful,
        revision=row.revision,
        desk=_desk(row) if row.at_desk else None,
    )


def _desk(row: Row[Any]) -> Desk:
    return Desk(
        status=Status(row.stage),
        roles=tuple(row.roles),
        current_version=row.current_version,
        published_version=row.published_version,
        owner=row.owner,
        created_by=row.created_by,
        changed_by=row.changed_by,
        approved_by=row.approved_by,
        publish_at=row.publish_at,
        review_on=row.review_on,
        note=row.note,
        views=row.views,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _understood(conditions: Sequence[tuple[str, str]]) -> list[tuple[str, object]]:
    """Return the conditions with their values as the database takes them. Raises BadInput naming every one that is none."""
    understood: list[tuple[str, object]] = []
    problems: list[Problem] = []
    for name, value in conditions:
        try:
            understood.append((name, _value(name, value)))
        except (ValueError, OverflowError):
            problems.append(_problem(name))
    if problems:
        raise BadInput("filter", problems)
    return understood


def _problem(name: str) -> Problem:
    path = f"filter.{name}"
    if name in _CHOICES:
        values = {"expected": ", ".join(sorted(_CHOICES[name]))}
        return Problem(path, Message("knowledge.filter.choice", values))
    if name == "category":
        return Problem(path, Message("knowledge.filter.identifier"))
    return Problem(path, Message("knowledge.filter.date" if name in _DAYS else "knowledge.filter.text"))


def _value(name: str, value: str) -> object:
    if name not in FILTERS or len(value) > LONGEST_VALUE or not is_storable(value):
        raise ValueError(name)
    if name in _CHOICES:
        given = value.split("|") if name in _SEVERAL else [value]
        if not _CHOICES[name].issuperset(given):
            raise ValueError(value)
        return value
    if name == "category":
        return str(UUID(value))
    if name == "title":
        return f"%{value.translate(_ESCAPED)}%"
    if name == "reviewTo":
        return date.fromisoformat(value)
    if name in _DAYS:
        day = date.fromisoformat(value) + timedelta(days=name != "publishedFrom")
        return datetime.combine(day, time(), UTC)
    return value
