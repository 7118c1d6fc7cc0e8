"""What the book of an agency tells its own systems: fields of `Book`, and nodes by id."""

import strawberry

from insurers.agency import Agent
from schema.access import agent
from schema.context import Info
from schema.deadline_calendar import DeadlineCalendar
from schema.node import Node
from schema.webhook import Webhook


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
    asker = info.context.asker
    return await info.context.host.agencies.agent(asker) if asker else None
