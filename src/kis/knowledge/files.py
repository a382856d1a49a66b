"""Articles in and out as files, and many of them at once: the use cases for a face, and the handler of their jobs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

from kis.identity import Principal
from kis.knowledge.bulk import Bulk, Operation, Selection, start_bulk
from kis.knowledge.exporting.selecting import Wanted
from kis.knowledge.exporting.service import export
from kis.knowledge.exporting.things import Export, ExportForm
from kis.knowledge.importing.options import AS_IT_COMES, ImportOptions
from kis.knowledge.importing.service import Importing, start_import
from kis.knowledge.means import Means
from kis.knowledge.runs import service
from kis.knowledge.runs.report import Report, ReportForm
from kis.knowledge.runs.things import IMPORT, JOB, Outcome, Run, ShownRow
from kis.knowledge.runs.working import handling
from kis.platform.jobs import Handling

Runs: TypeAlias = Sequence[Run]


class Files:
    """Imports, exports and bulk operations. Every method takes the caller first and asks whether it may."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def start_import(
        self,
        principal: Principal,
        name: str,
        content: bytes | Path,
        options: ImportOptions = AS_IT_COMES,
    ) -> UUID:
        """Have a file or a ZIP of a folder imported; return the run. Raises TooLarge, FormUnknown, BadInput, Forbidden, OwnWork."""
        return await start_import(self._means, principal, name, content, options)

    async def start_bulk(
        self, principal: Principal, operation: Operation, selection: Selection, *, is_dry: bool = False
    ) -> UUID:
        """Have something done to many articles; return the run. Raises BadInput, Forbidden, CategoryNotFound."""
        return await start_bulk(self._means, principal, operation, selection, is_dry=is_dry)

    async def run(self, principal: Principal, run_id: UUID) -> Run:
        """Return how far a run is. Raises RunNotFound."""
        return await service.get(self._means, principal, run_id)

    async def runs(
        self, principal: Principal, *, kinds: Sequence[str] = (), offset: int = 0, limit: int = 20
    ) -> tuple[Runs, int]:
        """Return a page of runs, the newest first, and how many there are; of some kinds alone where any are named."""
        return await service.page(self._means, principal, kinds=kinds, offset=offset, limit=limit)

    async def rows(
        self,
        principal: Principal,
        run_id: UUID,
        *,
        outcome: Outcome | None = None,
        offset: int = 0,
        limit: int = 20,
    ) -> tuple[Sequence[ShownRow], int]:
        """Return a page of what became of the rows of a run, and how many there are. Raises RunNotFound."""
        return await service.rows(self._means, principal, run_id, outcome=outcome, offset=offset, limit=limit)

    async def cancel(self, principal: Principal, run_id: UUID) -> Run:
        """End a run after the batch it is at. Raises RunNotFound, RunEnded."""
        return await service.cancel(self._means, principal, run_id)

    async def report(self, principal: Principal, run_id: UUID, form: ReportForm) -> Report:
        """Return what became of each row, as a file in pieces. Raises RunNotFound."""
        return await service.report(self._means, principal, run_id, form)

    async def export(self, principal: Principal, form: ExportForm, wanted: Wanted) -> Export:
        """Return articles as a file in pieces. Raises BadInput where nothing is found."""
        return await export(self._means, principal, form, wanted)

    async def job_of(self, principal: Principal, run_id: UUID) -> UUID:
        """Return the job that works through a run, for who wants to do it at once. Raises RunNotFound."""
        return await service.job_of(self._means, principal, run_id)


def handlings(means: Means) -> dict[str, Handling]:
    """Return what is done with the jobs of runs, by their kind."""
    return {JOB: handling(means, {IMPORT: Importing(means), **Bulk(means).kinds})}
