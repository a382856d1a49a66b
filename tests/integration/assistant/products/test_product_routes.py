"""Products, catalogs and conversations over HTTP."""

import json
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4

import pytest

from kis.application import Application
from kis.identity import Permission, Principal, Role
from tests.factories.clients import CallAs, clients_of
from tests.factories.quotations import request_of

BASE: Final = "/v1/assistant"
PART: Final = f"{BASE}/products/part:breaker:EBS52FB~30mA"


@pytest.fixture
async def application(application: Application) -> Application:
    """The services, with the estimator's catalogue laid down."""
    await application.catalogs.install()
    return application


@pytest.fixture
async def call_as(application: Application, principal: Principal) -> AsyncIterator[CallAs]:
    """Return a client of a role, with certain rights alone where they are named."""
    async with clients_of(application, principal) as made:
        yield made


def upload(content: Any) -> dict[str, Any]:
    return {"file": ("catalog.json", json.dumps(content, indent=1).encode())}


class TestProducts:
    async def test_a_part_has_facts_and_a_price(self, call_as: CallAs) -> None:
        viewer = await call_as(Role.VIEWER)

        answer = await viewer.get(PART)

        body = answer.json()
        assert (body["product"]["name"], body["brand"]["name"]) == ("EBS52FB", "LS ELECTRIC")
        assert body["product"]["facts"]["poles"] == "2"
        assert body["price"]["isIllustrative"] is True
        assert body["price"]["amount"].isdecimal()

    async def test_its_price_is_for_those_who_may_read_prices(self, call_as: CallAs) -> None:
        narrow = await call_as(Role.VIEWER, Permission.ASSISTANT_USE)

        assert (await narrow.get(PART)).json()["price"] is None

    async def test_an_unchanged_one_is_not_sent_again(self, call_as: CallAs) -> None:
        viewer = await call_as(Role.VIEWER)
        etag = (await viewer.get(PART)).headers["ETag"]

        again = await viewer.get(PART, headers={"If-None-Match": etag})

        assert (again.status_code, again.content) == (304, b"")

    async def test_what_is_not_there_is_told(self, call_as: CallAs) -> None:
        viewer = await call_as(Role.VIEWER)

        answer = await viewer.get(f"{BASE}/products/nothing")

        assert (answer.status_code, answer.json()["code"]) == (404, "product_not_found")
        assert (await viewer.get(f"{BASE}/products/nothing/related")).status_code == 404

    async def test_are_listed_in_pages(self, call_as: CallAs) -> None:
        viewer = await call_as(Role.VIEWER)
        params: dict[str, str | int] = {"q": "ebs52", "category": "elb", "size": 1}

        answer = (await viewer.get(f"{BASE}/products", params=params)).json()

        assert [each["id"] for each in answer["items"]] == ["part:breaker:EBS52FB~30mA"]
        assert answer["size"] == 1


class TestQuote:
    async def test_a_retry_gets_the_first_answer_and_says_so(self, call_as: CallAs) -> None:
        estimator = await call_as(Role.ESTIMATOR)
        drafted = await estimator.post("/v1/estimate", params={"draft": True}, json=request_of())
        body = {"quoteId": drafted.json()["quoteId"], "ratingA": 20}
        headers = {"Idempotency-Key": "add-1"}

        first = await estimator.post(f"{PART}/quote", json=body, headers=headers)
        again = await estimator.post(f"{PART}/quote", json=body, headers=headers)
        other = await estimator.post(f"{PART}/quote", json={**body, "quantity": 2}, headers=headers)
        wrong = await estimator.post(f"{PART}/quote", json=body, headers={"Idempotency-Key": "a b"})

        assert (first.status_code, again.status_code) == (200, 200), first.text
        told = first.json()
        assert told == {
            "quoteId": body["quoteId"],
            "status": "draft",
            "traceId": first.headers["X-Trace-Id"],
        }
        assert again.content == first.content
        assert "Idempotent-Replayed" not in first.headers
        assert again.headers["Idempotent-Replayed"] == "true"
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
        assert wrong.status_code == 422
        shown = (await estimator.get(drafted.headers["Location"])).json()
        assert [each.get("model") for each in shown["request"]["panels"][0]["branches"]] == [None, "EBS52FB"]


class TestCatalogs:
    async def test_go_in_are_listed_and_come_out(self, call_as: CallAs) -> None:
        editor = await call_as(Role.EDITOR)
        code = uuid4().hex
        relation = {"type": "accessory", "target_id": "gone", "label": "L"}
        content = {
            "brand_identity": {"id": code, "name": "Zyx"},
            "products": [{"id": code, "name": "Zyxophone", "brand": "Zyx", "relationships": [relation]}],
        }

        dry = await editor.post(f"{BASE}/catalogs", params={"dryRun": True}, files=upload(content))
        done = await editor.post(f"{BASE}/catalogs", files=upload(content))
        listed = (await editor.get(f"{BASE}/catalogs")).json()
        out = (await editor.get(f"{BASE}/catalogs/export")).json()

        assert (dry.json()["added"], dry.json()["isDryRun"], dry.json()["id"]) == (1, True, None)
        assert (done.json()["added"], done.json()["brands"]) == (1, ["Zyx"])
        findings = [(each["rule"], each["line"], each["message"]) for each in done.json()["findings"]]
        assert findings[0] == ("dead_relation", 14, "there is no product gone")
        assert listed["items"][0]["id"] == done.json()["id"]
        assert out[0]["products"][0]["relationships"] == [relation]

    async def test_all_that_is_wrong_is_told_with_its_lines(self, call_as: CallAs) -> None:
        editor = await call_as(Role.EDITOR)

        answer = await editor.post(f"{BASE}/catalogs", files=upload([{"id": "a/b"}, {"name": "B"}]))

        assert answer.status_code == 422
        assert [each["path"] for each in answer.json()["meta"]["problems"]] == [
            "catalog.json:3 /0/id",
            "catalog.json:2 /0/name",
            "catalog.json:5 /1/id",
        ]

    async def test_for_everybody_are_for_operators(self, call_as: CallAs) -> None:
        admin = await call_as(Role.ADMIN)
        content = [{"id": uuid4().hex, "name": "A"}]

        answer = await admin.post(f"{BASE}/catalogs", params={"shipped": True}, files=upload(content))

        assert answer.status_code == 403
