"""A book in figures."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import strawberry

from insurers.agency import Agent
from insurers.book import Blocker, BookList, EntryFilter, EntryStatus
from insurers.book import BookSummary as SummaryWord
from insurers.money import Yen
from insurers.text import Text
from schema import book_enums as book_enums
from schema.arguments import InLanguage
from schema.context import Info
from schema.insurer import Insurer

# The longest a dashboard may look ahead: nearly every term is of a year.
MOST_DAYS = 120

DueWithinDays = Annotated[
    int, strawberry.argument(description=f"How many days ahead to count; from 0 to {MOST_DAYS}, else clamped.")
]

STATUS_LABELS: Mapping[EntryStatus, Text] = {
    EntryStatus.NOT_STARTED: Text("未着手", "Not started"),
    EntryStatus.IN_PROGRESS: Text("手続き中", "In progress"),
    EntryStatus.READY: Text("申込み前（確認済み）", "Ready to apply"),
    EntryStatus.REFERRED: Text("代理店でのお手続きが必要", "For the agency to settle"),
    EntryStatus.QUEUED: Text("送信待ち", "Waiting to be sent"),
    EntryStatus.SUBMITTING: Text("申込み送信中", "Being sent"),
    EntryStatus.UNCONFIRMED: Text("結果確認中", "Sent; finding out what became of it"),
    EntryStatus.ACCEPTED: Text("更新完了", "Renewed"),
    EntryStatus.RENEWED: Text("更新済（保険会社の情報）", "Renewed, says the insurer"),
    EntryStatus.DONE_ELSEWHERE: Text("ほかで手続き済み", "Done elsewhere"),
    EntryStatus.CANCELLED: Text("解約・取扱い終了", "Cancelled"),
    EntryStatus.LAPSED: Text("満期経過（申込み未送信）", "The term ended with nothing sent"),
}

BLOCKER_LABELS: Mapping[Blocker, Text] = {
    Blocker.NOTHING: Text("支障なし", "Nothing"),
    Blocker.NEEDS_CUSTOMER: Text("お客さまの入力・確認待ち", "The customer, to answer or confirm"),
    Blocker.NEEDS_AGENCY: Text("代理店の対応待ち", "The agency, to settle it"),
    Blocker.INSURER_CLOSED: Text("保険会社の受付開始待ち", "The insurer, to open"),
    Blocker.WAITING_FOR_PASSCODE: Text("ワンタイムパスワード待ち", "A passcode or a new sign-in of the customer's"),
    Blocker.OUTCOME_UNCONFIRMED: Text("結果の確認待ち", "Word of what became of the application"),
    Blocker.NOT_LINKED: Text("連携・同意待ち", "The customer, to link an account and let the agency act"),
}

LIST_LABELS: Mapping[BookList, Text] = {
    BookList.RENEWAL: Text("更改リスト（満期60日以内）", "Renewals: the term ends within 60 days"),
    BookList.EXPIRING: Text("満期間近（14日以内）", "Expiring: within 14 days"),
    BookList.EXPIRED: Text("満期経過（等級継承7日以内）", "Expired: the grade still carries over (7 days)"),
}


@strawberry.type(description="Entries in one status.")
class BookStatusCount:
    status: EntryStatus = strawberry.field(description="The status.")
    count: int = strawberry.field(description="How many entries stand there.")

    @strawberry.field(description="The status in words.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(STATUS_LABELS[self.status], locale)


@strawberry.type(description="Entries that wait for one thing.")
class BookBlockerCount:
    blocker: Blocker = strawberry.field(description="What they wait for.")
    count: int = strawberry.field(description="How many entries wait for it.")

    @strawberry.field(description="What they wait for, in words.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(BLOCKER_LABELS[self.blocker], locale)


@strawberry.type(description="Entries at one insurer.")
class BookInsurerCount:
    insurer: Insurer = strawberry.field(description="The insurer.")
    count: int = strawberry.field(description="How many entries it insures.")


@strawberry.type(description="One of the three lists of work.")
class BookListCount:
    key: BookList = strawberry.field(name="list", description="Which list; pass it as `filter.list`.")
    agent: strawberry.Private[Agent]

    @strawberry.field(description="How many entries are in it; null where counting would cost too much.")
    async def count(self, info: Info) -> int | None:
        return await info.context.host.book.count(self.agent, EntryFilter(listed=self.key))

    @strawberry.field(description="What it is called.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(LIST_LABELS[self.key], locale)


@strawberry.type(
    description="Counts for a dashboard. `total` is every entry in its feed; `expired` looks back seven days; the rest"
    " counts the terms that end from now within `dueWithinDays`."
)
class BookSummary:
    word: strawberry.Private[SummaryWord]

    @strawberry.field(description="When it was counted.")
    def as_of(self) -> datetime:
        return self.word.as_of

    @strawberry.field(description="Every entry that is in its insurer's feed.")
    def total(self) -> int:
        return self.word.total

    @strawberry.field(description="Of the terms that end within `dueWithinDays`, those with something left to do.")
    def due(self) -> int:
        return self.word.due

    @strawberry.field(description="Terms that ended within the last seven days with something left to do.")
    def expired(self) -> int:
        return self.word.expired

    @strawberry.field(description="By status, in the order of a renewal; what there is none of is left out.")
    def by_status(self) -> list[BookStatusCount]:
        return [
            BookStatusCount(status=status, count=self.word.by_status[status])
            for status in EntryStatus
            if self.word.by_status.get(status)
        ]

    @strawberry.field(description="How many entries each insurer has.")
    def by_insurer(self, info: Info) -> list[BookInsurerCount]:
        known = info.context.host.manifests
        return [
            BookInsurerCount(insurer=Insurer(manifest=known[code]), count=count)
            for code, count in sorted(self.word.by_insurer.items())
            if code in known and count
        ]

    @strawberry.field(description="By what they wait for; what there is none of is left out.")
    def by_blocker(self) -> list[BookBlockerCount]:
        return [
            BookBlockerCount(blocker=blocker, count=self.word.by_blocker[blocker])
            for blocker in Blocker
            if self.word.by_blocker.get(blocker)
        ]

    @strawberry.field(
        description="The present premiums of what is due and neither ready nor on its way to its insurer."
    )
    def premium_at_risk(self) -> Yen:
        return self.word.at_risk


async def summarised(info: Info, agent: Agent, due_within_days: int) -> BookSummary:
    days = min(max(due_within_days, 0), MOST_DAYS)
    return BookSummary(word=await info.context.host.book.summary(agent, days))
