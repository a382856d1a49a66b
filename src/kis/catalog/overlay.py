"""Rows of a shop's own over the shipped catalogue: one of the same key takes its place, any other is added behind."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kis.catalog.lint import row_key
from kis.catalog.loader import canonical_files, catalog_from_files
from kis.catalog.parts import Catalog


def overlay(catalog: Catalog, own: Mapping[str, Sequence[Any]], version: str) -> dict[str, bytes]:
    """Return the files of ``catalog`` with the rows of ``own`` (breakers, enclosures, accessories, by table name) over it, as the edition ``version``."""
    return canonical_files(
        replace(
            catalog,
            version=version,
            breakers=_merged(catalog.breakers, own.get("breakers", ())),
            enclosures=_merged(catalog.enclosures, own.get("enclosures", ())),
            accessories=_merged(catalog.accessories, own.get("accessories", ())),
        )
    )


def overlaid(catalog: Catalog, own: Mapping[str, Sequence[Any]], version: str) -> Catalog:
    """Return the catalogue in the files of :func:`overlay`."""
    return catalog_from_files(overlay(catalog, own, version))


def _merged(shipped: tuple[Any, ...], own: Sequence[Any]) -> tuple[Any, ...]:
    waiting = {row_key(row): row for row in own}
    merged = [waiting.pop(row_key(row), row) for row in shipped]
    return (*merged, *waiting.values())
