"""A loader of ours answers everybody who still waits."""

import asyncio
from collections.abc import Sequence

import pytest

from schema.loader import BrokenOff, Loader
from schema.shared import Once, Shared


async def test_who_asks_in_the_turn_in_which_all_others_gave_up_is_answered() -> None:
    asked: list[Sequence[str]] = []

    async def load(keys: list[str]) -> Sequence[str]:
        asked.append(keys)
        return [key.upper() for key in keys]

    loader = Loader(load)
    gives_up = asyncio.ensure_future(loader.load("a"))
    # The batch is about to be sent when nobody waits for it any more.
    await asyncio.sleep(0)
    gives_up.cancel()

    async with asyncio.timeout(1):
        assert "B" == await loader.load("b")
    assert [["b"]] == asked


async def test_who_still_waits_keeps_the_batch_of_those_who_gave_up() -> None:
    asked: list[Sequence[str]] = []

    async def load(keys: list[str]) -> Sequence[str]:
        asked.append(keys)
        return [key.upper() for key in keys]

    loader = Loader(load)
    waits, gives_up = loader.load("a"), asyncio.ensure_future(loader.load("b"))
    gives_up.cancel()

    assert ["A", "C"] == [await waits, await loader.load("c")]
    assert [["a", "b"], ["c"]] == asked


async def test_what_is_found_once_is_shared_with_whoever_asks_meanwhile() -> None:
    once: Once[str] = Once()
    going, asked = asyncio.Event(), 0

    async def find() -> str:
        nonlocal asked
        asked += 1
        await going.wait()
        return "found"

    first, second, gives_up = (asyncio.create_task(once.found(find)) for _ in range(3))
    await asyncio.sleep(0)
    gives_up.cancel()
    going.set()

    assert ["found", "found", "found"] == [await first, await second, await once.found(find)]
    assert 1 == asked


async def test_what_cannot_be_found_is_so_for_everybody() -> None:
    once: Once[str] = Once()

    async def find() -> str:
        await asyncio.sleep(0)
        raise LookupError

    coming = [asyncio.create_task(once.found(find)) for _ in range(2)]

    assert [LookupError] * 2 == [type(one) for one in await asyncio.gather(*coming, return_exceptions=True)]


async def test_who_gives_up_takes_nobody_along() -> None:
    going = asyncio.Event()

    async def load(keys: list[str]) -> Sequence[str]:
        await going.wait()
        return [key.upper() for key in keys]

    loader = Loader(load)
    first, second = asyncio.ensure_future(_awaited(loader, "a")), asyncio.ensure_future(_awaited(loader, "a"))
    await asyncio.sleep(0)
    first.cancel()
    going.set()

    async with asyncio.timeout(1):
        assert "A" == await second


async def test_what_nobody_waits_for_any_more_is_broken_off() -> None:
    begun, broken_off = asyncio.Event(), asyncio.Event()

    async def load(keys: list[str]) -> Sequence[str]:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            broken_off.set()
            raise
        return keys

    loader = Loader(load)
    asking = asyncio.ensure_future(loader.load_many(["a", "b"]))
    await begun.wait()
    asking.cancel()

    async with asyncio.timeout(1):
        await broken_off.wait()


async def test_what_is_broken_off_elsewhere_is_told_to_whoever_waits() -> None:
    async def load(keys: list[str]) -> Sequence[str]:
        elsewhere: asyncio.Future[Sequence[str]] = asyncio.get_running_loop().create_future()
        elsewhere.cancel()
        return await elsewhere

    async with asyncio.timeout(1):
        with pytest.raises(BrokenOff):
            await Loader(load).load("a")


async def test_shared_work_ends_with_the_last_who_waits() -> None:
    begun, broken_off = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            broken_off.set()
            raise

    shared = Shared(work())
    first, second = (asyncio.create_task(shared.told()) for _ in range(2))
    await begun.wait()
    first.cancel()
    await asyncio.wait([first])
    assert not shared.was_given_up
    second.cancel()
    async with asyncio.timeout(1):
        await broken_off.wait()
    assert shared.was_given_up


async def test_who_finds_it_first_may_give_up_and_the_next_goes_on() -> None:
    once: Once[str] = Once()
    goings = [asyncio.Event(), asyncio.Event()]
    asked = iter(goings)

    async def find() -> str:
        await next(asked).wait()
        return "found"

    first, second = (asyncio.create_task(once.found(find)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    for going in goings:
        going.set()

    async with asyncio.timeout(1):
        assert "found" == await second


async def _awaited(loader: Loader[str, str], key: str) -> str:
    return await loader.load(key)
