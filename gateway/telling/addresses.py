"""
Where a webhook may go. An agency types the address, so it must never lead into our own network.

A name is looked up once, by the resolver of the very connection, and every answer of it is judged: a
name that is public when it is typed and private when it is called (DNS rebinding) gets nowhere.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from insurers.text import Text

HTTPS_PORT = 443
LONGEST_ADDRESS = 2_000

# An IPv4 address is written inside each of these, and a router may unwrap it.
_WRAPPED = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b:1::/48"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)

_UNREADABLE = Text(
    "Webhook の送信先は https:// で始まるURLで指定してください（ユーザー名・パスワード・#以降は使えません）。",
    "A webhook's address must be a URL that begins with https://, without a user name, a password or a fragment.",
)
_PRIVATE = Text(
    "この送信先は社内・ローカルのアドレスです。インターネットから届くアドレスを指定してください。",
    "This address is inside a private network. Give one that can be reached from the Internet.",
)


class Private(OSError):
    """A name or an address leads into a private network, and webhooks do not go there."""


def is_public(text: str) -> bool:
    """Tell whether this IP address belongs to the Internet, also where it is an IPv4 address in IPv6 clothes."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        for network, shift in _WRAPPED:
            if address in network:
                inner = ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)
                return inner.is_global and not inner.is_multicast
    return address.is_global and not address.is_multicast


def refusal(url: str, *, private: bool) -> Text | None:
    """Answer why no webhook goes to *url*, as far as that can be told without asking anybody; None where one may."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return _UNREADABLE
    schemes = ("https", "http") if private else ("https",)
    odd = parts.username is not None or parts.password is not None or bool(parts.fragment) or not url.isprintable()
    if not host or parts.scheme not in schemes or odd or port == 0 or len(url) > LONGEST_ADDRESS or " " in url:
        return _UNREADABLE
    if not private and _is_named_privately(host):
        return _PRIVATE
    return None


def _is_named_privately(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        # Not an address, so a name: one without a dot is a machine of ours, and these two never leave a network.
        # What else looks like a number (0x7f.1) is judged when it is looked up.
        name = host.rstrip(".").lower()
        return "." not in name or name.endswith((".localhost", ".local", ".internal"))


class PublicResolver(AbstractResolver):
    """
    Looks names up, and hands out nothing of a name that has a private address.

    The literal addresses in a URL do not come here: `refusal` judges those.
    """

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """
        Raises:
            Private: an address of this name is private.
        """
        found = await self._inner.resolve(host, port, family)
        if not all(is_public(one["host"]) for one in found):
            raise Private
        return found

    async def close(self) -> None:
        await self._inner.close()
