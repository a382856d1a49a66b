"""Accepting a request: one short transaction gives it a number, queues its job, tells its listeners and keeps the answer for a retry."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kis.estimator import EstimateRequest, ParsedRequest, parse_request
from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.crossing import crossing
from kis.platform.errors import BadInput, Problem
from kis.platform.jobs import enqueue
from kis.platform.messages import Message
from kis.platform.telemetry import current_trace_id
from kis.quotations import repository
from kis.quotations.errors import KeyReused, StatusConflict
from kis.quotations.events import Event, tell
from kis.quotations.life import PRODUCE, EventKind, Origin, Status
from kis.quotations.links import links_of
from kis.quotations.means import Means
from kis.quotations.models import Quote
from kis.quotations.requests import SOURCE, Given, digest_of, quotation_days, understood, wanted_documents

CREATED: Final = 201
CHANGED: Final = 200
LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered when a quotation was accepted, or a draft amended: JSON, the same bytes for every retry under one key."""

    quote_id: UUID
    body: bytes
    status_code: int = CREATED
    is_replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A quotation about to be written down: what is asked for, and where it comes from."""

    given: Given
    documents: Sequence[str]
    origin: Origin = Origin.REQUEST
    status: Status = Status.QUEUED
    number: str = ""
    """Empty: the next one."""
    revision: int = 0
    previous_id: UUID | None = None


async def accept(
    means: Means,
    principal: Principal,
    given: Mapping[str, object] | ParsedRequest,
    *,
    idempotency_key: str | None = None,
    documents: Sequence[str] | None = None,
    draft: bool = False,
) -> Answer:
    """Take a request in: the quotation is queued (or kept as a draft) when this returns, and a retry under the same key gets the same answer."""
    principal.require(Permission.QUOTATION_CREATE)
    wanted = Draft(
        given=await understood(given),
        documents=wanted_documents(documents),
        status=Status.DRAFT if draft else Status.QUEUED,
    )
    fingerprint = digest_of([wanted.given.sha256, wanted.documents, wanted.status])
    async with means.database.transaction(principal.scope) as session:
        claim = Claim.of(principal, "POST /v1/estimate", idempotency_key, fingerprint)
        if (first := await claim.take(session)) is not None:
            return first
        answer = await write_down(session, principal, wanted)
        await claim.keep(session, answer)
        crossing("quotation.accept.before_commit")
    crossing("quotation.accept.after_commit")
    return answer


async def write_down(session: AsyncSession, principal: Principal, wanted: Draft) -> Answer:
    """Insert the quotation with its number, its first event, its job and its line in the audit log; return what is answered."""
    number, days = await _numbered(session, principal.organization_id, wanted)
    quote_id, trace_id = uuid4(), secrets.token_hex(16)
    is_queued = wanted.status is Status.QUEUED
    values = {
        "id": quote_id,
        "trace_id": trace_id,
        "event_sequence": 1 if is_queued else 0,
        **_row(principal, wanted, number, days),
    }
    await repository.add_quote(session, values)
    if is_queued:
        # Nobody can listen to a quotation whose id nobody has yet: its first event wakes no one.
        first = repository.event_row(quote_id, principal.organization_id, 1, *_QUEUED)
        await repository.add_events(session, [first])
        await _enqueue(session, quote_id, principal.organization_id, trace_id)
    await audit.record(
        session,
        organization_id=principal.organization_id,
        actor=principal.actor,
        action=f"quotation.{_ACTS[wanted.origin]}",
        target=f"quotation:{quote_id}",
        after={"number": f"{number}-R{wanted.revision}", "status": wanted.status.value},
        address=principal.address,
    )
    body = {
        "quoteId": str(quote_id),
        "number": number,
        "revision": wanted.revision,
        "status": wanted.status.value,
        "traceId": trace_id,
        "links": links_of(quote_id, trace_id),
    }
    return Answer(quote_id=quote_id, body=orjson.dumps(body))


async def _numbered(
    session: AsyncSession, organization_id: UUID, wanted: Draft
) -> tuple[str, tuple[date, date]]:
    """Return the number of the quotation, and its first and last day."""
    parsed = wanted.given.parsed
    if wanted.number:
        house = await repository.house(session, organization_id)
        return wanted.number, quotation_days(parsed, house.time_zone)
    house, day, running = await repository.next_number(
        session, organization_id, parsed.request.quotation_date
    )
    days = (day, day + timedelta(days=parsed.request.validity_days))
    return f"{house.code}-{day.year}-{running:04d}", days


async def _enqueue(session: AsyncSession, quote_id: UUID, organization_id: UUID, trace_id: str) -> None:
    """Queue the work on the pack ``trace_id``, in the trace of the request that asks for it."""
    await enqueue(
        session,
        kind=PRODUCE,
        subject_id=quote_id,
        organization_id=organization_id,
        trace_id=current_trace_id() or trace_id,
        dedup_key=f"{PRODUCE}:{trace_id}",
    )


async def submit(means: Means, principal: Principal, quote_id: UUID) -> None:
    """Queue a draft."""
    principal.require(Permission.QUOTATION_CREATE)
    async with means.database.transaction(principal.scope) as session:
        quote = await repository.quote(session, quote_id, for_update=True)
        if not await repository.move(session, quote_id, of=[Status.DRAFT], to=Status.QUEUED):
            raise StatusConflict("submit", quote.status, [Status.DRAFT])
        await _enqueue(session, quote_id, quote.organization_id, quote.trace_id)
        await tell(session, quote_id, [Event(*_QUEUED)])
        await _recorded(session, principal, quote_id, "quotation.submitted")


async def replace_draft(
    means: Means,
    principal: Principal,
    quote_id: UUID,
    given: Mapping[str, object] | ParsedRequest,
    *,
    documents: Sequence[str] | None = None,
) -> None:
    """Put another request in place of a draft's; its number stays."""
    principal.require(Permission.QUOTATION_CREATE)
    read = await understood(given)
    async with means.database.transaction(principal.scope) as session:
        quote = await _draft(session, quote_id)
        forms = {} if documents is None else {"documents_wanted": wanted_documents(documents)}
        await _change_draft(session, principal, quote, read, forms)


async def amend_draft(
    means: Means,
    principal: Principal,
    quote_id: UUID,
    amended: Callable[[EstimateRequest], Mapping[str, object]],
    *,
    route: str,
    asked: object,
    idempotency_key: str | None = None,
) -> Answer:
    """Put in place of a draft's request what ``amended`` makes of it as it stands now; what others change meanwhile is not lost.

    ``asked`` is what tells one request of ``route`` from another: under one key it is done once, also where the draft has gone on since.
    """
    principal.require(Permission.QUOTATION_CREATE)
    claim = Claim.of(principal, route, idempotency_key, digest_of(asked))
    async with means.database.transaction(principal.scope) as session:
        if (first := await claim.take(session)) is not None:
            return first
        quote = await _draft(session, quote_id)
        before = await asyncio.to_thread(parse_request, quote.request, SOURCE)
        await _change_draft(session, principal, quote, await understood(amended(before.request)), {})
        trace_id = current_trace_id() or quote.trace_id
        body = {"quoteId": str(quote_id), "status": Status.DRAFT.value, "traceId": trace_id}
        answer = Answer(quote_id=quote_id, body=orjson.dumps(body), status_code=CHANGED)
        await claim.keep(session, answer)
    return answer


async def _draft(session: AsyncSession, quote_id: UUID) -> Quote:
    """Return a draft, locked. Raises QuotationNotFound, StatusConflict."""
    quote = await repository.quote(session, quote_id, for_update=True)
    if quote.status != Status.DRAFT:
        raise StatusConflict("replace", quote.status, [Status.DRAFT])
    return quote


async def _change_draft(
    session: AsyncSession, principal: Principal, quote: Quote, read: Given, more: Mapping[str, Any]
) -> None:
    house = await repository.house(session, quote.organization_id)
    values = {**_asked(read, quotation_days(read.parsed, house.time_zone)), **more}
    await repository.change(session, quote.id, values)
    await _recorded(session, principal, quote.id, "quotation.draft_changed")


async def _recorded(session: AsyncSession, principal: Principal, quote_id: UUID, action: str) -> None:
    await audit.record(
        session,
        organization_id=principal.organization_id,
        actor=principal.actor,
        action=action,
        target=f"quotation:{quote_id}",
        address=principal.address,
    )


_QUEUED: Final = (EventKind.PROGRESS, {"phase": "queued"})
_ACTS: Final = {Origin.REQUEST: "accepted", Origin.REVISE: "revised", Origin.REQUOTE: "requoted"}


def _row(principal: Principal, wanted: Draft, number: str, days: tuple[date, date]) -> dict[str, Any]:
    return {
        "organization_id": principal.organization_id,
        "number": number,
        "revision": wanted.revision,
        "previous_id": wanted.previous_id,
        "origin": wanted.origin.value,
        "status": wanted.status.value,
        "documents_wanted": list(wanted.documents),
        "created_by": principal.actor,
        **_asked(wanted.given, days),
    }


def _asked(given: Given, days: tuple[date, date]) -> dict[str, Any]:
    """Return the columns that follow from the request."""
    request = given.parsed.request
    customer, project = given.named
    return {
        "request": given.source,
        "request_sha256": given.sha256,
        "customer_name": customer,
        "project_name": project,
        "locale": request.locale,
        "currency": request.currency,
        "quotation_date": days[0],
        "valid_until": days[1],
        "margin_percent": request.margin_percent,
        "discount_percent": request.discount_percent,
    }


@dataclass(frozen=True, slots=True)
class Claim:
    """A caller's claim on an Idempotency-Key. Without a key nothing is claimed."""

    row: Mapping[str, Any] | None

    @classmethod
    def of(cls, principal: Principal, route: str, key: str | None, fingerprint: str) -> "Claim":
        """Return the claim of a request. Raises BadInput for a key that is no key."""
        if key is None:
            return cls(None)
        if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            problem = Problem("Idempotency-Key", Message("quotations.key_form", {"limit": LONGEST_KEY}))
            raise BadInput("request", [problem])
        return cls(
            {
                "organization_id": principal.organization_id,
                "caller": principal.actor,
                "key": key,
                "route": route,
                "request_sha256": fingerprint,
            }
        )

    async def take(self, session: AsyncSession) -> Answer | None:
        """Return the first answer where there is one; else this transaction gives it. Raises KeyReused."""
        if self.row is None or await repository.claim_key(session, self.row):
            return None
        route, request_sha256, status_code, body = await repository.kept_answer(session, self.row)
        if (route, request_sha256) != (self.row["route"], self.row["request_sha256"]):
            raise KeyReused(self.row["key"])
        quote_id = UUID(orjson.loads(body)["quoteId"])
        return Answer(quote_id=quote_id, body=body, status_code=status_code, is_replayed=True)

    async def keep(self, session: AsyncSession, answer: Answer) -> None:
        """Keep the answer for retries."""
        if self.row is not None:
            await repository.keep_answer(session, self.row, answer.status_code, answer.body)
