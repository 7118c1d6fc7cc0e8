"""News reaches who subscribed, with the commit and never without it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
import pytest
from sqlalchemy import Engine, event

from gateway import store as stores
from gateway.events import Bus, of_customer, opened
from gateway.store import Conflict, Store, Work, engines
from gateway.vault import Keyring
from insurers.registration import RegistrationEvent
from insurers.renewal import RenewalEvent
from insurers.text import Text
from tests.store.invented import NOW, link, registration, renewal

PATIENCE_SECONDS = 10


async def heard(news: AsyncIterator[None]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await anext(news)


async def silent(news: AsyncIterator[None], bus: Bus) -> bool:
    """Tell whether nothing waits in *news*: had it been published, it would have come before what is published now."""
    waiting = asyncio.ensure_future(anext(news))
    async with bus.subscribe("now") as now:
        await bus.publish("now")
        await heard(now)
    nothing = not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    return nothing


async def test_a_subscriber_is_woken(bus: Bus) -> None:
    async with bus.subscribe("renewal:r1") as news:
        await bus.publish("renewal:r1")

        await heard(news)


async def test_everyone_who_subscribed_is_woken(bus: Bus) -> None:
    async with bus.subscribe("renewal:r1") as one, bus.subscribe("renewal:r1") as other:
        await bus.publish("renewal:r1")

        await heard(one)
        await heard(other)


async def test_another_topic_wakes_nobody(bus: Bus) -> None:
    async with bus.subscribe("renewal:r1") as news:
        await bus.publish("renewal:r2")

        assert await silent(news, bus)


async def test_wake_ups_that_nobody_took_are_one(bus: Bus) -> None:
    async with bus.subscribe("renewal:r1") as news, bus.subscribe("last") as last:
        for _ in range(100):
            await bus.publish("renewal:r1")
        await bus.publish("last")
        await heard(last)

        await heard(news)
        assert await silent(news, bus)


async def test_what_was_published_before_is_not_heard(bus: Bus) -> None:
    await bus.publish("renewal:r1")
    async with bus.subscribe("last") as last:
        await bus.publish("last")
        await heard(last)

    async with bus.subscribe("renewal:r1") as news:
        assert await silent(news, bus)


async def test_a_subscription_ends_with_its_bus(database_url: str) -> None:
    async with opened(database_url) as bus:
        subscription = bus.subscribe("renewal:r1")
        news = await subscription.__aenter__()

    assert [] == [wake_up async for wake_up in news]
    await subscription.__aexit__(None, None, None)


async def add_renewal(work: Work) -> None:
    await work.renewals.add(renewal("new", customer="c2", maturity=NOW), due_at=None)


async def save_renewal(work: Work) -> None:
    await work.renewals.save(renewal().on(RenewalEvent.CANCEL, at=NOW), was=1, due_at=None)


async def add_registration(work: Work) -> None:
    await work.registrations.add(registration("new"), due_at=None)


async def save_registration(work: Work) -> None:
    await work.registrations.save(registration().on(RegistrationEvent.CANCEL, at=NOW), was=1, due_at=None)


async def put_link(work: Work) -> None:
    await work.links.put(link("new", customer="c2"))


async def delete_link(work: Work) -> None:
    await work.links.delete("l1", at=NOW)


async def append_event(work: Work) -> None:
    await work.events.append("r1", at=NOW, actor="c1", summary=Text("あ", "a"), topic="renewal:r1")


WRITES = [
    (add_renewal, "renewal:new"),
    (save_renewal, "renewal:r1"),
    (add_registration, "registration:new"),
    (save_registration, "registration:g1"),
    (put_link, "link:new"),
    (delete_link, "link:l1"),
    (append_event, "renewal:r1"),
]

Write = Callable[[Work], Awaitable[None]]
writes = pytest.mark.parametrize(("write", "topic"), WRITES, ids=[write.__name__ for write, _ in WRITES])


@pytest.fixture
async def peopled(store: Store, bus: Bus) -> Store:
    """A store with one of each, and no news still on its way."""
    async with bus.subscribe("renewal:r1") as last:
        async with store.work() as work:
            await work.links.put(link())
            await work.registrations.add(registration(), due_at=None)
            await work.renewals.add(renewal(), due_at=None)
        await heard(last)
    return store


@writes
async def test_a_write_is_news_once_it_is_committed(peopled: Store, bus: Bus, write: Write, topic: str) -> None:
    async with bus.subscribe(topic) as news:
        async with peopled.work() as work:
            await write(work)
            assert await silent(news, bus)

        await heard(news)


async def undone(store: Store, write: Write) -> None:
    async with store.work() as work:
        await write(work)
        raise InterruptedError


@writes
async def test_a_write_that_is_undone_is_no_news(peopled: Store, bus: Bus, write: Write, topic: str) -> None:
    async with bus.subscribe(topic) as news:
        with pytest.raises(InterruptedError):
            await undone(peopled, write)

        assert await silent(news, bus)


WHOSE = [
    (add_renewal, "c2"),
    (save_renewal, "c1"),
    (add_registration, "c1"),
    (save_registration, "c1"),
    (put_link, "c2"),
    (delete_link, "c1"),
]


@pytest.mark.parametrize(("write", "customer"), WHOSE, ids=[write.__name__ for write, _ in WHOSE])
async def test_whoever_remembers_something_knows_whose_things_were_written_when_the_block_ends(
    peopled: Store, bus: Bus, write: Write, customer: str
) -> None:
    overheard: list[str | None] = []
    bus.overhear(overheard.append)

    with pytest.raises(InterruptedError):
        await undone(peopled, write)
    async with peopled.work() as work:
        await write(work)
        assert [] == overheard

    assert of_customer(customer) in overheard


async def test_a_commit_that_is_broken_off_is_overheard_because_it_may_stand(store: Store, bus: Bus) -> None:
    overheard: list[str | None] = []
    bus.overhear(overheard.append)

    async def linking() -> None:
        task = asyncio.current_task()
        async with store.work() as work:
            await work.links.put(link())
            event.listen(Engine, "commit", lambda _: task and task.cancel(), once=True)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(linking())

    assert of_customer(link().customer) in overheard


async def test_a_refused_write_is_no_news(peopled: Store, bus: Bus) -> None:
    async with bus.subscribe("renewal:r1") as news:
        async with peopled.work() as work:
            with pytest.raises(Conflict):
                await work.renewals.save(renewal(), was=7, due_at=None)

        assert await silent(news, bus)


async def test_whoever_is_woken_reads_what_was_written(peopled: Store, bus: Bus) -> None:
    async with bus.subscribe("renewal:r1") as news:
        async with peopled.work() as work:
            await save_renewal(work)
        await heard(news)

        async with peopled.reading() as work:
            found = await work.renewals.get("r1")

    assert renewal().on(RenewalEvent.CANCEL, at=NOW) == found


async def test_news_crosses_processes(postgresql_url: str, keyring: Keyring) -> None:
    overheard: list[str | None] = []
    async with opened(postgresql_url) as here, opened(postgresql_url) as there, here.subscribe("link:l1") as news:
        here.overhear(overheard.append)
        async with stores.opened(postgresql_url, keyring=keyring, bus=there) as store, store.work() as work:
            await work.links.put(link())

        await heard(news)
        assert of_customer("c1") in overheard


async def test_a_lost_connection_is_made_again_and_everybody_looks(postgresql_url: str) -> None:
    overheard: list[str | None] = []
    async with opened(postgresql_url) as bus, bus.subscribe("renewal:r1") as news:
        bus.overhear(overheard.append)
        async with await psycopg.AsyncConnection.connect(postgresql_url, autocommit=True) as operator:
            await operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'tabane bus' AND datname = current_database()"
            )

        # It may have missed something, so it is woken without having been told.
        await heard(news)
        assert [None] == overheard

        await bus.publish("renewal:r1")
        await heard(news)


async def test_a_server_that_is_not_there_is_told_at_the_start(postgresql_url: str) -> None:
    with pytest.raises(psycopg.OperationalError):
        async with opened(postgresql_url.replace("/tabane?", "/nowhere?")):
            pass


async def test_news_of_any_number_leaves_with_one_commit(postgresql_url: str) -> None:
    """A statement has at most 1,664 columns there, and more registrations may die in the same minute."""
    topics = [f"registration:{number}" for number in range(2000)]
    async with (
        opened(postgresql_url) as bus,
        engines.opened(postgresql_url) as databases,
        bus.subscribe(topics[0]) as first,
        bus.subscribe(topics[-1]) as last,
    ):
        notice = bus.notice(topics)
        assert notice is not None
        async with databases.writer.begin() as connection:
            await connection.execute(notice)

        await heard(first)
        await heard(last)
