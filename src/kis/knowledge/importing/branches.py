"""The categories of an import: made or brought up to date before the articles that hang on them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge.categories import DEEPEST, MOST_CATEGORIES, held
from kis.knowledge.importing.options import Conflict, ImportOptions
from kis.knowledge.means import Means
from kis.knowledge.models import Category, ImportRow
from kis.knowledge.runs.batches import settling
from kis.knowledge.runs.things import Outcome, Row, Settled, stored_problem
from kis.platform.errors import Problem
from kis.platform.messages import Message


async def branch(
    means: Means, principal: Principal, run_id: UUID, rows: Sequence[Row], options: ImportOptions
) -> None:
    """Write the categories of rows, parents first as they come. A dry run writes what would become of them alone."""
    async with settling(means, principal, run_id, rows) as (session, settled):
        await held(session, principal)  # one change of the tree at a time
        chosen = select(Category).where(Category.organization_id == principal.organization_id)
        known = {category.slug: category for category in await session.scalars(chosen)}
        if options.is_dry:
            for slug, category_id in (await foreseen(session, run_id)).items():
                known[slug] = Category(id=category_id, slug=slug)
        settled.extend(
            [
                await _written(None if options.is_dry else session, principal, row, known, options)
                for row in rows
            ]
        )


async def foreseen(session: AsyncSession, run_id: UUID) -> dict[str, UUID]:
    """Return the categories that a dry run would have made so far, by slug, with an id that stands for each."""
    slug = ImportRow.content["slug"].astext
    chosen = select(slug).where(
        ImportRow.run_id == run_id,
        ImportRow.outcome == Outcome.CREATED.value,
        ImportRow.content["kind"].astext == "category",
    )
    return {found: uuid4() for found in await session.scalars(chosen)}


async def _written(
    session: AsyncSession | None,
    principal: Principal,
    row: Row,
    known: dict[str, Category],
    options: ImportOptions,
) -> Settled:
    """Write a category, or say without a session what would become of it."""
    content = row.content
    parent, problem = _parent(row, known)
    if problem is not None:
        return Settled(number=row.number, outcome=Outcome.FAILED, problems=(stored_problem(problem),))
    found = known.get(content["slug"])
    if found is None and len(known) >= MOST_CATEGORIES:
        told = Message("knowledge.many", {"limit": MOST_CATEGORIES})
        return Settled(
            number=row.number, outcome=Outcome.FAILED, problems=(stored_problem(Problem(row.name, told)),)
        )
    values: dict[str, Any] = {
        "name_ko": content["name_ko"],
        "name_en": content["name_en"],
        "icon": content["icon"],
        "parent_id": parent,
        **({} if content["position"] is None else {"position": content["position"]}),
    }
    if found is None:
        made = Category(id=uuid4(), organization_id=principal.organization_id, slug=content["slug"], **values)
        if session is not None:
            session.add(made)
            await session.flush()
        known[made.slug] = made
        return Settled(number=row.number, outcome=Outcome.CREATED)
    if not content["is_described"] or all(getattr(found, name) == value for name, value in values.items()):
        return Settled(number=row.number, outcome=Outcome.UNCHANGED)
    if options.conflict is Conflict.SKIP:
        skipped = stored_problem(Problem(row.name, Message("knowledge_files.row.skipped")))
        return Settled(number=row.number, outcome=Outcome.SKIPPED, problems=(skipped,))
    if session is not None:
        for name, value in values.items():
            setattr(found, name, value)
        await session.flush()
    return Settled(number=row.number, outcome=Outcome.UPDATED)


def _parent(row: Row, known: Mapping[str, Category]) -> tuple[UUID | None, Problem | None]:
    """Return the parent of a category, or what is wrong with it: it does not exist, or hangs on the category itself."""
    slug = row.content["parent"]
    if slug is None:
        return None, None
    by_id = {category.id: category for category in known.values()}
    above = known.get(slug)
    if above is None:
        return None, _wrong(row, slug)
    parent, depth = above.id, 1
    while above is not None:
        depth += 1
        if above.slug == row.content["slug"] or depth > DEEPEST:
            return None, _wrong(row, slug)
        above = None if above.parent_id is None else by_id.get(above.parent_id)
    return parent, None


def _wrong(row: Row, parent: str) -> Problem:
    return Problem(f"{row.name} parent", Message("knowledge_files.category.parent", {"parent": parent}))
