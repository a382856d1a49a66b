"""Whether the figures of a pack hold together: what :func:`kis.evidence.verify_pack` runs beside hashes and signature.

A signature tells who made a pack, not that it is right. So the JSON files must have their shape, every gate's verdict must follow from
what was measured, the totals must add up again from the lines, and each document must be the one that the result names.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from kis.estimator.issuing.quotation import document_id
from kis.estimator.library import RULEBOOK_FILE
from kis.estimator.output import RATIO_DIGITS, engineering_sha256
from kis.estimator.pack_schema import (
    AcceptanceRecord,
    GateRecord,
    InputRecord,
    JudgedGateRecord,
    OutputRecord,
    PanelRecord,
    Record,
    ValidationRecord,
)
from kis.estimator.pricing.money import rounded
from kis.estimator.rulebook import Rulebook, load_rulebook
from kis.evidence import Finding, sha256_hex
from kis.platform.errors import KisError
from kis.platform.messages import Message

OUTPUT: Final = "output.json"
INPUT: Final = "input.json"
VALIDATION: Final = "validation.json"

ROUNDED_GATES: Final = frozenset({"enclosure.fit_score", "breaker.imbalance", "breaker.korean_unbalance"})
"""Gates judged on exact fractions and shown rounded: within half of the last digit either verdict may be right."""

REMARK_GATES: Final = ROUNDED_GATES
"""Gates that a second rule may let pass, with a remark, beyond their limit."""

DECLARED_GATES: Final = frozenset({"enclosure.ip", "selection.breaking_capacity"})
"""Gates on a maker's declaration: where one was wanted and there is none, the gate fails."""

MOST_SHOWN_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Records:
    output: OutputRecord
    given: InputRecord
    validation: ValidationRecord


def check_pack(pack: Path) -> Iterator[Finding]:
    """Yield whatever does not hold in ``pack``; figures are looked at only when all files have their shape."""
    findings: list[Finding] = []
    output = _read(pack, OUTPUT, OutputRecord, findings)
    given = _read(pack, INPUT, InputRecord, findings)
    validation = _read(pack, VALIDATION, ValidationRecord, findings)
    yield from findings
    if output is None or given is None or validation is None:
        return
    records = _Records(output=output, given=given, validation=validation)
    yield from _identity(records)
    yield from _engineering(pack, records)
    yield from _gates(records)
    yield from _documents(pack, output)
    try:
        rules = load_rulebook(pack / RULEBOOK_FILE)
    except KisError as unusable:
        yield Finding(RULEBOOK_FILE, unusable.message)
    else:
        yield from _amounts(records, rules)


Shape = TypeVar("Shape", bound=Record)


def _read(pack: Path, name: str, shape: type[Shape], findings: list[Finding]) -> Shape | None:
    """Return a JSON file in its shape, or None after adding to ``findings`` why it has another."""
    try:
        return shape.model_validate(json.loads((pack / name).read_bytes()))
    except OSError:
        findings.append(Finding(name, Message("pack_checks.shape.missing_file")))
    except ValidationError as wrong:
        findings += [Finding(name, _shape_fault(error)) for error in wrong.errors()]
    except (ValueError, RecursionError):
        findings.append(Finding(name, Message("pack_checks.shape.not_json")))
    return None


def _shape_fault(error: Mapping[str, Any]) -> Message:
    where = "/".join(str(step) for step in error["loc"])
    if error["type"] == "missing":
        return Message("pack_checks.shape.missing_key", {"where": where})
    value = json.dumps(
        error["input"], default=str
    )  # in ASCII: a file of anybody's must not steer the terminal
    return Message("pack_checks.shape.wrong_type", {"where": where, "value": value[:MOST_SHOWN_CHARACTERS]})


def _identity(records: _Records) -> Iterator[Finding]:
    """The files of a pack are of one quotation."""
    trace_id = records.output.traceId
    for name, other in ((INPUT, records.given.traceId), (VALIDATION, records.validation.traceId)):
        if other != trace_id:
            yield _differs(name, "traceId", other, trace_id)
    if records.given.quotation_date != records.output.quotation_date:
        yield _differs(INPUT, "quotation_date", records.given.quotation_date, records.output.quotation_date)


def _engineering(pack: Path, records: _Records) -> Iterator[Finding]:
    """The digest printed on the documents is that of the result, and the documents carry the number of the quotation."""
    quotation = records.output.quotation
    again = engineering_sha256(json.loads((pack / OUTPUT).read_bytes()))
    if quotation.engineering_sha256 != again:
        yield _differs(OUTPUT, "quotation/engineering_sha256", quotation.engineering_sha256, again)
    if quotation.number != records.given.issue.number:
        yield _differs(INPUT, "issue/number", records.given.issue.number, quotation.number)
    expected = document_id(quotation.number, quotation.engineering_sha256)
    if quotation.document_id != expected:
        yield _differs(OUTPUT, "quotation/document_id", quotation.document_id, expected)


def _gates(records: _Records) -> Iterator[Finding]:
    """validation.json lists the gates of output.json, each verdict follows, and the worst is the verdict of all."""
    output, validation = records.output, records.validation
    listed = [(gate.panel, _plain(gate)) for gate in validation.gates]
    told: list[tuple[str | None, dict[str, Any]]] = []
    told += [(panel.name, _plain(gate)) for panel in output.panels for gate in panel.gates]
    told += [(None, _plain(gate)) for gate in output.gates]
    if listed != told:
        yield Finding(VALIDATION, Message("pack_checks.gates_differ"))
    for gate in validation.gates:
        if gate.verdict not in _possible_verdicts(gate):
            yield Finding(VALIDATION, _verdict_fault(gate))
    taken_on = [gate.acceptance for gate in validation.gates if gate.acceptance is not None]
    if sorted(taken_on, key=_place) != sorted(records.given.acceptances, key=_place):
        yield Finding(VALIDATION, Message("pack_checks.acceptances_differ"))
    verdicts = [gate.verdict for gate in validation.gates]
    for verdict, count in validation.counts.items():
        if count != verdicts.count(verdict):
            yield _differs(VALIDATION, f"counts/{verdict}", count, verdicts.count(verdict))
    worst = next((verdict for verdict in ("fail", "remark") if verdict in verdicts), "pass")
    status = "review" if worst == "fail" else "completed"
    for name, record in ((OUTPUT, output), (VALIDATION, validation)):
        if record.verdict != worst:
            yield _differs(name, "verdict", record.verdict, worst)
        if record.status != status:
            yield _differs(name, "status", record.status, status)


def _place(acceptance: AcceptanceRecord) -> tuple[str, str]:
    return acceptance.panel, acceptance.gate


def _plain(gate: GateRecord) -> dict[str, Any]:
    return gate.model_dump(exclude={"panel"})


def _possible_verdicts(gate: GateRecord) -> frozenset[str]:
    """Return what may be said of a gate, given what was measured; what a person took on must have failed."""
    if gate.acceptance is not None:
        failed = "fail" in _possible_verdicts(gate.model_copy(update={"acceptance": None}))
        return frozenset({"remark"}) if failed else frozenset()
    if gate.measured is None or gate.limit is None:
        undeclared = gate.id in DECLARED_GATES and gate.limit is not None
        return frozenset({"fail"} if undeclared else {"not_checked"})
    possible: set[str] = set()
    for holds in _outcomes(gate):
        possible.add("pass" if holds else "fail")
        if not holds and gate.id in REMARK_GATES:
            possible.add("remark")
    if gate.id == "selection.breaking_capacity":
        possible.add("fail")  # a kA without its voltage, or declared at a lower one, does not count
    return frozenset(possible)


def _outcomes(gate: GateRecord) -> frozenset[bool]:
    """Return whether ``measured operator limit`` holds; both where the rounding of what is shown hides it."""
    if isinstance(gate.measured, str) or isinstance(gate.limit, str):
        return frozenset({str(gate.measured) == str(gate.limit)})
    measured, limit = Fraction(str(gate.measured)), Fraction(str(gate.limit))
    if gate.id == "enclosure.ip":  # the two digits of an IP code are compared each by itself
        return frozenset({measured // 10 >= limit // 10 and measured % 10 >= limit % 10})
    if gate.id in ROUNDED_GATES and abs(measured - limit) <= Fraction(1, 2 * 10**RATIO_DIGITS):
        return frozenset({True, False})
    holds = {"=": measured == limit, "<=": measured <= limit, ">=": measured >= limit}[gate.operator]
    return frozenset({holds})


def _verdict_fault(gate: JudgedGateRecord) -> Message:
    judged = f"{gate.measured} {gate.operator} {gate.limit}"
    name = gate.id if gate.panel is None else f"{gate.panel}/{gate.id}"
    return Message("pack_checks.verdict", {"gate": name, "verdict": gate.verdict, "judged": judged})


def _documents(pack: Path, output: OutputRecord) -> Iterator[Finding]:
    """Each document named in the result is there, byte for byte."""
    for document in output.documents:
        path = pack / document.path
        if not path.resolve().is_relative_to(pack.resolve()) or not path.is_file():
            yield Finding(OUTPUT, Message("pack_checks.no_document", {"path": document.path}))
            continue
        data = path.read_bytes()
        if (len(data), sha256_hex(data)) != (document.size, document.sha256):
            yield Finding(document.path, Message("pack_checks.other_document"))


def _amounts(records: _Records, rules: Rulebook) -> Iterator[Finding]:
    """Lines → panel → subtotal → net → VAT → total, added again exactly."""
    output, totals = records.output, records.output.totals
    digits = rules.pricing.rounding.value[output.currency]
    for index, panel in enumerate(output.panels):
        yield from _panel_amounts(f"panels/{index}", panel, digits)
    for index, line in enumerate(output.extra_lines):
        amount = rounded(Decimal(line.quantity) * Decimal(line.unit_price), digits)
        yield from _compared(f"extra_lines/{index}/amount", line.amount, amount)
    terms = records.given.request
    subtotal = _sum(
        [item.totals.subtotal for item in output.panels] + [line.amount for line in output.extra_lines]
    )
    margin = rounded(subtotal * Decimal(terms.margin_percent) / 100, digits)
    discount = rounded((subtotal + margin) * Decimal(terms.discount_percent) / 100, digits)
    net = subtotal + margin - discount
    vat = rounded(net * rules.pricing.vat_percent.value / 100, digits)
    again = {
        "subtotal": subtotal,
        "margin": margin,
        "discount": discount,
        "net": net,
        "vat": vat,
        "total": net + vat,
    }
    for name, amount in again.items():
        yield from _compared(f"totals/{name}", getattr(totals, name), amount)
    if totals.currency != output.currency:
        yield _differs(OUTPUT, "totals/currency", totals.currency, output.currency)


def _panel_amounts(where: str, panel: PanelRecord, digits: int) -> Iterator[Finding]:
    for index, line in enumerate(panel.lines):
        amount = rounded(Decimal(line.quantity) * Decimal(line.unit_price), digits)
        yield from _compared(f"{where}/lines/{index}/amount", line.amount, amount)
    totals = panel.totals
    yield from _compared(
        f"{where}/totals/unit_subtotal", totals.unit_subtotal, _sum([line.amount for line in panel.lines])
    )
    yield from _compared(
        f"{where}/totals/subtotal", totals.subtotal, Decimal(totals.unit_subtotal) * panel.quantity
    )
    if totals.quantity != panel.quantity:
        yield _differs(OUTPUT, f"{where}/totals/quantity", totals.quantity, panel.quantity)


def _compared(where: str, told: str, again: Decimal) -> Iterator[Finding]:
    if Decimal(told) != again:
        yield _differs(OUTPUT, where, told, again)


def _sum(amounts: Sequence[str]) -> Decimal:
    return sum((Decimal(amount) for amount in amounts), Decimal(0))


def _differs(name: str, where: str, found: object, expected: object) -> Finding:
    return Finding(
        name, Message("pack_checks.differs", {"where": where, "found": found, "expected": expected})
    )
