"""The reference page of a rulebook: every rule and gate in Markdown tables, Korean beside English."""

from collections.abc import Iterable, Iterator
from typing import Final

from kis.estimator.rulebook.lookup import SECTIONS, rule, rules
from kis.estimator.rulebook.schema import GateText, Rule, Rulebook
from kis.estimator.rulebook.values import rule_value, written
from kis.platform.messages import LOCALES, Message

STATUSES: Final = ("verified", "shop_rule", "disputed", "unverified")
_RULE_COLUMNS: Final = ("id", "value", "text_ko", "text_en", "source", "status", "other_values")
_GATE_COLUMNS: Final = ("id", "condition", "text_ko", "text_en", "source")


def reference_page(rulebook: Rulebook) -> str:
    """Return the page; the same rulebook always gives the same bytes."""
    lines = [
        f"# {rulebook.title.ko} / {rulebook.title.en}",
        "",
        *_paragraphs("introduction", id=rulebook.id, version=rulebook.version, first=rulebook.valid_from),
        *_status_table(rulebook),
    ]
    for section in SECTIONS:
        own = [(rule_id, found) for rule_id, found in rules(rulebook) if rule_id.startswith(f"{section}.")]
        lines += [
            *_heading(f"section.{section}"),
            *_table(_RULE_COLUMNS, (_rule_cells(*entry) for entry in own)),
        ]
    gates = (_gate_cells(gate_id, gate, rulebook) for gate_id, gate in rulebook.gates.items())
    lines += [*_heading("section.gates"), *_paragraphs("gates"), *_table(_GATE_COLUMNS, gates)]
    return "\n".join(lines)


def _status_table(rulebook: Rulebook) -> Iterator[str]:
    found = [rule.status for _, rule in rules(rulebook)]
    rows = ((f"`{status}`", str(found.count(status)), *_both(f"meaning.{status}")) for status in STATUSES)
    yield from _table(("status", "count", "text_ko", "text_en"), rows)


def _rule_cells(rule_id: str, found: Rule[object]) -> tuple[str, ...]:
    others = [f"{written(other.value)} — {other.source}" for other in found.alternatives]
    if found.reason is not None:
        others += [
            f"{_text('reason', 'ko')}: {found.reason.ko}",
            f"{_text('reason', 'en')}: {found.reason.en}",
        ]
    return (
        f"`{rule_id}`",
        rule_value(found),
        found.text.ko,
        found.text.en,
        found.source,
        f"`{found.status}`",
        "\n".join(others),
    )


def _gate_cells(gate_id: str, gate: GateText, rulebook: Rulebook) -> tuple[str, ...]:
    return f"`{gate_id}`", _condition(gate, rulebook), gate.text.ko, gate.text.en, gate.source


def _condition(gate: GateText, rulebook: Rulebook) -> str:
    """Return what the gate compares with: its rule, 0 for a count that must be none, else what was asked for."""
    unit = gate.unit or ""
    if gate.limit_rule is not None:
        return f"{gate.operator} {written(rule(rulebook, gate.limit_rule).value)} {unit}\n`{gate.limit_rule}`"
    limit = "0" if gate.operator == "=" else " / ".join(_both("as_asked"))
    return f"{gate.operator} {limit} {unit}".rstrip()


def _heading(key: str) -> tuple[str, str]:
    return f"## {' / '.join(_both(key))}", ""


def _paragraphs(key: str, **values: object) -> Iterator[str]:
    for locale in LOCALES:
        yield _text(key, locale, **values)
        yield ""


def _table(columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    names = [" / ".join(dict.fromkeys(_both(f"column.{column}"))) for column in columns]
    yield _row(names)
    yield _row(["---"] * len(names))
    yield from (_row(row) for row in rows)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    """Escape what would end a cell, open a tag or be read as emphasis."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
    return escaped.replace("\n", "<br>")


def _both(key: str) -> tuple[str, str]:
    return _text(key, "ko"), _text(key, "en")


def _text(key: str, locale: str, **values: object) -> str:
    return Message(f"rulebook.page.{key}", values).text("ko" if locale == "ko" else "en")
