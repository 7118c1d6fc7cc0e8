"""
The gateway and the floor in one process, asked by turns and without sockets.

`python -m tests.benchmarks.requests.inside` reads what is asked, and tells rows of what an answer costs in CPU.
Whatever else the machine does befalls both alike, so that less of a difference can be told than between two servers.
"""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import msgspec
import typer
import uvicorn
from msgspec import Struct
from starlette.types import ASGIApp

import gateway.serving
from gateway.lines import WAITING
from tests.benchmarks.requests import floor, place
from tests.benchmarks.requests.place import Place
from tests.benchmarks.requests.serving import gateway_app
from tests.benchmarks.road import Wire

ROUNDS = 40
# For so long each is asked in a round.
BURST_SECONDS = 0.06
MICROSECONDS = 1e6

HEAD = ("CPU µs, least", "gateway", "floor", "more, median", "of the floor")


class Asked(Struct, frozen=True):
    """What one viewer asks of either."""

    token: str
    of_gateway: bytes
    of_floor: bytes


class Told(Struct, frozen=True, kw_only=True):
    """Where both are, and what they are asked, by question."""

    gateway: Place
    floor: Place
    asked: Mapping[str, list[Asked]]


async def main() -> None:
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=Told)
    async with gateway_app(told.gateway) as ours, place.opened(told.floor) as house:
        by_hand = floor.app(house)
        with gateway.serving.seldom_collected():
            rows = [await _compared(name, asked, ours, by_hand) for name, asked in told.asked.items()]
    typer.echo(msgspec.json.encode(rows))


async def _compared(name: str, asked: Sequence[Asked], ours: ASGIApp, by_hand: ASGIApp) -> Sequence[str]:
    of_gateway = [(one.of_gateway, one.token, "/graphql") for one in asked]
    of_floor = [(one.of_floor, one.token, f"/{name}") for one in asked]
    once = await _burst(ours, of_gateway, 2 * len(asked))
    await _burst(by_hand, of_floor, 2 * len(asked))
    times = max(int(BURST_SECONDS / once), 1)
    both = [(await _burst(ours, of_gateway, times), await _burst(by_hand, of_floor, times)) for _ in range(ROUNDS)]
    gateway, by_floor = (min(one) * MICROSECONDS for one in zip(*both, strict=True))
    more = median(one - other for one, other in both) * MICROSECONDS
    return name.upper(), f"{gateway:,.0f}", f"{by_floor:,.0f}", f"{more:,.0f}", f"{by_floor / gateway:.2f}"


async def _burst(app: ASGIApp, asked: Sequence[tuple[bytes, str, str]], times: int) -> float:
    """Answer how many seconds of CPU one answer takes."""
    wires = [Wire(*asked[number % len(asked)]) for number in range(times)]
    began = time.process_time()
    for wire in wires:
        # Each in a task of its own, as a server has it.
        await asyncio.create_task(_once(app, wire))
    # What waits is not told at the other's cost.
    WAITING.tell()
    return (time.process_time() - began) / times


async def _once(app: ASGIApp, wire: Wire) -> None:
    told = await wire.carry(app)
    assert b'"errors"' not in told, told


if __name__ == "__main__":
    # Lines are written as in production, and to nowhere.
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stderr(nowhere),
        asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner,
    ):
        runner.run(main())
