"""No test speaks to another machine."""

import asyncio
import re
import socket

import pytest

# TEST-NET-1: nobody's address, by RFC 5737.
ELSEWHERE = ("192.0.2.1", 80)


def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as door, pytest.raises(UserWarning, match=re.escape(ELSEWHERE[0])):
        door.connect(ELSEWHERE)


async def test_another_machine_cannot_be_reached_from_a_loop() -> None:
    with pytest.raises(UserWarning, match=re.escape(ELSEWHERE[0])):
        await asyncio.open_connection(*ELSEWHERE)


async def test_this_machine_can() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())

        assert b"" == await reader.read()
        writer.close()
        await writer.wait_closed()
