"""The catalogue over HTTP: shapes, files, rights."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from kis.application import Application, open_application
from kis.catalog import price_book_bytes, shipped_price_books
from kis.estimator import rulebook_bytes, shipped_rulebooks
from kis.identity import Principal, Role
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, Settings
from tests.factories.clients import CallAs, clients_of
from tests.integration.catalog.test_items import OWN


@pytest.fixture
async def application(app_database_url: str, tmp_path: Path) -> AsyncIterator[Application]:
    settings = Settings(
        application=ApplicationSettings(data=tmp_path, secret_key="s" * 40),
        database=DatabaseSettings(url=app_database_url, pool_size=4),
    )
    async with open_application(settings, listens=False) as opened:
        await opened.catalogs.install()
        await opened.rulebooks.install()
        yield opened


@pytest.fixture
async def caller(application: Application, principal: Principal) -> AsyncIterator[CallAs]:
    """Return a client with a key of a role."""
    async with clients_of(application, principal) as made:
        yield made


def shape(answer: httpx2.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


class TestParts:
    async def test_live_from_adding_to_switching_off(self, caller: CallAs) -> None:
        editor = await caller(Role.EDITOR)
        added = shape(await editor.post("/v1/catalog/items", json={"kind": "breaker", "columns": OWN}), 201)
        assert (added["key"], added["isOwn"], added["columns"]["ratings_a"]) == ("HB-100", True, "60/75/100")
        place = f"/v1/catalog/items/{added['id']}"
        changed = shape(await editor.patch(place, json={"columns": {"width_mm": 76}}))
        assert changed["columns"]["width_mm"] == "76"
        page = shape(await editor.get("/v1/catalog", params={"q": "hb-100", "kind": "breaker"}))
        assert (page["total"], page["items"][0]["id"]) == (1, added["id"])
        assert shape(await editor.delete(place), 204) is None
        assert shape(await editor.get("/v1/catalog", params={"q": "hb-100"}))["total"] == 0
        assert shape(await editor.get(place))["isActive"] is False

    async def test_a_list_is_sorted_and_filtered_by_its_columns(self, caller: CallAs) -> None:
        viewer = await caller(Role.VIEWER)
        wanted: dict[str, str | int] = {"sort": "-model", "filter": "make:LS ELECTRIC", "size": 5}
        page = shape(await viewer.get("/v1/catalog", params=wanted))
        models = [item["model"] for item in page["items"]]
        assert models == sorted(models, reverse=True)
        assert {item["make"] for item in page["items"]} == {"LS ELECTRIC"}
        assert shape(await viewer.get("/v1/catalog", params={"sort": "colour"}), 422)["code"] == "bad_input"

    async def test_faults_name_their_columns(self, caller: CallAs) -> None:
        editor = await caller(Role.EDITOR)
        body = {"kind": "breaker", "columns": {**OWN, "poles": 9}}
        error = shape(await editor.post("/v1/catalog/items", json=body), 422)
        assert [problem["path"] for problem in error["meta"]["problems"]] == ["columns.poles"]

    async def test_shipped_parts_are_read_only_and_viewers_write_nothing(self, caller: CallAs) -> None:
        viewer, editor = await caller(Role.VIEWER), await caller(Role.EDITOR)
        (part,) = shape(await viewer.get("/v1/catalog", params={"q": "ABN-53"}))["items"]
        place = f"/v1/catalog/items/{part['id']}"
        assert shape(await editor.delete(place), 409)["code"] == "shipped_read_only"
        assert shape(await viewer.delete(place), 403)["code"] == "forbidden"

    async def test_a_file_goes_out_and_in_again(self, caller: CallAs) -> None:
        editor = await caller(Role.EDITOR)
        for form, media in (("csv", "application/zip"), ("xlsx", "application/vnd.openxmlformats")):
            exported = await editor.get("/v1/catalog/export", params={"format": form})
            assert exported.headers["content-type"].startswith(media)
        wanted = {"format": "csv", "kind": "enclosure"}
        exported = await editor.get("/v1/catalog/export", params=wanted)
        assert exported.headers["content-disposition"] == "attachment; filename*=UTF-8''enclosures.csv"
        report = shape(await editor.post("/v1/catalog/import", files={"file": ("any", exported.content)}))
        assert (report["added"], report["shipped"]) == (0, exported.text.count("\n") - 1)
        hostile = {"file": ("parts.xlsx", b"PK\x03\x04 no archive")}
        assert shape(await editor.post("/v1/catalog/import", files=hostile), 422)["code"] == "bad_input"


class TestPriceBooksAndRulebooks:
    async def test_a_price_book_is_uploaded_read_and_compared(self, caller: CallAs) -> None:
        editor = await caller(Role.EDITOR)
        shipped = next(book for book in shipped_price_books() if book.currency == "KRW")
        data = (
            price_book_bytes(None, shipped)
            .replace(shipped.id.encode(), b"hanbit")
            .replace(b"21400", b"22470")
        )
        taken = shape(await editor.post("/v1/price-books", files={"file": ("a.yaml", data)}), 201)
        assert (taken["name"], taken["isOwn"]) == ("hanbit", True)
        listed = shape(await editor.get("/v1/price-books"))["items"]
        assert [one["name"] for one in listed][:1] == ["hanbit"]
        whole = shape(await editor.get("/v1/price-books/hanbit"))
        prices = {price["key"]: price["unitPrice"] for price in whole["prices"]}
        assert prices["breaker:EBS52FB"] == "22470"
        assert (await editor.get("/v1/price-books/hanbit/file")).content == data
        table = (await editor.get("/v1/price-books/hanbit/file", params={"format": "csv"})).content
        newer = {"file": ("a.xls", table.replace(b"version,2026.11", b"version,2"))}
        assert shape(await editor.post("/v1/price-books", files=newer), 201)["version"] == "2"
        diff = shape(await editor.get(f"/v1/price-books/{shipped.id}/diff", params={"to": "hanbit"}))
        (price,) = [change for change in diff["changes"] if change["table"] == "prices"]
        assert (price["old"], price["new"], price["percent"]) == ("21400", "22470", "5.0")
        assert shape(await editor.get("/v1/price-books/nobody"), 404)["code"] == "price_book_not_found"

    async def test_a_rulebook_is_uploaded_by_who_may(self, caller: CallAs) -> None:
        admin, editor = await caller(Role.ADMIN), await caller(Role.EDITOR)
        (shipped,) = shipped_rulebooks()
        data = rulebook_bytes(None, shipped).replace(f"id: {shipped.id}".encode(), b"id: hanbit", 1)
        files = {"file": ("a.yaml", data)}
        assert shape(await editor.post("/v1/rulebooks", files=files), 403)["code"] == "forbidden"
        taken = shape(await admin.post("/v1/rulebooks", files=files), 201)
        assert taken["name"] == "hanbit"
        whole = shape(await editor.get("/v1/rulebooks/hanbit"))
        (rule,) = [one for one in whole["rules"] if one["id"] == "enclosure.bar_space"]
        assert rule["source"]
        diff = shape(await editor.get("/v1/rulebooks/kis-standard/diff", params={"to": "hanbit"}))
        assert [change["ruleId"] for change in diff["changes"]] == ["rulebook"]
        assert (await editor.get("/v1/rulebooks/hanbit/file")).content == data
