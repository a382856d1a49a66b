"""The whole contract against the whole program on a real database: requests that follow it and requests that do not, every check on."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any, Final
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from pydantic import SecretStr

from kis.api import ApiServer, create_app
from kis.application import open_application
from kis.identity import Origin, Permission, Principal, Role, Via
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, LimitSettings, Settings
from tools.contract import CURRENT

EXAMPLES: Final = 6
"""For each operation; with some seventy operations this stays below a minute."""
PASSWORD: Final = "seven maples by the river"
SECRET: Final = "Zr9kQ2vX7pLm4TnB8wYc6HsD1fGj3KaE"


class Installation(threading.Thread):
    """The API of an installation on a loop and a socket of its own."""

    def __init__(self, home: Path, database_url: str) -> None:
        super().__init__(name="installation", daemon=True)
        self._settings = Settings(
            application=ApplicationSettings(
                data=home, port=0, secret_key=SecretStr(SECRET), body_timeout_seconds=5
            ),
            database=DatabaseSettings(url=SecretStr(database_url), pool_size=5),
            limits=LimitSettings(per_minute=10**6, address_per_minute=10**6, login_per_minute=10**6),
        )
        self._told: Queue[Any] = Queue()
        self._server: ApiServer | None = None

    def __enter__(self) -> tuple[str, str]:
        """Return the address and an administrator's API key."""
        self.start()
        told = self._told.get(timeout=120)
        if isinstance(told, BaseException):
            raise told
        address, key = told
        return str(address), str(key)

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.stop()
        self.join(timeout=60)

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - told to the test
            self._told.put(error)

    async def _serve(self) -> None:
        async with open_application(self._settings, name="kis-schemathesis") as application:
            await application.storage.ensure()
            key = await self._administrators_key(application.identity)
            self._server = ApiServer(
                create_app(application),
                self._settings,
                ready=lambda address: self._told.put((address, key)),
                owns_signals=False,
            )
            await self._server.serve()

    @staticmethod
    async def _administrators_key(identity: Any) -> str:
        operator = Principal(
            organization_id=uuid4(), role=Role.ADMIN, permissions=frozenset(Permission), via=Via.LOCAL
        )
        code = uuid4().hex[:8].upper()
        _, link = await identity.organizations.create(
            operator, "Contract", code, f"{code}@example.test".lower()
        )
        login = await identity.links.use(link.token, Origin("192.0.2.1"), password=PASSWORD)
        admin = await identity.authenticate(bearer=login.access_token)
        made = await identity.api_keys.create(admin, "contract", Role.ADMIN)
        return str(made.key)


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, app_database_url: str
) -> Iterator[tuple[str, str]]:
    with Installation(tmp_path_factory.mktemp("installation"), app_database_url) as reached:
        yield reached


schema = schemathesis.openapi.from_path(CURRENT)
schema.config.generation.with_security_parameters = (
    False  # the key is ours; the check of ignored logins takes it away and breaks it
)
_checks = schema.config.checks
# What a schema cannot say (a time zone that exists, a request the engine can read, a file of the right kind) is refused with these.
_checks.positive_data_acceptance.expected_statuses = [
    *_checks.positive_data_acceptance.expected_statuses,
    "400",
    "410",
    "412",
    "415",
    "416",
    "422",
    "428",
]
_checks.negative_data_rejection.expected_statuses = [
    *_checks.negative_data_rejection.expected_statuses,
    "410",
    "412",
    "413",
    "416",
    "431",
]


@pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies")  # schemathesis does
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_program_keeps_its_contract(case: schemathesis.Case[Any], installation: tuple[str, str]) -> None:
    address, key = installation
    case.call_and_validate(base_url=address, headers={"X-API-Key": key, "Host": "localhost"}, timeout=20)
