"""A brand to begin with, and what a brand still lacks for a Korean quotation."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from kis.estimator.documents.brand.loader import BRAND_FILE, Brand
from kis.platform import durable
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True)
class BrandGap:
    """A field that the policy wants on every cover and the brand leaves out."""

    field: str
    message: Message


def new_brand(folder: Path) -> tuple[Path, ...]:
    """Write the illustrative brand into ``folder`` as a brand to be edited; return its files. Raises BadInput where one is there already."""
    shipped = files("kis.estimator.documents.brand") / "data"
    wanted = {folder / entry.name: entry.read_bytes() for entry in shipped.iterdir() if entry.is_file()}
    taken = [path for path in wanted if os.path.lexists(path)]  # a link that leads nowhere is there too
    if taken:
        problems = [Problem(path.name, Message("brand.exists", {"path": path})) for path in taken]
        raise BadInput(str(folder), problems)
    durable.make_directory(folder)
    for path, data in sorted(wanted.items()):
        durable.write_new(path, data)
    return tuple(sorted(wanted))


def brand_gaps(brand: Brand) -> tuple[BrandGap, ...]:
    """Return what the brand lacks of the elements its policy requires; delivery and payment may still come from a request."""
    return tuple(_gaps(brand))


def _gaps(brand: Brand) -> Iterator[BrandGap]:
    file = brand.file
    places = {
        "registration_number": ("supplier.registration_number", file.supplier.registration_number),
        "representative": ("supplier.representative", file.supplier.representative),
        "address": ("supplier.address", file.supplier.address),
        "seal": ("seal", file.seal),
        "delivery": ("terms.delivery", file.terms.delivery),
        "payment": ("terms.payment", file.terms.payment),
    }
    for element in file.policy.required:
        field, value = places.get(element, ("", True))
        if value is None:
            named = Message(f"brand.element.{element}")
            yield BrandGap(field, Message("brand.gap", {"element": named, "field": f"{BRAND_FILE}: {field}"}))
