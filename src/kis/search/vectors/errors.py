"""What can go wrong with vectors.

Unavailable
└── EmbeddingsUnavailable    there are no vectors now: the search goes on by terms alone
    ├── EmbeddingsRefused    the model takes these texts not; others it may
    └── ModelMissing         a library or a folder is not there; somebody must mend it
"""

from typing import ClassVar

from kis.platform.errors import Unavailable
from kis.platform.messages import Message


class EmbeddingsUnavailable(Unavailable):
    """The model gives no vectors now. What is told never holds the key or what the endpoint answered: it may repeat the key."""

    code: ClassVar[str] = "embeddings_unavailable"

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(
            Message("vectors.unavailable", {"reason": Message(f"vectors.reason.{reason}", values)}),
            reason=reason,
        )
        self.reason = reason


class EmbeddingsRefused(EmbeddingsUnavailable):
    """The model takes these texts not, however often it is asked."""

    def __init__(self, status: int) -> None:
        super().__init__("refused", status=status)


class ModelMissing(EmbeddingsUnavailable):
    """A library or a folder that the model needs is not there."""

    code: ClassVar[str] = "embeddings_missing"
