"""What changed between two rulebooks, rule by rule and field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel

from kis.estimator.rulebook.lookup import rules
from kis.estimator.rulebook.schema import GateText, Rule, Rulebook

DECIDING_FIELDS: Final = frozenset({"value", "operator", "limit_rule", "stage"})
"""Fields by which the estimator decides; all others are its account of why."""

_HEAD: Final = ("id", "version", "title", "valid_from", "valid_to")


class ChangeKind(StrEnum):
    """What happened to a rule or gate."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field (``value``, ``text.ko``, …) before and after, typed as in the rulebook; None where there was or is none."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What happened to one rule (by its id), gate (``gates.<id>``) or to the head (``rulebook``)."""

    rule_id: str
    kind: ChangeKind
    fields: tuple[FieldChange, ...]

    @property
    def decides(self) -> bool:
        """Tell whether the estimator may now decide otherwise; False for mere words, sources and marks."""
        return any(change.field in DECIDING_FIELDS for change in self.fields)


def diff_rulebooks(before: Rulebook, after: Rulebook) -> tuple[RuleChange, ...]:
    """Return the changes in the order of the rulebook: head, rules, gates. Two equal rulebooks give none."""
    old_parts, new_parts = dict(_parts(before)), dict(_parts(after))
    changes = (
        _change(part, old_parts.get(part, {}), new_parts.get(part, {})) for part in old_parts | new_parts
    )
    return tuple(change for change in changes if change.fields)


def _parts(rulebook: Rulebook) -> Iterator[tuple[str, Mapping[str, object]]]:
    yield "rulebook", _fields(rulebook, _HEAD)
    for rule_id, rule in rules(rulebook):
        yield rule_id, _fields(rule, tuple(Rule.model_fields))
    for gate_id, gate in rulebook.gates.items():
        yield f"gates.{gate_id}", _fields(gate, tuple(GateText.model_fields))


def _fields(part: BaseModel, names: tuple[str, ...]) -> dict[str, object]:
    """Return the fields of a rule by name, texts by language (``text.ko``)."""
    found: dict[str, Any] = {}
    for name in names:
        value = getattr(part, name)
        if name in {"title", "text", "reason"}:
            found |= {f"{name}.{locale}": getattr(value, locale, None) for locale in ("ko", "en")}
        else:
            found[name] = value
    return found


def _change(rule_id: str, before: Mapping[str, object], after: Mapping[str, object]) -> RuleChange:
    kind = ChangeKind.CHANGED if before and after else ChangeKind.REMOVED if before else ChangeKind.ADDED
    fields = (FieldChange(name, before.get(name), after.get(name)) for name in before or after)
    return RuleChange(rule_id, kind, tuple(change for change in fields if change.before != change.after))
