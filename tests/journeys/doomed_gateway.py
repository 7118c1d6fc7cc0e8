"""
A gateway in a process of its own, which is killed in the middle of its work.

It is told where it finds everything, says where it listens, and serves until somebody kills it.
Its clock stands still, and it has no worker.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import msgspec
from msgspec import Struct

from gateway import application, serving, tokens
from gateway.settings import Settings, read
from insurers.identity import InsurerCode
from insurers.sandbox import TestClock

# Whose tokens every gateway of a test believes, so that one customer is the same person at each.
ISSUER = "http://issuer.example"


class Surroundings(Struct, frozen=True, kw_only=True):
    """Where a gateway keeps things, where the insurers are, and what time it is."""

    folder: str
    database: str
    insurers: Mapping[str, str]
    now: datetime

    def settings(self) -> Settings:
        return read(
            data_folder=self.folder, database_url=self.database, environment="test", token_issuer=ISSUER, graphiql=False
        )


def run(surroundings: bytes, teller: Connection) -> None:
    asyncio.run(serve(msgspec.json.decode(surroundings, type=Surroundings), teller))


async def serve(surroundings: Surroundings, teller: Connection) -> None:
    settings = surroundings.settings()
    verifier, issuer = tokens.embedded(settings, lambda: datetime.now(UTC))
    addresses: Mapping[InsurerCode, str | None] = {
        InsurerCode(code): url for code, url in surroundings.insurers.items()
    }
    clock = TestClock(surroundings.now, frozen=True)
    door = serving.listen("127.0.0.1", 0)
    settings = settings.model_copy(update={"public_url": serving.url(door)})
    with door:
        async with (
            application.opened(settings, clock=clock, addresses=addresses, verifier=verifier, issuer=issuer) as gateway,
            serving.serve_at(door, gateway.app) as url,
        ):
            teller.send(url)
            await asyncio.Event().wait()
