"""Why a finished file cannot be judged."""

from kis.platform.errors import KisError


class Unreadable(KisError):
    """The file is damaged, or far larger than any document of KIS."""

    code = "unreadable_document"
