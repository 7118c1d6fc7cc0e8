"""
Where a webhook may go. An agency types the address, so it must never lead into our own network.

What is typed is judged as the HTTP client reads it, and once more each socket before it is connected: a name
that is public when it is typed and private when it is called (DNS rebinding) gets nowhere, nor does a number in
whatever spelling.
"""

import ipaddress
import socket
from typing import Any, TypeAlias

from yarl import URL

from insurers.text import Text

# As `socket.getaddrinfo` tells one; the last part has as many members as the family wants.
AddrInfo: TypeAlias = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]

LONGEST_ADDRESS = 2_000

# An IPv4 address is written inside each of these, and a router may unwrap it.
_WRAPPED = (
    (ipaddress.IPv6Network("::/96"), 0),
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
    """A connection would lead into a private network, and webhooks do not go there."""


def is_public(text: str) -> bool:
    """Tell whether this IP address belongs to the Internet, also where it is an IPv4 address in IPv6 clothes."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        for network, shift in _WRAPPED:
            if address in network:
                inner = ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)
                return inner.is_global and not inner.is_multicast
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def refusal(url: str, *, private: bool) -> Text | None:
    """Answer why no webhook goes to *url*, as far as that can be told without asking anybody; None where one may."""
    try:
        read = URL(url)
        # What is dialled: another spelling of a number or a name has become the plain one here.
        host, port = read.raw_host, read.explicit_port
        # No name has an empty part, or one of more than 63 letters.
        (host or "").encode("idna")
    except ValueError:
        return _UNREADABLE
    schemes = ("https", "http") if private else ("https",)
    odd = read.user is not None or read.password is not None or "#" in url or not url.isprintable() or " " in url
    if not host or not host.isascii() or read.scheme not in schemes or odd or port == 0 or len(url) > LONGEST_ADDRESS:
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


def public_socket(address: AddrInfo) -> socket.socket:
    """
    Make the socket for a connection to this address, whether it was looked up or written in the URL.

    Raises:
        Private: the address is inside a private network.
    """
    family, kind, protocol, _, where = address
    if not is_public(str(where[0])):
        raise Private
    return socket.socket(family, kind, protocol)
