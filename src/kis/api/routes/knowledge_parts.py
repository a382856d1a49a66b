"""What belongs to articles: comments of reviews, related articles, files, what readers say."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Path, Query, Response, UploadFile

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.headers import revision_of
from kis.api.pages import PlainPageRequest
from kis.api.routes.knowledge import CHANGED, ArticleId, CopyNamed, changed
from kis.api.routes.uploaded import uploaded
from kis.api.schemas.common import Page
from kis.api.schemas.knowledge import ArticleNow
from kis.api.schemas.knowledge_parts import (
    AttachmentBody,
    AttachmentList,
    CommentBody,
    CommentResolution,
    CommentThread,
    CommentThreads,
    NewComment,
    NewOpinion,
    OpinionBody,
    RelatedArticle,
    RelatedArticles,
    RelatedIds,
)
from kis.knowledge import Remark

router = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])


@router.get("/{article_id}/comments", responses=errors(401, 403, 404))
async def list_article_comments(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    article_id: ArticleId,
    open_only: Annotated[bool, Query(alias="openOnly", description="Only threads nobody resolved.")] = False,  # noqa: FBT002 - a query parameter
) -> CommentThreads:
    """List what those who write and review said about an article."""
    found = await app.knowledge.comments(caller, article_id, open_only=open_only)
    return CommentThreads(items=[CommentThread.model_validate(thread) for thread in found], trace_id=trace_id)


@router.post("/{article_id}/comments", status_code=201, responses=errors(401, 403, 404, 409))
async def add_article_comment(
    app: App, caller: Caller, article_id: ArticleId, body: NewComment
) -> CommentBody:
    """Say something about a version, or answer a comment."""
    remark = Remark(
        body=body.body,
        version=body.version,
        language=body.language,
        quoted=body.quoted,
        answers_id=body.answers_id,
    )
    return CommentBody.model_validate(await app.knowledge.comment(caller, article_id, remark))


@router.put("/{article_id}/comments/{comment_id}/resolution", responses=errors(401, 403, 404))
async def resolve_article_comment(
    app: App,
    caller: Caller,
    article_id: ArticleId,
    comment_id: Annotated[UUID, Path(description="Id of the comment a thread begins with.")],
    body: CommentResolution,
) -> CommentBody:
    """Close a thread, or open it again."""
    comment = await app.knowledge.resolve_comment(caller, article_id, comment_id, resolved=body.resolved)
    return CommentBody.model_validate(comment)


@router.get("/{article_id}/related", responses=errors(401, 403, 404))
async def list_related_articles(
    app: App, caller: Caller, trace_id: TraceId, article_id: ArticleId
) -> RelatedArticles:
    """List what belongs to an article, as far as the caller may read it."""
    found = await app.knowledge.related(caller, article_id)
    return RelatedArticles(items=[RelatedArticle.model_validate(each) for each in found], trace_id=trace_id)


@router.put("/{article_id}/related", responses=CHANGED)
async def put_related_articles(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    article_id: ArticleId,
    body: RelatedIds,
    copy: CopyNamed,
    response: Response,
) -> ArticleNow:
    """Put these articles, in this order, in place of all that belong to an article."""
    article = await app.knowledge.relate(caller, article_id, body.related, revision=revision_of(copy))
    return changed(response, article, trace_id)


@router.get("/{article_id}/attachments", responses=errors(401, 403, 404))
async def list_article_attachments(
    app: App, caller: Caller, trace_id: TraceId, article_id: ArticleId
) -> AttachmentList:
    """List the files of an article, each with a link that ends."""
    found = await app.knowledge.attachments(caller, article_id)
    return AttachmentList(items=[AttachmentBody.model_validate(each) for each in found], trace_id=trace_id)


@router.post("/{article_id}/attachments", status_code=201, responses=CHANGED)
async def add_article_attachment(
    app: App,
    caller: Caller,
    article_id: ArticleId,
    copy: CopyNamed,
    file: Annotated[UploadFile, File(description="A file whose content is what its name says.")],
) -> AttachmentBody:
    """Put a file to an article; who reads the article gets it."""
    name, data = await uploaded(app, file)
    added = await app.knowledge.attach(caller, article_id, name, data, revision=revision_of(copy))
    return AttachmentBody.model_validate(added)


@router.delete("/{article_id}/attachments/{attachment_id}", status_code=204, responses=CHANGED)
async def remove_article_attachment(
    app: App,
    caller: Caller,
    article_id: ArticleId,
    attachment_id: Annotated[UUID, Path(description="Id of the file.")],
    copy: CopyNamed,
) -> None:
    """Take a file from an article."""
    await app.knowledge.detach(caller, article_id, attachment_id, revision=revision_of(copy))


@router.get("/{article_id}/feedback", responses=errors(401, 403, 404))
async def list_article_feedback(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId, article_id: ArticleId
) -> Page[OpinionBody]:
    """List what readers of the organisation said, the newest first; for those who write and review."""
    found = await app.knowledge.feedback(caller, article_id, page=page.page, size=page.size)
    items = [OpinionBody.model_validate(item) for item in found.items]
    return Page(items=items, page=page.page, size=page.size, total=found.total, trace_id=trace_id)


@router.put("/{article_id}/feedback", status_code=204, responses=errors(401, 403, 404))
async def give_article_feedback(app: App, caller: Caller, article_id: ArticleId, body: NewOpinion) -> None:
    """Say whether a published article helped, in place of what one said before."""
    await app.knowledge.give_feedback(
        caller, article_id, is_helpful=body.is_helpful, comment=body.comment, language=body.language
    )


@router.delete("/{article_id}/feedback", status_code=204, responses=errors(401, 403))
async def take_back_article_feedback(app: App, caller: Caller, article_id: ArticleId) -> None:
    """Say nothing about an article any more."""
    await app.knowledge.take_back_feedback(caller, article_id)
