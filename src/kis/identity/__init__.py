"""Who: users, organisations, roles, credentials, and the principal every service asks before it acts."""

from kis.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from kis.identity.principal import Principal, Via

__all__ = ["ROLE_PERMISSIONS", "Permission", "Principal", "Role", "Via"]
