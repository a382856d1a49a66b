"""Products and the catalogs they come from: taking in, looking at, handing out."""

from kis.assistant.products.content import catalog_content
from kis.assistant.products.lint import LintedFile, lint_files
from kis.assistant.products.service import Products, Sight, sight_of
from kis.assistant.products.things import (
    Brand,
    CatalogReport,
    PastImport,
    ProductDetails,
    ProductFinding,
    ProductPage,
    ProductPrice,
    RelatedProduct,
    Severity,
)

__all__ = [
    "Brand",
    "CatalogReport",
    "LintedFile",
    "PastImport",
    "ProductDetails",
    "ProductFinding",
    "ProductPage",
    "ProductPrice",
    "Products",
    "RelatedProduct",
    "Severity",
    "Sight",
    "catalog_content",
    "lint_files",
    "sight_of",
]
