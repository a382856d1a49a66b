"""The catalog that typing is measured with: names made by the rules of several makers and trades, and the breakers of the parts catalogue.

``data/naming.yaml`` holds the rules; ``data/products.jsonl`` is what they made, kept as a file so that a measurement of today and one of next year ask for
the same products, whatever becomes of the rules or of the parts catalogue. ``made_products`` makes it again.
"""

import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from kis.catalog import Catalog

BREAKER_NAMES: Final = {
    "MCCB": ("배선용차단기", "Molded case circuit breaker"),
    "ELB": ("누전차단기", "Earth leakage breaker"),
}
_CATEGORY: Final = {"MCCB": "Circuit breaker", "ELB": "Earth leakage breaker"}


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """A product as far as typing its name is concerned."""

    id: str
    name: str
    brand: str
    category: str = ""


def shipped_products() -> list[ListedProduct]:
    """Return the products that come with the program."""
    return [
        ListedProduct(**json.loads(line)) for line in _data("products.jsonl").read_text("utf-8").splitlines()
    ]


def shipped_digest() -> str:
    """Return the SHA-256 of the file of the products that come with the program."""
    return sha256(_data("products.jsonl").read_bytes()).hexdigest()


def made_products(parts: "Catalog") -> list[ListedProduct]:
    """Return the products as the rules and a parts catalogue make them, each name once."""
    rules = yaml.safe_load(_data("naming.yaml").read_text("utf-8"))
    named = itertools.chain(*map(_of_series, rules), _breakers(parts))
    once = dict.fromkeys(named)
    return [
        ListedProduct(f"p{number:04}", name, brand, category)
        for number, (name, brand, category) in enumerate(once, start=1)
    ]


def as_lines(products: list[ListedProduct]) -> str:
    """Return the text of a file of products, one JSON object a line."""
    return "".join(json.dumps(asdict(product), ensure_ascii=False) + "\n" for product in products)


def _of_series(rule: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    slots: dict[str, list[str | int]] = rule["slots"]
    for values in itertools.product(*slots.values()):
        name = rule["name"].format(**dict(zip(slots, values, strict=True)))
        yield name, rule["brand"], rule["category"]


def _breakers(parts: "Catalog") -> Iterator[tuple[str, str, str]]:
    """Yield each model in English, and in Korean with each of its ratings: so they stand in an English brochure and in a Korean price list."""
    for breaker in parts.breakers:
        kind = breaker.kind.value
        korean, english = BREAKER_NAMES[kind]
        poles = f"{breaker.poles}P"
        is_told = poles in breaker.model.split()
        yield f"{breaker.model} {english}{'' if is_told else f' {poles}'}", breaker.make, _CATEGORY[kind]
        for rating in breaker.ratings_a:
            model = breaker.model if is_told else f"{breaker.model} {poles}"
            yield f"{korean} {model} {rating}A", breaker.make, korean


def _data(name: str) -> Traversable:
    return files("kis.assistant.evaluation") / "data" / name
