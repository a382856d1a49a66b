"""The tables as the models say. Importing this imports every models module: the one place that reaches into all contexts."""

from typing import Final

import kis.assistant.models
import kis.catalog.store.models
import kis.evidence.store.models
import kis.identity.models
import kis.knowledge.models
import kis.platform.audit.models
import kis.platform.jobs.models
import kis.quotations.models
import kis.search.models  # noqa: F401 - imported for the tables they add to the metadata
from kis.migrations.schemas import SCHEMAS, VECTOR_INDEXES
from kis.platform.database import Base

METADATA: Final = Base.metadata


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Return whether Alembic should look at a schema, table or index: others live in the same database."""
    if kind == "index" and name is not None and name.startswith(VECTOR_INDEXES):
        return False
    return name in SCHEMAS if kind == "schema" else True
