"""What writes about webhooks and calendars answer."""

from typing import Self

import strawberry

from insurers.telling import Calendar
from insurers.telling import Webhook as WebhookWord
from schema.deadline_calendar import DeadlineCalendar
from schema.payloads import Payload
from schema.ports import Done
from schema.webhook import Webhook


@strawberry.interface(description="Answer of every mutation of a webhook.")
class WebhookPayload(Payload):
    webhook: Webhook | None = strawberry.field(description="The webhook as it stands now; null where there is none.")

    @classmethod
    def of(cls, done: Done[WebhookWord]) -> Self:
        webhook = Webhook(word=done.thing) if done.thing else None
        return cls(webhook=webhook, problems=done.problems, replayed=done.replayed)


@strawberry.type(description="An address is told of events from now on.")
class WebhookCreatePayload(WebhookPayload): ...


@strawberry.type(description="Messages are signed by a new secret.")
class WebhookSecretRotatePayload(WebhookPayload): ...


@strawberry.type(description="A webhook was switched off or on.")
class WebhookSwitchPayload(WebhookPayload): ...


@strawberry.type(description="What was told is told again.")
class WebhookReplayPayload(WebhookPayload): ...


@strawberry.type(description="A webhook was forgotten, and what was still to be told there.")
class WebhookDeletePayload(Payload):
    deleted_webhook_id: strawberry.ID | None = strawberry.field(description="Which one it was.")


@strawberry.interface(description="Answer of every mutation of a calendar.")
class DeadlineCalendarPayload(Payload):
    calendar: DeadlineCalendar | None = strawberry.field(
        description="The calendar as it stands now; null where there is none."
    )

    @classmethod
    def of(cls, done: Done[Calendar]) -> Self:
        calendar = DeadlineCalendar(word=done.thing) if done.thing else None
        return cls(calendar=calendar, problems=done.problems, replayed=done.replayed)


@strawberry.type(description="A calendar was made.")
class DeadlineCalendarCreatePayload(DeadlineCalendarPayload): ...


@strawberry.type(description="A calendar was revoked: its address answers nothing any more.")
class DeadlineCalendarRevokePayload(DeadlineCalendarPayload): ...
