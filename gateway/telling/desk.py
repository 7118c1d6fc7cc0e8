"""Implements `schema.telling_ports.TellingDesk`, desk by desk."""

from collections.abc import Collection, Mapping, Sequence

from starlette.routing import BaseRoute

from gateway.journeys.agencies import Agencies
from gateway.journeys.orders import Orders
from gateway.settings import Settings
from gateway.store import Store
from gateway.telling.calendars import CalendarDesk, CalendarRoom
from gateway.telling.exports import ExportRoom, Exports
from gateway.telling.webhooks import WebhookDesk
from gateway.vault import Keyring
from insurers.agency import Agent
from insurers.book import EntryFilter, EntryOrder
from insurers.capability import Manifest
from insurers.identity import InsurerCode
from insurers.panel import Clock
from insurers.telling import Calendar, CalendarScope, Delivery, Encoding, EventKind, Export, Webhook
from insurers.text import Text
from schema.agency_ports import BookDesk
from schema.ports import Asker, Done


class Telling:
    def __init__(self, store: Store, clock: Clock, orders: Orders, keyring: Keyring, settings: Settings) -> None:
        self._webhooks = WebhookDesk(store, clock, orders, private=settings.webhooks_to_private_addresses)
        self._calendars = CalendarDesk(store, clock, orders, settings.public_url)
        self._exports = Exports(keyring, settings.public_url, clock)
        self._store = store
        self._clock = clock

    def doors(
        self, book: BookDesk, agencies: Agencies, manifests: Mapping[InsurerCode, Manifest]
    ) -> Sequence[BaseRoute]:
        """Answer what stands behind the addresses of calendars and files."""

        def insurer(code: InsurerCode) -> Text:
            # An insurer that this gateway no longer reaches may still stand in a book.
            return manifests[code].name if code in manifests else Text(code, code)

        calendars = CalendarRoom(self._store, self._clock, book, agencies.working, insurer)
        exports = ExportRoom(self._exports, book, agencies, insurer)
        return [calendars.route(), exports.route()]

    async def webhooks(self, agent: Agent) -> Sequence[Webhook]:
        return await self._webhooks.webhooks(agent)

    async def deliveries(
        self, agent: Agent, webhook: str, *, first: int, before: int | None
    ) -> tuple[Sequence[Delivery], bool]:
        return await self._webhooks.deliveries(agent, webhook, first=first, before=before)

    async def webhook_create(
        self, agent: Agent, asker: Asker, url: str, kinds: Collection[EventKind], *, key: str
    ) -> Done[Webhook]:
        return await self._webhooks.create(agent, asker, url, kinds, key=key)

    async def webhook_rotate(
        self, agent: Agent, asker: Asker, webhook: str, *, overlap_hours: int, key: str
    ) -> Done[Webhook]:
        return await self._webhooks.rotate(agent, asker, webhook, overlap_hours=overlap_hours, key=key)

    async def webhook_switch(self, agent: Agent, asker: Asker, webhook: str, *, on: bool, key: str) -> Done[Webhook]:
        return await self._webhooks.switch(agent, asker, webhook, on=on, key=key)

    async def webhook_replay(self, agent: Agent, asker: Asker, webhook: str, *, after: int, key: str) -> Done[Webhook]:
        return await self._webhooks.replay(agent, asker, webhook, after=after, key=key)

    async def webhook_delete(self, agent: Agent, asker: Asker, webhook: str, *, key: str) -> Done[str]:
        return await self._webhooks.delete(agent, asker, webhook, key=key)

    async def calendars(self, agent: Agent) -> Sequence[Calendar]:
        return await self._calendars.calendars(agent)

    async def calendar_create(
        self, agent: Agent, asker: Asker, scope: CalendarScope, *, names: bool, key: str
    ) -> Done[Calendar]:
        return await self._calendars.create(agent, asker, scope, names=names, key=key)

    async def calendar_revoke(self, agent: Agent, asker: Asker, calendar: str, *, key: str) -> Done[Calendar]:
        return await self._calendars.revoke(agent, asker, calendar, key=key)

    def calendar_url(self, calendar: Calendar) -> str | None:
        return self._calendars.url(calendar)

    def export(
        self, agent: Agent, wanted: EntryFilter, order: EntryOrder, encoding: Encoding, *, descending: bool
    ) -> Export:
        return self._exports.export(agent, wanted, order, encoding, descending=descending)
