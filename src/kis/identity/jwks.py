"""The keys of another issuer: a secret of the settings, or a JWKS (RFC 7517) fetched, kept and renewed.

A key set is fetched again when it is old, and when a token names a key it does not hold (the issuer rotated), at most once a minute: tokens with made-up
key ids make nobody fetch. When the issuer does not answer, the keys known so far stay good for a day.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

import httpx2
import jwt
import orjson
import structlog

from kis.identity.errors import TokenRefused
from kis.platform.errors import Unavailable
from kis.platform.messages import Message

FRESH_SECONDS: Final = 600.0
LONGEST_KEPT_SECONDS: Final = 86_400.0
FETCH_PAUSE_SECONDS: Final = 60.0
TIMEOUT_SECONDS: Final = 5.0
LARGEST_SET_BYTES: Final = 256 * 1024
MOST_KEYS: Final = 50

log = structlog.get_logger(__name__)


class Keys(Protocol):
    """Where an issuer's keys come from."""

    async def find(self, header: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
        """Return the key for a token with this header and the algorithms it may be used with. Raises TokenRefused."""
        ...


class SharedSecret:
    """An issuer that signs with a secret it shares with us."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    async def find(self, header: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:  # noqa: ARG002 - a Keys is asked with it
        """Return the secret: for HS256, whatever the header says."""
        return self._secret, ("HS256",)


class JwksKeys:
    """An issuer that publishes its public keys."""

    def __init__(
        self,
        url: str,
        *,
        clock_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._clock_seconds = clock_seconds
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def find(self, header: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
        """Return the key of the header's ``kid``, with the algorithms of its type."""
        key_id = header.get("kid")
        if not isinstance(key_id, str):
            raise TokenRefused("no key id")
        if self._age() > FRESH_SECONDS or key_id not in self._keys:
            await self._renew(key_id)
        if self._age() > LONGEST_KEPT_SECONDS:
            raise Unavailable(Message("identity.issuer_silent"))
        if key_id not in self._keys:
            raise TokenRefused("unknown key")
        key = self._keys[key_id]
        return key.key, algorithms_of(key)

    def _age(self) -> float:
        return self._clock_seconds() - self._fetched_at

    async def _renew(self, key_id: str) -> None:
        async with self._fetching:  # who waited finds what the one before fetched
            now = self._clock_seconds()
            wanted = self._age() > FRESH_SECONDS or key_id not in self._keys
            if not wanted or now - self._tried_at < FETCH_PAUSE_SECONDS:
                return
            self._tried_at = now
            try:
                self._keys = usable(await self._fetched())
                self._fetched_at = now
            except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, TimeoutError) as error:
                log.warning("identity.jwks_not_fetched", url=self._url, error=type(error).__name__)

    async def _fetched(self) -> Any:
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            httpx2.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client,
            client.stream("GET", self._url) as response,
        ):
            if response.status_code != httpx2.codes.OK:
                raise ValueError("status")
            body = b""
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LARGEST_SET_BYTES:
                    raise ValueError("too large")
        return orjson.loads(body)


def usable(document: Any) -> Mapping[str, jwt.PyJWK]:
    """Return the signing keys of a JWKS document by their ids; secrets, keys for encryption and those of unknown kinds are left out. Raises ValueError."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("no key set")  # noqa: TRY004 - what a server sent is a value, not a type of ours
    found: dict[str, jwt.PyJWK] = {}
    for entry in document["keys"][:MOST_KEYS]:
        if (
            not isinstance(entry, dict)
            or entry.get("use", "sig") != "sig"
            or not isinstance(entry.get("kid"), str)
        ):
            continue
        try:
            key = jwt.PyJWK.from_dict(entry)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
        if algorithms_of(key):
            found[entry["kid"]] = key
    if not found:
        raise ValueError("no usable key")
    return found


_BY_CURVE: Final = {"P-256": ("ES256",), "P-384": ("ES384",), "P-521": ("ES512",)}
_RSA: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")


def algorithms_of(key: jwt.PyJWK) -> tuple[str, ...]:
    """Return the algorithms a public key may be used with: those of its type, or the one it names among them; none for a secret."""
    described: Mapping[str, Any] = key._jwk_data  # noqa: SLF001 - the library shows the type alone, not the curve
    of_type: tuple[str, ...] = {
        "RSA": _RSA,
        "EC": _BY_CURVE.get(str(described.get("crv")), ()),
        "OKP": ("EdDSA",) if described.get("crv") == "Ed25519" else (),
    }.get(str(key.key_type), ())
    named = described.get("alg")
    return of_type if named is None else tuple(each for each in of_type if each == named)
