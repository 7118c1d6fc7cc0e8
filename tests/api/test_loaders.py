"""A loader of ours answers everybody who still waits."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strawberry.exceptions import WrongNumberOfResultsReturned

from insurers.errors import Unavailable
from insurers.identity import InsurerCode
from schema.loader import Alone, BrokenOff, Loader, Lookup
from schema.shared import Once


async def test_who_asks_in_the_turn_in_which_all_others_gave_up_is_answered() -> None:
    asked: list[Sequence[str]] = []
    loader = Loader(noting(asked))
    gives_up = asyncio.ensure_future(loader.load("a"))
    # The batch is about to be sent when nobody waits for it any more.
    await asyncio.sleep(0)
    gives_up.cancel()

    async with asyncio.timeout(1):
        assert "B" == await loader.load("b")
    assert [["b"]] == asked


async def test_who_still_waits_keeps_the_batch_of_those_who_gave_up() -> None:
    asked: list[Sequence[str]] = []
    loader = Loader(noting(asked))
    waits, gives_up = loader.load("a"), asyncio.ensure_future(loader.load("b"))
    gives_up.cancel()

    assert ["A", "C"] == [await waits, await loader.load("c")]
    assert [["a", "b"], ["c"]] == asked


async def test_what_is_asked_for_in_one_turn_is_loaded_at_once_and_each_thing_once() -> None:
    asked: list[Sequence[str]] = []
    loader = Loader(noting(asked))

    async def below(key: str) -> list[str]:
        # What begins others, which ask in their turn.
        return [*await asyncio.gather(_awaited(loader, key), _awaited(loader, "b"))]

    found = await asyncio.gather(_awaited(loader, "a"), _awaited(loader, "b"), below("c"), loader.load_many("dad"))

    assert ("A", "B", ["C", "B"], ["D", "A", "D"]) == (*found,)
    assert [["a", "b", "d", "c"]] == asked
    assert "A" == await loader.load("a")
    assert [["a", "b", "d", "c"]] == asked


async def test_who_asks_alone_waits_for_nobody_to_join() -> None:
    asked: list[Sequence[str]] = []
    loader = Loader(noting(asked))
    with Alone():
        assert "A" == at_once(loader.load("a"))
        assert ["A", "B"] == at_once(loader.load_many("ab"))
        # What goes on beside each other does so in tasks of its own.
        assert ("C", "D") == (*await asyncio.gather(_awaited(loader, "c"), _awaited(loader, "d")),)
    # Behind the block it is no longer alone.
    beside = asyncio.create_task(_awaited(loader, "e"))
    assert ["F", "E"] == [await loader.load("f"), await beside]
    assert [["a"], ["b"], ["c", "d"], ["f", "e"]] == asked


def at_once(coming: Coroutine[Any, Any, Any]) -> Any:
    """Answer what comes without any other turn."""
    with pytest.raises(StopIteration) as ended:
        coming.send(None)
    return ended.value.value


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
        return [LookupError() if key == "c" else trouble if key == "b" else key for key in keys]  # type: ignore[misc]  # only insurers' trouble is promised

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


async def test_where_whoever_leads_gives_up_those_who_want_many_have_them_at_once() -> None:
    asked: list[str] = []
    begun = asyncio.Event()

    async def load(keys: list[str]) -> Sequence[str]:
        asked.append("".join(keys))
        begun.set()
        if "z" in keys:
            await asyncio.Event().wait()
        return [key.upper() for key in keys]

    loader = Loader(load)
    leads, wants = asyncio.create_task(_awaited(loader, "z")), asyncio.create_task(loader.load_many("abc"))
    await begun.wait()
    leads.cancel()

    async with asyncio.timeout(1):
        assert ["A", "B", "C"] == await wants
    assert ["zabc", "abc"] == asked


async def test_who_waits_for_what_is_under_way_has_begun_the_rest() -> None:
    under_way = {key: asyncio.Event() for key in "ab"}

    async def load(keys: list[str]) -> Sequence[str]:
        (key,) = keys
        under_way[key].set()
        # Each comes when the other is under way, too.
        await asyncio.gather(*(event.wait() for event in under_way.values()))
        return [key.upper()]

    loader = Loader(load)
    first = asyncio.create_task(_awaited(loader, "a"))
    await under_way["a"].wait()

    async with asyncio.timeout(1):
        assert ["A", "B"] == await loader.load_many("ab")
    assert "A" == await first


async def test_an_error_that_many_are_told_of_has_one_course() -> None:
    async def load(keys: list[str]) -> Sequence[str]:
        raise LookupError

    loader = Loader(load)
    courses = set()
    for _ in range(3):
        with pytest.raises(LookupError) as told:
            await loader.load("a")
        courses.add(len(told.traceback))

    assert 1 == len(courses)


async def _one(loader: Loader[str, str], keys: str) -> str:
    return await loader.load(keys[0])


async def _late(loader: Loader[str, str], keys: str) -> str:
    coming = loader.load(keys[0])
    try:
        await _turns(len(keys))
    except asyncio.CancelledError:
        coming.close()
        raise
    return await coming


async def _many(loader: Loader[str, str], keys: str) -> str:
    return "".join(await loader.load_many(keys))


async def _each(loader: Loader[str, str], keys: str) -> str:
    return "".join(await asyncio.gather(*map(loader.load, keys)))


# How somebody asks, and how much of the keys that is then told.
WAYS = {_one: 1, _late: 1, _many: None, _each: None}


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*WAYS]),
            st.text("abcd", min_size=1, max_size=5),
            st.integers(0, 8),
            st.none() | st.integers(0, 12),
        ),
        min_size=1,
        max_size=10,
    ),
    st.integers(0, 4),
)
async def test_whoever_does_not_give_up_is_answered(
    asking: list[tuple[Callable[..., Coroutine[Any, Any, str]], str, int, int | None]], takes: int
) -> None:
    going: list[str] = []

    async def load(keys: list[str]) -> Sequence[str]:
        assert not {*keys} & {*going}
        going.extend(keys)
        try:
            await _turns(takes)
        finally:
            for key in keys:
                going.remove(key)
        return [key.upper() for key in keys]

    loader = Loader(load)

    async def asks(way: Callable[..., Coroutine[Any, Any, str]], keys: str, after: int) -> str:
        await _turns(after)
        return await way(loader, keys)

    async def gives_up(task: "asyncio.Task[str]", after: int) -> None:
        await _turns(after)
        task.cancel()

    tasks = [asyncio.create_task(asks(way, keys, after)) for way, keys, after, _ in asking]
    async with asyncio.timeout(1):
        leaving = zip(tasks, asking, strict=True)
        await asyncio.gather(*(gives_up(task, until) for task, (*_, until) in leaving if until is not None))
        found = await asyncio.gather(*tasks, return_exceptions=True)

    for said, task, (way, keys, _, until) in zip(found, tasks, asking, strict=True):
        assert said == keys[: WAYS[way]].upper() or (until is not None and task.cancelled())


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
    before = once.result
    going.set()

    assert ["found", "found", "found"] == [await first, await second, await once.found(find)]
    assert [None, "found"] == [before, once.result]
    assert 1 == asked


async def test_what_cannot_be_found_is_so_for_everybody() -> None:
    once: Once[str] = Once()

    async def find() -> str:
        await asyncio.sleep(0)
        raise LookupError

    coming = [asyncio.create_task(once.found(find)) for _ in range(2)]

    assert [LookupError] * 2 == [type(one) for one in await asyncio.gather(*coming, return_exceptions=True)]
    assert once.result is None


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


def noting(asked: list[Sequence[str]]) -> Callable[[list[str]], Coroutine[Any, Any, Sequence[str]]]:
    """Answer what loads the capitals of its keys, and notes which were asked for at once."""

    async def load(keys: list[str]) -> Sequence[str]:
        asked.append([*keys])
        return [key.upper() for key in keys]

    return load


async def _awaited(loader: Loader[str, str], key: str) -> str:
    return await loader.load(key)


async def _turns(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)
