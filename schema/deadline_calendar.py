"""Deadlines as a calendar that an agent's calendar program subscribes to."""

from datetime import datetime

import strawberry

from insurers.telling import Calendar, CalendarScope
from schema import telling_enums as telling_enums
from schema.context import Info
from schema.directives import ENTITY, PERSONAL
from schema.node import Node
from schema.scalars import URL


@strawberry.type(
    description="A calendar of the deadlines that are near, as an address for a calendar program. Whoever has the"
    " address reads it, until it is revoked. It holds what is open of the last week and the next 90 days, and says"
    " so where that is more than a calendar bears (800 entries ahead).",
    directives=[ENTITY],
)
class DeadlineCalendar(Node):
    node_type = "DeadlineCalendar"
    word: strawberry.Private[Calendar]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    @strawberry.field(
        description="The address (iCalendar); null once it is revoked. Treat it as a password.", directives=[PERSONAL]
    )
    def url(self, info: Info) -> URL | None:
        url = info.context.host.telling.calendar_url(self.word)
        return URL(url) if url else None

    @strawberry.field(description="Whose deadlines it shows.")
    def scope(self) -> CalendarScope:
        return self.word.scope

    @strawberry.field(description="Whether holders are named in it.")
    def names(self) -> bool:
        return self.word.names

    @strawberry.field(description="When it was made.")
    def created_at(self) -> datetime:
        return self.word.created_at

    @strawberry.field(description="When it was revoked; null while it is open.")
    def revoked_at(self) -> datetime | None:
        return self.word.revoked_at
