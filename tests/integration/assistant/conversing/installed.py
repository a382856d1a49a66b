"""An installation with one documented product whose API processes a test starts, kills and asks."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
import pytest

from kis.identity import Role
from tests.factories.api_process import ApiProcess
from tests.factories.maker_manuals import manual_pdf
from tests.factories.maker_site import Answer, MakerSite, maker_site
from tests.factories.scripted_model import ScriptedModel
from tests.factories.security import SECRET_KEY, Person, open_installation
from tests.integration.conftest import DatabaseUrls

KIT: Final = "kx-switch"
ASKED: Final = {
    "type": "query",
    "product_id": KIT,
    "query": "What is the fastening torque of the main and the auxiliary terminals?",
}
SECONDS: Final = 600.0

MakeProcess = Callable[..., ApiProcess]


@dataclass(frozen=True)
class Installed:
    """An installation that nobody serves: where it is, and somebody of it."""

    urls: DatabaseUrls
    home: Path
    person: Person

    @property
    def arriving(self) -> list[Path]:
        return self._files("arriving")

    @property
    def documents(self) -> list[Path]:
        return self._files("documents")

    @property
    def answers(self) -> list[Path]:
        return list((self.home / "assistant" / "answers").iterdir())

    def _files(self, kind: str) -> list[Path]:
        folder = self.home / "assistant" / "manuals" / kind
        return list(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def site() -> Iterator[MakerSite]:
    with maker_site() as running:
        running.put("/m.pdf", Answer(manual_pdf()))
        yield running


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel().running() as told:
        yield told


@pytest.fixture
async def installed(fresh_database: DatabaseUrls, tmp_path: Path, site: MakerSite) -> Installed:
    """One organisation with one product whose manual stands on the maker's site."""
    documentation = {"type": "pdf", "url": f"{site.url}/m.pdf"}
    product = {"id": KIT, "name": "KX-250 Switch", "brand": "KX", "documentation": documentation}
    async with open_installation(fresh_database, tmp_path / "home") as at:
        house = await at.house("우리")
        await at.application.products.import_catalog(house.admin, "kx.json", orjson.dumps([product]))
        person = await at.person(house.id, Role.ESTIMATOR)
    return Installed(fresh_database, tmp_path / "home", person)


@pytest.fixture
def process_of(installed: Installed, site: MakerSite, tmp_path: Path) -> Iterator[MakeProcess]:
    """Make processes of the installation, all ended with the test."""
    with ExitStack() as stack:

        def made(**more: str) -> ApiProcess:
            environment = {
                "KIS_HOME": str(installed.home),
                "DATABASE_URL": installed.urls.app,
                "SECRET_KEY": SECRET_KEY,
                "ASSISTANT_PRIVATE_HOSTS": site.host,
                "ASSISTANT_READING_PROCESSES": "1",
                # However slow the machine is: nothing here ends by its time.
                "ASSISTANT_MANUAL_TIMEOUT_SECONDS": "600",
                "ASSISTANT_MODEL_TIMEOUT_SECONDS": "600",
                "ASSISTANT_READING_TIMEOUT_SECONDS": "600",
                **more,
            }
            return stack.enter_context(ApiProcess(environment, tmp_path / "api.log").serving())

        yield made


@pytest.fixture
def asked_model(process_of: MakeProcess, model: ScriptedModel) -> MakeProcess:
    """Make processes whose answers are the model's."""
    return lambda: process_of(ASSISTANT_MODEL_URL=model.url, ASSISTANT_MODEL="scripted")
