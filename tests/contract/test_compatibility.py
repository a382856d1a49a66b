"""A change that would break callers is found and its place is named; one that would not is let pass."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from kis.api.compatibility import breaking_changes

Contract = dict[str, Any]

CONTRACT: Contract = {
    "paths": {
        "/v1/things": {
            "post": {
                "operationId": "makeThing",
                "parameters": [
                    {"in": "query", "name": "size", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
                    {"in": "header", "name": "key", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
                ],
                "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}},
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Out"}}}},
                    "404": {"$ref": "#/components/responses/NotFound"},
                },
            }
        }
    },
    "components": {
        "responses": {"NotFound": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}},
        "schemas": {
            "Error": {"type": "object", "properties": {"code": {"type": "string"}}, "required": ["code"]},
            "Part": {"type": "object", "properties": {"kind": {"enum": ["main", "branch"], "type": "string"}}},
            "In": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string", "maxLength": 20},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                },
                "required": ["name"],
            },
            "Out": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "total": {"type": "number"},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                    "next": {"anyOf": [{"$ref": "#/components/schemas/Out"}, {"type": "null"}]},
                },
                "required": ["id"],
            },
        },
    },
}  # fmt: skip
PLACE = "POST /v1/things"


def operation(contract: Contract) -> Contract:
    found: Contract = contract["paths"]["/v1/things"]["post"]
    return found


def schema(contract: Contract, name: str) -> Contract:
    found: Contract = contract["components"]["schemas"][name]
    return found


BREAKING: list[tuple[str, Callable[[Contract], object], str]] = [
    ("route gone", lambda new: new["paths"].clear(), f"{PLACE}: is gone"),
    ("verb gone", lambda new: new["paths"]["/v1/things"].pop("post"), f"{PLACE}: is gone"),
    ("renamed", lambda new: operation(new).update(operationId="addThing"), f"{PLACE}: is called addThing and no longer makeThing"),
    ("parameter gone", lambda new: operation(new)["parameters"].pop(0), f"{PLACE} query.size: is gone"),
    ("parameter needed", lambda new: operation(new)["parameters"][0].update(required=True), f"{PLACE} query.size: is asked for and was not"),
    ("new parameter needed", lambda new: operation(new)["parameters"].append({"in": "query", "name": "x", "required": True, "schema": {}}), f"{PLACE} query.x: is asked for and was not"),
    ("parameter bounded", lambda new: operation(new)["parameters"][0]["schema"].update(maximum=50), f"{PLACE} query.size: maximum is 50 and was 100"),
    ("parameter of another type", lambda new: operation(new)["parameters"][0]["schema"].update(type="string"), f"{PLACE} query.size: is string and was integer"),
    ("choice gone", lambda new: operation(new)["parameters"][1].update(schema={"type": "string"}), f"{PLACE} header.key: is string and was null"),
    ("body type gone", lambda new: operation(new)["requestBody"]["content"].clear(), f"{PLACE} body application/json: is gone"),
    ("field sent gone", lambda new: schema(new, "In")["properties"].pop("name"), f"{PLACE} body.name: is gone"),
    ("field renamed", lambda new: schema(new, "In")["properties"].update(title=schema(new, "In")["properties"].pop("name")), f"{PLACE} body.name: is gone"),
    ("field asked for", lambda new: schema(new, "In")["required"].append("parts"), f"{PLACE} body.parts: is asked for and was not"),
    ("text shortened", lambda new: schema(new, "In")["properties"]["name"].update(maxLength=10), f"{PLACE} body.name: maxLength is 10 and was 20"),
    ("pattern", lambda new: schema(new, "In")["properties"]["name"].update(pattern="^x"), f"{PLACE} body.name: must match ^x"),
    ("value gone below a list", lambda new: schema(new, "Part")["properties"]["kind"].update(enum=["main"]), f"{PLACE} body.parts[].kind: no longer takes branch"),
    ("value new where received", lambda new: schema(new, "Part")["properties"]["kind"]["enum"].append("spare"), f"{PLACE} 201.parts[].kind: may now be spare"),
    ("answer gone", lambda new: operation(new)["responses"].pop("201"), f"{PLACE} 201: is gone"),
    ("field received gone", lambda new: schema(new, "Out")["properties"].pop("total"), f"{PLACE} 201.total: is gone"),
    ("field received of another type", lambda new: schema(new, "Out")["properties"]["total"].update(type="string"), f"{PLACE} 201.total: is string and was number"),
    ("format", lambda new: schema(new, "Out")["properties"]["id"].pop("format"), f"{PLACE} 201.id: is None and was uuid"),
    ("may be missing", lambda new: schema(new, "Out")["required"].clear(), f"{PLACE} 201.id: was always there and may be missing now"),
    ("field of the error gone", lambda new: schema(new, "Error")["properties"].clear(), f"{PLACE} 404.code: is gone"),
]  # fmt: skip

HARMLESS: list[tuple[str, Callable[[Contract], object]]] = [
    ("nothing", lambda new: new),
    ("new route", lambda new: new["paths"].update({"/v1/more": new["paths"]["/v1/things"]})),
    (
        "new parameter",
        lambda new: operation(new)["parameters"].append(
            {"in": "query", "name": "x", "schema": {"type": "string"}}
        ),
    ),
    ("new field sent", lambda new: schema(new, "In")["properties"].update(note={"type": "string"})),
    ("no longer asked for", lambda new: schema(new, "In")["required"].clear()),
    ("longer text", lambda new: schema(new, "In")["properties"]["name"].update(maxLength=40)),
    ("no bound", lambda new: schema(new, "In")["properties"]["name"].pop("maxLength")),
    (
        "number where an integer was sent",
        lambda new: operation(new)["parameters"][0]["schema"].update(type="number"),
    ),
    (
        "integer where a number came",
        lambda new: schema(new, "Out")["properties"]["total"].update(type="integer"),
    ),
    ("new field received", lambda new: schema(new, "Out")["properties"].update(note={"type": "string"})),
    ("always there", lambda new: schema(new, "Out")["required"].append("total")),
    ("error no longer given", lambda new: operation(new)["responses"].pop("404")),
    ("new answer", lambda new: operation(new)["responses"].update({"202": {}})),
    ("description", lambda new: schema(new, "Out").update(description="New words.")),
    ("unknown fields accepted", lambda new: schema(new, "In").pop("additionalProperties")),
]


@pytest.mark.parametrize(
    ("change", "told"), [case[1:] for case in BREAKING], ids=[case[0] for case in BREAKING]
)
def test_a_breaking_change_is_told_with_its_place(change: Callable[[Contract], object], told: str) -> None:
    new = deepcopy(CONTRACT)
    change(new)
    assert told in breaking_changes(CONTRACT, new)


@pytest.mark.parametrize("change", [case[1] for case in HARMLESS], ids=[case[0] for case in HARMLESS])
def test_a_change_that_harms_nobody_is_let_pass(change: Callable[[Contract], object]) -> None:
    new = deepcopy(CONTRACT)
    change(new)
    assert breaking_changes(CONTRACT, new) == []
