"""What is wrong with a request, in words: from the findings of the models to problems with a path and a remedy."""

import difflib
import json
import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from pydantic import AliasChoices, ValidationError
from pydantic_core import ErrorDetails

from kis.estimator.request import (
    AccessoryRequest,
    BranchRequest,
    Customer,
    EstimateRequest,
    Exchange,
    ExtraLine,
    Limits,
    MainRequest,
    PanelRequest,
    RequestModel,
    RequestTerms,
)
from kis.platform.errors import Problem
from kis.platform.messages import Message

Location = tuple[str | int, ...]

SECTIONS: Final[Mapping[type[RequestModel], str]] = {
    EstimateRequest: "request",
    Customer: "customer",
    Exchange: "exchange",
    ExtraLine: "extra_line",
    PanelRequest: "panel",
    Limits: "limits",
    RequestTerms: "terms",
    MainRequest: "main",
    BranchRequest: "branch",
    AccessoryRequest: "accessory",
}
"""The blocks of a request, in the order of the reference, with the name the message catalogue has for them."""

MOST_PROBLEMS: Final = 200
"""A reader mends a few; beyond this the list only hides them."""

_SHOWN_CHARACTERS: Final = 40
_LONG_NUMBER: Final = 10**18
_TRADE_NAMES: Final[Mapping[str, str]] = {
    "af": "frame_af",
    "at": "rating_a",
    "ampere": "rating_a",
    "brand": "make",
    "breakers": "branches",
    "capacity": "rating_a",
    "count": "quantity",
    "maker": "make",
    "qty": "quantity",
    "type": "kind",
    "va": "load_va",
}
"""What people write for a field whose name their spelling does not resemble."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a location of the request as the models see it."""

    location: Location
    message: Message


def faults_of(error: ValidationError, given: object) -> list[Fault]:
    """Return what the models found wrong with ``given``."""
    details = error.errors(include_url=False, include_input=False)[: MOST_PROBLEMS * 5]
    return [
        Fault(_as_given(detail["loc"]), _message(detail, given))
        for detail in details
        if not _is_echo(detail, given)
    ]


def problems_from(
    faults: Iterable[Fault], given: object, translated: Callable[[Location], Location]
) -> tuple[Problem, ...]:
    """Return the faults as problems in the order of the input, each location's first fault alone, paths in the writer's own names."""
    first: dict[Location, Message] = {}
    for fault in faults:
        first.setdefault(translated(fault.location), fault.message)
    ordered = sorted(first, key=_places(given))
    problems = [Problem(path_of(location), first[location]) for location in ordered[:MOST_PROBLEMS]]
    if len(ordered) > MOST_PROBLEMS:
        problems.append(Problem("", Message("request.problem.more")))
    return tuple(problems)


def path_of(location: Location) -> str:
    """Return ``panels[0].branches[3].poles`` for a location; a strange name is quoted, so that a path stays one readable line."""
    parts: list[str] = []
    for part in location:
        if isinstance(part, int):
            parts.append(f"[{part}]")
        elif re.fullmatch(r"\w{1,40}", part):
            parts.append(f".{part}" if parts else part)
        else:
            parts.append(f"[{_quoted(part)}]")
    return "".join(parts)


def shown(value: object) -> object:
    """Return a value as a problem may repeat it: short, on one line, text in quotes."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return Message("request.shown.large_number") if abs(value) >= _LONG_NUMBER else str(value)
    kinds: tuple[tuple[type, str], ...] = (
        (Mapping, "mapping"),
        (Sequence, "list"),
        (types.NoneType, "nothing"),
    )
    return Message(
        f"request.shown.{next((name for kind, name in kinds if isinstance(value, kind)), 'other')}"
    )


def choice(value: object, choices: Sequence[object]) -> Message:
    """Say that a value is none of the choices."""
    return Message("request.problem.choice", {"value": shown(value), "choices": either(choices)})


def either(choices: Sequence[object]) -> object:
    """Return ``1, 2, 3 or 4`` in the reader's language."""
    *most, last = map(str, choices)
    return Message("request.shown.either", {"most": ", ".join(most), "last": last}) if most else last


def known_names(model: type[RequestModel]) -> tuple[str, ...]:
    """Return every name a block accepts, in the order of its fields, second names last."""
    seconds = [second for name in model.model_fields for second in input_names(model, name) if second != name]
    return (*model.model_fields, *seconds)


def input_names(model: type[RequestModel], field: str) -> tuple[str, ...]:
    """Return the names under which a field may be given, its own first."""
    for part in (model.model_fields[field], *model.model_fields[field].metadata):
        alias = getattr(part, "validation_alias", None)
        if isinstance(alias, AliasChoices):
            return tuple(str(choice) for choice in alias.choices)
    return (field,)


def block_of(model: type[RequestModel], field: str) -> type[RequestModel] | None:
    """Return the model of the entries of a field, None when it holds plain values."""
    return _blocks(model).get(field)


def _is_echo(detail: ErrorDetails, given: object) -> bool:
    """Tell whether a list is only said to be too short because its entries are wrong, which is told for each of them."""
    return detail["type"] == "too_short" and len(_entries_at(given, detail["loc"])) >= int(
        detail["ctx"]["min_length"]
    )


def _entries_at(given: object, location: Location) -> Sequence[object]:
    value = _value_at(given, location)
    return value if isinstance(value, list | tuple) else ()


def _message(detail: ErrorDetails, given: object) -> Message:
    """Say what one finding of pydantic means."""
    location, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    value = _value_at(given, location)
    if value is None and kind in {"enum", "literal_error", "choice", "form"}:
        return Message("request.problem.empty", {"meaning": _meaning(location)})
    if kind in {"enum", "literal_error", "choice"}:
        return choice(value, re.split(r", | or ", str(context["expected"]).replace("'", "")))
    if kind == "form":
        return Message(f"request.form.{context['form']}", {"value": shown(value)})
    if kind == "extra_forbidden":
        return _unknown(location)
    if kind == "invalid_key":
        return Message("request.problem.key")
    kind = f"text_{kind}" if isinstance(value, str) and kind in {"too_short", "too_long"} else kind
    key, limit = _KINDS.get(kind, ("unusable", ""))
    length = len(value.strip()) if isinstance(value, str) else context.get("actual_length")
    values = {
        "value": shown(value),
        "limit": context.get(limit),
        "meaning": _meaning(location),
        "length": length,
    }
    return Message(f"request.problem.{key}", values)


_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", ""),
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at_least", "ge"),
    "less_than_equal": ("at_most", "le"),
    "text_too_short": ("empty", ""),
    "text_too_long": ("long_text", "max_length"),
    "too_short": ("few_items", "min_length"),
    "too_long": ("many_items", "max_length"),
    "tuple_type": ("list", ""),
    "model_type": ("mapping", ""),
}
"""Findings of pydantic that need only the limit they name: the key of the sentence, and where the limit stands."""


def _unknown(location: Location) -> Message:
    model, name = _model_at(location[:-1]), str(location[-1])
    known = known_names(model)
    if name in known:
        other = next(field for field in model.model_fields if name in input_names(model, field))
        names = [second for second in input_names(model, other) if second != name]
        return Message("request.problem.two_names", {"other": names[0]})
    near = difflib.get_close_matches(name.casefold(), known, n=1) if len(name) <= _SHOWN_CHARACTERS else []
    if trade := _TRADE_NAMES.get(name.casefold()):
        near = [trade] if trade in known else near
    if near:
        return Message("request.problem.unknown_near", {"nearest": near[0]})
    return Message("request.problem.unknown", {"known": ", ".join(model.model_fields)})


def _meaning(location: Location) -> Message:
    """Return what the field at a location (or the list whose entry it is) stands for."""
    last = max((index for index, part in enumerate(location) if isinstance(part, str)), default=0)
    model, name = _model_at(location[:last]), location[last] if location else ""
    field = next((field for field in model.model_fields if name in input_names(model, field)), None)
    return Message(f"request.field.{SECTIONS[model]}.{field}") if field else Message("request.shown.other")


def _model_at(location: Location) -> type[RequestModel]:
    """Return the block a location lies in."""
    model: type[RequestModel] = EstimateRequest
    for part in location:
        if isinstance(part, str):
            model = _blocks(model).get(part, model)
    return model


@cache
def _blocks(model: type[RequestModel]) -> Mapping[str, type[RequestModel]]:
    """Return the fields of a block that hold blocks themselves."""
    hints = get_type_hints(model)
    blocks = {name: _block_in(hints[name]) for name in model.model_fields}
    return {name: block for name, block in blocks.items() if block is not None}


def _block_in(annotation: Any) -> type[RequestModel] | None:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation if issubclass(annotation, RequestModel) else None
    if get_origin(annotation) in {Union, types.UnionType, tuple}:
        return next((block for part in get_args(annotation) if (block := _block_in(part))), None)
    return None


def _as_given(location: tuple[int | str, ...]) -> Location:
    return tuple(part if isinstance(part, int | str) else str(part) for part in location)


def _value_at(given: object, location: Location) -> object:
    """Return what the writer put at a location, None where there is nothing."""
    for part in location:
        if isinstance(given, Mapping):
            given = given.get(part)
        elif (
            isinstance(given, Sequence)
            and not isinstance(given, str | bytes)
            and isinstance(part, int)
            and part < len(given)
        ):
            given = given[part]
        else:
            return None
    return given


def _places(given: object) -> Callable[[Location], tuple[int, ...]]:
    """Return what tells where a location stands in the input; what is missing comes after what its block holds."""
    orders: dict[int, dict[object, int]] = {}

    def place(location: Location) -> tuple[int, ...]:
        numbers: list[int] = []
        block = given
        for part in location:
            if isinstance(block, Mapping) and id(block) not in orders:
                orders[id(block)] = {name: number for number, name in enumerate(block)}
            order = orders.get(id(block), {})
            numbers.append(part if isinstance(part, int) else order.get(part, len(order)))
            block = _value_at(block, (part,))
        return tuple(numbers)

    return place


def _quoted(text: str) -> str:
    short = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
    return json.dumps(short.encode("utf-8", "backslashreplace").decode("utf-8"), ensure_ascii=False)
