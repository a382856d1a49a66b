"""Every operation of the knowledge base: who may do it, and a request that does it to an article of ours. Written by hand, as the others."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, Final
from uuid import UUID

from kis.knowledge import Article, Category, NewCategory, Remark
from tests.factories.security import Person, World, article_of, category_named
from tests.factories.security_operations import Arrange, Call, Operation, to

KNOWLEDGE: Final = "/v1/knowledge"
ANY: Final = {"If-Match": "*"}
"""Whatever copy it was made from: the rights are what is asked about."""
PNG: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

Made = Callable[[World], Awaitable[Article]]


async def published(world: World) -> Article:
    return world.article


async def draft(world: World) -> Article:
    return await article_of(world.at, world.ours)


async def in_review(world: World) -> Article:
    return await world.at.application.knowledge.submit(world.ours.admin, (await draft(world)).id)


async def approved(world: World) -> Article:
    return await world.at.application.knowledge.approve(world.ours.admin, (await in_review(world)).id)


async def scheduled(world: World) -> Article:
    at = datetime.now(UTC) + timedelta(days=1)
    article = await approved(world)
    return await world.at.application.knowledge.schedule(world.ours.admin, article.id, at)


async def read(world: World) -> Article:
    return await world.at.application.knowledge.publish(world.ours.admin, (await approved(world)).id)


async def archived(world: World) -> Article:
    return await world.at.application.knowledge.archive(world.ours.admin, (await read(world)).id)


async def binned(world: World) -> Article:
    article = await draft(world)
    await world.at.application.knowledge.delete(world.ours.admin, article.id)
    return article


def about(made: Made, path: str = "", **more: Any) -> Arrange:
    """Return a request about an article of ours that stands where it is to be."""

    async def arranged(world: World, _person: Person | None) -> Call:
        article = await made(world)
        return Call(path=f"{KNOWLEDGE}/{article.id}{path}", headers=ANY, **more)

    return arranged


async def by_slug(world: World, _person: Person | None) -> Call:
    return Call(path=f"{KNOWLEDGE}/slugs/{world.article.slug}")


async def add(_world: World, _person: Person | None) -> Call:
    return Call(path=KNOWLEDGE, json={"texts": {"ko": {"title": f"새 글 {token_hex(4)}"}}})


async def schedule(world: World, _person: Person | None) -> Call:
    article = await approved(world)
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    return Call(path=f"{KNOWLEDGE}/{article.id}/schedule", headers=ANY, json={"publishAt": at})


async def resolve(world: World, _person: Person | None) -> Call:
    article = await draft(world)
    said = await world.at.application.knowledge.comment(world.ours.admin, article.id, Remark(body="왜?"))
    path = f"{KNOWLEDGE}/{article.id}/comments/{said.id}/resolution"
    return Call(path=path, json={"resolved": True})


async def detach(world: World, _person: Person | None) -> Call:
    article = await draft(world)
    file = await world.at.application.knowledge.attach(world.ours.admin, article.id, "a.png", PNG)
    return Call(path=f"{KNOWLEDGE}/{article.id}/attachments/{file.id}", headers=ANY)


async def fetch_back(world: World, _person: Person | None) -> Call:
    return Call(path=f"{KNOWLEDGE}/bin/{(await binned(world)).id}/fetch-back", json={"slug": None})


async def purge(world: World, _person: Person | None) -> Call:
    return Call(path=f"{KNOWLEDGE}/bin/{(await binned(world)).id}")


async def category(world: World, *, below: UUID | None = None) -> Category:
    """Return a new category of ours."""
    given = category_named(token_hex(16))
    new = NewCategory(name_ko=given.name_ko, name_en=given.name_en, slug=given.slug, parent_id=below)
    return await world.at.application.knowledge.add_category(world.ours.admin, new)


async def add_category(_world: World, _person: Person | None) -> Call:
    return Call(path="/v1/categories", json={"nameKo": "새 분류", "nameEn": f"New {token_hex(4)}"})


async def change_category(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/categories/{world.category.id}", json={"icon": "bolt"})


async def move_category(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/categories/{world.category.id}/move", json={"parentId": None})


async def order_categories(world: World, _person: Person | None) -> Call:
    top = await category(world)
    below = [str((await category(world, below=top.id)).id) for _ in range(2)]
    body = {"parentId": str(top.id), "categories": below[::-1]}
    return Call(path="/v1/categories/order", json=body)


async def remove_category(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/categories/{(await category(world)).id}")


_ONE: Final = f"{KNOWLEDGE}/{{article_id}}"
_RULES: Final = {
    "authorMayReview": True,
    "reminderDays": 14,
    "searchLogDays": 90,
    "binDays": 30,
    "features": {},
}
_TITLE: Final = {"texts": {"ko": {"title": "다른 제목"}}}
_FILE: Final = {"file": ("a.png", PNG)}
_COMPARED: Final = {"old": 1, "new": 1}


def step(name: str, needs: str, made: Made, **more: Any) -> Operation:
    """Return a step on the way to the readers."""
    return Operation("POST", f"{_ONE}/{name}", needs, 200, about(made, f"/{name}", **more), names_one=True)


def at_desk(method: str, path: str, status: int, arrange: Arrange) -> Operation:
    """Return what those who write and those who review may do."""
    return Operation(
        method, f"{_ONE}{path}", "article.write", status, arrange, names_one=True, or_needs="article.review"
    )


ARTICLES: Final[tuple[Operation, ...]] = (
    # What administrators have beside the articles.
    Operation("GET", "/v1/knowledge/settings", "article.read", 200, to("/v1/knowledge/settings")),
    Operation("PUT", "/v1/knowledge/settings", "knowledge.admin", 200, to("/v1/knowledge/settings", json=_RULES)),
    Operation("GET", "/v1/knowledge/bin", "knowledge.admin", 200, to("/v1/knowledge/bin", params={"size": 100})),
    Operation("POST", "/v1/knowledge/bin/{article_id}/fetch-back", "knowledge.admin", 200, fetch_back, names_one=True, beside="article.write"),
    Operation("DELETE", "/v1/knowledge/bin/{article_id}", "knowledge.admin", 204, purge, names_one=True, beside="article.write"),
    # Articles.
    Operation("GET", KNOWLEDGE, "article.read", 200, to(KNOWLEDGE, params={"size": 100})),
    Operation("POST", KNOWLEDGE, "article.write", 201, add),
    Operation("GET", "/v1/knowledge/slugs/{slug}", "article.read", 200, by_slug, names_one=True),
    Operation("GET", _ONE, "article.read", 200, about(published), names_one=True),
    Operation("GET", f"{_ONE}/rendered", "article.read", 200, about(published, "/rendered"), names_one=True),
    Operation("PATCH", _ONE, "article.write", 200, about(draft, json=_TITLE), names_one=True),
    Operation("DELETE", _ONE, "article.write", 204, about(draft), names_one=True),
    at_desk("GET", "/versions", 200, about(published, "/versions")),
    at_desk("GET", "/versions/{number}", 200, about(published, "/versions/1")),
    Operation(
        "POST", f"{_ONE}/versions/{{number}}/restore", "article.write", 200,
        about(draft, "/versions/1/restore"), names_one=True,
    ),
    at_desk("GET", "/diff", 200, about(published, "/diff", params=_COMPARED)),
    # Its way to the readers. Without a translator who may ask for one is told that there is none.
    Operation(
        "POST", f"{_ONE}/translate", "article.write", 409,
        about(draft, "/translate", json={"language": "en"}),
    ),
    step("submit", "article.write", draft),
    step("withdraw", "article.write", in_review),
    step("approve", "article.review", in_review),
    step("give-back", "article.review", in_review, json={"reason": "근거가 없습니다."}),
    Operation("POST", f"{_ONE}/schedule", "article.review", 200, schedule, names_one=True),
    step("unschedule", "article.review", scheduled),
    step("publish", "article.review", approved),
    step("archive", "article.review", read),
    step("reinstate", "article.review", archived),
    # What belongs to it.
    at_desk("GET", "/comments", 200, about(published, "/comments")),
    at_desk("POST", "/comments", 201, about(draft, "/comments", json={"body": "왜?"})),
    at_desk("PUT", "/comments/{comment_id}/resolution", 200, resolve),
    Operation("GET", f"{_ONE}/related", "article.read", 200, about(published, "/related"), names_one=True),
    Operation(
        "PUT", f"{_ONE}/related", "article.write", 200,
        about(draft, "/related", json={"related": []}), names_one=True,
    ),
    Operation("GET", f"{_ONE}/attachments", "article.read", 200, about(published, "/attachments"), names_one=True),
    Operation(
        "POST", f"{_ONE}/attachments", "article.write", 201,
        about(draft, "/attachments", files=_FILE), names_one=True,
    ),
    Operation("DELETE", f"{_ONE}/attachments/{{attachment_id}}", "article.write", 204, detach, names_one=True),
    at_desk("GET", "/feedback", 200, about(published, "/feedback")),
    Operation(
        "PUT", f"{_ONE}/feedback", "article.read", 204,
        about(published, "/feedback", json={"isHelpful": True}), names_one=True,
    ),
    Operation("DELETE", f"{_ONE}/feedback", "article.read", 204, about(published, "/feedback")),
    # The tree they hang on.
    Operation("GET", "/v1/categories", "article.read", 200, to("/v1/categories")),
    Operation("POST", "/v1/categories", "article.write", 201, add_category),
    Operation("PUT", "/v1/categories/order", "article.write", 204, order_categories, names_one=True),
    Operation("PATCH", "/v1/categories/{category_id}", "article.write", 200, change_category, names_one=True),
    Operation("POST", "/v1/categories/{category_id}/move", "article.write", 200, move_category, names_one=True),
    Operation("DELETE", "/v1/categories/{category_id}", "article.write", 200, remove_category, names_one=True),
)  # fmt: skip
"""One entry for each operation."""
