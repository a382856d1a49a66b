"""Conversations that are kept, and what their readers thought of the answers."""

import asyncio
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Query, Response

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.pages import PlainPageRequest
from kis.api.schemas.assistant_threads import (
    FeedbackBody,
    KeptCitation,
    MessageBody,
    NewThread,
    ThreadBody,
    ThreadDetails,
    ThreadName,
)
from kis.api.schemas.common import Page
from kis.assistant import Conversation, Judgement, KeptMessage
from kis.platform.storage import content_disposition

router = APIRouter(prefix="/v1/assistant/threads", tags=["assistant"])

ThreadId = Annotated[UUID, Path(description="Id of the conversation.")]
MessageId = Annotated[UUID, Path(description="Id of the answer.")]

_EXPORTED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The conversation, as a file.",
        "content": {
            "text/markdown": {"schema": {"type": "string"}},
            "application/json": {"schema": {"$ref": "#/components/schemas/ThreadDetails"}},
        },
    }
}


@router.get("", responses=errors(401, 403))
async def list_threads(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId
) -> Page[ThreadBody]:
    """List one's own conversations, the last continued first. Nobody else sees them, and API keys have none."""
    found, total = await app.threads.list(caller, page=page.page, size=page.size)
    items = [ThreadBody.model_validate(thread) for thread in found]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.post("", status_code=201, responses=errors(401, 403))
async def create_thread(app: App, caller: Caller, body: NewThread, response: Response) -> ThreadBody:
    """Begin a conversation."""
    thread = await app.threads.create(caller, body.title, body.product_id)
    response.headers["Location"] = f"/v1/assistant/threads/{thread.id}"
    return ThreadBody.model_validate(thread)


@router.get("/{thread_id}", responses=errors(401, 403, 404))
async def get_thread(app: App, caller: Caller, trace_id: TraceId, thread_id: ThreadId) -> ThreadDetails:
    """Return a conversation with all its messages, citations and what was said of the answers: all that is kept of it."""
    return _details(await app.threads.get(caller, thread_id), trace_id)


@router.get(
    "/{thread_id}/export", response_class=Response, responses={**_EXPORTED, **errors(401, 403, 404, 409)}
)
async def export_thread(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    thread_id: ThreadId,
    format: Annotated[  # noqa: A002 - the name of the query parameter
        Literal["md", "json"],
        Query(description="Markdown to read, in the language of the questions, or all that is kept as JSON."),
    ] = "md",
) -> Response:
    """Take one's own conversation away: each question, its answer sentence by sentence, and what each sentence stands on. One of more than 10,000,000 bytes is not exported."""
    if format == "md":
        content = (await app.threads.export_markdown(caller, thread_id)).encode()
        media_type = "text/markdown"
    else:
        found = await app.threads.export(caller, thread_id)
        content, media_type = await asyncio.to_thread(_as_json, found, trace_id), "application/json"
    headers = {
        "Content-Disposition": content_disposition(f"conversation-{thread_id}.{format}"),
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


@router.patch("/{thread_id}", responses=errors(401, 403, 404))
async def rename_thread(app: App, caller: Caller, thread_id: ThreadId, body: ThreadName) -> ThreadBody:
    """Call a conversation something else."""
    return ThreadBody.model_validate(await app.threads.rename(caller, thread_id, body.title))


@router.delete("/{thread_id}", status_code=204, responses=errors(401, 403, 404))
async def delete_thread(app: App, caller: Caller, thread_id: ThreadId) -> None:
    """Delete a conversation with its messages and what was said of them."""
    await app.threads.remove(caller, thread_id)


@router.put("/{thread_id}/messages/{message_id}/feedback", status_code=204, responses=errors(401, 403, 404))
async def judge_answer(
    app: App, caller: Caller, thread_id: ThreadId, message_id: MessageId, body: FeedbackBody
) -> None:
    """Say whether an answer helped, in place of what one said before."""
    judgement = Judgement(is_helpful=body.is_helpful, comment=body.comment)
    await app.threads.judge(caller, thread_id, message_id, judgement)


@router.delete(
    "/{thread_id}/messages/{message_id}/feedback", status_code=204, responses=errors(401, 403, 404)
)
async def withdraw_judgement(app: App, caller: Caller, thread_id: ThreadId, message_id: MessageId) -> None:
    """Say nothing about an answer any more."""
    await app.threads.take_back(caller, thread_id, message_id)


def _as_json(conversation: Conversation, trace_id: str) -> bytes:
    told = _details(conversation, trace_id).model_dump(mode="json", by_alias=True)
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _details(conversation: Conversation, trace_id: str) -> ThreadDetails:
    return ThreadDetails(
        thread=ThreadBody.model_validate(conversation.thread),
        messages=[_message(message) for message in conversation.messages],
        trace_id=trace_id,
    )


def _message(message: KeptMessage) -> MessageBody:
    judged = message.judgement
    return MessageBody(
        id=message.id,
        number=message.number,
        role=message.role.value,
        content=message.content,
        product_id=message.product_id,
        mode=message.mode,
        refusal=message.refusal,
        citations=[KeptCitation.model_validate(each) for each in message.citations],
        feedback=None
        if judged is None
        else FeedbackBody(is_helpful=judged.is_helpful, comment=judged.comment),
        created_at=message.created_at,
    )
