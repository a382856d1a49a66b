"""The rows of an import become articles: a batch of them in one transaction, with what the search finds and the outcome of each row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Principal
from kis.knowledge import articles, attachments, repository, texts
from kis.knowledge.articles import Article, ArticleType, Place
from kis.knowledge.changing import Decision
from kis.knowledge.importing.branches import foreseen
from kis.knowledge.importing.options import Conflict, ImportOptions
from kis.knowledge.importing.reading import slugs_of_relative_links, with_known_slugs
from kis.knowledge.importing.things import SharedFields, TextFields
from kis.knowledge.means import Means
from kis.knowledge.models import Article as ArticleRow
from kis.knowledge.models import Attachment, Category
from kis.knowledge.runs.batches import Also, Planned, cut, settling, write
from kis.knowledge.runs.things import Outcome, Row, Settled, stored_problem
from kis.knowledge.writing import UNSET, Draft, Save, begun, published_now, saving
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search import Language, Visibility

PUBLISHED: Final = "published"
CREATED: Final = "article.created"
SHARED: Final = tuple(name for name in SharedFields.model_fields if name not in ("slug", "status"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for all of an import."""

    note: str
    """Of the versions it makes."""
    options: ImportOptions
    may_publish: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article of an import: its rows, what they say of it together, and what they disagree about."""

    slug: str
    rows: tuple[Row, ...]
    words: Mapping[Language, TextFields]
    shared: SharedFields
    files: tuple[Mapping[str, Any], ...]
    remarks: Mapping[int, tuple[dict[str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is there already of what a batch names."""

    articles: Mapping[str, Article]
    categories: Mapping[str, UUID]
    linked: frozenset[str]
    """Slugs of articles that texts of the batch seem to link to."""
    attached: Mapping[UUID, frozenset[str]]

    def id_of(self, article_id: UUID | None) -> UUID | None:
        """Return the id of an article that is there, None for one that would be new."""
        return article_id if any(one.id == article_id for one in self.articles.values()) else None


@dataclass(slots=True)
class _Work:
    """What becomes of a batch."""

    planned: list[Planned] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)


async def place(means: Means, principal: Principal, run_id: UUID, rows: Sequence[Row], rules: Rules) -> None:
    """Write the articles of rows that belong together; a dry run writes what would become of them alone.

    Raises RowsChanged, and whatever one of the articles is refused with.
    """
    entries = [entry_of(list(group)) for _, group in groupby(rows, key=lambda row: row.content["slug"])]
    async with means.database.transaction(principal.scope) as session:
        known = await _known(session, principal, entries, rules.options.category)
        if rules.options.is_dry:
            known = replace(known, categories={**await foreseen(session, run_id), **known.categories})
    work = _Work()
    for entry in entries:
        _plan(work, principal, entry, known, rules)
    if rules.options.is_dry:
        async with settling(means, principal, run_id, rows) as (_, settled):
            settled.extend(replace(one, article_id=known.id_of(one.article_id)) for one in work.settled)
        return
    ready = await cut(means, work.planned)
    async with settling(means, principal, run_id, rows) as (session, settled):
        await write(means, session, ready, principal)
        settled.extend(work.settled)


def entry_of(rows: Sequence[Row]) -> Entry:
    """Return what the rows of one article say together; the first that says something of it counts."""
    words: dict[Language, TextFields] = {}
    said: dict[str, tuple[Any, str]] = {}
    files: dict[str, Mapping[str, Any]] = {}
    remarks: dict[int, tuple[dict[str, str], ...]] = {}
    for row in rows:
        differing = []
        for name, value in row.content["shared"].items():
            first, _ = said.setdefault(name, (value, row.name))
            if first != value:
                told = Message("knowledge_files.row.differs", {"field": name})
                differing.append(stored_problem(Problem(f"{row.name} {name}", told)))
        remarks[row.number] = tuple(differing)
        for language, fields in row.content["texts"].items():
            words[Language(language)] = TextFields.model_validate(fields)
        files |= {file["sha256"]: file for file in row.content["files"]}
    shared = SharedFields.model_validate({name: value for name, (value, _) in said.items()})
    return Entry(
        slug=shared.slug,
        rows=tuple(rows),
        words=words,
        shared=shared,
        files=tuple(files.values()),
        remarks=remarks,
    )


async def _known(
    session: AsyncSession, principal: Principal, entries: Sequence[Entry], otherwise: str | None
) -> Known:
    own = principal.organization_id
    links = {
        slug
        for entry in entries
        for fields in entry.words.values()
        for slug in slugs_of_relative_links(fields.body)
    }
    wanted = {entry.slug for entry in entries}
    chosen = select(ArticleRow.slug, ArticleRow.id).where(
        ArticleRow.organization_id == own,
        ArticleRow.deleted_at.is_(None),
        ArticleRow.slug.in_(wanted | links),
    )
    ids: dict[str, UUID] = {row.slug: row.id for row in await session.execute(chosen)}
    found = {slug: await repository.find(session, ids[slug]) for slug in sorted(wanted & ids.keys())}
    categories = {otherwise, *(entry.shared.category for entry in entries)} - {None}
    rows = await session.execute(
        select(Category.slug, Category.id).where(
            Category.organization_id == own, Category.slug.in_(categories)
        )
    )
    attached: dict[UUID, set[str]] = {}
    files = select(Attachment.article_id, Attachment.sha256).where(Attachment.article_id.in_(ids.values()))
    for article_id, sha256 in await session.execute(files) if any(entry.files for entry in entries) else ():
        attached.setdefault(article_id, set()).add(sha256)
    return Known(
        articles={slug: article for slug, article in found.items() if article is not None},
        categories={row.slug: row.id for row in rows},
        linked=frozenset(links & ids.keys()),
        attached={article_id: frozenset(own_files) for article_id, own_files in attached.items()},
    )


def _plan(work: _Work, principal: Principal, entry: Entry, known: Known, rules: Rules) -> None:
    """Decide what becomes of an article and of each of its rows."""
    options = rules.options
    before = known.articles.get(entry.slug)
    if before is not None and options.conflict is Conflict.SKIP:
        told = Message("knowledge_files.row.skipped")
        work.settled += _all(entry, Outcome.SKIPPED, before.id, Problem(entry.rows[0].name, told))
        return
    category = entry.shared.category or (options.category if before is None else None)
    category_id = known.categories.get(category or "")
    if category is not None and category_id is None:
        told = Message("knowledge_files.row.other_category", {"slug": category})
        work.settled += _all(entry, Outcome.FAILED, None, Problem(f"{entry.rows[0].name} category", told))
        return
    wants_publishing = options.publish or entry.shared.status == PUBLISHED
    publish = wants_publishing and rules.may_publish
    words = {
        language: replace(fields.words(), body=with_known_slugs(fields.body, known.linked))
        for language, fields in entry.words.items()
    }
    _check(words)
    decision = (
        _begun(principal, entry, words, category_id, rules, publish=publish)
        if before is None
        else saving(principal, _save(entry, words, category_id, rules), publish=publish)(before)
    )
    article = before if decision is None else decision.after
    assert article is not None, "a new article is a decision"
    lacking = [
        file for file in entry.files if file["sha256"] not in known.attached.get(article.id, frozenset())
    ]
    if lacking:
        decision = _with_files(decision, article, lacking, principal)
    if decision is not None:
        work.planned.append(Planned(before=before, decision=decision, is_audited=False))
    remark = None
    if wants_publishing and not publish and decision is not None:
        remark = Problem(f"{entry.rows[0].name} status", Message("knowledge_files.row.unpublished"))
    work.settled += _outcomes(entry, before, decision, remark)


def _check(words: Mapping[Language, texts.Words]) -> None:
    problems = texts.problems_of(words)
    if problems:
        raise BadInput("request", problems)


def _begun(
    principal: Principal,
    entry: Entry,
    words: Mapping[Language, texts.Words],
    category_id: UUID | None,
    rules: Rules,
    *,
    publish: bool,
) -> Decision:
    shared = entry.shared
    draft_place = Place(
        slug=entry.slug,
        type=ArticleType(shared.type or ArticleType.ARTICLE),
        category_id=category_id,
        visibility=Visibility(shared.visibility or Visibility.ORGANIZATION),
        roles=tuple(shared.roles or ()),
        owner=rules.options.owner,
        review_on=shared.review_on,
        expires_at=shared.expires_at,
        metadata=shared.metadata or {},
    )
    problems = articles.problems_of(draft_place)
    if problems:
        raise BadInput("request", problems)
    article = begun(principal, Draft(texts=words, place=draft_place, note=rules.note), entry.slug)
    return Decision(after=published_now(article, principal.actor) if publish else article, action=CREATED)


def _save(
    entry: Entry, words: Mapping[Language, texts.Words], category_id: UUID | None, rules: Rules
) -> Save:
    shared = entry.shared
    return Save(
        texts=words,
        metadata=UNSET if shared.metadata is None else shared.metadata,
        type=UNSET if shared.type is None else ArticleType(shared.type),
        category_id=UNSET if category_id is None else category_id,
        visibility=UNSET if shared.visibility is None else Visibility(shared.visibility),
        roles=UNSET if not shared.roles else tuple(shared.roles),
        review_on=UNSET if shared.review_on is None else shared.review_on,
        expires_at=UNSET if shared.expires_at is None else shared.expires_at,
        note=rules.note,
    )


def _with_files(
    decision: Decision | None,
    article: Article,
    files: Sequence[Mapping[str, Any]],
    principal: Principal,
) -> Decision:
    """Return the decision with attachments to be written too."""

    async def attach(session: AsyncSession) -> None:
        for file in files:
            row = {
                "id": uuid4(),
                "organization_id": article.organization_id,
                "article_id": article.id,
                "added_by": principal.actor,
                "created_at": datetime.now(UTC),
                **file,
            }
            await attachments.keep(session, row)

    also: Also = attach
    if decision is None:
        return Decision(after=article, action="article.attached", also=also)
    return replace(decision, also=also)


def _outcomes(
    entry: Entry, before: Article | None, decision: Decision | None, remark: Problem | None
) -> Iterator[Settled]:
    after = before if decision is None else decision.after
    assert after is not None, "a new article is a decision"
    by_row = {row.number: _outcome(row, before, after) for row in entry.rows}
    if decision is not None and set(by_row.values()) == {Outcome.UNCHANGED}:
        by_row = dict.fromkeys(by_row, Outcome.UPDATED)  # its texts are as they were, but not its place
    for row in entry.rows:
        remarks = entry.remarks[row.number]
        if remark is not None and row is entry.rows[0]:
            remarks = (*remarks, stored_problem(remark))
        yield Settled(number=row.number, outcome=by_row[row.number], article_id=after.id, problems=remarks)


def _outcome(row: Row, before: Article | None, after: Article) -> Outcome:
    if before is None:
        return Outcome.CREATED
    changed = Outcome.UNCHANGED
    for name in row.content["texts"]:
        language = Language(name)
        if language not in before.current.texts:
            return Outcome.CREATED
        if before.current.texts[language].words != after.current.texts[language].words:
            changed = Outcome.UPDATED
    return changed


def _all(entry: Entry, outcome: Outcome, article_id: UUID | None, problem: Problem) -> Iterator[Settled]:
    for row in entry.rows:
        yield Settled(
            number=row.number,
            outcome=outcome,
            article_id=article_id,
            problems=(stored_problem(problem),),
        )
