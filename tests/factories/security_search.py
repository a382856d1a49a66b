"""Every operation of the search: who may do it, and a request that does it to a thing of ours. Written by hand, as the others."""

import secrets
from typing import Any, Final
from uuid import UUID

from kis.knowledge import Draft, Place, Words
from kis.search import Language, NewPin, Query, Source, Visibility
from tests.factories.security import OF_TITLE, Person, World
from tests.factories.security_operations import Call, Operation, to

SEARCHED: Final = "/v1/search"
OF_ARTICLES: Final = {"q": OF_TITLE, "source": "article"}
"""The sources are named: a key that reads parts alone would else be answered about these."""


async def in_body(_world: World, _person: Person | None) -> Call:
    return Call(path=SEARCHED, json={"q": OF_TITLE, "sources": ["article"], "facets": ["status", "tag"]})


async def similar(world: World, _person: Person | None) -> Call:
    params = {"source": "article", "id": str(world.article.id)}
    return Call(path=f"{SEARCHED}/similar", params=params)


async def explain(world: World, _person: Person | None) -> Call:
    params = {"q": OF_TITLE, "source": "article", "id": str(world.article.id)}
    return Call(path=f"{SEARCHED}/explain", params=params)


async def click(world: World, _person: Person | None) -> Call:
    answer = await world.at.application.search.search(world.ours.admin, Query(text=OF_TITLE))
    body = {"source": "article", "sourceId": str(world.article.id), "place": 1}
    return Call(path=f"{SEARCHED}/{answer.search_id}/clicks", json=body)


async def public_article(world: World) -> UUID:
    """Return an article of ours that everybody who is logged in reads."""
    knowledge, admin = world.at.application.knowledge, world.ours.admin
    draft = Draft(
        texts={Language.KO: Words(title=f"모두의 글 {secrets.token_hex(4)}")},
        place=Place(slug=secrets.token_hex(16), visibility=Visibility.PUBLIC),
    )
    article = await knowledge.create(admin, draft)
    for step in (knowledge.submit, knowledge.approve, knowledge.publish):
        await step(admin, article.id)
    return article.id


async def pin_body(world: World) -> dict[str, Any]:
    article_id = await public_article(world)
    return {"query": f"분전반 {secrets.token_hex(4)}", "source": "article", "sourceId": str(article_id)}


async def add_pin(world: World, _person: Person | None) -> Call:
    return Call(path=f"{SEARCHED}/pins", json=await pin_body(world))


async def our_pin(world: World) -> str:
    new = NewPin(query=f"차단기 {secrets.token_hex(4)}", source=Source.ARTICLE, source_id=world.article.id)
    pin = await world.at.application.search.add_pin(world.ours.admin, new)
    return f"{SEARCHED}/pins/{pin.id}"


async def change_pin(world: World, _person: Person | None) -> Call:
    return Call(path=await our_pin(world), json=await pin_body(world))


async def remove_pin(world: World, _person: Person | None) -> Call:
    return Call(path=await our_pin(world))


async def our_synonyms(world: World) -> str:
    words = [f"외함 {secrets.token_hex(4)}", "함체"]
    group = await world.at.application.search.add_synonyms(world.ours.admin, words)
    return f"{SEARCHED}/synonyms/{group.id}"


WORDS: Final = {"words": ["누전차단기", "ELB"]}


async def change_synonyms(world: World, _person: Person | None) -> Call:
    return Call(path=await our_synonyms(world), json=WORDS)


async def remove_synonyms(world: World, _person: Person | None) -> Call:
    return Call(path=await our_synonyms(world))


_PIN: Final = f"{SEARCHED}/pins/{{pin_id}}"
_GROUP: Final = f"{SEARCHED}/synonyms/{{synonyms_id}}"
_ALL: Final = {"size": 100}

SEARCH: Final[tuple[Operation, ...]] = (
    Operation("GET", SEARCHED, "article.read", 200, to(SEARCHED, params=OF_ARTICLES)),
    Operation("POST", SEARCHED, "article.read", 200, in_body),
    Operation(
        "GET", f"{SEARCHED}/suggest", "article.read", 200, to(f"{SEARCHED}/suggest", params=OF_ARTICLES)
    ),
    Operation("GET", f"{SEARCHED}/similar", "article.read", 200, similar, names_one=True),
    Operation("GET", f"{SEARCHED}/explain", "article.read", 200, explain, names_one=True),
    Operation("POST", f"{SEARCHED}/{{search_id}}/clicks", "article.read", 204, click, names_one=True),
    # What administrators of the search decide.
    Operation("GET", f"{SEARCHED}/pins", "knowledge.admin", 200, to(f"{SEARCHED}/pins", params=_ALL)),
    Operation("POST", f"{SEARCHED}/pins", "knowledge.admin", 201, add_pin),
    Operation("PUT", _PIN, "knowledge.admin", 200, change_pin, names_one=True),
    Operation("DELETE", _PIN, "knowledge.admin", 204, remove_pin, names_one=True),
    Operation("GET", f"{SEARCHED}/synonyms", "knowledge.admin", 200, to(f"{SEARCHED}/synonyms", params=_ALL)),
    Operation("POST", f"{SEARCHED}/synonyms", "knowledge.admin", 201, to(f"{SEARCHED}/synonyms", json=WORDS)),
    Operation(
        "GET", f"{SEARCHED}/synonyms/shipped", "knowledge.admin", 200, to(f"{SEARCHED}/synonyms/shipped")
    ),
    Operation("PUT", _GROUP, "knowledge.admin", 200, change_synonyms, names_one=True),
    Operation("DELETE", _GROUP, "knowledge.admin", 204, remove_synonyms, names_one=True),
)
"""One entry for each operation."""
