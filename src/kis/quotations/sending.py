"""Giving a quotation to the customer: from here on nothing of it changes any more."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from kis.estimator import parse_request
from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.mail import Mail
from kis.platform.messages import Locale, Message
from kis.quotations import repository
from kis.quotations.errors import StatusConflict
from kis.quotations.life import Status
from kis.quotations.means import Means
from kis.quotations.models import Quote
from kis.quotations.repository import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """When a quotation was sent, and to whom a mail goes; None: nothing is mailed, somebody hands it over."""

    sent_at: datetime
    mailed_to: str | None


async def send(means: Means, principal: Principal, quote_id: UUID) -> Sent:
    """Freeze a completed quotation and mail the customer, where the installation has a mail server and the request an address."""
    principal.require(Permission.QUOTATION_SEND)
    async with means.database.transaction(principal.scope) as session:
        quote = await repository.quote(session, quote_id, for_update=True)
        sent_at = datetime.now(UTC)
        if not await repository.move(
            session, quote_id, of=[Status.COMPLETED], to=Status.SENT, values={"sent_at": sent_at}
        ):
            raise StatusConflict("send", quote.status, [Status.COMPLETED])
        address = await _address(quote) if means.mailer.sends else None
        if address is not None:
            house = await repository.house(session, quote.organization_id)
            mail = _mail(quote, house, address)
            await means.mailer.hand_over(session, mail, organization_id=quote.organization_id)
        await audit.record(
            session,
            organization_id=quote.organization_id,
            actor=principal.actor,
            action="quotation.sent",
            target=f"quotation:{quote_id}",
            before={"status": quote.status},
            after={"status": Status.SENT.value, "mailed": address is not None},
            address=principal.address,
        )
    return Sent(sent_at=sent_at, mailed_to=address)


async def _address(quote: Quote) -> str | None:
    """Return where the request says the customer is mailed."""
    parsed = await asyncio.to_thread(parse_request, quote.request)
    return parsed.request.customer.email


def _mail(quote: Quote, house: House, address: str) -> Mail:
    assert quote.total is not None, "a completed quotation has its total"
    values = {
        "number": f"{quote.number}-R{quote.revision}",
        "project": quote.project_name,
        "customer": quote.customer_name,
        "house": house.name,
        "total": f"{_plain(quote.total)} {quote.currency}",
        "valid_until": quote.valid_until.isoformat(),
    }
    locale: Locale = "en" if quote.locale == "en" else "ko"
    return Mail(
        to=address,
        subject=Message("quotations.mail.subject", values),
        body=Message("quotations.mail.body", values),
        locale=locale,
    )


def _plain(amount: Decimal) -> str:
    """Return an amount as people read it: 1,282,992 or 940.50."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
