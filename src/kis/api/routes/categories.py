"""The categories of the knowledge base: the tree its articles hang on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.schemas.knowledge_parts import (
    CategoryBranch,
    CategoryMove,
    CategoryName,
    CategoryOrder,
    CategoryPatch,
    CategoryRemoved,
    CategoryTree,
    NewCategoryBody,
)
from kis.knowledge import CategoryChange, NewCategory

router = APIRouter(prefix="/v1/categories", tags=["knowledge"])

CategoryId = Annotated[UUID, Path(description="Id of the category.")]


@router.get("", responses=errors(401, 403))
async def list_categories(app: App, caller: Caller, trace_id: TraceId) -> CategoryTree:
    """Return the tree, each category before those below it."""
    found = await app.knowledge.categories(caller)
    return CategoryTree(items=[CategoryBranch.model_validate(each) for each in found], trace_id=trace_id)


@router.post("", status_code=201, responses=errors(401, 403, 404, 409))
async def add_category(app: App, caller: Caller, body: NewCategoryBody, response: Response) -> CategoryName:
    """Make a category, last of its siblings."""
    made = await app.knowledge.add_category(caller, NewCategory(**body.model_dump(by_alias=False)))
    response.headers["Location"] = f"/v1/categories/{made.id}"
    return CategoryName.model_validate(made)


@router.put("/order", status_code=204, responses=errors(401, 403, 404))
async def order_categories(app: App, caller: Caller, body: CategoryOrder) -> None:
    """Put the categories on another, or on none, in an order; all of them are to be named."""
    await app.knowledge.order_categories(caller, body.parent_id, body.categories)


@router.patch("/{category_id}", responses=errors(401, 403, 404, 409))
async def change_category(
    app: App, caller: Caller, category_id: CategoryId, body: CategoryPatch
) -> CategoryName:
    """Name a category anew."""
    given = CategoryChange(**body.model_dump(by_alias=False))
    return CategoryName.model_validate(await app.knowledge.change_category(caller, category_id, given))


@router.post("/{category_id}/move", responses=errors(401, 403, 404, 409))
async def move_category(
    app: App, caller: Caller, category_id: CategoryId, body: CategoryMove
) -> CategoryName:
    """Hang a category, with all below it, on another or on none."""
    moved = await app.knowledge.move_category(caller, category_id, body.parent_id, body.position)
    return CategoryName.model_validate(moved)


@router.delete("/{category_id}", responses=errors(401, 403, 404, 409))
async def remove_category(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    category_id: CategoryId,
    into: Annotated[
        UUID | None,
        Query(description="The category its articles and categories go to; else it must be empty."),
    ] = None,
) -> CategoryRemoved:
    """Remove a category."""
    moved = await app.knowledge.remove_category(caller, category_id, into=into)
    return CategoryRemoved(moved_articles=moved, trace_id=trace_id)
