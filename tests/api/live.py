"""A GraphQL client on a WebSocket, in the words of graphql-transport-ws."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.api.frontend import Frontend, Json

PROTOCOL = "graphql-transport-ws"

# Whatever is said is said at once; so long only does a broken test wait.
PATIENCE_SECONDS = 10


class Live:
    """One connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def say(self, type_: str, **fields: object) -> None:
        await self.socket.send_json({"type": type_, **fields})

    async def hear(self) -> Json:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                said: Json = await self.socket.receive_json()
                if said["type"] != "ping":
                    return said

    async def subscribe(self, document: str, **variables: object) -> None:
        await self.say("subscribe", id="1", payload={"query": document, "variables": variables})

    async def state(self) -> Json:
        """Answer the value of the only root field of the next event."""
        said = await self.hear()
        assert "next" == said["type"], said
        assert "errors" not in said["payload"], said
        (value,) = said["payload"]["data"].values()
        return value  # type: ignore[no-any-return]  # GraphQL answers are whatever was asked for.


@asynccontextmanager
async def knocked(frontend: Frontend, authorization: object) -> AsyncIterator[Live]:
    """Open a socket and say who is there; what is answered is still to be heard."""
    async with frontend.http.ws_connect(f"{frontend.url}/graphql", protocols=[PROTOCOL]) as socket:
        live = Live(socket)
        await live.say("connection_init", payload={"Authorization": authorization} if authorization else {})
        yield live


@asynccontextmanager
async def connected(frontend: Frontend) -> AsyncIterator[Live]:
    async with knocked(frontend, frontend.headers.get("Authorization")) as live:
        assert "connection_ack" == (await live.hear())["type"]
        yield live
