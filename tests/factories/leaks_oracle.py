"""Who may learn which secret: written from the specification of the knowledge base and the table of rights, and from nothing of the program.

- What is published is read by the article's readers: everybody who is logged in (public), the organisation, or some of its roles, among which administrators always are.
- What is not published, and what is said about it, is for those of the same readers who write or review: in the article's own organisation.
- What is in the bin is seen by administrators of the knowledge base alone; what has expired has no readers.
- A conversation with the assistant is its owner's alone.
- Everything else is its organisation's, for those whose right it is.
- The audit log tells of everything that was done, by the names of things and not by their texts: whoever may read it controls all others. An operator may read that of every organisation.
"""

from typing import Final

from kis.search import Visibility
from tests.factories.leaks_world import OPEN, Seat, Secret, Thing

AUDIT: Final = frozenset({"GET /v1/audit", "GET /v1/audit/export"})
JOBS: Final = frozenset({"GET /v1/admin/jobs", "GET /v1/admin/jobs/{job_id}"})
"""Operators see those of every organisation: what they are about by its id."""
AUDITED: Final = frozenset(
    {
        *("id", "run_id", "comment_id", "attachment_id", "sha256", "slug", "attachment"),
        *("name", "english", "query", "one", "other", "file", "model", "make", "book", "rules"),
    }
)
"""What the audit log names: never what a text says, a comment, an opinion, a customer."""
CATALOGS: Final = frozenset({"GET /v1/assistant/catalogs", "GET /v1/assistant/catalogs/export"})
"""Of the assistant: what was taken in, for those who read catalogs whether they use it or not."""
UNPUBLISHED: Final = frozenset({"new", "new_hangul", "note", "comment", "feedback"})
"""Of an article that readers have: what is not for them."""
DESK: Final = frozenset({"article.write", "article.review"})
"""Who has one of these writes or reviews."""


def may_learn(seat: Seat, secret: Secret, operation: str) -> bool:
    """Tell whether an answer of an operation may tell a secret to somebody."""
    if operation in AUDIT and secret.field in AUDITED and _controls(seat, secret.thing):
        return True
    if operation in JOBS and secret.field in {"id", "run_id"} and "installation.operate" in seat.rights:
        return True
    thing = secret.thing
    if thing.owner:
        return seat.name == thing.owner
    if not thing.is_article:
        needs = "catalog.read" if operation in CATALOGS else thing.needs
        return seat.house == thing.house and _has(seat, needs)
    if works_on(seat, thing):
        return True
    return reads(seat, thing) and not _is_unpublished(secret)


def knows_of(seat: Seat, thing: Thing) -> bool:
    """Tell whether somebody may learn that there is an article."""
    return reads(seat, thing) or works_on(seat, thing)


def reads(seat: Seat, thing: Thing) -> bool:
    """Tell whether somebody is shown what is published of an article."""
    if thing.state not in OPEN or "article.read" not in seat.rights:
        return False
    return thing.visibility is Visibility.PUBLIC or _is_for(seat, thing)


def works_on(seat: Seat, thing: Thing) -> bool:
    """Tell whether somebody is shown where an article stands."""
    if thing.state == "binned":
        return seat.house == thing.house and "knowledge.admin" in seat.rights
    return bool(seat.rights & DESK) and _is_for(seat, thing)


def _is_for(seat: Seat, thing: Thing) -> bool:
    """Tell whether an article is for somebody's role in their organisation."""
    return seat.house == thing.house and (
        thing.visibility is not Visibility.ROLE or seat.role in {*thing.roles, "admin"}
    )


def _is_unpublished(secret: Secret) -> bool:
    """Tell whether a secret of an article that has readers is not for them."""
    is_other_language = secret.thing.state == "half" and secret.field == "english"
    return secret.field in UNPUBLISHED or is_other_language or secret.field == "comment_id"


def _has(seat: Seat, needs: str) -> bool:
    return bool(seat.rights & DESK) if needs == "desk" else needs in seat.rights


def _controls(seat: Seat, thing: Thing) -> bool:
    return "installation.operate" in seat.rights or (
        seat.house == thing.house and "audit.read" in seat.rights
    )
