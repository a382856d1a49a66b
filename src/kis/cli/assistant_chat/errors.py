"""What keeps a conversation with the assistant from going on.

KisError
├── NotFound
│   ├── AnswerNotKept        the answer is not among the caller's conversations
│   ├── NothingThere         the server knows no such product, page or answer
│   └── NoSuchProduct        what is given as a product is no id, and no name for sure
└── Unavailable
    ├── NotRunning           no KIS is up here
    ├── Unreachable          nobody answers at the address
    ├── NotLetIn             the server does not let this caller in
    └── NotAnswered          the server tells why it cannot answer
"""

from collections.abc import Sequence
from pathlib import Path

from kis.cli.assistant_chat.conversation import Product, shown_line
from kis.platform.errors import NotFound, Unavailable
from kis.platform.messages import DEFAULT_LOCALE, Locale, Message


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


class NoSuchProduct(NotFound):
    """What is given as a product is no id, and no name of which it is sure whose it is; ``nearest`` are those it may be."""

    def __init__(self, text: str, nearest: Sequence[Product]) -> None:
        name = "which_product" if nearest else "no_product"
        self.nearest = [
            {"id": shown_line(each.id), "name": each.name, "brand": each.brand} for each in nearest
        ]
        super().__init__(Message(f"assistant_chat.{name}", {"text": text}), products=self.nearest)

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return the heading and one line per product, its id first: that is what is to be given."""
        columns = max((len(each["id"]) for each in self.nearest), default=0)
        lines = [
            f"  {each['id']:<{columns}}  " + " · ".join(filter(None, (each["name"], each["brand"])))
            for each in self.nearest
        ]
        return "\n".join([self.message.text(locale), *lines])


class AnswerNotKept(NotFound):
    """The answer is not among the caller's conversations."""

    code = "answer_not_kept"

    def __init__(self) -> None:
        super().__init__(Message("assistant_chat.not_kept"))
