"""What one insurer offers is at the client while another still thinks, however the client listens."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from gateway.settings import Settings
from insurers.exchange import Exchange
from insurers.sandbox import Fault, TestClock
from tests.api import comparing
from tests.api.arriving import APOLLO, asked, events, parts
from tests.api.conftest import CODES, INSURERS, Houses, Letterbox, Town, open_town
from tests.api.frontend import Frontend, Json, key
from tests.api.live import Live, connected

FAST, SLOW = CODES[:2]
FAST_SECONDS, SLOW_SECONDS = 0.1, 3.0
DEADLINE_SECONDS = 0.4
PLANS, QUOTES = "tells its plans at", "quotes for others at"
AT_ONCE_SECONDS = 0.3

START = """mutation ($input: ComparisonStartInput!) {
  comparisonStart(input: $input) { errors { code } comparison { id complete offers { id } } } }"""
PLAN = "__typename id insurer { code }"
STREAMED = f"query ($id: ID!) {{ comparison(id: $id) {{ offers @stream {{ {PLAN} }} }} }}"
DEFERRED = f"""query ($id: ID!) {{ comparison(id: $id) {{ inquiries {{ id
  ... @defer {{ settled {{ state plans {{ {PLAN} }} provider {{ insurer {{ code }} state message }} }} }} }} }} }}"""
WATCHED = f"""subscription ($id: ID!) {{ comparisonUpdated(id: $id) {{ __typename
  ... on ComparisonProviderChanged {{ comparison {{ offers {{ {PLAN} }} }} }}
  ... on ComparisonOfferArrived {{ plan {{ {PLAN} }} }}
  ... on ComparisonCompleted {{ comparison {{ complete offers {{ {PLAN} }} }} }} }} }}"""


TOLD = """query ($id: ID!) { comparison(id: $id) { complete
  providers { insurer { code } state code message } inquiries { state hasContract insurer { code } } } }"""


@dataclass
class Arrival:
    """When each insurer's first plan came, and when nothing more was to come."""

    plans: dict[str, float] = field(default_factory=dict)
    ended: float = 0.0

    def take(self, frame: Any) -> None:
        for code in _insurers(frame):
            self.plans.setdefault(code, time.monotonic())


def _insurers(value: Any) -> set[str]:
    """The insurers of all plans in any piece of an answer."""
    if isinstance(value, dict):
        own = {value["insurer"]["code"]} if value.get("__typename") == "Plan" else set()
        return own.union(*map(_insurers, value.values()))
    return set().union(*map(_insurers, value)) if isinstance(value, list) else set()


Way = Callable[[Town, Frontend, Live, str], AsyncIterator[Json]]


async def streamed(town: Town, customer: Frontend, live: Live, comparison: str) -> AsyncIterator[Json]:
    async with asked(town.http, town.url, APOLLO, STREAMED, {"id": comparison}, **customer.headers) as response:
        async for frame in parts(response):
            yield frame


async def deferred(town: Town, customer: Frontend, live: Live, comparison: str) -> AsyncIterator[Json]:
    async with asked(town.http, town.url, APOLLO, DEFERRED, {"id": comparison}, **customer.headers) as response:
        async for frame in parts(response):
            yield frame


async def by_event(town: Town, customer: Frontend, live: Live, comparison: str) -> AsyncIterator[Json]:
    accept = "text/event-stream"
    async with asked(town.http, town.url, accept, WATCHED, {"id": comparison}, **customer.headers) as response:
        async for event in events(response):
            yield event
            if event["data"]["comparisonUpdated"]["__typename"] == "ComparisonCompleted":
                return


async def by_socket(town: Town, customer: Frontend, live: Live, comparison: str) -> AsyncIterator[Json]:
    await live.subscribe(WATCHED, id=comparison)
    while True:
        yield (event := await live.state())
        if event["__typename"] == "ComparisonCompleted":
            return


async def in_one_piece(town: Town, customer: Frontend, live: Live, comparison: str) -> AsyncIterator[Json]:
    yield await customer.raw(STREAMED, {"id": comparison})


WAYS: tuple[Way, ...] = (streamed, deferred, by_event, by_socket, in_one_piece)


@pytest.fixture
def deadline_seconds() -> float | None:
    """How long a comparison waits; by default as long as each insurer is granted."""
    return None


@pytest.fixture
def settings(settings: Settings, deadline_seconds: float | None) -> Settings:
    # One issuer, so that a customer is the same person at the next gateway.
    issuer = "http://issuer.example"
    return settings.model_copy(update={"comparison_deadline_seconds": deadline_seconds, "token_issuer": issuer})


@pytest.fixture
def answered() -> dict[str, float]:
    """When each insurer last told its plans, for its own contract or for another's."""
    return {}


@pytest.fixture
async def town(
    settings: Settings, clock: TestClock, letterbox: Letterbox, houses: Houses, answered: dict[str, float]
) -> AsyncIterator[Town]:
    def heard(exchange: Exchange) -> None:
        if exchange.operation in (INSURERS[exchange.insurer][way] for way in (PLANS, QUOTES)):
            answered[exchange.insurer] = time.monotonic()

    async with open_town(settings, clock, letterbox, houses, listener=heard) as town:
        yield town


async def compare(customer: Frontend, *insurers: str) -> str:
    """Start a comparison of one policy at each of these insurers; each has plans for its own."""
    policies = [{"id": await customer.policy_id(code)} for code in insurers]
    done = await customer.raw(START, {"input": {"policies": policies, "idempotencyKey": key()}})
    started = done["data"]["comparisonStart"]
    assert [] == started["errors"]
    assert (False, []) == (started["comparison"]["complete"], started["comparison"]["offers"])
    return started["comparison"]["id"]  # type: ignore[no-any-return]  # Whatever was asked for.


async def arrivals(town: Town, customer: Frontend, live: Live, comparison: str) -> dict[str, Arrival]:
    """Listen in every way at once."""

    async def listen(way: Way) -> Arrival:
        arrival = Arrival()
        async for frame in way(town, customer, live, comparison):
            arrival.take(frame)
        arrival.ended = time.monotonic()
        return arrival

    found = await asyncio.gather(*map(listen, WAYS))
    return {way.__name__: arrival for way, arrival in zip(WAYS, found, strict=True)}


def delay(town: Town, insurer: str, seconds: float, asked_for: str = PLANS) -> None:
    town.order(insurer, INSURERS[insurer][asked_for], Fault.SLOW, seconds=seconds)


async def agree(customer: Frontend, comparison: str, insurer: str) -> None:
    """Let this insurer be told what it would be, so that it quotes."""
    done = await comparing.shared(customer, await comparing.do(customer, "ComparisonRead", id=comparison), insurer)
    assert [] == done["errors"]


async def test_the_first_plans_are_there_long_before_the_slowest_insurer_has_answered(
    town: Town, member: Frontend, answered: dict[str, float]
) -> None:
    # The one has the contract, and the other quotes for it.
    delay(town, SLOW, SLOW_SECONDS)
    delay(town, FAST, FAST_SECONDS, QUOTES)

    async with connected(member) as live:
        comparison = await compare(member, SLOW)
        await agree(member, comparison, FAST)
        arrived = await arrivals(town, member, live, comparison)

    # A busy machine is late with both, and not by the same.
    assert (SLOW_SECONDS - FAST_SECONDS) / 2 < answered[SLOW] - answered[FAST]
    whole = arrived.pop("in_one_piece")
    waited = {way: arrival.plans[FAST] - answered[FAST] for way, arrival in arrived.items()}
    assert {} == {way: seconds for way, seconds in waited.items() if not seconds < AT_ONCE_SECONDS}
    waited = {way: arrival.plans[SLOW] - answered[SLOW] for way, arrival in arrived.items()}
    assert {} == {way: seconds for way, seconds in waited.items() if not seconds < AT_ONCE_SECONDS}
    # Who takes only one piece gets it when nothing more is to come, and all of it.
    assert {FAST, SLOW} == set(whole.plans)
    assert answered[SLOW] < whole.plans[FAST] < answered[SLOW] + AT_ONCE_SECONDS


@pytest.mark.parametrize("deadline_seconds", [DEADLINE_SECONDS])
async def test_a_comparison_is_whole_at_its_deadline_and_says_who_is_missing(town: Town, member: Frontend) -> None:
    delay(town, SLOW, 10 * SLOW_SECONDS)

    async with connected(member) as live:
        began = time.monotonic()
        comparison = await compare(member, FAST, SLOW)
        arrived = await arrivals(town, member, live, comparison)
        told = (await member.raw(TOLD, {"id": comparison}))["data"]["comparison"]

    waited = {way: arrival.ended - began for way, arrival in arrived.items()}
    assert {} == {way: it for way, it in waited.items() if not DEADLINE_SECONDS < it < DEADLINE_SECONDS + 1}
    assert {way: {FAST} for way in arrived} == {way: set(arrival.plans) for way, arrival in arrived.items()}
    states = {(one["insurer"]["code"], one["state"]) for one in told["inquiries"] if one["hasContract"]}
    assert (True, {(FAST, "ANSWERED"), (SLOW, "LATE")}) == (told["complete"], states)
    (missing,) = [one for one in told["providers"] if one["state"] == "PENDING"]
    assert (SLOW, "TIMEOUT") == (missing["insurer"]["code"], missing["code"])
    assert missing["message"]


@pytest.mark.parametrize("deadline_seconds", [DEADLINE_SECONDS])
async def test_nobody_waits_past_the_deadline_for_an_insurer_whose_asker_has_died(
    settings: Settings, clock: TestClock, letterbox: Letterbox, houses: Houses
) -> None:
    async with open_town(settings, clock, letterbox, houses) as town:
        taro = town.customer("taro")
        await taro.register(SLOW)
        delay(town, SLOW, 10 * SLOW_SECONDS)
        comparison = await compare(taro, SLOW)

    # No worker runs here, so nothing is written about it any more.
    async with open_town(settings, clock, letterbox, houses) as town:
        taro = town.customer("taro")
        async with connected(taro) as live:
            watched = [way(town, taro, live, comparison) for way in (streamed, by_event, by_socket)]
            first = [await anext(way) for way in watched]
            clock.advance(timedelta(seconds=DEADLINE_SECONDS))
            rest = [[frame async for frame in way] for way in watched]

    assert all(first)
    assert [False, "ComparisonCompleted", "ComparisonCompleted"] == [
        rest[0][-1]["hasNext"],
        rest[1][-1]["data"]["comparisonUpdated"]["__typename"],
        rest[2][-1]["__typename"],
    ]
