"""Where a webhook may go: anywhere on the Internet, and nowhere inside a private network."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from gateway.telling import courier
from gateway.telling.addresses import Private, PublicResolver, is_public, refusal
from tests.telling.conftest import Receiver

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.9",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 (what a webhook must not go to)
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_a_network_is_not_public_in_whatever_clothes(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is_on_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.jp/",
        "ftp://hooks.example.jp/",
        "https://user:word@hooks.example.jp/",
        "https://hooks.example.jp/#part",
        "https://localhost/",
        "https://printer.local/",
        "https://intranet/",
        "https://2130706433/",
        "https://[::1]/",
        "https://hooks.example.jp:0/",
        "https://hooks.example.jp:http/",
        "https:///hook",
        f"https://hooks.example.jp/{'a' * 2_000}",
        "https://hooks.example.jp/\n",
        *(f"https://{address}/" for address in INSIDE if ":" not in address),
    ],
)
def test_an_address_that_cannot_be_is_refused_when_it_is_typed(url: str) -> None:
    assert refusal(url, private=False) is not None


def test_an_address_on_the_internet_is_taken() -> None:
    assert refusal("https://hooks.example.jp:8443/tabane?office=1", private=False) is None


class Names(AbstractResolver):
    """Answers what a name server of somebody else's says."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._addresses
        ]

    async def close(self) -> None: ...


async def test_a_name_with_one_private_address_leads_nowhere() -> None:
    with pytest.raises(Private):
        await PublicResolver(Names("8.8.8.8", "10.0.0.1")).resolve("hooks.example.jp")


async def test_a_public_name_leads_where_it_says() -> None:
    found = await PublicResolver(Names("8.8.8.8")).resolve("hooks.example.jp")
    assert ["8.8.8.8"] == [one["host"] for one in found]


async def test_by_default_nothing_is_brought_to_this_machine_by_number_or_by_name(receiver: Receiver) -> None:
    port = receiver.url.split(":")[2]
    async with courier.opened(private=False) as carrier:
        for url in (receiver.url, f"https://127.1:{port}", f"https://localhost.localdomain:{port}"):
            assert await carrier.bring(url, "{}", {}) is None
    assert not receiver.heard
