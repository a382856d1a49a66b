"""What can be wrong with a credential or a change to people and organisations.

KisError
├── Unauthenticated
│   ├── LoginRefused         name or password is wrong; never says which
│   ├── TokenRefused         a token, key or cookie is not good
│   │   └── TokenExpired     it was, and can be refreshed
│   └── LinkRefused          a one-time link is used, expired or unknown
├── Forbidden
│   └── CsrfRefused          a change by a browser's session without its CSRF token
├── Conflict
│   ├── RefreshRace          the refresh token was used a moment ago by another request of the same client
│   ├── LastAdministrator    the organisation would be left without one
│   ├── EmailTaken           somebody has this address
│   └── CodeTaken            an organisation has this code
└── TooManyRequests          too many attempts to log in
"""

from kis.platform.errors import Conflict, Forbidden, Unauthenticated
from kis.platform.messages import Message


class LoginRefused(Unauthenticated):
    """Name or password is wrong, or the account may not log in: one answer for all of it."""

    code = "login_refused"

    def __init__(self) -> None:
        super().__init__(Message("identity.login_refused"))


class TokenRefused(Unauthenticated):
    """A token, key or cookie is not good. ``why`` is for the log; callers are told one thing."""

    code = "token_refused"

    def __init__(self, why: str) -> None:
        super().__init__(Message("identity.token_refused"), hint=Message("identity.log_in_again"))
        self.why = why


class TokenExpired(TokenRefused):
    """The access token was good and its time is over."""

    code = "token_expired"

    def __init__(self) -> None:
        super().__init__("expired")
        self.message = Message("identity.token_expired")


class LinkRefused(Unauthenticated):
    """A one-time link that is used, expired or was never given."""

    code = "link_refused"

    def __init__(self) -> None:
        super().__init__(Message("identity.link_refused"), hint=Message("identity.link_hint"))


class CsrfRefused(Forbidden):
    """A change by a browser's session without the token only its own pages know."""

    code = "csrf_refused"

    def __init__(self) -> None:
        super().__init__(Message("identity.csrf_refused"))


class RefreshRace(Conflict):
    """The refresh token was used a moment ago: the client asked twice at once, and has its answer in the other one."""

    code = "refresh_race"

    def __init__(self) -> None:
        super().__init__(Message("identity.refresh_race"))


class LastAdministrator(Conflict):
    """The organisation would be left without an administrator."""

    code = "last_administrator"

    def __init__(self) -> None:
        super().__init__(Message("identity.last_administrator"))


class EmailTaken(Conflict):
    """Somebody has this address already."""

    code = "email_taken"

    def __init__(self, message: Message | None = None) -> None:
        super().__init__(message or Message("identity.email_taken"))


class CodeTaken(Conflict):
    """An organisation has this code already."""

    code = "code_taken"

    def __init__(self, code: str) -> None:
        super().__init__(Message("identity.code_taken", {"code": code}))
