"""Catalogs as files: ``{"brand_identity": {…}, "products": […]}``, or a bare list of products that name their brands themselves.

Reading finds every mistake at once, each with its JSON pointer and line. What a program knows nothing of is passed over.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from kis.assistant.products.lines import lines_of, pointer_of
from kis.assistant.products.things import Brand, BrandCatalog
from kis.assistant.things import Documentation, DocumentationType, Product, Relation, documentation_shape
from kis.platform.errors import BadInput, Problem, TooLarge
from kis.platform.messages import Message

MOST_BYTES: Final = 50_000_000
MOST_PRODUCTS: Final = 100_000
MOST_RELATIONS: Final = 200
MOST_IMAGES: Final = 20
MOST_NAMES: Final = 20
MOST_FACTS: Final = 60
LONGEST_ID: Final = 200
LONGEST_NAME: Final = 300
LONGEST_TEXT: Final = 4000
LONGEST_URL: Final = 2000
PART_PREFIX: Final = "part:"
"""Ids of the estimator's own parts begin so; a catalog may not take one."""
_ID: Final = re.compile(r"[^\s/\\?#%\x00-\x1f\x7f](?:[^/\\?#%\x00-\x1f\x7f]*[^\s/\\?#%\x00-\x1f\x7f])?")
"""Ids stand in paths of the API."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

Path = list[str | int]


def read_catalogs(name: str, data: bytes) -> tuple[BrandCatalog, ...]:
    """Return the catalogs in a file, one for each brand. Raises TooLarge, and BadInput with every problem by pointer and line."""
    if len(data) > MOST_BYTES:
        raise TooLarge(Message("assistant_products.invalid.bytes", {"most": MOST_BYTES}))
    text = _decoded(name, data)
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        fault = Message("assistant_products.invalid.json")
        raise BadInput(name, [Problem(f"{name}:{error.lineno}", fault)]) from error
    reading = _Reading()
    catalogs = reading.catalogs(content)
    if reading.faults:
        lines = lines_of(text)
        raise BadInput(
            name,
            [Problem(f"{name}:{_line(lines, at)} {at or '/'}", message) for at, message in reading.faults],
        )
    return catalogs


def written(catalog: BrandCatalog) -> dict[str, Any]:
    """Return a catalog in the shape of its file."""
    brand = catalog.brand
    return {
        "brand_identity": {
            "id": brand.id,
            "name": brand.name,
            "hq": brand.hq,
            "founded": brand.founded,
            "website": brand.website,
            "logo_url": brand.logo_url,
            "description": brand.description,
        },
        "products": [_written_product(product) for product in catalog.products],
    }


def _written_product(product: Product) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": product.id,
        "name": product.name,
        "brand": product.brand,
        "category": product.category,
        "production_country": product.country,
        "images": dict(product.images),
        "documentation": documentation_shape(product.documentation) or None,
        "relationships": [
            {"type": relation.kind, "target_id": relation.target_id, "label": relation.label}
            for relation in product.relations
        ],
    }
    if product.names:
        shape["names"] = list(product.names)
    if product.facts:
        shape["facts"] = dict(product.facts)
    return shape


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Message("assistant_products.invalid.utf8", {"at": error.start})
        raise BadInput(name, [Problem(name, fault)]) from error


def _line(lines: Mapping[str, int], pointer: str) -> int:
    """Return the line of a value; of one that is missing, that of what should hold it."""
    while pointer not in lines and pointer:
        pointer = pointer.rpartition("/")[0]
    return lines.get(pointer, 1)


class _Reading:
    """One reading of a file: what is wrong gathers while it goes on."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, Message]] = []

    def catalogs(self, content: Any) -> tuple[BrandCatalog, ...]:
        if isinstance(content, list):
            return self._by_brand(self._products(content, []))
        if not isinstance(content, dict) or "products" not in content:
            self._fault([], "shape")
            return ()
        listed = content["products"]
        if not isinstance(listed, list):
            self._fault(["products"], "list")
            return ()
        identity = content.get("brand_identity")
        if identity is None:
            return self._by_brand(self._products(listed, ["products"]))
        brand = self._brand(identity, ["brand_identity"])
        read = self._products(listed, ["products"], brand.name)
        return (
            BrandCatalog(
                brand=brand,
                products=tuple(product for product, _ in read),
                pointers=tuple(pointer for _, pointer in read),
            ),
        )

    def _by_brand(self, read: Sequence[tuple[Product, str]]) -> tuple[BrandCatalog, ...]:
        """Return the products of a list that names no brand of its own, put together by theirs."""
        groups: dict[str, list[tuple[Product, str]]] = {}
        for product, pointer in read:
            groups.setdefault(_code_of(product.brand), []).append((product, pointer))
        return tuple(
            BrandCatalog(
                brand=Brand(id=code, name=group[0][0].brand or code),
                products=tuple(product for product, _ in group),
                pointers=tuple(pointer for _, pointer in group),
            )
            for code, group in groups.items()
        )

    def _brand(self, given: Any, at: Path) -> Brand:
        if not isinstance(given, dict):
            self._fault(at, "object")
            return Brand(id="", name="")
        return Brand(
            id=self._id(given, "id", at),
            name=self._text(given, "name", at, most=LONGEST_NAME, required=True),
            hq=self._text(given, "hq", at, most=LONGEST_NAME),
            founded=self._text(given, "founded", at, most=LONGEST_NAME),
            website=self._text(given, "website", at, most=LONGEST_URL),
            logo_url=self._text(given, "logo_url", at, most=LONGEST_URL),
            description=self._text(given, "description", at, most=LONGEST_TEXT),
        )

    def _products(self, listed: list[Any], at: Path, brand: str = "") -> list[tuple[Product, str]]:
        if len(listed) > MOST_PRODUCTS:
            self._fault(at, "many", most=MOST_PRODUCTS)
            return []
        read: list[tuple[Product, str]] = []
        seen: dict[str, str] = {}
        for place, given in enumerate(listed):
            here: Path = [*at, place]
            if not isinstance(given, dict):
                self._fault(here, "object")
                continue
            product = self._product(given, here, brand)
            first = seen.setdefault(product.id, pointer_of(here))
            if product.id and first != pointer_of(here):
                self._fault([*here, "id"], "twice", first=first)
            read.append((product, pointer_of(here)))
        return read

    def _product(self, given: dict[str, Any], at: Path, brand: str) -> Product:
        return Product(
            id=self._id(given, "id", at),
            name=self._text(given, "name", at, most=LONGEST_NAME, required=True),
            brand=self._text(given, "brand", at, most=LONGEST_NAME) or brand,
            category=self._text(given, "category", at, most=LONGEST_NAME),
            country=self._text(given, "production_country", at, most=LONGEST_NAME),
            names=self._names(given.get("names"), [*at, "names"]),
            images=self._pairs(given.get("images"), [*at, "images"], MOST_IMAGES, LONGEST_URL),
            documentation=self._documentation(given.get("documentation"), [*at, "documentation"]),
            relations=self._relations(given.get("relationships"), [*at, "relationships"]),
            facts=self._pairs(given.get("facts"), [*at, "facts"], MOST_FACTS, LONGEST_NAME),
        )

    def _documentation(self, given: Any, at: Path) -> Documentation | None:
        if given is None:
            return None
        if not isinstance(given, dict):
            self._fault(at, "object")
            return None
        url = self._text(given, "url", at, most=LONGEST_URL)
        backup = self._text(given, "backup_url", at, most=LONGEST_URL)
        type_ = self._text(given, "type", at, most=LONGEST_NAME)
        known = {one.value: one for one in DocumentationType}
        if type_.lower() not in known and (url or type_):
            self._fault([*at, "type"], "documentation_type", allowed=", ".join(known))
            return None
        return Documentation(known[type_.lower()], url, backup or None) if url else None

    def _relations(self, given: Any, at: Path) -> tuple[Relation, ...]:
        relations = []
        for place, each in enumerate(self._listed(given, at, MOST_RELATIONS)):
            here: Path = [*at, place]
            if not isinstance(each, dict):
                self._fault(here, "object")
                continue
            relations.append(
                Relation(
                    kind=self._text(each, "type", here, most=LONGEST_NAME, required=True),
                    target_id=self._text(each, "target_id", here, most=LONGEST_ID, required=True),
                    label=self._text(each, "label", here, most=LONGEST_NAME),
                )
            )
        return tuple(relations)

    def _names(self, given: Any, at: Path) -> tuple[str, ...]:
        listed = self._listed(given, at, MOST_NAMES)
        return tuple(
            self._checked(each, [*at, place], most=LONGEST_NAME, required=True)
            for place, each in enumerate(listed)
        )

    def _pairs(self, given: Any, at: Path, most: int, longest: int) -> dict[str, str]:
        """Return texts by name; what is null or empty is left out."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            self._fault(at, "object")
            return {}
        if len(given) > most:
            self._fault(at, "many", most=most)
            return {}
        texts = {
            self._checked(name, [*at, name], most=LONGEST_ID): self._text(given, name, at, most=longest)
            for name in given
        }
        return {name: text for name, text in texts.items() if text}

    def _listed(self, given: Any, at: Path, most: int) -> list[Any]:
        if given is None:
            return []
        if not isinstance(given, list):
            self._fault(at, "list")
            return []
        if len(given) > most:
            self._fault(at, "many", most=most)
            return []
        return given

    def _id(self, given: Mapping[str, Any], name: str, at: Path) -> str:
        text = self._text(given, name, at, most=LONGEST_ID, required=True)
        if text and (not _ID.fullmatch(text) or text in {".", ".."}):
            self._fault([*at, name], "id")
        elif text.startswith(PART_PREFIX):
            self._fault([*at, name], "part_id", prefix=PART_PREFIX)
        return text

    def _text(
        self, given: Mapping[str, Any], name: str, at: Path, *, most: int, required: bool = False
    ) -> str:
        return self._checked(given.get(name), [*at, name], most=most, required=required)

    def _checked(self, value: Any, at: Path, *, most: int, required: bool = False) -> str:
        if value is None:
            value = ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)  # the year a house was founded, a figure among the facts
        if not isinstance(value, str):
            self._fault(at, "text")
            return ""
        text = value.strip()
        if _CONTROL.search(text):
            self._fault(at, "control")
        elif len(text) > most:
            self._fault(at, "long", most=most)
        elif required and not text:
            self._fault(at, "missing")
        else:
            return text
        return ""

    def _fault(self, at: Path, what: str, **values: object) -> None:
        self.faults.append((pointer_of(at), Message(f"assistant_products.invalid.{what}", values)))


def _code_of(brand: str) -> str:
    """Return the id of a brand that only its name is known of."""
    return re.sub(r"[^\w.]+", "-", brand.casefold()).strip("-") or "unnamed"
