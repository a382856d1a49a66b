"""The library a quotation of an organisation is made from: what the request names, else the organisation's own, else what is shipped.

For an organisation without anything of its own it is, byte for byte, what the command line uses.
"""

import asyncio
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.catalog import (
    check_price_book,
    load_price_book,
    price_book_bytes,
    shipped_price_books,
)
from kis.catalog.store import edition_of, find_price_book, own_price_book_on
from kis.estimator import (
    EstimateRequest,
    Library,
    library_from_bytes,
    load_rulebook,
    rulebook_bytes,
    shipped_rulebooks,
    wanted_currency,
)
from kis.platform.errors import NotFound
from kis.platform.messages import Message
from kis.quotations.rulebooks import find_rulebook, own_rulebook_on


async def library_for(
    session: AsyncSession, organization_id: UUID, request: EstimateRequest, on: date
) -> Library:
    """Return what a quotation of ``organization_id`` dated ``on`` is made from.

    Raises NotFound where nothing goes by the name in the request or nothing is in force on the day.
    """
    edition = await edition_of(session, organization_id)
    book = await _price_book(session, organization_id, request, on)
    rules = await _rulebook(session, organization_id, request, on)
    return await asyncio.to_thread(library_from_bytes, edition.files, book, rules)


class OrganizationLibraries:
    """Opens libraries by :func:`library_for`: what the worker is given."""

    async def library_for(
        self, session: AsyncSession, organization_id: UUID, request: EstimateRequest, on: date
    ) -> Library:
        """Return what a quotation is made from."""
        return await library_for(session, organization_id, request, on)


async def _price_book(
    session: AsyncSession, organization_id: UUID, request: EstimateRequest, on: date
) -> bytes:
    currency = wanted_currency(request)
    if request.price_book is None:
        own = await own_price_book_on(session, organization_id, currency, on)
        return own or price_book_bytes(None, load_price_book(None, currency, on))
    shipped = {book.id: book for book in shipped_price_books()}
    found = await find_price_book(session, organization_id, request.price_book)
    if found is not None and found[0].digest != getattr(shipped.get(request.price_book), "digest", ""):
        check_price_book(found[0], currency, on)
        return found[1]
    if request.price_book in shipped:
        return price_book_bytes(None, shipped[request.price_book])
    raise NotFound(
        Message("library.no_price_book", {"name": request.price_book, "shipped": ", ".join(shipped)})
    )


async def _rulebook(
    session: AsyncSession, organization_id: UUID, request: EstimateRequest, on: date
) -> bytes:
    if request.rulebook is None:
        own = await own_rulebook_on(session, organization_id, on)
        return own or rulebook_bytes(None, load_rulebook(None, on))
    found = await find_rulebook(session, organization_id, request.rulebook)
    if found is not None:
        return found
    shipped = {
        name: rules for rules in shipped_rulebooks() for name in (rules.id, f"{rules.id}-{rules.version}")
    }
    if request.rulebook in shipped:
        return rulebook_bytes(None, shipped[request.rulebook])
    raise NotFound(Message("library.no_rulebook", {"name": request.rulebook, "shipped": ", ".join(shipped)}))
