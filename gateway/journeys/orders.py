"""
One order, one deed: an idempotency key is remembered with what was answered to it.

The same order may be carried out by several machines at once, and one of them does the deed.
Only its answer is kept; whoever looked on may have seen the thing half-way, and tells so once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from gateway.journeys import acting
from gateway.store import KeyReused, Store, pen
from insurers.panel import Clock
from schema.ports import Asker, Done
from schema.problems import KEY_REUSED, Problem, ProblemCode

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
        # By party, key and input. A Done of whatever the order is about; its type is known only to who gave it.
        self._running: dict[tuple[str, str, str], asyncio.Task[Done[Any]]] = {}

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
        place = (asker.party, key, msgspec.json.encode(said).hex())
        running = self._running.get(place)
        task = running or asyncio.create_task(self._answered(asker, key, place[-1], do, again, name))
        if running is None:
            self._running[place] = task
            task.add_done_callback(lambda _: self._running.pop(place, None))
        try:
            done = await asyncio.shield(task)
        except KeyReused:
            return Done(problems=(KEY_REUSED,))
        return msgspec.structs.replace(done, replayed=True) if running else done

    async def drain(self) -> None:
        """Wait until every order that was begun has been written down."""
        if self._running:
            await asyncio.wait(self._running.values())

    async def _answered(
        self,
        asker: Asker,
        key: str,
        fingerprint: str,
        do: Callable[[], Awaitable[Done[T]]],
        again: Callable[[str], Awaitable[T | None]],
        name: Callable[[T], str],
    ) -> Done[T]:
        async with self._store.work() as work:
            replay = await work.keys.begin(asker.party, key, fingerprint, self._clock())
        if replay is not None and replay.answer is not None:
            return await self._repeated(replay.answer, again)
        # An order that began and never ended is begun again: states and versions keep it from happening twice.
        acting.begin(asker)
        ours = pen()
        done = await do()
        if ours.used and _is_overtaken(done):
            # Somebody else saw the deed through, and what came of it is told by the thing as it stands.
            return done
        kept = _Answer(thing=name(done.thing) if done.thing is not None else None, problems=done.problems)
        answer = msgspec.json.encode(kept)
        async with self._store.work() as work:
            stands = await work.keys.finish(asker.party, key, answer, only_if_alone=not ours.used)
        return done if stands in (None, answer) else await self._repeated(stands, again)

    async def _repeated(self, kept: bytes, again: Callable[[str], Awaitable[T | None]]) -> Done[T]:
        answer = msgspec.json.decode(kept, type=_Answer)
        thing = await again(answer.thing) if answer.thing else None
        return Done(thing=thing, problems=answer.problems, replayed=True)


def _is_overtaken(done: Done[Any]) -> bool:
    return any(problem.code is ProblemCode.VERSION_CONFLICT for problem in done.problems)
