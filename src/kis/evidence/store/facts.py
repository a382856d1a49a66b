"""What is known about a pack and its files, and where their bytes are kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final
from uuid import UUID

PACK_STAGE: Final = "pack"
"""Of the files that belong to no stage: the request, the result, the control files."""
FOLDER_STAGES: Final = frozenset({"documents", "library"})
PIPELINE: Final = "pipeline"

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv",
    "dxf": "image/vnd.dxf",
    "jpg": "image/jpeg",
    "json": "application/json",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}
"""Written down, not asked of the machine: the same everywhere."""
OTHER_MEDIA_TYPE: Final = "application/octet-stream"

_STAGE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_ENDING: Final = re.compile(r"[a-z0-9]{1,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedFile:
    """A file of a pack whose bytes are in the storage already. ``path`` is its place there, ``stage`` who made it."""

    name: str
    stage: str
    path: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile(PreparedFile):
    """A file of a pack as its row has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFacts:
    """A pack: its place in the organisation's chain, what was signed about it, and its files by name.

    ``sha256`` is the digest of its SHA256SUMS and stands for the whole pack; ``key_fingerprint`` says which key signed it, ``signed`` the facts under
    that signature (verdict, total, versions).
    """

    trace_id: str
    organization_id: UUID
    quote_id: UUID
    sequence: int
    previous_sha256: str | None
    sha256: str
    size: int
    created_at: datetime
    key_fingerprint: str
    signed: Mapping[str, Any]
    files: tuple[PackFile, ...]


def prepared_file(quote_id: UUID, name: str, *, sha256: str, size: int) -> PreparedFile:
    """Return where the file ``name`` of a quotation's pack goes: ``quote/{quote}/{stage}/{sha256}.{ending}``."""
    stage, ending = stage_of(name), _ending_of(name)
    return PreparedFile(
        name=name,
        stage=stage,
        path=f"{quote_prefix(quote_id)}{stage}/{sha256}.{ending}",
        sha256=sha256,
        size=size,
        media_type=MEDIA_TYPES.get(ending, OTHER_MEDIA_TYPE),
    )


def quote_prefix(quote_id: UUID) -> str:
    """Return what the paths of all objects of a quotation begin with."""
    return f"quote/{quote_id}/"


def stage_of(name: str) -> str:
    """Return the stage that a file of a pack belongs to, by its place in the pack."""
    folder, _, rest = name.partition("/")
    if folder in FOLDER_STAGES and rest:
        return folder
    stage = PurePosixPath(rest).stem
    return stage if folder == PIPELINE and "/" not in rest and _STAGE.fullmatch(stage) else PACK_STAGE


def _ending_of(name: str) -> str:
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    if ending:
        return ending if _ENDING.fullmatch(ending) else "bin"
    return "txt"
