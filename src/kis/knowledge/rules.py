"""What an organisation decides about its knowledge base."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge import features
from kis.knowledge.means import Means
from kis.knowledge.models import KnowledgeSettings
from kis.knowledge.repository import table
from kis.platform import audit
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

MOST_DAYS: Final = 3650
LONGEST_SHOWN: Final = 64
"""Of a name that is none."""
_HOLD: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('knowledge.settings:' || :organization_id, 0))"
)


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
    """What is decided of ``kis.knowledge.features``, by name; the rest is as it is by itself."""


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
        features={name: bool(on) for name, on in row.features.items() if name in features.NAMES},
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
    async with means.database.transaction(principal.scope) as session:
        await _write(session, principal, rules)
    return rules


async def switch(means: Means, principal: Principal, decided: Mapping[str, bool]) -> Rules:
    """Decide anew which features work; those that are not named are as they are by themselves. Nothing else changes. Raises BadInput."""
    principal.require(Permission.KNOWLEDGE_ADMIN)
    problems = _feature_problems(decided)
    if problems:
        raise BadInput("request", problems)
    async with means.database.transaction(principal.scope) as session:
        await session.execute(_HOLD, {"organization_id": str(principal.organization_id)})
        rules = replace(await rules_of(session, principal.organization_id), features=dict(decided))
        await _write(session, principal, rules)
    return rules


async def _write(session: AsyncSession, principal: Principal, rules: Rules) -> None:
    values: dict[str, Any] = {**asdict(rules), "features": dict(rules.features)}
    await session.execute(_HOLD, {"organization_id": str(principal.organization_id)})
    before = await rules_of(session, principal.organization_id)
    statement = insert(table(KnowledgeSettings)).values(organization_id=principal.organization_id, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["organization_id"], set_=values))
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
    return problems + _feature_problems(rules.features)


def _feature_problems(decided: Mapping[str, bool]) -> list[Problem]:
    """Return a problem for each name that is no feature's: a typing error would otherwise switch nothing, and nobody would know."""
    known = ", ".join(sorted(features.NAMES))
    return [
        Problem(
            f"features.{name[:LONGEST_SHOWN]}".rstrip("."),
            Message("administration.feature_unknown", {"known": known}),
        )
        for name in sorted(decided.keys() - features.NAMES)
    ]
