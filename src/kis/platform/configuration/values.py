"""The settings as variables: their names, and their values as they may be shown."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from kis.platform.configuration.sections import Section
from kis.platform.configuration.settings import SECTIONS, Settings

REDACTED: Final = "***"
_HIDDEN: Final = frozenset({"OIDC_ISSUERS"})
"""No secret as a whole, but secrets stand in it."""


def variable_of(section: type[Section], field: str) -> str:
    """Return the name of the environment variable of a field."""
    return str(section.model_fields[field].validation_alias)


def variables() -> Iterator[str]:
    """Yield the name of every variable."""
    for section in SECTIONS.values():
        yield from (variable_of(section, field) for field in section.model_fields)


def is_secret(info: FieldInfo) -> bool:
    """Tell whether a field's value must not be shown."""
    return info.annotation is SecretStr or str(info.validation_alias) in _HIDDEN


def shown_values(settings: Settings) -> dict[str, Any]:
    """Return every variable with its value, secrets that are set as ``***``, what is not set as None."""
    shown: dict[str, Any] = {}
    for name, section in SECTIONS.items():
        for field, info in section.model_fields.items():
            value = getattr(getattr(settings, name), field)
            if isinstance(value, SecretStr):
                value = value.get_secret_value()
            if is_secret(info):
                value = REDACTED if value not in {"", "[]"} else None
            shown[variable_of(section, field)] = _plain(value)
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value) or None
    return value if isinstance(value, int | float | bool | None) else str(value) or None
