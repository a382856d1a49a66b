"""Every operation of the API: who may do it, and a request that does it to something of ours.

The rights are written down here by hand, from what each operation is for. They are not read from the program, which is held against them.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from kis.catalog.store import CatalogForm
from kis.identity import Role
from tests.factories.quotations import request_of
from tests.factories.security import OWN_BREAKER, PASSWORD, Person, World, price_book_named, rulebook_named

PUBLIC: Final = "public"
"""Nobody need be known: it tells nothing of anybody, or the link or the password in the request is the credential."""
LOGIN: Final = "login"
"""Whoever is known may do it: it is about themselves."""
PERSON: Final = "person"
"""As LOGIN, and not for machines: keys have no password and no logins."""

READER: Final = frozenset(
    {
        "quotation.read",
        "document.read",
        "evidence.read",
        "catalog.read",
        "price_book.read",
        "rulebook.read",
        "article.read",
        "assistant.use",
        "organization.read",
    }
)
"""What everybody in an organisation may: look."""
MAY: Final[Mapping[str, frozenset[str]]] = {
    "viewer": READER,
    "editor": READER | {"catalog.write", "price_book.write", "article.write", "analytics.read"},
    "estimator": READER | {"quotation.create", "quotation.revise", "quotation.send", "quotation.close"},
    "reviewer": READER
    | {"quotation.accept_gate", "quotation.approve_mixed", "quotation.send", "user.read", "audit.read"}
    | {"article.review", "analytics.read"},
    "admin": READER
    | {
        "catalog.write",
        "price_book.write",
        "rulebook.write",
        "quotation.create",
        "quotation.revise",
        "quotation.send",
        "quotation.close",
        "quotation.accept_gate",
        "quotation.approve_mixed",
        "evidence.download",
        "article.write",
        "article.review",
        "knowledge.admin",
        "analytics.read",
        "user.read",
        "user.write",
        "organization.write",
        "api_key.read",
        "api_key.write",
        "audit.read",
    },
    "operator": READER | {"installation.operate"},
}
"""The operator of the matrix is a viewer in ours: operating gives no rights in an organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request."""

    path: str
    params: dict[str, Any] = field(default_factory=dict)
    json: Any = None
    files: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """Return all that the caller says, and so may be told back."""
        return f"{self.path} {self.params} {self.json} {self.files}"

    @property
    def arguments(self) -> dict[str, Any]:
        """Return it as a client takes it, apart from headers."""
        given = {"params": self.params, "json": self.json, "files": self.files}
        return {name: value for name, value in given.items() if value}


Arrange = Callable[[World, Person | None], Awaitable[Call]]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: what it needs, what it answers who may, and how to ask for it."""

    method: str
    path: str
    needs: str
    status: int
    arrange: Arrange
    names_one: bool = False
    """It is about one thing of ours, which does not exist for anybody else."""
    or_needs: str = ""
    """Another right that is enough by itself."""
    beside: str = ""
    """A right without which its thing is not seen, and so not there."""

    @property
    def name(self) -> str:
        """Return it as the contract has it."""
        return f"{self.method} {self.path}"


def to(path: str, **more: Any) -> Arrange:
    """Return a request that needs nothing prepared."""

    async def arranged(_world: World, _person: Person | None) -> Call:
        return Call(path=path, **more)

    return arranged


def on(name: str, path: str, **more: Any) -> Arrange:
    """Return a request about a quotation of ours."""

    async def arranged(world: World, _person: Person | None) -> Call:
        shown = getattr(world, name)
        return Call(path=path.format(**shown), **more)

    return arranged


async def log_in(world: World, _person: Person | None) -> Call:
    somebody = await world.at.person(world.ours.id, Role.VIEWER)
    return Call(path="/v1/auth/login", json={"email": somebody.email, "password": PASSWORD})


async def refresh(world: World, _person: Person | None) -> Call:
    somebody = await world.at.person(world.ours.id, Role.VIEWER)
    return Call(path="/v1/auth/refresh", json={"refreshToken": somebody.refresh_token})


async def use_link(world: World, _person: Person | None) -> Call:
    somebody = await world.at.person(world.ours.id, Role.VIEWER)
    link = await world.at.identity.users.reset_link(world.ours.admin, somebody.id)
    return Call(path="/v1/auth/one-time", json={"token": link.token, "password": PASSWORD})


async def end_own_session(world: World, person: Person | None) -> Call:
    """Nobody may end another's login, whoever they are: who has none here names one of ours."""
    owner = person if person is not None and person.organization_id == world.ours.id else world.member
    return Call(path=f"/v1/auth/sessions/{owner.session_id}")


async def check_digest(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/evidence/check/{world.documents[0]['sha256']}")


async def get_object(world: World, _person: Person | None) -> Call:
    return Call(path=urlsplit(world.documents[0]["signedUrl"]).path)


async def search(_world: World, _person: Person | None) -> Call:
    return Call(path="/v1/catalog", params={"q": OWN_BREAKER["model"]})


async def add_item(_world: World, _person: Person | None) -> Call:
    model = f"NEW-{secrets.token_hex(4)}"
    columns = {**OWN_BREAKER, "model": model, "make": "새것"}
    return Call(path="/v1/catalog/items", json={"kind": "breaker", "columns": columns})


async def get_item(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/catalog/items/{world.item_id}")


async def change_item(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/catalog/items/{world.item_id}", json={"columns": {"width_mm": 75}})


async def deactivate_item(world: World, _person: Person | None) -> Call:
    columns = {**OWN_BREAKER, "model": f"OLD-{secrets.token_hex(4)}"}
    item = await world.at.application.catalogs.items.add(world.ours.admin, "breaker", columns)
    return Call(path=f"/v1/catalog/items/{item.id}")


async def import_items(world: World, _person: Person | None) -> Call:
    file = await world.at.application.catalogs.items.export(world.theirs.admin, CatalogForm.CSV, "enclosure")
    return Call(path="/v1/catalog/import", files={"file": ("enclosures.csv", file.data)})


async def documents(world: World, _person: Person | None) -> Call:
    return Call(path="/v1/documents", params={"quoteId": world.completed["quoteId"]})


async def stream(world: World, _person: Person | None) -> Call:
    return Call(path="/v1/estimate/stream", params={"quoteId": world.completed["quoteId"]})


async def export_documents(world: World, _person: Person | None) -> Call:
    return Call(path="/v1/documents/export", json={"quoteIds": [world.completed["quoteId"]]})


async def get_task(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/tasks/{world.task_id}")


async def get_organization(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/organizations/{world.ours.id}")


async def change_organization(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/organizations/{world.ours.id}", json={"name": world.ours.name})


async def create_organization(_world: World, _person: Person | None) -> Call:
    code = secrets.token_hex(4).upper()
    body = {"name": "새 조직", "code": code, "administratorEmail": f"{code}@example.test"}
    return Call(path="/v1/organizations", json=body)


async def add_price_book(_world: World, _person: Person | None) -> Call:
    data = price_book_named(f"b{secrets.token_hex(4)}")
    return Call(path="/v1/price-books", files={"file": ("b.yaml", data)})


async def get_price_book(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/price-books/{world.book}")


async def get_price_book_file(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/price-books/{world.book}/file")


async def compare_price_books(world: World, _person: Person | None) -> Call:
    return Call(path="/v1/price-books/illustrative-2026-11-krw/diff", params={"to": world.book})


async def add_rulebook(_world: World, _person: Person | None) -> Call:
    data = rulebook_named(f"r{secrets.token_hex(4)}")
    return Call(path="/v1/rulebooks", files={"file": ("r.yaml", data)})


async def get_rulebook(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/rulebooks/{world.rules}")


async def get_rulebook_file(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/rulebooks/{world.rules}/file")


async def compare_rulebooks(world: World, _person: Person | None) -> Call:
    return Call(path="/v1/rulebooks/kis-standard/diff", params={"to": world.rules})


async def invite(_world: World, _person: Person | None) -> Call:
    email = f"new-{secrets.token_hex(6)}@example.test"
    return Call(path="/v1/users", json={"email": email, "role": "viewer"})


async def get_user(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/users/{world.member.id}")


async def change_user(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/users/{world.member.id}", json={"locale": "ko"})


async def remove_user(world: World, _person: Person | None) -> Call:
    somebody = await world.at.person(world.ours.id, Role.VIEWER)
    return Call(path=f"/v1/users/{somebody.id}")


async def make_reset_link(world: World, _person: Person | None) -> Call:
    return Call(path=f"/v1/users/{world.member.id}/reset-link")


async def create_key(_world: World, _person: Person | None) -> Call:
    return Call(
        path="/v1/api-keys", json={"name": "press", "role": "viewer", "permissions": ["catalog.read"]}
    )


async def revoke_key(world: World, _person: Person | None) -> Call:
    made = await world.at.identity.api_keys.create(world.ours.admin, "short", Role.VIEWER)
    return Call(path=f"/v1/api-keys/{made.row.id}")


_CHANGE: Final = {"currentPassword": PASSWORD, "newPassword": "nine birches on the hill"}
_GATE: Final = {"gate": "pricing.discount", "reason": "연간 계약 단가"}
_RESET: Final = {"email": "nobody@example.test"}

GENERAL: Final[tuple[Operation, ...]] = (
    # What machines and readers ask.
    Operation("GET", "/docs", PUBLIC, 200, to("/docs")),
    Operation("GET", "/health", PUBLIC, 200, to("/health")),
    Operation("GET", "/healthz", PUBLIC, 200, to("/healthz")),
    Operation("GET", "/metrics", "installation.operate", 200, to("/metrics")),
    Operation("GET", "/openapi", PUBLIC, 200, to("/openapi")),
    Operation("GET", "/openapi.json", PUBLIC, 200, to("/openapi.json")),
    Operation("GET", "/ready", PUBLIC, 200, to("/ready")),
    Operation("GET", "/readyz", PUBLIC, 200, to("/readyz")),
    # Coming in and going out.
    Operation("POST", "/v1/auth/login", PUBLIC, 200, log_in),
    Operation("POST", "/v1/auth/refresh", PUBLIC, 200, refresh),
    Operation("POST", "/v1/auth/one-time", PUBLIC, 200, use_link),
    Operation("POST", "/v1/auth/reset", PUBLIC, 202, to("/v1/auth/reset", json=_RESET)),
    Operation("GET", "/v1/auth/me", LOGIN, 200, to("/v1/auth/me")),
    Operation("POST", "/v1/auth/logout", LOGIN, 204, to("/v1/auth/logout")),
    Operation("POST", "/v1/auth/password", PERSON, 204, to("/v1/auth/password", json=_CHANGE)),
    Operation("GET", "/v1/auth/sessions", PERSON, 200, to("/v1/auth/sessions")),
    Operation("DELETE", "/v1/auth/sessions/{session_id}", PERSON, 204, end_own_session, names_one=True),
    # Quotations.
    Operation("GET", "/v1/estimate", "quotation.read", 200, to("/v1/estimate", params={"size": 100})),
    Operation("POST", "/v1/estimate", "quotation.create", 201, to("/v1/estimate", json=request_of())),
    Operation("GET", "/v1/estimate/stream", "quotation.read", 200, stream, names_one=True),
    Operation(
        "GET", "/v1/estimate/{quote_id}", "quotation.read", 200,
        on("completed", "/v1/estimate/{quoteId}"), names_one=True,
    ),
    Operation(
        "PATCH", "/v1/estimate/{quote_id}", "quotation.create", 200,
        on("draft", "/v1/estimate/{quoteId}", json=request_of()), names_one=True,
    ),
    Operation(
        "POST", "/v1/estimate/{quote_id}/submit", "quotation.create", 200,
        on("draft", "/v1/estimate/{quoteId}/submit"), names_one=True,
    ),
    Operation(
        "POST", "/v1/estimate/{quote_id}/revise", "quotation.revise", 201,
        on("completed", "/v1/estimate/{quoteId}/revise", json=request_of()), names_one=True,
    ),
    Operation(
        "POST", "/v1/estimate/{quote_id}/requote", "quotation.revise", 201,
        on("completed", "/v1/estimate/{quoteId}/requote", json={"make": "LS"}), names_one=True,
    ),
    Operation(
        "POST", "/v1/estimate/{quote_id}/accept-gate", "quotation.accept_gate", 200,
        on("review", "/v1/estimate/{quoteId}/accept-gate", json=_GATE), names_one=True,
    ),
    Operation(
        "POST", "/v1/estimate/{quote_id}/send", "quotation.send", 200,
        on("completed", "/v1/estimate/{quoteId}/send"), names_one=True,
    ),
    Operation(
        "POST", "/v1/estimate/{quote_id}/close", "quotation.close", 200,
        on("sent", "/v1/estimate/{quoteId}/close", json={"outcome": "won"}), names_one=True,
    ),
    Operation(
        "POST", "/v1/validate", "quotation.read", 200,
        to("/v1/validate", params={"ruleset": "tab"}, json=request_of()),
    ),
    # Documents and evidence.
    Operation("GET", "/v1/documents", "document.read", 200, documents, names_one=True),
    Operation("POST", "/v1/documents/export", "document.read", 202, export_documents, names_one=True),
    Operation("GET", "/v1/tasks/{task_id}", "document.read", 200, get_task, names_one=True),
    Operation("GET", "/v1/objects/{token}", PUBLIC, 200, get_object),
    Operation("GET", "/v1/evidence/check/{sha256}", PUBLIC, 200, check_digest),
    Operation(
        "GET", "/v1/evidence/{trace_id}", "evidence.read", 200,
        on("completed", "/v1/evidence/{traceId}"), names_one=True,
    ),
    Operation(
        "GET", "/v1/evidence/{trace_id}/bundle", "evidence.download", 200,
        on("completed", "/v1/evidence/{traceId}/bundle"), names_one=True,
    ),
    # Catalogue, prices, rules.
    Operation("GET", "/v1/catalog", "catalog.read", 200, search),
    Operation("POST", "/v1/catalog/items", "catalog.write", 201, add_item),
    Operation("GET", "/v1/catalog/items/{item_id}", "catalog.read", 200, get_item, names_one=True),
    Operation("PATCH", "/v1/catalog/items/{item_id}", "catalog.write", 200, change_item, names_one=True),
    Operation("DELETE", "/v1/catalog/items/{item_id}", "catalog.write", 204, deactivate_item, names_one=True),
    Operation("POST", "/v1/catalog/import", "catalog.write", 200, import_items),
    Operation(
        "GET", "/v1/catalog/export", "catalog.read", 200,
        to("/v1/catalog/export", params={"format": "csv", "kind": "breaker"}),
    ),
    Operation("GET", "/v1/price-books", "price_book.read", 200, to("/v1/price-books")),
    Operation("POST", "/v1/price-books", "price_book.write", 201, add_price_book),
    Operation("GET", "/v1/price-books/{name}", "price_book.read", 200, get_price_book, names_one=True),
    Operation("GET", "/v1/price-books/{name}/file", "price_book.read", 200, get_price_book_file, names_one=True),
    Operation("GET", "/v1/price-books/{name}/diff", "price_book.read", 200, compare_price_books, names_one=True),
    Operation("GET", "/v1/rulebooks", "rulebook.read", 200, to("/v1/rulebooks")),
    Operation("POST", "/v1/rulebooks", "rulebook.write", 201, add_rulebook),
    Operation("GET", "/v1/rulebooks/{name}", "rulebook.read", 200, get_rulebook, names_one=True),
    Operation("GET", "/v1/rulebooks/{name}/file", "rulebook.read", 200, get_rulebook_file, names_one=True),
    Operation("GET", "/v1/rulebooks/{name}/diff", "rulebook.read", 200, compare_rulebooks, names_one=True),
    # People, organisations, keys, the log.
    Operation("GET", "/v1/users", "user.read", 200, to("/v1/users", params={"size": 100})),
    Operation("POST", "/v1/users", "user.write", 201, invite),
    Operation("GET", "/v1/users/{user_id}", "user.read", 200, get_user, names_one=True),
    Operation("PATCH", "/v1/users/{user_id}", "user.write", 200, change_user, names_one=True),
    Operation("DELETE", "/v1/users/{user_id}", "user.write", 204, remove_user, names_one=True),
    Operation("POST", "/v1/users/{user_id}/reset-link", "user.write", 201, make_reset_link, names_one=True),
    Operation("GET", "/v1/organizations", "organization.read", 200, to("/v1/organizations")),
    Operation("POST", "/v1/organizations", "installation.operate", 201, create_organization),
    Operation("GET", "/v1/organizations/{organization_id}", "organization.read", 200, get_organization, names_one=True),
    Operation("PATCH", "/v1/organizations/{organization_id}", "organization.write", 200, change_organization, names_one=True),
    Operation("GET", "/v1/api-keys", "api_key.read", 200, to("/v1/api-keys", params={"size": 100})),
    Operation("POST", "/v1/api-keys", "api_key.write", 201, create_key),
    Operation("DELETE", "/v1/api-keys/{key_id}", "api_key.write", 204, revoke_key, names_one=True),
    Operation("GET", "/v1/audit", "audit.read", 200, to("/v1/audit", params={"size": 100})),
    Operation("GET", "/v1/audit/export", "audit.read", 200, to("/v1/audit/export")),
)  # fmt: skip
"""One entry for each operation but those of the knowledge base, in the order of the contract's areas."""
