"""What a quotation is made from."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.estimator import EstimateRequest, Library, library_from_bytes
from kis.platform.database import Database, Scope
from kis.platform.storage import ObjectStore
from kis.quotations import repository

CATALOG_FOLDER: Final = "library/catalog/"
PRICE_BOOK_FILE: Final = "library/price-book.yaml"
RULEBOOK_FILE: Final = "library/rulebook.yaml"


class Libraries(Protocol):
    """Opens the catalogue, price book and rulebook a quotation is made from: the organisation's own, else the shipped ones."""

    async def library_for(
        self, session: AsyncSession, organization_id: UUID, request: EstimateRequest, on: date
    ) -> Library:
        """Return the library for ``request`` on the day ``on``. Raises NotFound where it names what does not exist."""
        ...


async def recorded_library(database: Database, scope: Scope, storage: ObjectStore, trace_id: str) -> Library:
    """Return the very library a pack was made from, out of its objects."""
    async with database.service(scope) as session:
        paths = await repository.library_files(session, trace_id)
    wanted = {
        name: path
        for name, path in paths.items()
        if name.startswith(CATALOG_FOLDER) or name in {PRICE_BOOK_FILE, RULEBOOK_FILE}
    }
    contents = await asyncio.gather(*(storage.get(path) for path in wanted.values()))
    return await asyncio.to_thread(_opened, dict(zip(wanted, contents, strict=True)))


def _opened(files: Mapping[str, bytes]) -> Library:
    catalog = {
        name.removeprefix(CATALOG_FOLDER): data
        for name, data in files.items()
        if name.startswith(CATALOG_FOLDER)
    }
    return library_from_bytes(catalog, files[PRICE_BOOK_FILE], files[RULEBOOK_FILE])
