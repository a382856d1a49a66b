"""``kis up --demo``: an organisation with somebody of each role, and a few quotations in the making. Done once; done again it changes nothing."""

import json
import secrets
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from kis.application import Application
from kis.identity import ROLE_PERMISSIONS, Origin, Permission, Principal, Role, Via
from kis.platform import durable
from kis.platform.messages import Message
from kis.quotations import read_body

CODE: Final = "DEMO"
DOMAIN: Final = "demo.kis.example"
DEMO_FILE: Final = "demo.json"
REQUESTS: Final = (
    "office-lighting-panel.yaml",
    "factory-motors.yaml",
    "tenant-building.yaml",
    "cannot-balance.yaml",
)
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Who can log in, all with one password."""

    organization_id: UUID
    password: str
    people: tuple[tuple[str, str], ...]
    """Role and address."""


async def prepare_demonstration(application: Application) -> Demonstration:
    """Make the organisation, its people and its quotations, unless they are there."""
    kept = application.settings.application.data / DEMO_FILE
    shown = _read(kept)
    if shown is None:
        shown = await _people(application)
        facts = {
            "organization_id": str(shown.organization_id),
            "password": shown.password,
            "people": shown.people,
        }
        durable.replace(kept, json.dumps(facts).encode(), mode=_OWNER_ONLY)
    await _quotations(application, shown.organization_id)
    return shown


def _read(kept: Path) -> Demonstration | None:
    try:
        facts = json.loads(kept.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    people = tuple((role, email) for role, email in facts["people"])
    return Demonstration(UUID(facts["organization_id"]), facts["password"], people)


async def _people(application: Application) -> Demonstration:
    """Make somebody of each role. A code of its own for the organisation each time: who lost the password begins anew."""
    identity = application.identity
    password = secrets.token_urlsafe(12)
    mark = secrets.token_hex(2)
    addresses = [(role, f"{role.value}-{mark}@{DOMAIN}") for role in Role]
    operator = _local(uuid4(), frozenset(Permission), Role.ADMIN)
    name = Message("up_cli.demo_organization").text()
    code = f"{CODE}{mark.upper()}"
    row, link = await identity.organizations.create(operator, name, code, dict(addresses)[Role.ADMIN])
    administrator = _local(row.id, ROLE_PERMISSIONS[Role.ADMIN], Role.ADMIN)
    for role, email in addresses:
        if role is not Role.ADMIN:
            _, link = await identity.users.invite(administrator, email, role, name=role.value)
        assert link is not None, "a new address is given a link"
        await identity.links.use(link.token, Origin(f"demo:{role.value}"), password=password)
    return Demonstration(row.id, password, tuple((role.value, email) for role, email in addresses))


async def _quotations(application: Application, organization_id: UUID) -> None:
    """Ask for the quotations; each is made once, however often it is asked for."""
    estimator = _local(organization_id, ROLE_PERMISSIONS[Role.ESTIMATOR], Role.ESTIMATOR)
    for name in REQUESTS:
        parsed = await read_body(demo_request(name), "yaml")
        await application.quotations.accept(estimator, parsed, idempotency_key=f"demo-{name}")


def demo_request(name: str) -> bytes:
    """Return a request that is shipped for the demonstration."""
    return files("kis.cli.serving").joinpath("demo", name).read_bytes()


def _local(organization_id: UUID, permissions: frozenset[Permission], role: Role) -> Principal:
    return Principal(organization_id=organization_id, role=role, permissions=permissions, via=Via.LOCAL)
