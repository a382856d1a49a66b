"""Quotations as stored business objects: one method per use case, each of which lives in a module of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from kis.estimator import EstimateRequest, ParsedRequest
from kis.evidence.store import DigestKind, PackFacts
from kis.identity import Principal
from kis.platform.jobs import Handling
from kis.platform.messages import Locale
from kis.quotations import (
    accepting,
    closing,
    documents,
    gates,
    proving,
    reading,
    revising,
    sending,
    streaming,
)
from kis.quotations.accepting import Answer
from kis.quotations.documents import ExportDocuments, LinkedDocument, Task
from kis.quotations.figures import BUSINESS_TIME
from kis.quotations.gates import GateAccepted
from kis.quotations.life import EXPORT, PRODUCE, Status
from kis.quotations.means import Means
from kis.quotations.producing import ProduceQuotation
from kis.quotations.reading import DEFAULT_ORDER, Whole
from kis.quotations.reading import Quotations as QuotationPage
from kis.quotations.revising import Otherwise
from kis.quotations.sending import Sent
from kis.quotations.showing import Currency
from kis.quotations.streaming import Streams
from kis.quotations.validating import Ruleset, Validated, Validating


class Quotations:
    """The use cases of quotations. Every method takes the caller first and asks whether it may."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._streams = Streams()
        self._validating = Validating(means)

    def stop_with(self, stopping: asyncio.Event) -> None:
        """End the open streams, each with a hint when to come again, once ``stopping`` is set."""
        self._streams.stop_with(stopping)

    async def accept(
        self,
        principal: Principal,
        given: Mapping[str, object] | ParsedRequest,
        *,
        idempotency_key: str | None = None,
        documents: Sequence[str] | None = None,
        draft: bool = False,
    ) -> Answer:
        """Take a request in. Raises BadInput with every problem, KeyReused."""
        return await accepting.accept(
            self._means,
            principal,
            given,
            idempotency_key=idempotency_key,
            documents=documents,
            draft=draft,
        )

    async def submit(self, principal: Principal, quote_id: UUID) -> None:
        """Queue a draft. Raises StatusConflict."""
        await accepting.submit(self._means, principal, quote_id)

    async def replace_draft(
        self,
        principal: Principal,
        quote_id: UUID,
        given: Mapping[str, object] | ParsedRequest,
        *,
        documents: Sequence[str] | None = None,
    ) -> None:
        """Put another request in place of a draft's. Raises StatusConflict, BadInput."""
        await accepting.replace_draft(self._means, principal, quote_id, given, documents=documents)

    async def amend_draft(
        self,
        principal: Principal,
        quote_id: UUID,
        amended: Callable[[EstimateRequest], Mapping[str, object]],
        *,
        route: str,
        asked: object,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Put in place of a draft's request what ``amended`` makes of it as it stands now. Raises QuotationNotFound, StatusConflict, BadInput, KeyReused."""
        return await accepting.amend_draft(
            self._means,
            principal,
            quote_id,
            amended,
            route=route,
            asked=asked,
            idempotency_key=idempotency_key,
        )

    async def get(
        self,
        principal: Principal,
        quote_id: UUID,
        *,
        locale: Locale = "ko",
        currency: Currency | None = None,
    ) -> Whole:
        """Return a quotation whole, as JSON. Raises QuotationNotFound; BadInput where it has no rate to be shown in ``currency``."""
        return await reading.get(self._means, principal, quote_id, locale, currency)

    async def list(
        self,
        principal: Principal,
        *,
        page: int = 1,
        size: int = 20,
        order: tuple[str, bool] = DEFAULT_ORDER,
        conditions: Sequence[tuple[str, str]] = (),
        currency: Currency | None = None,
        time_zone: ZoneInfo = BUSINESS_TIME,
    ) -> QuotationPage:
        """Return a page of quotations. Raises BadInput for a condition that is none, or a quotation without a rate to be shown in ``currency``."""
        return await reading.list_quotations(
            self._means,
            principal,
            page=page,
            size=size,
            order=order,
            conditions=conditions,
            currency=currency,
            time_zone=time_zone,
        )

    async def revise(
        self,
        principal: Principal,
        quote_id: UUID,
        given: Mapping[str, object] | ParsedRequest,
        *,
        idempotency_key: str | None = None,
        documents: Sequence[str] | None = None,
    ) -> Answer:
        """Quote another request as the next revision. Raises StatusConflict, BadInput, KeyReused."""
        return await revising.revise(
            self._means,
            principal,
            quote_id,
            given,
            idempotency_key=idempotency_key,
            documents=documents,
        )

    async def requote(
        self,
        principal: Principal,
        quote_id: UUID,
        otherwise: Otherwise,
        *,
        idempotency_key: str | None = None,
        documents: Sequence[str] | None = None,
    ) -> Answer:
        """Quote the same request again under other prices or in another make. Raises StatusConflict, BadInput, NotFound, KeyReused."""
        return await revising.requote(
            self._means,
            principal,
            quote_id,
            otherwise,
            idempotency_key=idempotency_key,
            documents=documents,
        )

    async def accept_gate(
        self, principal: Principal, quote_id: UUID, *, gate: str, panel: str, reason: str
    ) -> GateAccepted:
        """Take a failing gate on oneself. Raises GateNotAcceptable, MixedExceptionsExhausted, StatusConflict, BadInput."""
        return await gates.accept_gate(
            self._means, principal, quote_id, gate=gate, panel=panel, reason=reason
        )

    async def send(self, principal: Principal, quote_id: UUID) -> Sent:
        """Freeze a completed quotation and mail the customer where that is possible. Raises StatusConflict."""
        return await sending.send(self._means, principal, quote_id)

    async def close(self, principal: Principal, quote_id: UUID, *, won: bool) -> Status:
        """Note what the customer decided. Raises StatusConflict."""
        return await closing.close(self._means, principal, quote_id, won=won)

    async def documents(
        self, principal: Principal, quote_id: UUID, *, kinds: Sequence[str] = ()
    ) -> tuple[LinkedDocument, ...]:
        """Return the documents of the newest issue, each with a link that ends."""
        return await documents.list_documents(self._means, principal, quote_id, kinds)

    async def export(
        self, principal: Principal, quote_ids: Sequence[UUID], *, kinds: Sequence[str] = ()
    ) -> UUID:
        """Have documents packed into one archive; return the task to ask after."""
        return await documents.export(self._means, principal, quote_ids, kinds)

    async def task(self, principal: Principal, task_id: UUID) -> Task:
        """Return how far a task is. Raises TaskNotFound."""
        return await documents.task(self._means, principal, task_id)

    async def evidence(self, principal: Principal, trace_id: str) -> PackFacts:
        """Return what is known about a pack. Raises EvidenceMissing."""
        return await proving.facts(self._means, principal, trace_id)

    async def bundle(self, principal: Principal, trace_id: str) -> tuple[PackFacts, AsyncIterator[bytes]]:
        """Return a pack and the ZIP of it as a stream; the download is in the audit log before its first byte. Raises EvidenceMissing."""
        return await proving.bundle(self._means, principal, trace_id)

    async def check_digest(self, sha256: str) -> DigestKind | None:
        """Return as what a SHA-256 is known here, for anybody."""
        return await proving.check_digest(self._means, sha256)

    async def stream(
        self, principal: Principal, quote_id: UUID, *, last_event_id: int | None = None
    ) -> AsyncIterator[bytes] | None:
        """Return the server-sent events of a quotation after ``last_event_id``, None when its last one is known already. Raises QuotationNotFound."""
        return await streaming.opened(self._means, self._streams, principal, quote_id, last_event_id)

    async def validate(
        self, principal: Principal, data: bytes, *, ruleset: Ruleset = "panel", locale: Locale = "ko"
    ) -> Validated:
        """Check a request without quoting it. Raises UnsupportedMedia, BadInput where there is too much of it."""
        return await self._validating.validate(principal, data, ruleset=ruleset, locale=locale)


def handlings(means: Means) -> dict[str, Handling]:
    """Return what is done with the jobs of quotations, by their kind: for the workers."""
    produce = ProduceQuotation(means)
    return {
        PRODUCE: Handling(run=produce, on_give_up=produce.on_give_up),
        EXPORT: Handling(run=ExportDocuments(means)),
    }
