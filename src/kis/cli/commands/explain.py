"""``kis explain PACK [ID]``: why a line, gate, dimension, phase or total of a quotation is what it is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kis.cli.commands.packs import RULEBOOK, find_pack, indented, printable, read_result
from kis.cli.declare import argument, command, json_option
from kis.cli.exit_codes import DONE
from kis.cli.output import console, print_json, table
from kis.cli.session import current_session
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.estimator import Explanation, Reason, Rulebook


@command("explain", help_key="explain_cli.help")
@argument("pack", help_key="evidence_cli.argument.pack")
@argument("wanted", metavar="[ID]", required=False, help_key="explain_cli.argument.id")
@json_option
def explain(*, pack: str, wanted: str | None, as_json: bool) -> int:
    """Lead a figure back to the rules of the pack's own rulebook; without an id list all there are."""
    import kis.estimator

    folder = find_pack(pack)
    output, rules = read_result(folder), kis.estimator.load_rulebook(folder / RULEBOOK)
    locale = current_session().locale
    if wanted is None:
        found: Sequence[Explanation] = tuple(kis.estimator.explanations(output, rules, locale))
    else:
        found = kis.estimator.explain(output, wanted, rules, locale)
    if as_json:
        print_json(_shape(output, rules, found))
    elif wanted is None:
        _list(found)
    else:
        for explanation in found:
            _show(explanation)
    return DONE


def _shape(output: dict[str, Any], rules: "Rulebook", found: "Sequence[Explanation]") -> dict[str, Any]:
    return {
        "traceId": output["traceId"],
        "rulebook": {"id": rules.id, "version": rules.version, "sha256": rules.digest},
        "explanations": [
            {
                "id": explanation.id,
                "label": explanation.label,
                "value": explanation.value,
                "unit": explanation.unit,
                "reasons": [_reason_shape(reason) for reason in explanation.reasons],
            }
            for explanation in found
        ],
    }


def _reason_shape(reason: "Reason") -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "text": reason.text,
        "value": reason.value,
        "status": reason.status,
        "source": reason.source,
        "inputs": dict(reason.inputs),
    }


def _list(found: "Sequence[Explanation]") -> None:
    rows = table(*(Message(f"explain_cli.column.{name}") for name in ("id", "label", "value")))
    for explanation in found:
        label = "" if explanation.id.endswith(explanation.label) else explanation.label
        rows.add_row(printable(explanation.id), printable(label), _value(explanation))
    console().print(rows)
    console().print(_text("explain_cli.how_to_ask"), style="dim")


def _show(explanation: "Explanation") -> None:
    screen = console()
    screen.print(printable(explanation.id), style="bold")
    screen.print(indented(f"{printable(explanation.label)}: {_value(explanation)}", 2))
    for number, reason in enumerate(explanation.reasons, start=1):
        screen.print(f"  {number}. {printable(reason.rule)} ({_status(reason)})", style="cyan")
        for line in _account(reason):
            screen.print(indented(line, 5))


def _account(reason: "Reason") -> Iterator[str]:
    yield printable(reason.text)
    if reason.value:
        yield _text("explain_cli.value", value=printable(reason.value))
    yield _text("explain_cli.source", source=printable(reason.source))
    if reason.inputs:
        inputs = ", ".join(f"{name} = {value}" for name, value in reason.inputs.items())
        yield _text("explain_cli.inputs", inputs=printable(inputs))


def _value(explanation: "Explanation") -> str:
    if explanation.value is None:
        return "–"
    return printable(f"{explanation.value} {explanation.unit}".strip())


def _status(reason: "Reason") -> str:
    if reason.status in ("price_book", "gate"):
        return _text(f"explain_cli.{reason.status}")
    return _text(f"rulebook_cli.status.{reason.status}")


def _text(key: str, **values: object) -> str:
    return current_session().text(Message(key, values))
