"""PostgreSQL: the tables' common base, and transactions that see one organisation's rows and no other.

``async with database.transaction(scope) as session`` is the only way to the data. The role a connection logs in with may touch nothing; each
transaction takes the role ``authenticated`` (row-level security: the rows of the scope's organisation) or, for the program's own work,
``service_role``. A query that forgets its WHERE therefore shows nothing it should not.
"""

from kis.platform.database.base import Base, UtcDateTime, created_at, primary_key, updated_at
from kis.platform.database.database import Database, Scope
from kis.platform.database.rules import RuleHeld

__all__ = ["Base", "Database", "RuleHeld", "Scope", "UtcDateTime", "created_at", "primary_key", "updated_at"]
