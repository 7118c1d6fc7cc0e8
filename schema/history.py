"""What happened in a flow, newest first."""

from datetime import datetime

import strawberry

from insurers.flow_event import SERVICE
from insurers.flow_event import FlowEvent as EventWord
from insurers.text import Text
from schema.arguments import InLanguage
from schema.connection import Cursors, PageInfo, clamped, facts
from schema.context import Info
from schema.directives import PERSONAL
from schema.ports import Role


@strawberry.type(description="Who did something, and in which role.")
class Actor:
    display: str = strawberry.field(description="The name of who did it.", directives=[PERSONAL])
    role: Role | None = strawberry.field(description="In which role; null for the gateway itself.")


@strawberry.type(description="Something that happened in a flow.")
class FlowEvent:
    word: strawberry.Private[EventWord]

    @strawberry.field(description="Unique within the flow.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.word.id)

    @strawberry.field(description="When it happened.")
    def at(self) -> datetime:
        return self.word.at

    @strawberry.field(description="Who did it.")
    def actor(self, info: Info) -> Actor:
        asker, actor = info.context.asker, self.word.actor
        if actor == SERVICE:
            return Actor(display="Tabane", role=None)
        # Agents leave their names in a history, and nobody else does.
        if self.word.actor_name is not None:
            return Actor(display=self.word.actor_name, role=Role.AGENT)
        # Not everybody who may see a history has a token that tells the customer's name.
        known = asker.display_name if asker is not None and asker.customer == actor else None
        return Actor(display=known or info.context.say(_CUSTOMER), role=Role.CUSTOMER)

    @strawberry.field(description="What happened.")
    def summary(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.summary, locale)

    @strawberry.field(description="Key of the step in which it happened; null for what concerns the whole flow.")
    def step_key(self) -> str | None:
        return self.word.step


_CUSTOMER = Text("契約者", "Customer")


@strawberry.type(description="Edge of a flow event page.")
class FlowEventEdge:
    cursor: str = strawberry.field(description="Where this event stands; pass it as `after`.")
    node: FlowEvent = strawberry.field(description="The event.")


@strawberry.type(description="Page of flow events, newest first.")
class FlowEventConnection:
    edges: list[FlowEventEdge] = strawberry.field(description="The events of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")


async def history(info: Info, flow: str, *, first: int, after: str | None) -> FlowEventConnection:
    own = Cursors(info.context.ids, "events", flow)
    before = own.behind(after)
    found, more = await info.context.host.history.page(flow, first=clamped(first), before=before)
    cursors = [own.seal(event.id) for event in found]
    edges = [
        FlowEventEdge(cursor=cursor, node=FlowEvent(word=word)) for cursor, word in zip(cursors, found, strict=True)
    ]
    return FlowEventConnection(edges=edges, page_info=facts(cursors, more_before=before is not None, more_after=more))
