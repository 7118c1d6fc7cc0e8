"""A gateway, as a program in Python speaks to it with gql: questions and orders by HTTP, live updates on a socket."""

import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from graphql import parse
from graphql.utilities import separate_operations

URL = os.environ["TABANE_URL"]

# Each operation by its name, with the fragments that it uses and nothing else.
OPERATIONS = separate_operations(parse((Path(__file__).parent / "operations.graphql").read_text(encoding="utf-8")))

# What an answer holds is as many-shaped as what is asked.
Answer = Any


class Gateway:
    def __init__(self, session: AsyncClientSession, token: str) -> None:
        self._session = session
        self._token = token

    async def ask(self, operation: str, **variables: object) -> Answer:
        (answer,) = (await self._session.execute(_request(operation, variables))).values()
        return answer

    async def order(self, operation: str, **entry: object) -> Answer:
        """Write, under a key of its own: sent again with the same key it is done once. Errors are for who asked."""
        return await self.ask(operation, input={**entry, "idempotencyKey": str(uuid4())})

    async def watch(self, operation: str, **variables: object) -> AsyncGenerator[Answer, None]:
        """Answer how it stands, and again after every change, until whoever watches closes it."""
        # Browsers can send no headers with a socket, so the token travels in its first message.
        socket = AIOHTTPWebsocketsTransport(URL.replace("http", "ws", 1), init_payload=_bearer(self._token))
        async with Client(transport=socket) as updates:
            async for update in updates.subscribe(_request(operation, variables)):
                (event,) = update.values()
                yield event


@asynccontextmanager
async def connected(token: str) -> AsyncIterator[Gateway]:
    http = AIOHTTPTransport(URL, headers={**_bearer(token), "Accept-Language": "en"})
    async with Client(transport=http) as session:
        yield Gateway(session, token)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _request(operation: str, variables: Mapping[str, object]) -> GraphQLRequest:
    return GraphQLRequest(OPERATIONS[operation], variable_values=dict(variables))
