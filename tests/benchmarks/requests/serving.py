"""One server under test, in a process of its own: `python -m tests.benchmarks.requests.serving` reads its place."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import msgspec
import typer
import uvicorn
from starlette.types import ASGIApp

import gateway.serving
from gateway import application, telemetry, tokens
from gateway.front import front
from gateway.health import Health
from gateway.telemetry import Heard, Telemetry
from gateway.watch import Watch
from tests.benchmarks.requests import floor, place, plain
from tests.benchmarks.requests.contenders import Kind
from tests.benchmarks.requests.place import Place
from tests.benchmarks.requests.stages import BEGIN_LOOKING, END_LOOKING, Sampler

BETWEEN_LOOKS_SECONDS = 0.01


@asynccontextmanager
async def gateway_app(where: Place) -> AsyncIterator[ASGIApp]:
    """The gateway as `tabane serve` opens it, but for its clock."""
    settings, told = where.read(), Telemetry()
    telemetry.set_up(settings.log_format)
    verifier, issuer = tokens.trusted(settings, lambda: datetime.now(UTC))
    async with application.opened(
        settings,
        clock=where.clock(),
        addresses=where.insurers,
        verifier=verifier,
        issuer=issuer,
        listener=told.heard,
        watch=Watch(told.registry),
    ) as opened:
        yield front(opened.app, Health(opened.checks, told.registry, counted=opened.counted), told)


@asynccontextmanager
async def ours(where: Place) -> AsyncIterator[str]:
    async with gateway_app(where) as app:
        with gateway.serving.seldom_collected():
            async with gateway.serving.serve(app, grace_seconds=1) as url:
                yield url


@asynccontextmanager
async def by_hand(where: Place) -> AsyncIterator[str]:
    async with place.opened(where) as house:
        # Whoever writes by hand knows that, too.
        with gateway.serving.seldom_collected():
            async with _stock(floor.app(house)) as url:
                yield url


@asynccontextmanager
async def by_hand_and_told(where: Place) -> AsyncIterator[str]:
    told = Telemetry()
    telemetry.set_up(where.read().log_format)
    async with place.opened(where, listener=told.heard) as house:
        with gateway.serving.seldom_collected():
            async with _stock(Heard(floor.app(house), told)) as url:
                yield url


@asynccontextmanager
async def stock_strawberry(where: Place) -> AsyncIterator[str]:
    async with place.opened(where) as house, _stock(plain.Plain(house)) as url:
        yield url


@asynccontextmanager
async def _stock(app: ASGIApp) -> AsyncIterator[str]:
    """Serve as uvicorn does by itself with uvloop and httptools, without an access log."""
    door = gateway.serving.listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    running = asyncio.create_task(server.serve(sockets=[door]))
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
    try:
        yield gateway.serving.url(door)
    finally:
        server.should_exit = True
        await running
        door.close()


KINDS: Mapping[Kind, Callable[[Place], AbstractAsyncContextManager[str]]] = {
    Kind.GATEWAY: ours,
    Kind.BY_HAND: by_hand,
    Kind.BY_HAND_AND_TOLD: by_hand_and_told,
    Kind.PLAIN: stock_strawberry,
}


async def main() -> None:
    where = msgspec.json.decode(sys.stdin.buffer.readline(), type=Place)
    sampler, loop = Sampler(), asyncio.get_running_loop()
    loop.add_signal_handler(BEGIN_LOOKING, sampler.start)
    loop.add_signal_handler(END_LOOKING, lambda: typer.echo(msgspec.json.encode(sampler.stop())))
    async with KINDS[where.kind](where) as url:
        typer.echo(url)
        # Whoever opened it closes its input.
        await loop.run_in_executor(None, sys.stdin.buffer.read)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner:
        runner.run(main())
