"""Products and the catalogs they come from."""

from dataclasses import asdict
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, File, Path, Query, Request, Response, UploadFile

from kis.api.dependencies import App, Caller, Reading, TraceId, Visitor
from kis.api.errors import errors
from kis.api.headers import IdempotencyKey, etag_of, unchanged
from kis.api.pages import PlainPageRequest
from kis.api.routes.uploaded import uploaded
from kis.api.schemas.assistant_products import (
    AddedProduct,
    BrandBody,
    CatalogFindingBody,
    CatalogImported,
    PastImportBody,
    ProductBody,
    ProductDetailsBody,
    ProductPriceBody,
    RelatedProductBody,
    RelatedProducts,
)
from kis.api.schemas.common import Page
from kis.api.schemas.estimate import StatusNow
from kis.assistant import Addition, PastImport, ProductDetails, add_to_quotation
from kis.platform.money import amount_text

router = APIRouter(prefix="/v1/assistant", tags=["assistant"])

MOST_FINDINGS: Final = 1000
ProductId = Annotated[str, Path(max_length=300, description="Id of the product.")]
Exact = Annotated[str, Query(max_length=300)]
_SHIPPED: Final = "For everybody instead of the organisation; operators alone."


@router.get("/products", responses=errors(401, 403))
async def list_products(
    app: App,
    caller: Visitor,
    page: PlainPageRequest,
    trace_id: TraceId,
    q: Annotated[
        str, Query(max_length=200, description="Words that name, brand, category or id must hold.")
    ] = "",
    brand: Exact = "",
    category: Exact = "",
) -> Page[ProductBody]:
    """List products: the organisation's own, those that are everybody's, and the parts of the estimator's catalogue."""
    found = await app.products.find(caller, q, brand=brand, category=category, page=page.page, size=page.size)
    items = [ProductBody.model_validate(product) for product in found.items]
    return Page(items=items, page=page.page, size=page.size, total=found.total, trace_id=trace_id)


@router.get(
    "/products/{product_id}",
    response_model=ProductDetailsBody,
    responses={304: {"description": "The caller has it already."}, **errors(401, 403, 404)},
)
async def get_product(
    app: App, caller: Visitor, request: Request, response: Response, product_id: ProductId
) -> Response | ProductDetailsBody:
    """Return a product with its brand, and its price where the caller may read price books."""
    body = _details(await app.products.details(caller, product_id))
    etag = etag_of(body.model_dump(mode="json"))
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return unchanged(request, etag) or body


_REPLAYED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": StatusNow,
        "headers": {
            "Idempotent-Replayed": {
                "description": "`true` where this is the first answer to a request of the same Idempotency-Key.",
                "schema": {"type": "string", "enum": ["true"]},
            }
        },
        "description": "The product is on the draft.",
    }
}


@router.post(
    "/products/{product_id}/quote",
    response_model=StatusNow,
    responses={**_REPLAYED, **errors(401, 403, 404, 409)},
)
async def add_product_to_quotation(
    app: App,
    caller: Caller,
    product_id: ProductId,
    body: AddedProduct,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Put a product on a quotation that is still a draft: a breaker or an accessory of the catalogue into one of its panels, any other product as a line at the price given."""
    addition = Addition(
        quantity=body.quantity, panel=body.panel, rating_a=body.rating_a, unit_price=body.unit_price
    )
    answer = await add_to_quotation(
        app.products,
        app.quotations,
        caller,
        product_id=product_id,
        quote_id=body.quote_id,
        addition=addition,
        idempotency_key=idempotency_key,
    )
    headers = {"Idempotent-Replayed": "true"} if answer.is_replayed else {}
    return Response(answer.body, answer.status_code, headers, media_type="application/json")


@router.get("/products/{product_id}/related", responses=errors(401, 403, 404))
async def list_related_products(
    app: App, caller: Visitor, trace_id: TraceId, product_id: ProductId
) -> RelatedProducts:
    """List what is related to a product and there for the caller: accessories, spare parts and the like."""
    found = await app.products.related(caller, product_id)
    items = [RelatedProductBody.model_validate(each) for each in found]
    return RelatedProducts(items=items, trace_id=trace_id)


@router.get("/catalogs", responses=errors(401, 403))
async def list_product_catalogs(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId
) -> Page[PastImportBody]:
    """List the catalogs that were taken in, the newest first."""
    found, total = await app.products.imports(caller, page=page.page, size=page.size)
    items = [PastImportBody.model_validate(_told(each)) for each in found]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.post("/catalogs", responses=errors(401, 403))
async def import_product_catalog(
    app: App,
    caller: Caller,
    reading: Reading,
    trace_id: TraceId,
    file: Annotated[UploadFile, File(description="JSON: a brand with its products, or a list of products.")],
    *,
    dry_run: Annotated[bool, Query(alias="dryRun", description="Only tell what would become of it.")] = False,
    removes_missing: Annotated[
        bool,
        Query(
            alias="removesMissing", description="Remove products of the file's brands that it does not hold."
        ),
    ] = False,
    shipped: Annotated[bool, Query(description=_SHIPPED)] = False,
) -> CatalogImported:
    """Take a catalog in, all of it or nothing: every mistake is named by line and JSON pointer. The same file again changes nothing."""
    name, data = await uploaded(app, file)
    report = await app.products.import_catalog(
        caller, name, data, shipped=shipped, is_dry_run=dry_run, removes_missing=removes_missing
    )
    findings = [
        CatalogFindingBody(
            severity=finding.severity.value,
            rule=finding.rule,
            pointer=finding.pointer,
            line=finding.line,
            message=finding.message.text(reading.locale),
        )
        for finding in report.findings[:MOST_FINDINGS]
    ]
    told = {name: value for name, value in asdict(report).items() if name not in {"findings", "import_id"}}
    return CatalogImported(**told, id=report.import_id, findings=findings, trace_id=trace_id)


_CATALOGS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The catalogs, each in the shape it is taken in.",
        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
    }
}


@router.get("/catalogs/export", response_class=Response, responses={**_CATALOGS, **errors(401, 403)})
async def export_product_catalogs(
    app: App,
    caller: Caller,
    *,
    shipped: Annotated[bool, Query(description="Those that are everybody's instead.")] = False,
) -> Response:
    """Hand out the organisation's own catalogs, one for each brand; each can be taken in again."""
    content = orjson.dumps(await app.products.export(caller, shipped=shipped), option=orjson.OPT_INDENT_2)
    disposition = 'attachment; filename="catalogs.json"'
    return Response(content, media_type="application/json", headers={"Content-Disposition": disposition})


def _details(details: ProductDetails) -> ProductDetailsBody:
    price = details.price
    return ProductDetailsBody(
        product=ProductBody.model_validate(details.product),
        brand=BrandBody.model_validate(details.brand),
        is_own=details.is_own,
        price=None
        if price is None
        else ProductPriceBody(
            amount=amount_text(price.amount, price.currency),
            currency=price.currency,
            unit=price.unit,
            book=price.book,
            is_illustrative=price.is_illustrative,
        ),
    )


def _told(past: PastImport) -> dict[str, Any]:
    """Return an import without who did it: the audit log tells that to those who may know."""
    return {name: value for name, value in asdict(past).items() if name != "imported_by"}
