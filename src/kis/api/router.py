"""The roll-call of the routes. Adding an area is one line here and its module in ``routes``."""

from typing import Final

from fastapi import APIRouter

from kis.api.routes import (
    admin,
    analytics,
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
    knowledge_runs,
    objects,
    operations,
    organizations,
    price_books,
    rulebooks,
    search,
    search_words,
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
    search.router,
    search_words.router,
    knowledge_rules.router,
    knowledge_runs.router,
    knowledge.router,
    knowledge_parts.router,
    categories.router,
    analytics.router,
    auth.router,
    users.router,
    organizations.router,
    api_keys.router,
    audit.router,
    admin.router,
    operations.router,
)
"""Every area's router, in the order of the contract."""
