"""The addresses at which an agency's own systems are told of what happens."""

from datetime import datetime

import strawberry

from insurers.telling import Delivery as DeliveryWord
from insurers.telling import DeliveryState, EventKind, WebhookState
from insurers.telling import Webhook as WebhookWord
from schema import telling_enums as telling_enums
from schema.access import agent
from schema.arguments import After, PageSize
from schema.connection import Cursors, PageInfo, clamped, facts
from schema.context import Info
from schema.directives import ENTITY, PERSONAL
from schema.node import Node
from schema.scalars import URL


@strawberry.type(description="One message to one address.")
class WebhookDelivery:
    word: strawberry.Private[DeliveryWord]

    @strawberry.field(description="The message's `webhook-id`: the same however often it is sent.")
    def message_id(self) -> strawberry.ID:
        return strawberry.ID(self.word.event)

    @strawberry.field(description="What it tells of.")
    def kind(self) -> EventKind:
        return self.word.kind

    @strawberry.field(description="When that happened.")
    def at(self) -> datetime:
        return self.word.at

    @strawberry.field(description="What became of it.")
    def state(self) -> DeliveryState:
        return self.word.state

    @strawberry.field(description="How often it was tried.")
    def attempts(self) -> int:
        return self.word.attempts

    @strawberry.field(description="When it is tried next; null once that is over.")
    def due_at(self) -> datetime | None:
        return self.word.due_at

    @strawberry.field(description="The HTTP status of the last answer; null where none came.")
    def status(self) -> int | None:
        return self.word.status

    @strawberry.field(description="Where it stands; pass it to `webhookReplay` to be told again what came after it.")
    def replay_cursor(self) -> str:
        return str(self.word.position)


@strawberry.type(description="Edge of a page of deliveries.")
class WebhookDeliveryEdge:
    cursor: str = strawberry.field(description="Where this delivery stands; pass it as `after`.")
    node: WebhookDelivery = strawberry.field(description="The delivery.")


@strawberry.type(description="Page of deliveries, newest first.")
class WebhookDeliveryConnection:
    edges: list[WebhookDeliveryEdge] = strawberry.field(description="The deliveries of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")


@strawberry.type(
    description="An address that is told of events, signed by the Standard Webhooks rules. For managers of the agency"
    " only.",
    directives=[ENTITY],
)
class Webhook(Node):
    node_type = "Webhook"
    word: strawberry.Private[WebhookWord]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    @strawberry.field(description="Where messages are posted.")
    def url(self) -> URL:
        return URL(self.word.url)

    @strawberry.field(description="What it is told of.")
    def kinds(self) -> list[EventKind]:
        return list(self.word.kinds)

    @strawberry.field(description="Whether it is told anything.")
    def state(self) -> WebhookState:
        return self.word.state

    @strawberry.field(description="The secret by which messages are signed (`whsec_…`).", directives=[PERSONAL])
    def secret(self) -> str:
        return self.word.secret

    @strawberry.field(description="Until when messages are signed by the secret before, too; null where they are not.")
    def previous_secret_until(self, info: Info) -> datetime | None:
        until = self.word.previous_until
        return until if until is not None and until > info.context.host.now() else None

    @strawberry.field(description="Since when it has taken nothing; null while it does. After a day it is DEAD.")
    def failing_since(self) -> datetime | None:
        return self.word.failing_since

    @strawberry.field(description="When it was switched off; null while it is ACTIVE.")
    def ended_at(self) -> datetime | None:
        return self.word.ended_at

    @strawberry.field(description="When it was set up.")
    def created_at(self) -> datetime:
        return self.word.created_at

    @strawberry.field(description="What it was told and will be told, newest first.")
    async def deliveries(self, info: Info, first: PageSize = 20, after: After = None) -> WebhookDeliveryConnection:
        own = Cursors(info.context.ids, "deliveries", self.word.id)
        before = own.behind(after)
        found, more = await info.context.host.telling.deliveries(
            await agent(info), self.word.id, first=clamped(first), before=int(before) if before is not None else None
        )
        cursors = [own.seal(str(one.position)) for one in found]
        return WebhookDeliveryConnection(
            edges=[
                WebhookDeliveryEdge(cursor=cursor, node=WebhookDelivery(word=word))
                for cursor, word in zip(cursors, found, strict=True)
            ],
            page_info=facts(cursors, more_before=before is not None, more_after=more),
        )
