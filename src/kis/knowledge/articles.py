"""An article as the use cases hold it while they work on it: a value, changed by making another one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from kis.identity import Permission, Principal, Role
from kis.knowledge.texts import Texts, text_problems
from kis.platform.errors import Forbidden, Problem
from kis.platform.messages import Message
from kis.search import Readers, Visibility

LONGEST_SLUG: Final = 100
LONGEST_NOTE: Final = 500
MOST_METADATA: Final = 50
LONGEST_KEY: Final = 64
LONGEST_VALUE: Final = 1000
_SLUG: Final = re.compile(r"[a-z0-9가-힣]+(?:-[a-z0-9가-힣]+)*")
_NO_SLUG: Final = re.compile(r"[^a-z0-9가-힣]+")


class ArticleType(StrEnum):
    """What kind of text an article is."""

    ARTICLE = "article"
    FAQ = "faq"
    GUIDE = "guide"
    API_DOC = "api_doc"
    GLOSSARY = "glossary"
    TUTORIAL = "tutorial"
    REFERENCE = "reference"


class Status(StrEnum):
    """Where the current version of an article stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an article said when it was saved. ``author`` is the name of who saved it, ``type`` and ``category_id`` what it was then."""

    number: int
    texts: Texts
    type: ArticleType
    category_id: UUID | None
    metadata: Mapping[str, str]
    note: str
    saved_by: str
    author: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article with its current version and the one readers are shown."""

    id: UUID
    organization_id: UUID
    slug: str
    type: ArticleType
    category_id: UUID | None
    visibility: Visibility
    roles: tuple[str, ...]
    status: Status
    current: Version
    published: Version | None
    owner: str
    created_by: str
    approved_by: str | None = None
    publish_at: datetime | None = None
    published_at: datetime | None = None
    review_on: date | None = None
    reminded_at: datetime | None = None
    expires_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    revision: int = 1

    @property
    def is_open(self) -> bool:
        """Whether readers have a version of it."""
        return self.published is not None and self.deleted_at is None

    @property
    def readers(self) -> Readers:
        """Who knows of it."""
        return self.readers_of(is_published=self.is_open)

    def readers_of(self, *, is_published: bool) -> Readers:
        """Return who reads what is published of it, or those who write and review."""
        return Readers(
            organization_id=self.organization_id,
            visibility=self.visibility,
            roles=self.roles,
            is_published=is_published,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What holds of an article at once, whichever version of it is shown. The roles count where the visibility is by role."""

    slug: str | None = None
    """None: made from the title."""
    type: ArticleType = ArticleType.ARTICLE
    category_id: UUID | None = None
    visibility: Visibility = Visibility.ORGANIZATION
    roles: tuple[str, ...] = ()
    owner: str | None = None
    """``user:<id>``; None: whoever writes it."""
    review_on: date | None = None
    expires_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Of the version: readers see it once it is published."""


def roles_for(visibility: Visibility, given: Sequence[str], own: Role) -> tuple[str, ...]:
    """Return the roles an article is for, sorted: by role always with the writer's own, who would lock themselves out."""
    return tuple(sorted({*given, own.value})) if visibility is Visibility.ROLE else ()


def require_desk(principal: Principal) -> None:
    """Raise Forbidden unless the caller writes or reviews."""
    if not principal.scope.sees_drafts:
        raise Forbidden(
            Message("knowledge.desk_only", {"role": principal.role.value}),
            permission=Permission.ARTICLE_WRITE.value,
        )


def slug_of(title: str) -> str:
    """Return the slug a title makes."""
    words = _NO_SLUG.sub("-", title.casefold()).strip("-")
    return words[:LONGEST_SLUG].strip("-") or "article"


def problems_of(place: Place) -> list[Problem]:
    """Return everything that is wrong with the place of an article."""
    problems = []
    if place.slug is not None and not is_slug(place.slug):
        problems.append(Problem("slug", Message("knowledge.slug", {"limit": LONGEST_SLUG})))
    if place.roles and place.visibility is not Visibility.ROLE:
        problems.append(Problem("roles", Message("knowledge.roles_without_role")))
    known = {role.value for role in Role}
    problems += [
        Problem(f"roles[{at}]", Message("knowledge.role", {"known": ", ".join(sorted(known))}))
        for at, role in enumerate(place.roles)
        if role not in known
    ]
    if place.owner is not None and not _is_person(place.owner):
        problems.append(Problem("owner", Message("knowledge.owner")))
    if place.expires_at is not None and place.expires_at.tzinfo is None:
        problems.append(Problem("expiresAt", Message("knowledge.time_zone")))
    return problems + _metadata_problems(place.metadata)


def is_slug(slug: str) -> bool:
    """Tell whether something can be the last part of an address."""
    return len(slug) <= LONGEST_SLUG and _SLUG.fullmatch(slug) is not None


def _is_person(owner: str) -> bool:
    kind, _, identifier = owner.partition(":")
    try:
        return kind == "user" and str(UUID(identifier)) == identifier
    except ValueError:
        return False


def _metadata_problems(metadata: Mapping[str, str]) -> list[Problem]:
    if len(metadata) > MOST_METADATA:
        return [Problem("metadata", Message("knowledge.many", {"limit": MOST_METADATA}))]
    problems: list[Problem] = []
    for key, value in metadata.items():
        problems += text_problems("metadata", key, LONGEST_KEY)
        problems += text_problems(f"metadata.{key[:LONGEST_KEY]}", value, LONGEST_VALUE)
    return problems
