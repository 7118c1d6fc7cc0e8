"""
A gateway in a process of its own, which is killed in the middle of its work.

    python -m tests.journeys.doomed_gateway

It reads from the first line of its input where it finds everything, says where it listens,
and serves until somebody kills it. Its clock stands still, and it has no worker.
"""

import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

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


async def serve(surroundings: Surroundings) -> None:
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
            sys.stdout.write(f"{url}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(msgspec.json.decode(sys.stdin.readline(), type=Surroundings)))
