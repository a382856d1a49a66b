"""Which defaults stand in for what a customer did not say, as far as they shape the design or the terms."""

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel

from kis.estimator.request import EstimateRequest
from kis.platform.messages import Message

_REQUEST_FIELDS: Final = ("currency", "locale", "validity_days")
_PANEL_FIELDS: Final = ("supply", "mounting", "material", "grade", "ambient_c", "feed", "receiving_point")


def default_notes(request: EstimateRequest) -> Iterator[Message]:
    """Yield one note for the request and one for each panel that rests on defaults."""
    if fields := _defaulted(request, _REQUEST_FIELDS):
        yield Message("request.note.request_defaults", {"fields": fields})
    for number, panel in enumerate(request.panels):
        if fields := _defaulted(panel, _PANEL_FIELDS):
            yield Message("request.note.defaults", {"path": f"panels[{number}]", "fields": fields})


def _defaulted(block: BaseModel, names: tuple[str, ...]) -> tuple[Message, ...]:
    absent = [name for name in names if name not in block.model_fields_set]
    return tuple(
        Message("request.note.default", {"field": name, "value": _written(getattr(block, name))})
        for name in absent
    )


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
