"""What each tool may take and when it refuses: ``policies.yaml``, checked when the gateway starts."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kis.mcp.names import TOOLS
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

Stage = Literal["selection", "enclosure", "breaker", "critic", "pricing", "format", "cover", "lint"]


class Naming(StrEnum):
    """How tools are listed."""

    DOTTED = "dotted"
    PLAIN = "plain"


class OnFailure(StrEnum):
    """What a tool does when a gate it requires fails."""

    STOP = "stop"
    TELL = "tell"


class Policy(BaseModel):
    """The policy of one tool."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timeout_seconds: Annotated[float, Field(gt=0, le=3600)]
    retries: Annotated[int, Field(ge=0, le=5)]
    requires: tuple[Stage, ...]
    on_failure: OnFailure


class Policies(BaseModel):
    """The policies of all tools: one for each, and none for a tool that is not there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    names: Naming
    tools: Mapping[str, Policy]


def load_policies(path: Path | None = None) -> Policies:
    """Return the policies of the file ``path``, by default those that come with the program. Raises BadInput with every fault."""
    return _shipped() if path is None else _read(path.name, path.read_bytes())


@lru_cache(maxsize=1)
def _shipped() -> Policies:
    name = "policies.yaml"
    return _read(name, files("kis.mcp").joinpath(name).read_bytes())


def _read(name: str, data: bytes) -> Policies:
    try:
        policies = Policies.model_validate(yaml.safe_load(data))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(
            name, [Problem("", Message("mcp.policies.not_yaml", {"detail": str(error)}))]
        ) from error
    except ValidationError as error:
        raise BadInput(name, [_problem(fault["loc"], fault["msg"]) for fault in error.errors()]) from error
    missing = [
        Problem(f"tools.{tool}", Message("mcp.policies.missing"))
        for tool in TOOLS
        if tool not in policies.tools
    ]
    unknown = [
        Problem(f"tools.{tool}", Message("mcp.policies.unknown", {"known": ", ".join(TOOLS)}))
        for tool in policies.tools
        if tool not in TOOLS
    ]
    if missing or unknown:
        raise BadInput(name, [*missing, *unknown])
    return policies


def _problem(place: tuple[int | str, ...], detail: str) -> Problem:
    return Problem(".".join(map(str, place)), Message("mcp.policies.invalid", {"detail": detail}))
