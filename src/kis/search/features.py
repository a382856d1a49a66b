"""What an organisation may switch off: each feature by its name, what holds where nothing is decided, and what is decided now.

The switches stand in ``knowledge.settings.features``. They are read in the transaction of what they concern, so a change counts for the next request of
every process. Features of the knowledge base itself are in ``kis.knowledge.features``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.messages import Message
from kis.search.things import Query

_DECIDED: Final = text("SELECT features FROM knowledge.settings WHERE organization_id = :organization_id")


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that can be switched."""

    name: str
    is_on: bool = True
    """Where an organisation has decided nothing."""

    @property
    def description(self) -> Message:
        """Return what it does, for who decides."""
        return Message(f"administration.feature.{self.name.replace('.', '_')}")


CORRECTIONS: Final = Feature("search.corrections")
"""Other readings of a query that finds little are tried by themselves."""
VECTORS: Final = Feature("search.vectors")
"""Where the installation has a model, texts are also found by their meaning."""
SEARCH_FEATURES: Final = (CORRECTIONS, VECTORS)


@dataclass(frozen=True, slots=True)
class Switches:
    """What an organisation has decided, by the name of the feature."""

    decided: Mapping[str, Any]

    def is_on(self, feature: Feature) -> bool:
        """Tell whether a feature works."""
        return bool(self.decided.get(feature.name, feature.is_on))


async def switches_of(session: AsyncSession, organization_id: UUID) -> Switches:
    """Return what an organisation has decided."""
    return Switches(await session.scalar(_DECIDED, {"organization_id": organization_id}) or {})


def as_switched(query: Query, switches: Switches) -> Query:
    """Return a query without what the asker's organisation has switched off."""
    return replace(
        query,
        corrects=query.corrects and switches.is_on(CORRECTIONS),
        by_meaning=query.by_meaning and switches.is_on(VECTORS),
    )
