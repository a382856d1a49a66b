"""Putting a product on a quotation that is still a draft.

A part of the catalogue goes into a panel, where the estimator places and prices it; anything else is a line of its own at the price that is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

from kis.assistant.products import Products
from kis.assistant.products.parts import BREAKER, ENCLOSURE
from kis.assistant.things import Product
from kis.catalog import Accessory, Breaker
from kis.catalog.store import HeldPart, part_of
from kis.estimator import AccessoryKind, EstimateRequest
from kis.identity import Permission, Principal
from kis.platform.errors import BadInput, NotFound, Problem
from kis.platform.messages import Message
from kis.quotations import Answer, Quotations

UNIT: Final = "EA"
MOST_ACCESSORIES: Final = 99
"""In one entry of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """How much of a product goes where."""

    quantity: int = 1
    panel: str | None = None
    """Name of the panel; not needed where there is one alone."""
    rating_a: int | None = None
    """Of a breaker that is made for several."""
    unit_price: Decimal | None = None
    """Of a product that no price book prices, in the currency of the quotation."""


async def add_to_quotation(
    products: Products,
    quotations: Quotations,
    caller: Principal,
    *,
    product_id: str,
    quote_id: UUID,
    addition: Addition,
    idempotency_key: str | None = None,
) -> Answer:
    """Put a product on a draft of the caller's organisation, under one key once.

    Raises ProductNotFound, QuotationNotFound, StatusConflict, KeyReused, BadInput with every problem.
    """
    caller.require(Permission.QUOTATION_CREATE)
    try:
        product = await products.get(caller, product_id)
        amended = partial(with_product, product, await products.part(caller, product_id), addition)
    except NotFound as error:
        # Told only where it is not done yet: a retry is answered as the first time, also when the product is gone by then.
        amended = partial(_without_product, error)
    return await quotations.amend_draft(
        caller,
        quote_id,
        amended,
        route=f"POST /v1/assistant/products/{product_id}/quote",
        asked=[quote_id, astuple(addition)],
        idempotency_key=idempotency_key,
    )


def with_product(
    product: Product, part: HeldPart | None, addition: Addition, request: EstimateRequest
) -> Mapping[str, object]:
    """Return a request with the product on it. Raises BadInput with every problem."""
    source: dict[str, Any] = request.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    if part is None:
        source["extra_lines"] = [*source.get("extra_lines", ()), _line(product, addition)]
        return source
    problems = [] if addition.unit_price is None else [_problem("unitPrice", "priced_by_book")]
    if part.kind == ENCLOSURE:
        raise BadInput("request", [*problems, _problem("product", "box_is_chosen")])
    place = _panel(source["panels"], addition.panel, problems)
    found = part_of(part.kind, part.columns)
    name, block = (
        ("branches", _branch(found, addition, problems))
        if part.kind == BREAKER
        else ("accessories", _accessory(found, addition, problems))
    )
    if problems:
        raise BadInput("request", problems)
    panel = source["panels"][place]
    panel[name] = [*panel.get(name, ()), block]
    return source


def _without_product(error: NotFound, _request: EstimateRequest) -> Mapping[str, object]:
    raise error


def _line(product: Product, addition: Addition) -> dict[str, Any]:
    problems = [
        _problem(name, "for_parts_alone")
        for name, given in (("panel", addition.panel), ("ratingA", addition.rating_a))
        if given is not None
    ]
    if addition.unit_price is None:
        problems.append(_problem("unitPrice", "price_needed", product=product.name))
    if problems:
        raise BadInput("request", problems)
    return {
        "item": product.name,
        "spec": product.brand,
        "unit": UNIT,
        "quantity": addition.quantity,
        "unit_price": str(addition.unit_price),
    }


def _panel(panels: Sequence[Mapping[str, Any]], name: str | None, problems: list[Problem]) -> int:
    """Return the place of the panel that is meant; 0 with a problem where that is not told."""
    names = [panel["name"] for panel in panels]
    if name is None and len(names) == 1:
        return 0
    if name in names:
        return names.index(name)
    problems.append(_problem("panel", "which_panel", names=", ".join(names)))
    return 0


def _branch(breaker: Breaker, addition: Addition, problems: list[Problem]) -> dict[str, Any]:
    rating = addition.rating_a
    if rating is None and len(breaker.ratings_a) == 1:
        rating = breaker.ratings_a[0]
    if rating not in breaker.ratings_a:
        ratings = ", ".join(map(str, breaker.ratings_a))
        problems.append(_problem("ratingA", "which_rating", model=breaker.model, ratings=ratings))
    block: dict[str, Any] = {
        "kind": breaker.kind.value,
        "make": breaker.make,
        "model": breaker.model,
        "poles": breaker.poles,
        "rating_a": rating,
        "quantity": addition.quantity,
    }
    if breaker.sensitivity_ma is not None:
        block["sensitivity_ma"] = breaker.sensitivity_ma
    return block


def _accessory(accessory: Accessory, addition: Addition, problems: list[Problem]) -> dict[str, Any]:
    if accessory.kind not in set(AccessoryKind):
        names = tuple(Message(f"lines.{kind.value}") for kind in AccessoryKind)
        problems.append(_problem("product", "kind_not_taken", model=accessory.model, kinds=names))
    if addition.rating_a is not None:
        problems.append(_problem("ratingA", "for_breakers_alone"))
    if addition.quantity > MOST_ACCESSORIES:
        problems.append(_problem("quantity", "too_many_accessories", most=MOST_ACCESSORIES))
    return {"kind": accessory.kind, "model": accessory.model, "quantity": addition.quantity}


def _problem(path: str, key: str, **values: object) -> Problem:
    return Problem(path, Message(f"assistant_tools.quoting.{key}", values))
