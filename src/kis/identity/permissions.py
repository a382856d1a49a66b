"""What may be done, by name, and which role may do it. Services check these; routes only say who calls."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """An act, as ``noun.verb``."""

    QUOTATION_READ = "quotation.read"
    QUOTATION_CREATE = "quotation.create"
    QUOTATION_REVISE = "quotation.revise"
    QUOTATION_ACCEPT_GATE = "quotation.accept_gate"
    QUOTATION_APPROVE_MIXED = "quotation.approve_mixed"
    QUOTATION_SEND = "quotation.send"
    QUOTATION_CLOSE = "quotation.close"
    DOCUMENT_READ = "document.read"
    EVIDENCE_READ = "evidence.read"
    EVIDENCE_DOWNLOAD = "evidence.download"
    CATALOG_READ = "catalog.read"
    CATALOG_WRITE = "catalog.write"
    PRICE_BOOK_READ = "price_book.read"
    PRICE_BOOK_WRITE = "price_book.write"
    RULEBOOK_READ = "rulebook.read"
    RULEBOOK_WRITE = "rulebook.write"
    ARTICLE_READ = "article.read"
    """Read and search what is published to one."""
    ARTICLE_WRITE = "article.write"
    """Write articles and their categories, import, and see drafts."""
    ARTICLE_REVIEW = "article.review"
    """Approve, publish and archive what others wrote."""
    KNOWLEDGE_ADMIN = "knowledge.admin"
    """Synonyms, pins, the bin, settings of the knowledge base, reindexing."""
    ANALYTICS_READ = "analytics.read"
    ASSISTANT_USE = "assistant.use"
    """Have products predicted, open their manuals and ask about them."""
    USER_READ = "user.read"
    USER_WRITE = "user.write"
    ORGANIZATION_READ = "organization.read"
    ORGANIZATION_WRITE = "organization.write"
    API_KEY_READ = "api_key.read"
    API_KEY_WRITE = "api_key.write"
    AUDIT_READ = "audit.read"
    INSTALLATION_OPERATE = "installation.operate"


class Role(StrEnum):
    """What a person or key is in an organisation."""

    ADMIN = "admin"
    ESTIMATOR = "estimator"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


_READING: Final = frozenset(
    {
        Permission.QUOTATION_READ,
        Permission.DOCUMENT_READ,
        Permission.EVIDENCE_READ,
        Permission.CATALOG_READ,
        Permission.PRICE_BOOK_READ,
        Permission.RULEBOOK_READ,
        Permission.ARTICLE_READ,
        Permission.ASSISTANT_USE,
        Permission.ORGANIZATION_READ,
    }
)
_QUOTING: Final = _READING | {
    Permission.QUOTATION_CREATE,
    Permission.QUOTATION_REVISE,
    Permission.QUOTATION_SEND,
    Permission.QUOTATION_CLOSE,
}

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.VIEWER: _READING,
    # Editors keep the catalogue, its prices and the articles of the knowledge base.
    Role.EDITOR: _READING
    | {
        Permission.CATALOG_WRITE,
        Permission.PRICE_BOOK_WRITE,
        Permission.ARTICLE_WRITE,
        Permission.ANALYTICS_READ,
    },
    Role.ESTIMATOR: _QUOTING,
    # Reviewers take on what a gate refused, and articles; who quotes or writes does not approve their own.
    Role.REVIEWER: _READING
    | {
        Permission.ARTICLE_REVIEW,
        Permission.ANALYTICS_READ,
        Permission.QUOTATION_ACCEPT_GATE,
        Permission.QUOTATION_APPROVE_MIXED,
        Permission.QUOTATION_SEND,
        Permission.USER_READ,
        Permission.AUDIT_READ,
    },
    Role.ADMIN: frozenset(Permission) - {Permission.INSTALLATION_OPERATE},
}
"""``installation.operate`` belongs to no role: operators have it beside theirs."""
