"""Taking a failing gate on oneself: the figure stays, the verdict becomes a remark that names who, when and why.

Which gates may be taken on at all, and by whom, the rulebook says (``acceptance`` of each gate); safety and finished documents are nobody's to accept.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kis.estimator.findings import Acceptance, Gate, Verdict
from kis.estimator.rulebook import Rulebook
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message


def accepted_gates(gates: Iterable[Gate], panel: str, acceptances: Sequence[Acceptance]) -> tuple[Gate, ...]:
    """Return the gates of ``panel`` (empty: of the whole quotation), the accepted ones with a remark."""
    mine = {acceptance.gate: acceptance for acceptance in acceptances if acceptance.panel == panel}
    return tuple(_accepted(gate, mine[gate.id]) if _is_open(gate, mine) else gate for gate in gates)


def refuse_idle(
    acceptances: Sequence[Acceptance], failing: Iterable[tuple[str, Gate]], rules: Rulebook
) -> None:
    """Raise BadInput naming every acceptance of a gate that does not fail, or that nobody may accept. ``failing`` are panels and their gates."""
    open_gates = {(panel, gate.id) for panel, gate in failing}
    problems = list(_problems(acceptances, open_gates, rules))
    if problems:
        raise BadInput("acceptances", problems)


def _problems(
    acceptances: Sequence[Acceptance], open_gates: set[tuple[str, str]], rules: Rulebook
) -> Iterator[Problem]:
    for index, acceptance in enumerate(acceptances):
        values = {"gate": acceptance.gate, "panel": acceptance.panel or "–"}
        where = f"acceptances[{index}]"
        if acceptance.gate not in rules.gates or rules.gates[acceptance.gate].acceptance == "nobody":
            yield Problem(where, Message("gates.acceptance_forbidden", values))
        elif (acceptance.panel, acceptance.gate) not in open_gates:
            yield Problem(where, Message("gates.acceptance_idle", values))


def _is_open(gate: Gate, mine: dict[str, Acceptance]) -> bool:
    return gate.verdict is Verdict.FAIL and gate.id in mine


def _accepted(gate: Gate, acceptance: Acceptance) -> Gate:
    values = {
        "explanation": gate.explanation,
        "by": acceptance.accepted_by,
        "on": acceptance.accepted_on.isoformat(),
        "reason": acceptance.reason,
    }
    return replace(
        gate,
        verdict=Verdict.REMARK,
        explanation=Message("gates.accepted", values),
        acceptance=acceptance,
    )
