"""The same wish uttered twice is one wish."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from gateway.store import KeyReused, Replay, Store
from tests.store.conftest import Opener
from tests.store.invented import NOW


async def test_the_first_time_is_written_down(store: Store) -> None:
    async with store.work() as work:
        assert await work.keys.begin("c1", "k1", "input", NOW) is None

    async with store.work() as work:
        assert Replay(answer=None, begun_at=NOW) == await work.keys.begin("c1", "k1", "input", NOW)


async def test_the_first_answer_is_given_again(store: Store) -> None:
    async with store.work() as work:
        await work.keys.begin("c1", "k1", "input", NOW)
        await work.keys.finish("c1", "k1", b"answer")

    async with store.work() as work:
        assert Replay(answer=b"answer", begun_at=NOW) == await work.keys.begin("c1", "k1", "input", NOW)


@pytest.mark.parametrize("answered", [True, False])
async def test_a_key_that_stood_for_something_else_is_refused(store: Store, answered: bool) -> None:
    async with store.work() as work:
        await work.keys.begin("c1", "k1", "input", NOW)
        if answered:
            await work.keys.finish("c1", "k1", b"answer")

    async with store.work() as work:
        with pytest.raises(KeyReused):
            await work.keys.begin("c1", "k1", "another input", NOW)


async def test_another_viewers_key_is_another_key(store: Store) -> None:
    async with store.work() as work:
        await work.keys.begin("c1", "k1", "input", NOW)

        assert await work.keys.begin("c2", "k1", "another input", NOW) is None


async def test_a_wish_whose_block_was_undone_was_never_uttered(store: Store) -> None:
    async def fail() -> None:
        async with store.work() as work:
            await work.keys.begin("c1", "k1", "input", NOW)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await fail()

    async with store.work() as work:
        assert await work.keys.begin("c1", "k1", "input", NOW) is None


async def test_an_answer_to_a_wish_that_never_began_is_a_bug(store: Store) -> None:
    async with store.work() as work:
        with pytest.raises(LookupError):
            await work.keys.finish("c1", "k1", b"answer")


async def test_of_eight_at_once_one_is_the_first(another: Opener) -> None:
    async def begin(own: Store) -> Replay | None:
        async with own.work() as work:
            return await work.keys.begin("c1", "k1", "input", NOW)

    async with AsyncExitStack() as open_stores:
        stores = [await open_stores.enter_async_context(another()) for _ in range(8)]
        begun = await asyncio.gather(*map(begin, stores))

    assert 1 == begun.count(None)


def test_a_replay_shows_nothing() -> None:
    assert "Replay(…)" == repr(Replay(answer=b"answer", begun_at=NOW))


async def test_the_first_answer_stands_whoever_comes_second(store: Store) -> None:
    async with store.work() as work:
        await work.keys.begin("c1", "k1", "input", NOW)
        first = await work.keys.finish("c1", "k1", b"first")
        second = await work.keys.finish("c1", "k1", b"second")

    assert (b"first", b"first") == (first, second)


async def test_an_old_key_is_forgotten_and_comes_as_a_new_one(store: Store) -> None:
    async with store.work() as work:
        await work.keys.begin("c1", "old", "input", NOW)
        await work.keys.begin("c1", "young", "input", NOW + timedelta(days=2))
        await work.keys.forget(NOW + timedelta(days=1))

        assert await work.keys.begin("c1", "old", "another input", NOW) is None
        assert await work.keys.begin("c1", "young", "input", NOW) is not None


async def test_who_was_joined_keeps_no_answer_that_only_one_alone_may_give(store: Store) -> None:
    async with store.work() as work:
        for key in ("alone", "joined"):
            await work.keys.begin("c1", key, "input", NOW)
        await work.keys.begin("c1", "joined", "input", NOW)

    async with store.work() as work:
        alone = await work.keys.finish("c1", "alone", b"found it done", only_if_alone=True)
        onlooker = await work.keys.finish("c1", "joined", b"found it done", only_if_alone=True)
        doer = await work.keys.finish("c1", "joined", b"did it")
        late = await work.keys.finish("c1", "joined", b"found it done", only_if_alone=True)

    assert (b"found it done", None, b"did it", b"did it") == (alone, onlooker, doer, late)


async def test_another_input_joins_nothing(store: Store) -> None:
    async with store.work() as work:
        await work.keys.begin("c1", "k1", "input", NOW)
        with pytest.raises(KeyReused):
            await work.keys.begin("c1", "k1", "another input", NOW)

        assert b"answer" == await work.keys.finish("c1", "k1", b"answer", only_if_alone=True)
