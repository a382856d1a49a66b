"""What pydantic finds wrong with a request or a setting, in our own words and both languages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kis.platform.errors import Problem
from kis.platform.messages import Message

_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "bool_parsing": ("boolean", ""),
    "bool_type": ("boolean", ""),
    "bytes_type": ("text", ""),
    "date_from_datetime_inexact": ("date", ""),
    "date_from_datetime_parsing": ("date", ""),
    "date_parsing": ("date", ""),
    "date_type": ("date", ""),
    "datetime_from_date_parsing": ("time", ""),
    "datetime_object_invalid": ("time", ""),
    "datetime_parsing": ("time", ""),
    "datetime_type": ("time", ""),
    "decimal_max_digits": ("digits", ""),
    "decimal_max_places": ("digits", ""),
    "decimal_parsing": ("number", ""),
    "decimal_type": ("number", ""),
    "decimal_whole_digits": ("digits", ""),
    "dict_type": ("mapping", ""),
    "enum": ("choice", "expected"),
    "extra_forbidden": ("unknown", ""),
    "finite_number": ("finite", ""),
    "float_parsing": ("number", ""),
    "float_type": ("number", ""),
    "frozen_set_type": ("list", ""),
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at_least", "ge"),
    "idempotency_key": ("idempotency_key", ""),
    "if_match": ("if_match", ""),
    "int_from_float": ("integer", ""),
    "int_parsing": ("integer", ""),
    "int_parsing_size": ("digits", ""),
    "int_type": ("integer", ""),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at_most", "le"),
    "list_type": ("list", ""),
    "literal_error": ("choice", "expected"),
    "mapping_type": ("mapping", ""),
    "missing": ("missing", ""),
    "model_attributes_type": ("mapping", ""),
    "model_type": ("mapping", ""),
    "multiple_of": ("multiple", "multiple_of"),
    "set_type": ("list", ""),
    "string_pattern_mismatch": ("pattern", ""),
    "string_sub_type": ("text", ""),
    "string_too_long": ("long_text", "max_length"),
    "string_too_short": ("short_text", "min_length"),
    "string_type": ("text", ""),
    "string_unicode": ("text", ""),
    "time_zone": ("time_zone", ""),
    "timezone_aware": ("time", ""),
    "too_long": ("many_items", "max_length"),
    "too_short": ("few_items", "min_length"),
    "tuple_type": ("list", ""),
    "union_tag_invalid": ("choice", "expected_tags"),
    "union_tag_not_found": ("missing", ""),
    "url_parsing": ("url", ""),
    "url_scheme": ("url", ""),
    "url_type": ("url", ""),
    "uuid_parsing": ("identifier", ""),
    "uuid_type": ("identifier", ""),
    "uuid_version": ("identifier", ""),
}
"""Findings by pydantic's name of them: the sentence, and the name of the limit in their context."""
_MOST: Final = 200


def problems_of(found: Sequence[Any]) -> list[Problem]:
    """Return one problem for each place that pydantic has something against, the first thing it has."""
    first: dict[str, Problem] = {}
    for each in found[:_MOST]:
        path = path_of(each["loc"])
        first.setdefault(path, Problem(path, sentence(each)))
    return list(first.values())


def sentence(found: Mapping[str, Any]) -> Message:
    """Return what one finding means."""
    kind, context = str(found["type"]), found.get("ctx") or {}
    key, limit = _KINDS.get(kind, ("unusable", ""))
    if key == "choice":
        expected = str(context.get(limit, "")).replace("'", "").replace(" or ", ", ")
        return Message("api.invalid.choice", {"expected": expected})
    if key == "short_text" and context.get("min_length") == 1:
        return Message("api.invalid.empty")
    return Message(f"api.invalid.{key}", {"limit": context.get(limit)} if limit else {})


def path_of(location: Sequence[int | str]) -> str:
    """Return ``panels[0].main`` for a place in the body, ``query.size`` or ``header.if-match`` for one elsewhere."""
    parts = list(location[1:]) if location and location[0] == "body" else list(location)
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            name = re.sub(r"[^\w.:\-]", "?", str(part))[:60]
            path += f".{name}" if path else name
    return path
