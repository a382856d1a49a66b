"""Every operation of the API for every kind of caller: who may do it does it, who may not changes nothing, and the neighbours learn nothing."""

import json
import re
import secrets
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from kis.api.contract import contract_of
from kis.identity import Permission, Role
from tests.factories.security import Installation, Person, World
from tests.factories.security_operations import LOGIN, MAY, PERSON, PUBLIC, Call, Operation
from tests.factories.security_table import OPERATIONS

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLES = tuple(Role)
OURS = (*(role.value for role in ROLES), "operator")
IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")
METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})
OTHER_PERMISSION = {"catalog.read": "price_book.read"}
"""What a key may that may not do the thing: reading the catalogue, or where that is the thing, prices."""


def may(caller: str, operation: Operation) -> bool:
    """Tell from the table whether somebody of ours may do it."""
    needs = {operation.needs, operation.or_needs}
    return not needs.isdisjoint({PUBLIC, LOGIN, PERSON}) or not needs.isdisjoint(MAY[caller])


def cases(*, allowed: bool) -> list[Any]:
    """Return every operation with each of ours who may, or may not, do it."""
    return [
        pytest.param(operation, caller, id=f"{operation.name}-{caller}")
        for operation in OPERATIONS
        for caller in OURS
        if may(caller, operation) is allowed
    ]


async def somebody(world: World, caller: str) -> Person:
    operates = caller == "operator"
    return await world.at.person(world.ours.id, Role.VIEWER if operates else Role(caller), operates=operates)


async def answered(
    at: Installation, operation: Operation, call: Call, headers: dict[str, str]
) -> httpx2.Response:
    async with at.client(headers={**headers, **call.headers}) as client:
        return await client.request(operation.method, call.path, **call.arguments)


async def test_every_operation_of_the_contract_is_in_the_table_once(installation: Installation) -> None:
    contract = contract_of(installation.app)["paths"]
    served = [
        f"{method.upper()} {path}" for path, told in contract.items() for method in told if method in METHODS
    ]
    assert sorted(operation.name for operation in OPERATIONS) == sorted(served)


async def test_the_table_knows_every_permission(installation: Installation) -> None:
    assert set().union(*MAY.values()) == {permission.value for permission in Permission}
    assert installation.app is not None


class TestNobody:
    @pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
    async def test_is_let_in_where_it_is_public_alone(self, world: World, operation: Operation) -> None:
        call = await operation.arrange(world, None)
        before = world.at.state()
        answer = await answered(world.at, operation, call, {})
        if operation.needs == PUBLIC:
            assert answer.status_code == operation.status, answer.text
            return
        assert answer.status_code == 401, answer.text
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert world.at.state() == before
        assert not leaked(world, call, answer)


class TestOurs:
    @pytest.mark.parametrize(("operation", "caller"), cases(allowed=True))
    async def test_who_may_does_it(self, world: World, operation: Operation, caller: str) -> None:
        person = await somebody(world, caller)
        call = await operation.arrange(world, person)
        answer = await answered(world.at, operation, call, person.headers)
        world.renew()
        assert answer.status_code == operation.status, answer.text

    @pytest.mark.parametrize(("operation", "caller"), cases(allowed=False))
    async def test_who_may_not_changes_nothing(self, world: World, operation: Operation, caller: str) -> None:
        person = await somebody(world, caller)
        call = await operation.arrange(world, person)
        before = world.at.state()
        answer = await answered(world.at, operation, call, person.headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert answer.json()["meta"]["permission"] == operation.needs
        assert world.at.state() == before


PERMITTED = tuple(
    operation
    for operation in OPERATIONS
    if operation.needs not in {PUBLIC, LOGIN, PERSON, "installation.operate"}
)


class TestKeys:
    @pytest.mark.parametrize("operation", PERMITTED, ids=lambda operation: operation.name)
    async def test_narrowed_to_the_one_permission_do_it(self, world: World, operation: Operation) -> None:
        rights = [Permission(each) for each in (operation.needs, operation.beside) if each]
        key = await world.at.key(world.ours, Role.ADMIN, *rights)
        call = await operation.arrange(world, None)
        answer = await answered(world.at, operation, call, {"X-API-Key": key})
        world.renew()
        if operation.path == "/v1/api-keys" and operation.method == "POST":
            # A key cannot make one that may do more than itself.
            assert answer.status_code == 403, answer.text
        else:
            assert answer.status_code == operation.status, answer.text

    @pytest.mark.parametrize(
        "operation",
        [*PERMITTED, *(each for each in OPERATIONS if each.needs in {PERSON, "installation.operate"})],
        ids=lambda operation: operation.name,
    )
    async def test_narrowed_to_another_change_nothing(self, world: World, operation: Operation) -> None:
        other = OTHER_PERMISSION.get(operation.needs, "catalog.read")
        key = await world.at.key(world.ours, Role.ADMIN, Permission(other))
        call = await operation.arrange(world, None)
        headers = {"Authorization": f"Bearer {key}"}
        async with world.at.client(headers=headers) as client:
            assert (await client.get("/v1/auth/me")).json()["permissions"] == [other]
        before = world.at.state()
        answer = await answered(world.at, operation, call, headers)
        assert answer.status_code == 403, answer.text
        assert world.at.state() == before

    async def test_may_say_who_they_are_and_log_out_nobody(self, world: World) -> None:
        key = await world.at.key(world.ours, Role.VIEWER, Permission.CATALOG_READ)
        async with world.at.client(headers={"X-API-Key": key}) as client:
            assert (await client.post("/v1/auth/logout")).status_code == 204
            assert (await client.get("/v1/auth/me")).status_code == 200


class TestNeighbours:
    @pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
    @pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
    async def test_learn_and_change_nothing_of_ours(
        self, world: World, operation: Operation, role: Role
    ) -> None:
        neighbour = await world.at.person(world.theirs.id, role)
        call = await operation.arrange(world, neighbour)
        before, ours = world.at.state(), world.at.state_of(world.ours)
        answer = await answered(world.at, operation, call, neighbour.headers)
        if operation.needs == PUBLIC:
            assert answer.status_code == operation.status, answer.text
            return
        if not may(role.value, operation):
            assert answer.status_code == 403, answer.text
        elif operation.names_one:
            assert answer.status_code == 404, answer.text
        else:
            assert answer.status_code == operation.status, answer.text
        assert not leaked(world, call, answer)
        if answer.status_code >= 400:
            assert world.at.state() == before
        assert world.at.state_of(world.ours) == ours

    @pytest.mark.parametrize(
        "operation",
        [operation for operation in OPERATIONS if operation.names_one],
        ids=lambda operation: operation.name,
    )
    async def test_are_told_the_same_of_what_is_ours_and_what_is_nobodys(
        self, world: World, operation: Operation
    ) -> None:
        neighbour = await world.at.person(world.theirs.id, Role.ADMIN)
        call = await operation.arrange(world, neighbour)
        answer = await answered(world.at, operation, call, neighbour.headers)
        other, names = elsewhere(world, call)
        nobody = await answered(world.at, operation, other, neighbour.headers)
        assert (answer.status_code, nobody.status_code) == (404, 404), nobody.text
        assert shown(answer, named(world, call)) == shown(nobody, names)


def leaked(world: World, call: Call, answer: httpx2.Response) -> list[str]:
    """Return what of ours is in an answer and was not in the question."""
    told = answer.text + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return [word for word in sorted(world.told) if word in told and word not in call.said]


def named(world: World, call: Call) -> list[str]:
    """Return the names of ours that a call says."""
    return [
        *IDENTIFIER.findall(call.said),
        *(name for name in (world.book, world.rules) if name in call.said),
    ]


def elsewhere(world: World, call: Call) -> tuple[Call, list[str]]:
    """Return the same call about something that nobody has, and what that is called."""
    path, params, body = call.path, json.dumps(call.params), json.dumps(call.json)
    others = []
    for name in named(world, call):
        others.append(str(uuid4()) if IDENTIFIER.fullmatch(name) and "-" in name else secrets.token_hex(16))
        path, params, body = (each.replace(name, others[-1]) for each in (path, params, body))
    return replace(call, path=path, params=json.loads(params), json=json.loads(body)), others


def shown(answer: httpx2.Response, names: list[str]) -> str:
    """Return what an answer tells, without the names that the caller gave."""
    told = {name: value for name, value in answer.json().items() if name != "traceId"}
    text = json.dumps(told, ensure_ascii=False)
    for name in names:
        text = text.replace(name, "…")
    return text
