"""An endpoint over a house that fails, waits and grows as a test wants: everything of ours but the insurers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, cast

import aiohttp
import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache
from strawberry.schema.config import StrawberryConfig

from gateway import serving
from gateway.rates import without_limits
from gateway.telemetry import Heard, Telemetry
from schema.execution.errors import QuietSchema
from schema.execution.gate import Gate, GatedSchema
from schema.execution.operation import OneOperation
from schema.execution.running import Bounds
from schema.execution.view import GraphQLView, Refused, Unsure
from schema.node import NodeIds
from schema.ports import Asker, Host, Role
from tests.api.live import PROTOCOL, Live
from tests.compiler import COMPILED

SECRET = "the password of the database"


@dataclass
class House:
    """What resolvers wait for, and what ended."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    ended: list[str] = field(default_factory=list)


# Resolvers find it here; whoever opens an endpoint builds a new one.
HOUSES: list[House] = []


def fail() -> Any:
    raise RuntimeError(SECRET)


@strawberry.enum
class Kind(Enum):
    WIDE = "wide"


@strawberry.type
class Room:
    @strawberry.field
    def name(self) -> str:
        return "茶の間"

    @strawberry.field
    def broken(self) -> str | None:
        return cast(str, fail())

    @strawberry.field
    def refused(self) -> str | None:
        raise GraphQLError("この部屋は使えません。 / Not this room.", extensions={"code": "FORBIDDEN"})

    @strawberry.field
    async def waiting(self) -> str | None:
        house = HOUSES[-1]
        try:
            await house.gate.wait()
            return "opened"
        finally:
            house.ended.append("waiting")

    @strawberry.field
    def long(self, letters: int) -> str:
        return "畳" * letters


@strawberry.type
class Query:
    @strawberry.field
    def room(self) -> Room:
        return Room()

    @strawberry.field
    def twice(self, number: int, secret: str = "", kind: Kind = Kind.WIDE, day: date | None = None) -> int:
        return 2 * number


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def build(self) -> Room:
        return Room()


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def rooms(self) -> AsyncIterator[Room]:
        house = HOUSES[-1]
        try:
            yield Room()
            await house.gate.wait()
            yield Room()
        finally:
            house.ended.append("rooms")

    @strawberry.subscription
    async def ruins(self) -> AsyncIterator[Room]:
        yield Room()
        fail()


class Nowhere:
    """What there is of a host where nobody is asked and nobody is limited."""

    rates = without_limits()

    def now(self) -> datetime:
        return datetime.now(UTC)


def authenticate(now: Callable[[], datetime]) -> Callable[[str], Awaitable[Asker]]:
    """Believe every token that is a number, and for so many seconds."""

    async def read(token: str) -> Asker:
        if token == "unsure":
            raise Unsure
        if token == "broken":
            fail()
        try:
            expires_at = now() + timedelta(seconds=float(token))
        except ValueError:
            raise Refused from None
        return Asker(
            customer="taro",
            actor="taro",
            display_name="太郎",
            actor_name="太郎",
            name=None,
            roles=frozenset({Role.CUSTOMER}),
            expires_at=expires_at,
        )

    return read


@dataclass
class Endpoint:
    url: str
    http: aiohttp.ClientSession
    view: GraphQLView
    house: House

    def post(self, body: object, accept: str = "", **headers: str) -> Any:
        """Ask over HTTP; what is answered is a response that is still to be entered."""
        sent = {"Accept": accept} if accept else {}
        return self.http.post(self.url, json=body, headers={**sent, **headers})

    def ask(self, document: str, accept: str = "", **headers: str) -> Any:
        return self.post({"query": document}, accept, **headers)

    @asynccontextmanager
    async def knock(self, *protocols: str, **headers: str) -> AsyncIterator[Live]:
        async with self.http.ws_connect(self.url, protocols=protocols or (PROTOCOL,), headers=headers) as opened:
            yield Live(opened)

    @asynccontextmanager
    async def connect(self, token: str | None = None) -> AsyncIterator[Live]:
        async with self.knock() as live:
            await live.say("connection_init", payload={"Authorization": f"Bearer {token}"} if token else {})
            assert "connection_ack" == (await live.hear())["type"]
            yield live


def housed(bounds: Bounds | None, *, gated: bool = True, compiled: bool = COMPILED) -> GraphQLView:
    """Answer a view of a new house; one that is not gated is run by Strawberry's own runner, whatever it is asked."""
    HOUSES.append(House())
    built = (GatedSchema if gated else QuietSchema)(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=[OneOperation, Gate] if gated else [OneOperation, ParserCache],
        config=StrawberryConfig(enable_experimental_incremental_execution=True),
    )

    def now() -> datetime:
        return datetime.now(UTC)

    return GraphQLView(
        built,
        # Nothing here asks an insurer.
        host=cast(Host, Nowhere()),
        ids=NodeIds(bytes(64)),
        authenticate=authenticate(now),
        bounds=bounds,
        now=now,
        compiled=compiled,
    )


@asynccontextmanager
async def endpoint(
    bounds: Bounds | None = None, *, init_seconds: float = 60.0, gated: bool = True, compiled: bool = COMPILED
) -> AsyncIterator[Endpoint]:
    """Open an endpoint of a new house, as `housed` has it."""
    view = housed(bounds, gated=gated, compiled=compiled)
    view.connection_init_wait_timeout = timedelta(seconds=init_seconds)
    async with (
        serving.serve(Heard(view, Telemetry()), grace_seconds=1) as url,
        aiohttp.ClientSession() as http,
    ):
        yield Endpoint(f"{url}/graphql", http, view, HOUSES[-1])
