"""A receiver that is slow, stuck or down takes no place from another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

import pytest
from msgspec import structs
from prometheus_client import CollectorRegistry

from gateway.chores import Chores
from gateway.events import Bus
from gateway.store import Store
from gateway.store.webhook_lines import PROBE, SHARE, Line, shared_out
from gateway.store.webhooks import Owed
from gateway.telling import courier
from gateway.telling.deliveries import LEASE_SECONDS, PLACES, PROBES, Deliveries
from gateway.telling.webhooks import WebhookDesk
from gateway.watch import Watch
from insurers.sandbox import TestClock
from insurers.telling import EventKind, Webhook
from tests.store.conftest import Opener
from tests.telling.conftest import ASKER, MANAGER, Receiver, happen, listening

NEVER = timedelta(seconds=60)
NOW = datetime.fromisoformat("2026-11-20T10:00:00+09:00")
MINUTE = timedelta(minutes=1)

# Well before a courier gives up on one that is stuck.
SOON_SECONDS = 0.7 * courier.PATIENCE_SECONDS

EVENTS = 40

# Opens a receiver, and a webhook of an agency's that leads there.
Opens = Callable[[str], Awaitable[tuple[Receiver, Webhook]]]


@pytest.fixture
async def opens(desk: WebhookDesk) -> AsyncIterator[Opens]:
    async with AsyncExitStack() as stack:

        async def opened(agency: str) -> tuple[Receiver, Webhook]:
            there = await stack.enter_async_context(listening())
            manager = structs.replace(MANAGER, agency=agency)
            done = await desk.create(manager, ASKER, there.url, [EventKind.RENEWAL_CHANGED], key=there.url)
            assert done.thing is not None
            return there, done.thing

        yield opened


@asynccontextmanager
async def tended(
    deliveries: Deliveries, bus: Bus, clock: TestClock, *, grace: timedelta = NEVER, seconds: float = SOON_SECONDS
) -> AsyncIterator[None]:
    """See to the deliveries as a worker does."""
    chores = Chores([deliveries], bus, clock, Watch(CollectorRegistry()), longest=NEVER, grace=grace)
    chores.begin()
    try:
        async with asyncio.timeout(seconds):
            yield
    finally:
        await chores.farewell()


async def happened(store: Store, clock: TestClock, *agencies: str, events: int = EVENTS) -> None:
    for _ in range(events):
        for agency in agencies:
            await happen(store, clock, agency=agency)


async def claimed(store: Store, now: datetime) -> Sequence[Owed]:
    async with store.work() as work:
        return await work.webhooks.claim(now, lease_seconds=LEASE_SECONDS, places=PLACES, probes=PROBES)


@pytest.mark.parametrize("stuck", [1, 2])
async def test_all_of_one_are_delivered_while_others_never_answer_and_theirs_arrive_once_they_do(
    store: Store, bus: Bus, clock: TestClock, deliveries: Deliveries, opens: Opens, stuck: int
) -> None:
    good, _ = await opens("sakura")
    never = [(await opens("hinode"))[0] for _ in range(stuck)]
    for one in never:
        one.open.clear()
    await happened(store, clock, "hinode", "sakura")

    async with tended(deliveries, bus, clock):
        await good.has_heard(EVENTS)
        held = [len(one.heard) for one in never]
        for one in never:
            one.open.set()
            await one.has_heard(EVENTS)

    assert [SHARE] * stuck == held
    assert await deliveries.due() is None
    assert [EVENTS] * (1 + stuck) == [len(one.heard) for one in (good, *never)]


async def test_what_happens_while_one_is_stuck_is_told_to_another_at_once(
    store: Store, bus: Bus, clock: TestClock, deliveries: Deliveries, opens: Opens
) -> None:
    (good, _), (never, _) = await opens("sakura"), await opens("hinode")
    never.open.clear()
    await happened(store, clock, "hinode")

    async with tended(deliveries, bus, clock):
        await never.has_heard(SHARE)
        await happened(store, clock, "sakura", events=1)
        await good.has_heard(1)
        never.open.set()

    assert 1 == len(good.heard)


async def test_one_that_fails_is_tried_with_one_at_a_time_until_it_takes_something(
    store: Store, clock: TestClock, deliveries: Deliveries, opens: Opens
) -> None:
    down, _ = await opens("hinode")
    down.answers += [503] * (SHARE + 2)
    await happened(store, clock, "hinode")

    tried = [await deliveries.turn() for _ in range(5)]

    assert [SHARE, PROBE, PROBE, PROBE, SHARE] == tried


async def test_processes_that_claim_at_once_give_a_webhook_one_share_between_them(
    store: Store, another: Opener, clock: TestClock, deliveries: Deliveries, opens: Opens
) -> None:
    await opens("hinode")
    await happened(store, clock, "hinode")

    async with another() as second:
        both = await asyncio.gather(*(claimed(one, clock()) for one in (store, second)))

    taken = [owed for some in both for owed in some]
    assert SHARE == len(taken)
    assert min(owed.lease.until for owed in taken) == await deliveries.due()


async def test_what_is_broken_off_is_sent_again_when_its_lease_is_over(
    store: Store, bus: Bus, clock: TestClock, deliveries: Deliveries, opens: Opens
) -> None:
    stuck, _ = await opens("hinode")
    stuck.open.clear()
    await happened(store, clock, "hinode", events=SHARE)

    async with tended(deliveries, bus, clock, grace=timedelta()):
        await stuck.has_heard(SHARE)
    stuck.open.set()

    assert 0 == await deliveries.turn()
    clock.advance(timedelta(seconds=LEASE_SECONDS))
    assert [SHARE, 0] == [await deliveries.turn(), await deliveries.turn()]
    assert [2 * SHARE, SHARE] == [len(stuck.heard), len({headers["webhook-id"] for headers, _ in stuck.heard})]


async def test_what_was_sent_within_the_grace_is_not_sent_again(
    store: Store, bus: Bus, clock: TestClock, deliveries: Deliveries, opens: Opens
) -> None:
    slow, _ = await opens("hinode")
    slow.open.clear()
    await happened(store, clock, "hinode", events=SHARE)

    async with tended(deliveries, bus, clock):
        await slow.has_heard(SHARE)
        asyncio.get_running_loop().call_later(0.05, slow.open.set)

    assert await deliveries.due() is None
    assert SHARE == len(slow.heard)


def line(webhook: str, *, failed_at: datetime | None = None, free_at: datetime = NOW, under_way: int = 0) -> Line:
    return Line(webhook=webhook, failed_at=failed_at, free_at=free_at, leases=[NOW + MINUTE] * under_way)


def test_whoever_has_the_fewest_under_way_is_first_and_then_whoever_waits_for_longest() -> None:
    lines = [
        line("busy", under_way=2),
        line("new"),
        line("old", free_at=NOW - MINUTE),
        line("later", free_at=NOW + MINUTE),
    ]

    shares = [dict(shared_out(lines, NOW, places=places, probes=0)) for places in (1, 2, 5, 99)]

    assert [{"old": 1}, {"old": 1, "new": 1}, {"old": 3, "new": 2}, {"old": SHARE, "new": SHARE, "busy": 2}] == shares


def test_those_that_failed_have_few_places_by_turns_and_the_others_all_the_rest() -> None:
    failing = [line(f"down{n}", failed_at=NOW - n * MINUTE, free_at=NOW - 9 * MINUTE) for n in range(5)]
    tried = line("tried", failed_at=NOW - 9 * MINUTE, under_way=1)

    shares = [shared_out([*failing, tried, line("good")], NOW, places=places, probes=2) for places in (1, 2, 99)]

    assert [{"down4": 1}, {"down4": 1, "down3": 1}, {"down4": 1, "down3": 1, "good": SHARE}] == [*map(dict, shares)]


@pytest.mark.parametrize(
    ("owed", "at"),
    [
        (line("none due", free_at=NOW + MINUTE), NOW + MINUTE),
        (line("room left", under_way=SHARE - 1), NOW),
        (line("full", under_way=SHARE), NOW + MINUTE),
        (line("probed", failed_at=NOW, under_way=PROBE), NOW + MINUTE),
        (Line(webhook="died", failed_at=None, free_at=None, leases=[NOW - MINUTE] * 9), NOW - MINUTE),
        (Line(webhook="nothing", failed_at=None, free_at=None), None),
    ],
    ids=lambda value: value.webhook if isinstance(value, Line) else "",
)
def test_a_line_opens_when_one_more_may_be_sent(owed: Line, at: datetime | None) -> None:
    assert at == owed.opens_at(NOW)
