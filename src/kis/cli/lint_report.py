"""What ``lint`` of catalogue, price books and rulebooks shows: findings by weight, and exit code 3 when one is an error."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import VERDICT_STYLES, VERDICT_SYMBOLS, Verdict, console, print_json, table
from kis.cli.session import current_session
from kis.platform.errors import BadInput
from kis.platform.messages import Message

Weight = Literal["error", "warning", "info"]

WEIGHTS: Final[dict[Weight, Verdict]] = {"error": "fail", "warning": "remark", "info": "not_checked"}
"""Each weight with the verdict whose symbol and colour it takes."""


@dataclass(frozen=True, slots=True)
class LintRow:
    """One thing found: how much it matters, where, and what."""

    weight: Weight
    path: str
    message: Message


def refusal_rows(refused: BadInput) -> list[LintRow]:
    """Return what made a file unusable as errors, so that lint tells them like its own."""
    return [LintRow("error", problem.path, problem.message) for problem in refused.problems]


def report(subject: str, rows: Sequence[LintRow], *, everything: bool, as_json: bool) -> int:
    """Show ``rows`` about ``subject`` and return the exit code; what is for information only counts unless ``everything`` is asked."""
    counts = Counter(row.weight for row in rows)
    if as_json:
        print_json(_shape(subject, rows, counts))
    else:
        _show(subject, [row for row in rows if everything or row.weight != "info"], counts)
    return GATE_FAILS if counts["error"] else DONE


def _shape(subject: str, rows: Sequence[LintRow], counts: Counter[Weight]) -> dict[str, Any]:
    text = current_session().text
    return {
        "subject": subject,
        "counts": {weight: counts[weight] for weight in WEIGHTS},
        "findings": [
            {"severity": row.weight, "path": row.path, "message": text(row.message)} for row in rows
        ],
    }


def _show(subject: str, shown: Sequence[LintRow], counts: Counter[Weight]) -> None:
    from rich.text import Text

    text, screen = current_session().text, console()
    if shown:
        rows = table(*(Message(f"lint_cli.column.{name}") for name in ("severity", "path", "message")))
        for row in shown:
            verdict = WEIGHTS[row.weight]
            word = text(Message(f"lint_cli.weight.{row.weight}"))
            rows.add_row(
                Text(f"{VERDICT_SYMBOLS[verdict]} {word}", style=VERDICT_STYLES[verdict]),
                row.path,
                text(row.message),
            )
        screen.print(rows)
    verdict = WEIGHTS["error"] if counts["error"] else "pass"
    summary: dict[str, object] = {"subject": subject, **{str(weight): counts[weight] for weight in WEIGHTS}}
    screen.print(
        f"{VERDICT_SYMBOLS[verdict]} {text(Message('lint_cli.summary', summary))}",
        style=VERDICT_STYLES[verdict],
    )
    hidden = sum(counts.values()) - len(shown)
    if hidden:
        screen.print(text(Message("lint_cli.hidden", {"count": hidden})), style="dim")
