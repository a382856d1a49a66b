"""Quoting again: a revision with another request, or the same request under other prices or in another make.

Both make the next revision of the number and leave the one before as it is; a re-quotation also tells, line by line, what changed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from kis.estimator import ParsedRequest, dated, in_make, parse_request
from kis.identity import Permission, Principal
from kis.platform.errors import Conflict
from kis.platform.messages import Message
from kis.quotations import repository
from kis.quotations.accepting import Answer, Claim, Draft, write_down
from kis.quotations.errors import StatusConflict
from kis.quotations.life import REVISABLE, Origin
from kis.quotations.means import Means
from kis.quotations.models import Quote
from kis.quotations.requests import SOURCE, digest_of, understood, wanted_documents

LAST_REVISION: Final = 999
"""Numbers of quotations have three digits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What is to be different in a re-quotation: a make, a price book, a rulebook by name; the day is today's where none is given."""

    make: str | None = None
    price_book: str | None = None
    rulebook: str | None = None
    day: date | None = None


async def revise(
    means: Means,
    principal: Principal,
    quote_id: UUID,
    given: Mapping[str, object] | ParsedRequest,
    *,
    idempotency_key: str | None = None,
    documents: Sequence[str] | None = None,
) -> Answer:
    """Quote another request as the next revision."""
    principal.require(Permission.QUOTATION_REVISE)
    read = await understood(given)
    forms = None if documents is None else wanted_documents(documents)
    claim = Claim.of(
        principal,
        f"POST /v1/estimate/{quote_id}/revise",
        idempotency_key,
        digest_of([read.sha256, forms]),
    )
    async with means.database.transaction(principal.scope) as session:
        if (first := await claim.take(session)) is not None:
            return first
        before = await _predecessor(session, quote_id, "revise")
        wanted = Draft(given=read, documents=forms or before.documents_wanted, origin=Origin.REVISE)
        answer = await _next_revision(session, principal, before, wanted)
        await claim.keep(session, answer)
    return answer


async def requote(
    means: Means,
    principal: Principal,
    quote_id: UUID,
    otherwise: Otherwise,
    *,
    idempotency_key: str | None = None,
    documents: Sequence[str] | None = None,
) -> Answer:
    """Quote the same request again, otherwise, as the next revision. Raises BadInput where a line cannot be had in the make, NotFound for an unknown price book."""
    principal.require(Permission.QUOTATION_REVISE)
    forms = None if documents is None else wanted_documents(documents)
    asked = [otherwise.make, otherwise.price_book, otherwise.rulebook, otherwise.day, forms]
    claim = Claim.of(principal, f"POST /v1/estimate/{quote_id}/requote", idempotency_key, digest_of(asked))
    async with means.database.transaction(principal.scope) as session:
        if (first := await claim.take(session)) is not None:
            return first
        before = await _predecessor(session, quote_id, "requote")
        parsed = await _changed(means, session, before, otherwise)
        wanted = Draft(
            given=await understood(parsed),
            documents=forms or before.documents_wanted,
            origin=Origin.REQUOTE,
        )
        answer = await _next_revision(session, principal, before, wanted)
        await claim.keep(session, answer)
    return answer


async def _predecessor(session: AsyncSession, quote_id: UUID, act: str) -> Quote:
    before = await repository.quote(session, quote_id)
    if before.status not in REVISABLE:
        raise StatusConflict(act, before.status, REVISABLE)
    return before


async def _next_revision(session: AsyncSession, principal: Principal, before: Quote, wanted: Draft) -> Answer:
    revision = 1 + await repository.last_revision(session, before.organization_id, before.number)
    if revision > LAST_REVISION:
        raise Conflict(Message("quotations.revisions_used", {"limit": LAST_REVISION}))
    return await write_down(
        session,
        principal,
        Draft(
            given=wanted.given,
            documents=wanted.documents,
            origin=wanted.origin,
            number=before.number,
            revision=revision,
            previous_id=before.id,
        ),
    )


async def _changed(means: Means, session: AsyncSession, before: Quote, otherwise: Otherwise) -> ParsedRequest:
    """Return the request of the quotation before with what is to be different."""
    house = await repository.house(session, before.organization_id)
    day = otherwise.day or datetime.now(UTC).astimezone(ZoneInfo(house.time_zone)).date()
    source = dict(before.request)
    if otherwise.price_book is not None:
        source["price_book"] = otherwise.price_book
    if otherwise.rulebook is not None:
        source["rulebook"] = otherwise.rulebook
    parsed = dated(await asyncio.to_thread(parse_request, source, SOURCE), day)
    # Opened in any case: a name nobody knows is told to who asks, and not by a quotation that fails later.
    library = await means.libraries.library_for(session, before.organization_id, parsed.request, day)
    if otherwise.make is None:
        return parsed
    return await asyncio.to_thread(in_make, parsed, otherwise.make, library.catalog)
