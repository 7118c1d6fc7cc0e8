"""The first line and the headers of a request: no longer than they need be, and not waited for without end."""

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest

from gateway.heads import LARGEST_HEAD_BYTES, Heads
from schema.execution.negotiation import LONGEST_HEADER, ranges, wishes
from tests.api.endpoint import endpoint

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKS = b"GET /graphql?query=%7Broom%7Bname%7D%7D HTTP/1.1\r\nHost: x\r\n"
LONG = b"a" * (LARGEST_HEAD_BYTES // 8)


async def said(url: str, pieces: Iterable[bytes]) -> bytes:
    """Answer the first line that comes back; nothing where the connection ends without one."""
    host, port = urlsplit(url).netloc.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await reader.readline()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_a_head_without_end_is_not_read() -> None:
    async with endpoint() as at:
        one_header = [ASKS, b"X-A: ", *[LONG] * 16]
        many_headers = [ASKS, *[b"X-A: " + LONG + b"\r\n"] * 16]
        address = [b"GET /graphql?query=", *[LONG] * 16]
        fitting = [ASKS, *[b"X-A: " + LONG + b"\r\n"] * 6, b"\r\n"]
        answers = [await said(at.url, pieces) for pieces in (one_header, many_headers, address)]

        assert [b""] * 3 == [one.removeprefix(b"HTTP/1.1 400 Bad Request\r\n") for one in answers]
        assert b"HTTP/1.1 200 OK\r\n" == await said(at.url, fitting)


@pytest.mark.parametrize("begun", [b"", ASKS], ids=["nothing", "half of it"])
async def test_a_head_that_does_not_come_is_not_waited_for(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Heads, "seconds", 0.05)
    async with endpoint() as at:
        assert b"" == await asyncio.wait_for(said(at.url, [begun]), 5)


async def test_of_a_header_without_end_only_the_beginning_is_read() -> None:
    assert "text/html" == ranges("text/html" + "," * 60_000)[0].name
    assert LONGEST_HEADER + 1 == len(ranges("," * 60_000))
    assert "application/json" == wishes("application/json" + ",a" * 30_000).one_piece
