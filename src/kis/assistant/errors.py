"""What can be wrong with the assistant's own things, as errors of its own.

NotFound
├── ProductNotFound          there is no such product, or not for the caller: the two look the same
└── DocumentNotFound         it has no such document, or not any more
Unavailable
└── ManualUnavailable        a manual cannot be had now or at all; its leaves say why (manuals/errors.py)
    └── NoManual             none is known of the product
"""

from kis.platform.errors import NotFound, Unavailable
from kis.platform.messages import Message


class ProductNotFound(NotFound):
    """There is no such product that the caller may see."""

    code = "product_not_found"

    def __init__(self, product_id: str) -> None:
        super().__init__(Message("assistant.not_found.product", {"id": product_id}))


class DocumentNotFound(NotFound):
    """The product has no such document, or not any more."""

    code = "document_not_found"

    def __init__(self) -> None:
        super().__init__(Message("assistant_protocol.no_document"))


class ManualUnavailable(Unavailable):
    """A manual cannot be read."""

    code = "manual_unavailable"


class NoManual(ManualUnavailable):
    """The product has no manual that is known."""

    code = "no_manual"

    def __init__(self, product_name: str) -> None:
        super().__init__(Message("assistant_protocol.no_manual", {"product": product_name}))
