"""`tabane serve` and `tabane worker`"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime

import structlog
import uvicorn
from starlette.applications import Starlette

from gateway import application, serving, settings, telemetry, tokens
from gateway.application import Gateway
from gateway.front import front
from gateway.health import Health
from gateway.settings import Settings
from gateway.telemetry import Telemetry
from gateway.watch import Watch
from insurers import panel
from insurers.hours import TOKYO

log = structlog.stdlib.get_logger("tabane")


def serve(*, port: int | None) -> None:
    read = settings.at(port)
    telemetry.set_up(read.log_format)
    # uvloop where there is one.
    with asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner:
        runner.run(_serve(read))


def work() -> None:
    read = settings.read()
    telemetry.set_up(read.log_format)
    asyncio.run(_work(read))


async def _serve(read: Settings) -> None:
    told = Telemetry()
    # The port first: a second gateway on it should not get as far as the database.
    with serving.hearing() as word, serving.listen(read.host, read.port) as door:
        async with _gateway(read, told) as gateway:
            health = Health(gateway.checks, told.registry, counted=gateway.counted)
            async with serving.serve_at(door, front(gateway.app, health, told)) as url:
                log.info("serving", url=url, public_url=read.public_url)
                await word.stop.wait()
                health.drain()
                log.info("draining", seconds=read.drain_seconds)
                await _wait(read.drain_seconds, word.hurry)
    log.info("closed")


async def _work(read: Settings) -> None:
    told = Telemetry()
    with serving.hearing() as word:
        async with _gateway(read, told) as gateway, AsyncExitStack() as stack:
            health = Health(gateway.checks, told.registry, counted=gateway.counted)
            url = None
            if read.worker_port is not None:
                door = serving.listen(read.host, read.worker_port)
                url = await stack.enter_async_context(serving.serve_at(door, Starlette(routes=health.routes())))
            async with serving.beside(gateway.worker.run()):
                log.info("working", **({"url": url} if url else {}))
                await word.stop.wait()
                health.drain()
                log.info("stopping", seconds=read.worker_grace_seconds)
    log.info("closed")


@asynccontextmanager
async def _gateway(read: Settings, told: Telemetry) -> AsyncIterator[Gateway]:
    verifier, issuer = tokens.trusted(read, _now)
    async with application.opened(
        read,
        clock=_now,
        addresses=dict.fromkeys(read.insurers or panel.discover()),
        verifier=verifier,
        issuer=issuer,
        listener=told.heard,
        watch=Watch(told.registry),
    ) as gateway:
        with serving.seldom_collected():
            yield gateway


async def _wait(seconds: float, hurry: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await hurry.wait()


def _now() -> datetime:
    return datetime.now(TOKYO)
