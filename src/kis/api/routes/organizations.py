"""Organisations: their own for everybody, all of them for operators."""

from uuid import UUID

from fastapi import APIRouter, Response

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.pages import PlainPageRequest
from kis.api.routes.users import link_body
from kis.api.schemas.common import Page
from kis.api.schemas.identity import NewOrganization, OrganizationBody, OrganizationMade, OrganizationPatch
from kis.identity import OrganizationChange

router = APIRouter(prefix="/v1/organizations", tags=["identity"])


@router.get("", responses=errors(401, 403))
async def list_organizations(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId
) -> Page[OrganizationBody]:
    """List the organisations the caller may see, by code."""
    rows, total = await app.identity.organizations.list(caller, offset=page.offset, limit=page.size)
    items = [OrganizationBody.model_validate(row) for row in rows]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.post("", status_code=201, responses=errors(401, 403, 409))
async def create_organization(
    app: App, caller: Caller, body: NewOrganization, response: Response, trace_id: TraceId
) -> OrganizationMade:
    """Make an organisation and invite its administrator. For operators of the installation."""
    row, link = await app.identity.organizations.create(
        caller, body.name, body.code, body.administrator_email, locale=body.locale
    )
    response.headers["Location"] = f"/v1/organizations/{row.id}"
    return OrganizationMade(
        organization=OrganizationBody.model_validate(row), link=link_body(link), trace_id=trace_id
    )


@router.get("/{organization_id}", responses=errors(401, 403, 404))
async def get_organization(app: App, caller: Caller, organization_id: UUID) -> OrganizationBody:
    """Return an organisation."""
    return OrganizationBody.model_validate(await app.identity.organizations.get(caller, organization_id))


@router.patch("/{organization_id}", responses=errors(401, 403, 404))
async def change_organization(
    app: App, caller: Caller, organization_id: UUID, body: OrganizationPatch
) -> OrganizationBody:
    """Change an organisation's name, language, currency or time zone. Its code stays: quotations carry it."""
    change = OrganizationChange(
        name=body.name, locale=body.locale, currency=body.currency, time_zone=body.time_zone
    )
    return OrganizationBody.model_validate(
        await app.identity.organizations.change(caller, organization_id, change)
    )
