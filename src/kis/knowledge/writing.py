"""Writing articles: a new one, and every save as a new version of it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal, Via
from kis.knowledge import articles, features, indexing, repository, texts
from kis.knowledge.articles import LONGEST_NOTE, Article, ArticleType, Place, Status, Version, roles_for
from kis.knowledge.changing import By, Decide, Decision, announced, change, recorded
from kis.knowledge.errors import ArticleStatus, NothingToPublish, NoTranslator, OwnWork, SlugTaken
from kis.knowledge.means import Means
from kis.knowledge.rules import rules_of
from kis.knowledge.texts import Texts, TextState, Words, shown
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search import Language, Source, Visibility

SAVABLE: Final = tuple(status for status in Status if status is not Status.ARCHIVED)
_SLUG_TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A new article."""

    texts: Mapping[Language, Words]
    place: Place = field(default_factory=Place)
    states: Mapping[Language, TextState] = field(default_factory=dict)
    """Said expressly; a text is current otherwise."""
    note: str = ""


class Unset:
    """Stands for what a save leaves as it is."""


UNSET: Final = Unset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """What is saved of an article. What is not given stays as it is; None for a language takes it away."""

    texts: Mapping[Language, Words | None] = field(default_factory=dict)
    states: Mapping[Language, TextState] = field(default_factory=dict)
    """Said expressly: else a changed text is current, and makes the other one out of date where both were current."""
    metadata: Mapping[str, str] | Unset = UNSET
    slug: str | Unset = UNSET
    type: ArticleType | Unset = UNSET
    category_id: UUID | Unset | None = UNSET
    visibility: Visibility | Unset = UNSET
    roles: tuple[str, ...] | Unset = UNSET
    owner: str | Unset = UNSET
    review_on: date | Unset | None = UNSET
    expires_at: datetime | Unset | None = UNSET
    note: str = ""


async def create(means: Means, principal: Principal, draft: Draft, *, publish: bool = False) -> Article:
    """Write an article; its status is draft, or with ``publish`` published by whoever may review their own. Raises BadInput, SlugTaken."""
    principal.require(Permission.ARTICLE_WRITE)
    _checked([*texts.problems_of(draft.texts), *articles.problems_of(draft.place), *_about(draft)])
    if publish:
        await require_own_review(means, principal)
    taken: set[str] = set()
    while True:
        article = begun(principal, draft, await _slug(means, principal, draft, taken))
        if publish:
            article = published_now(article, principal.actor)
        try:
            return await _added(
                means, article, By.caller(principal), lambda: means.database.transaction(principal.scope)
            )
        except SlugTaken:  # by an article the caller may not know of, or just now
            if draft.place.slug is not None or len(taken) == _SLUG_TRIES:
                raise
            taken.add(article.slug)


async def save(
    means: Means,
    principal: Principal,
    article_id: UUID,
    given: Save,
    *,
    revision: int | None = None,
    publish: bool = False,
) -> Article:
    """Save an article: other words or metadata are a new version, a draft until it is published. Nothing different: nothing happens.

    Raises ArticleNotFound, StaleArticle, ArticleStatus, BadInput, SlugTaken.
    """
    principal.require(Permission.ARTICLE_WRITE)
    _checked([*texts.problems_of(given.texts), *_about(given)])
    if publish:
        await require_own_review(means, principal)
    return await change(
        means, principal, article_id, saving(principal, given, publish=publish), revision=revision
    )


async def translate(
    means: Means, principal: Principal, article_id: UUID, to: Language, *, revision: int | None = None
) -> Article:
    """Have an article translated; what comes is a draft for a person to look at. Raises NoTranslator, FeatureOff, BadInput where there is nothing to translate."""
    principal.require(Permission.ARTICLE_WRITE)
    translator = means.translator
    if translator is None:
        raise NoTranslator
    source = next(language for language in Language if language is not to)
    async with means.database.transaction(principal.scope) as session:
        await features.require(session, principal.organization_id, features.TRANSLATION)
        article = await repository.get_own(session, article_id, principal.organization_id)
    if source not in article.current.texts:
        raise BadInput("request", [Problem("language", Message("knowledge.nothing_to_translate"))])
    words = await translator.translate(article.current.texts[source].words, source=source, target=to)
    given = Save(texts={to: words}, states={to: TextState.DRAFT}, note=f"{translator.name}: {source} → {to}")
    # What was translated is what was read: another text since then is a conflict.
    return await save(means, principal, article_id, given, revision=revision or article.revision)


async def require_own_review(means: Means, principal: Principal) -> None:
    """Raise unless the caller may publish what they wrote themselves: an operator at this machine, or where the organisation lets authors review."""
    principal.require(Permission.ARTICLE_REVIEW)
    if principal.via is Via.LOCAL:
        return
    async with means.database.transaction(principal.scope) as session:
        rules = await rules_of(session, principal.organization_id)
    if not rules.author_may_review:
        raise OwnWork


def published_now(article: Article, actor: str) -> Article:
    """Return an article whose current version readers are shown from now on. Raises NothingToPublish."""
    if not shown(article.current.texts):
        raise NothingToPublish
    return replace(
        article,
        status=Status.PUBLISHED,
        published=article.current,
        approved_by=article.approved_by or actor,
        publish_at=None,
        published_at=article.published_at or datetime.now(UTC),
    )


def new_version(
    article: Article,
    principal: Principal,
    words: Texts,
    *,
    metadata: Mapping[str, str] | None = None,
    note: str = "",
) -> Article:
    """Return an article with another current version, which is a draft."""
    version = Version(
        number=article.current.number + 1,
        texts=words,
        type=article.type,
        category_id=article.category_id,
        metadata=article.current.metadata if metadata is None else metadata,
        note=note,
        saved_by=principal.actor,
        author=principal.name,
        saved_at=datetime.now(UTC),
    )
    return replace(article, current=version, status=Status.DRAFT, approved_by=None, publish_at=None)


def saving(principal: Principal, given: Save, *, publish: bool) -> Decide:
    """Return the decision to save what is given; whether the caller may publish was asked before."""

    def decide(article: Article) -> Decision | None:
        if article.status not in SAVABLE:
            raise ArticleStatus("save", article.status.value, [status.value for status in SAVABLE])
        placed = _placed(principal, article, given)
        after = _worded(principal, placed, given)
        if publish and after.published != after.current:
            after = published_now(after, principal.actor)
        if after == article:
            return None
        return Decision(
            after=after,
            action="article.published" if publish else "article.saved",
            told_before=_facts(article),
            told_after=_facts(after),
        )

    return decide


def _placed(principal: Principal, article: Article, given: Save) -> Article:
    """Return the article where it shall stand. Widening or narrowing who reads what is published is for those who publish."""
    visibility = article.visibility if isinstance(given.visibility, Unset) else given.visibility
    kept_roles = article.roles if visibility is article.visibility else ()
    roles = kept_roles if isinstance(given.roles, Unset) else given.roles
    place = Place(
        slug=_or(given.slug, article.slug),
        type=_or(given.type, article.type),
        category_id=_or(given.category_id, article.category_id),
        visibility=visibility,
        roles=roles,
        owner=None if isinstance(given.owner, Unset) else given.owner,
        review_on=_or(given.review_on, article.review_on),
        expires_at=_or(given.expires_at, article.expires_at),
        metadata=_or(given.metadata, article.current.metadata),
    )
    _checked(articles.problems_of(place))
    after = replace(
        article,
        slug=place.slug or article.slug,
        type=place.type,
        category_id=place.category_id,
        visibility=visibility,
        roles=article.roles
        if (visibility, roles) == (article.visibility, article.roles)
        else roles_for(visibility, roles, principal.role),
        owner=place.owner or article.owner,
        review_on=place.review_on,
        reminded_at=article.reminded_at if place.review_on == article.review_on else None,
        expires_at=place.expires_at,
    )
    if article.is_open and after.readers != article.readers:
        principal.require(Permission.ARTICLE_REVIEW)
    return after


def _worded(principal: Principal, article: Article, given: Save) -> Article:
    """Return the article with what it shall say: a new version where that is different."""
    words = texts.merged(article.current.texts, given.texts, given.states)
    if not words:
        raise BadInput("request", [Problem("texts", Message("knowledge.no_text"))])
    metadata = _or(given.metadata, article.current.metadata)
    if words == article.current.texts and dict(metadata) == dict(article.current.metadata):
        return article
    return new_version(article, principal, words, metadata=metadata, note=given.note)


async def _added(
    means: Means,
    article: Article,
    by: By,
    opened: Callable[[], AbstractAsyncContextManager[AsyncSession]],
) -> Article:
    prepared = await means.engine.prepare(await indexing.documents(article))
    async with opened() as session:
        await repository.add(session, article)
        await means.engine.put(session, Source.ARTICLE, [article.id], prepared)
        await recorded(session, article, by, "article.created", after=_facts(article))
        await announced(means, session, article)
    return article


async def _slug(means: Means, principal: Principal, draft: Draft, refused: set[str]) -> str:
    if draft.place.slug is not None:
        return draft.place.slug
    slug = articles.slug_of(_title(draft.texts))
    async with means.database.transaction(principal.scope) as session:
        known = await repository.slugs_like(session, principal.organization_id, slug)
    return repository.chosen_slug(known | refused, slug)


def begun(principal: Principal, draft: Draft, slug: str) -> Article:
    """Return a new article, a draft, as it is not written yet."""
    place = draft.place
    version = Version(
        number=1,
        texts=texts.merged({}, draft.texts, draft.states),
        type=place.type,
        category_id=place.category_id,
        metadata=place.metadata,
        note=draft.note,
        saved_by=principal.actor,
        author=principal.name,
        saved_at=datetime.now(UTC),
    )
    return Article(
        id=uuid4(),
        organization_id=principal.organization_id,
        slug=slug,
        type=place.type,
        category_id=place.category_id,
        visibility=place.visibility,
        roles=roles_for(place.visibility, place.roles, principal.role),
        status=Status.DRAFT,
        current=version,
        published=None,
        owner=place.owner or principal.actor,
        created_by=principal.actor,
        review_on=place.review_on,
        expires_at=place.expires_at,
    )


def _about(given: Draft | Save) -> list[Problem]:
    """Return what is wrong with what a save says beside its words."""
    problems = texts.text_problems("note", given.note, LONGEST_NOTE)
    problems += [
        Problem(f"states.{language.value}", Message("knowledge.state"))
        for language, state in given.states.items()
        if state is TextState.MISSING
    ]
    if isinstance(given, Draft) and not given.texts:
        problems.append(Problem("texts", Message("knowledge.no_text")))
    return problems


def _checked(problems: list[Problem]) -> None:
    if problems:
        raise BadInput("request", problems)


def _title(words: Mapping[Language, Words]) -> str:
    """Return the title addresses are made of: the English one where there is one."""
    return (words.get(Language.EN) or words[Language.KO]).title


def _facts(article: Article) -> dict[str, Any]:
    """Return what the audit log is told of an article: where it stands, and of its texts their states."""
    return {
        "slug": article.slug,
        "status": article.status.value,
        "version": article.current.number,
        "published": None if article.published is None else article.published.number,
        "states": {language.value: text.state.value for language, text in article.current.texts.items()},
        "type": article.type.value,
        "categoryId": None if article.category_id is None else str(article.category_id),
        "visibility": article.visibility.value,
        "roles": list(article.roles),
        "owner": article.owner,
        "reviewOn": None if article.review_on is None else article.review_on.isoformat(),
        "expiresAt": None if article.expires_at is None else article.expires_at.isoformat(),
    }


def _or(given: Any, kept: Any) -> Any:
    return kept if isinstance(given, Unset) else given
