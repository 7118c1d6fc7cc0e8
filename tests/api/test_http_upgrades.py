"""A request that asks for another protocol is answered in this one, with its body."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.api.endpoint import Endpoint, endpoint

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODY = json.dumps({"query": "query ($number: Int!) { twice(number: $number) }", "variables": {"number": 21}}).encode()
TWICE = {"twice": 42}

# As Java's client has it.
UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\n"
POST = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SIZED = POST + b"Content-Length: %d\r\n" % len(BODY)
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
IN_CHUNKS = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (20, BODY[:20], len(BODY) - 20, BODY[20:])
GET = b"GET /graphql?query=%7Btwice(number:21)%7D HTTP/1.1\r\nHost: x\r\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at() -> AsyncIterator[Endpoint]:
    async with endpoint() as opened:
        yield opened


class Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, *pieces: bytes) -> tuple[bytes, object]:
        """Answer the status and the data that come back; each piece goes out by itself."""
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()
            # The server has read that much before the next comes.
            for _ in range(20):
                await asyncio.sleep(0)
        head = await self._reader.readuntil(b"\r\n\r\n")
        (size,) = (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        told = json.loads(await self._reader.readexactly(int(size.partition(b":")[2])))
        return head.split()[1], told.get("data", told)


@pytest_asyncio.fixture(loop_scope="module")
async def connection(at: Endpoint) -> AsyncIterator[Connection]:
    host, port = urlsplit(at.url).netloc.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        async with asyncio.timeout(10):
            yield Connection(reader, writer)
    finally:
        writer.close()


@pytest.mark.parametrize(
    "pieces",
    [
        [SIZED + UPGRADE + b"\r\n" + BODY],
        [SIZED + UPGRADE + b"\r\n", BODY],
        [SIZED[:30], SIZED[30:] + UPGRADE + b"\r\n" + BODY[:7], BODY[7:]],
        [CHUNKED + UPGRADE + b"\r\n" + IN_CHUNKS],
        [CHUNKED + UPGRADE + b"\r\n" + IN_CHUNKS[:5], IN_CHUNKS[5:40], IN_CHUNKS[40:]],
        [GET + UPGRADE + b"\r\n"],
        [GET + UPGRADE + b"Content-Length: 0\r\n\r\n"],
    ],
    ids=["at once", "body later", "in pieces", "chunks", "chunks in pieces", "no body", "an empty body"],
)
async def test_who_asks_for_another_protocol_is_answered_in_this_one(
    connection: Connection, pieces: Sequence[bytes]
) -> None:
    # Whoever stays on the connection may ask for it again, or not.
    for again in (pieces, pieces, [SIZED + b"\r\n" + BODY], pieces, [GET + b"\r\n"]):
        assert (b"200", TWICE) == await connection.ask(*again)


async def test_what_follows_at_once_is_answered_next(connection: Connection) -> None:
    assert (b"200", TWICE) == await connection.ask(GET + UPGRADE + b"\r\n" + SIZED + b"\r\n" + BODY)
    assert (b"200", TWICE) == await connection.ask()


async def test_however_many_come_at_once_each_is_answered(connection: Connection) -> None:
    many = 400
    answers = [await connection.ask((GET + UPGRADE + b"\r\n") * many)]
    answers += [await connection.ask() for _ in range(many - 1)]

    assert [(b"200", TWICE)] * many == answers


async def test_what_follows_a_body_at_once_is_no_part_of_it(connection: Connection) -> None:
    assert (b"200", TWICE) == await connection.ask(SIZED + UPGRADE + b"\r\n" + BODY + SIZED + b"\r\n" + BODY)
    # Nobody heard of its head, so the connection ends, and a client asks again.
    with pytest.raises(asyncio.IncompleteReadError):
        await connection.ask()


async def test_a_body_that_is_none_is_refused_all_the_same(connection: Connection) -> None:
    status, _ = await connection.ask(SIZED + UPGRADE + b"\r\n" + b"{" * len(BODY))
    assert b"400" == status
    assert (b"200", TWICE) == await connection.ask(SIZED + b"\r\n" + BODY)
