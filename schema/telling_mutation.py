"""Every deed about webhooks and calendars."""

import strawberry

from insurers.text import Text
from schema.access import agent, doer, flow_id
from schema.context import Info
from schema.directives import AGENTS
from schema.problems import Problem, ProblemCode
from schema.telling_inputs import (
    DeadlineCalendarCreateInput,
    DeadlineCalendarRevokeInput,
    WebhookCreateInput,
    WebhookDeleteInput,
    WebhookReplayInput,
    WebhookSecretRotateInput,
    WebhookSwitchInput,
)
from schema.telling_payloads import (
    DeadlineCalendarCreatePayload,
    DeadlineCalendarRevokePayload,
    WebhookCreatePayload,
    WebhookDeletePayload,
    WebhookReplayPayload,
    WebhookSecretRotatePayload,
    WebhookSwitchPayload,
)

# More digits than any position has.
LONGEST_CURSOR = 18

_NO_CURSOR = Problem(
    code=ProblemCode.INVALID,
    message=Text(
        '最後に受け取った通知の cursor（数字）を指定してください。すべて再送するには "0" を指定してください。',
        'Give the `cursor` of the last message that arrived, a number; "0" tells everything again.',
    ),
    field=("after",),
)


@strawberry.type(description="Writes about what an agency's own systems are told.")
class TellingMutation:
    @strawberry.mutation(
        description="Have an address of the agency's told of events. Managers only.", directives=[AGENTS]
    )
    async def webhook_create(self, info: Info, input: WebhookCreateInput) -> WebhookCreatePayload:
        done = await info.context.host.telling.webhook_create(
            await agent(info), doer(info), str(input.url), input.kinds, key=input.idempotency_key
        )
        return WebhookCreatePayload.of(done)

    @strawberry.mutation(
        description="Sign by a new secret, and for a while by the one before, too.", directives=[AGENTS]
    )
    async def webhook_secret_rotate(self, info: Info, input: WebhookSecretRotateInput) -> WebhookSecretRotatePayload:
        done = await info.context.host.telling.webhook_rotate(
            await agent(info),
            doer(info),
            flow_id(info, input.webhook_id, "Webhook"),
            overlap_hours=input.overlap_hours,
            key=input.idempotency_key,
        )
        return WebhookSecretRotatePayload.of(done)

    @strawberry.mutation(
        description="Switch a webhook off, or on again. What happened in between is told only by a replay.",
        directives=[AGENTS],
    )
    async def webhook_switch(self, info: Info, input: WebhookSwitchInput) -> WebhookSwitchPayload:
        webhook = flow_id(info, input.webhook_id, "Webhook")
        done = await info.context.host.telling.webhook_switch(
            await agent(info), doer(info), webhook, on=input.on, key=input.idempotency_key
        )
        return WebhookSwitchPayload.of(done)

    @strawberry.mutation(
        description="Tell a webhook again everything behind a cursor, with the same message ids.", directives=[AGENTS]
    )
    async def webhook_replay(self, info: Info, input: WebhookReplayInput) -> WebhookReplayPayload:
        manager = await agent(info)
        if not (input.after.isascii() and input.after.isdecimal()) or len(input.after) > LONGEST_CURSOR:
            return WebhookReplayPayload(webhook=None, problems=(_NO_CURSOR,), replayed=False)
        webhook = flow_id(info, input.webhook_id, "Webhook")
        done = await info.context.host.telling.webhook_replay(
            manager, doer(info), webhook, after=int(input.after), key=input.idempotency_key
        )
        return WebhookReplayPayload.of(done)

    @strawberry.mutation(description="Forget a webhook, and whatever it was still to be told.", directives=[AGENTS])
    async def webhook_delete(self, info: Info, input: WebhookDeleteInput) -> WebhookDeletePayload:
        webhook = flow_id(info, input.webhook_id, "Webhook")
        done = await info.context.host.telling.webhook_delete(
            await agent(info), doer(info), webhook, key=input.idempotency_key
        )
        deleted = input.webhook_id if done.thing else None
        return WebhookDeletePayload(deleted_webhook_id=deleted, problems=done.problems, replayed=done.replayed)

    @strawberry.mutation(
        description="Make a calendar of deadlines for the viewer's calendar program.", directives=[AGENTS]
    )
    async def deadline_calendar_create(
        self, info: Info, input: DeadlineCalendarCreateInput
    ) -> DeadlineCalendarCreatePayload:
        done = await info.context.host.telling.calendar_create(
            await agent(info), doer(info), input.scope, names=input.names, key=input.idempotency_key
        )
        return DeadlineCalendarCreatePayload.of(done)

    @strawberry.mutation(description="Revoke a calendar, at once.", directives=[AGENTS])
    async def deadline_calendar_revoke(
        self, info: Info, input: DeadlineCalendarRevokeInput
    ) -> DeadlineCalendarRevokePayload:
        calendar = flow_id(info, input.calendar_id, "DeadlineCalendar")
        done = await info.context.host.telling.calendar_revoke(
            await agent(info), doer(info), calendar, key=input.idempotency_key
        )
        return DeadlineCalendarRevokePayload.of(done)
