"""The use cases of administration, for a face. Every method takes the caller first and asks whether it may."""

import asyncio
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kis import __version__
from kis.administration import queries
from kis.administration.jobs import Jobs
from kis.administration.things import BackupFigures, InstallationFigures, OrganizationFigures, Overview
from kis.identity import Permission, Principal
from kis.migrations import newest_backup
from kis.platform.database import Database
from kis.platform.jobs import Handling, JobHandler
from kis.platform.storage import ObjectStore

BACKUPS: Final = "backups"
"""Where ``kis db backup`` puts them unless it is told otherwise."""


class Administration:
    """How everything stands, and the jobs."""

    def __init__(
        self,
        database: Database,
        storage: ObjectStore,
        *,
        engine_name: str,
        data: Path,
        handlings: Mapping[str, Handling | JobHandler],
    ) -> None:
        self._database = database
        self._storage = storage
        self._engine_name = engine_name
        self._data = data
        self.jobs: Final = Jobs(database, handlings)
        """The jobs of an organisation, or of the installation."""

    async def overview(self, caller: Principal) -> Overview:
        """Return what the caller may know: administrators of their organisation, operators of the installation."""
        operates = caller.may(Permission.INSTALLATION_OPERATE)
        if not operates:
            caller.require(Permission.KNOWLEDGE_ADMIN)
        administers = caller.may(Permission.KNOWLEDGE_ADMIN)
        return Overview(
            organization=await self._organization(caller) if administers else None,
            installation=await self._installation(caller) if operates else None,
        )

    async def _organization(self, caller: Principal) -> OrganizationFigures:
        own = caller.organization_id
        knows_people, knows_jobs = (
            caller.may(permission) for permission in (Permission.USER_READ, Permission.ORGANIZATION_WRITE)
        )
        # The program's own role, for what waits to be indexed is nobody's row: each statement names the organisation.
        async with self._database.service(caller.scope) as session:
            return OrganizationFigures(
                people=await queries.people(session, own) if knows_people else None,
                articles=await queries.articles(session, own),
                in_bin=await queries.in_bin(session, own),
                index=await queries.index(session, own),
                jobs=await queries.jobs(session, own) if knows_jobs else None,
                documents=await queries.documents(session, own),
                attachments=await queries.attachments(session, own),
            )

    async def _installation(self, caller: Principal) -> InstallationFigures:
        manifest = await asyncio.to_thread(newest_backup, self._data / BACKUPS)
        async with self._database.service(caller.scope) as session:
            whole = await queries.installation(session)
            return InstallationFigures(
                organizations=whole.organizations,
                people=whole.people,
                index=await queries.index(session, None),
                jobs=await queries.jobs(session, None),
                waiting_messages=whole.waiting_messages,
                database_bytes=whole.database_bytes,
                storage_kind=self._storage.kind,
                last_backup=None
                if manifest is None
                else BackupFigures(
                    file=manifest.file,
                    bytes=manifest.size,
                    made_at=manifest.created_at,
                    checked_at=manifest.checked_at,
                ),
                versions={
                    "kis": __version__,
                    "python": platform.python_version(),
                    "postgresql": whole.server,
                    "revision": whole.revision,
                    "searchEngine": self._engine_name,
                },
            )
