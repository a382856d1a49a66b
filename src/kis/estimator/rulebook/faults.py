"""What the schema refuses, told in the reader's words with line and path."""

from typing import Any, Final

from pydantic import ValidationError

from kis.estimator.rulebook.document import Document
from kis.platform.errors import Problem
from kis.platform.messages import Message

_KEYS: Final = {
    "bool_type": "true_or_false",
    "date_from_datetime_inexact": "date",
    "date_from_datetime_parsing": "date",
    "date_parsing": "date",
    "date_type": "date",
    "decimal_parsing": "decimal",
    "decimal_type": "decimal",
    "dict_type": "mapping",
    "extra_forbidden": "unknown",
    "finite_number": "decimal",
    "int_type": "whole_number",
    "is_instance_of": "fraction",  # the one class asked for is Fraction
    "literal_error": "one_of",
    "missing": "missing",
    "model_type": "mapping",
    "string_too_short": "empty",
    "string_type": "text",
    "too_long": "too_many",
    "too_short": "empty",
    "tuple_type": "list",
    "value_error": "refused",
}
_REFUSALS: Final = (
    ("a disputed rule names", "no_reason"),
    ("steps must rise", "steps_must_rise"),
    ("Invalid literal for Fraction", "fraction"),
)
"""How the validators of the schema begin, and what is said for them."""

_LONGEST_SHOWN: Final = 40


def schema_problems(document: Document, error: ValidationError) -> tuple[Problem, ...]:
    """Return every fault in ``error``, in the order of the file's lines."""
    details = error.errors(include_url=False, include_context=True)
    problems = [
        (document.line(item["loc"]), document.problem(item["loc"], _message(dict(item)))) for item in details
    ]
    return tuple(problem for _, problem in sorted(problems, key=lambda pair: pair[0]))


def _message(item: dict[str, Any]) -> Message:
    key = _KEYS.get(item["type"], "other")
    if key == "refused":
        key = next((name for begin, name in _REFUSALS if begin in item["msg"]), "other")
    context = item.get("ctx", {})
    values = {
        "value": _shown(item["input"]),
        "choices": context.get("expected", "").replace(" or ", ", ").replace("'", ""),
        "limit": context.get("max_length", ""),
        "detail": item["msg"],
    }
    return Message(f"rulebook.field.{key}", values)


def _shown(value: object) -> str:
    """Return a value as it may stand in YAML, shortened."""
    match value:
        case None:
            text = "null"
        case bool():
            text = str(value).lower()
        case dict():
            text = "{…}"
        case list():
            text = "[…]"
        case _:
            text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
