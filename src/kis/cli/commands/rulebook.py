"""``kis rulebook``: read the rules a quotation is decided by, check a rulebook, tell two apart, take one in or hand one out."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kis.cli.commands.packs import indented
from kis.cli.declare import argument, group, json_option, option
from kis.cli.exit_codes import DONE
from kis.cli.lint_report import LintRow, refusal_rows, report
from kis.cli.output import console, print_json, say, table
from kis.cli.session import current_session
from kis.platform.errors import BadInput, NotFound
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.estimator import Rulebook

PATH = click.Path(path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


@group("rulebook", help_key="rulebook_cli.help")
def rulebook() -> None:
    """Hold the commands over rulebooks."""


@rulebook.command("show", help_key="rulebook_cli.show.help")
@argument("wanted", metavar="[ID]", required=False, help_key="rulebook_cli.show.id")
@option("--rulebook", "path", type=PATH, help_key="rulebook_cli.option.rulebook")
@option("--date", "day", type=DAY, help_key="rulebook_cli.option.date")
@json_option
def show(*, wanted: str | None, path: Path | None, day: datetime | None, as_json: bool) -> int:
    """Show one rule, the rules below a name, or all of them."""
    from kis.estimator import load_rulebook

    held = load_rulebook(path, _day(day))
    entries = list(_entries(held))
    shown = entries if wanted is None else _chosen(entries, wanted)
    if as_json:
        print_json({**_head(held), "rules": shown})
    elif len(shown) == 1:
        _show_entry(shown[0])
    else:
        _list(held, shown)
    return DONE


@rulebook.command("lint", help_key="rulebook_cli.lint.help")
@argument("path", required=False, type=PATH, help_key="rulebook_cli.argument.rulebook")
@option("--all", "everything", is_flag=True, help_key="lint_cli.option.all")
@json_option
def lint(*, path: Path | None, everything: bool, as_json: bool) -> int:
    """Check a rulebook: contradictions, missing reasons, what nobody has verified."""
    from kis.estimator import lint_rulebook, load_rulebook

    try:
        held = load_rulebook(path)
    except BadInput as refused:
        return report(refused.source, refusal_rows(refused), everything=everything, as_json=as_json)
    rows = [
        LintRow(finding.severity.value, finding.rule_id, finding.message) for finding in lint_rulebook(held)
    ]
    return report(f"{held.id} {held.version}", rows, everything=everything, as_json=as_json)


@rulebook.command("diff", help_key="rulebook_cli.diff.help")
@argument("old", help_key="rulebook_cli.diff.old")
@argument("new", help_key="rulebook_cli.diff.new")
@json_option
def diff(*, old: str, new: str, as_json: bool) -> int:
    """Tell what changed from one rulebook to another, rule by rule."""
    changes = _changes(_find(old), _find(new))
    if as_json:
        print_json({"changes": changes})
    else:
        _show_changes(changes)
    return DONE


@rulebook.command("export", help_key="rulebook_cli.export.help")
@argument("target", type=PATH, help_key="rulebook_cli.export.target")
@option("--rulebook", "path", type=PATH, help_key="rulebook_cli.option.rulebook")
@option("--date", "day", type=DAY, help_key="rulebook_cli.option.date")
@json_option
def export(*, target: Path, path: Path | None, day: datetime | None, as_json: bool) -> int:
    """Write the rulebook in force to a file, byte for byte."""
    from kis.estimator import export_rulebook

    return _tell_place("rulebook_cli.export.done", export_rulebook(target, path, _day(day)), as_json=as_json)


@rulebook.command("import", help_key="rulebook_cli.import.help")
@argument("source", type=PATH, help_key="rulebook_cli.import.source")
@argument("into", type=PATH, help_key="rulebook_cli.import.into")
@json_option
def import_(*, source: Path, into: Path, as_json: bool) -> int:
    """Check a rulebook and put it into a folder of rulebooks."""
    from kis.estimator import import_rulebook

    return _tell_place("rulebook_cli.import.done", import_rulebook(source, into), as_json=as_json)


def _tell_place(key: str, place: Path, *, as_json: bool) -> int:
    from kis.estimator import load_rulebook

    held = load_rulebook(place)
    if as_json:
        print_json({**_head(held), "path": str(place)})
    else:
        say(Message(key, {"path": place, "id": held.id, "version": held.version}))
    return DONE


def _find(given: str) -> "Rulebook":
    """Return the rulebook of a file (of a folder the newest), or the shipped one of that name. Raises NotFound, BadInput."""
    from kis.estimator import load_rulebook, shipped_rulebooks

    if Path(given).exists():
        return load_rulebook(Path(given))
    shipped = {f"{held.id}-{held.version}": held for held in shipped_rulebooks()}
    if given not in shipped:
        raise NotFound(Message("rulebook_cli.no_rulebook", {"given": given, "shipped": ", ".join(shipped)}))
    return shipped[given]


def _entries(held: "Rulebook") -> Iterator[dict[str, Any]]:
    """Yield every rule, then every gate (``gates.<id>``), as data."""
    from kis.estimator import rule_value, rules

    for rule_id, rule in rules(held):
        yield {
            "id": rule_id,
            "text": rule.text.model_dump(),
            "value": rule_value(rule),
            "status": rule.status,
            "source": rule.source,
            "alternatives": [{"value": str(each.value), "source": each.source} for each in rule.alternatives],
            "reason": rule.reason.model_dump() if rule.reason else None,
        }
    for gate_id, gate in held.gates.items():
        yield {
            "id": f"gates.{gate_id}",
            "text": gate.text.model_dump(),
            "value": f"{gate.operator} {gate.limit_rule or ''}".rstrip(),
            "status": None,
            "source": gate.source,
            "alternatives": [],
            "reason": None,
        }


def _chosen(entries: Sequence[dict[str, Any]], wanted: str) -> list[dict[str, Any]]:
    """Return the rule of that id, else the rules below that name (``pricing``). Raises NotFound naming the nearest."""
    found = [entry for entry in entries if entry["id"] == wanted]
    found = found or [entry for entry in entries if entry["id"].startswith(f"{wanted}.")]
    if not found:
        near = get_close_matches(wanted, [entry["id"] for entry in entries], n=3, cutoff=0.3)
        names = ", ".join(near or [entries[0]["id"]])
        raise NotFound(Message("rulebook_cli.no_rule", {"wanted": wanted, "near": names}))
    return found


def _show_entry(entry: dict[str, Any]) -> None:
    screen, locale = console(), current_session().locale
    screen.print(entry["id"], style="bold")
    lines = [entry["text"][locale], _text("explain_cli.value", value=entry["value"])]
    if entry["status"]:
        lines.append(_text("rulebook_cli.show.status", status=_status(entry)))
    lines.append(_text("explain_cli.source", source=entry["source"]))
    lines += [_text("rulebook_cli.show.other", **other) for other in entry["alternatives"]]
    if entry["reason"]:
        lines.append(_text("rulebook_cli.show.reason", reason=entry["reason"][locale]))
    for line in lines:
        screen.print(indented(line, 2))


def _list(held: "Rulebook", shown: Sequence[dict[str, Any]]) -> None:
    screen, locale = console(), current_session().locale
    screen.print(held.title.ko if locale == "ko" else held.title.en, style="bold")
    validity = f"{held.valid_from} ~ {held.valid_to or ''}".rstrip()
    values = {"id": held.id, "version": held.version, "validity": validity, "count": len(shown)}
    screen.print(_text("rulebook_cli.show.head", **values))
    rows = table(*(Message(f"rulebook_cli.column.{name}") for name in ("id", "value", "status", "text")))
    for entry in shown:
        rows.add_row(entry["id"], entry["value"], _status(entry), entry["text"][locale])
    screen.print(rows)


def _changes(before: "Rulebook", after: "Rulebook") -> list[dict[str, Any]]:
    """Return the differences as data, each field before and after as text."""
    from kis.estimator import diff_rulebooks

    return [
        {
            "id": change.rule_id,
            "kind": change.kind.value,
            "decides": change.decides,
            "fields": [
                {
                    "field": field.field,
                    "before": _written(change.rule_id, field.field, field.before, before),
                    "after": _written(change.rule_id, field.field, field.after, after),
                }
                for field in change.fields
            ],
        }
        for change in diff_rulebooks(before, after)
    ]


def _written(rule_id: str, field: str, value: object, held: "Rulebook") -> str | None:
    """Return a field of a rule as text; None where there is none."""
    from kis.estimator import rule_value, rules

    if value is None:
        return None
    if field == "value":
        return next(rule_value(rule) for name, rule in rules(held) if name == rule_id)
    if isinstance(value, tuple):
        return "; ".join(f"{each.value} — {each.source}" for each in value)
    return str(value)


def _show_changes(changes: Sequence[dict[str, Any]]) -> None:
    screen = console()
    for change in changes:
        heading = Message(f"rulebook_cli.diff.{change['kind']}", {"id": change["id"]})
        screen.print(current_session().text(heading), style="bold" if change["decides"] else None)
        for field in change["fields"]:
            screen.print(indented(f"{field['field']}: {field['before'] or '–'} → {field['after'] or '–'}", 2))
    deciding = sum(change["decides"] for change in changes)
    screen.print(_text("rulebook_cli.diff.count", count=len(changes), deciding=deciding))


def _head(held: "Rulebook") -> dict[str, Any]:
    return {
        "id": held.id,
        "version": held.version,
        "valid_from": held.valid_from.isoformat(),
        "valid_to": held.valid_to.isoformat() if held.valid_to else None,
        "sha256": held.digest,
    }


def _status(entry: dict[str, Any]) -> str:
    return _text(f"rulebook_cli.status.{entry['status']}") if entry["status"] else ""


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None


def _text(key: str, **values: object) -> str:
    return current_session().text(Message(key, values))
