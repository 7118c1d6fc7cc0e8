"""
The development mailbox: it takes every mail by SMTP, keeps it in memory and shows it on a web page.

It delivers nothing to anybody, asks nobody who they are, and is for development only.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from gateway.mailbox import post, web
from gateway.mailbox.mailbag import Mailbag

__all__ = ["Address", "Door", "serve"]

TOKYO = ZoneInfo("Asia/Tokyo")


class Door(NamedTuple):
    host: str
    port: int


class Address(Struct, frozen=True):
    """Where the mailbox is: *smtp* takes letters, *url* shows them (without a slash at its end)."""

    smtp: Door
    url: str


@asynccontextmanager
async def serve(
    host: str = "127.0.0.1",
    smtp_port: int = 0,
    web_port: int = 0,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(TOKYO),
) -> AsyncIterator[Address]:
    """
    Keep a mailbox while the block runs, in the running loop.

    Port 0 picks one that is free. *clock* stamps the letters.

    Raises:
        OSError: a port is taken.
    """
    mailbag = Mailbag(clock)
    async with (
        post.serve(mailbag, host=host, port=smtp_port) as taking,
        web.serve(mailbag, host=host, port=web_port) as showing,
    ):
        yield Address(Door(host, taking), f"http://{host}:{showing}")
