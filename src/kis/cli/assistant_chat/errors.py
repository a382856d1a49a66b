"""What keeps a conversation with the assistant from going on.

KisError
├── NotFound
│   ├── AnswerNotKept        the answer is not among the caller's conversations
│   └── NothingThere         the server knows no such product, page or answer
└── Unavailable
    ├── NotRunning           no KIS is up here
    ├── Unreachable          nobody answers at the address
    ├── NotLetIn             the server does not let this caller in
    └── NotAnswered          the server tells why it cannot answer
"""

from pathlib import Path

from kis.platform.errors import NotFound, Unavailable
from kis.platform.messages import Message


class NotRunning(Unavailable):
    """No KIS is up that works on this machine's data folder."""

    code = "not_running"

    def __init__(self, data: Path) -> None:
        super().__init__(Message("assistant_chat.not_running", {"data": data}))


class Unreachable(Unavailable):
    """Nobody answers, or nobody who speaks as KIS does."""

    code = "unreachable"

    def __init__(self, url: str) -> None:
        super().__init__(Message("assistant_chat.unreachable", {"url": url}))


class NotLetIn(Unavailable):
    """The server wants to know who calls, or does not let the caller do this."""

    code = "not_let_in"

    def __init__(self, said: str = "") -> None:
        super().__init__(Message("assistant_chat.not_let_in", {"said": said or "401"}))


class NotAnswered(Unavailable):
    """The server says in its own words why it cannot do this."""

    code = "not_answered"

    def __init__(self, said: str, *, reason: str = "") -> None:
        super().__init__(Message("assistant_chat.said", {"said": said}), reason=reason)


class NothingThere(NotFound):
    """The server knows nothing of that name."""

    def __init__(self, said: str) -> None:
        super().__init__(Message("assistant_chat.said", {"said": said}))


class AnswerNotKept(NotFound):
    """The answer is not among the caller's conversations."""

    code = "answer_not_kept"

    def __init__(self) -> None:
        super().__init__(Message("assistant_chat.not_kept"))
