"""A loader of ours answers everybody who still waits."""

import asyncio
from collections.abc import Sequence

from schema.loader import Loader
from schema.once import Once


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
