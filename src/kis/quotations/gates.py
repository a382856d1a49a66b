"""Taking a failing gate on oneself.

Which gates a person may take on, the rulebook of the quotation says; nobody accepts what endangers people or what is wrong with a document. When
no failing gate is left open the quotation is issued again, from the same catalogue, prices and rules, with the acceptances in its evidence.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.estimator import rulebook_from_bytes
from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.errors import BadInput, Problem
from kis.platform.jobs import enqueue
from kis.platform.messages import Message
from kis.platform.telemetry import current_trace_id
from kis.quotations import repository
from kis.quotations.errors import GateNotAcceptable, MixedExceptionsExhausted, StatusConflict
from kis.quotations.events import Event, tell
from kis.quotations.libraries import RULEBOOK_FILE
from kis.quotations.life import PRODUCE, EventKind, Status
from kis.quotations.means import Means
from kis.quotations.models import Quote
from kis.quotations.parts import failing_gates

LONGEST_REASON: Final = 1000
EXHAUSTED: Final = "KIS03"
"""What the database says when the month has its exceptions."""
Open = dict[tuple[str, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAccepted:
    """What became of the quotation: the gates still open, and whether it is issued again."""

    status: Status
    trace_id: str
    open_gates: tuple[tuple[str, str], ...]
    """Panel (empty for the whole quotation) and gate."""


async def accept_gate(
    means: Means, principal: Principal, quote_id: UUID, *, gate: str, panel: str, reason: str
) -> GateAccepted:
    """Take ``gate`` of ``panel`` (empty: of the whole quotation) on oneself. A mixed exception counts against the month's two."""
    _require_any(principal)
    reason = _checked(reason)
    acceptable = await _acceptable(means, principal, quote_id)
    try:
        async with means.database.transaction(principal.scope) as session:
            quote = await repository.quote(session, quote_id, for_update=True)
            if quote.status != Status.REVIEW:
                raise StatusConflict("accept_gate", quote.status, [Status.REVIEW])
            open_gates, undesigned = await _open_gates(session, quote)
            found = _wanted(open_gates, acceptable, panel, gate)
            if panel in undesigned:
                raise GateNotAcceptable("no_design", gate, panel)
            await _take_on(session, principal, quote, found, (panel, gate, reason), acceptable[gate])
            del open_gates[panel, gate]
            accepted = await _issue_again(session, quote, open_gates)
            await _recorded(session, principal, quote, found, (panel, gate, reason))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != EXHAUSTED:
            raise
        raise await _exhausted(means, principal) from error
    return accepted


def _require_any(principal: Principal) -> None:
    """Refuse who may accept nothing at all, before anything about the quotation is told."""
    if not principal.may(Permission.QUOTATION_APPROVE_MIXED):
        principal.require(Permission.QUOTATION_ACCEPT_GATE)


def _checked(reason: str) -> str:
    written = reason.strip()
    if (
        not written
        or len(written) > LONGEST_REASON
        or any(ord(sign) < 32 and sign not in "\n\t" for sign in written)
    ):
        raise BadInput(
            "request", [Problem("reason", Message("quotations.reason", {"limit": LONGEST_REASON}))]
        )
    return written


async def _acceptable(means: Means, principal: Principal, quote_id: UUID) -> dict[str, str]:
    """Return who may accept each gate, by the rulebook the quotation was made with."""
    async with means.database.transaction(principal.scope) as session:
        quote = await repository.quote(session, quote_id)
        paths = await repository.library_files(session, quote.trace_id)
    if RULEBOOK_FILE not in paths:
        raise StatusConflict("accept_gate", quote.status, [Status.REVIEW])
    content = await means.storage.get(paths[RULEBOOK_FILE])
    rules = await asyncio.to_thread(rulebook_from_bytes, RULEBOOK_FILE, content)
    return {name: gate.acceptance for name, gate in rules.gates.items()}


async def _open_gates(session: AsyncSession, quote: Quote) -> tuple[Open, set[str]]:
    """Return the failing gates nobody has taken on, by panel and gate, and the panels without a design: of those there is nothing to accept."""
    content = await repository.result_of(session, quote.id)
    assert content is not None, "a quotation in review has its result"
    result = orjson.loads(content)
    failing = {(panel, gate["id"]): gate for panel, gate in failing_gates(result)}
    taken = {(one.panel, one.gate) for one in await repository.acceptances(session, quote.id)}
    undesigned = {panel["name"] for panel in result["panels"] if not panel["designed"]}
    return {place: gate for place, gate in failing.items() if place not in taken}, undesigned


def _wanted(open_gates: Open, acceptable: Mapping[str, str], panel: str, gate: str) -> Mapping[str, Any]:
    """Return the gate that is asked for. Raises GateNotAcceptable where it does not fail, or nobody may accept it."""
    possible = sorted({name for _, name in open_gates if acceptable.get(name, "nobody") != "nobody"})
    found = open_gates.get((panel, gate))
    if found is None:
        raise GateNotAcceptable("not_open", gate, panel, possible)
    if acceptable.get(gate, "nobody") == "nobody":
        raise GateNotAcceptable("nobody", gate, panel, possible)
    return found


async def _take_on(
    session: AsyncSession,
    principal: Principal,
    quote: Quote,
    found: Mapping[str, Any],
    said: tuple[str, str, str],
    kind: str,
) -> None:
    panel, gate, reason = said
    if kind == "mixed_exception":
        principal.require(Permission.QUOTATION_APPROVE_MIXED)
        makes = ", ".join(str(make) for name, make in found["inputs"].items() if name.startswith("make_"))
        await repository.approve_mixed(
            session,
            {
                "quote_id": quote.id,
                "panel": panel,
                "makes": makes,
                "reason": reason,
                "actor": principal.actor,
            },
        )
    else:
        principal.require(Permission.QUOTATION_ACCEPT_GATE)
    await repository.add_acceptance(
        session,
        {
            "id": uuid4(),
            "organization_id": quote.organization_id,
            "quote_id": quote.id,
            "panel": panel,
            "gate": gate,
            "measured": None if found["measured"] is None else str(found["measured"]),
            "reason": reason,
            "accepted_by": principal.actor,
            "accepted_name": principal.name,
        },
    )


async def _issue_again(session: AsyncSession, quote: Quote, open_gates: Open) -> GateAccepted:
    """Queue the quotation again once nothing is open; its new pack has a trace id of its own, and both stay."""
    if open_gates:
        await repository.change(session, quote.id, {})
        return GateAccepted(status=Status.REVIEW, trace_id=quote.trace_id, open_gates=tuple(open_gates))
    trace_id = secrets.token_hex(16)
    await repository.move(
        session, quote.id, of=[Status.REVIEW], to=Status.QUEUED, values={"trace_id": trace_id}
    )
    await enqueue(
        session,
        kind=PRODUCE,
        subject_id=quote.id,
        organization_id=quote.organization_id,
        trace_id=current_trace_id() or trace_id,
        payload={"library_of": quote.trace_id},
        dedup_key=f"{PRODUCE}:{trace_id}",
    )
    told = Event(EventKind.PROGRESS, {"phase": "queued", "reason": "gates_accepted"})
    await tell(session, quote.id, [told])
    return GateAccepted(status=Status.QUEUED, trace_id=trace_id, open_gates=())


async def _recorded(
    session: AsyncSession,
    principal: Principal,
    quote: Quote,
    found: Mapping[str, Any],
    said: tuple[str, str, str],
) -> None:
    panel, gate, reason = said
    await audit.record(
        session,
        organization_id=quote.organization_id,
        actor=principal.actor,
        action="quotation.gate_accepted",
        target=f"quotation:{quote.id}",
        after={
            "gate": gate,
            "panel": panel,
            "measured": found["measured"],
            "limit": found["limit"],
            "reason": reason,
        },
        address=principal.address,
    )


async def _exhausted(means: Means, principal: Principal) -> MixedExceptionsExhausted:
    async with means.database.transaction(principal.scope) as session:
        month = await repository.mixed_month(session)
        used = await repository.mixed_used(session, principal.organization_id, month)
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return MixedExceptionsExhausted(month, used, following)
