"""Shapes of the catalogue."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from kis.api.schemas.common import TraceIdText, WireModel

PartKind = Literal["breaker", "enclosure", "accessory"]
Cell = (
    Annotated[str, Field(max_length=500)]
    | int
    | float
    | bool
    | Annotated[list[int], Field(max_length=60)]
    | None
)
Columns = Annotated[
    dict[Annotated[str, Field(max_length=60)], Cell],
    Field(
        max_length=40,
        description="Cells by column, as in the tables of the catalogue: breakers.csv, enclosures.csv, accessories.csv. A blank one may be left out.",
        examples=[{"series": "HDS", "model": "HDS 50 70 18", "width_mm": 500, "height_mm": 700}],
    ),
]


class CatalogItem(WireModel):
    """A part."""

    id: UUID
    kind: PartKind
    key: str = Field(description="What names it within its kind.", examples=["ABN-53", "32GRHS/15mA"])
    make: str = Field(description="The maker of a breaker, the series of an enclosure.")
    model: str
    columns: dict[str, str] = Field(description="Every cell as text, as in the files; empty where unknown.")
    source: str = Field(description="Who stands behind its outline.")
    is_own: bool = Field(
        description="The organisation's own; others came with the program and are not changed."
    )
    is_active: bool


class NewItem(WireModel):
    """A part to add."""

    kind: PartKind
    columns: Columns


class ItemChange(WireModel):
    """Columns to change; those left out stay as they are."""

    columns: Columns


class ImportDone(WireModel):
    """What an import did."""

    added: int
    changed: int
    unchanged: int
    shipped: int = Field(description="Rows that say what the shipped ones say; nothing was kept for them.")
    trace_id: TraceIdText


class CatalogChange(WireModel):
    """One difference between two editions, or two price books."""

    kind: Literal["added", "removed", "changed"]
    table: str
    key: str
    field: str
    old: str
    new: str
    percent: str | None = Field(description="Of a changed price, in one currency.")
    message: str = Field(description="The same in the caller's language.")


class UploadFinding(WireModel):
    """Something a check found in an uploaded file that does not keep it from being used."""

    severity: Literal["error", "warning", "info"]
    path: str
    message: str
