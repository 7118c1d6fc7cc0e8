"""
What one call to an insurer costs in CPU: by a bare protocol, by the client library as it comes, and as we use it.

    python -m tests.benchmarks.client 2> log
"""

import argparse
import asyncio
import gc
import statistics
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

import aiohttp
import uvloop
from aiohttp import http_parser
from rich.console import Console
from yarl import URL

from gateway.settings import LogFormat
from gateway.telemetry import Telemetry, set_up
from insurers.exchange import Listener, unheard
from insurers.http import InsurerHTTP, session
from insurers.identity import InsurerCode
from tests.benchmarks.aside import aside
from tests.benchmarks.measuring import Step, cpu

ROUNDS = 9
TIMES = 400

WIDTH = 120

PATH = "/portal/keiyaku"
# What an insurer is told with each question.
HEADERS = {"Cookie": "PSESSIONID=0123456789abcdef0123456789abcdef"}


class Bare(asyncio.Protocol):
    """As little as a call can cost: one question written, one answer counted, nothing parsed."""

    def __init__(self, host: str) -> None:
        self._question = f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\nCookie: {HEADERS['Cookie']}\r\n\r\n".encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A connection has one, whatever the loop calls it.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, gap, body = self._heard.partition(b"\r\n\r\n")
        if gap and len(body) >= int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]):
            self._answer.set_result(body)

    async def ask(self) -> bytes:
        self._heard = b""
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._transport.write(self._question)
        return await self._answer


@asynccontextmanager
async def bare(stub: str) -> AsyncIterator[Bare]:
    where = URL(stub)
    transport, protocol = await asyncio.get_running_loop().create_connection(
        lambda: Bare(where.authority), where.host or "", where.port or 80
    )
    try:
        yield protocol
    finally:
        transport.close()


def asking(client: aiohttp.ClientSession, url: str | URL) -> Step:
    async def ask() -> bytes:
        async with client.get(url, headers=HEADERS, allow_redirects=False) as response:
            return await response.read()

    return ask


def ours(client: aiohttp.ClientSession, stub: str, listener: Listener) -> Step:
    http = InsurerHTTP(InsurerCode("acme"), client, stub, listener=listener)
    return lambda: http.ask("GET", PATH, writes=False, headers=HEADERS)


async def contenders(stack: AsyncExitStack, stub: str) -> dict[str, Step]:
    async def client(**settings: object) -> aiohttp.ClientSession:
        # Each is a setting of ClientSession's, which checks it.
        return await stack.enter_async_context(aiohttp.ClientSession(**settings))  # type: ignore[arg-type]

    patient = aiohttp.ClientTimeout(total=None, sock_connect=3)
    url = URL(stub + PATH, encoded=True)
    lean = {"cookie_jar": aiohttp.DummyCookieJar(), "timeout": patient}
    mine = await stack.enter_async_context(session())
    return {
        "a bare protocol, nothing parsed": (await stack.enter_async_context(bare(stub))).ask,
        "aiohttp as it comes": asking(await client(), stub + PATH),
        "… without a cookie jar": asking(await client(cookie_jar=aiohttp.DummyCookieJar()), stub + PATH),
        "… and without a deadline of its own": asking(await client(**lean), stub + PATH),
        "… and with an address that is parsed already": asking(await client(**lean), url),
        "… and without looking for compression": asking(await client(**lean, auto_decompress=False), url),
        "… and with few headers of its own": asking(
            await client(**lean, skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding")), url
        ),
        "`insurers.http.session`": asking(mine, url),
        "`InsurerHTTP.ask`, nobody listening": ours(mine, stub, unheard),
        "`InsurerHTTP.ask`, counted and logged": ours(mine, stub, Telemetry().heard),
    }


async def run(tell: Callable[[str], object]) -> None:
    set_up(LogFormat.JSON)
    async with AsyncExitStack() as stack:
        around = await stack.enter_async_context(aside())
        steps = await contenders(stack, around.stub)
        body = await next(iter(steps.values()))()
        found: dict[str, list[float]] = {name: [] for name in steps}
        for step in steps.values():
            assert body == getattr(await step(), "body", body)
        gc.freeze()
        for _ in range(ROUNDS):
            for name, step in steps.items():
                found[name].append(await cpu(step, TIMES))
    in_c = "C" if "_http_parser" in http_parser.HttpResponseParser.__module__ else "Python"
    tell(f"Python {sys.version.split()[0]}, aiohttp {aiohttp.__version__}, uvloop, its parser in {in_c}.")
    tell(f"µs of CPU a call, medians of {ROUNDS} rounds of {TIMES}; an answer of {len(str(body))} bytes of JSON.\n")
    tell("| a call by | µs |\n| --- | --: |")
    for name, took in found.items():
        tell(f"| {name} | {statistics.median(took):.0f} |")


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    uvloop.run(run(Console(width=WIDTH).print))


if __name__ == "__main__":
    main()
