"""Making a quotation: the job behind every accepted request.

The work may be begun several times (a worker dies, another takes its job up) and is finished once: the one transaction that writes the result,
its rows, its evidence and the last event also marks the job done, and only for the worker that still holds it. What is uploaded before is named by
its content, so a second try writes the same or leaves an object no row names.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from kis.estimator import (
    HELPERS_LOAD,
    Acceptance,
    EarlierIssue,
    Estimate,
    Issue,
    Library,
    ParsedRequest,
    Product,
    Spread,
    estimate,
    forms_of,
    output_of,
    parse_request,
    produce,
)
from kis.evidence import canonical_bytes
from kis.platform import audit
from kis.platform.crossing import crossing
from kis.platform.database import Scope
from kis.platform.errors import BadInput, KisError
from kis.platform.jobs import JobContext
from kis.platform.messages import LOCALES, Message
from kis.platform.processes import collecting_rarely, spreading
from kis.platform.telemetry import span
from kis.quotations import repository
from kis.quotations.brands import brand_of
from kis.quotations.comparing import comparison_with
from kis.quotations.errors import TotalsDisagree
from kis.quotations.events import Event, tell
from kis.quotations.libraries import recorded_library
from kis.quotations.life import RUNNING, EventKind, Status
from kis.quotations.links import links_of
from kis.quotations.means import Means
from kis.quotations.measuring import count_failed, count_finished
from kis.quotations.models import Quote
from kis.quotations.parts import Owner, acceptance_of, gates_of, parts_of
from kis.quotations.telling import Teller

SERVER_ERROR: Final = 500
"""From here on an error is ours, and another try may do better; below it is the engine's answer to the request."""
ACTOR: Final = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """All that the engine needs, read in one transaction."""

    quote: Quote
    parsed: ParsedRequest
    library: Library
    issue: Issue
    acceptances: tuple[Acceptance, ...]
    queued_at: datetime
    """When it was queued for this issue."""


class ProduceQuotation:
    """The handler of the job ``quotation.produce``."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def __call__(self, context: JobContext) -> None:
        """Make the quotation the job is about. An answer of the engine that it cannot be made is a result too: the quotation fails with the reason."""
        quote_id, scope = _subject(context)
        if not await self._begin(quote_id, scope, context.attempt):
            return
        try:
            async with Teller(self._means.database, scope, quote_id).writing() as teller:
                order = await self._order(quote_id, scope, context)
                product = await self._product(order, teller)
        except KisError as error:
            if error.status_code >= SERVER_ERROR:
                raise
            async with context.finishing() as session:
                await fail(session, quote_id, error)
            count_failed(is_first=_is_first(context))
            return
        await self._finish(context, order, product)

    async def on_give_up(self, context: JobContext, error: KisError, session: AsyncSession) -> None:
        """Let the quotation fail when its job was tried for the last time."""
        quote_id, _ = _subject(context)
        await fail(session, quote_id, error)
        count_failed(is_first=_is_first(context))

    async def _begin(self, quote_id: UUID, scope: Scope, attempt: int) -> bool:
        """Bring the quotation to processing. False: it is finished already, or gone."""
        async with self._means.database.service(scope) as session:
            started = {"started_at": datetime.now(UTC), "failure": None}
            if not await repository.move(session, quote_id, of=RUNNING, to=Status.PROCESSING, values=started):
                return False
            await tell(
                session, quote_id, [Event(EventKind.PROGRESS, {"phase": "started", "attempt": attempt})]
            )
        if attempt > 1:  # what the try before uploaded and never named
            async with self._means.database.service(scope) as session:
                await self._means.evidence.sweep(session, quote_id)
        return True

    async def _order(self, quote_id: UUID, scope: Scope, context: JobContext) -> Order:
        means = self._means
        async with means.database.service(scope) as session:
            quote = await repository.quote(session, quote_id)
            house = await repository.house(session, quote.organization_id)
            accepted = await repository.acceptances(session, quote_id)
            queued_at = await repository.queued_at(session, quote_id)
            earlier = await repository.earlier_issues(
                session, quote.organization_id, quote.number, quote.revision
            )
        parsed = await asyncio.to_thread(parse_request, quote.request, "request")
        library = await self._library(scope, quote, parsed, context)
        brand = await asyncio.to_thread(brand_of, means.settings.application.data, house.code)
        return Order(
            quote=quote,
            parsed=parsed,
            library=library,
            issue=Issue(
                number=f"{quote.number}-R{quote.revision}",
                brand=brand,
                forms=forms_of(quote.documents_wanted),
                earlier=tuple(EarlierIssue(f"R{revision}", day) for revision, day in earlier),
            ),
            acceptances=tuple(
                Acceptance(
                    gate=one.gate,
                    panel=one.panel,
                    accepted_by=one.accepted_name or one.accepted_by,
                    accepted_on=one.created_at.astimezone(ZoneInfo(house.time_zone)).date(),
                    reason=one.reason,
                )
                for one in accepted
            ),
            queued_at=queued_at,
        )

    async def _library(
        self, scope: Scope, quote: Quote, parsed: ParsedRequest, context: JobContext
    ) -> Library:
        """Return what the quotation is made from. An issue after gates were accepted is made from what the first was: no price moves meanwhile."""
        means, issued = self._means, context.payload.get("library_of")
        if issued is not None:
            return await recorded_library(means.database, scope, means.storage, str(issued))
        async with means.database.service(scope) as session:
            return await means.libraries.library_for(
                session, quote.organization_id, parsed.request, quote.quotation_date
            )

    async def _product(self, order: Order, teller: Teller) -> Product:
        """Let the engine work, in a thread, and tell what it is doing."""
        created_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

        def designing(done: int, panels: int, name: str) -> None:
            teller.say(EventKind.PROGRESS, phase="designing", done=done, total=panels, panel=name)

        def writing(path: str) -> None:
            teller.say(EventKind.PROGRESS, phase="documents", document=path)

        with collecting_rarely(), self._helpers(order.parsed) as spread:
            with span("quotation.design"):
                made = await asyncio.to_thread(
                    estimate,
                    order.parsed,
                    library=order.library,
                    on=order.quote.quotation_date,
                    timer=time.perf_counter,
                    progress=designing,
                    acceptances=order.acceptances,
                    guard_seconds=self._means.settings.engine.timeout_seconds,
                    spread=spread,
                )
            for panel, gate in _engineering_gates(made, order.quote.trace_id, created_at):
                teller.say(EventKind.GATE_RESULT, **_gate_told(panel, gate))
            with span("quotation.documents"):
                product = await asyncio.to_thread(
                    produce,
                    made,
                    trace_id=order.quote.trace_id,
                    created_at=created_at,
                    issue=order.issue,
                    timer=time.perf_counter,
                    tell=writing,
                    spread=spread,
                )
        for gate in product.output["gates"][len(made.gates) :]:
            teller.say(EventKind.GATE_RESULT, **_gate_told("", gate))
        teller.say(EventKind.PROGRESS, phase="storing", files=len(product.files))
        crossing("quotation.computed")
        return product

    def _helpers(self, parsed: ParsedRequest) -> AbstractContextManager[Spread]:
        """Give the processes that work on panels at the same time, where the settings want some; they end with the job, or with this process."""
        return spreading(
            len(parsed.request.panels),
            loads=HELPERS_LOAD,
            processes=self._means.settings.engine.panels_side_by_side,
        )

    async def _finish(self, context: JobContext, order: Order, product: Product) -> None:
        quote, output = order.quote, product.output
        owner = Owner(quote.organization_id, quote.id)
        rows: dict[str, list[dict[str, Any]]] = await asyncio.to_thread(parts_of, product, owner)
        result = await asyncio.to_thread(canonical_bytes, output)
        prepared = await self._means.evidence.prepare(
            product.files, organization_id=quote.organization_id, quote_id=quote.id
        )
        crossing("quotation.uploaded")
        rows["documents"] = [
            owner.row(
                trace_id=quote.trace_id,
                kind=document["kind"],
                name=document["path"],
                path=prepared[document["path"]].path,
                media_type=document["media_type"],
                sha256=document["sha256"],
                size=document["size"],
            )
            for document in output["documents"]
        ]
        async with context.finishing() as session:
            pack = await self._means.evidence.add(
                session,
                organization_id=quote.organization_id,
                quote_id=quote.id,
                trace_id=quote.trace_id,
                files=prepared,
                predicate=product.predicate,
                created_at=output["created_at"],
            )
            await repository.replace_parts(session, quote.id, rows)
            comparison = await comparison_with(session, quote, output)
            status = Status(output["status"])
            values = _columns(product, result, comparison)
            await repository.move(session, quote.id, of=[Status.PROCESSING], to=status, values=values)
            await _check_totals(session, quote.id, output["totals"])
            await _tell_done(session, quote, output, pack.sha256)
        count_finished(product, queued_at=order.queued_at, is_first=_is_first(context))


async def fail(session: AsyncSession, quote_id: UUID, error: BaseException) -> None:
    """Bring a quotation to ``failed`` with the reason in both languages, and end its stream."""
    failure = _failure(error)
    values = {"failure": failure, "completed_at": datetime.now(UTC)}
    if not await repository.move(session, quote_id, of=RUNNING, to=Status.FAILED, values=values):
        return
    await tell(session, quote_id, [Event(EventKind.ERROR, {"status": Status.FAILED.value, **failure})])
    quote = await repository.quote(session, quote_id)
    await audit.record(
        session,
        organization_id=quote.organization_id,
        actor=ACTOR,
        action="quotation.failed",
        target=f"quotation:{quote_id}",
        after={"status": Status.FAILED.value, "code": failure["code"]},
        trace_id=quote.trace_id,
    )


def _failure(error: BaseException) -> dict[str, Any]:
    known = error if isinstance(error, KisError) and error.status_code < SERVER_ERROR else None
    message = known.message if known is not None else Message("quotations.internal")
    failure: dict[str, Any] = {
        "code": known.code if known is not None else "internal_error",
        "message": {locale: message.text(locale) for locale in LOCALES},
    }
    if known is not None and known.hint is not None:
        failure["hint"] = {locale: known.hint.text(locale) for locale in LOCALES}
    if isinstance(known, BadInput):
        failure["problems"] = [
            {"path": problem.path, "message": {locale: problem.message.text(locale) for locale in LOCALES}}
            for problem in known.problems
        ]
    return failure


def _subject(context: JobContext) -> tuple[UUID, Scope]:
    assert context.subject_id is not None, "a quotation's job names it"
    assert context.organization_id is not None, "a quotation's job names its organisation"
    return context.subject_id, Scope(context.organization_id)


def _is_first(context: JobContext) -> bool:
    """Tell whether this is the first issue, and not the one after people took gates on."""
    return "library_of" not in context.payload


def _engineering_gates(made: Estimate, trace_id: str, created_at: str) -> list[tuple[str, Mapping[str, Any]]]:
    return list(gates_of(output_of(made, trace_id=trace_id, created_at=created_at)))


def _gate_told(panel: str, gate: Mapping[str, Any]) -> dict[str, Any]:
    told = ("stage", "verdict", "measured", "operator", "limit", "unit", "explanation")
    facts = {name: gate[name] for name in told}
    return {"panel": panel or None, "gate": gate["id"], **facts, "acceptance": acceptance_of(gate)}


def _columns(product: Product, result: bytes, comparison: dict[str, Any] | None) -> dict[str, Any]:
    output, made = product.output, product.estimate
    quotation = output["quotation"]
    return {
        "verdict": output["verdict"],
        "totals": output["totals"],
        "subtotal": Decimal(output["totals"]["subtotal"]),
        "total": Decimal(output["totals"]["total"]),
        "vat_percent": made.library.rules.pricing.vat_percent.value,
        "valid_until": made.valid_until,
        "engineering_sha256": quotation["engineering_sha256"],
        "document_id": quotation["document_id"],
        "catalog_digest": made.library.catalog.digest,
        "price_book_digest": made.library.price_book.digest,
        "rulebook_digest": made.library.rules.digest,
        "result": result,
        "comparison": comparison,
        "completed_at": datetime.now(UTC),
    }


async def _check_totals(session: AsyncSession, quote_id: UUID, totals: dict[str, str]) -> None:
    """Hold the database's own sum of the stored lines to what the engine quoted. Raises TotalsDisagree: nothing is issued."""
    added = await repository.database_totals(session, quote_id)
    for name in ("subtotal", "margin", "discount", "net", "vat", "total"):
        if Decimal(str(added[name])) != Decimal(totals[name]):
            raise TotalsDisagree(f"{name} {totals[name]}", f"{name} {added[name]}")


async def _tell_done(session: AsyncSession, quote: Quote, output: dict[str, Any], pack_sha256: str) -> None:
    facts = {
        "status": output["status"],
        "verdict": output["verdict"],
        "totals": output["totals"],
        "documents": len(output["documents"]),
        "evidence": {"traceId": quote.trace_id, "sha256": pack_sha256},
        "links": links_of(quote.id, quote.trace_id),
    }
    await tell(session, quote.id, [Event(EventKind.DONE, facts)])
    await audit.record(
        session,
        organization_id=quote.organization_id,
        actor=ACTOR,
        action="quotation.issued",
        target=f"quotation:{quote.id}",
        after={
            "status": output["status"],
            "verdict": output["verdict"],
            "total": output["totals"]["total"],
            "evidence": pack_sha256,
        },
        trace_id=quote.trace_id,
    )
