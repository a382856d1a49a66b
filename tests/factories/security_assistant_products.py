"""Every operation of the assistant (products): who may do it, and a request that does it to a thing of ours. Written by hand, as the others."""

import json
from typing import Final
from uuid import uuid4

from tests.factories.quotations import request_of
from tests.factories.security import Person, World
from tests.factories.security_operations import Call, Operation, to

PRODUCTS: Final = "/v1/assistant/products"
CATALOGS: Final = "/v1/assistant/catalogs"


async def our_product(world: World) -> str:
    """Take a product of our own in and return its path."""
    code, other = uuid4().hex, uuid4().hex
    related = [{"type": "accessory", "target_id": other}]
    listed = [
        {"id": code, "name": f"Own {code}", "brand": code, "relationships": related},
        {"id": other, "name": f"Own {other}", "brand": code},
    ]
    products = world.at.application.products
    await products.import_catalog(world.ours.admin, "own.json", json.dumps(listed).encode())
    return f"{PRODUCTS}/{code}"


async def get_product(world: World, _person: Person | None) -> Call:
    return Call(path=await our_product(world))


async def related(world: World, _person: Person | None) -> Call:
    return Call(path=f"{await our_product(world)}/related")


async def add_to_quotation(world: World, _person: Person | None) -> Call:
    path = await our_product(world)
    draft = await world.at.application.quotations.accept(world.ours.admin, request_of(), draft=True)
    return Call(path=f"{path}/quote", json={"quoteId": str(draft.quote_id), "unitPrice": "100"})


async def import_catalog(_world: World, _person: Person | None) -> Call:
    code = uuid4().hex
    data = json.dumps([{"id": code, "name": "New", "brand": code}]).encode()
    return Call(path=CATALOGS, files={"file": ("new.json", data)})


ASSISTANT_PRODUCTS: Final[tuple[Operation, ...]] = (
    Operation("GET", PRODUCTS, "assistant.use", 200, to(PRODUCTS, params={"size": 100})),
    Operation("GET", f"{PRODUCTS}/{{product_id}}", "assistant.use", 200, get_product, names_one=True),
    Operation("GET", f"{PRODUCTS}/{{product_id}}/related", "assistant.use", 200, related, names_one=True),
    Operation(
        "POST",
        f"{PRODUCTS}/{{product_id}}/quote",
        "quotation.create",
        200,
        add_to_quotation,
        names_one=True,
        beside="assistant.use",
    ),
    Operation("GET", CATALOGS, "catalog.read", 200, to(CATALOGS, params={"size": 100})),
    Operation("POST", CATALOGS, "catalog.write", 200, import_catalog),
    Operation("GET", f"{CATALOGS}/export", "catalog.read", 200, to(f"{CATALOGS}/export")),
)
"""One entry for each operation."""
