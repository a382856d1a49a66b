"""One thing done to many articles, as a run with an outcome for each: those named, or those a filter finds at the moment it is asked for.

Every article is asked about by itself, as when somebody does it by hand: what the caller may not do to it, or what does not go with where it stands,
fails for that article and no other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.knowledge import articles, flow, repository, texts, wastebin
from kis.knowledge.articles import Article, Place, Status
from kis.knowledge.categories import Category, tree
from kis.knowledge.changing import Decide, Decision
from kis.knowledge.errors import ArticleNotFound, CategoryNotFound
from kis.knowledge.means import Means
from kis.knowledge.models import Article as ArticleRow
from kis.knowledge.models import ImportRun
from kis.knowledge.reading import MOST_LISTED, list_articles
from kis.knowledge.runs.batches import Planned, cut, settling, write
from kis.knowledge.runs.service import start
from kis.knowledge.runs.things import MOST_ROWS, NewRow, Outcome, Row, Settled, stored_problems
from kis.knowledge.runs.working import SERVER_ERROR, Kind
from kis.knowledge.texts import MOST_TAGS, Words
from kis.knowledge.writing import UNSET, Save, Unset, published_now, require_own_review, saving
from kis.platform.errors import BadInput, Forbidden, KisError, Problem
from kis.platform.jobs import JobContext
from kis.platform.messages import Message
from kis.search import Language, Visibility


class Act(StrEnum):
    """What is done."""

    PUBLISH = "publish"
    ARCHIVE = "archive"
    DELETE = "delete"
    RESTORE = "restore"
    """From the bin."""
    MOVE = "move"
    TAG = "tag"
    UNTAG = "untag"
    SHOW_TO = "show_to"
    HAND_OVER = "hand_over"
    """To another owner."""
    REVIEW_ON = "review_on"


NEEDED: Final[Mapping[Act, Permission]] = {
    Act.PUBLISH: Permission.ARTICLE_REVIEW,
    Act.ARCHIVE: Permission.ARTICLE_REVIEW,
    Act.RESTORE: Permission.KNOWLEDGE_ADMIN,
}
"""Permissions other than to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is done and with what; only what belongs to the act counts."""

    act: Act
    category_id: UUID | None = None
    tags: tuple[str, ...] = ()
    visibility: Visibility | None = None
    roles: tuple[str, ...] = ()
    owner: str | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles: by id, or by the conditions of a list."""

    ids: tuple[UUID, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    by_conditions: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks for what, and whether they may publish what nobody else has approved."""

    principal: Principal
    operation: Operation
    publishes: bool


async def start_bulk(
    means: Means,
    principal: Principal,
    operation: Operation,
    selection: Selection,
    *,
    is_dry: bool = False,
) -> UUID:
    """Have something done to many articles; return the id of the run, which says how many they are. A dry run says what would become of each.

    Raises Forbidden, BadInput, CategoryNotFound.
    """
    principal.require(NEEDED.get(operation.act, Permission.ARTICLE_WRITE))
    problems = _problems(operation, selection)
    if problems:
        raise BadInput("request", problems)
    if operation.act is Act.MOVE and operation.category_id is not None:
        _known(await tree(means, principal), operation.category_id)
    ids = await _ids(means, principal, selection)
    async with means.database.transaction(principal.scope) as session:
        slugs = await _slugs(session, principal, ids)
        rows = [
            NewRow(name=slugs.get(article_id, str(article_id)), content={"id": str(article_id)})
            for article_id in ids
        ]
        options = {"name": operation.act.value, "operation": _kept(operation), "dry_run": is_dry}
        return await start(session, principal, operation.act.value, options, rows=rows)


class Bulk:
    """What is done with the rows of bulk operations."""

    def __init__(self, means: Means) -> None:
        self._means = means

    @property
    def kinds(self) -> dict[str, Kind]:
        """Return every kind of run that is worked through here."""
        return {act.value: self for act in Act}

    async def begin(self, principal: Principal, run: ImportRun, context: JobContext) -> None:
        """Do nothing: the rows were made with the run."""

    async def batch(self, principal: Principal, run: ImportRun, rows: Sequence[Row]) -> None:
        """Do it to the articles of rows, in one transaction."""
        operation = _operation(run.options["operation"])
        by = _Asked(principal, operation, await self._publishes(principal))
        found = await self._found(by, rows)
        planned: list[Planned] = []
        outcomes: list[Settled] = []
        for row in rows:
            article = found.get(row.number)
            try:
                decision = _decided(by, row, article)
            except KisError as error:
                if error.status_code >= SERVER_ERROR:
                    raise
                outcomes.append(_failed(row, error))
                continue
            assert article is not None, "what is not there was refused"
            if decision is None:
                outcomes.append(_settled(row, Outcome.UNCHANGED, article.id))
                continue
            planned.append(Planned(before=article, decision=decision))
            outcomes.append(_settled(row, Outcome.UPDATED, article.id))
        if run.options["dry_run"]:
            planned = []
        ready = await cut(self._means, planned)
        async with settling(self._means, principal, run.id, rows) as (session, settled):
            await write(self._means, session, ready, principal)
            settled.extend(outcomes)

    def trim(self, rows: Sequence[Row], limit: int) -> Sequence[Row]:
        """Return the first rows: each is an article of its own."""
        return rows[:limit]

    async def end(self, run: ImportRun) -> None:
        """Do nothing: a bulk operation leaves nothing behind."""

    async def _found(self, by: _Asked, rows: Sequence[Row]) -> dict[int, Article]:
        """Return the articles of rows, as far as they are the organisation's and the caller's to see."""
        found: dict[int, Article] = {}
        async with self._means.database.transaction(by.principal.scope) as session:
            for row in rows:
                in_bin = by.operation.act is Act.RESTORE
                article = await repository.find(session, UUID(row.content["id"]), in_bin=in_bin)
                if article is not None and article.organization_id == by.principal.organization_id:
                    found[row.number] = article
        return found

    async def _publishes(self, principal: Principal) -> bool:
        """Tell whether the caller may publish what nobody else has approved."""
        try:
            await require_own_review(self._means, principal)
        except Forbidden:
            return False
        return True


def _decided(by: _Asked, row: Row, article: Article | None) -> Decision | None:
    """Return what becomes of an article; None where it is so already. Raises what a caller would be told who does it by hand."""
    by.principal.require(NEEDED.get(by.operation.act, Permission.ARTICLE_WRITE))
    if article is None:
        raise ArticleNotFound(UUID(row.content["id"]))
    return _DECIDES[by.operation.act](by, article)


def _publish(by: _Asked, article: Article) -> Decision | None:
    if article.status is Status.PUBLISHED and article.published == article.current:
        return None
    if by.publishes and article.status is not Status.ARCHIVED:
        return Decision(
            after=published_now(article, by.principal.actor),
            action=flow.PUBLISH.action,
            told_before={"status": article.status.value, "version": article.current.number},
            told_after={"status": Status.PUBLISHED.value},
        )
    return flow.taken(flow.PUBLISH, actor=by.principal.actor)(article)


def _archive(by: _Asked, article: Article) -> Decision | None:
    if article.status is Status.ARCHIVED:
        return None
    return flow.taken(flow.ARCHIVE, actor=by.principal.actor)(article)


def _delete(by: _Asked, article: Article) -> Decision | None:
    return wastebin.thrown_away(by.principal)(article)


def _restore(_by: _Asked, article: Article) -> Decision | None:
    return wastebin.fetched_back()(article)


def _save(by: _Asked, article: Article) -> Decision | None:
    """Save what is different. Who may publish publishes new tags with it, where readers had what is there now."""
    operation = by.operation
    is_read = article.status is Status.PUBLISHED and article.published == article.current
    given = Save(
        texts=_tagged(operation, article),
        states={language: text.state for language, text in article.current.texts.items()},
        category_id=operation.category_id if operation.act is Act.MOVE else UNSET,
        visibility=_or_unset(operation.visibility),
        roles=operation.roles if operation.visibility is not None else UNSET,
        owner=_or_unset(operation.owner),
        review_on=operation.review_on if operation.act is Act.REVIEW_ON else UNSET,
        note=f"bulk: {operation.act.value}",
    )
    decide: Decide = saving(by.principal, given, publish=False)
    decision = decide(article)
    if decision is None or not (is_read and by.publishes) or decision.after.current == article.current:
        return decision
    return replace(decision, after=published_now(decision.after, by.principal.actor))


_DECIDES: Final[Mapping[Act, Callable[[_Asked, Article], Decision | None]]] = {
    Act.PUBLISH: _publish,
    Act.ARCHIVE: _archive,
    Act.DELETE: _delete,
    Act.RESTORE: _restore,
    Act.MOVE: _save,
    Act.TAG: _save,
    Act.UNTAG: _save,
    Act.SHOW_TO: _save,
    Act.HAND_OVER: _save,
    Act.REVIEW_ON: _save,
}


def _tagged(operation: Operation, article: Article) -> dict[Language, Words | None]:
    """Return the words with other tags, in every language; nothing for another act."""
    if operation.act not in (Act.TAG, Act.UNTAG):
        return {}
    changed: dict[Language, Words | None] = {}
    problems = []
    for language, text in article.current.texts.items():
        tags = text.words.tags
        if operation.act is Act.TAG:
            wanted = tuple(dict.fromkeys((*tags, *operation.tags)))
        else:
            wanted = tuple(tag for tag in tags if tag not in operation.tags)
        if len(wanted) > MOST_TAGS:
            problems.append(
                Problem(f"texts.{language.value}.tags", Message("knowledge.many", {"limit": MOST_TAGS}))
            )
        changed[language] = replace(text.words, tags=wanted)
    if problems:
        raise BadInput("request", problems)
    return changed


def _problems(operation: Operation, selection: Selection) -> list[Problem]:
    problems: list[Problem] = []
    if not selection.by_conditions and not 0 < len(selection.ids) <= MOST_ROWS:
        problems.append(Problem("ids", Message("knowledge_files.bulk.ids", {"most": MOST_ROWS})))
    if operation.act is Act.RESTORE and selection.by_conditions:
        problems.append(Problem("conditions", Message("knowledge_files.bulk.bin_by_ids")))
    if operation.act in (Act.TAG, Act.UNTAG):
        words = Words(title="-", tags=operation.tags)
        found = texts.problems_of({Language.KO: words})
        problems += [Problem(problem.path.removeprefix("texts.ko."), problem.message) for problem in found]
        if not operation.tags:
            problems.append(Problem("tags", Message("knowledge.empty")))
    if operation.act is Act.SHOW_TO and operation.visibility is None:
        problems.append(Problem("visibility", Message("knowledge.empty")))
    if operation.act is Act.HAND_OVER and operation.owner is None:
        problems.append(Problem("owner", Message("knowledge.owner")))
    place = Place(
        visibility=operation.visibility or Visibility.ORGANIZATION,
        roles=operation.roles,
        owner=operation.owner,
    )
    return problems + articles.problems_of(place)


async def _ids(means: Means, principal: Principal, selection: Selection) -> list[UUID]:
    """Return the articles that are meant, each once. Raises BadInput where a filter finds none or too many."""
    if not selection.by_conditions:
        return list(dict.fromkeys(selection.ids))
    conditions = [*selection.conditions, ("own", "true")]
    found: list[UUID] = []
    page = 0
    while len(found) <= MOST_ROWS:
        page += 1
        listed = await list_articles(
            means, principal, page=page, size=MOST_LISTED, order=("slug", False), conditions=conditions
        )
        found += [item.id for item in listed.items]
        if len(listed.items) < MOST_LISTED:
            break
    if not 0 < len(found) <= MOST_ROWS:
        problem = Problem("conditions", Message("knowledge_files.bulk.found", {"most": MOST_ROWS}))
        raise BadInput("request", [problem])
    return list(dict.fromkeys(found))


async def _slugs(session: AsyncSession, principal: Principal, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the slugs of articles, to name their rows by."""
    chosen = select(ArticleRow.id, ArticleRow.slug).where(
        ArticleRow.organization_id == principal.organization_id, ArticleRow.id.in_(ids)
    )
    return {row.id: row.slug for row in await session.execute(chosen)}


def _known(categories: Sequence[Category], category_id: UUID) -> None:
    if all(category.id != category_id for category in categories):
        raise CategoryNotFound(category_id)


def _settled(row: Row, outcome: Outcome, article_id: UUID) -> Settled:
    return Settled(number=row.number, outcome=outcome, article_id=article_id)


def _failed(row: Row, error: KisError) -> Settled:
    return Settled(number=row.number, outcome=Outcome.FAILED, problems=stored_problems(row.name, error))


def _or_unset(value: Any) -> Any | Unset:
    return UNSET if value is None else value


def _kept(operation: Operation) -> dict[str, Any]:
    """Return an operation as its run keeps it."""
    return {
        "act": operation.act.value,
        "category_id": None if operation.category_id is None else str(operation.category_id),
        "tags": list(operation.tags),
        "visibility": None if operation.visibility is None else operation.visibility.value,
        "roles": list(operation.roles),
        "owner": operation.owner,
        "review_on": None if operation.review_on is None else operation.review_on.isoformat(),
    }


def _operation(kept: Mapping[str, Any]) -> Operation:
    return Operation(
        act=Act(kept["act"]),
        category_id=None if kept["category_id"] is None else UUID(kept["category_id"]),
        tags=tuple(kept["tags"]),
        visibility=None if kept["visibility"] is None else Visibility(kept["visibility"]),
        roles=tuple(kept["roles"]),
        owner=kept["owner"],
        review_on=None if kept["review_on"] is None else date.fromisoformat(kept["review_on"]),
    )
