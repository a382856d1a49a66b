"""The people of the caller's organisation."""

from uuid import UUID

from fastapi import APIRouter, Response

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.pages import PlainPageRequest
from kis.api.schemas.common import Page
from kis.api.schemas.identity import Invitation, Invited, LinkBody, UserBody, UserPatch
from kis.identity import IssuedLink, Member, UserChange

router = APIRouter(prefix="/v1/users", tags=["identity"])


@router.get("", responses=errors(401, 403))
async def list_users(app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId) -> Page[UserBody]:
    """List the people by e-mail address."""
    members, total = await app.identity.users.list(caller, offset=page.offset, limit=page.size)
    items = [user_body(member) for member in members]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.post("", status_code=201, responses=errors(401, 403, 409))
async def invite_user(
    app: App, caller: Caller, body: Invitation, response: Response, trace_id: TraceId
) -> Invited:
    """Invite a person. Their one-time link is in the answer, and mailed where mail is set."""
    member, link = await app.identity.users.invite(
        caller, body.email, body.role, name=body.name, locale=body.locale
    )
    response.headers["Location"] = f"/v1/users/{member.user.id}"
    return Invited(user=user_body(member), link=link_body(link), trace_id=trace_id)


@router.get("/{user_id}", responses=errors(401, 403, 404))
async def get_user(app: App, caller: Caller, user_id: UUID) -> UserBody:
    """Return one of the people; everybody may see themselves."""
    return user_body(await app.identity.users.get(caller, user_id))


@router.patch("/{user_id}", responses=errors(401, 403, 404, 409))
async def change_user(app: App, caller: Caller, user_id: UUID, body: UserPatch) -> UserBody:
    """Change a person's name, language, role, or whether they may log in; everybody may change their own name and language."""
    change = UserChange(name=body.name, locale=body.locale, role=body.role, is_active=body.is_active)
    return user_body(await app.identity.users.change(caller, user_id, change))


@router.delete("/{user_id}", status_code=204, responses=errors(401, 403, 404, 409))
async def remove_user(app: App, caller: Caller, user_id: UUID) -> None:
    """Let a person go from the organisation. The last administrator stays."""
    await app.identity.users.remove(caller, user_id)


@router.post("/{user_id}/reset-link", status_code=201, responses=errors(401, 403, 404, 409))
async def make_reset_link(app: App, caller: Caller, user_id: UUID) -> LinkBody:
    """Make a link with which the person sets a new password; shown once, and mailed where mail is set."""
    return made_link(await app.identity.users.reset_link(caller, user_id))


def user_body(member: Member) -> UserBody:
    """Return a member as the wire shows them."""
    user = member.user
    return UserBody(
        id=user.id,
        email=user.email,
        name=user.name,
        locale=user.locale,
        role=member.role,
        is_active=user.is_active,
        is_operator=user.is_operator,
        last_login_at=user.last_login_at,
        created_at=user.created_at,
    )


def link_body(link: IssuedLink | None) -> LinkBody | None:
    """Return a link as the wire shows it, where there is one."""
    return None if link is None else made_link(link)


def made_link(link: IssuedLink) -> LinkBody:
    """Return a link as the wire shows it."""
    return LinkBody(
        purpose=link.purpose,
        url=link.url,
        token=link.token,
        expires_at=link.expires_at,
        mailed=link.mailed,
    )
