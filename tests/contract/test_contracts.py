"""The eight checks of the contract, by name."""

import asyncio
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from kis.api import bare_app
from kis.api.contract import contract_of
from kis.api.errors import STANDARD
from tests.factories.api import client_of, probe_app
from tools.contract import CURRENT, RELEASED, contract_text, read_contract, release_problems

Operation = tuple[str, str, dict[str, Any]]

PUBLIC: Final = frozenset(
    {
        "GET /docs",
        "GET /health",
        "GET /healthz",
        "GET /metrics",
        "GET /openapi",
        "GET /openapi.json",
        "GET /ready",
        "GET /readyz",
        "GET /v1/evidence/check/{sha256}",
        "GET /v1/objects/{token}",
        "POST /v1/auth/login",
        "POST /v1/auth/one-time",
        "POST /v1/auth/refresh",
        "POST /v1/auth/reset",
    }
)
"""What may be called without being known; everything else asks who calls."""

PROMISED: Final = frozenset(
    {
        "GET /health",
        "GET /healthz",
        "GET /metrics",
        "GET /openapi",
        "GET /ready",
        "GET /readyz",
        "GET /v1/catalog",
        "GET /v1/documents",
        "GET /v1/estimate",
        "GET /v1/estimate/stream",
        "GET /v1/estimate/{quote_id}",
        "GET /v1/evidence/{trace_id}",
        "GET /v1/evidence/{trace_id}/bundle",
        "GET /v1/price-books",
        "GET /v1/rulebooks",
        "POST /v1/catalog/items",
        "POST /v1/documents/export",
        "POST /v1/estimate",
        "POST /v1/estimate/{quote_id}/accept-gate",
        "POST /v1/estimate/{quote_id}/requote",
        "POST /v1/estimate/{quote_id}/revise",
        "POST /v1/estimate/{quote_id}/send",
        "POST /v1/validate",
    }
)


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    return contract_of(bare_app())


def operations(contract: dict[str, Any]) -> Iterator[Operation]:
    for path, verbs in contract["paths"].items():
        for verb, operation in verbs.items():
            yield verb.upper(), path, operation


class TestContract:
    def test_1_it_is_valid_openapi_3_1(self, contract: dict[str, Any]) -> None:
        assert contract["openapi"] == "3.1.0"
        assert [str(error) for error in OpenAPIV31SpecValidator(contract).iter_errors()] == []

    def test_2_the_file_is_what_the_code_says(self) -> None:
        assert CURRENT.read_text(encoding="utf-8") == contract_text(), "./kis docs --write renews it"
        assert contract_text() == contract_text()

    def test_3_nothing_breaks_callers_of_the_released_one(self, contract: dict[str, Any]) -> None:
        assert release_problems(read_contract(RELEASED), contract) == []

    def test_4_it_is_served_as_it_is_written(self, tmp_path: Path) -> None:
        async def served() -> tuple[Any, Any]:
            async with client_of(probe_app(tmp_path)) as client:
                return yaml.safe_load((await client.get("/openapi")).text), (
                    await client.get("/openapi.json")
                ).json()

        as_yaml, as_json = asyncio.run(served())
        written = read_contract(CURRENT)
        for found in (as_yaml, as_json):
            assert {path: found["paths"][path] for path in written["paths"]} == written["paths"]
            assert found["info"] == written["info"]

    def test_5_every_operation_has_a_readable_name_of_its_own_and_words(
        self, contract: dict[str, Any]
    ) -> None:
        names = [operation["operationId"] for _, _, operation in operations(contract)]
        assert len(set(names)) == len(names)
        assert [name for name in names if not re.fullmatch(r"[a-z]+(?:[A-Z][a-z0-9]*)+", name)] == []
        described = {tag["name"] for tag in contract["tags"] if tag["description"]}
        for verb, path, operation in operations(contract):
            assert operation.get("description"), f"{verb} {path}"
            assert set(operation["tags"]) <= described, f"{verb} {path}"

    def test_6_every_operation_names_its_errors_in_the_one_shape(self, contract: dict[str, Any]) -> None:
        for verb, path, operation in operations(contract):
            responses = operation["responses"]
            lacking = {str(status) for status in STANDARD} - set(responses)
            assert not lacking, f"{verb} {path} does not name {lacking}"
            for status, response in responses.items():
                if status >= "4" and path not in {"/readyz", "/ready"}:
                    found = _followed(contract, response)["content"]["application/json"]["schema"]
                    assert found == {"$ref": "#/components/schemas/ErrorBody"}, f"{verb} {path} {status}"

    def test_7_every_answer_carries_its_trace_id_and_every_route_asks_who_calls(
        self, contract: dict[str, Any]
    ) -> None:
        for verb, path, operation in operations(contract):
            for status, response in operation["responses"].items():
                assert "X-Trace-Id" in _followed(contract, response)["headers"], f"{verb} {path} {status}"
        public = {
            f"{verb} {path}"
            for verb, path, operation in operations(contract)
            if not operation.get("security")
        }
        assert public == PUBLIC

    def test_8_what_was_promised_is_there_and_names_are_camel_case(self, contract: dict[str, Any]) -> None:
        assert {f"{verb} {path}" for verb, path, _ in operations(contract)} >= PROMISED
        own = {"db_error", "storage_error", "migrations_error", "cache_error", "broker_error"}
        wrong = {
            f"{name}.{field}"
            for name, schema in contract["components"]["schemas"].items()
            for field in schema.get("properties", {})
            if field not in own and not re.fullmatch(r"[a-z][a-zA-Z0-9]*", field)
        }
        assert wrong == set()


class TestRelease:
    def test_a_breaking_change_needs_a_new_first_number(self, contract: dict[str, Any]) -> None:
        changed = deepcopy(contract)
        del changed["paths"]["/v1/estimate/{quote_id}"]["get"]
        assert release_problems(contract, changed) == ["BREAKING GET /v1/estimate/{quote_id}: is gone"]
        changed["info"]["version"] = "2.0.0"
        assert release_problems(contract, changed) == []

    def test_a_version_does_not_go_back(self, contract: dict[str, Any]) -> None:
        changed = deepcopy(contract)
        changed["info"]["version"] = "0.9.0"
        assert release_problems(contract, changed) == ["version 0.9.0 comes before the released 1.0.0"]


def _followed(contract: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in response:
        return response
    found: dict[str, Any] = contract["components"]["responses"][response["$ref"].rsplit("/", 1)[-1]]
    return found
