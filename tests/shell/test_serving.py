"""Servers that open with their block, and close without cutting anybody off."""

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway import serving
from gateway.heads import Heads
from gateway.serving import YOUNG_OBJECTS, Ended, NotStarted, beside, hearing, seldom_collected, serve, serve_at

SERVICE_RESTART = 1012


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


HELLO = Starlette(routes=[Route("/", hello)])


async def test_the_address_is_known_before_the_block_begins() -> None:
    async with serve(HELLO) as url, aiohttp.ClientSession() as client, client.get(url) as answer:
        assert "hello" == await answer.text()


async def test_no_answer_waits_for_another_packet() -> None:
    """With Nagle's delay a body that follows its head waits for the client's acknowledgement: 40 ms an answer."""
    accepted: list[int] = []

    class Looking(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    with serving.listen("127.0.0.1", 0) as door:
        server = await asyncio.get_running_loop().create_server(Looking, sock=door)
        reader, writer = await asyncio.open_connection(*door.getsockname())
        assert b"" == await reader.read()
        writer.close()
        server.close()

    assert [1] == [bool(flag) for flag in accepted]


async def test_several_apps_are_served_in_one_loop() -> None:
    async with serve(HELLO) as first, serve(HELLO) as second, aiohttp.ClientSession() as client:
        answers = [await (await client.get(url)).text() for url in (first, second)]

    assert first != second
    assert ["hello", "hello"] == answers


async def test_the_port_is_free_again_after_the_block() -> None:
    async with serve(HELLO) as url:
        port = int(url.rpartition(":")[2])

    async with serve(HELLO, port=port) as again:
        assert url == again


async def test_a_taken_port_is_told() -> None:
    async with serve(HELLO) as url:
        with pytest.raises(OSError, match="in use"):
            await serve(HELLO, port=int(url.rpartition(":")[2])).__aenter__()


async def test_an_address_is_known_before_the_app_is_made() -> None:
    door = serving.listen("127.0.0.1", 0)
    url = serving.url(door)

    async def app(request: Request) -> Response:
        return PlainTextResponse(url)

    routes = [Route("/", app)]
    async with serve_at(door, Starlette(routes=routes)) as served, aiohttp.ClientSession() as client:
        assert url == served == await (await client.get(url)).text()


def test_a_host_with_colons_stands_in_brackets() -> None:
    try:
        door = serving.listen("::1", 0)
    except OSError:
        pytest.skip("this machine speaks no IPv6")
    with door:
        assert serving.url(door).startswith("http://[::1]:")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_an_app_that_cannot_start_is_told() -> None:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        raise RuntimeError("no database")
        yield

    with pytest.raises(NotStarted):
        await serve(Starlette(lifespan=lifespan)).__aenter__()


async def test_an_answer_under_way_is_finished_and_a_stream_is_cut_after_the_grace() -> None:
    asked, let_go = asyncio.Event(), asyncio.Event()

    async def slow(request: Request) -> Response:
        asked.set()
        await let_go.wait()
        return PlainTextResponse("done")

    async def endless(request: Request) -> Response:
        async def beats() -> AsyncIterator[bytes]:
            while True:
                yield b"."
                await asyncio.Event().wait()

        return StreamingResponse(beats())

    async with aiohttp.ClientSession() as client:
        serving_both = serve(Starlette(routes=[Route("/slow", slow), Route("/endless", endless)]), grace_seconds=1)
        url = await serving_both.__aenter__()
        waiting = asyncio.create_task(client.get(f"{url}/slow"))
        stream = await client.get(f"{url}/endless")
        await asked.wait()
        closing = asyncio.create_task(serving_both.__aexit__(None, None, None))
        let_go.set()

        assert "done" == await (await waiting).text()
        await closing
        with pytest.raises(aiohttp.ClientPayloadError):
            await stream.read()


async def test_a_socket_is_closed_with_the_code_that_says_come_again() -> None:
    async def chat(socket: WebSocket) -> None:
        await socket.accept()
        await socket.receive_text()

    async with aiohttp.ClientSession() as client:
        served = serve(Starlette(routes=[WebSocketRoute("/", chat)]), grace_seconds=1)
        url = await served.__aenter__()
        conversation = await client.ws_connect(url)
        closing = asyncio.create_task(served.__aexit__(None, None, None))
        message = await conversation.receive()
        await closing

    assert (aiohttp.WSMsgType.CLOSE, SERVICE_RESTART) == (message.type, message.data)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_first_signal_says_stop_and_the_second_hurry(number: signal.Signals) -> None:
    with hearing() as word:
        os.kill(os.getpid(), number)
        async with asyncio.timeout(5):
            await word.stop.wait()

        assert not word.hurry.is_set()
        os.kill(os.getpid(), number)
        async with asyncio.timeout(5):
            await word.hurry.wait()


async def test_signals_are_as_they_were_after_the_block() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with hearing():
        pass

    assert before == signal.getsignal(signal.SIGTERM)


async def test_nobody_else_can_take_the_port_meanwhile() -> None:
    door = serving.listen("127.0.0.1", 0)
    with door, socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(door.getsockname())


async def test_work_beside_a_block_ends_with_it() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with beside(work()):
        await asyncio.sleep(0)

    assert ended.is_set()


async def test_a_block_fails_with_the_work_beside_it() -> None:
    async def work() -> None:
        raise ValueError("the worker fell")

    with pytest.raises(ValueError, match="the worker fell"):
        async with beside(work()):
            await asyncio.Event().wait()


async def test_a_block_does_not_outlive_work_that_ends_without_an_error() -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    with pytest.raises(Ended):
        async with beside(work()):
            await asyncio.Event().wait()


async def test_work_that_fails_as_the_block_ends_is_told_and_breaks_nobody_off() -> None:
    gate = asyncio.Event()

    async def work() -> None:
        await gate.wait()
        raise LookupError

    async def block() -> None:
        async with beside(work()):
            await asyncio.sleep(0)
            gate.set()
            await asyncio.sleep(0)

    with pytest.raises(LookupError):
        await block()

    await asyncio.sleep(0)
    task = asyncio.current_task()
    assert 0 == (task.cancelling() if task else None)


async def test_a_block_keeps_its_own_error() -> None:
    with pytest.raises(KeyError, match="mine"):
        async with beside(asyncio.sleep(3600)):
            raise KeyError("mine")


def test_garbage_is_looked_for_seldom_until_the_block_ends() -> None:
    # These tests themselves have it looked for seldom.
    before = gc.get_threshold()
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)
    try:
        with seldom_collected():
            meanwhile = gc.get_threshold()[0], gc.get_freeze_count() > 0
        after = gc.get_threshold()[0], gc.get_freeze_count() > 0
    finally:
        gc.set_threshold(*before)
        gc.freeze()

    assert [(YOUNG_OBJECTS, True), (700, False)] == [meanwhile, after]


def test_the_fast_loop_is_there() -> None:
    """Without it uvicorn would take a slower one, and say nothing."""
    factory = uvicorn.Config("", log_config=None).get_loop_factory()
    assert factory

    loop = factory()
    loop.close()

    assert "uvloop" == type(loop).__module__
    assert issubclass(Heads, HttpToolsProtocol)


async def test_an_access_log_would_hold_queries(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serve(HELLO) as url, aiohttp.ClientSession() as client, client.get(f"{url}/?query=secret") as answer:
        assert "hello" == await answer.text()

    assert "secret" not in caplog.text
