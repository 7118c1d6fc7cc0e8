"""What a server under test is told, and the host that it asks."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

from msgspec import Struct
from prometheus_client import CollectorRegistry

from gateway import application, events, rates, store, tokens, viewer
from gateway.application import Desks
from gateway.settings import Given, Settings, read
from gateway.telling import courier
from gateway.vault import Keyring
from gateway.watch import Watch
from insurers.exchange import Listener, unheard
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.panel import Clock, connected
from schema.node import NodeIds
from schema.ports import Asker
from tests.benchmarks.requests.contenders import Kind

# Variables of a question, and data that answer it; either is whatever was asked for.
Said: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = dict[str, Any]


class Place(Struct, frozen=True, kw_only=True):
    """Settings of a gateway in production, what time it is there, and where the insurers are."""

    kind: Kind
    settings: Mapping[str, Any]
    at: datetime
    insurers: Mapping[InsurerCode, str]

    def read(self) -> Settings:
        return read(Given, environment="production", **self.settings)

    def clock(self) -> Clock:
        """Answer a clock that goes on from there, and costs what a gateway's own costs."""
        ahead = self.at - datetime.now(TOKYO)
        return lambda: datetime.now(TOKYO) + ahead


class House(Struct, frozen=True, kw_only=True):
    """Everything of ours without GraphQL."""

    desks: Desks
    ids: NodeIds
    authenticate: Callable[[str], Awaitable[Asker]]


@asynccontextmanager
async def opened(place: Place, *, listener: Listener = unheard) -> AsyncIterator[House]:
    """Open the host that a gateway with these settings has (`gateway.application.opened`); *listener* hears calls."""
    settings, clock = place.read(), place.clock()
    assert settings.vault_keys is not None
    keyring = Keyring.parse(settings.vault_keys.get_secret_value())
    url, remembered = settings.database_url.get_secret_value(), settings.remembered_mebibytes << 20
    verifier, _ = tokens.trusted(settings, lambda: datetime.now(UTC))

    async def authenticate(token: str) -> Asker:
        return viewer.asker(await verifier.verify(token))

    async with (
        events.opened(url) as bus,
        store.opened(url, keyring=keyring, bus=bus, migrate=False, remembered_bytes=remembered) as kept,
        connected(place.insurers, clock=clock, listener=listener) as panel,
        courier.opened(private=False) as carrier,
    ):
        watch = Watch(CollectorRegistry())
        desks = Desks(panel, kept, bus, clock, settings, keyring, watch, _never, carrier, rates.of(settings))
        yield House(desks=desks, ids=application.node_ids(keyring), authenticate=authenticate)


def _never() -> float:
    return 0.0
