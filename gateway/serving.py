"""Web servers in one event loop, each open while its block runs, and the word to stop."""

import asyncio
import gc
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.heads import Heads
from gateway.settings import reachable

# How long answers under way may take once it is told to stop; after that, open streams are cut.
GRACE_SECONDS = 25

# As long as the body of a request may be.
LARGEST_SOCKET_MESSAGE_BYTES = 1 << 20

# By its ticks uvicorn knows when a second is over, and the date in its answers is another.
TICKS_PER_SECOND = 10

# So many new objects are looked through at once. Python's own 700 would come often while one large answer is made.
YOUNG_OBJECTS = 50_000

# All that is old is looked through as soon as Python finds that worth it, which is when a quarter of it is new. By its
# own 10, half a gigabyte of documents that were forgotten in circles would wait for that.
OLD_ROUNDS = 1

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """
    Look for garbage as a process should that answers requests while the block runs.

    What stands by now stays to the end and is never looked through again: it is most of all there is, and who asks
    meanwhile would wait. Nothing of it is let go of in circles until the block is over.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, before[1], OLD_ROUNDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class NotStarted(RuntimeError):
    """The app refused to start; it has said why itself."""


class Ended(RuntimeError):
    """Work that has no end has come to one."""


class Parting:
    """
    An app that can know when it is about to be closed: `closing` in a request's state is set then.

    What has not ended by itself when the grace is over is broken off without a word: it is no failure of the app's.
    """

    def __init__(self, app: ASGIApp, closing: asyncio.Event) -> None:
        self._app = app
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["closing"] = self._closing
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if not self._closing.is_set():
                raise


class Server(uvicorn.Server):
    """Uvicorn, as one of several in a loop: the process hears the signals, not the server."""

    def __init__(self, config: uvicorn.Config, told: asyncio.Event) -> None:
        super().__init__(config)
        self.settled = asyncio.Event()
        self._told = told

    def stop(self) -> None:
        """Tell it to end. What is under way is answered first."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        """Look every second what uvicorn looks at ten times, and end at the very moment it is told to."""
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += TICKS_PER_SECOND
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Where nobody is connected, end without the moment that uvicorn leaves for farewells."""
        state = self.server_state
        if state.connections or state.tasks:
            await super().shutdown(sockets)
            return
        for server in self.servers:
            server.close()
        await self.lifespan.shutdown()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets=sockets)
        except SystemExit:
            self.should_exit = True
        finally:
            self.settled.set()


def listen(host: str, port: int) -> socket.socket:
    """
    Take a port, so that its number is known before anything is built that has to know it. Port 0 takes any.

    Raises:
        OSError: the port is taken, or the host is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Asyncio switches off Nagle's delay only where the protocol is named; unnamed, every answer waits 40 ms.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        # Callers that are early wait in the queue instead of being refused.
        door.listen(128)
    except OSError as error:
        door.close()
        # As asyncio says it where it binds by itself.
        where = f"error while attempting to bind on address {(host, port)!r}: {error.strerror}"
        raise OSError(error.errno, where) from None
    door.setblocking(False)
    return door


def url(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return reachable(host, port)


@asynccontextmanager
async def serve(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 0, *, grace_seconds: int = GRACE_SECONDS
) -> AsyncIterator[str]:
    """
    Serve *app* while the block runs, and answer its address.

    Raises:
        OSError: the port is taken, or the host is not ours.
        NotStarted: the app's own start failed.
    """
    async with serve_at(listen(host, port), app, grace_seconds=grace_seconds) as address:
        yield address


@asynccontextmanager
async def serve_at(door: socket.socket, app: ASGIApp, *, grace_seconds: int = GRACE_SECONDS) -> AsyncIterator[str]:
    """Serve *app* at a port that was taken before; closes it in the end."""
    closing = asyncio.Event()
    server = Server(
        uvicorn.Config(
            Parting(app, closing),
            # Without uvicorn's own logging: an access log holds queries, and those hold personal data.
            log_config=None,
            access_log=False,
            server_header=False,
            http=Heads,
            ws="websockets-sansio",
            ws_max_size=LARGEST_SOCKET_MESSAGE_BYTES,
            timeout_graceful_shutdown=grace_seconds,
        ),
        closing,
    )
    address = url(door)
    running = asyncio.create_task(server.serve(sockets=[door]))
    try:
        await server.settled.wait()
        if server.should_exit:
            raise NotStarted
        yield address
    finally:
        server.stop()
        await running
        door.close()


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """
    Have endless *work* done while the block runs. If the work fails, so does the block, with the same error.

    Raises:
        Ended: the work came to an end without one, or as if somebody had broken it off.
    """
    block = asyncio.current_task()
    working = asyncio.create_task(work)
    interrupted = over = False

    def interrupt(_: asyncio.Task[None]) -> None:
        nonlocal interrupted
        # What ends together with the block calls this when there is nothing left to break off.
        if block is not None and not over:
            interrupted = True
            block.cancel()

    working.add_done_callback(interrupt)
    try:
        yield
        if working.done():
            raise _failure(working) or Ended()
    except asyncio.CancelledError:
        if block is None or not interrupted:
            raise
        block.uncancel()
        raise _failure(working) or Ended() from None
    finally:
        over = True
        working.remove_done_callback(interrupt)
        working.cancel()
        await asyncio.wait([working])


def _failure(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()


class Word:
    """What the process was told: to stop, and then to hurry."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.hurry = asyncio.Event()


@contextmanager
def hearing() -> Iterator[Word]:
    """
    Hear SIGINT and SIGTERM while the block runs, from its very beginning.

    The first says stop and the second says hurry; a third ends the process, as it would have without us.
    """
    loop = asyncio.get_running_loop()
    word = Word()

    def hear() -> None:
        if word.stop.is_set():
            word.hurry.set()
            forget()
        word.stop.set()

    def forget() -> None:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, hear)
    try:
        yield word
    finally:
        forget()
