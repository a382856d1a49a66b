"""The assistant over HTTP: predictions, questions with answers as they are made, pages with the passage marked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from kis.api.dependencies import App, Reading, Stopping, TraceId, Visitor
from kis.api.errors import errors
from kis.api.schemas.assistant import (
    AssistantQuestion,
    PredictedProductBody,
    PredictionBody,
    PredictionRequest,
)
from kis.assistant import Answer, Box

router = APIRouter(prefix="/v1/assistant", tags=["assistant"])

_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "description": "`<token>:<seq>`."},
                        "data": {"type": "string", "description": "A message of the WebSocket, as JSON."},
                    },
                    "required": ["data"],
                }
            }
        },
        "description": "The messages of the answer, an event for each.",
    }
}
_PNG: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The page.",
    }
}
_BEAT_SECONDS: Final = 15.0
_LARGEST_POINTS: Final = 20_000.0


def boxes_of(given: str) -> list[Box]:
    """Return the boxes that ``left,top,right,bottom;…`` names."""
    return [
        Box(*(min(float(side), _LARGEST_POINTS) for side in box.split(",")))
        for box in given.split(";")
        if box
    ]


@router.post("/predict", responses=errors(401, 403))
async def predict_products(
    app: App, caller: Visitor, trace_id: TraceId, body: PredictionRequest
) -> PredictionBody:
    """Tell which products a text that is being typed may mean. The WebSocket `/ws` does the same at every key press."""
    found = await app.assistant.predict(caller, body.content, limit=body.limit)
    data = [
        PredictedProductBody(
            id=each.product.id,
            name=each.product.name,
            brand=each.product.brand,
            thumbnail=each.product.images.get("thumbnail") or each.product.images.get("main"),
            confidence=each.confidence,
            match_text=each.match_text,
        )
        for each in found
    ]
    return PredictionBody(data=data, trace_id=trace_id)


@router.post("/ask", responses={**_STREAM, **errors(401, 403, 404)}, response_class=StreamingResponse)
async def ask_about_product(
    app: App,
    caller: Visitor,
    reading: Reading,
    stopping: Stopping,
    body: AssistantQuestion,
    last_event_id: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            pattern=r"^[A-Za-z0-9_-]{24}:\d{1,5}$",
            description="The `id:` of the last message that arrived: that answer goes on, the body is not asked again.",
        ),
    ] = None,
) -> StreamingResponse:
    """Ask about a product, or about none, and read the answer while it is made: the same messages as over the WebSocket."""
    if last_event_id is None:
        answer = await app.assistant.ask(
            caller,
            body.product_id or "",
            body.query,
            locale=reading.locale,
            image=body.image,
            seq=body.seq,
        )
        seq = 0
    else:
        token, _, told = last_event_id.partition(":")
        seq = int(told)
        answer = await app.assistant.resume(caller, token, seq)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_frames(answer, seq, stopping), media_type="text/event-stream", headers=headers)


@router.get(
    "/pages/{document}/{page}.png", responses={**_PNG, **errors(401, 403, 404)}, response_class=Response
)
async def get_page_image(
    app: App,
    caller: Visitor,
    document: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="`document` of a citation.")],
    page: Annotated[int, Path(ge=1, le=20_000)],
    product: Annotated[
        str, Query(min_length=1, max_length=200, description="The product whose manual it is.")
    ],
    highlight: Annotated[
        str,
        Query(
            max_length=4000,
            pattern=r"^([0-9]{1,5}(\.[0-9]{1,4})?(,[0-9]{1,5}(\.[0-9]{1,4})?){3}(;|$))*$",
            description="Boxes to mark, in points from the upper left corner: `left,top,right,bottom;…`, as a citation names them.",
        ),
    ] = "",
) -> Response:
    """Show a page of a product's manual with passages marked."""
    image = await app.assistant.page_image(caller, product, document, page, boxes_of(highlight))
    headers = {"Cache-Control": "private, max-age=3600"}
    return Response(image, media_type="image/png", headers=headers)


async def _frames(answer: Answer, seq: int, stopping: asyncio.Event) -> AsyncIterator[bytes]:
    """Yield an answer as Server-Sent Events; a comment now and then keeps the connection open."""
    messages = answer.frames_after(min(seq, len(answer.frames)))
    stopped = asyncio.ensure_future(stopping.wait())
    upcoming = asyncio.ensure_future(anext(messages, None))
    try:
        while True:
            done, _ = await asyncio.wait(
                (upcoming, stopped), timeout=_BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if upcoming in done:
                told = upcoming.result()
                if told is None:
                    return
                number, frame = told
                yield b"id: %s:%d\ndata: %s\n\n" % (answer.token.encode(), number, frame)
                upcoming = asyncio.ensure_future(anext(messages, None))
            elif stopped in done:
                return
            else:
                yield b": still here\n\n"
    finally:
        stopped.cancel()
        upcoming.cancel()
        with suppress(asyncio.CancelledError):
            await upcoming
        await messages.aclose()
