"""Who is calling: every service is given one, and asks it before it acts."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kis.identity.permissions import Permission, Role
from kis.platform.database import Scope
from kis.platform.errors import Forbidden
from kis.platform.messages import Message


class Via(StrEnum):
    """By what a caller was known."""

    SESSION = "session"
    """A browser's cookie: changes need the CSRF token."""
    TOKEN = "token"
    API_KEY = "api_key"
    FOREIGN = "foreign"
    """A token of another issuer."""
    LOCAL = "local"
    """The operator at this machine's command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A caller in one organisation. ``user_id`` is None for a machine's key, ``key_id`` for a person."""

    organization_id: UUID
    role: Role
    permissions: frozenset[Permission]
    via: Via
    user_id: UUID | None = None
    key_id: UUID | None = None
    session_id: UUID | None = None
    name: str = ""
    address: str = ""

    @property
    def scope(self) -> Scope:
        """Return whose rows this caller's transactions see."""
        sees_drafts = self.may(Permission.ARTICLE_WRITE) or self.may(Permission.ARTICLE_REVIEW)
        return Scope(self.organization_id, self.user_id, self.role.value, sees_drafts)

    @property
    def actor(self) -> str:
        """Return the caller as the audit log and the rows name it: ``user:<id>``, ``key:<id>`` or ``system``."""
        if self.user_id is not None:
            return f"user:{self.user_id}"
        return f"key:{self.key_id}" if self.key_id is not None else "system"

    def may(self, permission: Permission) -> bool:
        """Tell whether the caller has ``permission``."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless the caller has ``permission``."""
        if not self.may(permission):
            raise Forbidden(
                Message("identity.forbidden", {"permission": permission.value, "role": self.role.value}),
                permission=permission.value,
            )
