"""Work on many articles: imports, exports and bulk operations, with a report for each row."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Path, Query, Response, UploadFile
from fastapi.responses import StreamingResponse

from kis.api.dependencies import App, Caller, Reading, TraceId
from kis.api.errors import InvalidRequest, errors
from kis.api.pages import PlainPageRequest
from kis.api.routes.uploaded import kept_upload
from kis.api.schemas.common import Page, WireProblem
from kis.api.schemas.knowledge import SlugText
from kis.api.schemas.knowledge_runs import BulkWanted, RunBody, RunRow, RunSummary
from kis.knowledge import (
    FILTERS,
    IMPORT,
    Conflict,
    ExportForm,
    Files,
    ImportOptions,
    Operation,
    Outcome,
    ReportForm,
    Run,
    Selection,
    ShownRow,
    Wanted,
)
from kis.platform.errors import Problem
from kis.platform.messages import Locale, Message
from kis.platform.storage import content_disposition
from kis.search import Language

router = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])

RunId = Annotated[UUID, Path(description="Id of the run.")]

_REPORTS: Final[Mapping[ReportForm, str]] = {
    ReportForm.JSON: "application/json",
    ReportForm.CSV: "text/csv; charset=utf-8",
    ReportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_EXPORTS: Final = (
    "text/csv",
    "application/json",
    "application/zip",
    "text/html",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/pdf",
)
_STARTED: Final[dict[int | str, dict[str, Any]]] = {
    202: {
        "description": "It goes on after the answer.",
        "headers": {
            "Location": {"description": "Address of the run.", "schema": {"type": "string"}},
        },
    }
}


def _files_of(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return what the contract says of an answer that is a file."""
    content = {
        media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in media_types
    }
    return {200: {"description": "The file.", "content": content}}


async def _files(app: App) -> Files:
    return app.knowledge.files


Many = Annotated[Files, Depends(_files)]
"""What is done with many articles."""


PublishAll = Annotated[
    bool,
    Form(
        description="Publish also what does not ask for it; only where the organisation lets authors review, and for who reviews."
    ),
]
OtherCategory = Annotated[
    SlugText | None,
    Form(description="Slug of the category on which new articles hang whose files name none."),
]
OtherLanguage = Annotated[
    Language | None, Form(description="Of texts that do not say theirs; else as their letters look.")
]
OnConflict = Annotated[
    Conflict,
    Form(
        description="`update`: what differs from an article that is there is its new version; `skip`: it stays as it is."
    ),
]
DryRun = Annotated[
    bool, Form(alias="dryRun", description="Say what would become of each row, and write nothing.")
]


async def _import_options(
    publish: PublishAll = False,  # noqa: FBT002 - a field of the form
    category: OtherCategory = None,
    language: OtherLanguage = None,
    conflict: OnConflict = Conflict.UPDATE,
    dry_run: DryRun = False,  # noqa: FBT002 - a field of the form
) -> ImportOptions:
    return ImportOptions(
        publish=publish, category=category, language=language, conflict=conflict, is_dry=dry_run
    )


HowToImport = Annotated[ImportOptions, Depends(_import_options)]
PublishedOnly = Annotated[
    bool, Query(description="As readers see them, also for those who would be given the current versions.")
]


@router.post("/imports", status_code=202, responses={**_STARTED, **errors(401, 403)})
async def start_import(
    app: App,
    many: Many,
    caller: Caller,
    trace_id: TraceId,
    file: Annotated[
        UploadFile,
        File(
            description="Markdown, HTML, CSV, JSON, DOCX, PDF, or a ZIP of a folder of these and their pictures."
        ),
    ],
    options: HowToImport,
    response: Response,
) -> RunBody:
    """Import articles from a file. The file is looked at before the answer, its rows are worked through after it; importing the same again changes only what is different."""
    async with kept_upload(app, file) as (name, path):
        run_id = await many.start_import(caller, name, path, options)
    return await _started(many, caller, run_id, trace_id, response)


@router.get("/imports", responses=errors(401, 403))
async def list_imports(
    many: Many, caller: Caller, page: PlainPageRequest, trace_id: TraceId
) -> Page[RunSummary]:
    """List the imports of the organisation, the newest first; for those who write and review."""
    found, total = await many.runs(caller, kinds=(IMPORT,), offset=page.offset, limit=page.size)
    items = [_summary(run) for run in found]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.post("/bulk", status_code=202, responses={**_STARTED, **errors(401, 403, 404)})
async def start_bulk_operation(
    many: Many, caller: Caller, trace_id: TraceId, body: BulkWanted, response: Response
) -> RunBody:
    """Do something to many articles. `total` says at once how many they are; what the caller may not do to one of them fails for that one alone."""
    run_id = await many.start_bulk(caller, _operation(body), _selection(body), is_dry=body.dry_run)
    return await _started(many, caller, run_id, trace_id, response)


@router.get(
    "/export", response_class=StreamingResponse, responses={**_files_of(*_EXPORTS), **errors(401, 403)}
)
async def export_articles(
    many: Many,
    caller: Caller,
    format: Annotated[  # noqa: A002 - a name of the wire
        ExportForm,
        Query(
            description="`markdown` is a ZIP of a folder. A single text comes as its own HTML, DOCX or PDF, several in a ZIP."
        ),
    ] = ExportForm.MARKDOWN,
    filter: Annotated[  # noqa: A002 - the name of the query parameter
        list[str],
        Query(max_length=10, description="As in the list of articles.", examples=[["status:published"]]),
    ] = [],  # noqa: B006 - read only
    slug: Annotated[list[SlugText] | None, Query(max_length=100, description="Only these articles.")] = None,
    language: Annotated[
        list[Language] | None, Query(max_length=2, description="Only texts in these languages.")
    ] = None,
    published: PublishedOnly = False,  # noqa: FBT002 - a query parameter
) -> StreamingResponse:
    """Hand out articles as a file, as far as the caller may read them. CSV, JSON and Markdown can be imported again without a difference; nothing in a table computes when a spreadsheet opens it. `422` where nothing is found."""
    wanted = Wanted(
        slugs=tuple(slug or ()),
        conditions=_conditions(filter, "query.filter"),
        languages=tuple(language or ()),
        published=published,
    )
    handed = await many.export(caller, format, wanted)
    headers = {
        "Content-Disposition": content_disposition(handed.name),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(handed.pieces, media_type=handed.media_type, headers=headers)


@router.get("/runs", responses=errors(401, 403))
async def list_runs(
    many: Many, caller: Caller, page: PlainPageRequest, trace_id: TraceId
) -> Page[RunSummary]:
    """List imports and bulk operations of the organisation, the newest first; for those who write and review."""
    found, total = await many.runs(caller, offset=page.offset, limit=page.size)
    items = [_summary(run) for run in found]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.get("/runs/{run_id}", responses=errors(401, 403, 404))
async def get_run(many: Many, caller: Caller, trace_id: TraceId, run_id: RunId) -> RunBody:
    """Return how far a run is."""
    return _body(await many.run(caller, run_id), trace_id)


@router.get("/runs/{run_id}/rows", responses=errors(401, 403, 404))
async def list_run_rows(
    many: Many,
    caller: Caller,
    reading: Reading,
    page: PlainPageRequest,
    trace_id: TraceId,
    run_id: RunId,
    outcome: Annotated[Outcome | None, Query(description="Only rows this became of.")] = None,
) -> Page[RunRow]:
    """List what became of the rows of a run, in their order. A row about an article that the caller may not know of has no name, unless they started the run or administer the knowledge base."""
    found, total = await many.rows(caller, run_id, outcome=outcome, offset=page.offset, limit=page.size)
    items = [_row(row, reading.locale) for row in found]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.get(
    "/runs/{run_id}/report",
    response_class=StreamingResponse,
    responses={**_files_of(*_REPORTS.values()), **errors(401, 403, 404)},
)
async def get_run_report(
    many: Many,
    caller: Caller,
    run_id: RunId,
    format: Annotated[ReportForm, Query(description="json, csv or xlsx.")] = ReportForm.JSON,  # noqa: A002 - a name of the wire
) -> StreamingResponse:
    """Hand out what became of every row as a file, each problem in Korean and English; rows say what the list of rows says."""
    pieces = await many.report(caller, run_id, format)
    headers = {
        "Content-Disposition": content_disposition(f"run-{run_id}.{format.value}"),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(pieces, media_type=_REPORTS[format], headers=headers)


@router.post("/runs/{run_id}/cancel", responses=errors(401, 403, 404, 409))
async def cancel_run(many: Many, caller: Caller, trace_id: TraceId, run_id: RunId) -> RunBody:
    """End a run after the rows it is at; what was done stays. For who started it, and administrators of the knowledge base."""
    return _body(await many.cancel(caller, run_id), trace_id)


async def _started(many: Files, caller: Caller, run_id: UUID, trace_id: str, response: Response) -> RunBody:
    response.headers["Location"] = f"{router.prefix}/runs/{run_id}"
    return _body(await many.run(caller, run_id), trace_id)


def _operation(body: BulkWanted) -> Operation:
    return Operation(
        act=body.act,
        category_id=body.category_id,
        tags=tuple(body.tags),
        visibility=body.visibility,
        roles=tuple(role.value for role in body.roles),
        owner=body.owner,
        review_on=body.review_on,
    )


def _selection(body: BulkWanted) -> Selection:
    """Return which articles are meant. Raises BadInput unless they are named in one of the two ways."""
    if (body.ids is None) == (body.conditions is None):
        told = Message("knowledge_files.bulk.one_way")
        raise InvalidRequest([Problem("ids", told), Problem("conditions", told)])
    if body.ids is not None:
        return Selection(ids=tuple(body.ids))
    return Selection(conditions=_conditions(body.conditions or [], "conditions"), by_conditions=True)


def _conditions(given: Sequence[str], place: str) -> tuple[tuple[str, str], ...]:
    """Return conditions as pairs of name and value. Raises BadInput naming every one that is none."""
    found, problems = [], []
    for position, condition in enumerate(given):
        name, colon, value = condition.partition(":")
        if name not in FILTERS or not colon or "\0" in value:
            values = {"given": name[:40], "allowed": ", ".join(FILTERS)}
            problems.append(Problem(f"{place}[{position}]", Message("api.request.filter", values)))
        found.append((name, value))
    if problems:
        raise InvalidRequest(problems)
    return tuple(found)


def _facts(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "kind": run.kind,
        "name": run.name,
        "status": run.status.value,
        "dry_run": run.is_dry,
        "total": run.total,
        "done": run.done,
        "failed": run.failed,
        "outcomes": dict(run.outcomes),
        "started_by": run.started_by,
        "created_at": run.created_at,
        "finished_at": run.finished_at,
    }


def _summary(run: Run) -> RunSummary:
    return RunSummary(**_facts(run))


def _body(run: Run, trace_id: str) -> RunBody:
    at = f"{router.prefix}/runs/{run.id}"
    links = {"self": at, "rows": f"{at}/rows", "report": f"{at}/report"}
    error = None if run.error is None else dict(run.error)
    return RunBody(**_facts(run), error=error, links=links, trace_id=trace_id)


def _row(row: ShownRow, locale: Locale) -> RunRow:
    problems = [WireProblem(path=problem["path"], message=problem[locale]) for problem in row.problems]
    return RunRow(
        number=row.number, name=row.name, outcome=row.outcome, article_id=row.article_id, problems=problems
    )
