"""
Tells what is owed to webhooks: at least once, each message by itself, and for a day at most.

A message has one id for ever, so a receiver that hears of it twice can tell. An address that took
nothing for a whole day, or says that it is gone, is switched off, and whoever looks at it sees why.
One that is slow, stuck or down holds its own share of the places, and nobody waits for it to end.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec
from msgspec import structs

from gateway.chores import Step
from gateway.journeys.backoff import Chance
from gateway.store import Conflict, Store
from gateway.store.webhooks import Owed
from gateway.telling import courier
from gateway.telling.courier import Courier
from gateway.telling.signing import headers
from insurers.panel import Clock
from insurers.telling import AgencyEvent, DeliveryState, Webhook, WebhookState
from schema.node import NodeIds

# After each attempt that failed, how long until the next; together they are a day.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=8),
    timedelta(hours=8, minutes=24, seconds=55),
)
A_DAY = timedelta(hours=24)

# Those who failed together come back spread over this part of their wait.
SPREAD = 0.1

# A message that waited for a connection would lose that time of its receiver's.
PLACES = courier.CONNECTIONS

# Of these, for receivers that failed: however many there are, the others keep the rest.
PROBES = 8

LEASE_SECONDS = 4 * courier.PATIENCE_SECONDS

# What was told is kept this long to be told again.
EVENTS_LAST = timedelta(days=30)

GOOD = range(200, 300)


class Deliveries:
    """A chore whose messages do not wait for one another: see `gateway.chores`."""

    name = "webhooks"

    def __init__(self, store: Store, clock: Clock, ids: NodeIds, carrier: Courier, chance: Chance) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._courier = carrier
        self._chance = chance
        self._tidied_at = clock()
        self._under_way: set[Owed] = set()

    async def due(self) -> datetime | None:
        if not self._places:
            return None
        async with self._store.reading() as work:
            return await work.webhooks.due(self._clock(), probes=self._probes)

    async def turn(self) -> int:
        """Send what is due and has a place, all at once; answer how many messages were tried."""
        steps = await self.take()
        await asyncio.gather(*(step() for step in steps))
        return len(steps)

    async def take(self) -> Sequence[Step]:
        now = self._clock()
        async with self._store.work() as work:
            taken = await work.webhooks.claim(
                now, lease_seconds=LEASE_SECONDS, places=self._places, probes=self._probes
            )
            events = await work.told.at([owed.position for owed in taken])
            if now - self._tidied_at > A_DAY:
                self._tidied_at = now
                await work.told.forget(now - EVENTS_LAST)
        self._under_way.update(taken)
        return [partial(self._sent, owed, events.get(owed.position)) for owed in taken]

    @property
    def _places(self) -> int:
        return PLACES - len(self._under_way)

    @property
    def _probes(self) -> int:
        return PROBES - sum(owed.is_probe for owed in self._under_way)

    async def _sent(self, owed: Owed, event: AgencyEvent | None) -> None:
        try:
            await self._send(owed, event)
        finally:
            self._under_way.discard(owed)

    async def _send(self, owed: Owed, event: AgencyEvent | None) -> None:
        async with self._store.reading() as work:
            webhook = await work.webhooks.get(owed.webhook)
            is_out = webhook is None or await work.told.is_out(webhook.agency)
        if webhook is None or event is None or is_out or webhook.state is not WebhookState.ACTIVE:
            # It was deleted, forgotten or switched off meanwhile, or its agency was taken out.
            async with self._store.work() as work:
                await work.webhooks.told(owed, DeliveryState.FAILED, status=None, due_at=None)
            return
        body = self.message(event)
        status = await self._courier.bring(webhook.url, body, headers(webhook, event.id, body, self._clock()))
        await self._write(owed, status)

    def message(self, event: AgencyEvent) -> str:
        """Answer what is sent of *event*: which thing, in codes. Whoever may see it reads the rest by GraphQL."""
        kind, *parts = event.subject
        said = {
            "type": event.kind,
            "timestamp": event.at,
            "cursor": str(event.position),
            "data": {"id": self._ids.seal(kind, *parts), "object": kind, **event.facts},
        }
        return msgspec.json.encode(said).decode()

    async def _write(self, owed: Owed, status: int | None) -> None:
        now, good = self._clock(), status in GOOD
        again = None if good or status == courier.GONE else self._next(owed, now)
        state = DeliveryState.DELIVERED if good else DeliveryState.DUE if again else DeliveryState.FAILED
        async with self._store.work() as work:
            await work.webhooks.mark(owed.webhook, failed_at=None if good else now)
            await work.webhooks.told(owed, state, status=status, due_at=again)
        while not await self._judged(owed.webhook, status, good=good):
            pass

    def _next(self, owed: Owed, now: datetime) -> datetime | None:
        """Answer when to try again, or None where a day is over."""
        if owed.attempts > len(WAITS):
            return None
        wait = WAITS[owed.attempts - 1]
        return now + wait * (1 + SPREAD * self._chance())

    async def _judged(self, webhook_id: str, status: int | None, *, good: bool) -> bool:
        """Note on the address how it did, and switch it off where it is dead; False where somebody was faster."""
        try:
            async with self._store.work() as work:
                webhook = await work.webhooks.get(webhook_id)
                if webhook is None or (after := self._after(webhook, status, good=good)) == webhook:
                    return True
                await work.webhooks.save(structs.replace(after, version=webhook.version + 1), was=webhook.version)
                if after.state is WebhookState.DEAD:
                    await work.webhooks.drop(webhook.id)
        except Conflict:
            return False
        return True

    def _after(self, webhook: Webhook, status: int | None, *, good: bool) -> Webhook:
        now = self._clock()
        if good:
            return structs.replace(webhook, failing_since=None)
        since = webhook.failing_since or now
        is_dead = webhook.state is WebhookState.ACTIVE and (status == courier.GONE or now - since >= A_DAY)
        if is_dead:
            return structs.replace(webhook, failing_since=since, state=WebhookState.DEAD, ended_at=now)
        return structs.replace(webhook, failing_since=since)
