"""How spending is counted: by a moving window, for each asker by themselves, in little time and room."""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from datetime import UTC, datetime
from typing import Any, cast

import pytest
import strawberry
from limits.aio.storage import MemoryStorage
from limits.errors import StorageError

from gateway.rate_storage import storage
from gateway.rate_windows import Windows
from gateway.rates import Rates, without_limits
from gateway.settings import Given, read
from gateway.wrong_settings import WrongSettings
from schema.context import Context
from schema.execution.gate import Gate, GatedSchema
from schema.node import NodeIds
from schema.ports import Host
from schema.spending import Spender, Standing, Tries
from tests.api.counted import calls

TARO, SAYURI = Spender("taro", signed_in=True), Spender("sayuri", signed_in=True)


class Watch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def rates(watch: Watch) -> Rates:
    return Rates(Windows(watch), cost_per_minute=100, for_nobody=10, tries={Tries.SUBMIT: (2, 10)}, most_watching=2)


def test_what_is_counted_here_is_timed_by_a_clock_that_nobody_sets() -> None:
    assert time.monotonic is Windows().now


async def test_what_was_spent_comes_back_a_minute_later_and_not_at_the_minute(rates: Rates, watch: Watch) -> None:
    said = [await rates.spend(TARO, 60)]
    for seconds, cost in ((40, 41), (0, 40), (19, 1), (2, 60), (0, 1)):
        watch.seconds += seconds
        said.append(await rates.spend(TARO, cost))

    assert [(True, 40), (False, 40), (True, 0), (False, 0), (True, 0), (False, 0)] == [
        (enough, standing.remaining) for enough, standing in said if standing
    ]
    assert [60, 20, 20, 1, 39, 39] == [standing.resets_in for _, standing in said if standing]


async def test_who_is_refused_is_told_when_there_will_be_enough(rates: Rates, watch: Watch) -> None:
    for cost in (5, 60, 30):
        await rates.spend(TARO, cost)
        watch.seconds += 10
    refused = [(await rates.spend(TARO, cost))[1] for cost in (6, 11, 70, 71)]
    nobody = Spender("192.0.2.1", signed_in=False)
    never = (await rates.spend(nobody, 11))[1]

    # After half a minute the first five are back, after forty seconds sixty more, and after fifty all.
    assert [30.0, 40.0, 40.0, 50.0] == [one.enough_in for one in refused if one]
    assert never
    assert 60.0 == never.enough_in
    watch.seconds += 40.0
    assert (await rates.spend(TARO, 70))[0]


async def test_everybody_has_what_is_theirs(rates: Rates) -> None:
    await rates.spend(TARO, 100)

    assert (True, Standing(100, 99, 60.0)) == await rates.spend(SAYURI, 1)


async def test_nobody_is_an_address_or_a_network_of_the_newer_kind(rates: Rates) -> None:
    async def left(address: str) -> int:
        _, standing = await rates.spend(Spender(address, signed_in=False), 1)
        assert standing
        return standing.remaining

    assert [9, 9, 8] == [await left(one) for one in ("192.0.2.1", "192.0.2.2", "192.0.2.1")]
    assert [9, 8, 9] == [await left(one) for one in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")]
    assert 7 == await left("::ffff:192.0.2.1")
    assert [9, 8] == [await left(one) for one in ("", "no address")]
    # Whoever is called like an address is somebody else.
    await rates.attempt(Tries.SUBMIT, Spender("192.0.2.9", signed_in=True))
    assert [None] * 2 == [await rates.attempt(Tries.SUBMIT, Spender("192.0.2.9", signed_in=False)) for _ in range(2)]


async def test_tries_are_no_cost_and_what_is_not_limited_is_free(rates: Rates, watch: Watch) -> None:
    tries = [await rates.attempt(Tries.SUBMIT, TARO) for _ in range(3)]
    watch.seconds += 599
    still = await rates.attempt(Tries.SUBMIT, TARO)
    watch.seconds += 1

    assert [None, None, 600.0] == tries
    assert 1.0 == still
    assert None is await rates.attempt(Tries.SUBMIT, TARO)
    assert None is await rates.attempt(Tries.PASSCODE, TARO)
    assert (True, None) == await without_limits().spend(TARO, 10**9)


async def test_a_store_that_cannot_be_reached_stops_nobody(watch: Watch) -> None:
    class Gone(MemoryStorage):
        async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
            raise StorageError(ConnectionError("redis://somewhere"))

    rates = Rates(Gone(), cost_per_minute=1, for_nobody=1, now=watch)

    assert (True, None) == await rates.spend(TARO, 5)
    assert None is await rates.attempt(Tries.SUBMIT, TARO)


async def test_a_store_of_the_librarys_counts_the_same() -> None:
    rates = Rates(MemoryStorage(), cost_per_minute=10, for_nobody=0)

    (first, standing), (second, refused) = await rates.spend(TARO, 7), await rates.spend(TARO, 4)

    assert standing
    assert refused
    assert [(True, 10, 3, 0.0), (False, 10, 3)] == [
        (first, standing.limit, standing.remaining, standing.enough_in),
        (second, refused.limit, refused.remaining),
    ]
    assert 59 < refused.enough_in <= 60


def test_a_use_takes_the_same_work_however_dear_it_is_and_however_many_there_are() -> None:
    async def used(windows: Windows, cost: int) -> None:
        await windows.acquire_entry("taro", 10**6, 60, cost)

    async def crowd(windows: Windows) -> None:
        for number in range(5000):
            await windows.acquire_entry(str(number), 10**6, 60, 5)

    small, large, crowded = Windows(), Windows(), Windows()
    asyncio.run(crowd(crowded))
    counted = [
        calls(lambda windows=windows, cost=cost: asyncio.run(used(windows, cost)))  # type: ignore[misc]
        for windows, cost in ((small, 1), (small, 1), (large, 10_000), (crowded, 1))
    ]

    assert max(counted[1:]) - min(counted[1:]) < 20


async def test_what_came_back_and_what_is_too_much_is_forgotten(watch: Watch) -> None:
    windows = Windows(watch, most=10)
    for number in range(100):
        await windows.acquire_entry(str(number), 10, 60)
    few = await windows.reset()
    for number in range(8):
        await windows.acquire_entry(str(number), 10, 60)
    watch.seconds += 61
    for _ in range(8):
        await windows.acquire_entry("one", 10, 60)

    assert 10 == few
    assert 1 == await windows.reset()


def test_an_operator_who_names_no_store_is_told_so() -> None:
    assert isinstance(storage("memory://"), Windows)
    for wrong in ("nowhere://x", "redis://127.0.0.1:1"):
        with pytest.raises(WrongSettings, match="RATE_STORAGE"):
            read(Given, environment="test", rate_storage=wrong)


async def test_who_has_nothing_left_is_not_read() -> None:
    rates = Rates(Windows(), cost_per_minute=0, for_nobody=1000)
    built = GatedSchema(query=Query, extensions=[Gate])
    context = Context(host=cast(Host, Nowhere(rates)), ids=NodeIds(bytes(64)), asker=None, address="192.0.2.1")
    await rates.spend(context.spender, 1000)

    def refused(document: str) -> int:
        told: list[Any] = []
        work = built.execute(document, context_value=context)
        # It waits for nobody, so that one step is all of it.
        found = calls(lambda: told.extend(ended(work)))
        assert "RATE_LIMITED" == told[0].errors[0].extensions["code"]
        return found

    few, many = refused("{ none " + "x " * 10 + "}"), refused("{ none " + "x " * 3000 + "}")

    assert abs(many - few) < 100


async def test_what_costs_more_than_one_has_in_a_minute_is_too_much_and_not_too_soon() -> None:
    rates = Rates(Windows(), cost_per_minute=0, for_nobody=5)
    built = GatedSchema(query=Query, extensions=[Gate])
    context = Context(host=cast(Host, Nowhere(rates)), ids=NodeIds(bytes(64)), asker=None, address="192.0.2.1")

    (error,) = (await built.execute("{ one }", context_value=context)).errors or []
    told = error.extensions or {}

    assert ("OPERATION_TOO_EXPENSIVE", 5) == (told["code"], told["limit"])


def ended(work: Coroutine[Any, Any, Any]) -> list[Any]:
    try:
        work.send(None)
    except StopIteration as end:
        return [end.value]
    return []


# ---- live updates


@strawberry.type
class Query:
    one: int = 1


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def numbers(self) -> AsyncGenerator[int, None]:
        for number in range(3):
            yield number


class Nowhere:
    """What there is of a host where nobody is asked."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates

    def now(self) -> datetime:
        return datetime.now(UTC)


async def test_live_updates_are_bounded_for_each_asker_and_end_with_their_stream() -> None:
    rates = Rates(Windows(), cost_per_minute=0, for_nobody=0, most_watching=2)
    built = GatedSchema(query=Query, subscription=Subscription, extensions=[Gate])
    host, ids = cast(Host, Nowhere(rates)), NodeIds(bytes(64))

    async def watching(address: str) -> Any:
        context = Context(host=host, ids=ids, asker=None, address=address)
        stream = await built.subscribe("subscription { numbers }", context_value=context)
        return stream, await anext(stream)

    first, second, third = [await watching("192.0.2.1") for _ in range(3)]
    elsewhere = await watching("192.0.2.2")
    await first[0].aclose()
    again = await watching("192.0.2.1")

    assert [None, None] == [first[1].errors, second[1].errors]
    assert "RATE_LIMITED" == third[1].errors[0].extensions["code"]
    assert [None, None] == [elsewhere[1].errors, again[1].errors]
    for stream, _ in (second, third, elsewhere, again):
        await stream.aclose()
