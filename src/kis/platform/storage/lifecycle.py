"""What a bucket is told about itself: where it stands, that nobody else may read it, and what is only kept for a while."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

import structlog

from kis.platform.storage.errors import StorageUnavailable

if TYPE_CHECKING:
    import httpx2
    from lxml.etree import _Element

READYZ: Final = "readyz"
EXPORTS: Final = "exports"
KEPT_DAYS: Final = {READYZ: 1, EXPORTS: 7}
"""Folders of objects that are only kept for a while."""
UNFINISHED_UPLOAD_DAYS: Final = 1

_NAMESPACE: Final = "http://s3.amazonaws.com/doc/2006-03-01/"
_OWN: Final = "kis-"
"""How the names of our rules begin; others belong to the operator."""

PRIVATE: Final = (
    f'<PublicAccessBlockConfiguration xmlns="{_NAMESPACE}"><BlockPublicAcls>true</BlockPublicAcls>'
    "<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>"
    "<RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>"
).encode()

_ROOT: Final = "LifecycleConfiguration"
_QUERY: Final = {"lifecycle": ""}
_FOUND: Final = 200
_EMPTY: Final = 204
_NONE_YET: Final = 404

_log = structlog.get_logger(__name__)


class _Unsupported(Exception):
    """The server has no lifecycle rules."""


class Request(Protocol):
    """A signed request about the bucket."""

    def __call__(
        self, method: Literal["GET", "PUT"], *, query: dict[str, str], body: bytes = b""
    ) -> "httpx2.Response":
        """Return the server's answer."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what ``action`` is done after ``days`` with the objects below ``prefix``."""

    name: str
    prefix: str
    action: Literal["Expiration", "AbortIncompleteMultipartUpload"]
    days: int


def rules(prefix: str) -> tuple[Rule, ...]:
    """Return our rules for a store below ``prefix`` of the bucket."""
    base = f"{prefix}/" if prefix else ""
    kept = (
        Rule(f"{_OWN}{base}{name}", f"{base}{name}/", "Expiration", days) for name, days in KEPT_DAYS.items()
    )
    uploads = Rule(f"{_OWN}{base}uploads", base, "AbortIncompleteMultipartUpload", UNFINISHED_UPLOAD_DAYS)
    return (*kept, uploads)


def establish(request: Request, *, prefix: str) -> None:
    """Give the bucket our rules beside those it has. A server that has none is only noted: old objects then end by our own hand."""
    try:
        found = _answered(request("GET", query=_QUERY), _FOUND, _NONE_YET)
        wanted = merged(found.content if found.status_code == _FOUND else b"", rules(prefix))
        if wanted is not None:
            _answered(request("PUT", query=_QUERY, body=wanted), _FOUND, _EMPTY)
    except (StorageUnavailable, _Unsupported) as problem:
        _log.info("storage.lifecycle_unsupported", cause=str(problem))


def _answered(answer: "httpx2.Response", *wanted: int) -> "httpx2.Response":
    if answer.status_code not in wanted:
        raise _Unsupported(str(answer.status_code))
    return answer


def merged(found: bytes, own: Iterable[Rule]) -> bytes | None:
    """Return the configuration with ``own`` rules in place of earlier ones of the same names, or None when it says all that already.

    A server that knows no rules may answer with a listing; whatever is no configuration is unsupported.
    """
    from lxml import etree

    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(found, parser) if found else _element(_ROOT)
    except etree.XMLSyntaxError:
        raise _Unsupported("no XML") from None
    if etree.QName(root).localname != _ROOT:
        raise _Unsupported("no configuration")
    there = {rule.findtext("{*}ID", ""): rule for rule in root.iterfind("{*}Rule")}
    changed = False
    for rule in own:
        old = there.get(rule.name)
        if old is not None and _says(old, rule):
            continue
        if old is not None:
            root.remove(old)
        root.append(_written(rule))
        changed = True
    return etree.tostring(root) if changed else None


def location(region: str) -> bytes:
    """Return the body that makes a bucket in ``region``."""
    from lxml import etree

    root = _element("CreateBucketConfiguration")
    etree.SubElement(root, f"{{{_NAMESPACE}}}LocationConstraint").text = region
    return etree.tostring(root)


def digest_header(body: bytes) -> dict[str, str]:
    """Return the header by which S3 checks a body; it asks for one with lifecycle rules."""
    if not body:
        return {}
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    return {"Content-MD5": base64.b64encode(digest).decode(), "Content-Type": "application/xml"}


_DAYS: Final = {"Expiration": "Days", "AbortIncompleteMultipartUpload": "DaysAfterInitiation"}


def _written(rule: Rule) -> "_Element":
    from lxml import etree

    def add(parent: "_Element", name: str, text: str | None = None) -> "_Element":
        element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
        element.text = text
        return element

    root = _element("Rule")
    add(root, "ID", rule.name)
    add(add(root, "Filter"), "Prefix", rule.prefix)
    add(root, "Status", "Enabled")
    add(add(root, rule.action), _DAYS[rule.action], str(rule.days))
    return root


def _element(name: str) -> "_Element":
    from lxml import etree

    return etree.fromstring(f'<{name} xmlns="{_NAMESPACE}"/>')


def _says(element: "_Element", rule: Rule) -> bool:
    return (
        (element.findtext("{*}Filter/{*}Prefix") or "") == rule.prefix
        and element.findtext("{*}Status") == "Enabled"
        and element.findtext(f"{{*}}{rule.action}/{{*}}{_DAYS[rule.action]}") == str(rule.days)
    )
