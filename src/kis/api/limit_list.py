"""The limits that hold in an installation, with what sets them."""

from typing import Final

from kis.api.schemas.admin import LimitBody
from kis.knowledge import LIMITS
from kis.platform.configuration import SECTIONS, Settings

_SET: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("requestsPerMinute", "limits", "per_minute", "requests"),
    ("requestsPerMinuteOfAnAddress", "limits", "address_per_minute", "requests"),
    ("loginsPerMinute", "limits", "login_per_minute", "attempts"),
    ("largestBody", "application", "largest_body_bytes", "bytes"),
    ("largestUpload", "application", "largest_upload_bytes", "bytes"),
    ("bodyTimeout", "application", "body_timeout_seconds", "seconds"),
    ("statementTimeout", "database", "statement_timeout_seconds", "seconds"),
    ("databaseConnections", "database", "pool_size", "connections"),
    ("jobTimeout", "jobs", "timeout_seconds", "seconds"),
    ("jobAttempts", "jobs", "most_attempts", "attempts"),
    ("keptAnswers", "search", "cache_entries", "answers"),
    ("translationTimeout", "translation", "timeout_seconds", "seconds"),
)
"""Name, section and field of the settings, unit."""
PAGE_SIZE: Final = ("pageSize", 100, "items")


def limits_of(settings: Settings) -> list[LimitBody]:
    """Return the limits."""
    found = [
        LimitBody(
            name=name,
            value=float(getattr(getattr(settings, section), field)),
            unit=unit,
            variable=str(SECTIONS[section].model_fields[field].validation_alias),
        )
        for name, section, field, unit in _SET
    ]
    return found + [
        LimitBody(name=name, value=value, unit=unit, variable=None)
        for name, value, unit in (PAGE_SIZE, *LIMITS)
    ]
