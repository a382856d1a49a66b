"""Errors of conversations.

NotFound
├── ThreadNotFound           there is no such conversation, or it is somebody else's: the two look the same
└── AnswerNotKept            the conversation has no such answer
Conflict
├── ThreadFull               the conversation has as many messages as one may have
└── ThreadTooLarge           the conversation is larger than is exported
"""

from uuid import UUID

from kis.platform.errors import Conflict, NotFound
from kis.platform.messages import Message


class ThreadNotFound(NotFound):
    """There is no such conversation of the caller's."""

    code = "thread_not_found"

    def __init__(self, thread_id: UUID) -> None:
        super().__init__(Message("assistant_threads.not_found.thread", {"id": thread_id}))


class AnswerNotKept(NotFound):
    """The conversation has no such answer."""

    code = "message_not_found"

    def __init__(self, message_id: UUID) -> None:
        super().__init__(Message("assistant_threads.not_found.answer", {"id": message_id}))


class ThreadFull(Conflict):
    """The conversation has as many messages as one may have."""

    code = "thread_full"

    def __init__(self, most: int) -> None:
        super().__init__(Message("assistant_threads.full", {"most": most}))


class ThreadTooLarge(Conflict):
    """The conversation is larger than is exported."""

    code = "thread_too_large"

    def __init__(self, size_bytes: int, most_bytes: int) -> None:
        values = {"bytes": size_bytes, "most": most_bytes}
        super().__init__(Message("assistant_threads.too_large", values), limitBytes=most_bytes)
