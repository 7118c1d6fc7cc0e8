"""The desk for webhooks: managers say where their agency's systems are told of what happens."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from uuid import uuid4

from msgspec import structs

from gateway.journeys.orders import Orders
from gateway.store import Conflict, Store
from gateway.telling.addresses import refusal
from gateway.telling.signing import fresh_secret
from insurers.agency import Agent, AgentRole
from insurers.panel import Clock
from insurers.telling import Delivery, EventKind, Webhook, WebhookState
from insurers.text import Text
from schema.ports import Asker, Done
from schema.problems import NOT_FOUND, Problem, ProblemCode

MOST_WEBHOOKS = 10
LONGEST_OVERLAP_HOURS = 7 * 24

# One step of a replay is one transaction; nobody else's writing waits long for it.
REPLAYED_AT_ONCE = 500

_MANAGERS_ONLY = Problem(
    code=ProblemCode.NOT_ELIGIBLE,
    message=Text(
        "Webhook の設定は代理店の管理者だけが行えます。管理者に依頼してください。",
        "Only a manager of the agency sets up webhooks. Ask one.",
    ),
)
_TOO_MANY = Problem(
    code=ProblemCode.NOT_ELIGIBLE,
    message=Text(
        f"Webhook は{MOST_WEBHOOKS}件までです。使っていないものを削除してください。",
        f"An agency has at most {MOST_WEBHOOKS} webhooks. Delete one that is no longer used.",
    ),
)
_NO_KINDS = Problem(
    code=ProblemCode.INVALID,
    message=Text("通知する内容を1つ以上選んでください。", "Choose at least one kind of event."),
    field=("kinds",),
)
_STRANGE_OVERLAP = Problem(
    code=ProblemCode.INVALID,
    message=Text(
        f"新旧の鍵で同時に署名する時間は0〜{LONGEST_OVERLAP_HOURS}時間で指定してください。",
        f"Both secrets can sign for 0 to {LONGEST_OVERLAP_HOURS} hours.",
    ),
    field=("overlapHours",),
)

Change = Callable[[Webhook], Webhook]


class WebhookDesk:
    """Every deed is a manager's; to anybody else there are no webhooks."""

    def __init__(self, store: Store, clock: Clock, orders: Orders, *, private: bool) -> None:
        self._store = store
        self._clock = clock
        self._orders = orders
        self._private = private

    async def webhooks(self, agent: Agent) -> Sequence[Webhook]:
        if agent.role is not AgentRole.MANAGER:
            return []
        async with self._store.reading() as work:
            return await work.webhooks.of(agent.agency)

    async def deliveries(
        self, agent: Agent, webhook: str, *, first: int, before: int | None
    ) -> tuple[Sequence[Delivery], bool]:
        if await self._own(agent, webhook) is None:
            return [], False
        async with self._store.reading() as work:
            rows = await work.webhooks.deliveries(webhook, first=first + 1, before=before)
            events = await work.told.at([row["position"] for row in rows])
        found = [
            Delivery(
                position=row["position"],
                event=event.id,
                kind=event.kind,
                at=event.at,
                state=row["state"],
                attempts=row["attempts"],
                due_at=row["due_at"],
                status=row["status"],
            )
            for row in rows
            if (event := events.get(row["position"])) is not None
        ]
        return found[:first], len(found) > first

    async def create(
        self, agent: Agent, asker: Asker, url: str, kinds: Collection[EventKind], *, key: str
    ) -> Done[Webhook]:
        wanted = tuple(sorted(set(kinds)))

        async def do() -> Done[Webhook]:
            if problem := self._wrong(agent, url, wanted):
                return Done(problems=(problem,))
            made = Webhook(
                id=str(uuid4()),
                agency=agent.agency,
                url=url,
                kinds=wanted,
                state=WebhookState.ACTIVE,
                created_at=self._clock(),
                secret=fresh_secret(),
            )
            async with self._store.work() as work:
                if len(await work.webhooks.of(agent.agency)) >= MOST_WEBHOOKS:
                    return Done(problems=(_TOO_MANY,))
                await work.webhooks.add(made)
            return Done(thing=made)

        return await self._once(agent, asker, key, ("webhook", url, wanted), do)

    async def rotate(self, agent: Agent, asker: Asker, webhook: str, *, overlap_hours: int, key: str) -> Done[Webhook]:
        def rotated(was: Webhook) -> Webhook:
            until = self._clock() + timedelta(hours=overlap_hours)
            return structs.replace(was, secret=fresh_secret(), previous_secret=was.secret, previous_until=until)

        async def do() -> Done[Webhook]:
            if not 0 <= overlap_hours <= LONGEST_OVERLAP_HOURS:
                return Done(problems=(_STRANGE_OVERLAP,))
            return await self._changed(agent, webhook, rotated)

        return await self._once(agent, asker, key, ("rotate", webhook, overlap_hours), do)

    async def switch(self, agent: Agent, asker: Asker, webhook: str, *, on: bool, key: str) -> Done[Webhook]:
        def switched(was: Webhook) -> Webhook:
            if on == (was.state is WebhookState.ACTIVE):
                return was
            state = WebhookState.ACTIVE if on else WebhookState.OFF
            return structs.replace(was, state=state, failing_since=None, ended_at=None if on else self._clock())

        async def do() -> Done[Webhook]:
            done = await self._changed(agent, webhook, switched)
            if done.thing is not None and not on:
                async with self._store.work() as work:
                    await work.webhooks.drop(webhook)
            return done

        return await self._once(agent, asker, key, ("switch", webhook, on), do)

    async def replay(self, agent: Agent, asker: Asker, webhook: str, *, after: int, key: str) -> Done[Webhook]:
        async def do() -> Done[Webhook]:
            own = await self._own(agent, webhook)
            if own is None:
                return Done(problems=(NOT_FOUND,))
            at: int | None = after
            while at is not None:
                async with self._store.work() as work:
                    at = await work.told.replay(own, after=at, at=self._clock(), limit=REPLAYED_AT_ONCE)
            return Done(thing=own)

        return await self._once(agent, asker, key, ("replay", webhook, after), do)

    async def delete(self, agent: Agent, asker: Asker, webhook: str, *, key: str) -> Done[str]:
        async def do() -> Done[str]:
            if await self._own(agent, webhook) is None:
                return Done(problems=(NOT_FOUND,))
            async with self._store.work() as work:
                await work.webhooks.delete(webhook)
            return Done(thing=webhook)

        async def again(known: str) -> str:
            return known

        return await self._orders.once(asker, key, ("delete webhook", webhook), do=do, again=again, name=str)

    async def _once(
        self, agent: Agent, asker: Asker, key: str, said: object, do: Callable[[], Awaitable[Done[Webhook]]]
    ) -> Done[Webhook]:
        async def again(known: str) -> Webhook | None:
            return await self._own(agent, known)

        return await self._orders.once(asker, key, said, do=do, again=again, name=lambda made: made.id)

    async def _own(self, agent: Agent, webhook: str) -> Webhook | None:
        async with self._store.reading() as work:
            found = await work.webhooks.get(webhook)
        is_own = found is not None and found.agency == agent.agency and agent.role is AgentRole.MANAGER
        return found if is_own else None

    async def _changed(self, agent: Agent, webhook: str, change: Change) -> Done[Webhook]:
        """Change it as it stands: whoever else moves it meanwhile only notes how it did."""
        while True:
            own = await self._own(agent, webhook)
            if own is None:
                return Done(problems=(NOT_FOUND,))
            changed = structs.replace(change(own), version=own.version + 1)
            try:
                async with self._store.work() as work:
                    await work.webhooks.save(changed, was=own.version)
                return Done(thing=changed)
            except Conflict:
                continue

    def _wrong(self, agent: Agent, url: str, kinds: Collection[EventKind]) -> Problem | None:
        if agent.role is not AgentRole.MANAGER:
            return _MANAGERS_ONLY
        if not kinds:
            return _NO_KINDS
        words = refusal(url, private=self._private)
        return Problem(code=ProblemCode.INVALID, message=words, field=("url",)) if words else None
