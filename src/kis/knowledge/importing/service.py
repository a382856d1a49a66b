"""Imports asked for: the upload is looked at, kept and queued; its rows are made and worked through by a job."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from uuid import UUID, uuid4

from kis.identity import Permission, Principal
from kis.knowledge import attachments
from kis.knowledge.importing import branches, placing
from kis.knowledge.importing.reading import Upload, read_upload
from kis.knowledge.importing.things import ReadFile
from kis.knowledge.importing.uploads import Form, check_count, form_of
from kis.knowledge.means import Means
from kis.knowledge.models import ImportRun
from kis.knowledge.runs import repository
from kis.knowledge.runs.service import start
from kis.knowledge.runs.things import IMPORT, NewRow, Outcome, Row, stored_problem
from kis.knowledge.writing import require_own_review
from kis.platform.errors import Forbidden
from kis.platform.jobs import JobContext

FOLDER: Final = "imports"
"""Of the object storage: uploads until their run has ended."""
LONGEST_NAME: Final = 120


async def start_import(
    means: Means,
    principal: Principal,
    name: str,
    data: bytes,
    *,
    publish: bool = False,
    owner: str | None = None,
) -> UUID:
    """Have a file or a ZIP of a folder imported; return the id of the run. ``publish`` publishes also what does not ask for it.

    Raises:
        TooLarge, BadInput: the upload is none that is read.
        Forbidden: with ``publish``, where the caller may not publish what they wrote themselves.
    """
    principal.require(Permission.ARTICLE_WRITE)
    if publish:
        await require_own_review(means, principal)
    label = _label(name)
    await asyncio.to_thread(_checked, label, data)
    run_id = uuid4()
    path = upload_path(run_id)
    await means.storage.put(path, data, media_type="application/octet-stream")
    options: dict[str, Any] = {"name": label, "publish": publish, "owner": owner, "size_bytes": len(data)}
    async with means.database.transaction(principal.scope) as session:
        return await start(session, principal, IMPORT, {**options, "upload": path}, run_id=run_id)


class Importing:
    """What is done with the rows of an import."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def begin(self, principal: Principal, run: ImportRun, context: JobContext) -> None:
        """Read the upload into rows, all of them in one transaction; the pictures are stored before, by their content."""
        if run.total:
            return
        means = self._means
        upload = await self._read(run)
        await self._store(run, upload.files)
        async with means.database.transaction(principal.scope) as session:
            current = await repository.locked(session, run.id)
            if not current.total:
                await repository.add_rows(session, current, _rows(upload))
        await context.progress(total=len(upload.categories) + len(upload.texts), done=0, failed=0)

    async def batch(self, principal: Principal, run: ImportRun, rows: Sequence[Row]) -> None:
        """Write categories or articles."""
        if _is_category(rows[0]):
            await branches.branch(self._means, principal, run.id, rows)
            return
        rules = placing.Rules(
            note=f"import: {run.options['name']}",
            owner=run.options.get("owner"),
            publishes_all=bool(run.options.get("publish")),
            may_publish=await self._may_publish(principal),
        )
        await self._restore(run, rows)
        await placing.place(self._means, principal, run.id, rows, rules)

    def trim(self, rows: Sequence[Row], limit: int) -> Sequence[Row]:
        """Return rows of one kind, and no article without all of its rows."""
        if _is_category(rows[0]):
            return [row for row in rows if _is_category(row)][: max(1, limit)]
        if limit > 1 and len(rows) < limit:
            return rows
        first = rows[0].content["slug"]
        kept = list(rows[:limit])
        last = kept[-1].content["slug"]
        whole = [row for row in kept if row.content["slug"] != last]
        return whole or [row for row in rows if row.content["slug"] == first]

    async def end(self, run: ImportRun) -> None:
        """Remove the upload."""
        await self._means.storage.delete(run.options["upload"])

    async def _store(self, run: ImportRun, files: Mapping[str, ReadFile]) -> None:
        for sha256, file in files.items():
            path = attachments.path_of(run.organization_id, sha256)
            if await self._means.storage.head(path) is None:
                await self._means.storage.put(path, file.data, media_type=file.media_type)

    async def _restore(self, run: ImportRun, rows: Sequence[Row]) -> None:
        """Store again what was removed since the upload was read: until an article shows it, nothing leads to it."""
        digests = {file["sha256"] for row in rows for file in row.content["files"]}
        paths = {sha256: attachments.path_of(run.organization_id, sha256) for sha256 in digests}
        missing = {sha256 for sha256, path in paths.items() if await self._means.storage.head(path) is None}
        if missing:
            upload = await self._read(run)
            await self._store(run, {sha256: upload.files[sha256] for sha256 in missing})

    async def _read(self, run: ImportRun) -> Upload:
        data = await self._means.storage.get(run.options["upload"])
        return await asyncio.to_thread(read_upload, run.options["name"], data)

    async def _may_publish(self, principal: Principal) -> bool:
        try:
            await require_own_review(self._means, principal)
        except Forbidden:
            return False
        return True


def upload_path(run_id: UUID) -> str:
    """Return where an upload is kept until its run has ended."""
    return f"{FOLDER}/{run_id}"


def _checked(name: str, data: bytes) -> None:
    """Look at all of an upload that costs little to look at; tables are read whole, for their first fault is one of the file."""
    form = form_of(name, data)
    if form is Form.ARCHIVE:
        check_count(name, data)
    elif form in (Form.CSV, Form.JSON):
        read_upload(name, data)


def _rows(upload: Upload) -> list[NewRow]:
    rows = [NewRow(name=category.name, content=category.content()) for category in upload.categories]
    for text in upload.texts:
        problems = tuple(stored_problem(problem) for problem in text.problems)
        outcome = Outcome.FAILED if problems else None
        rows.append(NewRow(name=text.name, content=text.content(), outcome=outcome, problems=problems))
    return rows


def _is_category(row: Row) -> bool:
    return bool(row.content["kind"] == "category")


def _label(name: str) -> str:
    plain = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter for letter in plain if letter.isprintable())[-LONGEST_NAME:] or "upload"
