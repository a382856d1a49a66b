"""Every operation of the assistant (conversing): who may do it, and a request that does it to a thing of ours. Written by hand, as the others."""

from typing import Final

import orjson

from tests.factories.security import Person, World
from tests.factories.security_operations import Call, Operation, to

PREFIX: Final = "/v1/assistant"
KIT: Final = "security-drum-kit"
"""A product of ours that has no manual."""
CATALOG: Final = {
    "brand_identity": {"id": "security-drums", "name": "Security Drums"},
    "products": [{"id": KIT, "name": "Drum Kit SD-1", "brand": "Security Drums", "category": "Drums"}],
}


async def _with_kit(world: World) -> None:
    data = orjson.dumps(CATALOG)
    await world.at.application.products.import_catalog(world.ours.admin, "security-drums.json", data)


async def ask(world: World, _person: Person | None) -> Call:
    await _with_kit(world)
    return Call(path=f"{PREFIX}/ask", json={"productId": KIT, "query": "how wide is it?"})


async def page(world: World, _person: Person | None) -> Call:
    await _with_kit(world)
    return Call(path=f"{PREFIX}/pages/{'ab' * 32}/1.png", params={"product": KIT})


ASSISTANT: Final[tuple[Operation, ...]] = (
    Operation(
        "POST", f"{PREFIX}/predict", "assistant.use", 200, to(f"{PREFIX}/predict", json={"content": "sd"})
    ),
    Operation("POST", f"{PREFIX}/ask", "assistant.use", 200, ask, names_one=True),
    Operation("GET", f"{PREFIX}/pages/{{document}}/{{page}}.png", "assistant.use", 404, page, names_one=True),
)
