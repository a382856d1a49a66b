"""Who: users, organisations, roles, credentials, and the principal every service asks before it acts."""

from kis.identity.api_keys import NewApiKey, key_permissions
from kis.identity.identity import Identity
from kis.identity.models import ApiKey
from kis.identity.organizations import OrganizationChange
from kis.identity.parts import IssuedLink, Login, Origin
from kis.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from kis.identity.principal import Principal, Via
from kis.identity.repository import Member
from kis.identity.tidying import chores
from kis.identity.users import UserChange

__all__ = [
    "ROLE_PERMISSIONS",
    "ApiKey",
    "Identity",
    "IssuedLink",
    "Login",
    "Member",
    "NewApiKey",
    "OrganizationChange",
    "Origin",
    "Permission",
    "Principal",
    "Role",
    "UserChange",
    "Via",
    "chores",
    "key_permissions",
]
