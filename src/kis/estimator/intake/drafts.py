"""A request that failed, as far as it can be read: what lets the rules between fields speak although some fields are wrong.

Every field is read by itself. Asking a draft for a field that could not be read raises :class:`Unknown`, so a rule that needs it falls silent
instead of guessing.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, cast

from pydantic import TypeAdapter, ValidationError

from kis.estimator.intake.problems import block_of, input_names
from kis.estimator.request import EstimateRequest, RequestModel

_MOST_ENTRIES: Final = 400
"""No list of a request holds more; a longer one has been refused as a whole."""


class Unknown(Exception):
    """A field that could not be read was asked for."""


class Draft:
    """Stands for a block of a request, holding those of its fields that could be read."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> object:
        try:
            return self._values[name]
        except KeyError:
            raise Unknown(name) from None


def draft_of(given: object) -> EstimateRequest:
    """Return what can be read of a failed request, to be asked like one."""
    return cast("EstimateRequest", _draft(EstimateRequest, given))


def _draft(model: type[RequestModel], given: object) -> Draft:
    given = model.prepared(given)
    if not isinstance(given, Mapping):
        return Draft({})
    values: dict[str, object] = {}
    for name, field in model.model_fields.items():
        own = next((second for second in input_names(model, name) if second in given), None)
        if own is None and not field.is_required():
            values[name] = field.get_default(call_default_factory=True)
        elif own is not None:
            values.update(_read(model, name, given[own]))
    return Draft(values)


def _read(model: type[RequestModel], name: str, value: object) -> dict[str, object]:
    """Return the field's value by its name, nothing when it cannot be read."""
    block = block_of(model, name)
    if block and isinstance(value, list | tuple):
        if len(value) > _MOST_ENTRIES:
            return {}
        return {name: tuple(_draft(block, entry) for entry in value)}
    try:
        return {name: _reader(model, name).validate_python(value)}
    except ValidationError:
        return {}


@cache
def _reader(model: type[RequestModel], name: str) -> TypeAdapter[Any]:
    field = model.model_fields[name]
    annotation: Any = field.annotation
    if field.metadata:
        annotation = cast("Any", Annotated)[(annotation, *field.metadata)]
    return TypeAdapter(annotation)
