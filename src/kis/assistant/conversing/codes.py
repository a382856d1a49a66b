"""All codes of errors that a client of the assistant can meet, and which of them end the connection.

Texts are in ``assistant_protocol.yaml`` under the code. Nothing else of an exception ever leaves: what has no code here is ``internal_error``.
"""

from dataclasses import dataclass
from typing import Final

from kis.assistant.errors import ManualUnavailable
from kis.platform.errors import Forbidden, KisError, NotFound, TooManyRequests, Unauthenticated, Unavailable


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error: when it is told, and the close code that follows, None where the connection lives on."""

    meaning: str
    closes_with: int | None = None


ERRORS: Final[dict[str, Kind]] = {
    "malformed_message": Kind("The message is not JSON in UTF-8, or no object."),
    "binary_message": Kind("Messages are texts; a binary frame is not read."),
    "unknown_type": Kind("There is no message of this type."),
    "invalid_message": Kind("A field is missing, of the wrong kind, too long or out of its range."),
    "message_too_large": Kind("The message is larger than one without an image may be."),
    "image_too_large": Kind("The image has more than 5 MB."),
    "image_unusable": Kind("The image is not base64 of a PNG, JPEG, WebP or GIF."),
    "rate_limited": Kind("Messages come faster than they are read; what came too much was dropped."),
    "too_many_messages": Kind("Messages went on coming after `rate_limited`.", 1008),
    "too_many_questions": Kind("As many questions of this connection are being answered as may be at once."),
    "unread": Kind("The client does not read what it is sent.", 1008),
    "idle": Kind("The client has said nothing for a long time.", 1001),
    "unauthenticated": Kind("Who is calling is not known any more.", 4401),
    "forbidden": Kind("The caller may not do this."),
    "product_not_found": Kind("There is no such product, or not for the caller."),
    "manual_unavailable": Kind("The manual cannot be read; `reason` says why."),
    "answer_not_found": Kind("There is no such answer, it is not the caller's, or was forgotten."),
    "unavailable": Kind("Something this needs is not there now; ask again."),
    "internal_error": Kind("A fault of the server."),
}
"""In the order of the reference page."""

_OF_EXCEPTIONS: Final[tuple[tuple[type[KisError], str], ...]] = (
    (ManualUnavailable, "manual_unavailable"),
    (NotFound, "product_not_found"),
    (Unauthenticated, "unauthenticated"),
    (Forbidden, "forbidden"),
    (TooManyRequests, "rate_limited"),
    (Unavailable, "unavailable"),
)


def code_of(error: BaseException) -> str:
    """Return the code under which ``error`` is told."""
    return next((code for kind, code in _OF_EXCEPTIONS if isinstance(error, kind)), "internal_error")
