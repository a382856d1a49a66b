"""Conversations that are kept: each is its user's alone, by the rules of the database as well. Of unknown callers and of machines nothing is kept."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Text, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kis.assistant.models import AnswerFeedback, StoredMessage, StoredThread
from kis.assistant.things import AnswerEvent
from kis.assistant.threads.citations import whole_answer
from kis.assistant.threads.errors import AnswerNotKept, ThreadFull, ThreadNotFound, ThreadTooLarge
from kis.assistant.threads.export import as_markdown
from kis.assistant.threads.things import Conversation, Judgement, KeptMessage, Role, Thread
from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.database import Database
from kis.platform.errors import BadInput, Forbidden, Problem
from kis.platform.messages import Message

MOST_THREADS: Final = 2000
"""Of one user."""
MOST_MESSAGES: Final = 1000
"""Of one conversation."""
LONGEST_TITLE: Final = 200
LONGEST_CONTENT: Final = 100_000
LONGEST_COMMENT: Final = 2000
LONGEST_PRODUCT: Final = 200
LARGEST_EXPORT_BYTES: Final = 10_000_000
"""Of what is said and cited; a conversation of as many questions as one may have comes to about half of it."""
CONTINUED_MINUTES: Final = 30
"""A question about the same product so soon after the last one belongs to the same conversation."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Threads:
    """The use cases over conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, caller: Principal, title: str, product_id: str = "") -> Thread:
        """Begin a conversation. Raises Forbidden for machines, BadInput."""
        user_id = _person(caller)
        _check(("title", title, LONGEST_TITLE, True), ("productId", product_id, LONGEST_PRODUCT, False))
        async with self._database.transaction(caller.scope) as session:
            return _thread(await _made(session, caller, user_id, title.strip(), product_id))

    async def list(
        self, caller: Principal, *, page: int = 1, size: int = 20
    ) -> tuple[tuple[Thread, ...], int]:
        """Return a page of the caller's conversations, the last continued first, and how many there are."""
        user_id = _person(caller)
        own = StoredThread.user_id == user_id
        wanted = (
            select(StoredThread)
            .where(own)
            .order_by(StoredThread.continued_at.desc(), StoredThread.id)
            .limit(size)
            .offset((page - 1) * size)
        )
        async with self._database.transaction(caller.scope) as session:
            rows = (await session.scalars(wanted)).all()
            total = await session.scalar(select(func.count()).select_from(StoredThread).where(own))
        return tuple(map(_thread, rows)), total or 0

    async def get(self, caller: Principal, thread_id: UUID) -> Conversation:
        """Return a conversation with all its messages. Raises ThreadNotFound."""
        user_id = _person(caller)
        async with self._database.transaction(caller.scope) as session:
            return await _whole(session, user_id, thread_id)

    async def export(self, caller: Principal, thread_id: UUID) -> Conversation:
        """Return a conversation with all its messages, to be taken away. Raises ThreadNotFound, ThreadTooLarge."""
        user_id = _person(caller)
        async with self._database.transaction(caller.scope) as session:
            await _held(session, user_id, thread_id)
            size_bytes = await _size_bytes(session, thread_id)
            if size_bytes > LARGEST_EXPORT_BYTES:
                raise ThreadTooLarge(size_bytes, LARGEST_EXPORT_BYTES)
            return await _whole(session, user_id, thread_id)

    async def export_markdown(self, caller: Principal, thread_id: UUID) -> str:
        """Return a conversation as a text to read, in its own language. Raises ThreadNotFound, ThreadTooLarge."""
        return await asyncio.to_thread(as_markdown, await self.export(caller, thread_id))

    async def rename(self, caller: Principal, thread_id: UUID, title: str) -> Thread:
        """Call a conversation something else. Raises ThreadNotFound, BadInput."""
        user_id = _person(caller)
        _check(("title", title, LONGEST_TITLE, True))
        async with self._database.transaction(caller.scope) as session:
            thread = await _held(session, user_id, thread_id)
            thread.title = title.strip()
            return _thread(thread)

    async def remove(self, caller: Principal, thread_id: UUID) -> None:
        """Delete a conversation with its messages and what was said of them. Raises ThreadNotFound."""
        user_id = _person(caller)
        async with self._database.transaction(caller.scope) as session:
            thread = await _held(session, user_id, thread_id)
            await session.delete(thread)
            # What was talked about is nobody else's: the log tells that something went, not what.
            await audit.record(
                session,
                organization_id=caller.organization_id,
                actor=caller.actor,
                action="thread.removed",
                target=f"thread:{thread_id}",
                before={"messages": thread.messages},
                address=caller.address,
            )

    async def keep(
        self,
        caller: Principal | None,
        question: str,
        events: Sequence[AnswerEvent],
        *,
        product_id: str = "",
        thread_id: UUID | None = None,
        answer_id: UUID | None = None,
    ) -> UUID | None:
        """Keep a question with its whole answer and return the conversation they are in; None for those of whom nothing is kept.

        Without ``thread_id`` the conversation about the same product goes on, where it was continued a short while ago; else a new one begins.
        The answer is kept as ``answer_id``; what is kept under it already is not kept again.
        Raises ThreadNotFound, ThreadFull, BadInput.
        """
        if caller is None or caller.user_id is None:
            return None
        user_id = _person(caller)
        _check(
            ("question", question, LONGEST_CONTENT, True), ("productId", product_id, LONGEST_PRODUCT, False)
        )
        async with self._database.transaction(caller.scope) as session:
            if answer_id is not None and (found := await _place_of(session, user_id, answer_id)) is not None:
                return found
            if thread_id is None:
                thread = await _continued(session, user_id, product_id)
                if thread is None:
                    thread = await _made(session, caller, user_id, _title_of(question), product_id)
            else:
                thread = await _held(session, user_id, thread_id)
            await _append(session, thread, question, events, product_id, answer_id or uuid4())
            return thread.id

    async def judge(
        self,
        caller: Principal,
        thread_id: UUID,
        message_id: UUID,
        judgement: Judgement,
    ) -> None:
        """Say whether an answer helped, in place of what was said before. Raises ThreadNotFound, AnswerNotKept, BadInput."""
        user_id = _person(caller)
        _check(("comment", judgement.comment, LONGEST_COMMENT, False))
        said = {"is_helpful": judgement.is_helpful, "comment": judgement.comment.strip()}
        async with self._database.transaction(caller.scope) as session:
            await _answer(session, user_id, thread_id, message_id)
            statement = insert(AnswerFeedback).values(
                message_id=message_id, organization_id=caller.organization_id, user_id=user_id, **said
            )
            await session.execute(statement.on_conflict_do_update(index_elements=["message_id"], set_=said))

    async def take_back(self, caller: Principal, thread_id: UUID, message_id: UUID) -> None:
        """Say nothing about an answer any more. Raises ThreadNotFound, AnswerNotKept."""
        user_id = _person(caller)
        async with self._database.transaction(caller.scope) as session:
            await _answer(session, user_id, thread_id, message_id)
            await session.execute(delete(AnswerFeedback).where(AnswerFeedback.message_id == message_id))


def _person(caller: Principal) -> UUID:
    """Return who calls; conversations belong to people."""
    caller.require(Permission.ASSISTANT_USE)
    if caller.user_id is None:
        raise Forbidden(Message("identity.people_only"), permission=Permission.ASSISTANT_USE.value)
    return caller.user_id


def _check(*given: tuple[str, str, int, bool]) -> None:
    """Raise BadInput with every text that is too long, holds what cannot be shown, or is empty and must not be."""
    problems = []
    for path, text, most, required in given:
        if _CONTROL.search(text):
            problems.append(Problem(path, Message("assistant_threads.invalid.control")))
        if len(text) > most:
            problems.append(Problem(path, Message("assistant_threads.invalid.long", {"most": most})))
        if required and not text.strip():
            problems.append(Problem(path, Message("assistant_threads.invalid.empty")))
    if problems:
        raise BadInput("request", problems)


async def _made(
    session: AsyncSession, caller: Principal, user_id: UUID, title: str, product_id: str
) -> StoredThread:
    held = await session.scalar(
        select(func.count()).select_from(StoredThread).where(StoredThread.user_id == user_id)
    )
    if (held or 0) >= MOST_THREADS:
        many = Message("assistant_threads.invalid.many", {"most": MOST_THREADS})
        raise BadInput("request", [Problem("", many)])
    now = datetime.now(UTC)
    thread = StoredThread(
        id=uuid4(),
        organization_id=caller.organization_id,
        user_id=user_id,
        title=title,
        product_id=product_id,
        messages=0,
        created_at=now,
        continued_at=now,
    )
    session.add(thread)
    await session.flush()
    return thread


async def _held(session: AsyncSession, user_id: UUID, thread_id: UUID) -> StoredThread:
    """Return a conversation that nobody else changes until the transaction ends."""
    wanted = (
        select(StoredThread)
        .where(StoredThread.id == thread_id, StoredThread.user_id == user_id)
        .with_for_update()
    )
    thread = await session.scalar(wanted)
    if thread is None:
        raise ThreadNotFound(thread_id)
    return thread


async def _size_bytes(session: AsyncSession, thread_id: UUID) -> int:
    own = func.octet_length(StoredMessage.content) + func.octet_length(cast(StoredMessage.citations, Text))
    found = await session.scalar(select(func.sum(own)).where(StoredMessage.thread_id == thread_id))
    return found or 0


async def _whole(session: AsyncSession, user_id: UUID, thread_id: UUID) -> Conversation:
    thread = await _held(session, user_id, thread_id)
    rows = await session.execute(
        select(StoredMessage, AnswerFeedback)
        .outerjoin(AnswerFeedback, AnswerFeedback.message_id == StoredMessage.id)
        .where(StoredMessage.thread_id == thread_id)
        .order_by(StoredMessage.number)
    )
    return Conversation(_thread(thread), tuple(_message(message, feedback) for message, feedback in rows))


async def _continued(session: AsyncSession, user_id: UUID, product_id: str) -> StoredThread | None:
    since = datetime.now(UTC) - timedelta(minutes=CONTINUED_MINUTES)
    wanted = (
        select(StoredThread)
        .where(
            StoredThread.user_id == user_id,
            StoredThread.product_id == product_id,
            StoredThread.continued_at >= since,
            StoredThread.messages <= MOST_MESSAGES - 2,
        )
        .order_by(StoredThread.continued_at.desc(), StoredThread.id)
        .limit(1)
        .with_for_update()
    )
    found: StoredThread | None = await session.scalar(wanted)
    return found


async def _place_of(session: AsyncSession, user_id: UUID, answer_id: UUID) -> UUID | None:
    """Return the conversation that an answer is kept in already."""
    wanted = select(StoredMessage.thread_id).where(
        StoredMessage.id == answer_id, StoredMessage.user_id == user_id
    )
    found: UUID | None = await session.scalar(wanted)
    return found


async def _append(
    session: AsyncSession,
    thread: StoredThread,
    question: str,
    events: Sequence[AnswerEvent],
    product_id: str,
    answer_id: UUID,
) -> None:
    """Write a question and its answer at the end of a conversation."""
    if thread.messages + 2 > MOST_MESSAGES:
        raise ThreadFull(MOST_MESSAGES)
    answer = whole_answer(events)
    said: tuple[tuple[Role, Mapping[str, Any]], ...] = (
        (Role.QUESTION, {"id": uuid4(), "content": question}),
        (
            Role.ANSWER,
            {
                "id": answer_id,
                "content": answer.content[:LONGEST_CONTENT],
                "mode": answer.mode,
                "refusal": answer.refusal,
                "citations": list(answer.citations),
            },
        ),
    )
    for role, values in said:
        thread.messages += 1
        session.add(
            StoredMessage(
                organization_id=thread.organization_id,
                user_id=thread.user_id,
                thread_id=thread.id,
                number=thread.messages,
                role=role.value,
                product_id=product_id,
                **values,
            )
        )
    thread.continued_at = datetime.now(UTC)
    await session.flush()


async def _answer(session: AsyncSession, user_id: UUID, thread_id: UUID, message_id: UUID) -> None:
    """Make sure that there is such an answer."""
    await _held(session, user_id, thread_id)
    wanted = select(StoredMessage.id).where(
        StoredMessage.id == message_id,
        StoredMessage.thread_id == thread_id,
        StoredMessage.role == Role.ANSWER.value,
    )
    if await session.scalar(wanted) is None:
        raise AnswerNotKept(message_id)


def _title_of(question: str) -> str:
    """Return the first words of a question as the name of its conversation."""
    line = " ".join(question.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"


def _thread(row: StoredThread) -> Thread:
    return Thread(
        id=row.id,
        title=row.title,
        product_id=row.product_id,
        messages=row.messages,
        created_at=row.created_at,
        updated_at=row.continued_at,
    )


def _message(row: StoredMessage, feedback: AnswerFeedback | None) -> KeptMessage:
    return KeptMessage(
        id=row.id,
        number=row.number,
        role=Role(row.role),
        content=row.content,
        product_id=row.product_id,
        mode=row.mode,
        refusal=row.refusal,
        citations=tuple(row.citations),
        judgement=None
        if feedback is None
        else Judgement(is_helpful=feedback.is_helpful, comment=feedback.comment),
        created_at=row.created_at,
    )
