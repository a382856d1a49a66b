from collections.abc import Sequence

import pytest

from kis.assistant.manuals.addresses import Guard, is_public, look_up
from kis.assistant.manuals.errors import ManualRefused, ManualUnreachable


def knows(*addresses: str) -> "Lookup":
    return Lookup(addresses)


class Lookup:
    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = addresses
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, name: str, port: int) -> Sequence[str]:
        self.asked.append((name, port))
        return self.addresses


class TestIsPublic:
    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",  # where clouds keep credentials
            "100.64.0.1",  # RFC 6598
            "0.0.0.0",  # noqa: S104 - judged, not listened on
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.88.99.1",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "2002:7f00:1::1",  # 6to4 of 127.0.0.1
            "2002:a00:1::1",  # 6to4 of 10.0.0.1
            "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
            "64:ff9b::a9fe:a9fe",  # NAT64 of 169.254.169.254
            "64:ff9b:1::808:808",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "fd12:3456::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "no address",
        ],
    )
    def test_what_leads_inside_is_not(self, address: str) -> None:
        assert not is_public(address)

    @pytest.mark.parametrize(
        "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
    )
    def test_what_stands_outside_is(self, address: str) -> None:
        assert is_public(address)


class TestPlace:
    @pytest.mark.parametrize(
        "url",
        [
            "ftp://maker.example/a.pdf",
            "file:///etc/passwd",
            "gopher://maker.example/",
            "http:///a.pdf",
            "http://user@maker.example/a.pdf",
            "http://user:secret@maker.example/a.pdf",
            "http://maker.example:22/a.pdf",
            "http://maker.example:6379/a.pdf",
            "http://maker.example:99999/a.pdf",
            "http://[::1/a.pdf",
            "nothing",
            "http://maker.example/" + "a" * 2000,
        ],
    )
    async def test_an_address_of_another_kind_is_refused_before_it_is_looked_up(self, url: str) -> None:
        lookup = knows("8.8.8.8")
        with pytest.raises(ManualRefused):
            await Guard(lookup=lookup).place(url)
        assert lookup.asked == []

    @pytest.mark.parametrize(
        "host",
        [
            "localhost",
            "localhost.",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ],
    )
    async def test_the_machine_itself_is_refused_however_it_is_written(self, host: str) -> None:
        with pytest.raises((ManualRefused, ManualUnreachable)):
            await Guard(lookup=look_up).place(f"http://{host}/a.pdf")

    async def test_one_private_address_among_public_ones_is_enough_to_refuse(self) -> None:
        with pytest.raises(ManualRefused):
            await Guard(lookup=knows("8.8.8.8", "10.0.0.1")).place("https://maker.example/a.pdf")

    async def test_the_connection_goes_to_the_judged_address_and_not_to_the_name(self) -> None:
        lookup = knows("8.8.8.8")
        place = await Guard(lookup=lookup).place("https://maker.example/a.pdf?b#c")
        assert str(place.direct_url) == "https://8.8.8.8/a.pdf?b"
        assert place.name == "maker.example"
        assert lookup.asked == [("maker.example", 443)]

    async def test_only_named_hosts_are_reached_where_some_are_named(self) -> None:
        guard = Guard(allowed="maker.example, *.parts.example", lookup=knows("8.8.8.8"))
        for host in ("maker.example", "MAKER.example.", "a.parts.example", "b.a.parts.example"):
            assert (await guard.place(f"https://{host}/a.pdf")).address == "8.8.8.8"
        for host in ("other.example", "evilmaker.example", "parts.example", "evilparts.example"):
            with pytest.raises(ManualRefused):
                await guard.place(f"https://{host}/a.pdf")

    async def test_a_private_host_is_reached_at_its_named_port_alone(self) -> None:
        guard = Guard(private="manuals.intranet:8080", lookup=knows("10.0.0.1"))
        assert (await guard.place("http://manuals.intranet:8080/a.pdf")).port == 8080
        for url in ("http://manuals.intranet/a.pdf", "http://other.intranet:8080/a.pdf"):
            with pytest.raises(ManualRefused):
                await guard.place(url)

    async def test_a_name_that_is_nobodys_cannot_be_reached(self) -> None:
        with pytest.raises(ManualUnreachable):
            await Guard(lookup=knows()).place("https://maker.example/a.pdf")
