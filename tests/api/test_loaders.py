"""A loader of ours answers everybody who still waits."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strawberry.exceptions import WrongNumberOfResultsReturned

from insurers.errors import Unavailable
from insurers.identity import InsurerCode
from schema.loader import BrokenOff, Loader, Lookup
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


async def test_what_is_asked_for_in_one_turn_is_loaded_at_once_and_each_thing_once() -> None:
    asked: list[Sequence[str]] = []

    async def load(keys: list[str]) -> Sequence[str]:
        asked.append([*keys])
        return [key.upper() for key in keys]

    loader = Loader(load)

    async def below(key: str) -> list[str]:
        # What begins others, which ask in their turn.
        return [*await asyncio.gather(_awaited(loader, key), _awaited(loader, "b"))]

    found = await asyncio.gather(_awaited(loader, "a"), _awaited(loader, "b"), below("c"), loader.load_many("dad"))

    assert ("A", "B", ["C", "B"], ["D", "A", "D"]) == (*found,)
    assert [["a", "b", "d", "c"]] == asked
    assert "A" == await loader.load("a")
    assert [["a", "b", "d", "c"]] == asked


async def test_things_that_are_not_compared_are_loaded_as_often_as_they_are_asked_for() -> None:
    asked: list[Sequence[object]] = []

    async def load(keys: list[list[str]]) -> Sequence[str]:
        asked.append([*keys])
        return [key[0] for key in keys]

    loader = Loader(load, cache=False)

    found = await asyncio.gather(*(loader.load([key]) for key in "aba"))
    assert ["a", "b", "a"] == [*found]
    assert [[["a"], ["b"], ["a"]]] == asked


async def test_an_error_among_the_answers_is_raised_where_it_was_asked_for() -> None:
    async def load(keys: list[str]) -> Sequence[str | Exception]:
        return [LookupError() if key == "b" else key.upper() for key in keys]

    loader = Loader(load)
    found = await asyncio.gather(*(_awaited(loader, key) for key in "abab"), return_exceptions=True)

    assert ["A", LookupError, "A", LookupError] == [one if isinstance(one, str) else type(one) for one in found]
    with pytest.raises(LookupError):
        await loader.load_many("ab")


@pytest.mark.parametrize("answers", [[], ["A", "B", "C"]])
async def test_who_asks_is_told_where_there_is_not_one_answer_for_each(answers: list[str]) -> None:
    async def load(keys: list[str]) -> Sequence[str]:
        return answers

    found = await asyncio.gather(*map(Loader(load).load, "ab"), return_exceptions=True)

    assert [WrongNumberOfResultsReturned] * 2 == [type(one) for one in found]


async def test_a_look_up_answers_the_trouble_of_an_insurer_and_raises_all_else() -> None:
    trouble = Unavailable(InsurerCode("made_up"))

    async def load(keys: list[str]) -> Sequence[str | Unavailable]:
        if "d" in keys:
            raise trouble
        return [LookupError() if key == "c" else trouble if key == "b" else key for key in keys]  # type: ignore[misc]  # what nobody promised

    look_up = Lookup(load)

    assert ["a", trouble] == await look_up.load_many("ab")
    assert trouble is await look_up.load("d")
    with pytest.raises(LookupError):
        await look_up.load("c")


async def test_where_whoever_leads_gives_up_the_next_loads_for_all_who_are_left() -> None:
    asked: list[Sequence[str]] = []
    begun, going = asyncio.Event(), asyncio.Event()

    async def load(keys: list[str]) -> Sequence[str]:
        asked.append([*keys])
        begun.set()
        await going.wait()
        return [key.upper() for key in keys]

    loader = Loader(load)
    leads, *others = (asyncio.create_task(_awaited(loader, key)) for key in "abc")
    await begun.wait()
    leads.cancel()
    going.set()

    async with asyncio.timeout(1):
        assert ["B", "C"] == await asyncio.gather(*others)
    assert [["a", "b", "c"], ["b", "c"]] == asked


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.sampled_from("abc"), st.none() | st.integers(0, 8)), min_size=1, max_size=12
    ),
    st.integers(0, 4),
)
async def test_whoever_does_not_give_up_is_answered(tasks: list[tuple[int, str, int | None]], takes: int) -> None:
    going: list[str] = []

    async def load(keys: list[str]) -> Sequence[str]:
        assert not {*keys} & {*going}
        going.extend(keys)
        try:
            for _ in range(takes):
                await asyncio.sleep(0)
        finally:
            for key in keys:
                going.remove(key)
        return [key.upper() for key in keys]

    loader = Loader(load)

    async def asks(after: int, key: str) -> str:
        for _ in range(after):
            await asyncio.sleep(0)
        return await loader.load(key)

    async def gives_up(task: "asyncio.Task[str]", after: int) -> None:
        for _ in range(after):
            await asyncio.sleep(0)
        task.cancel()

    asking = [(asyncio.create_task(asks(after, key)), key, until) for after, key, until in tasks]
    async with asyncio.timeout(1):
        await asyncio.gather(*(gives_up(task, until) for task, _, until in asking if until is not None))
        found = await asyncio.gather(*(task for task, *_ in asking), return_exceptions=True)

    for said, (task, key, until) in zip(found, asking, strict=True):
        assert said == key.upper() or (until is not None and task.cancelled())
    assert not going


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
