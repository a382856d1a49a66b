"""The translator that the settings describe, asked over HTTP: what it gives is a draft until somebody saves it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr

from kis.application import open_application
from kis.identity import Principal, Role
from kis.knowledge import translator_of
from kis.platform.configuration import (
    ApplicationSettings,
    DatabaseSettings,
    SearchSettings,
    Settings,
    TranslationSettings,
)
from tests.factories.clients import clients_of
from tests.integration.knowledge.test_translating import answering, shouted

ARTICLE = {"texts": {"ko": {"title": "차단기", "body": "# 정격", "tags": ["표"]}}}
ANY = {"If-Match": "*"}


def test_there_is_none_unless_one_is_set() -> None:
    assert translator_of(TranslationSettings()) is None
    made = translator_of(TranslationSettings(url="http://localhost/v1", model="some-model"))
    assert made is not None
    assert made.name == "some-model"


async def test_what_comes_is_a_draft_that_readers_do_not_see_until_somebody_saves_it(
    app_database_url: str, tmp_path: Path, principal: Principal
) -> None:
    with answering(shouted) as (url, asked):
        settings = Settings(
            application=ApplicationSettings(data=tmp_path, secret_key="s" * 40),
            database=DatabaseSettings(url=app_database_url, pool_size=4),
            search=SearchSettings(morphemes="off"),
            translation=TranslationSettings(
                url=url, model="some-model", api_key=SecretStr("key-of-the-tests"), timeout_seconds=5
            ),
        )
        async with (
            open_application(settings, listens=False) as application,
            clients_of(application, principal) as call_as,
        ):
            rules = await application.knowledge.rules(principal)
            await application.knowledge.decide_rules(principal, replace(rules, author_may_review=True))
            admin, viewer = await call_as(Role.ADMIN), await call_as(Role.VIEWER)

            async def shown(reader: httpx2.AsyncClient, path: str) -> Any:
                answer = await reader.get(path)
                assert answer.status_code == 200, answer.text
                return answer.json()

            made = await admin.post("/v1/knowledge", json=ARTICLE, params={"publish": True})
            path = f"/v1/knowledge/{made.json()['id']}"
            translated = await admin.post(f"{path}/translate", json={"language": "en"}, headers=ANY)
            assert translated.json()["states"] == {"ko": "current", "en": "draft"}
            whole = await shown(admin, path)
            assert whole["texts"]["en"]["title"] == "en 차단기"
            assert whole["texts"]["en"]["state"] == "draft"
            (newest, *_) = (await shown(admin, f"{path}/versions"))["items"]
            assert newest["note"] == "some-model: ko → en"
            assert list((await shown(viewer, path))["texts"]) == ["ko"]

            words = {"texts": {"en": {"title": "A breaker", "body": "# Rating"}}}
            saved = await admin.patch(path, json=words, headers=ANY, params={"publish": True})
            assert saved.json()["states"] == {"ko": "current", "en": "current"}
            assert (await shown(viewer, path))["texts"]["en"]["title"] == "A breaker"
    assert [path for path, _, _ in asked] == ["/v1/chat/completions"]
    assert asked[0][1] == "Bearer key-of-the-tests"
