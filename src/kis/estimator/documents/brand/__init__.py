"""The brand of the company that quotes: its names, looks, terms, and the policy of its documents."""

from kis.estimator.documents.brand.loader import BRAND_FILE, Brand, load_brand, read_brand
from kis.estimator.documents.brand.schema import ILLUSTRATIVE_NUMBER, BrandFile, is_registration_number
from kis.estimator.documents.brand.starter import BrandGap, brand_gaps, new_brand

__all__ = [
    "BRAND_FILE",
    "ILLUSTRATIVE_NUMBER",
    "Brand",
    "BrandFile",
    "BrandGap",
    "brand_gaps",
    "is_registration_number",
    "load_brand",
    "new_brand",
    "read_brand",
]
