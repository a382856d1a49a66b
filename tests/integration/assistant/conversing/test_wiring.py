"""The assistant of an installation, its parts put together over a real database: a product of the estimator's catalog is predicted, and one without a manual says so."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from kis.application import Application, open_application
from kis.assistant.errors import ProductNotFound
from kis.identity import Principal
from kis.platform.configuration import AssistantSettings, Settings
from tests.factories.maker_manuals import manual_pdf
from tests.factories.maker_site import Answer, maker_site
from tests.integration.conftest import MakeOrganization, MakePrincipal

CATALOG: dict[str, Any] = {
    "brand_identity": {"id": "roland", "name": "Roland", "hq": "Hamamatsu"},
    "products": [
        {"id": "roland-td-17kvx", "name": "TD-17KVX V-Drums", "brand": "Roland", "category": "Drums"},
        {"id": "roland-td-27kv", "name": "TD-27KV V-Drums", "brand": "Roland", "category": "Drums"},
    ],
}


@pytest.fixture
async def owner(application: Application, principal: Principal) -> Principal:
    """An administrator whose organisation has two drum kits."""
    await application.products.import_catalog(principal, "roland.json", orjson.dumps(CATALOG))
    return principal


async def test_what_is_in_the_catalog_is_predicted(application: Application, owner: Principal) -> None:
    found = await application.assistant.predict(owner, "td17kvx", limit=5)
    assert found[0].product.id == "roland-td-17kvx"


async def test_a_stranger_is_predicted_nothing_of_it(
    application: Application,
    owner: Principal,
    make_principal: MakePrincipal,
    make_organization: MakeOrganization,
) -> None:
    stranger = await make_principal(of=await make_organization())
    assert owner.organization_id != stranger.organization_id
    found = await application.assistant.predict(stranger, "td17kvx", limit=5)
    assert not [each for each in found if each.product.id == "roland-td-17kvx"]
    with pytest.raises(ProductNotFound):
        await application.assistant.ask(stranger, "roland-td-17kvx", "how?", locale="en")


async def test_a_question_about_a_product_without_a_manual_ends_with_its_reason(
    application: Application, owner: Principal
) -> None:
    answer = await application.assistant.ask(owner, "roland-td-17kvx", "how wide is it?", locale="en")
    told = [orjson.loads(frame) async for _, frame in answer.frames_after(0)]
    assert [each["type"] for each in told] == ["status", "context", "error"]
    assert told[1]["brand"]["hq"] == "Hamamatsu"
    assert (told[-1]["code"], told[-1]["reason"]) == ("manual_unavailable", "no_manual")
    assert "TD-17KVX" in told[-1]["message"]


async def test_a_question_is_answered_from_the_makers_manual_and_its_page_is_shown(
    settings: Settings, principal: Principal
) -> None:
    with maker_site() as site:
        reaching = replace(
            settings, assistant=AssistantSettings(private_hosts=site.host, reading_processes=1)
        )
        site.put("/m.pdf", Answer(manual_pdf()))
        documented = {
            **CATALOG["products"][0],
            "documentation": {"type": "pdf", "url": f"{site.url}/m.pdf"},
        }
        async with open_application(reaching, listens=False) as opened:
            data = orjson.dumps({**CATALOG, "products": [documented]})
            await opened.products.import_catalog(principal, "roland.json", data)
            answer = await opened.assistant.ask(principal, documented["id"], "installation", locale="en")
            told = [orjson.loads(frame) async for _, frame in answer.frames_after(0)]
            assert told[-1]["type"] == "final_answer", told
            cited = next(each for each in told if each["type"] == "citation")
            image = await opened.assistant.page_image(
                principal, documented["id"], cited["document"], cited["page"], []
            )
    assert image.startswith(b"\x89PNG")
