"""Every operation on many articles: who may do it, and a request that does it to a thing of ours. Written by hand, as the others."""

from secrets import token_hex
from typing import Final
from uuid import UUID

from kis.knowledge import Draft, Place, Rules, Words
from kis.search import Language
from tests.factories.security import Person, World
from tests.factories.security_articles import KNOWLEDGE, draft
from tests.factories.security_operations import Arrange, Call, Operation, to

_PAGE: Final = "# 절연 저항\n\n측정 전압은 500 V다.\n".encode()


async def import_file(_world: World, _person: Person | None) -> Call:
    return Call(path=f"{KNOWLEDGE}/imports", files={"file": (f"{token_hex(8)}.md", _PAGE)})


async def review_later(world: World, _person: Person | None) -> Call:
    """Return a bulk operation on a draft of ours; for the neighbours it is on an article that is not there."""
    article = await draft(world)
    body = {"act": "review_on", "ids": [str(article.id)], "reviewOn": "2030-01-31"}
    return Call(path=f"{KNOWLEDGE}/bulk", json=body)


async def export(world: World, person: Person | None) -> Call:
    """Return an export, for the neighbours of an article of their own: nobody exports nothing."""
    if person is not None and person.organization_id == world.theirs.id:
        knowledge, admin = world.at.application.knowledge, world.theirs.admin
        await knowledge.decide_rules(admin, Rules(author_may_review=True))
        texts = {Language.KO: Words(title="이웃의 글", body="이웃의 글이다.")}
        place = Place(slug=token_hex(16))
        await knowledge.create(admin, Draft(texts=texts, place=place), publish=True)
    return Call(path=f"{KNOWLEDGE}/export", params={"format": "csv"})


async def started(world: World) -> UUID:
    """Return an import of ours that no worker has taken up yet."""
    return await world.at.application.knowledge.files.start_import(world.ours.admin, "a.md", _PAGE)


def of_run(path: str = "") -> Arrange:
    """Return a request about a run of ours."""

    async def arranged(world: World, _person: Person | None) -> Call:
        return Call(path=f"{KNOWLEDGE}/runs/{await started(world)}{path}")

    return arranged


async def cancel(world: World, person: Person | None) -> Call:
    """Return a request to end a run that the caller started: one of somebody else's is for administrators."""
    run_id = await started(world)
    if person is not None:
        changed = "UPDATE knowledge.import_runs SET started_by = %s WHERE id = %s"
        world.at.run(changed, f"user:{person.id}", run_id)
    return Call(path=f"{KNOWLEDGE}/runs/{run_id}/cancel")


_RUN: Final = f"{KNOWLEDGE}/runs/{{run_id}}"


def at_desk(
    method: str, path: str, arrange: Arrange, *, names_one: bool = True, beside: str = ""
) -> Operation:
    """Return what those who write and those who review may do."""
    return Operation(
        method,
        path,
        "article.write",
        200,
        arrange,
        names_one=names_one,
        or_needs="article.review",
        beside=beside,
    )


RUNS: Final[tuple[Operation, ...]] = (
    Operation("POST", f"{KNOWLEDGE}/imports", "article.write", 202, import_file),
    at_desk("GET", f"{KNOWLEDGE}/imports", to(f"{KNOWLEDGE}/imports", params={"size": 100}), names_one=False),
    Operation("POST", f"{KNOWLEDGE}/bulk", "article.write", 202, review_later),
    Operation("GET", f"{KNOWLEDGE}/export", "article.read", 200, export),
    at_desk("GET", f"{KNOWLEDGE}/runs", to(f"{KNOWLEDGE}/runs", params={"size": 100}), names_one=False),
    at_desk("GET", _RUN, of_run()),
    at_desk("GET", f"{_RUN}/rows", of_run("/rows")),
    at_desk("GET", f"{_RUN}/report", of_run("/report")),
    at_desk("POST", f"{_RUN}/cancel", cancel, beside="knowledge.admin"),
)
"""One entry for each operation."""
