"""Every operation of the administration: who may do it, and a request that does it to a thing of ours. Written by hand, as the others."""

from typing import Final
from uuid import UUID, uuid4

from kis.knowledge import Reindexing
from tests.factories.security import Person, World
from tests.factories.security_operations import Call, Operation, to

_JOB: Final = """
    INSERT INTO shared.jobs (id, organization_id, kind, status, error, finished_at, attempts)
    VALUES (%s, %s, 'attachment.clean', %s, %s, CASE WHEN %s = 'failed' THEN now() END, 1)
"""
_FAULT: Final = (
    '{"code": "job_failed", "message": {"ko": "비밀번호 하나", "en": "a reason of ours"}, "meta": {}}'
)


def job(world: World, status: str) -> UUID:
    """Return a new job of ours."""
    job_id = uuid4()
    fault = _FAULT if status == "failed" else None
    world.at.run(_JOB, job_id, world.ours.id, status, fault, status)
    return job_id


async def get_job(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/admin/jobs/{job(world, 'failed')}")


async def retry_job(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/admin/jobs/{job(world, 'failed')}/retry")


async def cancel_job(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/admin/jobs/{job(world, 'queued')}/cancel")


def end_reindexing(world: World) -> None:
    """End what is under way: one at a time is let in."""
    world.at.run("UPDATE knowledge.import_runs SET status = 'cancelled' WHERE kind = 'reindex'")


async def reindex(world: World, _person: Person | None) -> Call:
    end_reindexing(world)
    return Call(path="/v1/admin/reindex", json={"source": "article"})


async def get_reindexing(world: World, _person: Person | None) -> Call:
    end_reindexing(world)
    run_id = await world.at.application.knowledge.reindex(world.ours.admin, Reindexing())
    return Call(path=f"/v1/admin/reindex/{run_id}")


_SWITCHED: Final = {"features": {"search.corrections": True}}
_ADMIN: Final = "organization.write"

ADMIN: Final[tuple[Operation, ...]] = (
    # Operators see the installation, administrators their organisation.
    Operation(
        "GET", "/v1/admin/overview", "knowledge.admin", 200,
        to("/v1/admin/overview"), or_needs="installation.operate",
    ),
    Operation("GET", "/v1/admin/jobs", _ADMIN, 200, to("/v1/admin/jobs", params={"size": 100})),
    Operation("GET", "/v1/admin/jobs/{job_id}", _ADMIN, 200, get_job, names_one=True),
    Operation("POST", "/v1/admin/jobs/{job_id}/retry", _ADMIN, 200, retry_job, names_one=True),
    Operation("POST", "/v1/admin/jobs/{job_id}/cancel", _ADMIN, 200, cancel_job, names_one=True),
    Operation("GET", "/v1/admin/limits", _ADMIN, 200, to("/v1/admin/limits")),
    Operation("GET", "/v1/admin/features", "article.read", 200, to("/v1/admin/features")),
    Operation("PUT", "/v1/admin/features", "knowledge.admin", 200, to("/v1/admin/features", json=_SWITCHED)),
    Operation("POST", "/v1/admin/reindex", "knowledge.admin", 202, reindex),
    Operation(
        "GET", "/v1/admin/reindex/{run_id}", "knowledge.admin", 200,
        get_reindexing, names_one=True, or_needs="installation.operate",
    ),
)  # fmt: skip
"""One entry for each operation."""
