"""What the schema needs of whoever hosts it to tell agencies' own systems: webhooks, calendars and exports."""

from collections.abc import Collection, Sequence
from typing import Protocol

from insurers.agency import Agent
from insurers.book import EntryFilter, EntryOrder
from insurers.telling import Calendar, CalendarScope, Delivery, Encoding, EventKind, Export, Webhook
from schema.ports import Asker, Done


class TellingDesk(Protocol):
    """Webhooks are a manager's affair, calendars and exports everybody's own."""

    async def webhooks(self, agent: Agent) -> Sequence[Webhook]: ...

    async def deliveries(
        self, agent: Agent, webhook: str, *, first: int, before: int | None
    ) -> tuple[Sequence[Delivery], bool]:
        """Answer what was or will be told there, newest first, and whether there is more."""
        ...

    async def webhook_create(
        self, agent: Agent, asker: Asker, url: str, kinds: Collection[EventKind], *, key: str
    ) -> Done[Webhook]: ...

    async def webhook_rotate(
        self, agent: Agent, asker: Asker, webhook: str, *, overlap_hours: int, key: str
    ) -> Done[Webhook]:
        """Sign by a new secret, and for *overlap_hours* by the old one, too."""
        ...

    async def webhook_switch(self, agent: Agent, asker: Asker, webhook: str, *, on: bool, key: str) -> Done[Webhook]:
        """Switch it off or on again; what happened in between is told only by a replay."""
        ...

    async def webhook_replay(self, agent: Agent, asker: Asker, webhook: str, *, after: int, key: str) -> Done[Webhook]:
        """Tell again everything that was told after this position, with the same ids."""
        ...

    async def webhook_delete(self, agent: Agent, asker: Asker, webhook: str, *, key: str) -> Done[str]: ...

    async def calendars(self, agent: Agent) -> Sequence[Calendar]: ...

    async def calendar_create(
        self, agent: Agent, asker: Asker, scope: CalendarScope, *, names: bool, key: str
    ) -> Done[Calendar]: ...

    async def calendar_revoke(self, agent: Agent, asker: Asker, calendar: str, *, key: str) -> Done[Calendar]: ...

    def calendar_url(self, calendar: Calendar) -> str | None:
        """Answer its address; None once it is revoked."""
        ...

    def export(
        self, agent: Agent, wanted: EntryFilter, order: EntryOrder, encoding: Encoding, *, descending: bool
    ) -> Export: ...
