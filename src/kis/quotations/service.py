"""Quotations as stored business objects: one method per use case, each of which lives in a module of its own."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kis.estimator import ParsedRequest
from kis.identity import Principal
from kis.platform.jobs import Handling
from kis.platform.messages import Locale
from kis.quotations import accepting, reading
from kis.quotations.accepting import Answer
from kis.quotations.life import PRODUCE
from kis.quotations.means import Means
from kis.quotations.producing import ProduceQuotation
from kis.quotations.reading import DEFAULT_ORDER, Whole
from kis.quotations.reading import Quotations as QuotationPage


class Quotations:
    """The use cases of quotations. Every method takes the caller first and asks whether it may."""

    def __init__(self, means: Means) -> None:
        self._means = means

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

    async def get(self, principal: Principal, quote_id: UUID, *, locale: Locale = "ko") -> Whole:
        """Return a quotation whole, as JSON. Raises QuotationNotFound."""
        return await reading.get(self._means, principal, quote_id, locale)

    async def list(
        self,
        principal: Principal,
        *,
        page: int = 1,
        size: int = 20,
        order: tuple[str, bool] = DEFAULT_ORDER,
        conditions: Sequence[tuple[str, str]] = (),
    ) -> QuotationPage:
        """Return a page of quotations. Raises BadInput for a condition that is none."""
        return await reading.list_quotations(
            self._means, principal, page=page, size=size, order=order, conditions=conditions
        )


def handlings(means: Means) -> dict[str, Handling]:
    """Return what is done with the jobs of quotations, by their kind: for the workers."""
    produce = ProduceQuotation(means)
    return {PRODUCE: Handling(run=produce, on_give_up=produce.on_give_up)}
