"""What is read out of the files of an import, whatever their format: categories, texts in one language, and the files they show."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

import orjson
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kis.knowledge import articles
from kis.knowledge.texts import (
    LONGEST_BODY,
    LONGEST_SEO,
    LONGEST_SUMMARY,
    LONGEST_TAG,
    LONGEST_TITLE,
    MOST_TAGS,
    Words,
)
from kis.platform.errors import Problem
from kis.platform.messages import Message
from kis.platform.validation import problems_of

LANGUAGES: Final = ("ko", "en")

_OWN: Final = frozenset({"slug", "roles_missing", "roles_without_use"})
"""Findings of this module's own."""
_ROLES: Final = ("admin", "editor", "estimator", "reviewer", "viewer")


def slug_of(text: str) -> str:
    """Return ``text`` as it can stand in an address, empty where nothing of it can."""
    plain = unicodedata.normalize("NFC", text)
    return articles.slug_of(plain) if any(map(str.isalnum, plain)) else ""


def _listed(value: object) -> object:
    """Return a list also where one text holds several things divided by semicolons or commas, as cells of a table do."""
    if isinstance(value, str):
        divider = ";" if ";" in value else ","
        return [part.strip() for part in value.split(divider) if part.strip()]
    return value


def _texts(value: object) -> object:
    """Return numbers and dates that YAML saw in a list of words as the words they were."""
    listed = _listed(value)
    if isinstance(listed, list):
        return [
            str(one) if isinstance(one, int | float | date) and not isinstance(one, bool) else one
            for one in listed
        ]
    return listed


def _moment(value: object) -> object:
    """Return the end of a day where only the day is given; UTC where no offset is."""
    if isinstance(value, str) and len(value.strip()) == len("2026-11-20"):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, 23, 59, 59, tzinfo=UTC)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def _slug(value: object) -> object:
    """Return a slug that is one already: what else is written is not guessed at."""
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFC", value.strip())
    if plain and not articles.is_slug(plain):
        raise PydanticCustomError("slug", "no slug", {"proposal": slug_of(plain)})
    return plain


def _mapping(value: object) -> object:
    """Return the mapping that a cell of a table holds as JSON."""
    try:
        return orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        return value


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Slug: TypeAlias = Annotated[str, BeforeValidator(_slug), StringConstraints(min_length=1)]
Tag: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TAG)
]
Type: TypeAlias = Literal["article", "faq", "guide", "api_doc", "glossary", "tutorial", "reference"]
VisibilityName: TypeAlias = Literal["public", "organization", "role"]
RoleName: TypeAlias = Literal["admin", "editor", "estimator", "reviewer", "viewer"]
StatusName: TypeAlias = Literal["draft", "in_review", "approved", "scheduled", "published", "archived"]


class TextFields(BaseModel):
    """What a text says in one language."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TITLE)]
    body: Annotated[str, StringConstraints(max_length=LONGEST_BODY)] = ""
    summary: Annotated[str, StringConstraints(max_length=LONGEST_SUMMARY)] = ""
    tags: Annotated[list[Tag], BeforeValidator(_texts), Field(max_length=MOST_TAGS)] = []
    seo_title: Annotated[str, StringConstraints(max_length=LONGEST_SEO)] = ""
    seo_description: Annotated[str, StringConstraints(max_length=LONGEST_SEO)] = ""

    def words(self) -> Words:
        """Return it as versions keep it."""
        return Words(**{**self.model_dump(), "tags": tuple(dict.fromkeys(self.tags))})


class SharedFields(BaseModel):
    """What an article is in every language. None: the file does not say it, and what is there stays."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    slug: Slug
    type: Annotated[Type | None, BeforeValidator(_blank_is_none)] = None
    category: Annotated[Slug | None, BeforeValidator(_blank_is_none)] = None
    visibility: Annotated[VisibilityName | None, BeforeValidator(_blank_is_none)] = None
    roles: Annotated[list[RoleName] | None, BeforeValidator(_listed), BeforeValidator(_blank_is_none)] = None
    review_on: Annotated[date | None, BeforeValidator(_blank_is_none)] = None
    expires_at: Annotated[datetime | None, BeforeValidator(_moment), BeforeValidator(_blank_is_none)] = None
    status: Annotated[StatusName | None, BeforeValidator(_blank_is_none)] = None
    metadata: Annotated[dict[str, str] | None, BeforeValidator(_mapping), BeforeValidator(_blank_is_none)] = (
        None
    )

    @model_validator(mode="after")
    def _roles_where_they_count(self) -> Self:
        if self.visibility == "role" and not self.roles:
            raise PydanticCustomError("roles_missing", "roles are missing", {"choices": ", ".join(_ROLES)})
        if self.visibility in ("public", "organization") and self.roles:
            raise PydanticCustomError("roles_without_use", "roles have no use")
        return self


TEXT_FIELDS: Final = tuple(TextFields.model_fields)
SHARED_FIELDS: Final = tuple(SharedFields.model_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file that an article shows; it becomes an attachment."""

    name: str
    media_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Return the digest by which it is stored."""
        return sha256(self.data).hexdigest()

    def row(self) -> dict[str, Any]:
        """Return what a row keeps of it."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "size_bytes": len(self.data),
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCategory:
    """A category that a file describes, or that a folder stands for."""

    name: str
    """The file it comes from."""
    slug: str
    name_ko: str
    name_en: str
    icon: str = ""
    position: int | None = None
    parent: str | None = None
    is_described: bool = True
    """False: made of a folder's name alone; one that is there stays as it is."""

    def content(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        return {
            "kind": "category",
            "slug": self.slug,
            "name_ko": self.name_ko,
            "name_en": self.name_en,
            "icon": self.icon,
            "position": self.position,
            "parent": self.parent,
            "is_described": self.is_described,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """What a file or a line of a table gives: an article's texts by language and what it says about the article, or what is wrong with it."""

    name: str
    """``panels/a.ko.md``, ``articles.csv:12``."""
    texts: Mapping[str, TextFields] = field(default_factory=dict)
    shared: SharedFields | None = None
    files: tuple[ReadFile, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def key(self) -> str:
        """Return what the rows of one article have in common."""
        return "" if self.shared is None else self.shared.slug

    def content(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        if self.shared is None:
            return {"kind": "article"}
        return {
            "kind": "article",
            "slug": self.shared.slug,
            "texts": {language: text.model_dump() for language, text in self.texts.items()},
            "shared": self.shared.model_dump(mode="json", exclude_none=True),
            "files": [file.row() for file in self.files],
        }


Where: TypeAlias = Mapping[str, str]
"""Where a field stands in its file, by its name: ``:7`` for a line."""


def read_text(
    name: str,
    texts: Mapping[str, Mapping[str, object]],
    shared: Mapping[str, object],
    *,
    files: Sequence[ReadFile] = (),
    where: Where | None = None,
    problems: Sequence[Problem] = (),
) -> ReadText:
    """Return what the fields of one article say, or every problem of them: ``panels/a.ko.md:7 type``."""
    found = list(problems)
    read: dict[str, TextFields] = {}
    for language, fields in texts.items():
        suffix = f"_{language}" if len(texts) > 1 else ""
        try:
            read[language] = TextFields.model_validate(dict(fields))
        except ValidationError as error:
            found += _placed(name, error, where or {}, suffix)
    checked: SharedFields | None = None
    try:
        checked = SharedFields.model_validate(dict(shared))
    except ValidationError as error:
        found += _placed(name, error, where or {}, "")
    if not texts:
        found.append(Problem(name, Message("knowledge_files.row.no_text")))
    if found or checked is None:
        return ReadText(name=name, problems=tuple(found))
    return ReadText(name=name, texts=read, shared=checked, files=tuple(files))


def _placed(name: str, error: ValidationError, where: Where, suffix: str) -> list[Problem]:
    """Return each thing that is wrong with the line and the field it is in."""
    details = error.errors(include_url=False)
    own = [
        (
            ".".join(map(str, each["loc"])) or "roles",
            Message(f"knowledge_files.field.{each['type']}", each.get("ctx") or {}),
        )
        for each in details
        if each["type"] in _OWN
    ]
    others = problems_of([each for each in details if each["type"] not in _OWN])
    placed = [*own, *((problem.path, problem.message) for problem in others)]
    return [
        Problem(f"{name}{where.get(path.partition('[')[0], '')} {path}{suffix}", message)
        for path, message in placed
    ]
