"""What the book of an agency tells its own systems: fields of `Book`, and nodes by id."""

from datetime import datetime
from typing import Annotated

import strawberry

from insurers.agency import Agent
from insurers.book import EntryOrder
from insurers.telling import Encoding, Export
from schema import telling_enums as telling_enums
from schema.access import agent
from schema.book_filter import BookEntryFilter, BookEntryOrder, wanted
from schema.context import Info
from schema.deadline_calendar import DeadlineCalendar
from schema.directives import PERSONAL
from schema.node import Node
from schema.policies import OrderDirection
from schema.scalars import URL
from schema.webhook import Webhook


@strawberry.type(description="The book as a file. Whoever has an address reads it, for a quarter of an hour.")
class BookExport:
    word: strawberry.Private[Export]

    @strawberry.field(description="A CSV of all rows that were asked for, in their order.", directives=[PERSONAL])
    def url(self) -> URL:
        return URL(self.word.url)

    @strawberry.field(
        description="A CSV of every character that CP932 could not hold: where it stood, and what was written instead."
        " Null for UTF_8, which holds everything.",
        directives=[PERSONAL],
    )
    def unencodable_url(self) -> URL | None:
        return URL(self.word.unencodable_url) if self.word.unencodable_url else None

    @strawberry.field(description="Until when the addresses open.")
    def expires_at(self) -> datetime:
        return self.word.expires_at


@strawberry.type(description="What the book tells an agency's own systems.")
class Telling:
    @strawberry.field(description="Where the agency's systems are told of events; empty for who is no manager.")
    async def webhooks(self, info: Info) -> list[Webhook]:
        found = await info.context.host.telling.webhooks(await agent(info))
        return [Webhook(word=one) for one in found]

    @strawberry.field(description="The viewer's own calendars of deadlines, those that were revoked, too.")
    async def calendars(self, info: Info) -> list[DeadlineCalendar]:
        found = await info.context.host.telling.calendars(await agent(info))
        return [DeadlineCalendar(word=one) for one in found]

    @strawberry.field(description="The book as a CSV file for a spreadsheet or another system: addresses to fetch it.")
    async def export(
        self,
        info: Info,
        encoding: Annotated[Encoding, strawberry.argument(description="How the file is written.")] = Encoding.UTF_8,
        filter: Annotated[
            BookEntryFilter | None, strawberry.argument(description="Which entries; null for all that the viewer sees.")
        ] = None,
        order_by: Annotated[
            BookEntryOrder | None, strawberry.argument(description="In which order; null for by the end of the term.")
        ] = None,
    ) -> BookExport:
        viewer = await agent(info)
        order = order_by or BookEntryOrder(field=EntryOrder.DUE, direction=OrderDirection.ASC)
        made = info.context.host.telling.export(
            viewer,
            wanted(info, filter, viewer.agency),
            order.field,
            encoding,
            descending=order.direction is OrderDirection.DESC,
        )
        return BookExport(word=made)


async def webhook(info: Info, parts: tuple[str, ...]) -> Node | None:
    """Answer a webhook of the viewer's agency, for a manager of it."""
    known = await _known(info)
    found = await info.context.host.telling.webhooks(known) if known else ()
    return next((Webhook(word=one) for one in found if one.id == parts[0]), None)


async def calendar(info: Info, parts: tuple[str, ...]) -> Node | None:
    """Answer a calendar of the viewer's own."""
    known = await _known(info)
    found = await info.context.host.telling.calendars(known) if known else ()
    return next((DeadlineCalendar(word=one) for one in found if one.id == parts[0]), None)


async def _known(info: Info) -> Agent | None:
    return await info.context.book.readings.agent()
