"""What is asked in a benchmark, in a process of its own, so that it costs the asker nothing: sandboxes and a stub."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from typing import cast

import msgspec
from msgspec import Struct

from gateway.development import sandboxes
from insurers.identity import InsurerCode
from insurers.sandbox import CROWD, TOKYO, Letter, Resident, TestClock, World, serve

# A Friday in the morning, when every insurer is open.
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)

# Of a household.
CARS = 5

STUB_BODY = b'{"keiyaku":[' + b",".join(b'{"shokenNo":"%010d","jotai":"YUKO"}' % n for n in range(20)) + b"]}"

_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"Date: Fri, 20 Nov 2026 01:00:00 GMT\r\nServer: stub\r\n\r\n"
)


class House(Struct):
    """A sandbox; somebody who has an account and a policy there, and somebody with several."""

    url: str
    resident: Resident
    household: Resident


class Around(Struct):
    """`stub` answers one thing to whatever it is asked."""

    stub: str
    houses: dict[InsurerCode, House]


class Nowhere:
    async def deliver(self, letter: Letter) -> None:
        return None


class _Stub(asyncio.Protocol):
    def __init__(self) -> None:
        self._answer = _HEAD % len(STUB_BODY) + STUB_BODY
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A connection has one, whatever the loop calls it.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        # A question of a benchmark has no body.
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            _, _, self._heard = self._heard.partition(b"\r\n\r\n")
            self._transport.write(self._answer)


async def _serve() -> None:
    clock = TestClock(FRIDAY, frozen=True)
    stub = await asyncio.get_running_loop().create_server(_Stub, "127.0.0.1", 0)
    host, port = stub.sockets[0].getsockname()[:2]
    async with AsyncExitStack() as stack:
        houses = {}
        for code, build in sandboxes().items():
            app = build(World(clock=clock, postman=Nowhere()))
            address = await stack.enter_async_context(serve(app))
            (resident,), (household,) = app[CROWD](1), app[CROWD](1, CARS)
            houses[code] = {"url": address.url, "resident": asdict(resident), "household": asdict(household)}
        sys.stdout.write(json.dumps({"stub": f"http://{host}:{port}", "houses": houses}) + "\n")
        sys.stdout.flush()
        # Whoever asked closes its end when it has done.
        await asyncio.to_thread(sys.stdin.read)


@asynccontextmanager
async def aside() -> AsyncIterator[Around]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.aside",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield msgspec.json.decode(await process.stdout.readline(), type=Around)
    finally:
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
