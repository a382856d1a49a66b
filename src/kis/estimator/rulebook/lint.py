"""Checks over a whole rulebook: each is one small function of :data:`CHECKS` that yields what it finds.

An *error* would make the estimator wrong or fall over, and the rulebook is refused; a *warning* is a rule whose account of
itself is incomplete; an *info* says how sure the rules are.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from pydantic import BaseModel

from kis.estimator.rulebook.lookup import rules
from kis.estimator.rulebook.schema import Bilingual, Rule, Rulebook, Steps
from kis.estimator.rulebook.values import written
from kis.platform.messages import Message

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_HANGUL: Final = re.compile(r"[가-힣]")

MAIN_TABLES: Final = (
    "enclosure.wiring_above_main",
    "enclosure.width_step",
    "enclosure.lanes",
    "layout.bar_ladder",
    "pricing.main_bar_copper",
    "pricing.branch_bar_copper",
    "pricing.assembly",
    "pricing.assembly_main_only",
    "critic.loss_families",
)
"""Tables by frame or rating that must serve the same largest breaker."""

RISING: Final = (
    "enclosure.wiring_above_main",
    "enclosure.bottom_space",
    "enclosure.width_step",
    "enclosure.lanes",
    "layout.bar_ladder",
    "pricing.main_bar_copper",
    "pricing.branch_bar_copper",
    "pricing.assembly",
    "pricing.assembly_main_only",
)
"""Tables in which a larger breaker never takes less of anything."""

POSITIVE: Final = (
    "enclosure.width_rounding",
    "enclosure.meter_row",
    "enclosure.meter_cell",
    "enclosure.meter_columns",
    "enclosure.custom_step",
    "layout.small_row_pitch",
    "layout.four_pole_pair_quarter",
    "layout.rail_pitch",
    "layout.rail_module",
    "layout.rail_row_modules",
    "pricing.earth_terminals_per_branches",
)
"""Divisors and grid steps: zero would divide by nothing or never end."""

ORDERED: Final = (
    ("selection.two_pole_small_up_to", "selection.two_pole_compact_up_to"),
    ("selection.high_sensitivity", "selection.default_sensitivity"),
    ("enclosure.fit_limit_priced", "enclosure.fit_limit"),
    ("enclosure.ip_floor_indoor", "enclosure.ip_floor_outdoor"),
    ("enclosure.depth_floor_225a", "enclosure.depth_floor_400af"),
    ("enclosure.depth_floor_400af", "enclosure.custom_depth_limit"),
    ("enclosure.small_only_width", "enclosure.many_ways_width"),
    ("layout.cross_bar_width_small", "layout.cross_bar_width"),
    ("critic.derating_reference", "critic.air_limit"),
    ("critic.row_heat", "critic.panel_heat"),
    ("pricing.discount_approval_percent", "pricing.discount_limit_percent"),
)
"""Pairs of which the first must not exceed the second."""

SHARES: Final = (
    "enclosure.fit_limit",
    "enclosure.fit_limit_priced",
    "enclosure.space_use",
    "phases.imbalance_limit",
    "critic.main_load_limit",
)
"""Parts of a whole: above 0 and at most 1."""


class LintSeverity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing a check found, at a rule id, ``gates.<gate id>``, or a field of the rulebook's head."""

    severity: LintSeverity
    rule_id: str
    message: Message


def lint_rulebook(rulebook: Rulebook) -> tuple[LintFinding, ...]:
    """Return what every check finds, in the order of :data:`CHECKS` and of the rules."""
    values = dict(rules(rulebook))
    return tuple(finding for check in CHECKS for finding in check(rulebook, values))


Rules = dict[str, Rule[Any]]


def head_at_odds(rulebook: Rulebook, _: Rules) -> Iterator[LintFinding]:
    """The id and version make a file's name; a rulebook does not end before it begins."""
    for field, name in (("id", rulebook.id), ("version", rulebook.version)):
        if _NAME.fullmatch(name) is None:
            yield _error(field, "bad_name", value=name)
    if rulebook.valid_to is not None and rulebook.valid_to < rulebook.valid_from:
        yield _error("valid_to", "ends_before_start", first=rulebook.valid_from, last=rulebook.valid_to)


def negative_numbers(_: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """No length, rating, amount or count is below zero; what divides is above it."""
    for rule_id, rule in values.items():
        numbers = list(_numbers(rule.value))
        if any(number < 0 for number in numbers):
            yield _error(rule_id, "negative")
        elif rule_id in POSITIVE and 0 in numbers:
            yield _error(rule_id, "zero")


def shares_beyond_one(_: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """A share of a whole lies above 0 and at most at 1."""
    for rule_id in SHARES:
        if not 0 < values[rule_id].value <= 1:
            yield _error(rule_id, "not_share", value=written(values[rule_id].value))


def pairs_out_of_order(_: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """What must not exceed another rule does not."""
    for lower, upper in ORDERED:
        if values[lower].value > values[upper].value:
            shown = {
                "value": written(values[lower].value),
                "other": upper,
                "limit": written(values[upper].value),
            }
            yield _error(lower, "exceeds", **shown)


def falling_tables(_: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """The steps of a table come in ascending order, and a larger breaker never takes less."""
    for rule_id in RISING:
        for before, after in pairwise(_rows(values[rule_id].value)):
            limit, lower = _limit(before), _limit(after)
            if lower <= limit:
                yield _error(rule_id, "not_ascending", before=limit, after=lower)
            elif any(after[name] < before[name] for name in before):
                yield _error(rule_id, "falls", before=limit, after=lower)


def tables_ending_apart(_: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """All tables by frame or rating serve the same largest breaker; otherwise it fails halfway through."""
    ends = {rule_id: max(_limit(row) for row in _rows(values[rule_id].value)) for rule_id in MAIN_TABLES}
    largest = max(ends.values())
    for rule_id, end in ends.items():
        if end < largest:
            yield _error(rule_id, "ends_early", end=end, largest=largest)


def bars_too_close(rulebook: Rulebook, _: Rules) -> Iterator[LintFinding]:
    """Neighbouring bars of every step keep the gap that the layout asks for."""
    gap = rulebook.layout.bar_gap.value
    for step in rulebook.layout.bar_ladder.value:
        if step.pitch_mm - step.width_mm < gap:
            yield _error(
                "layout.bar_ladder",
                "bars_too_close",
                step=step.up_to,
                gap=step.pitch_mm - step.width_mm,
                limit=gap,
            )


def supplies_missing(_: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """Every table by supply knows the supplies of the phase voltages."""
    supplies = values["phases.phase_voltage"].value
    tables = {
        "phases.line_voltage": values["phases.line_voltage"].value,
        "phases.default_two_pole_voltage": values["phases.default_two_pole_voltage"].value,
        "selection.spd_breaker": values["selection.spd_breaker"].value.poles_by_supply,
    }
    for rule_id, table in tables.items():
        if missing := [supply for supply in supplies if supply not in table]:
            yield _error(rule_id, "supplies_missing", supplies=", ".join(missing))


def gates_of_nothing(rulebook: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """A gate is named ``stage.name`` after its stage, and takes its limit from a rule that exists."""
    for gate_id, gate in rulebook.gates.items():
        if gate_id.partition(".")[0] != gate.stage or not gate_id.partition(".")[2]:
            yield _error(f"gates.{gate_id}", "gate_name", stage=gate.stage)
        if gate.limit_rule is not None and gate.limit_rule not in values:
            yield _error(f"gates.{gate_id}", "gate_limit", rule=gate.limit_rule)


def losses_for_nobody(rulebook: Rulebook, _: Rules) -> Iterator[LintFinding]:
    """A loss family is chosen by grade or by frame; one with neither would never be."""
    for family in rulebook.critic.loss_families.value:
        if not family.grades and family.up_to_frame_af is None:
            yield _error("critic.loss_families", "loss_for_nobody", family=family.family)


def choices_without_reason(_: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """Where other values are named, the reason of the choice stands beside them."""
    for rule_id, rule in values.items():
        if rule.alternatives and rule.reason is None:
            yield _warning(rule_id, "no_reason")
        if any(other.value == rule.value for other in rule.alternatives):
            yield _warning(rule_id, "same_value")


def texts_in_the_wrong_language(rulebook: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """Korean texts hold Hangul and English ones none."""
    texts: list[tuple[str, Bilingual | None]] = [("title", rulebook.title)]
    for rule_id, rule in values.items():
        texts += [(rule_id, rule.text), (rule_id, rule.reason)]
    texts += [(f"gates.{gate_id}", gate.text) for gate_id, gate in rulebook.gates.items()]
    for rule_id, text in texts:
        if text is not None and (_HANGUL.search(text.ko) is None or _HANGUL.search(text.en) is not None):
            yield _warning(rule_id, "language")


def numbers_without_unit(_: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """A single number says in what it is measured."""
    for rule_id, rule in values.items():
        if isinstance(rule.value, int | Fraction) and not isinstance(rule.value, bool) and rule.unit is None:
            yield _warning(rule_id, "no_unit")


def unsure_rules(_: Rulebook, values: Rules) -> Iterator[LintFinding]:
    """Which rules nobody has verified, and on which sources clash."""
    for rule_id, rule in values.items():
        if rule.status in {"unverified", "disputed"}:
            yield LintFinding(
                LintSeverity.INFO, rule_id, Message(f"rulebook.lint.{rule.status}", {"source": rule.source})
            )


CHECKS: Final[tuple[Callable[[Rulebook, Rules], Iterable[LintFinding]], ...]] = (
    head_at_odds,
    negative_numbers,
    shares_beyond_one,
    pairs_out_of_order,
    falling_tables,
    tables_ending_apart,
    bars_too_close,
    supplies_missing,
    gates_of_nothing,
    losses_for_nobody,
    choices_without_reason,
    texts_in_the_wrong_language,
    numbers_without_unit,
    unsure_rules,
)


def _numbers(value: object) -> Iterator[int | Fraction | Decimal]:
    """Yield every number in the value of a rule, however deep."""
    match value:
        case bool():
            return
        case int() | Fraction() | Decimal():
            yield value
        case BaseModel():
            yield from _numbers(dict(value))
        case dict():
            for item in value.values():
                yield from _numbers(item)
        case tuple():
            for item in value:
                yield from _numbers(item)


def _rows(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a step table or of a table of bands, as name to number."""
    rows = table.steps if isinstance(table, Steps) else table
    return [{name: item for name, item in row if isinstance(item, int | Decimal)} for row in rows]


def _limit(row: dict[str, Any]) -> int:
    """Return up to what a row holds; 0 for one that is not chosen by size."""
    return int(row.get("up_to", row.get("up_to_frame_af", 0)))


def _error(rule_id: str, key: str, **values: object) -> LintFinding:
    return LintFinding(LintSeverity.ERROR, rule_id, Message(f"rulebook.lint.{key}", values))


def _warning(rule_id: str, key: str, **values: object) -> LintFinding:
    return LintFinding(LintSeverity.WARNING, rule_id, Message(f"rulebook.lint.{key}", values))
