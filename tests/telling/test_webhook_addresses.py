"""Where a webhook may go: anywhere on the Internet, and nowhere inside a private network."""

import asyncio
import socket

import pytest

from gateway.telling import courier
from gateway.telling.addresses import Private, is_public, public_socket, refusal

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
    "::127.0.0.1",
    "fec0::1",
]

# Ways in which this machine is written, or looked up.
DIALLED = [
    "127.0.0.1",
    "127.1",
    "localhost.localdomain",
    "１２７.0.0.1",
    "127。0.0.1",
    "①②⑦.0.0.1",
    "%31%32%37.0.0.1",
    "017700000001.",
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
        "https://hooks..example.jp/",
        f"https://{'a' * 64}.example.jp/",
        f"https://hooks.example.jp/{'a' * 2_000}",
        "https://hooks.example.jp/\n",
        *(f"https://{address}/" for address in INSIDE if ":" not in address),
        *(f"https://[{address}]/" for address in INSIDE if ":" in address and "%" not in address),
        "https://１２７.0.0.1/",
        "https://127。0.0.1/",
        "https://①②⑦.0.0.1/",
        "https://169。254.169.254/",
        "https://ⓛocalhost/",
    ],
)
def test_an_address_that_cannot_be_is_refused_when_it_is_typed(url: str) -> None:
    assert refusal(url, private=False) is not None


def test_an_address_on_the_internet_is_taken() -> None:
    assert refusal("https://hooks.example.jp:8443/tabane?office=1", private=False) is None


def found(host: str, port: int = 443) -> tuple[int, int, int, str, tuple[str | int, ...]]:
    return socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port)


@pytest.mark.parametrize("address", [one for one in INSIDE if "%" not in one])
def test_no_socket_is_made_for_what_is_inside_a_network(address: str) -> None:
    with pytest.raises(Private):
        public_socket(found(address))


def test_a_socket_is_made_for_what_is_on_the_internet() -> None:
    with public_socket(found("8.8.8.8")) as made:
        assert socket.AF_INET == made.family


async def test_by_default_this_machine_is_not_even_dialled_however_it_is_written() -> None:
    dialled: list[object] = []

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dialled.append(writer.get_extra_info("peername"))
        writer.close()

    async with await asyncio.start_server(answered, "127.0.0.1", 0) as here:
        port = here.sockets[0].getsockname()[1]
        for private in (False, True):
            async with courier.opened(private=private) as carrier:
                assert [None] * len(DIALLED) == [
                    await carrier.bring(f"https://{host}:{port}", "{}", {}) for host in DIALLED
                ]
            # Who may go there does, by more than one name, or nothing would be shown by who may not.
            assert (private, not private) == (len(dialled) > 1, not dialled)
