"""The catalogue a quotation of an organisation is made from: the shipped edition with the organisation's own parts over it.

An edition is its files, named by their digest, and is kept for ever once something was made from it: what was sent can be read and made again
whatever has become of the parts since. The digest of the own parts decides whether an edition has to be made; one in use is held in the process.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.catalog.lint import CatalogFinding, Severity, lint
from kis.catalog.loader import catalog_files, catalog_from_files, load_catalog
from kis.catalog.overlay import overlay
from kis.catalog.parts import Catalog
from kis.catalog.store import repository
from kis.catalog.store.rows import parts_by_table

HELD_EDITIONS: Final = 16
"""Editions held in a process, each some 100 kB: those of the organisations that quoted last."""
_MARK_LENGTH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The files of a catalogue with its name and digest."""

    version: str
    digest: str
    files: Mapping[str, bytes]

    @property
    def catalog(self) -> Catalog:
        """Return what the files hold; read once as long as it is in use."""
        return catalog_from_files(self.files)


@lru_cache(maxsize=1)
def shipped_edition() -> Edition:
    """Return the edition that comes with the program."""
    catalog = load_catalog()
    return Edition(version=catalog.version, digest=catalog.digest, files=catalog_files())


async def edition_of(session: AsyncSession, organization_id: UUID) -> Edition:
    """Return the edition that holds for an organisation now, and keep it where it is not the shipped one."""
    fingerprint = await repository.own_fingerprint(session, organization_id)
    shipped = shipped_edition()
    if fingerprint is None:
        return shipped
    key = (organization_id, shipped.digest, fingerprint)
    edition = _HELD.find(key)
    if edition is None:
        own = [(item.kind, item.columns) for item in await repository.own_items(session, organization_id)]
        edition = await asyncio.to_thread(make_edition, organization_id, own)
        _HELD.hold(key, edition)
    await repository.keep_edition(
        session,
        organization_id,
        digest=edition.digest,
        version=edition.version,
        files={name: data.decode() for name, data in edition.files.items()},
    )
    return edition


def make_edition(organization_id: UUID, own: Sequence[tuple[str, Mapping[str, Any]]]) -> Edition:
    """Return the edition with the parts ``own`` (kind and columns each). Raises BadInput for a part that cannot be read.

    Its name is the shipped one's with a mark over the organisation and its parts, so that two organisations never share an edition.
    """
    shipped = shipped_edition()
    parts = parts_by_table(own)
    content = repr((str(organization_id), sorted(parts.items(), key=lambda item: item[0])))
    mark = sha256(content.encode()).hexdigest()[:_MARK_LENGTH]
    files = overlay(shipped.catalog, parts, f"{shipped.version}-{mark}")
    catalog = catalog_from_files(files)
    return Edition(version=catalog.version, digest=catalog.digest, files=files)


def contradictions(edition: Edition) -> tuple[CatalogFinding, ...]:
    """Return what makes an edition contradict itself."""
    return tuple(finding for finding in lint(edition.catalog) if finding.severity is Severity.ERROR)


class _Held:
    """The editions used last, by what they are made of."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._editions: OrderedDict[tuple[UUID, str, str], Edition] = OrderedDict()
        self._lock = Lock()

    def find(self, key: tuple[UUID, str, str]) -> Edition | None:
        with self._lock:
            edition = self._editions.get(key)
            if edition is not None:
                self._editions.move_to_end(key)
            return edition

    def hold(self, key: tuple[UUID, str, str], edition: Edition) -> None:
        with self._lock:
            self._editions[key] = edition
            self._editions.move_to_end(key)
            while len(self._editions) > self._most:
                self._editions.popitem(last=False)


_HELD: Final = _Held(HELD_EDITIONS)
