"""Price books: dated lists of unit prices, an organisation's own and those that came with the program."""

from typing import Annotated, Literal

from fastapi import APIRouter, File, Path, Query, Response, UploadFile

from kis.api.dependencies import App, Caller, Reading, TraceId
from kis.api.errors import errors
from kis.api.routes.uploaded import uploaded
from kis.api.schemas.catalog import CatalogChange, UploadFinding
from kis.api.schemas.price_books import (
    PriceBookDiff,
    PriceBookFacts,
    PriceBookList,
    PriceBookTaken,
    PriceBookWhole,
    UnitPrice,
)
from kis.platform.money import amount_text

router = APIRouter(prefix="/v1/price-books", tags=["price books"])

BookName = Annotated[str, Path(max_length=80, description="Name of the book.")]
Version = Annotated[str | None, Query(max_length=80, description="Without it the version that begins last.")]


@router.get("", responses=errors(401, 403))
async def list_price_books(app: App, caller: Caller, trace_id: TraceId) -> PriceBookList:
    """List the price books a quotation may be made from, the organisation's own first."""
    found = await app.catalogs.price_books.list(caller)
    return PriceBookList(items=[PriceBookFacts.model_validate(head) for head in found], trace_id=trace_id)


@router.post("", status_code=201, responses=errors(401, 403, 409))
async def add_price_book(
    app: App,
    caller: Caller,
    reading: Reading,
    trace_id: TraceId,
    file: Annotated[UploadFile, File(description="YAML, CSV or XLSX.")],
) -> PriceBookTaken:
    """Take in a price book. It holds from its first day for quotations that name no other; one that is there is never overwritten."""
    name, data = await uploaded(app, file)
    head, findings = await app.catalogs.price_books.upload(caller, name, data)
    return PriceBookTaken(
        **PriceBookFacts.model_validate(head).model_dump(by_alias=False),
        findings=[
            UploadFinding(
                severity=found.severity.value, path=found.path, message=found.message.text(reading.locale)
            )
            for found in findings
        ],
        trace_id=trace_id,
    )


@router.get("/{name}", responses=errors(401, 403, 404))
async def get_price_book(
    app: App, caller: Caller, trace_id: TraceId, name: BookName, version: Version = None
) -> PriceBookWhole:
    """Return a price book with its prices."""
    head, book = await app.catalogs.price_books.get(caller, name, version)
    prices = [
        UnitPrice(
            key=price.key,
            unit_price=amount_text(price.unit_price, book.currency),
            unit=price.unit,
            source=price.source,
        )
        for price in book.prices.values()
    ]
    facts = PriceBookFacts.model_validate(head).model_dump(by_alias=False)
    return PriceBookWhole(**facts, prices=prices, trace_id=trace_id)


@router.get(
    "/{name}/file",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {
                media: {"schema": {"type": "string", "format": "binary"}}
                for media in ("application/yaml", "text/csv")
            },
        },
        **errors(401, 403, 404),
    },
)
async def get_price_book_file(
    app: App,
    caller: Caller,
    name: BookName,
    version: Version = None,
    format: Annotated[Literal["yaml", "csv"], Query(description="yaml or csv.")] = "yaml",  # noqa: A002 - a name of the wire
) -> Response:
    """Return a price book as its YAML, byte for byte, or as a CSV table: the beginning of another."""
    books = app.catalogs.price_books
    if format == "csv":
        return Response(await books.table(caller, name, version), media_type="text/csv; charset=utf-8")
    return Response(await books.content(caller, name, version), media_type="application/yaml")


@router.get("/{name}/diff", responses=errors(401, 403, 404))
async def compare_price_books(
    app: App,
    caller: Caller,
    reading: Reading,
    trace_id: TraceId,
    name: BookName,
    to: Annotated[str, Query(max_length=80, description="Name of the newer book.")],
    version: Version = None,
    to_version: Annotated[
        str | None,
        Query(alias="toVersion", max_length=80, description="Without it the version that begins last."),
    ] = None,
) -> PriceBookDiff:
    """Tell what changed from one price book to another, price by price."""
    found = await app.catalogs.price_books.diff(caller, (name, version), (to, to_version))
    changes = [
        CatalogChange(
            kind=change.kind.value,
            table=change.table,
            key=change.key,
            field=change.field,
            old=change.old,
            new=change.new,
            percent=None if change.percent is None else str(change.percent),
            message=change.message().text(reading.locale),
        )
        for change in found
    ]
    return PriceBookDiff(changes=changes, trace_id=trace_id)
