"""Parts of the estimator's catalogue as products: each with its facts, and a breaker with the data sheet that KIS writes."""

from collections.abc import Mapping
from typing import Any, Final

from kis.assistant.products.catalog_file import PART_PREFIX
from kis.assistant.products.things import Brand
from kis.assistant.things import Product
from kis.catalog import UNVERIFIED, accessory_keys, breaker_keys, enclosure_key
from kis.catalog.store import HeldPart, part_of

BREAKER: Final = "breaker"
ENCLOSURE: Final = "enclosure"
_SLASH: Final = "~"
"""Stands for the slash in ids, which are parts of paths."""
_CATEGORIES: Final[Mapping[str, Mapping[str, str]]] = {
    "MCCB": {"category": "MCCB", "ko": "배선용차단기"},
    "ELB": {"category": "ELB", "ko": "누전차단기"},
}
_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "breaker": ("frame_af", "poles", "ratings_a", "sensitivity_ma"),
    "enclosure": ("mounting", "material", "sheet_mm", "ip"),
    "accessory": ("size_class",),
}
_SOURCES: Final[Mapping[str, str]] = {
    "outline_source": "dimensions_mm",
    "icu_source": "icu_ka",
    "front_source": "front_mm",
    "ratings_source": "ratings_a",
    "depth_source": "depth_mm",
    "ip_source": "ip",
    "source": "dimensions_mm",
}


def part_id(kind: str, key: str) -> str:
    """Return the id of a part among the products."""
    return f"{PART_PREFIX}{kind}:{key.replace('/', _SLASH)}"


def product_of(part: HeldPart) -> Product:
    """Return a part as a product."""
    columns = {name: str(value).strip() for name, value in part.columns.items() if value not in {None, ""}}
    known = _CATEGORIES.get(columns.get("kind", ""), {})
    names = [f"{known['ko']} {part.model}"] if known else []
    if part.key != part.model:
        names.append(part.key.replace("/", " "))
    return Product(
        id=part_id(part.kind, part.key),
        name=part.model,
        brand=part.make,
        category=known.get("category", columns.get("kind", "") or part.kind),
        names=tuple(names),
        facts=facts_of(part.kind, columns),
    )


def facts_of(kind: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Return what is known of a part, by the names of its columns; ``unverified`` names what nobody has read off a maker's sheet."""
    facts = {name: columns[name] for name in _FACTS[kind] if columns.get(name)}
    size = [columns.get(f"{side}_mm", "") for side in ("width", "height", "depth")]
    if all(size):
        facts["dimensions_mm"] = " × ".join(size)
    if columns.get("front_mm"):
        facts["front_mm"] = columns["front_mm"]
    if columns.get("icu_ka"):
        facts["icu_ka"] = columns["icu_ka"]
    if columns.get("icu_at_v"):
        facts["icu_at_v"] = columns["icu_at_v"]
    doubted = {fact for column, fact in _SOURCES.items() if columns.get(column) in UNVERIFIED}
    if doubted & facts.keys():
        facts["unverified"] = ", ".join(sorted(doubted & facts.keys()))
    return facts


def price_keys(kind: str, columns: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys a price book may price a part under. Raises BadInput for columns that are no part."""
    part = part_of(kind, columns)
    if kind == BREAKER:
        return breaker_keys(part)
    return (enclosure_key(part),) if kind == ENCLOSURE else accessory_keys(part)


def brand_of_part(part: HeldPart) -> Brand:
    """Return who makes a part, of whom no more than the name is known."""
    name = part.make or part.kind
    return Brand(id=name, name=name)
