"""Articles as the wire has them, both ways: for the routes of the knowledge base."""

from dataclasses import asdict
from typing import Any

from kis.api.schemas.knowledge import (
    ArticleBody,
    ArticleFacts,
    ArticleNow,
    ArticlePatch,
    ArticleSummary,
    NewArticle,
    TextHead,
    TextWhole,
    VersionWhole,
    Wording,
)
from kis.knowledge import (
    UNSET,
    Article,
    Draft,
    Place,
    Save,
    Shown,
    Text,
    Texts,
    TextState,
    Version,
    Words,
    state_of,
)
from kis.search import Language


def draft_of(given: NewArticle) -> Draft:
    """Return the article that is to be written."""
    return Draft(
        texts={language: _words(wording) for language, wording in given.texts.items()},
        states={language: TextState(state) for language, state in given.states.items()},
        place=Place(
            slug=given.slug,
            type=given.type,
            category_id=given.category_id,
            visibility=given.visibility,
            roles=tuple(role.value for role in given.roles),
            owner=given.owner,
            review_on=given.review_on,
            expires_at=given.expires_at,
            metadata=given.metadata,
        ),
        note=given.note,
    )


def save_of(given: ArticlePatch) -> Save:
    """Return what is to be saved of an article; null takes away a category, a review and an end, and leaves everything else."""
    said = given.model_fields_set

    def kept(value: Any) -> Any:
        return UNSET if value is None else value

    return Save(
        texts={
            language: None if wording is None else _words(wording)
            for language, wording in given.texts.items()
        },
        states={language: TextState(state) for language, state in given.states.items()},
        metadata=kept(given.metadata),
        slug=kept(given.slug),
        type=kept(given.type),
        category_id=given.category_id if "category_id" in said else UNSET,
        visibility=kept(given.visibility),
        roles=UNSET if given.roles is None else tuple(role.value for role in given.roles),
        owner=kept(given.owner),
        review_on=given.review_on if "review_on" in said else UNSET,
        expires_at=given.expires_at if "expires_at" in said else UNSET,
        note=given.note,
    )


def article_body(shown: Shown) -> ArticleBody:
    """Return an article whole."""
    return ArticleBody(**_facts(shown), texts=_whole(shown.texts))


def article_summary(shown: Shown) -> ArticleSummary:
    """Return an article of a list."""
    heads = {
        language: TextHead(
            title=text.words.title,
            summary=text.words.summary,
            tags=list(text.words.tags),
            state=text.state,
        )
        for language, text in shown.texts.items()
    }
    return ArticleSummary(**_facts(shown), texts=heads)


def article_now(article: Article, trace_id: str) -> ArticleNow:
    """Return where an article stands."""
    return ArticleNow(
        id=article.id,
        slug=article.slug,
        status=article.status.value,
        version=article.current.number,
        published_version=None if article.published is None else article.published.number,
        revision=article.revision,
        states={language: state_of(article.current.texts, language) for language in Language},
        publish_at=article.publish_at,
        trace_id=trace_id,
    )


def version_whole(version: Version) -> VersionWhole:
    """Return a version with its words."""
    names = set(VersionWhole.model_fields) - {"texts"}
    facts = {name: getattr(version, name) for name in names}
    return VersionWhole(**facts, texts=_whole(version.texts))


def _facts(shown: Shown) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in ArticleFacts.model_fields}


def _whole(texts: Texts) -> dict[Language, TextWhole]:
    return {language: _text(text) for language, text in texts.items()}


def _text(text: Text) -> TextWhole:
    return TextWhole(**asdict(text.words), state=text.state)


def _words(wording: Wording) -> Words:
    return Words(
        title=wording.title,
        summary=wording.summary,
        body=wording.body,
        tags=tuple(wording.tags),
        seo_title=wording.seo_title,
        seo_description=wording.seo_description,
    )
