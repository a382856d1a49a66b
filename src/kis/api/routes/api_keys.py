"""Keys for machines."""

from uuid import UUID

from fastapi import APIRouter, Response

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.pages import PlainPageRequest
from kis.api.schemas.common import Page
from kis.api.schemas.identity import ApiKeyBody, KeyMade, NewKey
from kis.identity import ApiKey, Role, key_permissions

router = APIRouter(prefix="/v1/api-keys", tags=["identity"])


@router.get("", responses=errors(401, 403))
async def list_api_keys(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId
) -> Page[ApiKeyBody]:
    """List the organisation's keys, the newest first; revoked ones stay in the list."""
    rows, total = await app.identity.api_keys.list(caller, offset=page.offset, limit=page.size)
    items = [api_key_body(row) for row in rows]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.post("", status_code=201, responses=errors(401, 403))
async def create_api_key(
    app: App, caller: Caller, body: NewKey, response: Response, trace_id: TraceId
) -> KeyMade:
    """Make a key. Its secret is in this answer and nowhere else."""
    made = await app.identity.api_keys.create(
        caller, body.name, body.role, permissions=body.permissions, expires_at=body.expires_at
    )
    response.headers["Location"] = f"/v1/api-keys/{made.row.id}"
    return KeyMade(api_key=api_key_body(made.row), key=made.key, trace_id=trace_id)


@router.delete("/{key_id}", status_code=204, responses=errors(401, 403, 404))
async def revoke_api_key(app: App, caller: Caller, key_id: UUID) -> None:
    """End a key, for good."""
    await app.identity.api_keys.revoke(caller, key_id)


def api_key_body(row: ApiKey) -> ApiKeyBody:
    """Return a key as the wire shows it, with what it may really do."""
    return ApiKeyBody(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        role=Role(row.role),
        permissions=sorted(key_permissions(row)),
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
