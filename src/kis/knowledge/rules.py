"""What an organisation decides about its knowledge base."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge.means import Means
from kis.knowledge.models import KnowledgeSettings
from kis.knowledge.repository import table
from kis.knowledge.texts import is_storable
from kis.platform import audit
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

MOST_DAYS: Final = 3650
MOST_FEATURES: Final = 50
LONGEST_FEATURE: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds in an organisation; these, where it has decided nothing."""

    author_may_review: bool = False
    reminder_days: int = 14
    """So long before the day of its review the owner of an article is reminded."""
    search_log_days: int = 90
    bin_days: int = 30
    """So long what was deleted can be fetched back."""
    features: Mapping[str, bool] = field(default_factory=dict)


async def rules_of(session: AsyncSession, organization_id: UUID) -> Rules:
    """Return what holds in an organisation."""
    chosen = select(KnowledgeSettings).where(KnowledgeSettings.organization_id == organization_id)
    row = (await session.scalars(chosen)).one_or_none()
    if row is None:
        return Rules()
    return Rules(
        author_may_review=row.author_may_review,
        reminder_days=row.reminder_days,
        search_log_days=row.search_log_days,
        bin_days=row.bin_days,
        features=row.features,
    )


async def get(means: Means, principal: Principal) -> Rules:
    """Return what holds in the caller's organisation."""
    principal.require(Permission.ARTICLE_READ)
    async with means.database.transaction(principal.scope) as session:
        return await rules_of(session, principal.organization_id)


async def put(means: Means, principal: Principal, rules: Rules) -> Rules:
    """Decide anew. Raises BadInput."""
    principal.require(Permission.KNOWLEDGE_ADMIN)
    problems = _problems(rules)
    if problems:
        raise BadInput("request", problems)
    values: dict[str, Any] = {**asdict(rules), "features": dict(rules.features)}
    async with means.database.transaction(principal.scope) as session:
        before = await rules_of(session, principal.organization_id)
        statement = insert(table(KnowledgeSettings)).values(
            organization_id=principal.organization_id, **values
        )
        await session.execute(
            statement.on_conflict_do_update(index_elements=["organization_id"], set_=values)
        )
        await audit.record(
            session,
            organization_id=principal.organization_id,
            actor=principal.actor,
            action="knowledge.settings_changed",
            target=f"organization:{principal.organization_id}",
            before={**asdict(before), "features": dict(before.features)},
            after=values,
            address=principal.address,
        )
    return rules


def _problems(rules: Rules) -> list[Problem]:
    problems = [
        Problem(path, Message("knowledge.days", {"least": least, "most": MOST_DAYS}))
        for path, days, least in (
            ("reminderDays", rules.reminder_days, 0),
            ("searchLogDays", rules.search_log_days, 1),
            ("binDays", rules.bin_days, 1),
        )
        if not least <= days <= MOST_DAYS
    ]
    names = [name for name in rules.features if not 0 < len(name) <= LONGEST_FEATURE or not is_storable(name)]
    if names or len(rules.features) > MOST_FEATURES:
        problems.append(
            Problem(
                "features", Message("knowledge.features", {"most": MOST_FEATURES, "longest": LONGEST_FEATURE})
            )
        )
    return problems
