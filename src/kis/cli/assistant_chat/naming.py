"""Which product somebody means who names one on the command line, by its id or as people call it.

An id is taken as it stands. Otherwise the server's predictor says what the text may mean; but what it would offer to somebody who goes on typing is not
yet what a script may ask about. So a figure must stand in the name as it was written: ABN-55 is not a slip for ABN-53, it is another product.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final
from unicodedata import normalize

from kis.cli.assistant_chat.conversation import LONGEST_TYPED, Product, encodable, shown_line
from kis.cli.assistant_chat.errors import NoSuchProduct, NothingThere
from kis.cli.assistant_chat.web import Web

SURE: Final = 0.9
"""Of predictions told with this confidence nine in ten and more are what was meant (docs/adr/0022-prediction.md)."""
MOST_LOOKED_AT: Final = 20
"""As many as the server tells: a second product of the same name may stand behind others."""
MOST_NAMED: Final = 5
LONGEST_ID: Final = 300
_FIGURES: Final = re.compile(r"\d+")
_SPACES: Final = re.compile(r"\s+")
_SEPARATORS: Final = re.compile(r"[\s_·\u2010-\u2015-]+")
"""What is written or left out at will: spaces, and hyphens of any length."""


async def find_product(web: Web, text: str) -> Product:
    """Return the product that has ``text`` for its id, or else the one that is called so. Raises NoSuchProduct with those that come near."""
    text = encodable(text)
    if _may_be_id(text):
        try:
            return (await web.product(text))[0]
        except NothingThere:
            pass  # it is no id; perhaps it is a name
    typed = shown_line(text)[:LONGEST_TYPED]
    products = await web.predict(typed, most=MOST_LOOKED_AT) if typed else []
    meant = product_meant(typed, products)
    if meant is None:
        raise NoSuchProduct(typed, products[:MOST_NAMED])
    return meant


def product_meant(text: str, products: Sequence[Product]) -> Product | None:
    """Return the one of the predicted products, the likeliest first, that ``text`` means beyond doubt; None where there is none."""
    for form in (_as_written, _joined):
        called_so = [product for product in products if form(text) in _names(product, form)]
        if called_so:
            return called_so[0] if len(called_so) == 1 else None
    if products and products[0].confidence >= SURE and _has_figures_of(text, products[0]):
        return products[0]
    return None


def _may_be_id(text: str) -> bool:
    """Tell whether an address can be made of it that leads to a product: not where a part of it would be a path's own."""
    return 0 < len(text) <= LONGEST_ID and "/" not in text and bool(text.strip(". "))


def _names(product: Product, form: Callable[[str], str]) -> set[str]:
    return {form(product.name), form(f"{product.brand} {product.name}")}


def _as_written(text: str) -> str:
    return _SPACES.sub("", normalize("NFKC", text).casefold())


def _joined(text: str) -> str:
    return _SEPARATORS.sub("", normalize("NFKC", text).casefold())


def _has_figures_of(text: str, product: Product) -> bool:
    figures = set(_FIGURES.findall(normalize("NFKC", text)))
    return figures <= set(_FIGURES.findall(normalize("NFKC", f"{product.brand} {product.name}")))
