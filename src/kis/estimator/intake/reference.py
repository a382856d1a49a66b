"""The reference page of the request, made from the models and the message catalogue: every field with its values, default and meaning."""

import types
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from kis.estimator.intake.problems import SECTIONS, block_of
from kis.estimator.request import RequestModel
from kis.estimator.request_forms import Form
from kis.platform.messages import LOCALES, Locale, Message


def request_page() -> str:
    """Return docs/reference/request.md: the reference in every language, one after the other."""
    return "\n".join(request_reference(locale) for locale in LOCALES)


def request_reference(locale: Locale) -> str:
    """Return the reference of the request in one language, as Markdown."""
    lines = [f"# {_said('title', locale)}", "", _said("introduction", locale), ""]
    for model in SECTIONS:
        lines += [f"## {_said(f'section.{SECTIONS[model]}', locale)}", "", *_table(model, locale), ""]
    return "\n".join(lines)


def _table(model: type[RequestModel], locale: Locale) -> Iterator[str]:
    columns = _said("column", locale)
    yield f"| {columns} |"
    yield f"|{' --- |' * (columns.count('|') + 1)}"
    hints = get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        meaning = Message(f"request.field.{SECTIONS[model]}.{name}").text(locale)
        yield f"| `{name}` | {_values(model, name, hints[name], locale)} | {_default(field, locale)} | {meaning} |"


def _values(model: type[RequestModel], name: str, annotation: Any, locale: Locale) -> str:
    """Say what a field can hold."""
    bare, marks = _parts(annotation)
    if block := block_of(model, name):
        section = _said(f"section.{SECTIONS[block]}", locale)
        return _said("kind.list" if get_origin(bare) is tuple else "kind.group", locale, section=section)
    if form := next((mark for mark in marks if isinstance(mark, Form)), None):
        return _said(f"kind.{form.key}", locale)
    if get_origin(bare) is Literal or issubclass(bare, StrEnum):
        return ", ".join(f"`{choice}`" for choice in (get_args(bare) or bare))
    limits = {
        limit: getattr(mark, limit)
        for mark in marks
        for limit in ("ge", "gt", "le", "max_length")
        if hasattr(mark, limit)
    }
    least, most = limits.get("ge"), limits.get("le", limits.get("max_length"))
    if bare is Decimal:
        above = "above_" if "gt" in limits else ""
        kind = f"exact_{above}between" if most is not None else "exact_above" if above else "exact_least"
    else:
        kind = "whole" if bare is int else "text"
    return _said(f"kind.{kind}", locale, least=least, most=most)


def _parts(annotation: Any) -> tuple[Any, list[object]]:
    """Return the type at the heart of an annotation and everything that marks it; that it may be absent is told by its default."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        bare, inner_marks = _parts(inner)
        flat = [part for mark in marks for part in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]
        return bare, [*inner_marks, *flat]
    if get_origin(annotation) in {Union, types.UnionType}:
        return _parts(next(part for part in get_args(annotation) if part is not types.NoneType))
    return annotation, []


def _default(field: FieldInfo, locale: Locale) -> str:
    if field.is_required():
        return _said("required", locale)
    default = field.get_default()
    if default is None or default in ("", ()) or isinstance(default, RequestModel):
        return _said("none", locale)
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _said(key: str, locale: Locale, **values: object) -> str:
    return Message(f"request.reference.{key}", values).text(locale)
