"""The synonyms that an organisation's administrators add to those that came with the program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.database import Database
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search.asking.folding import fold, plain
from kis.search.errors import SynonymsNotFound
from kis.search.models import Synonym

FEWEST_WORDS: Final = 2
MOST_WORDS: Final = 20
LONGEST_WORD: Final = 60
MOST_GROUPS: Final = 1_000
"""Of an organisation."""
_LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('search.synonyms:' || :organization_id, 0))"
)
"""One change at a time: two that are few enough alone can be too many together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymGroup:
    """Words that mean the same."""

    id: UUID
    words: tuple[str, ...]
    is_active: bool = True


async def list_groups(database: Database, caller: Principal) -> tuple[SynonymGroup, ...]:
    """Return the organisation's groups, by their first word."""
    caller.require(Permission.KNOWLEDGE_ADMIN)
    wanted = (
        select(Synonym)
        .where(Synonym.organization_id == caller.organization_id)
        .order_by(Synonym.words, Synonym.id)
        .limit(MOST_GROUPS)
    )
    async with database.transaction(caller.scope) as session:
        return tuple(_group(row) for row in (await session.execute(wanted)).scalars())


async def add_group(
    database: Database, caller: Principal, words: Sequence[str], *, is_active: bool = True
) -> SynonymGroup:
    """Add a group. Raises BadInput with every problem."""
    caller.require(Permission.KNOWLEDGE_ADMIN)
    group = SynonymGroup(id=uuid4(), words=_written(words), is_active=is_active)
    problems = _problems(words)
    counted = (
        select(func.count()).select_from(Synonym).where(Synonym.organization_id == caller.organization_id)
    )
    async with database.transaction(caller.scope) as session:
        await session.execute(_LOCK, {"organization_id": str(caller.organization_id)})
        if (await session.execute(counted)).scalar_one() >= MOST_GROUPS:
            problems.append(Problem("", Message("search.invalid.many_groups", {"limit": MOST_GROUPS})))
        if problems:
            raise BadInput("request", problems)
        row = {"id": group.id, "organization_id": caller.organization_id, **_facts(group)}
        await session.execute(insert(Synonym).values(**row))
        await _tell(session, caller, "synonyms.added", group.id, after=_facts(group))
    return group


async def change_group(
    database: Database, caller: Principal, group_id: UUID, words: Sequence[str], *, is_active: bool = True
) -> SynonymGroup:
    """Put other words in place of a group's. Raises BadInput with every problem, SynonymsNotFound."""
    caller.require(Permission.KNOWLEDGE_ADMIN)
    if problems := _problems(words):
        raise BadInput("request", problems)
    group = SynonymGroup(id=group_id, words=_written(words), is_active=is_active)
    async with database.transaction(caller.scope) as session:
        before = await _held(session, caller, group_id)
        if group != before:
            await session.execute(
                update(Synonym)
                .where(Synonym.id == group_id)
                .values(**_facts(group))
                .execution_options(synchronize_session=False)
            )
            await _tell(
                session, caller, "synonyms.changed", group_id, before=_facts(before), after=_facts(group)
            )
    return group


async def remove_group(database: Database, caller: Principal, group_id: UUID) -> None:
    """Take a group away. Raises SynonymsNotFound."""
    caller.require(Permission.KNOWLEDGE_ADMIN)
    async with database.transaction(caller.scope) as session:
        before = await _held(session, caller, group_id)
        await session.execute(delete(Synonym).where(Synonym.id == group_id))
        await _tell(session, caller, "synonyms.removed", group_id, before=_facts(before))


def _problems(words: Sequence[str]) -> list[Problem]:
    problems: list[Problem] = []
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS:
        limits = {"least": FEWEST_WORDS, "most": MOST_WORDS}
        problems.append(Problem("words", Message("search.invalid.words", limits)))
    seen: set[str] = set()
    for place, word in enumerate(words[:MOST_WORDS]):
        path = f"words[{place}]"
        if len(word) > LONGEST_WORD:
            problems.append(Problem(path, Message("search.invalid.long", {"limit": LONGEST_WORD})))
            continue
        folded = " ".join(fold(word).split())
        if not any(map(str.isalnum, folded)):
            problems.append(Problem(path, Message("search.invalid.empty")))
        elif folded in seen:
            problems.append(Problem(path, Message("search.invalid.twice")))
        seen.add(folded)
    return problems


def _written(words: Sequence[str]) -> tuple[str, ...]:
    """Return words as they are kept: on one line, without what nobody sees."""
    return tuple(" ".join(plain(word[:LONGEST_WORD]).split()) for word in words[:MOST_WORDS])


async def _held(session: AsyncSession, caller: Principal, group_id: UUID) -> SynonymGroup:
    """Return a group of the organisation that nobody else changes until the transaction ends."""
    own = select(Synonym).where(Synonym.id == group_id, Synonym.organization_id == caller.organization_id)
    row = (await session.execute(own.with_for_update())).scalar_one_or_none()
    if row is None:
        raise SynonymsNotFound(group_id)
    return _group(row)


async def _tell(
    session: AsyncSession,
    caller: Principal,
    action: str,
    group_id: UUID,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    await audit.record(
        session,
        organization_id=caller.organization_id,
        actor=caller.actor,
        action=action,
        target=f"synonyms:{group_id}",
        before=before,
        after=after,
        address=caller.address,
    )


def _group(row: Synonym) -> SynonymGroup:
    return SynonymGroup(id=row.id, words=tuple(row.words), is_active=row.is_active)


def _facts(group: SynonymGroup) -> dict[str, Any]:
    return {"words": list(group.words), "is_active": group.is_active}
