"""Reaching rules by their ids (``enclosure.bottom_space``)."""

from collections.abc import Iterator
from typing import Any, Final

from kis.estimator.rulebook.schema import Part, Rule, Rulebook
from kis.platform.errors import NotFound
from kis.platform.messages import Message

SECTIONS: Final = ("selection", "enclosure", "layout", "phases", "critic", "pricing")
"""The parts of a rulebook that hold rules, in its order."""


def rules(rulebook: Rulebook) -> Iterator[tuple[str, Rule[Any]]]:
    """Yield every rule with its id, in the order of the schema."""
    for section in SECTIONS:
        part: Part = getattr(rulebook, section)
        for name in type(part).model_fields:
            yield f"{section}.{name}", getattr(part, name)


def rule_ids(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the ids of all rules, in the order of the schema."""
    return tuple(rule_id for rule_id, _ in rules(rulebook))


def rule(rulebook: Rulebook, rule_id: str) -> Rule[Any]:
    """Return the rule of ``rule_id``. Raises NotFound."""
    section, _, name = rule_id.partition(".")
    if section in SECTIONS and name in type(part := getattr(rulebook, section)).model_fields:
        found: Rule[Any] = getattr(part, name)
        return found
    raise NotFound(Message("rulebook.no_such_rule", {"id": rule_id, "version": rulebook.version}))
