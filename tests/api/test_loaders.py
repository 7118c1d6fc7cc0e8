"""A loader of ours answers everybody who still waits."""

import asyncio
from collections.abc import Sequence

from schema.loader import Loader


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
