"""What keeps an installation in order: its state, its jobs, its limits, its features, its index."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from kis.administration import JobChoice, JobView
from kis.api.dependencies import App, Caller, Reading, TraceId
from kis.api.errors import errors
from kis.api.health import Readiness
from kis.api.limit_list import limits_of
from kis.api.pages import PlainPageRequest
from kis.api.schemas.admin import (
    FeatureBody,
    FeaturesBody,
    FeaturesWanted,
    HealthBody,
    JobBody,
    JobError,
    JobStatusName,
    LimitsBody,
    OverviewBody,
    ReindexBody,
    ReindexWanted,
)
from kis.api.schemas.common import Page
from kis.identity import Permission
from kis.knowledge import FEATURES, Reindexing, Rules, Run
from kis.platform.messages import Locale
from kis.search import Source

router = APIRouter(prefix="/v1/admin", tags=["administration"])

LINKS: Final[Mapping[str, str]] = {
    "users": "/v1/users",
    "organization": "/v1/organizations/{organization_id}",
    "apiKeys": "/v1/api-keys",
    "audit": "/v1/audit",
    "categories": "/v1/categories",
    "settings": "/v1/knowledge/settings",
    "jobs": "/v1/admin/jobs",
    "limits": "/v1/admin/limits",
    "features": "/v1/admin/features",
    "health": "/readyz",
    "metrics": "/metrics",
}
JobId = Annotated[UUID, Path(description="Id of the job.")]
Everywhere = Annotated[
    bool, Query(description="For operators: jobs of the whole installation, not only of this organisation.")
]


@router.get("/overview", responses=errors(401, 403))
async def get_admin_overview(request: Request, app: App, caller: Caller, trace_id: TraceId) -> OverviewBody:
    """Return what an administrator looks at first: of the organisation, and for operators of the installation."""
    found = await app.administration.overview(caller)
    readiness: Readiness = request.app.state.readiness
    state = await readiness.state()
    return OverviewBody.model_validate(
        {
            "organization": found.organization,
            "installation": found.installation,
            "health": HealthBody(status=state.status, lacking=dict(state.faults)),
            "links": {
                name: path.format(organization_id=caller.organization_id) for name, path in LINKS.items()
            },
            "trace_id": trace_id,
        }
    )


@router.get("/jobs", responses=errors(401, 403))
async def list_jobs(
    app: App,
    caller: Caller,
    reading: Reading,
    page: PlainPageRequest,
    trace_id: TraceId,
    kind: Annotated[str, Query(max_length=100, pattern=r"^[a-z_.]*$", examples=["quotation.produce"])] = "",
    status: Annotated[JobStatusName | None, Query(description="How far they are.")] = None,
    everywhere: Everywhere = False,  # noqa: FBT002 - a query parameter
) -> Page[JobBody]:
    """List the jobs, the newest first."""
    choice = JobChoice(kind=kind, status=status or "", everywhere=everywhere)
    found, total = await app.administration.jobs.page(caller, choice, offset=page.offset, limit=page.size)
    items = [_job(job, reading.locale) for job in found]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.get("/jobs/{job_id}", responses=errors(401, 403, 404))
async def get_job(
    app: App,
    caller: Caller,
    reading: Reading,
    job_id: JobId,
    everywhere: Everywhere = False,  # noqa: FBT002 - a query parameter
) -> JobBody:
    """Return a job."""
    return _job(await app.administration.jobs.get(caller, job_id, everywhere=everywhere), reading.locale)


@router.post("/jobs/{job_id}/retry", responses=errors(401, 403, 404, 409))
async def retry_job(
    app: App,
    caller: Caller,
    reading: Reading,
    job_id: JobId,
    everywhere: Everywhere = False,  # noqa: FBT002 - a query parameter
) -> JobBody:
    """Have a failed job tried anew."""
    return _job(await app.administration.jobs.retry(caller, job_id, everywhere=everywhere), reading.locale)


@router.post("/jobs/{job_id}/cancel", responses=errors(401, 403, 404, 409))
async def cancel_job(
    app: App,
    caller: Caller,
    reading: Reading,
    job_id: JobId,
    everywhere: Everywhere = False,  # noqa: FBT002 - a query parameter
) -> JobBody:
    """End a job that waits or runs; what it was for is told that it failed."""
    return _job(await app.administration.jobs.cancel(caller, job_id, everywhere=everywhere), reading.locale)


@router.get("/limits", responses=errors(401, 403))
async def list_limits(app: App, caller: Caller, trace_id: TraceId) -> LimitsBody:
    """List the limits that hold, and what sets them."""
    caller.require(Permission.ORGANIZATION_WRITE)
    return LimitsBody(items=limits_of(app.settings), trace_id=trace_id)


@router.get("/features", responses=errors(401, 403))
async def list_features(app: App, caller: Caller, reading: Reading, trace_id: TraceId) -> FeaturesBody:
    """List what can be switched, and whether it works in the caller's organisation."""
    return _features(await app.knowledge.rules(caller), reading.locale, trace_id)


@router.put("/features", responses=errors(401, 403))
async def switch_features(
    app: App, caller: Caller, reading: Reading, trace_id: TraceId, body: FeaturesWanted
) -> FeaturesBody:
    """Decide which features work; those that are not named are as they are by themselves."""
    return _features(await app.knowledge.switch_features(caller, body.features), reading.locale, trace_id)


@router.post("/reindex", status_code=202, responses=errors(401, 403, 409))
async def start_reindexing(
    app: App, caller: Caller, reading: Reading, trace_id: TraceId, body: ReindexWanted, response: Response
) -> ReindexBody:
    """Have texts cut and indexed anew in the background; searches go on meanwhile. `409` where that is under way already."""
    run_id = await app.knowledge.reindex(caller, Reindexing(source=body.source, everywhere=body.everywhere))
    response.headers["Location"] = f"/v1/admin/reindex/{run_id}"
    return _reindex(await app.knowledge.reindexed(caller, run_id), reading.locale, trace_id)


@router.get("/reindex/{run_id}", responses=errors(401, 403, 404))
async def get_reindexing(
    app: App,
    caller: Caller,
    reading: Reading,
    trace_id: TraceId,
    run_id: Annotated[UUID, Path(description="Id of the run.")],
) -> ReindexBody:
    """Return how far an indexing anew is."""
    return _reindex(await app.knowledge.reindexed(caller, run_id), reading.locale, trace_id)


def _job(job: JobView, locale: Locale) -> JobBody:
    told = {name: getattr(job, name) for name in JobBody.model_fields if name not in {"error", "begun_under"}}
    return JobBody(**told, error=_error(job.error, locale), begun_under=job.trace_id)


def _error(kept: Mapping[str, Any] | None, locale: Locale) -> JobError | None:
    """Return an error in the language of the reader, as rows keep it in all."""
    if kept is None:
        return None
    hint = kept.get("hint")
    return JobError(
        code=kept["code"], message=kept["message"][locale], hint=None if hint is None else hint[locale]
    )


def _features(rules: Rules, locale: Locale, trace_id: str) -> FeaturesBody:
    items = [
        FeatureBody(
            name=feature.name,
            description=feature.description.text(locale),
            is_on=rules.features.get(feature.name, feature.is_on),
            is_on_by_itself=feature.is_on,
            is_decided=feature.name in rules.features,
        )
        for feature in FEATURES
    ]
    return FeaturesBody(items=items, trace_id=trace_id)


def _reindex(run: Run, locale: Locale, trace_id: str) -> ReindexBody:
    return ReindexBody(
        run_id=run.id,
        source=Source(run.name) if run.name else None,
        status=run.status.value,
        total=run.total,
        done=run.done,
        error=_error(run.error, locale),
        started_by=run.started_by,
        created_at=run.created_at,
        finished_at=run.finished_at,
        trace_id=trace_id,
    )
