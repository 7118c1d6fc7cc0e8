"""One order, one deed: an idempotency key is remembered with what was answered to it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from gateway.journeys import acting
from gateway.store import KeyReused, Store
from insurers.panel import Clock
from schema.ports import Asker, Done
from schema.problems import KEY_REUSED, Problem

T = TypeVar("T")


class _Answer(Struct, frozen=True):
    """What is kept of an answer: which thing, and why not. The thing itself is read anew."""

    thing: str | None
    problems: tuple[Problem, ...]


class Orders:
    """
    Carries out orders, each in a task of its own.

    A client that leaves ends its request, and not the order: what was sent to an insurer must
    be heard and written down.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        # A Done of whatever the order is about; its type is known only to who gave the order.
        self._running: dict[tuple[str, str], asyncio.Task[Done[Any]]] = {}

    async def once(
        self,
        asker: Asker,
        key: str,
        said: object,
        *,
        do: Callable[[], Awaitable[Done[T]]],
        again: Callable[[str], Awaitable[T | None]],
        name: Callable[[T], str],
    ) -> Done[T]:
        """
        Do it, or answer what came of it when this key was seen before.

        Args:
            said: The whole input. The same key with another is refused.
            again: Reads the thing anew, for an answer that is repeated.
            name: The id under which `again` finds the thing.
        """
        place = (asker.party, key)
        fingerprint = msgspec.json.encode(said).hex()
        try:
            async with self._store.work() as work:
                replay = await work.keys.begin(asker.party, key, fingerprint, self._clock())
        except KeyReused:
            return Done(problems=(KEY_REUSED,))
        if replay is not None and replay.answer is not None:
            return await self._repeated(replay.answer, again)
        if (running := self._running.get(place)) is not None:
            return msgspec.structs.replace(await asyncio.shield(running), replayed=True)
        # An order that began and never ended is begun again: states and versions keep it from happening twice.
        task = asyncio.create_task(self._carried_out(asker, key, do, again, name))
        self._running[place] = task
        task.add_done_callback(lambda _: self._running.pop(place, None))
        return await asyncio.shield(task)

    async def drain(self) -> None:
        """Wait until every order that was begun has been written down."""
        if self._running:
            await asyncio.wait(self._running.values())

    async def _carried_out(
        self,
        asker: Asker,
        key: str,
        do: Callable[[], Awaitable[Done[T]]],
        again: Callable[[str], Awaitable[T | None]],
        name: Callable[[T], str],
    ) -> Done[T]:
        acting.begin(asker)
        done = await do()
        kept = _Answer(thing=name(done.thing) if done.thing is not None else None, problems=done.problems)
        ours = msgspec.json.encode(kept)
        async with self._store.work() as work:
            stands = await work.keys.finish(asker.party, key, ours)
        # Another process may have carried out the same order at the same moment; its answer was first.
        return done if stands == ours else await self._repeated(stands, again)

    async def _repeated(self, kept: bytes, again: Callable[[str], Awaitable[T | None]]) -> Done[T]:
        answer = msgspec.json.decode(kept, type=_Answer)
        thing = await again(answer.thing) if answer.thing else None
        return Done(thing=thing, problems=answer.problems, replayed=True)
