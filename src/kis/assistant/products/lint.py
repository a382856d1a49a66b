"""What is not well in catalogs that can be used: dead relations, missing documents, one name for two products, bad addresses."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from kis.assistant.products.things import BrandCatalog, ProductFinding, Severity
from kis.assistant.things import Product
from kis.platform.messages import Message

SCHEMES: Final = frozenset({"http", "https"})
OWN_SCHEME: Final = "kis"
"""Addresses of documents that the installation itself makes."""


def lint_catalogs(
    catalogs: Sequence[BrandCatalog], known_ids: Collection[str] = ()
) -> tuple[ProductFinding, ...]:
    """Return what is not well. ``known_ids``: products that are there beside those of the catalogs."""
    ids = {*known_ids, *(product.id for catalog in catalogs for product in catalog.products)}
    found: list[ProductFinding] = []
    names: dict[tuple[str, str], str] = {}
    for catalog in catalogs:
        for place, product in enumerate(catalog.products):
            pointer = catalog.pointers[place] if catalog.pointers else f"/products/{place}"
            found += _of_relations(product, pointer, ids)
            found += _of_documents(product, pointer)
            found += _of_images(product, pointer)
            key = (catalog.brand.id, product.name.casefold())
            first = names.setdefault(key, product.id)
            if first != product.id:
                values = {"name": product.name, "other": first}
                found.append(_finding(Severity.WARNING, "duplicate_name", f"{pointer}/name", **values))
    return tuple(found)


def is_address(url: str) -> bool:
    """Tell whether a document can be looked for at ``url``."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme == OWN_SCHEME:
        return bool(parts.path)
    return parts.scheme in SCHEMES and bool(parts.hostname) and not any(map(str.isspace, url))


def _of_relations(product: Product, pointer: str, ids: Collection[str]) -> Iterator[ProductFinding]:
    for place, relation in enumerate(product.relations):
        here = f"{pointer}/relationships/{place}/target_id"
        if relation.target_id == product.id:
            yield _finding(Severity.WARNING, "own_relation", here, target=relation.target_id)
        elif relation.target_id not in ids:
            yield _finding(Severity.ERROR, "dead_relation", here, target=relation.target_id)


def _of_documents(product: Product, pointer: str) -> Iterator[ProductFinding]:
    documentation = product.documentation
    if documentation is None:
        yield _finding(Severity.WARNING, "no_document", pointer, id=product.id)
        return
    for name, url in (("url", documentation.url), ("backup_url", documentation.backup_url)):
        if url and not is_address(url):
            yield _finding(Severity.ERROR, "bad_url", f"{pointer}/documentation/{name}", url=url)


def _of_images(product: Product, pointer: str) -> Iterator[ProductFinding]:
    for name, url in product.images.items():
        # A path of the site that the catalog came from is no address here.
        if not is_address(url):
            yield _finding(Severity.INFO, "bad_url", f"{pointer}/images/{name}", url=url)


def _finding(severity: Severity, rule: str, pointer: str, **values: object) -> ProductFinding:
    message = Message(f"assistant_products.lint.{rule}", values)
    return ProductFinding(severity=severity, rule=rule, pointer=pointer, message=message)
