"""The deed that sets an agency's schedule of reminders."""

from typing import Self

import strawberry

from insurers.reminder import ReminderSchedule as ScheduleWord
from schema import access
from schema.context import Info
from schema.directives import AGENTS
from schema.inputs import key_field
from schema.payloads import Payload
from schema.ports import Done
from schema.reminder import ReminderSchedule


@strawberry.input(description="Set when the agency's customers are reminded.")
class BookReminderScheduleSetInput:
    days_before: list[int] = strawberry.field(
        description="How many days before the end of the term: up to 8 whole numbers from 1 to 120, in any order."
    )
    at_hour: int = strawberry.field(description="At which hour in Tokyo; by day, as the operator has it.")
    enabled: bool = strawberry.field(description="Whether reminders go out. The first ones do at the next such hour.")
    idempotency_key: strawberry.ID = key_field()
    words: str | None = strawberry.field(
        default=None, description="Words of the agency's that stand in every reminder; up to 1000 characters."
    )


@strawberry.type(description="What became of the wish to set the schedule.")
class BookReminderScheduleSetPayload(Payload):
    schedule: ReminderSchedule | None = strawberry.field(description="The schedule as it stands now.")

    @classmethod
    def of(cls, done: Done[ScheduleWord]) -> Self:
        schedule = ReminderSchedule(word=done.thing) if done.thing else None
        return cls(schedule=schedule, problems=done.problems, replayed=done.replayed)


@strawberry.type(description="Writes about reminders.")
class ReminderMutation:
    @strawberry.mutation(
        description="Set when customers are reminded of the end of a term; managers only. Each policy and term gets"
        " each step at most once, and whoever was not reminded in time only the latest.",
        directives=[AGENTS],
    )
    async def book_reminder_schedule_set(
        self, info: Info, input: BookReminderScheduleSetInput
    ) -> BookReminderScheduleSetPayload:
        agent, asker = await access.agent(info), access.doer(info)
        done = await info.context.host.reminders.set(
            agent,
            asker,
            input.days_before,
            at_hour=input.at_hour,
            words=input.words,
            enabled=input.enabled,
            key=input.idempotency_key,
        )
        return BookReminderScheduleSetPayload.of(done)
