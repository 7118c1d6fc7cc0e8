"""What writes about webhooks, calendars and exports take: one input each."""

import strawberry

from insurers.telling import CalendarScope, EventKind
from schema import telling_enums as telling_enums
from schema.inputs import key_field
from schema.scalars import URL


@strawberry.input(description="Have an address told of events.")
class WebhookCreateInput:
    url: URL = strawberry.field(description="Where messages are posted: https, and reachable from the Internet.")
    kinds: list[EventKind] = strawberry.field(description="What it is told of; at least one.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Sign by a new secret.")
class WebhookSecretRotateInput:
    webhook_id: strawberry.ID = strawberry.field(description="Which webhook.")
    idempotency_key: strawberry.ID = key_field()
    overlap_hours: int = strawberry.field(
        default=24, description="For how long the secret before signs, too: 0 to 168 hours."
    )


@strawberry.input(description="Switch a webhook off, or on again after it was switched off.")
class WebhookSwitchInput:
    webhook_id: strawberry.ID = strawberry.field(description="Which webhook.")
    on: bool = strawberry.field(description="Whether it is told of what happens from now on.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Tell again what was told.")
class WebhookReplayInput:
    webhook_id: strawberry.ID = strawberry.field(description="Which webhook.")
    after: str = strawberry.field(
        description='`cursor` of the last message that arrived, or `replayCursor` of a delivery; "0" for all that is'
        " still kept (30 days)."
    )
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Forget a webhook.")
class WebhookDeleteInput:
    webhook_id: strawberry.ID = strawberry.field(description="Which webhook.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Make a calendar.")
class DeadlineCalendarCreateInput:
    idempotency_key: strawberry.ID = key_field()
    scope: CalendarScope = strawberry.field(default=CalendarScope.ASSIGNED, description="Whose deadlines it shows.")
    names: bool = strawberry.field(
        default=False,
        description="Whether holders are named in it. Calendar programs read it from other companies' servers.",
    )


@strawberry.input(description="Revoke a calendar.")
class DeadlineCalendarRevokeInput:
    calendar_id: strawberry.ID = strawberry.field(description="Which calendar.")
    idempotency_key: strawberry.ID = key_field()
