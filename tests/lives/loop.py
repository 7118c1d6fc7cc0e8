# Whoever stands in for a part of asyncio has to know some of its inner names.
# ruff: noqa: SLF001
"""An event loop without a clock, a thread or a socket of its own: time jumps to the next thing that is due."""

import asyncio
import heapq
import socket
import sys
from asyncio import events
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextvars import Context, copy_context
from random import Random
from typing import Any, TypeVar, TypeVarTuple

from tests.lives.network import Listening, Network, Side
from tests.lives.place import FORGIVEN, PLACE, Place

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Stuck(Exception):
    """Somebody waits for something that will never come."""


class VirtualLoop(asyncio.BaseEventLoop):
    """
    Runs the real code of every place on one clock that costs nothing.

    Which place does its next step is drawn from *chance*, so a seed is a course of events.
    `steps` counts every step that was made. `watch` is told before each where it will be, and
    `rested` when a place has nothing left to do for now.
    """

    def __init__(self, chance: Random, *, starts_at: float) -> None:
        super().__init__()
        self._chance = chance
        self._now = starts_at
        self._timers: list[tuple[float, int, asyncio.TimerHandle, Place]] = []
        self._sequence = 0
        self._nowhere = Place("nowhere")
        self._places: list[Place] = [self._nowhere]
        self._network = Network(self)
        self._generators: dict[AsyncGenerator[Any, Any], None] = {}
        self.steps = 0
        self.troubles: list[str] = []
        self.watch: Callable[[Place], None] = lambda _: None
        self.rested: Callable[[Place], None] = lambda _: None

    def place(self, name: str) -> Place:
        place = Place(name)
        self._places.append(place)
        return place

    def leave(self, place: Place) -> None:
        """Forget a place that is dead."""
        self._places.remove(place)

    @property
    def latency(self) -> float:
        """How long the next packet is on its way, in seconds."""
        return self._chance.uniform(0.0005, 0.05)

    # What a loop does.

    def time(self) -> float:
        return self._now

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return events._get_running_loop() is self

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        context = context or copy_context()
        handle = asyncio.Handle(callback, args, self, context)
        place = context.get(PLACE, self._nowhere)
        if place.alive:
            place.ready.append(handle)
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)

    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        context = context or copy_context()
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self._sequence += 1
        heapq.heappush(self._timers, (when, self._sequence, handle, context.get(PLACE, self._nowhere)))
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Asked by a timer that is cancelled. It is thrown away when its time comes."""

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(  # type: ignore[override]  # Nobody has made tasks of plain generators for years.
        self, coro: Coroutine[Any, Any, T], *, name: str | None = None, context: Context | None = None
    ) -> asyncio.Task[T]:
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        place = (context or copy_context()).get(PLACE, self._nowhere)
        place.tasks[task] = None
        # Said where the task runs, so that it is still heard when the place is ended.
        task.add_done_callback(place.forget, context=place.context())
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Nobody listened to an error. In a simulation it counts."""
        error = context.get("exception")
        if not isinstance(error, FORGIVEN):
            self.troubles.append(f"{context.get('message')}: {error!r}")

    # What this loop does otherwise.

    def run_until_complete(self, future: Coroutine[Any, Any, T]) -> T:  # type: ignore[override]  # coroutines only
        """
        Raises:
            Stuck: nothing is left to happen, and it is not done.
        """
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._generator_begins, finalizer=self._generator_is_lost)
        events._set_running_loop(self)
        try:
            task = self.create_task(future)
            while not task.done():
                self._step()
            return task.result()
        finally:
            events._set_running_loop(None)
            sys.set_asyncgen_hooks(*hooks)

    def _generator_begins(self, generator: AsyncGenerator[Any, Any]) -> None:
        """Nothing is kept: every generator here is a context manager, and ended by its block."""

    def _generator_is_lost(self, generator: AsyncGenerator[Any, Any]) -> None:
        self.troubles.append(f"nobody ended {generator!r}")

    def _step(self) -> None:
        """Let one place do the next thing it has to do; when nobody has, let it be later."""
        able = [place for place in self._places if place.ready and not place.halted]
        if not able:
            self._jump()
            return
        place = able[0] if len(able) == 1 else able[int(self._chance.random() * len(able))]
        self.steps += 1
        # Whoever watches may end the place, and what it was about to do is then unwound with the rest.
        self.watch(place)
        if place.ready and not (handle := place.ready.popleft()).cancelled():
            handle._run()
        if not place.ready and place.alive:
            self.rested(place)

    def _jump(self) -> None:
        if not self._timers:
            raise Stuck("nothing is left to happen")
        self._now = max(self._now, self._timers[0][0])
        while self._timers and self._timers[0][0] <= self._now:
            _, _, handle, place = heapq.heappop(self._timers)
            if handle.cancelled() or not place.alive:
                continue
            (place.overdue if place.halted else place.ready).append(handle)

    def skip(self, seconds: float) -> None:
        """Let time pass in which nobody does anything: afterwards all is late at once."""
        self._now += seconds

    def end(self, place: Place) -> None:
        """
        Kill a place: what it was doing ends here, and nothing that it does while it is unwound reaches anybody.

        Its coroutines are unwound rather than left, because Python would do so later, and not quietly.
        """
        place.doomed = True
        self._network.cut(place)
        for _ in range(100):
            if not place.tasks:
                break
            for task in list(place.tasks):
                task.cancel()
            while place.ready:
                handle = place.ready.popleft()
                if not handle.cancelled():
                    handle._run()
        else:
            self.troubles.append(f"{place.name} could not be unwound: {list(place.tasks)!r}")
        place.alive = False
        place.overdue.clear()
        self.leave(place)

    def close(self) -> None:
        """End every place that is still there."""
        events._set_running_loop(self)
        try:
            for place in [*self._places]:
                self.end(place)
        finally:
            events._set_running_loop(None)
            super().close()

    # The network.

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        await self._network.knock(sock, address)

    # As asyncio has them; only what aiohttp uses is here.
    async def create_connection(  # type: ignore[override]
        self, protocol_factory: Callable[[], asyncio.Protocol], *, sock: socket.socket, **_: Any
    ) -> tuple[Side, asyncio.Protocol]:
        return self._network.connected(sock, protocol_factory)

    async def create_server(  # type: ignore[override]
        self, protocol_factory: Callable[[], asyncio.Protocol], host: str, port: int, **_: Any
    ) -> Listening:
        return self._network.listen(protocol_factory, host, port)
