"""Which articles are handed out, and what of them: only what the caller may read, in the order of their slugs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from kis.identity import Principal
from kis.knowledge import attachments, categories
from kis.knowledge.exporting.things import Branch, Item, Neighbours, Picture
from kis.knowledge.importing.links import linked_attachment, targets
from kis.knowledge.means import Means
from kis.knowledge.models import Attachment
from kis.knowledge.reading import MOST_LISTED, Shown, get, list_articles
from kis.knowledge.runs.things import MOST_ROWS
from kis.knowledge.texts import Texts
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.platform.storage import ObjectMissing
from kis.search import Language, Visibility

_ORDER: Final = ("slug", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for. Without slugs and conditions, all there is."""

    slugs: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    languages: tuple[Language, ...] = ()
    """None: each there is."""
    published: bool = False
    """Also for those who write: what readers are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What was found to be handed out."""

    ids: tuple[UUID, ...]
    branches: tuple[Branch, ...]
    slugs_of_branches: Mapping[UUID, str]
    neighbours: Neighbours


async def select_articles(means: Means, principal: Principal, wanted: Wanted) -> Selected:
    """Find what is to be handed out. Raises BadInput where that is nothing, or too much."""
    tree = await categories.tree(means, principal)
    slugs = {category.id: category.slug for category in tree}
    found = await _found(means, principal, wanted)
    if not 0 < len(found) <= MOST_ROWS:
        problem = Problem("conditions", Message("knowledge_files.bulk.found", {"most": MOST_ROWS}))
        raise BadInput("request", [problem])
    used = _with_parents({one.category_id for one in found if one.category_id is not None}, tree)
    branches = [
        Branch(
            slug=category.slug,
            name_ko=category.name_ko,
            name_en=category.name_en,
            icon=category.icon,
            position=category.position,
            parent=None if category.parent_id is None else slugs[category.parent_id],
        )
        for category in tree
        if category.id in used
    ]
    return Selected(
        ids=tuple(one.id for one in found),
        branches=tuple(branches),
        slugs_of_branches=slugs,
        neighbours=Neighbours(
            folders={one.slug: slugs.get(one.category_id, "") if one.category_id else "" for one in found},
            languages={one.slug: frozenset(_chosen(one.texts, wanted)) for one in found},
        ),
    )


async def item_of(
    means: Means, principal: Principal, article_id: UUID, selected: Selected, wanted: Wanted
) -> Item:
    """Return an article whole, with the pictures of its texts. Raises ArticleNotFound where it has gone meanwhile."""
    shown = await get(means, principal, article_id, published=wanted.published)
    chosen = _chosen(shown.texts, wanted)
    category = selected.slugs_of_branches.get(shown.category_id) if shown.category_id else None
    return Item(
        slug=shown.slug,
        category=category,
        shared=_shared(shown, category),
        texts=chosen,
        saved_at=shown.saved_at,
        pictures=await _pictures(means, principal, article_id, chosen),
    )


async def _found(means: Means, principal: Principal, wanted: Wanted) -> list[Shown]:
    conditions = [*wanted.conditions, ("own", "true")]
    found: list[Shown] = []
    page = 0
    while len(found) <= MOST_ROWS:
        page += 1
        listed = await list_articles(
            means,
            principal,
            page=page,
            size=MOST_LISTED,
            order=_ORDER,
            conditions=conditions,
            published=wanted.published,
        )
        found += listed.items
        if len(listed.items) < MOST_LISTED:
            break
    asked = set(wanted.slugs)
    kept = {one.id: one for one in found if (not asked or one.slug in asked) and _chosen(one.texts, wanted)}
    return sorted(kept.values(), key=lambda one: one.slug)


def _chosen(texts: Texts, wanted: Wanted) -> Texts:
    if not wanted.languages:
        return texts
    return {language: text for language, text in texts.items() if language in wanted.languages}


def _with_parents(used: set[UUID], tree: Sequence[categories.Category]) -> set[UUID]:
    parents = {category.id: category.parent_id for category in tree}
    whole = set(used)
    for category_id in used:
        above = parents.get(category_id)
        while above is not None and above not in whole:
            whole.add(above)
            above = parents.get(above)
    return whole


def _shared(shown: Shown, category: str | None) -> dict[str, Any]:
    """Return what an article says of itself, by the names an import knows; of those who only read, nothing of how it is worked on."""
    given: dict[str, Any] = {"slug": shown.slug, "type": shown.type.value, "category": category}
    if shown.desk is None:
        given["status"] = "published"
        if shown.visibility is not Visibility.ROLE:
            given["visibility"] = shown.visibility.value
    else:
        desk = shown.desk
        given |= {
            "visibility": shown.visibility.value,
            "roles": list(desk.roles),
            "review_on": None if desk.review_on is None else desk.review_on.isoformat(),
            "status": desk.status.value,
        }
    given["expires_at"] = None if shown.expires_at is None else shown.expires_at.isoformat()
    given["metadata"] = dict(shown.metadata)
    return {name: value for name, value in given.items() if value}


async def _pictures(means: Means, principal: Principal, article_id: UUID, texts: Texts) -> dict[str, Picture]:
    """Return the pictures that texts show and that are attached to their article."""
    digests = {
        sha256
        for text in texts.values()
        for target in targets(text.words.body)
        if (sha256 := linked_attachment(target.text)) is not None
    }
    if not digests:
        return {}
    async with means.database.transaction(principal.scope) as session:
        chosen = select(Attachment).where(Attachment.article_id == article_id, Attachment.sha256.in_(digests))
        rows = (await session.scalars(chosen.order_by(Attachment.sha256, Attachment.created_at))).all()
    found: dict[str, Picture] = {}
    for row in rows:
        if row.sha256 in found:
            continue
        try:
            data = await means.storage.get(attachments.path_of(row.organization_id, row.sha256))
        except ObjectMissing:
            continue
        found[row.sha256] = Picture(name=row.name, media_type=row.media_type, data=data)
    return found
