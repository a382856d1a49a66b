"""Articles of the knowledge base: read, write, their versions, and their way to the readers."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic.alias_generators import to_camel

from kis.api.dependencies import App, Caller, PageRequest, Reading, TraceId
from kis.api.errors import errors
from kis.api.headers import IfMatch, etag_of, revision_of, unchanged
from kis.api.language import locale_of
from kis.api.pages import PlainPageRequest
from kis.api.routes.shown_articles import (
    article_body,
    article_now,
    article_summary,
    draft_of,
    save_of,
    version_whole,
)
from kis.api.schemas.common import Page
from kis.api.schemas.knowledge import (
    ArticleBody,
    ArticleNow,
    ArticlePatch,
    ArticleSummary,
    DiffHunk,
    FieldChange,
    NewArticle,
    RenderedArticle,
    RenderedHeading,
    Returned,
    Schedule,
    Translation,
    VersionDiff,
    VersionSummary,
    VersionWhole,
)
from kis.knowledge import FILTERS, SORTS, Article, Shown, rendered_page
from kis.search import Language

router = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])

ArticleId = Annotated[UUID, Path(description="Id of the article.")]
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the version.")]
ComparedVersion = Annotated[int, Query(ge=1, le=2**31 - 1)]
Published = Annotated[
    bool, Query(description="As readers see it, also for those who would be shown the current version.")
]
PublishAlso = Annotated[
    bool,
    Query(
        description="Publish it at once; only where the organisation lets authors review, and for who reviews."
    ),
]
CHANGED: Final = errors(401, 403, 404, 409, 412, 428)
"""What a change of an article may answer with."""
_READ: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "The caller has it already."},
    **errors(401, 403, 404),
}


async def _named_copy(if_match: IfMatch = None) -> str | None:
    return if_match


CopyNamed = Annotated[str | None, Depends(_named_copy)]
"""The caller's If-Match, for ``revision_of``: asked for once the rest of the request is known to be good."""


def changed(response: Response, article: Article, trace_id: str) -> ArticleNow:
    """Return where a changed article stands, its new ETag beside it."""
    response.headers["ETag"] = f'"{article.revision}"'
    return article_now(article, trace_id)


@router.get("", responses=errors(401, 403))
async def list_articles(
    app: App,
    caller: Caller,
    page: PageRequest,
    trace_id: TraceId,
    published: Published = False,  # noqa: FBT002 - a query parameter
) -> Page[ArticleSummary]:
    """List articles without their bodies, the last changed first. `type`, `status` and `state` take several values divided by `|`; `category` means it and all below it, `title` is contained; `publishedFrom`, `publishedTo`, `expiresTo`, `reviewTo` are days in UTC. `status`, `state`, `owner`, `author`, `reviewTo`, `expiresTo` and `published` are for those who write and review. `total` counts up to 10,000."""
    found = await app.knowledge.list(
        caller,
        page=page.page,
        size=page.size,
        order=page.order(SORTS, "-updatedAt"),
        conditions=page.conditions(FILTERS),
        published=published,
    )
    items = [article_summary(shown) for shown in found.items]
    return Page(items=items, page=page.page, size=page.size, total=found.total, trace_id=trace_id)


@router.post("", status_code=201, responses=errors(401, 403, 404, 409))
async def add_article(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    body: NewArticle,
    response: Response,
    publish: PublishAlso = False,  # noqa: FBT002 - a query parameter
) -> ArticleNow:
    """Write an article: a draft, until it is reviewed and published."""
    article = await app.knowledge.create(caller, draft_of(body), publish=publish)
    response.headers["Location"] = f"/v1/knowledge/{article.id}"
    return changed(response, article, trace_id)


@router.get("/slugs/{slug}", response_model=ArticleBody, responses=_READ)
async def get_article_by_slug(
    request: Request,
    app: App,
    caller: Caller,
    response: Response,
    slug: Annotated[
        str, Path(max_length=100, description="The article's slug in the caller's organisation.")
    ],
    published: Published = False,  # noqa: FBT002 - a query parameter
) -> Response | ArticleBody:
    """Return an article by its slug."""
    shown = await app.knowledge.get(caller, slug, published=published)
    app.analytics.note_reading(caller, shown, Language(locale_of(request.scope)))
    return _answered(request, response, shown)


@router.get("/{article_id}", response_model=ArticleBody, responses=_READ)
async def get_article(
    request: Request,
    app: App,
    caller: Caller,
    response: Response,
    article_id: ArticleId,
    published: Published = False,  # noqa: FBT002 - a query parameter
) -> Response | ArticleBody:
    """Return an article: the published version, for those who write and review the current one. Changes name its ETag; the counts of `helpful`, `unhelpful` and `views` do not change it."""
    shown = await app.knowledge.get(caller, article_id, published=published)
    app.analytics.note_reading(caller, shown, Language(locale_of(request.scope)))
    return _answered(request, response, shown)


@router.get("/{article_id}/rendered", response_model=RenderedArticle, responses=_READ)
async def render_article(
    request: Request,
    app: App,
    caller: Caller,
    reading: Reading,
    response: Response,
    article_id: ArticleId,
    published: Published = False,  # noqa: FBT002 - a query parameter
) -> Response | RenderedArticle:
    """Return the text of an article as HTML, cleaned, with its headings: in the caller's language, else in the one there is."""
    shown = await app.knowledge.get(caller, article_id, published=published)
    wanted = Language(reading.locale)
    app.analytics.note_reading(caller, shown, wanted)
    language = wanted if wanted in shown.texts else next(iter(shown.texts))
    etag = etag_of("rendered", shown.id, shown.etag, language)
    same = unchanged(request, etag)
    if same is not None:
        return same
    response.headers.update({"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language"})
    text = shown.texts[language]
    page = await rendered_page(text.words.body)
    return RenderedArticle(
        id=shown.id,
        slug=shown.slug,
        version=shown.version,
        language=language,
        state=text.state,
        title=text.words.title,
        html=page.html,
        headings=[RenderedHeading.model_validate(heading) for heading in page.headings],
    )


@router.patch("/{article_id}", responses=CHANGED)
async def save_article(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    article_id: ArticleId,
    body: ArticlePatch,
    copy: CopyNamed,
    response: Response,
    publish: PublishAlso = False,  # noqa: FBT002 - a query parameter
) -> ArticleNow:
    """Save an article: other words or metadata are a new version, a draft until it is published. Where it was changed since the copy of If-Match, `409` carries both versions in `meta.yours` and `meta.theirs`."""
    article = await app.knowledge.save(
        caller, article_id, save_of(body), revision=revision_of(copy), publish=publish
    )
    return changed(response, article, trace_id)


@router.delete("/{article_id}", status_code=204, responses=CHANGED)
async def delete_article(app: App, caller: Caller, article_id: ArticleId, copy: CopyNamed) -> None:
    """Put an article into the bin; one that readers have is for those who publish."""
    await app.knowledge.delete(caller, article_id, revision=revision_of(copy))


@router.post("/{article_id}/translate", responses=CHANGED)
async def translate_article(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    article_id: ArticleId,
    body: Translation,
    copy: CopyNamed,
    response: Response,
) -> ArticleNow:
    """Have an article translated; what comes is a draft for a person to look at. `409` where the installation has no translator."""
    article = await app.knowledge.translate(caller, article_id, body.language, revision=revision_of(copy))
    return changed(response, article, trace_id)


@router.get("/{article_id}/versions", responses=errors(401, 403, 404))
async def list_article_versions(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId, article_id: ArticleId
) -> Page[VersionSummary]:
    """List the versions of an article, the newest first."""
    found = await app.knowledge.versions(caller, article_id, page=page.page, size=page.size)
    items = [VersionSummary.model_validate(item) for item in found.items]
    return Page(items=items, page=page.page, size=page.size, total=found.total, trace_id=trace_id)


@router.get("/{article_id}/versions/{number}", responses=errors(401, 403, 404))
async def get_article_version(
    app: App, caller: Caller, article_id: ArticleId, number: VersionNumber
) -> VersionWhole:
    """Return a version whole."""
    return version_whole(await app.knowledge.version(caller, article_id, number))


@router.post("/{article_id}/versions/{number}/restore", responses=CHANGED)
async def restore_article_version(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    article_id: ArticleId,
    number: VersionNumber,
    copy: CopyNamed,
    response: Response,
) -> ArticleNow:
    """Save an old version again, as a new one."""
    article = await app.knowledge.restore_version(caller, article_id, number, revision=revision_of(copy))
    return changed(response, article, trace_id)


@router.get("/{article_id}/diff", responses=errors(401, 403, 404))
async def compare_article_versions(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    article_id: ArticleId,
    old: ComparedVersion,
    new: ComparedVersion,
) -> VersionDiff:
    """Tell what changed from one version to another, by language and field."""
    found = await app.knowledge.diff(caller, article_id, old, new)
    changes = [
        FieldChange(
            language=change.language,
            field=to_camel(change.field),
            hunks=[DiffHunk.model_validate(hunk) for hunk in change.hunks],
        )
        for change in found
    ]
    return VersionDiff(changes=changes, trace_id=trace_id)


@router.post("/{article_id}/submit", responses=CHANGED)
async def submit_article(
    app: App, caller: Caller, trace_id: TraceId, article_id: ArticleId, copy: CopyNamed, response: Response
) -> ArticleNow:
    """Give a draft to those who review."""
    return changed(
        response, await app.knowledge.submit(caller, article_id, revision=revision_of(copy)), trace_id
    )


@router.post("/{article_id}/withdraw", responses=CHANGED)
async def withdraw_article(
    app: App, caller: Caller, trace_id: TraceId, article_id: ArticleId, copy: CopyNamed, response: Response
) -> ArticleNow:
    """Take a version back from review."""
    return changed(
        response, await app.knowledge.withdraw(caller, article_id, revision=revision_of(copy)), trace_id
    )


@router.post("/{article_id}/approve", responses=CHANGED)
async def approve_article(
    app: App, caller: Caller, trace_id: TraceId, article_id: ArticleId, copy: CopyNamed, response: Response
) -> ArticleNow:
    """Approve what others wrote; their own only where the organisation lets authors review."""
    return changed(
        response, await app.knowledge.approve(caller, article_id, revision=revision_of(copy)), trace_id
    )


@router.post("/{article_id}/give-back", responses=CHANGED)
async def give_article_back(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    article_id: ArticleId,
    body: Returned,
    copy: CopyNamed,
    response: Response,
) -> ArticleNow:
    """Return a version to who wrote it."""
    article = await app.knowledge.give_back(
        caller, article_id, reason=body.reason, revision=revision_of(copy)
    )
    return changed(response, article, trace_id)


@router.post("/{article_id}/schedule", responses=CHANGED)
async def schedule_article(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    article_id: ArticleId,
    body: Schedule,
    copy: CopyNamed,
    response: Response,
) -> ArticleNow:
    """Have an approved version published at a time to come."""
    article = await app.knowledge.schedule(caller, article_id, body.publish_at, revision=revision_of(copy))
    return changed(response, article, trace_id)


@router.post("/{article_id}/unschedule", responses=CHANGED)
async def unschedule_article(
    app: App, caller: Caller, trace_id: TraceId, article_id: ArticleId, copy: CopyNamed, response: Response
) -> ArticleNow:
    """Do not publish a version when its time comes; it stays approved."""
    return changed(
        response, await app.knowledge.unschedule(caller, article_id, revision=revision_of(copy)), trace_id
    )


@router.post("/{article_id}/publish", responses=CHANGED)
async def publish_article(
    app: App, caller: Caller, trace_id: TraceId, article_id: ArticleId, copy: CopyNamed, response: Response
) -> ArticleNow:
    """Show readers an approved version."""
    return changed(
        response, await app.knowledge.publish(caller, article_id, revision=revision_of(copy)), trace_id
    )


@router.post("/{article_id}/archive", responses=CHANGED)
async def archive_article(
    app: App, caller: Caller, trace_id: TraceId, article_id: ArticleId, copy: CopyNamed, response: Response
) -> ArticleNow:
    """Take an article from its readers."""
    return changed(
        response, await app.knowledge.archive(caller, article_id, revision=revision_of(copy)), trace_id
    )


@router.post("/{article_id}/reinstate", responses=CHANGED)
async def reinstate_article(
    app: App, caller: Caller, trace_id: TraceId, article_id: ArticleId, copy: CopyNamed, response: Response
) -> ArticleNow:
    """Make an archived article a draft again."""
    return changed(
        response, await app.knowledge.reinstate(caller, article_id, revision=revision_of(copy)), trace_id
    )


def _answered(request: Request, response: Response, shown: Shown) -> Response | ArticleBody:
    same = unchanged(request, shown.etag)
    if same is not None:
        return same
    response.headers.update({"ETag": shown.etag, "Cache-Control": "private, no-cache"})
    return article_body(shown)
