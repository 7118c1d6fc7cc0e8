"""Insurers that say again what their sandboxes said once, as fast as can be, or each time after a while."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import cast

import aiohttp
from msgspec import Struct

from insurers.identity import InsurerCode

# What else an answer says is about the connection or the moment.
TOLD = ("Content-Type", "Set-Cookie")

NEVER_SAID = b"HTTP/1.1 404 Never Said\r\nContent-Length: 0\r\n\r\n"


class Question(Struct, frozen=True):
    """What tells one call from another: its first line, in whose name it is, and what it says."""

    line: str
    authorization: str
    cookie: str
    body: bytes


class Upstream:
    """
    All insurers together. `calls` counts what they were asked.

    `delay` is how many seconds each answer takes; `waited`, for how long at least one was being waited for. While it
    is `open`, whatever was never asked before is asked of the sandbox; afterwards it is noted in `unknown`.
    """

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http = http
        self.open = True
        self.delay = 0.0
        self.calls = 0
        self.waited = 0.0
        self.unknown: set[str] = set()
        self._under_way = 0
        self._since = 0.0
        self._loop = asyncio.get_running_loop()

    def begin(self) -> None:
        self.calls += 1
        if not self._under_way:
            self._since = self._loop.time()
        self._under_way += 1

    def end(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self.waited += self._loop.time() - self._since

    def forget(self) -> None:
        self.calls, self.waited = 0, 0.0


class House:
    """One insurer: its sandbox, and what that said."""

    def __init__(self, upstream: Upstream, sandbox: str) -> None:
        self.upstream = upstream
        self._sandbox = sandbox
        self._said: dict[Question, bytes] = {}
        # A client repeats itself to the byte, so what was read once is known by its bytes.
        self.known: dict[bytes, bytes] = {}

    async def answer(self, head: bytes, body: bytes, headers: Mapping[str, str]) -> bytes:
        line = head.partition(b"\r\n")[0].decode()
        question = Question(line, headers.get("authorization", ""), headers.get("cookie", ""), body)
        if question not in self._said:
            if not self.upstream.open:
                self.upstream.unknown.add(line)
                return NEVER_SAID
            self._said[question] = await self._asked(line, body, headers)
        return self._said[question]

    async def _asked(self, line: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        method, target, _ = line.split(" ")
        passed = {name: value for name, value in headers.items() if name not in ("host", "content-length")}
        async with self.upstream.http.request(
            method, self._sandbox + target, data=body or None, headers=passed, allow_redirects=False
        ) as answer:
            told = [(name, value) for name, value in answer.headers.items() if name in TOLD]
            return _bytes(answer.status, told, await answer.read())


class Line(asyncio.Protocol):
    """One connection, on which one call follows another."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._upstream = house.upstream
        self._half = b""
        self._asking: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Uvloop's transports are of no class of asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        known = self._house.known.get(data)
        if known is None:
            self._read(self._half + data)
            return
        self._upstream.begin()
        if self._upstream.delay:
            asyncio.get_running_loop().call_later(self._upstream.delay, self._say, known)
        else:
            self._say(known)

    def _say(self, answer: bytes) -> None:
        # Whoever asked may have gone meanwhile.
        if not self._transport.is_closing():
            self._transport.write(answer)
        self._upstream.end()

    def _read(self, data: bytes) -> None:
        head, end, body = data.partition(b"\r\n\r\n")
        pairs = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        whole = end and len(body) >= int(headers.get("content-length", 0))
        self._half = b"" if whole else data
        if whole:
            asking = asyncio.create_task(self._ask(data, head, body, headers))
            self._asking.add(asking)
            asking.add_done_callback(self._asking.discard)

    async def _ask(self, data: bytes, head: bytes, body: bytes, headers: Mapping[str, str]) -> None:
        self._upstream.begin()
        answer = await self._house.answer(head, body, headers)
        if answer is not NEVER_SAID:
            self._house.known[data] = answer
        self._say(answer)


def _bytes(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    head = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body


@asynccontextmanager
async def opened(sandboxes: Mapping[InsurerCode, str]) -> AsyncIterator[tuple[dict[InsurerCode, str], Upstream]]:
    """Stand before these sandboxes; answer where, and what stands there."""
    loop = asyncio.get_running_loop()
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        AsyncExitStack() as stack,
    ):
        upstream, doors = Upstream(http), {}
        for code, sandbox in sandboxes.items():
            house = House(upstream, sandbox)
            server = await loop.create_server(partial(Line, house), "127.0.0.1", 0)
            stack.callback(server.close)
            doors[code] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield doors, upstream
