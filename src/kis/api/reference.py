"""The contract as a page: plain HTML with its own style and no script, so that it needs nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Any, Final

from kis.platform.messages import LOCALES, Locale, Message

Node = Mapping[str, Any]

_STYLE: Final = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:16px/1.6 system-ui,"Noto Sans KR",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.8rem}h2{margin-top:3rem;border-bottom:2px solid var(--line)}h3{margin:2.2rem 0 .3rem;font-size:1.05rem}
code,.path{font-family:ui-monospace,monospace;font-size:.92em;overflow-wrap:anywhere}
.verb{display:inline-block;min-width:4.2rem;font-weight:700}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
th{font-weight:600}details{margin:.3rem 0}summary{cursor:pointer}nav a{margin-right:1rem}
:target{background:var(--soft)}
"""
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def reference_policy() -> str:
    """Return the content security policy of the page: its own style and nothing else."""
    return f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


_PAGES: Final[dict[tuple[int, Locale], str]] = {}


def reference_html(contract: dict[str, Any], locale: Locale) -> str:
    """Return the page that shows ``contract`` to a reader of ``locale``; made once."""
    key = (id(contract), locale)
    if key not in _PAGES:
        _PAGES[key] = "\n".join(_page(contract, locale))
    return _PAGES[key]


@cache
def _label(key: str, locale: Locale) -> str:
    return escape(Message(f"api.reference.{key}").text(locale))


def _page(contract: Node, locale: Locale) -> Iterator[str]:
    info = contract["info"]
    yield f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(info['title'])} API {escape(info['version'])}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>"
    languages = " ".join(
        f'<a href="?locale={other}" lang="{other}" hreflang="{other}">{_label("language", other)}</a>'
        for other in LOCALES
    )
    yield f'<nav>{languages}<a href="/openapi">YAML</a><a href="/openapi.json">JSON</a></nav>'
    yield from (f"<p>{_prose(part)}</p>" for part in info["description"].strip().split("\n\n"))
    tags = {tag["name"]: tag["description"] for tag in contract["tags"]}
    yield "<nav>" + "".join(f'<a href="#tag-{escape(name)}">{escape(name)}</a>' for name in tags)
    yield f'<a href="#schemas">{_label("schemas", locale)}</a></nav>'
    for name, text in tags.items():
        yield f'<h2 id="tag-{escape(name)}">{escape(name)}</h2><p>{escape(text)}</p>'
        for path, verbs in contract["paths"].items():
            for verb, operation in verbs.items():
                if name in operation.get("tags", ()):
                    yield from _operation(contract, path, verb, operation, locale)
    yield f'<h2 id="schemas">{_label("schemas", locale)}</h2>'
    for name, schema in contract["components"]["schemas"].items():
        yield f'<h3 id="schema-{escape(name)}"><code>{escape(name)}</code></h3>'
        yield from _schema(schema, locale)
    yield "</body></html>"


def _operation(contract: Node, path: str, verb: str, operation: Node, locale: Locale) -> Iterator[str]:
    anchor = escape(operation["operationId"])
    yield f'<h3 id="{anchor}"><span class="verb">{verb.upper()}</span> <a class="path" href="#{anchor}">{escape(path)}</a></h3>'
    yield f"<p>{_prose(operation.get('description', operation.get('summary', '')))}</p>"
    parameters = operation.get("parameters", ())
    if parameters:
        yield f"<table><tr><th>{_label('parameter', locale)}</th><th>{_label('type', locale)}</th><th>{_label('meaning', locale)}</th></tr>"
        for parameter in parameters:
            needed = f" · {_label('required', locale)}" if parameter.get("required") else ""
            place = escape(parameter["in"])
            yield (
                f"<tr><td><code>{escape(parameter['name'])}</code><br><small>{place}{needed}</small></td>"
                f"<td>{_type(parameter['schema'])}</td><td>{_prose(parameter.get('description', ''))}</td></tr>"
            )
        yield "</table>"
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<p>{_label('body', locale)}: <code>{escape(media)}</code> {_type(content.get('schema', {}))}</p>"
    yield f"<details><summary>{_label('answers', locale)}</summary><table>"
    for status, response in operation["responses"].items():
        shown = _resolved(contract, response)
        kinds = "; ".join(
            f"<code>{escape(media)}</code> {_type(content.get('schema', {}))}"
            for media, content in shown.get("content", {}).items()
        )
        yield f"<tr><td>{escape(status)}</td><td>{escape(shown.get('description', ''))}</td><td>{kinds}</td></tr>"
    yield "</table></details>"


def _schema(schema: Node, locale: Locale) -> Iterator[str]:
    if schema.get("description"):
        yield f"<p>{_prose(schema['description'])}</p>"
    fields = schema.get("properties", {})
    if not fields:
        yield f"<p>{_type(schema)}</p>"
        return
    required = set(schema.get("required", ()))
    yield f"<table><tr><th>{_label('field', locale)}</th><th>{_label('type', locale)}</th><th>{_label('meaning', locale)}</th></tr>"
    for name, field in fields.items():
        needed = f"<br><small>{_label('required', locale)}</small>" if name in required else ""
        yield f"<tr><td><code>{escape(name)}</code>{needed}</td><td>{_type(field)}</td><td>{_prose(field.get('description', ''))}</td></tr>"
    yield "</table>"


def _type(schema: Node) -> str:
    """Return what stands for the type of a value, shapes as links to themselves."""
    if "$ref" in schema:
        name = escape(str(schema["$ref"]).rsplit("/", 1)[-1])
        return f'<a href="#schema-{name}"><code>{name}</code></a>'
    if "enum" in schema or "const" in schema:
        return " | ".join(
            f"<code>{escape(str(value))}</code>" for value in schema.get("enum", [schema.get("const")])
        )
    for combination in ("anyOf", "oneOf", "allOf"):
        if combination in schema:
            return " | ".join(dict.fromkeys(_type(part) for part in schema[combination]))
    if schema.get("type") == "array":
        return f"{_type(schema.get('items', {}))}[]"
    bounds = [f"{sign} {schema[name]}" for name, sign in _BOUNDS.items() if name in schema]
    words = [
        str(schema.get("format") or schema.get("type") or "any"),
        *bounds,
        *([schema["pattern"]] if "pattern" in schema else []),
    ]
    return f"<code>{escape(' '.join(words))}</code>"


_BOUNDS: Final = {
    "minimum": "≥",
    "exclusiveMinimum": ">",
    "maximum": "≤",
    "exclusiveMaximum": "<",
    "maxLength": "length ≤",
}


def _prose(text: str) -> str:
    """Return text with its code in backticks marked as such."""
    pieces = escape(" ".join(text.split())).split("`")
    return "".join(f"<code>{piece}</code>" if place % 2 else piece for place, piece in enumerate(pieces))


def _resolved(contract: Node, response: Node) -> Node:
    if "$ref" not in response:
        return response
    shown: Node = contract["components"]["responses"][response["$ref"].rsplit("/", 1)[-1]]
    return shown
