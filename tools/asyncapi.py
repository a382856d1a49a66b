"""The contract of the assistant's WebSocket as AsyncAPI 3, made of the messages that the server itself uses."""

from typing import Any

import yaml

from kis.assistant.conversing.protocol import VERSION, incoming_schema, outgoing_schema

_REFERENCE = "#/components/schemas/"


def asyncapi_text() -> str:
    """Return the contract, as ``docs/reference/asyncapi.yaml`` holds it."""
    text: str = yaml.safe_dump(asyncapi(), allow_unicode=True, sort_keys=False, width=120)
    return text


def asyncapi() -> dict[str, Any]:
    """Return the contract."""
    schemas: dict[str, Any] = {}
    for direction, schema in (("Incoming", incoming_schema()), ("Outgoing", outgoing_schema())):
        moved = _moved(schema)
        schemas |= moved.pop("$defs")
        schemas[direction] = moved
    messages = {name.lower(): {"payload": {"$ref": _REFERENCE + name}} for name in ("Incoming", "Outgoing")}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "KIS assistant", "version": VERSION},
        "channels": {"assistant": {"address": "/ws", "messages": messages}},
        "operations": {
            "hear": _operation("receive", "incoming"),
            "tell": _operation("send", "outgoing"),
        },
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _operation(action: str, message: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/assistant"},
        "messages": [{"$ref": f"#/channels/assistant/messages/{message}"}],
    }


def _moved(value: Any) -> Any:
    """Return a schema whose references lead to where AsyncAPI keeps schemas."""
    if isinstance(value, dict):
        return {name: _moved(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_moved(item) for item in value]
    return value.replace("#/$defs/", _REFERENCE) if isinstance(value, str) else value
