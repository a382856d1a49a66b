"""Imports asked for: the upload is looked at, kept and queued; its rows are made and worked through by a job."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final
from uuid import UUID, uuid4

from kis.identity import Permission, Principal
from kis.knowledge import attachments
from kis.knowledge.categories import tree
from kis.knowledge.importing import branches, placing
from kis.knowledge.importing.options import AS_IT_COMES, ImportOptions, options_of
from kis.knowledge.importing.reading import Upload, read_upload
from kis.knowledge.importing.things import ReadFile
from kis.knowledge.importing.uploads import Content, Form, check_count, form_of
from kis.knowledge.means import Means
from kis.knowledge.models import ImportRun
from kis.knowledge.runs import repository
from kis.knowledge.runs.service import start
from kis.knowledge.runs.things import IMPORT, NewRow, Outcome, Row, stored_problem
from kis.knowledge.writing import require_own_review
from kis.platform.errors import BadInput, Forbidden, Problem
from kis.platform.jobs import JobContext
from kis.platform.messages import Message
from kis.search import Language

FOLDER: Final = "imports"
"""Of the object storage: uploads until their run has ended."""
LONGEST_NAME: Final = 120
_STORED_AS: Final = "application/octet-stream"


async def start_import(
    means: Means,
    principal: Principal,
    name: str,
    content: Content,
    options: ImportOptions = AS_IT_COMES,
) -> UUID:
    """Have a file or a ZIP of a folder imported; return the id of the run. A file of this machine is not held in memory where its form allows.

    Raises:
        TooLarge, FormUnknown, BadInput: the upload is none that is read, or there is no such category.
        Forbidden: where it is to be published and the caller may not publish what they wrote themselves.
    """
    principal.require(Permission.ARTICLE_WRITE)
    if options.publish:
        await require_own_review(means, principal)
    label = _label(name)
    await asyncio.to_thread(_checked, label, content)
    if options.category is not None:
        await _require_category(means, principal, options.category)
    run_id = uuid4()
    path = upload_path(run_id)
    if isinstance(content, Path):
        stored = await means.storage.put_file(path, content, media_type=_STORED_AS)
    else:
        stored = await means.storage.put(path, content, media_type=_STORED_AS)
    facts = {"name": label, "size_bytes": stored.size, "upload": path, **options.kept()}
    async with means.database.transaction(principal.scope) as session:
        return await start(session, principal, IMPORT, facts, run_id=run_id)


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
        if not options_of(run.options).is_dry:
            await self._store(run, upload.files)
        async with means.database.transaction(principal.scope) as session:
            current = await repository.locked(session, run.id)
            if not current.total:
                await repository.add_rows(session, current, _rows(upload))
        await context.progress(total=len(upload.categories) + len(upload.texts), done=0, failed=0)

    async def batch(self, principal: Principal, run: ImportRun, rows: Sequence[Row]) -> None:
        """Write categories or articles."""
        options = options_of(run.options)
        if _is_category(rows[0]):
            await branches.branch(self._means, principal, run.id, rows, options)
            return
        rules = placing.Rules(
            note=f"import: {run.options['name']}",
            options=options,
            may_publish=await self._may_publish(principal),
        )
        if not options.is_dry:
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
        otherwise = run.options["language"] or ""
        return await asyncio.to_thread(read_upload, run.options["name"], data, otherwise=otherwise)

    async def _may_publish(self, principal: Principal) -> bool:
        try:
            await require_own_review(self._means, principal)
        except Forbidden:
            return False
        return True


def upload_path(run_id: UUID) -> str:
    """Return where an upload is kept until its run has ended."""
    return f"{FOLDER}/{run_id}"


def _checked(name: str, content: Content) -> None:
    """Look at all of an upload that costs little to look at; tables are read whole, for their first fault is one of the file."""
    form = form_of(name, content)
    if form is Form.ARCHIVE:
        check_count(name, content)
    elif form in (Form.CSV, Form.JSON):
        read_upload(name, content, otherwise=Language.KO)


async def _require_category(means: Means, principal: Principal, slug: str) -> None:
    """Raise BadInput unless the organisation has a category of that slug."""
    if all(category.slug != slug for category in await tree(means, principal)):
        told = Message("knowledge_files.upload.category", {"slug": slug})
        raise BadInput("request", [Problem("category", told)])


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
