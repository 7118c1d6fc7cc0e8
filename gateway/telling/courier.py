"""Brings one message to one address, and says what the other side answered."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from gateway.telling.addresses import public_socket, refusal

# The rules ask receivers to answer within 15 to 30 seconds.
PATIENCE_SECONDS = 15.0
CONNECT_SECONDS = 5.0
# Each costs a socket while it waits. A handful of receivers that are stuck at the same moment leaves most of them.
CONNECTIONS = 32
GONE = 410


class Courier:
    """`private` lets it go to addresses inside our own network, by plain HTTP, too."""

    def __init__(self, session: aiohttp.ClientSession, *, private: bool) -> None:
        self._session = session
        self.private = private

    async def bring(self, url: str, body: str, headers: Mapping[str, str]) -> int | None:
        """
        Answer the status of the reply, or None where none came: not reachable, too slow, or a private address.

        Nothing of the reply is read but its status, and no redirection is followed.
        """
        if refusal(url, private=self.private) is not None:
            return None
        try:
            async with self._session.post(
                url, data=body.encode(), headers=dict(headers), allow_redirects=False
            ) as reply:
                return reply.status
        # A name that leads to a private address is an OSError, too.
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return None


@asynccontextmanager
async def opened(*, private: bool) -> AsyncIterator[Courier]:
    connector = aiohttp.TCPConnector(
        limit=CONNECTIONS,
        # What was public a moment ago is judged again, so nothing is remembered.
        use_dns_cache=False,
        socket_factory=None if private else public_socket,
    )
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS, connect=CONNECT_SECONDS)
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "tabane-webhooks"},
        # A proxy of the environment would look names up in our place.
        trust_env=False,
    ) as session:
        yield Courier(session, private=private)
