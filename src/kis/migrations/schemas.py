"""The schemas of the database that are ours; others may live beside them."""

from typing import Final

SCHEMAS: Final = ("identity", "shared", "estimator", "knowledge")
