"""docs/reference/settings.md, made from the sections."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from kis.platform.configuration.sections import Section
from kis.platform.configuration.settings import SECTIONS
from kis.platform.configuration.values import is_secret, variable_of

_INTRODUCTION: Final = """# Settings

<!-- Made by `./kis docs --write` from kis.platform.configuration. -->

Settings are environment variables. Nothing has to be set to try KIS: `./kis up` takes a database, a storage and a secret of its own from the data folder.
`./kis check-env` says what is missing or unsafe for the environment that `APP_ENV` names, and exits with 2 when something must be mended first. A secret
(marked ●) is never shown: not in logs, not by `check-env`, not in an error.

Lists are JSON (`["a", "b"]`) or words divided by commas.
"""


def settings_page() -> str:
    """Return the reference page of the settings."""
    return "\n".join((_INTRODUCTION, *_sections())).rstrip("\n") + "\n"


def _sections() -> Iterator[str]:
    for name, section in SECTIONS.items():
        yield f"## {name.capitalize()}\n"
        yield f"{(section.__doc__ or '').strip()}\n"
        yield "| variable | default | meaning |\n| --- | --- | --- |"
        for field, info in section.model_fields.items():
            yield _row(section, field, info)
        yield ""


def _row(section: type[Section], field: str, info: FieldInfo) -> str:
    mark = " ●" if is_secret(info) else ""
    words = f"{info.description}{_bounds(info)}".replace("|", "\\|")
    return f"| `{variable_of(section, field)}`{mark} | {_default(field, info)} | {words} |"


def _default(field: str, info: FieldInfo) -> str:
    if field == "data":
        return "the user's data folder"
    value: Any = None if info.default is PydanticUndefined else info.default
    if is_secret(info) or value in (None, "", ()):
        return ""
    if isinstance(value, tuple):
        value = ",".join(value)
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _bounds(info: FieldInfo) -> str:
    """Return the bounds of a number as a reader expects them."""
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    found = [
        f"{sign} {getattr(part, name):g}"
        for part in info.metadata
        for name, sign in signs.items()
        if getattr(part, name, None) is not None
    ]
    return f" ({', '.join(found)})" if found else ""
