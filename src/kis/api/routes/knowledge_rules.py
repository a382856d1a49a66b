"""What administrators of a knowledge base have beside its articles: the bin, and what the organisation decides."""

from dataclasses import asdict

from fastapi import APIRouter, Response

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.pages import PlainPageRequest
from kis.api.routes.knowledge import ArticleId, changed
from kis.api.schemas.common import Page
from kis.api.schemas.knowledge import ArticleNow
from kis.api.schemas.knowledge_parts import BinnedArticle, FetchBack, KnowledgeRules
from kis.knowledge import Rules

router = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])


@router.get("/settings", responses=errors(401, 403))
async def get_knowledge_settings(app: App, caller: Caller) -> KnowledgeRules:
    """Return what the organisation decided about its knowledge base."""
    return _shown(await app.knowledge.rules(caller))


@router.put("/settings", responses=errors(401, 403))
async def put_knowledge_settings(app: App, caller: Caller, body: KnowledgeRules) -> KnowledgeRules:
    """Decide anew."""
    return _shown(await app.knowledge.decide_rules(caller, Rules(**body.model_dump(by_alias=False))))


@router.get("/bin", responses=errors(401, 403))
async def list_knowledge_bin(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId
) -> Page[BinnedArticle]:
    """List what was deleted, the newest first."""
    found = await app.knowledge.bin(caller, page=page.page, size=page.size)
    items = [BinnedArticle.model_validate(item) for item in found.items]
    return Page(items=items, page=page.page, size=page.size, total=found.total, trace_id=trace_id)


@router.post("/bin/{article_id}/fetch-back", responses=errors(401, 403, 404, 409))
async def fetch_article_back(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    article_id: ArticleId,
    body: FetchBack,
    response: Response,
) -> ArticleNow:
    """Take an article out of the bin, as it was; under another slug where its own was taken meanwhile."""
    article = await app.knowledge.fetch_back(caller, article_id, slug=body.slug)
    return changed(response, article, trace_id)


@router.delete("/bin/{article_id}", status_code=204, responses=errors(401, 403, 404))
async def purge_article(app: App, caller: Caller, article_id: ArticleId) -> None:
    """Remove an article in the bin for good."""
    await app.knowledge.purge(caller, article_id)


def _shown(rules: Rules) -> KnowledgeRules:
    return KnowledgeRules(**{**asdict(rules), "features": dict(rules.features)})
