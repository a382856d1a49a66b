"""Nothing secret in a log line: masked by the name it stands under, and by its look wherever it stands."""

import re
from collections.abc import Mapping
from typing import Any, Final

MASK: Final = "***"
LINKS: Final = "/v1/objects/"
"""What follows opens an object of the storage for whoever has it."""

_SECRET_NAME: Final = re.compile(
    r"(?:^|[_\-.])(?:pass(?:word|wd|phrase)?|secrets?|tokens?|authori[sz]ation|cookies?|credentials?|csrf|dsn|jwt|signature"
    r"|(?:api|access|anon|private|secret|service_role|signing)[_\-]?key|set_cookie|session_key)(?:$|[_\-.])",
    re.IGNORECASE,
)
_HARMLESS_END: Final = re.compile(
    r"[_\-.](?:id|ids|count|seconds|sha256|kind|type|length|bytes)$", re.IGNORECASE
)
"""``token_id``, ``token_seconds``: about a secret, none itself."""

_SECRET_TEXT: Final = re.compile(
    r"""
      (?P<address>\b[a-z][a-z0-9+.\-]{0,30}://[^\s/:@]*:)[^\s/@]+(?=@)           # postgresql://user:password@host
    | (?P<scheme>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/\-]{6,}=*                  # Authorization: Bearer …
    | (?P<jwt>\beyJ[\w\-]{5,}\.)[\w\-]+\.[\w\-]*                                 # a token of its own
    | (?P<named>["']?\b(?:password|passwd|pwd|secret|token|api[_\-]?key|authorization|sig|signature|x-amz-signature
        |x-amz-credential|x-amz-security-token)["']?\s*[=:]\s*["']?)(?!(?:bearer|basic)\s)[^\s"'&,;}]+
    | (?P<key>\bkis_[a-z]{1,8}_)[\w\-]{8,}                                       # keys of this program
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HINTS: Final = (
    "://",
    "bearer",
    "basic",
    "eyj",
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "sig",
    "kis_",
    "authoriz",
    "credential",
)
"""No secret is found in a text without one of these, and looking for them costs less than the pattern."""
_DEEPEST: Final = 6


def masked(value: Any, depth: int = 0) -> Any:
    """Return ``value`` with every secret in it replaced; containers are copied where they are looked into."""
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, bytes):
        return masked_text(value.decode("utf-8", "backslashreplace"))
    if depth >= _DEEPEST:
        return value if isinstance(value, int | float | bool | None) else MASK
    if isinstance(value, Mapping):
        return {name: masked_item(str(name), item, depth + 1) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item, depth + 1) for item in value]
    return value


def masked_item(name: str, value: Any, depth: int = 0) -> Any:
    """Return the value that stands under ``name``, masked whole where the name says it is a secret."""
    if is_secret_name(name) and value is not None and value != "":
        return MASK
    return masked(value, depth)


def is_secret_name(name: str) -> bool:
    """Tell whether what stands under ``name`` is a secret."""
    return _SECRET_NAME.search(name) is not None and _HARMLESS_END.search(name) is None


def masked_path(path: str) -> str:
    """Return the path of a request without the credential it may be."""
    return f"{LINKS}{MASK}" if path.startswith(LINKS) else path


def masked_text(text: str) -> str:
    """Return ``text`` with what looks like a secret replaced."""
    lowered = text.casefold()
    if not any(hint in lowered for hint in _HINTS):
        return text
    return _SECRET_TEXT.sub(_kept, text)


def _kept(found: re.Match[str]) -> str:
    return f"{found[found.lastgroup or 0]}{MASK}"
