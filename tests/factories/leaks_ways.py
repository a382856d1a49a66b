"""Every way to read, as questions: made from the contract, with all that was planted for what a path or a query can name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import Any, Final
from uuid import UUID

from tests.factories.leaks_oracle import may_learn
from tests.factories.leaks_words import key_of, slip
from tests.factories.leaks_world import COMMON, Planted, Seat, Secret, Thing
from tests.factories.security_articles import ANY, PNG
from tests.factories.security_operations import PUBLIC
from tests.factories.security_table import OPERATIONS

UNASKED: Final = frozenset(
    {
        # Of people, keys and organisations: the tests of the routes hold who does what to whom.
        *("POST /v1/api-keys", "DELETE /v1/api-keys/{key_id}", "POST /v1/organizations"),
        *("PATCH /v1/organizations/{organization_id}", "POST /v1/users", "PATCH /v1/users/{user_id}"),
        *("DELETE /v1/users/{user_id}", "POST /v1/users/{user_id}/reset-link"),
        *("POST /v1/auth/logout", "POST /v1/auth/password", "DELETE /v1/auth/sessions/{session_id}"),
        # Of quotations, parts, prices and rules: likewise.
        *("POST /v1/estimate", "PATCH /v1/estimate/{quote_id}", "POST /v1/estimate/{quote_id}/accept-gate"),
        *("POST /v1/estimate/{quote_id}/close", "POST /v1/estimate/{quote_id}/requote"),
        *("POST /v1/estimate/{quote_id}/revise", "POST /v1/estimate/{quote_id}/send"),
        *("POST /v1/estimate/{quote_id}/submit", "POST /v1/validate", "POST /v1/documents/export"),
        *("POST /v1/catalog/import", "POST /v1/catalog/items", "PATCH /v1/catalog/items/{item_id}"),
        *("DELETE /v1/catalog/items/{item_id}", "POST /v1/price-books", "POST /v1/rulebooks"),
        # Of products and conversations: likewise.
        *("POST /v1/assistant/catalogs", "POST /v1/assistant/threads"),
        "POST /v1/assistant/products/{product_id}/quote",
        *("PATCH /v1/assistant/threads/{thread_id}", "DELETE /v1/assistant/threads/{thread_id}"),
        *(
            f"{method} /v1/assistant/threads/{{thread_id}}/messages/{{message_id}}/feedback"
            for method in ("PUT", "DELETE")
        ),
        # What is made anew or decided for all, and answers with what it was given.
        *("POST /v1/knowledge", "PUT /v1/knowledge/settings", "POST /v1/knowledge/imports"),
        *("POST /v1/knowledge/bulk", "POST /v1/knowledge/runs/{run_id}/cancel"),
        *("POST /v1/categories", "PUT /v1/categories/order", "PATCH /v1/categories/{category_id}"),
        *("POST /v1/categories/{category_id}/move", "DELETE /v1/categories/{category_id}"),
        *("POST /v1/search/pins", "PUT /v1/search/pins/{pin_id}", "DELETE /v1/search/pins/{pin_id}"),
        *("POST /v1/search/synonyms", "PUT /v1/search/synonyms/{synonyms_id}"),
        *("DELETE /v1/search/synonyms/{synonyms_id}", "POST /v1/search/{search_id}/clicks"),
        *("PUT /v1/admin/features", "POST /v1/admin/reindex"),
        *("POST /v1/admin/jobs/{job_id}/cancel", "POST /v1/admin/jobs/{job_id}/retry"),
    }
)
"""What is not asked here."""
AGENT: Final = "MCP"
TOOLS: Final = {"knowledge.search": "q", "catalog.search": "words"}
"""Of agents, those that look for words, and the argument that takes them."""
METHODS: Final = ("get", "post", "put", "patch", "delete")
PAGE: Final = "GET /v1/assistant/pages/{document}/{page}.png"
PREDICT: Final = "POST /v1/assistant/predict"
PRODUCTS: Final = "GET /v1/assistant/products"
ASK: Final = "POST /v1/assistant/ask"
THREADS: Final = "/v1/assistant/threads"
NO_DOCUMENT: Final = "0" * 64
TORQUE: Final = "What is the fastening torque of the main terminals?"
NOBODY: Final = UUID("00000000-0000-4000-8000-000000000000")
BLANK: Final = "qvhehifehihifek"
BLANK_SLUG: Final = "qvhehifehihifek-ours"
PLAIN: Final = frozenset(operation.name for operation in OPERATIONS if operation.needs == PUBLIC)
"""What tells nothing of anybody; signed links are followed where they are handed out."""

Hidden = Callable[[Seat], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request. ``blank`` is the same about what does not exist, asked where ``is_hidden``; ``said`` are the words that it says itself."""

    operation: str
    path: str
    params: tuple[tuple[str, Any], ...] = ()
    json: Any = None
    files: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    house: str = ""
    """Whose thing it is about."""
    said: tuple[str, ...] = ()
    blank: "Question | None" = None
    is_hidden: Hidden = lambda _: False
    seats: Hidden | None = None
    """Who asks it; None: everybody."""
    by_key: bool = False
    """Asked with an API key, as agents do."""
    by_login: bool = False
    """Asked with a login: what is a person's own no key shows."""
    follows: bool = False
    """Also what its answer links to."""

    @property
    def method(self) -> str:
        """Return the method."""
        method = self.operation.partition(" ")[0]
        return "POST" if method == AGENT else method

    @property
    def blank_key(self) -> str:
        """Return what is the same for all questions that differ only in what they are about."""
        assert self.blank is not None
        return f"{self.operation} {self.blank.path} {self.blank.params} {self.blank.json}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An operation of the contract."""

    method: str
    path: str
    parameters: Mapping[str, Mapping[str, Any]]
    """Of the query, by name."""
    names: tuple[str, ...]
    """Of the path."""
    values: Mapping[str, tuple[str, ...]]
    """Which values a part of the path may have, where they are few."""

    @property
    def operation(self) -> str:
        """Return its name."""
        return f"{self.method} {self.path}"

    def several(self, name: str) -> tuple[str, ...]:
        """Return the values of which a parameter takes several."""
        return tuple(self.parameters[name]["several"]) if name in self.parameters else ()


def ways(contract: Mapping[str, Any]) -> list[Way]:
    """Return every operation of a contract but those that tell nothing of anybody."""
    found = []
    for path, told in contract["paths"].items():
        for method in METHODS:
            if method in told and f"{method.upper()} {path}" not in PLAIN:
                given = [_resolved(contract, each) for each in told[method].get("parameters", ())]
                found.append(
                    Way(
                        method=method.upper(),
                        path=path,
                        parameters={
                            each["name"]: {
                                **each,
                                "choices": _choices(contract, each["schema"]),
                                "several": _choices(contract, each["schema"].get("items", {})),
                            }
                            for each in given
                            if each["in"] == "query"
                        },
                        names=tuple(each["name"] for each in given if each["in"] == "path"),
                        values={each["name"]: _choices(contract, each["schema"]) for each in given},
                    )
                )
    return found


def _resolved(contract: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in given:
        found: Any = contract
        for part in given["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        given = found
    return given


def _choices(contract: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the values a parameter may have, where they are few."""
    whole = _resolved(contract, schema)
    if whole.get("type") == "boolean":
        return ("true",)
    return tuple(whole.get("enum", ())) or tuple(
        choice for each in whole.get("anyOf", ()) for choice in _choices(contract, each)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a path, or a part of a query, names: a planted thing, and beside it one that nobody has."""

    value: str
    blank: str
    thing: Thing | None = None


CHOICES_SKIPPED: Final = frozenset({"locale", "currency", "kind", "tz", "documents"})
"""Parameters whose value changes no rights."""
MOST_CHOICES: Final = 6
Params = tuple[tuple[str, Any], ...]
FILTERS: Final[Mapping[str, tuple[tuple[Params, str], ...]]] = {
    "GET /v1/knowledge": tuple(
        ((("filter", f"{name}:{{}}"), ("size", "100")), place)
        for name, place in (("title", "title"), ("tag", "tag"), ("title", "new"), ("title", "english"))
    ),
    "GET /v1/search": (
        ((("q", COMMON), ("tag", "{}"), ("facet", "language")), "tag"),
        ((("q", "tag:{}"),), "tag"),
        ((("q", "title:{}"),), "title"),
        ((("q", f'"{COMMON} {{}}"'),), "title"),
        ((("q", f"{COMMON} -{{}}"), ("corrects", "false")), "title"),
    ),
}
"""By operation: other ways to ask for a word, and the field it is of."""
SUGGEST: Final = "GET /v1/search/suggest"
OF_ARTICLES: Final = frozenset({"GET /v1/search", "POST /v1/search", SUGGEST})
"""What finds the words of articles."""
ALIKE: Final = frozenset({"POST /v1/search"})
"""What is another face of the same."""
RARE: Final = frozenset({"english", "comment"})
"""Groups that are found by nobody, or where others are as well."""
BEGINNING: Final = 9
"""Letters of a word that is being typed: so many no other begins with."""
EXPORT: Final = "GET /v1/knowledge/export"
QUICK_FORMATS: Final = frozenset({"csv", "json", "markdown"})
EXPORTED: Final = frozenset(
    {
        "ours/newer_draft/public",
        "ours/half/organization",
        "ours/expired/public",
        "ours/published/role-estimator",
    }
)
SLOW: Final = frozenset({"GET /v1/catalog/export"})
SLOW_SEATS: Final = frozenset({"ours/viewer", "ours/editor", "theirs/admin"})
"""Who asks for what takes a while to be made."""
SHIPPED: Final = frozenset({"GET /v1/search/synonyms/shipped"})
"""What came with the program and is everybody's: no words of anybody are looked for in it."""
SEARCHED: Final[Mapping[str, Callable[[str], Any]]] = {
    "POST /v1/search": lambda said: {"q": said, "limit": 100, "facets": ["tag", "language", "category"]},
}
"""Bodies of what is no GET and looks for words."""
CHANGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "PATCH /v1/knowledge/{article_id}": {"json": {"texts": {"ko": {"title": "다른 제목"}}}},
    "POST /v1/knowledge/{article_id}/translate": {"json": {"language": "en"}},
    "POST /v1/knowledge/{article_id}/give-back": {"json": {"reason": "왜?"}},
    "POST /v1/knowledge/{article_id}/schedule": {"json": {"publishAt": "2027-01-01T00:00:00Z"}},
    "POST /v1/knowledge/{article_id}/comments": {"json": {"body": "왜?"}},
    "PUT /v1/knowledge/{article_id}/comments/{comment_id}/resolution": {"json": {"resolved": True}},
    "PUT /v1/knowledge/{article_id}/related": {"json": {"related": []}},
    "PUT /v1/knowledge/{article_id}/feedback": {"json": {"isHelpful": True}},
    "POST /v1/knowledge/{article_id}/attachments": {"files": {"file": ("a.png", PNG)}},
    "POST /v1/knowledge/bin/{article_id}/fetch-back": {"json": {"slug": None}},
}
"""What changes of an article are asked with; they are asked by those alone who may not know of it."""
SLIPS: Final = frozenset({"title", "new"})
"""Groups that are also asked for with a slip; what begins like them is what suggestions know."""
SOME: Final = 6
"""Of what is asked for in very many ways, one in so many."""
FEW: Final = 9
HALVED: Final = frozenset({"GET /v1/knowledge/{article_id}/diff"})
"""Asked about every other thing: what it tells is told by versions as well."""
GROUPS: Final = (
    ("title", "title_hangul", "summary", "body", "tag"),
    ("new", "new_hangul"),
    ("english",),
    ("comment", "note", "feedback", "attachment", "content"),
)
"""Words of articles that are asked for together: each group has its own readers."""


def questions(contract: Mapping[str, Any], planted: Planted) -> Iterator[Question]:
    """Yield every question."""
    for number, way in enumerate(ways(contract)):
        if way.operation in UNASKED:
            continue
        if way.operation == EXPORT:
            yield from _exporting(way, planted)
        elif way.operation == PAGE:
            yield from _turning(way, planted)
        elif way.operation == PREDICT:
            yield from _typing(way, planted)
        elif way.operation == ASK:
            yield from _asking(way, planted)
        elif way.method == "GET":
            yield from _reading(way, planted)
            yield from _looking(way, planted)
        elif way.operation in SEARCHED:
            yield from _searching(way, planted)
        elif "article_id" in way.names:
            yield from _changing(way, planted, number)
    yield from _agents(planted)


def _reading(way: Way, planted: Planted) -> Iterator[Question]:
    """Yield the questions of a GET about all it can name, in each of its forms."""
    required = [name for name, told in way.parameters.items() if told.get("required")]
    if required == ["q"]:
        return
    names = (*way.names, *(name for name in required if name not in {"q", "source"}))
    for number, chosen in enumerate(product(*(_named(way, planted, name) for name in names))):
        named = dict(zip(names, chosen, strict=True))
        thing = next((each.thing for each in chosen if each.thing is not None), None)
        if _is_superfluous(way, number, thing, named):
            continue
        about = {"q": COMMON, "source": "article" if thing is None else thing.source}
        path, blank = way.path, way.path
        for name in way.names:
            path = path.replace(f"{{{name}}}", named[name].value)
            blank = blank.replace(f"{{{name}}}", named[name].blank)
        params = tuple((name, named[name].value if name in named else about[name]) for name in required)
        blanks = tuple((name, named[name].blank if name in named else about[name]) for name in required)
        for form in _forms(way) if number % SOME == 0 else (next(_forms(way)),):
            yield Question(
                operation=way.operation,
                path=path,
                params=params + form,
                about="" if thing is None else thing.name,
                house="" if thing is None else thing.house,
                said=tuple(each.value for each in chosen if each.thing is not None),
                blank=None
                if thing is None
                else Question(
                    operation=way.operation,
                    path=blank,
                    params=blanks + form,
                    said=tuple(each.blank for each in chosen if each.thing is not None),
                    by_login=way.path.startswith(THREADS),
                ),
                is_hidden=_hidden(way, thing),
                seats=(lambda seat: seat.name in SLOW_SEATS) if way.operation in SLOW else None,
                follows=True,
                by_login=way.path.startswith(THREADS),
            )


def _is_superfluous(way: Way, number: int, thing: Thing | None, named: Mapping[str, Named]) -> bool:
    """Tell whether others of the same questions tell as much: most articles have no second version."""
    if thing is None or thing.state == "newer_draft":
        return False
    is_second = "number" in named and named["number"].value == "2"
    return number % 2 == 0 if way.operation in HALVED else is_second and number % SOME != 1


def _looking(way: Way, planted: Planted) -> Iterator[Question]:
    """Yield the questions of a GET that takes words to look for, or a filter with words."""
    required = {name for name, told in way.parameters.items() if told.get("required")}
    if "q" in way.parameters and required <= {"q"} and way.operation not in SHIPPED:
        form = next(_forms(way)) + tuple(("facet", each) for each in way.several("facet"))
        yield Question(operation=way.operation, path=way.path, params=(("q", COMMON), *form))
        for words, thing in _asked(planted, way.operation):
            yield _worded(way, planted, thing, words, lambda said: (("q", said), *form))
    if way.operation == PRODUCTS:
        for thing in planted.things:
            if "product" in thing.words:
                word = thing.words["product"]
                yield _worded(way, planted, thing, (word,), lambda said: (("q", said), ("size", "100")))
    patterns = FILTERS.get(way.operation, ())
    for number, thing in enumerate(planted.articles):
        fitting = [(pattern, place) for pattern, place in patterns if place in thing.words]
        if fitting and (way.operation in OF_ARTICLES or thing.state in {"newer_draft", "half"} or number % 2):
            pattern, place = fitting[number % len(fitting)]
            yield _worded(way, planted, thing, (thing.words[place],), partial(_filled, pattern))


def _filled(pattern: Params, said: str) -> Params:
    return tuple((name, value.replace("{}", said)) for name, value in pattern)


def _exporting(way: Way, planted: Planted) -> Iterator[Question]:
    """Yield exports: of all there is as what is quickly made; of one article, as anything."""
    formats = way.parameters["format"]["choices"]
    for each in formats:
        if each in QUICK_FORMATS:
            yield Question(operation=way.operation, path=way.path, params=(("format", each),))
        for thing in planted.articles:
            if thing.name in EXPORTED:
                yield Question(
                    operation=way.operation,
                    path=way.path,
                    params=(("format", each), ("slug", thing.slug)),
                    about=thing.name,
                    house=thing.house,
                    said=(thing.slug,),
                    blank=Question(
                        operation=way.operation,
                        path=way.path,
                        params=(("format", each), ("slug", BLANK_SLUG)),
                        said=(BLANK_SLUG,),
                    ),
                    is_hidden=_hidden(way, thing),
                    seats=None if each in QUICK_FORMATS else (lambda seat: seat.name in SLOW_SEATS),
                )


def _searching(way: Way, planted: Planted) -> Iterator[Question]:
    """Yield the questions of an operation that takes words to look for in its body."""
    body = SEARCHED[way.operation]
    for words, thing in _asked(planted, way.operation):
        question = _worded(way, planted, thing, words, lambda _: ())
        assert question.blank is not None
        yield replace(
            question,
            json=body(" ".join(words)),
            blank=replace(question.blank, json=body(" ".join(question.blank.said))),
        )


def _turning(way: Way, planted: Planted) -> Iterator[Question]:
    """Yield questions for a page of each manual: as that of its own product, and of a product of each organisation."""
    for sha256, own in zip(planted.values["document"], planted.values["documented"], strict=True):
        thing = planted.secrets[sha256].thing
        for product_id in planted.values["documented"]:
            blank = BLANK if product_id == own else product_id
            yield Question(
                operation=way.operation,
                path=way.path.replace("{document}", sha256).replace("{page}", "1"),
                params=(("product", product_id),),
                about=thing.name,
                said=(sha256, product_id),
                blank=Question(
                    operation=way.operation,
                    path=way.path.replace("{document}", NO_DOCUMENT).replace("{page}", "1"),
                    params=(("product", blank),),
                    said=(NO_DOCUMENT, blank),
                ),
                is_hidden=_hidden(way, thing),
            )


def _typing(way: Way, planted: Planted) -> Iterator[Question]:
    """Yield what is typed until a product is left: its name, and the beginning of it. What is predicted for any other word is no more alike than the words are."""
    for thing in planted.things:
        if "product" in thing.words:
            for typed in (thing.words["product"], thing.words["product"][:BEGINNING]):
                yield Question(
                    operation=way.operation,
                    path=way.path,
                    json={"content": typed, "limit": 10},
                    about=thing.name,
                    said=(typed,),
                )


def _asking(way: Way, planted: Planted) -> Iterator[Question]:
    """Yield questions about each product, and about what stands in articles. Machines ask: nothing is kept of what they say."""
    for product_id in planted.values["documented"]:
        thing = planted.owner(product_id)
        yield Question(
            operation=way.operation,
            path=way.path,
            json={"productId": product_id, "query": TORQUE},
            about=product_id,
            said=(product_id,),
            blank=Question(
                operation=way.operation,
                path=way.path,
                json={"productId": BLANK, "query": TORQUE},
                said=(BLANK,),
            ),
            is_hidden=_hidden(way, thing),
            seats=_has_key,
            by_key=True,
        )
    for thing in planted.articles[::SOME]:
        words = tuple(thing.words[place] for place in ("title", "new") if place in thing.words)
        yield Question(
            operation=way.operation,
            path=way.path,
            json={"query": " ".join(words)},
            about=f"words of {thing.name}",
            said=words,
            seats=_has_key,
            by_key=True,
        )


def _has_key(seat: Seat) -> bool:
    return any("X-API-Key" in each for each in seat.credentials)


def _agents(planted: Planted) -> Iterator[Question]:
    """Yield what agents ask their tools for: the words of what has any."""
    for number, thing in enumerate(planted.things):
        for tool, argument in TOOLS.items():
            word = next(iter(thing.words.values()), "")
            if not word or (thing.is_article and (tool == "catalog.search" or number % 2)):
                continue
            call = {"name": tool, "arguments": {argument: word}}
            yield Question(
                operation=f"{AGENT} {tool}",
                path="/mcp",
                json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
                headers={"Accept": "application/json, text/event-stream"},
                house=thing.house,
                said=(word,),
                seats=_has_key,
                by_key=True,
            )


def _asked(planted: Planted, operation: str) -> Iterator[tuple[tuple[str, ...], Thing]]:
    """Yield what is looked for: the words of each thing that are for the same people, and one of them with a slip."""
    for number, thing in enumerate(planted.things):
        if thing.is_article and operation not in OF_ARTICLES:
            continue
        for group in GROUPS if thing.is_article else (tuple(thing.words),):
            words = tuple(thing.words[place] for place in group if place in thing.words)
            if not words or (operation in ALIKE and number % SOME):
                continue
            if operation == SUGGEST:
                if group[0] in RARE and thing.state != "half":
                    continue
                yield (words[0][:BEGINNING],), thing
                continue
            if group[0] not in RARE or thing.state == "half" or number % SOME == 0:
                yield words, thing
            if group[0] in SLIPS and number % SOME in {0, 3}:
                yield (slip(words[0]),), thing


def _worded(
    way: Way,
    planted: Planted,
    thing: Thing,
    words: Sequence[str],
    params: Callable[[str], tuple[tuple[str, Any], ...]],
) -> Question:
    blanks = tuple(BLANK[:-1] + "hgf"[at % 3] + BLANK[-1] for at in range(len(words)))
    return Question(
        operation=way.operation,
        path=way.path,
        params=params(" ".join(words)),
        about=f"words of {thing.name}",
        house=thing.house,
        said=tuple(words),
        blank=Question(operation=way.operation, path=way.path, params=params(" ".join(blanks)), said=blanks),
        is_hidden=_hidden_words(way, planted, thing, words),
    )


def _changing(way: Way, planted: Planted, number: int) -> Iterator[Question]:
    """Yield a change of some articles, to be asked for by those who may not know of them."""
    more = CHANGES.get(way.operation, {})
    for thing in planted.articles[number % FEW :: FEW]:
        path = way.path.replace("{article_id}", str(thing.id)).replace("{number}", "1")
        blank = way.path.replace("{article_id}", str(NOBODY)).replace("{number}", "1")
        for name in ("comment_id", "attachment_id"):
            own = next(
                (key for key, each in planted.secrets.items() if (each.field, each.thing) == (name, thing)),
                "",
            )
            path, blank = (
                path.replace(f"{{{name}}}", own or str(NOBODY)),
                blank.replace(f"{{{name}}}", str(NOBODY)),
            )
        hidden = _hidden(way, thing)
        yield Question(
            operation=way.operation,
            path=path,
            headers=ANY,
            about=thing.name,
            house=thing.house,
            said=tuple(path.split("/")[3:]),
            blank=Question(
                operation=way.operation, path=blank, headers=ANY, said=tuple(blank.split("/")[3:]), **more
            ),
            is_hidden=hidden,
            seats=hidden,
            **more,
        )


_NUMBERS: Final = {"number": (1, 2), "old": (1,), "new": (2,)}
"""Of versions."""


def _named(way: Way, planted: Planted, name: str) -> list[Named]:
    """Return what a parameter may name. Fails for one that nobody has said anything about."""
    if way.values[name]:
        return [Named(value=value, blank=value) for value in way.values[name]]
    if name == "id":
        return [
            Named(value=str(thing.id), blank=str(NOBODY), thing=thing)
            for thing in planted.things
            if thing.source
        ]
    if name == "article_id":
        return [Named(value=str(thing.id), blank=str(NOBODY), thing=thing) for thing in planted.articles]
    if name == "slug":
        return [Named(value=thing.slug, blank=BLANK_SLUG, thing=thing) for thing in planted.articles]
    if name in _NUMBERS:
        return [Named(value=str(number), blank=str(number)) for number in _NUMBERS[name]]
    assert name in planted.values, f"nobody has said what {{{name}}} may name: see leaks_world"
    return [
        Named(value=value, blank=_blank(value), thing=planted.owner(value)) for value in planted.values[name]
    ]


def _blank(value: str) -> str:
    """Return what looks like a value and names nothing."""
    if len(value) == 36:
        return str(NOBODY)
    return "0" * 32 if len(value) == 32 else BLANK


def _forms(way: Way) -> Iterator[tuple[tuple[str, Any], ...]]:
    """Yield the forms an answer can have: as it is without anything said, and each choice of each parameter."""
    size = tuple(
        (name, way.parameters[name]["schema"]["maximum"])
        for name in ("size", "limit")
        if name in way.parameters
    )
    yield size
    for name, told in way.parameters.items():
        if not told.get("required") and name not in CHOICES_SKIPPED:
            for choice in told["choices"][:MOST_CHOICES]:
                yield (*size, (name, choice))


def _hidden(way: Way, thing: Thing | None) -> Hidden:
    """Return who may not know of a thing."""
    if thing is None:
        return lambda _: False
    return lambda seat: not may_learn(seat, Secret("id", thing), way.operation)


def _hidden_words(way: Way, planted: Planted, thing: Thing, words: Sequence[str]) -> Hidden:
    """Return for whom these words stand nowhere. Pins and synonyms of an organisation help all its people."""
    secrets = [planted.secrets[key] for key in map(key_of, words) if key in planted.secrets]
    if thing.needs == "knowledge.admin":
        return lambda seat: seat.house != thing.house
    return lambda seat: not any(may_learn(seat, each, way.operation) for each in secrets)
