"""Coming in and going out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response

from kis.api.cookies import give_cookies, take_cookies
from kis.api.dependencies import App, Caller, TraceId, address_of
from kis.api.errors import errors
from kis.api.schemas.common import TraceIdText, WireModel
from kis.api.schemas.identity import (
    LoggedIn,
    LoginRequest,
    Me,
    OneTimeRequest,
    PasswordChange,
    RefreshRequest,
    ResetRequest,
    SessionBody,
    SessionList,
)
from kis.identity import Login, Origin, Via

router = APIRouter(prefix="/v1/auth", tags=["identity"])

ForBrowser = Annotated[
    bool,
    Query(
        alias="session",
        description="For a browser: the login is kept in cookies, and changes need X-CSRF-Token.",
    ),
]


class ResetAsked(WireModel):
    """It was taken note of."""

    trace_id: TraceIdText


@router.post("/login", responses=errors(401))
async def log_in(
    app: App,
    body: LoginRequest,
    request: Request,
    response: Response,
    trace_id: TraceId,
    session: ForBrowser = False,  # noqa: FBT002 - a query parameter
) -> LoggedIn:
    """Log in with e-mail address and password. Whatever is wrong, the answer is the same."""
    login = await app.identity.sessions.login(
        body.email, body.password, _origin(request), organization=body.organization, browser=session
    )
    return _logged_in(request, response, login, trace_id)


@router.post("/refresh", responses=errors(401, 409))
async def refresh_tokens(
    app: App, body: RefreshRequest, request: Request, response: Response, trace_id: TraceId
) -> LoggedIn:
    """Exchange a refresh token for new tokens. One that was used before ends the login; used twice at once, the second gets a 409."""
    login = await app.identity.sessions.refresh(body.refresh_token, _origin(request))
    return _logged_in(request, response, login, trace_id)


@router.post("/logout", status_code=204, responses=errors(401, 403))
async def log_out(app: App, caller: Caller, request: Request, response: Response) -> None:
    """End this login: its tokens and cookies are good no more."""
    await app.identity.sessions.logout(caller)
    take_cookies(request, response)


@router.post("/one-time", responses=errors(401))
async def use_one_time_link(
    app: App,
    body: OneTimeRequest,
    request: Request,
    response: Response,
    trace_id: TraceId,
    session: ForBrowser = False,  # noqa: FBT002 - a query parameter
) -> LoggedIn:
    """Log in with a one-time link, setting the password where the link is for that."""
    login = await app.identity.links.use(
        body.token, _origin(request), password=body.password, browser=session
    )
    return _logged_in(request, response, login, trace_id)


@router.get("/me", responses=errors(401))
async def get_me(app: App, caller: Caller, trace_id: TraceId) -> Me:
    """Return who is calling and what they may do."""
    of_browser = caller.via is Via.SESSION and caller.session_id is not None
    return Me(
        user_id=caller.user_id,
        key_id=caller.key_id,
        name=caller.name,
        organization_id=caller.organization_id,
        role=caller.role,
        permissions=sorted(caller.permissions),
        via=caller.via,
        csrf_token=app.identity.cookies.csrf(caller.session_id) if of_browser and caller.session_id else None,
        trace_id=trace_id,
    )


@router.post("/password", status_code=204, responses=errors(401, 403))
async def change_password(app: App, caller: Caller, body: PasswordChange) -> None:
    """Give the caller a new password. Their other logins end."""
    await app.identity.sessions.change_password(caller, body.current_password, body.new_password)


@router.post("/reset", status_code=202)
async def ask_for_reset(
    app: App, body: ResetRequest, request: Request, trace_id: TraceId, background: BackgroundTasks
) -> ResetAsked:
    """Have a link to a new password mailed to this address. The answer is the same, and as quick, whether or not anybody has it."""
    await app.identity.links.allow_reset(_origin(request))
    background.add_task(app.identity.links.ask_reset, body.email, _origin(request))
    return ResetAsked(trace_id=trace_id)


@router.get("/sessions", responses=errors(401, 403))
async def list_sessions(app: App, caller: Caller, trace_id: TraceId) -> SessionList:
    """List the caller's logins that stand, the newest first."""
    rows = await app.identity.sessions.mine(caller)
    items = [
        SessionBody(
            id=row.id,
            address=row.address,
            user_agent=row.user_agent,
            created_at=row.created_at,
            expires_at=row.expires_at,
            is_current=row.id == caller.session_id,
        )
        for row in rows
    ]
    return SessionList(items=items, trace_id=trace_id)


@router.delete("/sessions/{session_id}", status_code=204, responses=errors(401, 403, 404))
async def end_session(app: App, caller: Caller, session_id: UUID) -> None:
    """End one of the caller's logins."""
    await app.identity.sessions.end(caller, session_id)


def _origin(request: Request) -> Origin:
    return Origin(address_of(request), request.headers.get("user-agent", ""))


def _logged_in(request: Request, response: Response, login: Login, trace_id: str) -> LoggedIn:
    if login.cookie:
        give_cookies(request, response, login)
    return LoggedIn(
        user_id=login.user_id,
        email=login.email,
        name=login.name,
        locale=login.locale,
        organization_id=login.organization_id,
        role=login.role,
        session_id=login.session_id,
        access_token=login.access_token or None,
        expires_in_seconds=login.access_token_seconds or None,
        refresh_token=login.refresh_token or None,
        csrf_token=login.csrf_token or None,
        trace_id=trace_id,
    )
