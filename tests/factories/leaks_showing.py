"""Where a secret must be shown to those who may learn it: so that a walk without leaks is not one through empty rooms."""

from collections.abc import Iterator
from typing import Final

from tests.factories.leaks_oracle import may_learn, works_on
from tests.factories.leaks_walk import SIGNED, Findings
from tests.factories.leaks_world import OURS, Planted, Seat, Secret

LIST: Final = "GET /v1/knowledge"
ONE: Final = "GET /v1/knowledge/{article_id}"
VERSION: Final = f"{ONE}/versions/{{number}}"
EXPORT: Final = "GET /v1/knowledge/export"

TEXT: Final[dict[str, frozenset[str]]] = {
    "title": frozenset({LIST, ONE, "GET /v1/knowledge/slugs/{slug}", EXPORT}),
    "title_hangul": frozenset({LIST, ONE, EXPORT}),
    "summary": frozenset({LIST, ONE, EXPORT}),
    "body": frozenset({ONE, EXPORT}),
    "tag": frozenset({LIST, ONE, EXPORT}),
    "seo": frozenset({ONE}),
    "metadata": frozenset({ONE, EXPORT}),
    "english": frozenset({LIST, ONE, f"{ONE}/rendered"}),
    "new": frozenset({LIST, ONE, EXPORT}),
    "new_hangul": frozenset({LIST, ONE, f"{ONE}/diff"}),
    "slug": frozenset({LIST, ONE}),
    "attachment": frozenset({f"{ONE}/attachments"}),
    "content": frozenset({SIGNED}),
    "comment": frozenset({f"{ONE}/comments"}),
    "feedback": frozenset({f"{ONE}/feedback"}),
    "note": frozenset({VERSION}),
}
"""Of an article, by field."""
FOUND: Final = frozenset({LIST, "GET /v1/search", "GET /v1/search/suggest"})
"""What names an article that can be found."""
READ: Final = "GET /v1/analytics/articles"
OLD: Final = frozenset({"title", "title_hangul", "summary", "body", "tag", "seo"})
"""What a newer draft says no more."""
OTHERS: Final[dict[str, frozenset[str]]] = {
    "ours/category": frozenset({"GET /v1/categories"}),
    "ours/pin": frozenset({"GET /v1/search/pins"}),
    "ours/synonyms": frozenset({"GET /v1/search/synonyms"}),
    "ours/item": frozenset({"GET /v1/catalog/items/{item_id}"}),
    "ours/quotation/completed": frozenset({"GET /v1/estimate/{quote_id}"}),
    "ours/quotation/draft": frozenset({"GET /v1/estimate/{quote_id}"}),
    "ours/run": frozenset({"GET /v1/knowledge/runs"}),
    "ours/catalog": frozenset({"GET /v1/assistant/catalogs"}),
    "ours/thread": frozenset(
        {"GET /v1/assistant/threads/{thread_id}", "GET /v1/assistant/threads/{thread_id}/export"}
    ),
}
"""Of what is no article, by name."""
PRODUCTS: Final = "GET /v1/assistant/products"
ASK: Final = "POST /v1/assistant/ask"
FIELDS: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("ours/log", "query"): frozenset({"GET /v1/analytics/queries", "GET /v1/analytics/queries/failing"}),
    ("ours/product", "product"): frozenset({f"{PRODUCTS}/{{product_id}}"}),
    ("ours/product", "brand"): frozenset({PRODUCTS, "POST /v1/assistant/predict", ASK}),
    ("ours/product", "relation"): frozenset({f"{PRODUCTS}/{{product_id}}/related", ASK}),
    ("ours/manual", "manual"): frozenset({ASK}),
}
"""Of what is no article, by name and field."""


def missing(planted: Planted, findings: Findings) -> list[str]:
    """Return what somebody should have been shown in their own organisation and was not."""
    return [
        f"{seat.name}: {operation} does not tell {secret.field} of {secret.thing.name}"
        for key, secret in planted.secrets.items()
        for seat in planted.seats
        if seat.house == secret.thing.house and not seat.is_special
        for operation in shown_by(seat, secret)
        if may_learn(seat, secret, operation) and key not in findings.seen[seat.name, operation]
    ]


def shown_by(seat: Seat, secret: Secret) -> Iterator[str]:
    """Yield the operations that show a secret to somebody who may learn it."""
    thing = secret.thing
    if not thing.is_article:
        if secret.field in thing.words:
            yield from OTHERS.get(thing.name, ())
        yield from FIELDS.get((thing.name, secret.field), ())
    elif "title_hangul" not in thing.words:
        return
    elif thing.state == "binned":
        if secret.field in {"title", "slug"}:
            yield "GET /v1/knowledge/bin"
    elif secret.field == "id":
        yield from FOUND if thing.state != "expired" else (LIST,)
        if thing.house == OURS and "analytics.read" in seat.rights:
            yield READ
    elif thing.state == "newer_draft" and secret.field in OLD and works_on(seat, thing):
        yield VERSION
    else:
        yield from TEXT.get(secret.field, ())
