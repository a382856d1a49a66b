"""The assistant's part of the two organisations full of secrets: products with their manuals, and conversations that are one person's alone."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from kis.assistant.manuals.disk import Disk, Kept
from kis.assistant.manuals.download import PDF, Stamp
from kis.assistant.things import (
    AnswerMode,
    Chunk,
    Citation,
    Finished,
    Sentence,
    Source,
)
from tests.factories.leaks_words import Coinage
from tests.factories.leaks_world import OURS, THEIRS, Gardener, Planted, Thing
from tests.factories.maker_manuals import pdf_of
from tests.factories.security import House, Installation

OWNERS: Final = ("ours/viewer", "ours/admin", "theirs/estimator")
"""Who has a conversation."""
_MANUAL: Final = """
= Mounting of {name}
== Fastening torque
Tighten the main terminals of {name} with 12 N·m.
"""


async def plant_products(at: Installation, planted: Planted) -> None:
    """Give each organisation products of its own, one with a manual, and some people a conversation."""
    to = Gardener(at, Coinage(again=planted.secrets), planted)
    # Both organisations name them: they are no secrets.
    codes = {side: {"kit": f"kit-of-{side}", "accessory": f"accessory-of-{side}"} for side in (OURS, THEIRS)}
    for side, other in ((OURS, THEIRS), (THEIRS, OURS)):
        await _products(to, planted.houses[side], side, codes[side], codes[other])
    part = (await at.application.products.find(planted.houses[OURS].admin, _model(planted))).items[0]
    planted.secrets[part.id] = planted.secrets[str(planted.values["item_id"][0])]
    planted.name("product_id", part.id)
    for owner in OWNERS:
        await _conversation(to, owner)


async def _products(
    to: Gardener, house: House, side: str, codes: dict[str, str], others: dict[str, str]
) -> None:
    """Plant a product with a manual, and one that belongs to it. Both name the neighbours' products among those related to them."""
    words = to.coined("product", "brand", "relation")
    manual = to.coined("manual")
    url = f"https://makers.example/{manual['manual']}.pdf"
    sha256 = _keep_manual(to.at, url, pdf_of(_MANUAL.format(name=manual["manual"])))
    related: list[dict[str, Any]] = [
        {"type": "accessory", "target_id": codes["accessory"], "label": words["relation"]},
        *({"type": "related", "target_id": code} for code in others.values()),
    ]
    listed = [
        {
            "id": codes["kit"],
            "name": words["product"],
            "brand": words["brand"],
            "documentation": {"type": "pdf", "url": url},
            "relationships": related,
        },
        {
            "id": codes["accessory"],
            "name": f"Bracket {words['product']}",
            "brand": words["brand"],
            "relationships": related[1:],
        },
    ]
    name = to.coined("file")
    await to.at.application.products.import_catalog(house.admin, f"{name['file']}.json", orjson.dumps(listed))
    planted = to.planted
    planted.keep(Thing(name=f"{side}/product", house=side, needs="assistant.use", words=words), **codes)
    planted.keep(Thing(name=f"{side}/catalog", house=side, needs="catalog.read", words=name))
    thing = Thing(name=f"{side}/manual", house=side, needs="assistant.use", words=manual)
    planted.keep(thing, document=sha256)
    planted.name("product_id", *codes.values())
    planted.name("document", sha256)
    planted.name("documented", codes["kit"])


def _keep_manual(at: Installation, url: str, content: bytes) -> str:
    """Lay a manual down as if it had just been fetched: the walk asks nobody outside."""
    disk = Disk(at.application.settings.application.data / "assistant" / "manuals", 10**9)
    sha256, now = hashlib.sha256(content).hexdigest(), datetime.now(UTC)
    arriving = disk.arriving()
    arriving.write_bytes(content)
    disk.keep(arriving, sha256)
    stamp = Stamp()
    disk.keep_address(
        Kept(url=url, sha256=sha256, media_type=PDF, stamp=stamp, fetched_at=now, checked_at=now)
    )
    return sha256


async def _conversation(to: Gardener, owner: str) -> None:
    """Have somebody asked and answered."""
    planted = to.planted
    words = to.coined("question", "answer", "excerpt", "source")
    side = owner.partition("/")[0]
    caller = replace(planted.houses[side].admin, user_id=planted.people[owner].id)
    source = Source(sha256="ab" * 32, title=words["source"], url="https://makers.example/a.pdf")
    events = (
        Citation(number=1, source=source, page=1, excerpt=words["excerpt"], passage=1, boxes=()),
        Chunk(words["answer"]),
        Finished(mode=AnswerMode.EXTRACTIVE, sentences=(Sentence(words["answer"], (1,)),)),
    )
    thread_id = await to.at.application.threads.keep(caller, words["question"], events)
    assert thread_id is not None
    thing = Thing(name=f"{side}/thread", house=side, owner=owner, words=words)
    planted.keep(thing, thread_id=thread_id)
    planted.name("thread_id", thread_id)


def _model(planted: Planted) -> str:
    return next(thing.words["model"] for thing in planted.things if thing.name == f"{OURS}/item")
