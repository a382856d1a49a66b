"""Parts of the estimator's catalogue as products: each with its facts, its neighbours, and the data sheet that KIS writes of it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from kis.assistant.products.catalog_file import PART_PREFIX
from kis.assistant.products.datasheets import datasheet_of
from kis.assistant.products.sheet_content import Part, kind_of
from kis.assistant.products.things import Brand
from kis.assistant.things import Product, Relation
from kis.catalog import UNVERIFIED, accessory_keys, breaker_keys, enclosure_key, load_catalog, row_key
from kis.catalog.store import HeldPart, part_of

BREAKER: Final = "breaker"
ENCLOSURE: Final = "enclosure"
RELATED: Final = "related"
_NEAR: Final = 2
"""So many below and above a part, in each thing they have in common, are its neighbours."""
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


@cache
def shipped_part_ids() -> frozenset[str]:
    """Return the ids of the parts that are everybody's."""
    catalog = load_catalog()
    parts: tuple[Part, ...] = (*catalog.breakers, *catalog.enclosures, *catalog.accessories)
    return frozenset(part_id(kind_of(part), row_key(part)) for part in parts)


def product_of(part: HeldPart, relations: Sequence[Relation] = ()) -> Product:
    """Return a part as a product. An own part has no data sheet: those are of the shipped figures."""
    columns = _columns(part)
    known = _CATEGORIES.get(columns.get("kind", ""), {})
    names = [f"{known['ko']} {part.model}"] if known else []
    if known:
        size = f"{columns.get('poles', '')}P {columns.get('frame_af', '')}AF"
        names += [f"{known['category']} {size}", f"{known['ko']} {size}"]
    if part.key != part.model:
        names.append(part.key.replace("/", " "))
    return Product(
        id=part_id(part.kind, part.key),
        name=part.model,
        brand=part.make,
        category=known.get("category", columns.get("kind", "") or part.kind),
        names=tuple(names),
        documentation=None if part.is_own else datasheet_of(part.kind, part.key),
        relations=tuple(relations),
        facts=facts_of(part.kind, columns),
    )


def relations_of(parts: Sequence[HeldPart]) -> Mapping[str, tuple[Relation, ...]]:
    """Return the neighbours of each part, by its id: those that one takes in its place.

    Of a breaker these are the same frame with other poles, the frames next to it, the other kind and the other makers of the same size; of an enclosure the other
    sizes of its series that are nearest.
    """
    columns = {part_id(part.kind, part.key): _columns(part) for part in parts}
    groups: dict[tuple[str, ...], list[str]] = {}
    # In the order of their sizes, so that neighbours stand beside each other in every group.
    for id_ in sorted(columns, key=lambda each: (_size(columns[each]), each)):
        for group in _groups(columns[id_]):
            groups.setdefault(group, []).append(id_)
    found: dict[str, dict[str, Relation]] = {id_: {} for id_ in columns}
    for held in groups.values():
        for place, id_ in enumerate(held):
            for other in held[max(place - _NEAR, 0) : place + _NEAR + 1]:
                if other != id_:
                    found[id_].setdefault(other, Relation(RELATED, other, _told(columns[other])))
    return {id_: tuple(relations.values()) for id_, relations in found.items()}


def _groups(columns: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield what a part has in common with its neighbours."""
    if columns.get("frame_af"):
        make, kind, grade, frame, poles = (
            columns.get(name, "") for name in ("make", "kind", "grade", "frame_af", "poles")
        )
        yield ("poles", make, kind, grade, frame)
        yield ("frames", make, kind, grade, poles)
        yield ("kinds", make, grade, frame, poles)
        yield ("makes", kind, grade, frame, poles)
    elif columns.get("series"):
        yield ("series", columns["series"])


def _size(columns: Mapping[str, str]) -> tuple[int, ...]:
    """Return what parts of a series are in the order of; what is no number is the least."""
    names = ("frame_af", "poles", "width_mm", "height_mm", "depth_mm")
    told = (columns.get(name, "") for name in names)
    return tuple(int(one) if one.isdecimal() else 0 for one in told)


def _told(columns: Mapping[str, str]) -> str:
    """Return what a neighbour is, in words of both languages."""
    if columns.get("frame_af"):
        return f"{columns.get('make', '')} {columns.get('kind', '')} {columns.get('poles', '')}P {columns['frame_af']}AF".strip()
    return " × ".join(columns.get(f"{side}_mm", "") for side in ("width", "height", "depth")) + " mm"


def _columns(part: HeldPart) -> dict[str, str]:
    return {name: str(value).strip() for name, value in part.columns.items() if value not in {None, ""}}


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
