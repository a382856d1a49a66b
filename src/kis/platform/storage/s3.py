"""Objects in a bucket of S3, or of a server that speaks its language.

The library puts, gets, lists and signs. It makes no buckets, and it signs no query (a file name for the download, ``?lifecycle``); but it signs
whatever its endpoint says. A request with a query is therefore signed by a store of its own whose endpoint is that address up to the query, and
the slash that the library adds at the end becomes the value of ``x-id``, a parameter that S3 ignores. So credentials, those of a machine included,
stay with the library.
"""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote, urlencode

import httpx2
import obstore
from obstore.store import S3Store

from kis.platform.configuration import StorageSettings
from kis.platform.storage import lifecycle
from kis.platform.storage.errors import LinkRefused, StorageUnavailable
from kis.platform.storage.failures import explained
from kis.platform.storage.links import Link, checked_life, content_disposition

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import ClientConfig, RetryConfig, S3Config

CONNECT_SECONDS: Final = 2
READ_SECONDS: Final = 10
"""Between two pieces of an answer."""
REQUEST_SECONDS: Final = 120
"""For a whole request; the largest object is 256 MiB."""
MOST_RETRIES: Final = 3
RETRY_SECONDS: Final = 10
"""After this much time nothing is tried again."""

_OWN_REQUEST_SECONDS: Final = 60
_FIRST_REGION: Final = "us-east-1"
"""The one region whose name a new bucket must not state."""
_THERE: Final = (200, 301, 400, 403)
"""Answers to a look at a bucket that exists; whether it may be used shows with the first object."""


class S3Backend:
    """A bucket and a prefix in it; links lead to the server itself."""

    kind: Final = "s3"

    def __init__(self, settings: StorageSettings, *, bucket: str, prefix: str) -> None:
        self.bucket = bucket
        self._prefix = prefix
        self._region = settings.region
        self._config = _config(settings)
        self._client_options = _client_options(settings)
        self._objects = self._store(bucket, prefix=prefix or None)
        self._bare = self._store(bucket)
        self._http: httpx2.Client | None = None
        self._lock = threading.Lock()

    @property
    def objects(self) -> S3Store:
        """Return the library's store."""
        return self._objects

    def ensure(self) -> None:
        """Make the bucket, private, unless it is there; have the server remove what is only kept for a while. Rules of others stay."""
        with explained("ensure"):
            if self._request("HEAD").status_code not in _THERE:
                self._create()
        lifecycle.establish(self._request, prefix=self._prefix)

    def attributes(self, media_type: str) -> "Attributes":
        """Return what the server says about the object when it is fetched."""
        return {"Content-Type": media_type, "Cache-Control": "private"}

    def prepare(self, path: str) -> None:
        """Do nothing: a bucket has no folders."""

    def settle(self, path: str) -> None:
        """Do nothing: the server answers when it has the object."""

    def link(self, path: str, *, seconds: int, filename: str, media_type: str) -> str:
        """Return an address of the server that is good for ``seconds``."""
        answer = {
            "response-content-disposition": content_disposition(filename),
            "response-content-type": media_type,
        }
        with explained("sign", path):
            return self._signed(self._objects, "GET", path, query=answer, seconds=checked_life(seconds))

    def opened(self, token: str) -> Link:  # noqa: ARG002 - the interface: links of a bucket do not come back to us
        """Refuse: links of a bucket are opened by its server."""
        raise LinkRefused

    def fetch(self, link: str) -> bytes:
        """Return what a link leads to."""
        with explained("get"):
            return self._client().get(link).raise_for_status().content

    def clean(self, *, older_than_seconds: float) -> None:
        """Do nothing: unfinished uploads end by the bucket's rules."""

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._http is not None:
                self._http.close()
            self._http = None

    def _create(self) -> None:
        placed = b"" if self._region == _FIRST_REGION else lifecycle.location(self._region)
        answer = self._request("PUT", body=placed)
        if answer.status_code == httpx2.codes.BAD_REQUEST and placed:  # servers that know no regions
            answer = self._request("PUT")
        if answer.status_code == httpx2.codes.FORBIDDEN:
            raise StorageUnavailable("refused")
        if answer.status_code not in (200, 204, 409):  # 409: another process was quicker
            raise StorageUnavailable("no_bucket")
        self._request("PUT", query={"publicAccessBlock": ""}, body=lifecycle.PRIVATE)

    def _request(
        self,
        method: Literal["GET", "HEAD", "PUT"],
        *,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> httpx2.Response:
        """Do what the library does not: a request about the bucket itself."""
        with explained(f"bucket {method}"):
            address = self._signed(self._bare, method, "", query=query or {}, seconds=_OWN_REQUEST_SECONDS)
            return self._client().request(
                method, address, content=body, headers=lifecycle.digest_header(body)
            )

    def _signed(
        self,
        store: S3Store,
        method: Literal["GET", "HEAD", "PUT"],
        path: str,
        *,
        query: Mapping[str, str],
        seconds: int,
    ) -> str:
        life = timedelta(seconds=seconds)
        plain = obstore.sign(store, method, path, life).partition("?")[0].removesuffix("/")
        address = f"{plain}?{urlencode({**query, 'x-id': ''}, quote_via=quote)}"
        return obstore.sign(self._store(self.bucket, endpoint=address), method, "", life)

    def _store(self, bucket: str, *, prefix: str | None = None, endpoint: str = "") -> S3Store:
        config = self._config
        if endpoint:
            config = {**config, "endpoint": endpoint, "virtual_hosted_style_request": True}
        return S3Store(
            bucket,
            prefix=prefix,
            config=config,
            client_options=self._client_options,
            retry_config=_RETRIES,
        )

    def _client(self) -> httpx2.Client:
        with self._lock:
            if self._http is None:
                self._http = httpx2.Client(timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS))
            return self._http


_RETRIES: "Final[RetryConfig]" = {
    "max_retries": MOST_RETRIES,
    "retry_timeout": timedelta(seconds=RETRY_SECONDS),
    "backoff": {"init_backoff": timedelta(milliseconds=50), "max_backoff": timedelta(seconds=1), "base": 2},
}


def _config(settings: StorageSettings) -> "S3Config":
    config: S3Config = {"region": settings.region}
    if settings.endpoint:
        config["endpoint"] = settings.endpoint
    key, secret = settings.access_key_id.get_secret_value(), settings.secret_access_key.get_secret_value()
    if key:
        config["access_key_id"] = key
        config["secret_access_key"] = secret
    return config


def _client_options(settings: StorageSettings) -> "ClientConfig":
    return {
        "allow_http": settings.endpoint.startswith("http://"),
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "read_timeout": timedelta(seconds=READ_SECONDS),
        "timeout": timedelta(seconds=REQUEST_SECONDS),
    }
