"""The figures an administrator looks at first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFigures:
    """How many people have a role."""

    role: str
    people: int
    active: int
    """Who may log in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFigures:
    """Articles of a status, and how many of them have a text in each language."""

    status: str
    total: int
    ko: int
    en: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFigures:
    """The index of the search."""

    items: Mapping[str, int]
    """Texts that are found, by source."""
    terms: int
    """Different ones, as last counted; of the installation an estimate."""
    postings: int
    """As last counted; of the installation an estimate."""
    bytes: int | None
    """Of the tables and their indexes; None where it is not one organisation's to say."""
    without_morphemes: int
    """Cut into pairs of characters alone; they wait for their morphemes."""
    with_vectors: int
    waiting_changes: int
    """Quotations and parts that changed and are not indexed anew yet."""
    counted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFigures:
    """Jobs of a kind in a status."""

    kind: str
    status: str
    count: int
    oldest_seconds: float
    """Since the oldest was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageFigures:
    """Files that are kept, and what they weigh."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFigures:
    """How an organisation stands. What the caller may not know is None."""

    people: tuple[RoleFigures, ...] | None
    articles: tuple[ArticleFigures, ...]
    in_bin: int
    index: IndexFigures
    jobs: tuple[JobFigures, ...] | None
    documents: StorageFigures
    attachments: StorageFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFigures:
    """The newest backup in the folder of the installation."""

    file: str
    bytes: int
    made_at: str
    checked_at: str
    """When it was restored and counted; empty: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationFigures:
    """How the installation stands."""

    organizations: int
    people: int
    index: IndexFigures
    jobs: tuple[JobFigures, ...]
    waiting_messages: int
    database_bytes: int
    storage_kind: str
    last_backup: BackupFigures | None
    """None: there is none in that folder; an operator may keep others elsewhere."""
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the caller may know."""

    organization: OrganizationFigures | None
    installation: InstallationFigures | None
