"""When an agency's customers are reminded of a maturity, and what became of each reminder."""

from datetime import datetime

import strawberry

from insurers.agency import Agent as AgentWord
from insurers.reminder import Reminder as ReminderWord
from insurers.reminder import ReminderSchedule as ScheduleWord
from insurers.reminder import ReminderState, Unsent
from insurers.text import Text
from schema.agency import Agent
from schema.book_entry import BookEntry
from schema.connection import Cursors, PageInfo, clamped, facts
from schema.context import Info

strawberry.enum(
    ReminderState,
    name="ReminderState",
    description="What became of a reminder. WAITING goes out by day; UNCONFIRMED was handed to the mail server, which"
    " did not answer, and is never sent again; WITHDRAWN was settled before it went out; UNSENT had nowhere to go.",
)
strawberry.enum(Unsent, name="ReminderUnsentReason", description="Why a customer was not reminded.")

_UNSENT = {
    Unsent.NO_ADDRESS: Text(
        "保険会社のデータにメールアドレスがありません。電話などでご連絡ください。",
        "The insurer's data has no mail address of this customer. Please call.",
    ),
    Unsent.BAD_ADDRESS: Text(
        "保険会社のデータのメールアドレスが正しくありません。電話などでご連絡ください。",
        "The mail address in the insurer's data is none. Please call.",
    ),
    Unsent.NOT_CONNECTED: Text(
        "この保険会社には、現在このサービスから接続していません。電話などでご連絡のうえ、保険会社の代理店システムでお手続きください。",
        "This service is not connected to the insurer now. Please call, and settle it in the insurer's own system.",
    ),
}


@strawberry.type(
    description="When an agency's customers are reminded of the end of a term: once for each policy, term and step."
)
class ReminderSchedule:
    word: strawberry.Private[ScheduleWord]

    @strawberry.field(description="How many days before the end of the term, the earliest first.")
    def days_before(self) -> list[int]:
        return list(self.word.days_before)

    @strawberry.field(description="At which hour in Tokyo.")
    def at_hour(self) -> int:
        return self.word.at_hour

    @strawberry.field(description="The agency's own words, which stand in every reminder.")
    def words(self) -> str | None:
        return self.word.words

    @strawberry.field(description="Whether reminders go out.")
    def enabled(self) -> bool:
        return self.word.enabled

    @strawberry.field(description="Who set it last; null where the viewer may not see them.")
    async def set_by(self, info: Info) -> Agent | None:
        found = await info.context.book.colleague.load(self.word.set_by)
        return Agent(word=found) if found else None

    @strawberry.field(description="When it was set.")
    def set_at(self) -> datetime:
        return self.word.set_at


@strawberry.type(description="One reminder of one entry, by hand or by the schedule.")
class Reminder:
    word: strawberry.Private[ReminderWord]

    @strawberry.field(description="Unique among reminders.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.word.id)

    @strawberry.field(description="Of which entry; null where the viewer sees it no more.")
    async def entry(self, info: Info) -> BookEntry | None:
        found = await info.context.book.entry.load(self.word.entry)
        return BookEntry(word=found) if found else None

    @strawberry.field(description="The step of the schedule, in days before the end of the term; null for one by hand.")
    def days_before(self) -> int | None:
        return self.word.step

    @strawberry.field(description="When it was written.")
    def at(self) -> datetime:
        return self.word.at

    @strawberry.field(description="Whether the reminder went out.")
    def state(self) -> ReminderState:
        return self.word.state

    @strawberry.field(description="Why there was no mail, for UNSENT.")
    def unsent_reason(self) -> Unsent | None:
        return self.word.unsent

    @strawberry.field(description="Why there was no mail and what to do, in words.")
    def unsent_label(self, info: Info) -> str | None:
        return info.context.say(_UNSENT[self.word.unsent]) if self.word.unsent else None


@strawberry.type(description="Edge of a page of reminders.")
class ReminderEdge:
    cursor: str = strawberry.field(description="Where this reminder stands; pass it as `after`.")
    node: Reminder = strawberry.field(description="The reminder.")


@strawberry.type(description="Page of reminders, newest first.")
class ReminderConnection:
    edges: list[ReminderEdge] = strawberry.field(description="The reminders of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")


async def schedule(info: Info, agent: AgentWord) -> ReminderSchedule | None:
    found = await info.context.host.reminders.schedule(agent)
    return ReminderSchedule(word=found) if found else None


async def reminders(
    info: Info, agent: AgentWord, *, first: int, after: str | None, unsent_only: bool
) -> ReminderConnection:
    own = Cursors(info.context.ids, "reminders", agent.agency)
    before = own.behind(after)
    found, more = await info.context.host.reminders.page(
        agent, first=clamped(first), before=before, unsent_only=unsent_only
    )
    cursors = [own.seal(word.id) for word in found]
    edges = [ReminderEdge(cursor=cursor, node=Reminder(word=word)) for cursor, word in zip(cursors, found, strict=True)]
    return ReminderConnection(edges=edges, page_info=facts(cursors, more_before=before is not None, more_after=more))
