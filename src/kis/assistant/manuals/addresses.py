"""Where manuals may be fetched from: an address in a catalog is somebody else's word, and must not reach what stands inside this network.

A host is looked up once, every address it has is judged, and the connection is made to the judged address itself: a name that means something else
a moment later changes nothing. Every redirect goes the same way.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

import httpx2

from kis.assistant.manuals.errors import ManualRefused, ManualUnreachable

LONGEST_URL: Final = 2000
LOOKUP_SECONDS: Final = 5.0
_PORTS: Final = frozenset({80, 443, 8080, 8443})
"""Of public hosts; other ports are those of services that speak something else."""
_USUAL_PORT: Final = {"http": 80, "https": 443}
_NAT64: Final = ip_network("64:ff9b::/96")
_NOWHERE: Final = tuple(
    ip_network(told)
    for told in (
        "64:ff9b:1::/48",  # RFC 8215: NAT64 of a network's own
        "::/96",  # RFC 4291: addresses of version 4 as they were once written
        "fec0::/10",  # RFC 3879: site-local
        "192.88.99.0/24",  # RFC 7526: relays of 6to4
        "2001::/32",  # RFC 4380: Teredo leads to any address of version 4
    )
)

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes: to ``address`` and nowhere else, in the name of the URL's host."""

    url: httpx2.URL
    address: str
    port: int

    @property
    def direct_url(self) -> httpx2.URL:
        """Return the URL with the address in place of the name."""
        return self.url.copy_with(host=self.address, port=self.port)

    @property
    def name(self) -> str:
        """Return the host's name as it stands in certificates and headers."""
        return self.url.raw_host.decode("ascii").rstrip(".")


class Guard:
    """Judges addresses. ``allowed``: hosts that manuals may come from (none: any public one); ``private``: ``host:port`` whose address may be private."""

    def __init__(self, *, allowed: str = "", private: str = "", lookup: Lookup | None = None) -> None:
        self._allowed = _words(allowed)
        self._private = frozenset(_words(private))
        self._lookup = lookup or look_up

    async def place(self, url: str | httpx2.URL) -> Place:
        """Return where to go for a URL. Raises ManualRefused; ManualUnreachable where the name is nobody's."""
        asked = self.judged(url)
        port = asked.port or _USUAL_PORT[asked.scheme]
        name = asked.raw_host.decode("ascii").strip("[]")
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                addresses = await self._lookup(name, port)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise ManualUnreachable from error
        if not addresses:
            raise ManualUnreachable
        if not self._is_named_private(asked, port) and not all(map(is_public, addresses)):
            raise ManualRefused(asked.host)
        return Place(asked, addresses[0], port)

    def judged(self, url: str | httpx2.URL) -> httpx2.URL:
        """Return the URL as it is fetched, judged by what can be seen from it. Raises ManualRefused."""
        try:
            asked = httpx2.URL(url)
            raw_name = asked.raw_host.decode("ascii")
        except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
            raise ManualRefused("?") from error
        if asked.scheme not in _USUAL_PORT or not raw_name or asked.userinfo or len(str(asked)) > LONGEST_URL:
            raise ManualRefused(asked.host)
        port = asked.port or _USUAL_PORT[asked.scheme]
        is_open = port in _PORTS and self._is_allowed(_plain(raw_name))
        if not is_open and not self._is_named_private(asked, port):
            raise ManualRefused(asked.host)
        return asked.copy_with(fragment=None)

    def _is_allowed(self, name: str) -> bool:
        return not self._allowed or any(
            name.endswith(pattern[1:]) if pattern.startswith("*.") else name == pattern
            for pattern in self._allowed
        )

    def _is_named_private(self, url: httpx2.URL, port: int) -> bool:
        return f"{_plain(url.raw_host.decode('ascii'))}:{port}" in self._private


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public network; what leads to an address of version 4 is judged by that."""
    try:
        told = ip_address(address)
    except ValueError:
        return False
    if isinstance(told, IPv6Address):
        inner = _inner(told)
        if inner is not None:
            return is_public(str(inner))
    if any(told in network for network in _NOWHERE if network.version == told.version):
        return False
    return told.is_global and not (told.is_multicast or told.is_reserved or told.is_unspecified)


async def look_up(name: str, port: int) -> Sequence[str]:
    """Return the addresses that the machine's resolver knows."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _plain(name: str) -> str:
    """Return a host's name in the one form that it is compared in."""
    return name.casefold().rstrip(".")


def _words(told: str) -> tuple[str, ...]:
    return tuple(_plain(word) for word in map(str.strip, told.split(",")) if word)
