"""The roll-call of the routes. Adding an area is one line here and its module in ``routes``."""

from typing import Final

from fastapi import APIRouter

from kis.api.routes import (
    api_keys,
    audit,
    auth,
    catalog,
    categories,
    documents,
    estimate,
    evidence,
    knowledge,
    knowledge_parts,
    knowledge_rules,
    objects,
    operations,
    organizations,
    price_books,
    rulebooks,
    tasks,
    users,
    validate,
)

AREAS: Final[tuple[APIRouter, ...]] = (
    estimate.router,
    validate.router,
    documents.router,
    objects.router,
    tasks.router,
    evidence.router,
    catalog.router,
    price_books.router,
    rulebooks.router,
    knowledge_rules.router,
    knowledge.router,
    knowledge_parts.router,
    categories.router,
    auth.router,
    users.router,
    organizations.router,
    api_keys.router,
    audit.router,
    operations.router,
)
"""Every area's router, in the order of the contract."""
