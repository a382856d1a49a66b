"""Why a manual cannot be had, one error each.

ManualUnavailable (kis.assistant.errors)
├── ManualRefused       its address is none that manuals are fetched from
├── ManualMissing       the maker's site does not have it
├── ManualUnreachable   the site does not answer, or breaks off
├── ManualSlow          it did not arrive in time
├── ManualTooLarge      it is larger than is fetched
├── ManualTooLong       it has more pages than are read
├── ManualWrongType     what stands there is no manual
├── ManualDamaged       its file is broken
├── ManualEncrypted     it asks for a password
├── ManualScanned       it is pictures of pages without a text
├── ManualEmpty         there is nothing in it
└── ManualUnread        reading it took too long, too much memory, or ended the process that read it
NotFound
├── ManualNotKept       no manual with these bytes is kept
└── PageNotFound        it has no picture of this page
"""

from typing import ClassVar, Final

from kis.assistant.errors import ManualUnavailable
from kis.assistant.things import DocumentState
from kis.platform.errors import NotFound
from kis.platform.messages import Message


class _Reason(ManualUnavailable):
    """A manual cannot be had, for the reason that its class tells."""

    reason: ClassVar[str] = ""

    def __init__(self, **values: object) -> None:
        super().__init__(Message(f"assistant_manuals.{self.reason}", values), reason=self.reason)


class ManualRefused(_Reason):
    """The address is none that manuals are fetched from."""

    code = "manual_refused"
    reason = "refused"

    def __init__(self, host: str) -> None:
        super().__init__(host=host)


class ManualMissing(_Reason):
    """The maker's site does not have it."""

    code = "manual_missing"
    reason = "missing"

    def __init__(self, status: int) -> None:
        super().__init__(status=status)


class ManualUnreachable(_Reason):
    """The site does not answer, answers that it cannot, or breaks off."""

    code = "manual_unreachable"
    reason = "unreachable"


class ManualSlow(_Reason):
    """It did not arrive in time."""

    code = "manual_slow"
    reason = "slow"

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds=f"{seconds:g}")


class ManualTooLarge(_Reason):
    """It is larger than is fetched."""

    code = "manual_too_large"
    reason = "too_large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_mb=f"{limit_bytes / 1e6:g}")


class ManualTooLong(_Reason):
    """It has more pages than are read."""

    code = "manual_too_long"
    reason = "too_long"

    def __init__(self, pages: int, limit: int) -> None:
        super().__init__(pages=pages, limit=limit)


class ManualWrongType(_Reason):
    """What stands there is no manual."""

    code = "manual_wrong_type"
    reason = "wrong_type"


class ManualDamaged(_Reason):
    """Its file is broken."""

    code = "manual_damaged"
    reason = "damaged"


class ManualEncrypted(_Reason):
    """It asks for a password."""

    code = "manual_encrypted"
    reason = "encrypted"


class ManualScanned(_Reason):
    """It is pictures of pages without a text."""

    code = "manual_scanned"
    reason = "scanned"


class ManualEmpty(_Reason):
    """There is nothing in it."""

    code = "manual_empty"
    reason = "empty"


class ManualUnread(_Reason):
    """Reading it took too long, too much memory, or ended the process that read it."""

    code = "manual_unread"
    reason = "unread"

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds=f"{seconds:g}")


class ManualNotKept(NotFound):
    """No manual with these bytes is kept."""

    code = "manual_not_kept"

    def __init__(self, sha256: str) -> None:
        super().__init__(Message("assistant_manuals.not_kept", {"sha256": sha256}))


class PageNotFound(NotFound):
    """The manual has no picture of this page."""

    code = "page_not_found"

    def __init__(self, page: int) -> None:
        super().__init__(Message("assistant_manuals.no_page", {"page": page}))


OF_STATE: Final[dict[DocumentState, type[_Reason]]] = {
    DocumentState.DAMAGED: ManualDamaged,
    DocumentState.ENCRYPTED: ManualEncrypted,
    DocumentState.SCANNED: ManualScanned,
    DocumentState.EMPTY: ManualEmpty,
    DocumentState.UNSUPPORTED: ManualWrongType,
}
"""The error of each state in which a document answers nothing."""
