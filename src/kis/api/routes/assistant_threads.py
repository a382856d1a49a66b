"""Conversations that are kept, and what their readers thought of the answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

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
from kis.assistant import Judgement, KeptMessage

router = APIRouter(prefix="/v1/assistant/threads", tags=["assistant"])

ThreadId = Annotated[UUID, Path(description="Id of the conversation.")]
MessageId = Annotated[UUID, Path(description="Id of the answer.")]


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
    found = await app.threads.get(caller, thread_id)
    return ThreadDetails(
        thread=ThreadBody.model_validate(found.thread),
        messages=[_message(message) for message in found.messages],
        trace_id=trace_id,
    )


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
