"""Shapes of logins, people, organisations, keys and the audit log."""

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from kis.api.schemas.common import Time, TraceIdText, WireModel
from kis.identity import Permission, Role, Via
from kis.platform.messages import Locale


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise PydanticCustomError("time_zone", "not a time zone") from error
    return name


Email = Annotated[str, StringConstraints(min_length=3, max_length=254), Field(examples=["hong@example.com"])]
PasswordText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1000),
    Field(json_schema_extra={"format": "password", "writeOnly": True}),
]
SecretText = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"),
]
PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Code = Annotated[str, StringConstraints(pattern="^[A-Z0-9]{1,8}$"), Field(examples=["HB"])]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$"), Field(examples=["KRW"])]
TimeZone = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(_zone),
    Field(examples=["Asia/Seoul"]),
]


class LoginRequest(WireModel):
    """Who wants to come in."""

    email: Email
    password: PasswordText
    organization: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9]{0,8}$")] = Field(
        "", description="Code of the organisation, for who is in several; else the first."
    )


class RefreshRequest(WireModel):
    """A refresh token, good once."""

    refresh_token: SecretText


class OneTimeRequest(WireModel):
    """A one-time link, by what stands after its ``#``."""

    token: SecretText
    password: PasswordText | None = Field(
        None, description="The new password; needed for invitations and resets."
    )


class PasswordChange(WireModel):
    """The caller's password, old and new."""

    current_password: PasswordText
    new_password: PasswordText


class ResetRequest(WireModel):
    """Whose password is to be set anew."""

    email: Email


class LoggedIn(WireModel):
    """A login. A client gets tokens; a browser (``session=true``) gets cookies and its CSRF token."""

    user_id: UUID
    email: str
    name: str
    locale: str
    organization_id: UUID
    role: Role
    session_id: UUID
    access_token: str | None = Field(None, description="To be sent as `Authorization: Bearer …`.")
    expires_in_seconds: int | None = Field(None, description="How long the access token is good.")
    refresh_token: str | None = Field(None, description="Good once, for new tokens.")
    csrf_token: str | None = Field(
        None, description="To be sent as X-CSRF-Token with every change a browser makes."
    )
    trace_id: TraceIdText


class Me(WireModel):
    """The caller, as the installation knows them."""

    user_id: UUID | None = Field(description="None for a machine's key.")
    key_id: UUID | None
    name: str
    organization_id: UUID
    role: Role
    permissions: list[Permission]
    via: Via
    csrf_token: str | None = Field(None, description="For a browser: a CSRF token of this login.")
    trace_id: TraceIdText


class SessionBody(WireModel):
    """A login that stands."""

    id: UUID
    address: str
    user_agent: str
    created_at: Time
    expires_at: Time
    is_current: bool = Field(description="Whether this request was made with it.")


class SessionList(WireModel):
    """The caller's logins, the newest first."""

    items: list[SessionBody]
    trace_id: TraceIdText


class UserBody(WireModel):
    """A person in the caller's organisation."""

    id: UUID
    email: str
    name: str
    locale: str
    role: Role
    is_active: bool
    is_operator: bool = Field(description="May make organisations and see the whole installation.")
    last_login_at: Time | None
    created_at: Time


class Invitation(WireModel):
    """Who is to come in, and as what."""

    email: Email
    role: Role
    name: PersonName = ""
    locale: Locale = "ko"


class LinkBody(WireModel):
    """A one-time link, shown once."""

    purpose: str
    url: str = Field(description="To be opened by its owner; the token stands after its `#`.")
    token: str = Field(description="For `POST /v1/auth/one-time`.")
    expires_at: Time
    mailed: bool = Field(description="Whether it is also on its way to its owner.")


class Invited(WireModel):
    """A new member. ``link`` is None for who has a password already, from another organisation."""

    user: UserBody
    link: LinkBody | None
    trace_id: TraceIdText


class UserPatch(WireModel):
    """What is to be different; what is left out stays."""

    name: PersonName | None = None
    locale: Locale | None = None
    role: Role | None = None
    is_active: bool | None = None


class OrganizationBody(WireModel):
    """An organisation."""

    id: UUID
    code: str
    name: str
    locale: str
    currency: str
    time_zone: str
    created_at: Time


class NewOrganization(WireModel):
    """An organisation to be made, and who administers it."""

    name: Name
    code: Code
    administrator_email: Email
    locale: Locale = "ko"


class OrganizationMade(WireModel):
    """A new organisation and its administrator's link."""

    organization: OrganizationBody
    link: LinkBody | None
    trace_id: TraceIdText


class OrganizationPatch(WireModel):
    """What is to be different; what is left out stays."""

    name: Name | None = None
    locale: Locale | None = None
    currency: Currency | None = None
    time_zone: TimeZone | None = None


class ApiKeyBody(WireModel):
    """A machine's key, without its secret."""

    id: UUID
    name: str
    prefix: str = Field(description="How the key begins, after `kis_`.")
    role: Role
    permissions: list[Permission] = Field(
        description="What it may do: all of its role, or what it was narrowed to."
    )
    created_by: UUID | None
    created_at: Time
    expires_at: Time | None
    last_used_at: Time | None = Field(description="To the minute.")
    revoked_at: Time | None


class NewKey(WireModel):
    """A key to be made."""

    name: Name
    role: Role
    permissions: list[Permission] = Field(default=[], max_length=100)
    expires_at: Time | None = None


class KeyMade(WireModel):
    """A new key. ``key`` is shown this once."""

    api_key: ApiKeyBody
    key: str
    trace_id: TraceIdText


class AuditEntry(WireModel):
    """Who did what to what."""

    sequence: int
    created_at: Time
    organization_id: UUID | None
    actor: str = Field(description="`user:<id>`, `key:<id>` or `system`.")
    action: str = Field(examples=["quotation.sent"])
    target: str = Field(examples=["quotation:0b0e7c1e-5f4e-4d8e-9a53-d9a3c7b0f1aa"])
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    address: str
    trace_id: str
    previous_sha256: str
    sha256: str
