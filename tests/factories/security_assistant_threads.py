"""Every operation of the assistant (threads): who may do it, and a request that does it to a thing of ours. Written by hand, as the others."""

from dataclasses import replace
from typing import Final
from uuid import uuid4

from kis.assistant.things import AnswerMode, Chunk, Finished
from tests.factories.security import Person, World
from tests.factories.security_operations import PERSON, Call, Operation, to

THREADS: Final = "/v1/assistant/threads"
NAME: Final = {"title": "차단기"}
JUDGED: Final = {"isHelpful": False, "comment": "쪽이 다릅니다"}
ANSWER: Final = (Chunk("켜십시오."), Finished(mode=AnswerMode.EXTRACTIVE))


async def our_thread(world: World, person: Person | None) -> tuple[str, str]:
    """Keep an answer for somebody of ours, who else asks names a colleague's; return the paths of conversation and feedback."""
    owner = person if person is not None and person.organization_id == world.ours.id else world.member
    user = replace(world.ours.admin, user_id=owner.id)
    threads = world.at.application.threads
    thread_id = await threads.keep(user, "어떻게 켭니까?", ANSWER, product_id=uuid4().hex)
    assert thread_id is not None
    answer = (await threads.get(user, thread_id)).messages[1]
    path = f"{THREADS}/{thread_id}"
    return path, f"{path}/messages/{answer.id}/feedback"


async def of_thread(world: World, person: Person | None) -> Call:
    return Call(path=(await our_thread(world, person))[0])


async def export(world: World, person: Person | None) -> Call:
    return Call(path=f"{(await our_thread(world, person))[0]}/export")


async def rename(world: World, person: Person | None) -> Call:
    return Call(path=(await our_thread(world, person))[0], json=NAME)


async def judge(world: World, person: Person | None) -> Call:
    return Call(path=(await our_thread(world, person))[1], json=JUDGED)


async def withdraw(world: World, person: Person | None) -> Call:
    return Call(path=(await our_thread(world, person))[1])


_ONE: Final = f"{THREADS}/{{thread_id}}"
_FEEDBACK: Final = f"{_ONE}/messages/{{message_id}}/feedback"

ASSISTANT_THREADS: Final[tuple[Operation, ...]] = (
    Operation("GET", THREADS, PERSON, 200, to(THREADS, params={"size": 100})),
    Operation("POST", THREADS, PERSON, 201, to(THREADS, json=NAME)),
    Operation("GET", _ONE, PERSON, 200, of_thread, names_one=True),
    Operation("GET", f"{_ONE}/export", PERSON, 200, export, names_one=True),
    Operation("PATCH", _ONE, PERSON, 200, rename, names_one=True),
    Operation("DELETE", _ONE, PERSON, 204, of_thread, names_one=True),
    Operation("PUT", _FEEDBACK, PERSON, 204, judge, names_one=True),
    Operation("DELETE", _FEEDBACK, PERSON, 204, withdraw, names_one=True),
)
"""One entry for each operation."""
