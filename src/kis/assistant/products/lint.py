"""What is not well in catalogs that can be used: dead relations, missing documents and fields, one name for two products, bad addresses."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from kis.assistant.products.catalog_file import read_catalogs
from kis.assistant.products.datasheets import shipped_sheets
from kis.assistant.products.lines import lines_of
from kis.assistant.products.parts import shipped_part_ids
from kis.assistant.products.things import BrandCatalog, ProductFinding, Severity
from kis.assistant.things import Product
from kis.platform.errors import BadInput, Problem, TooLarge
from kis.platform.messages import Message

SCHEMES: Final = frozenset({"http", "https"})
OWN_SCHEME: Final = "kis:"
"""What addresses of documents begin with that the installation itself makes."""
_PASSING: Final = frozenset({"unreachable", "slow"})
"""Why there was no manual, where there may be one tomorrow."""
_FIELDS: Final = {"brand": Severity.WARNING, "category": Severity.INFO}
"""Fields that a product may be without, and how much it matters."""


@dataclass(frozen=True, slots=True)
class LintedFile:
    """What was found in a file; ``problems`` where it cannot be taken in at all."""

    name: str
    findings: tuple[ProductFinding, ...] = ()
    problems: tuple[Problem, ...] = ()


def lint_files(files: Sequence[tuple[str, Callable[[], bytes]]]) -> Iterator[LintedFile]:
    """Yield what is not well in catalog files, each by its name with what reads it. Relations may lead from one to another, and to the shipped parts.

    So each is read twice, first for what others may lead to; no more than one is held at a time.
    """
    ids = set(shipped_part_ids())
    for name, content in files:
        ids |= _ids_in(name, content)
    for name, content in files:
        yield _linted(name, content, ids)


def _ids_in(name: str, content: Callable[[], bytes]) -> set[str]:
    try:
        catalogs = read_catalogs(name, content())
    except (BadInput, TooLarge):  # it is told when it is looked through
        return set()
    return {product.id for catalog in catalogs for product in catalog.products}


def _linted(name: str, content: Callable[[], bytes], ids: Collection[str]) -> LintedFile:
    try:
        data = content()
        catalogs = read_catalogs(name, data)
    except BadInput as refused:
        return LintedFile(name, problems=tuple(refused.problems))
    except TooLarge as refused:
        return LintedFile(name, problems=(Problem(name, refused.message),))
    return LintedFile(name, with_lines(lint_catalogs(catalogs, ids), data))


def with_lines(findings: tuple[ProductFinding, ...], data: bytes) -> tuple[ProductFinding, ...]:
    """Return findings with the lines of the file they were found in."""
    if not findings:
        return findings
    lines = lines_of(data.decode("utf-8-sig"))
    return tuple(replace(each, line=_line(lines, each.pointer)) for each in findings)


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
            found += _of_fields(product, pointer)
            key = (catalog.brand.id, product.name.casefold())
            first = names.setdefault(key, product.id)
            if first != product.id:
                values = {"name": product.name, "other": first}
                here = f"{pointer}/name"
                found.append(_finding(product, Severity.WARNING, "duplicate_name", here, **values))
    return tuple(found)


def lint_manuals(
    catalogs: Sequence[BrandCatalog], unavailable: Mapping[str, str]
) -> Iterator[ProductFinding]:
    """Yield the products whose manual was not to be had when it was last fetched; ``unavailable``: why, by address."""
    for catalog in catalogs:
        for place, product in enumerate(catalog.products):
            documentation = product.documentation
            if documentation is not None and documentation.url in unavailable:
                here = f"/products/{place}/documentation/url"
                reason = unavailable[documentation.url]
                severity = Severity.WARNING if reason in _PASSING else Severity.ERROR
                values = {"url": documentation.url, "reason": reason}
                yield _finding(product, severity, "unavailable", here, **values)


def is_address(url: str) -> bool:
    """Tell whether something can be looked for at ``url`` on a network."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in SCHEMES and bool(parts.hostname) and not any(map(str.isspace, url))


def _of_relations(product: Product, pointer: str, ids: Collection[str]) -> Iterator[ProductFinding]:
    for place, relation in enumerate(product.relations):
        here = f"{pointer}/relationships/{place}/target_id"
        if relation.target_id == product.id:
            yield _finding(product, Severity.WARNING, "own_relation", here, target=relation.target_id)
        elif relation.target_id not in ids:
            yield _finding(product, Severity.ERROR, "dead_relation", here, target=relation.target_id)


def _of_documents(product: Product, pointer: str) -> Iterator[ProductFinding]:
    documentation = product.documentation
    if documentation is None:
        yield _finding(product, Severity.WARNING, "no_document", pointer, id=product.id)
        return
    for name, url in (("url", documentation.url), ("backup_url", documentation.backup_url)):
        if url and url.startswith(OWN_SCHEME):
            if url not in shipped_sheets():
                here = f"{pointer}/documentation/{name}"
                yield _finding(product, Severity.ERROR, "no_sheet", here, url=url)
        elif url and not is_address(url):
            yield _finding(product, Severity.ERROR, "bad_url", f"{pointer}/documentation/{name}", url=url)


def _of_images(product: Product, pointer: str) -> Iterator[ProductFinding]:
    for name, url in product.images.items():
        # A path of the site that the catalog came from is no address here.
        if not is_address(url):
            yield _finding(product, Severity.INFO, "bad_url", f"{pointer}/images/{name}", url=url)


def _of_fields(product: Product, pointer: str) -> Iterator[ProductFinding]:
    for field, severity in _FIELDS.items():
        if not getattr(product, field):
            yield _finding(product, severity, "missing_field", pointer, field=field)


def _finding(
    product: Product, severity: Severity, rule: str, pointer: str, **values: object
) -> ProductFinding:
    message = Message(f"assistant_products.lint.{rule}", values)
    return ProductFinding(
        severity=severity, rule=rule, pointer=pointer, message=message, product_id=product.id
    )


def _line(lines: Mapping[str, int], pointer: str) -> int:
    """Return the line of a value; of one that is missing, that of what should hold it."""
    while pointer not in lines and pointer:
        pointer = pointer.rpartition("/")[0]
    return lines.get(pointer, 0)
