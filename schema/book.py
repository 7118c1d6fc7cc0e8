"""The agent's book: every customer, policy and renewal over all insurers, on one page."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from insurers.agency import Agent as AgentWord
from insurers.book import BookList, Entry, EntryFilter, EntryOrder
from schema import book_enums as book_enums
from schema.agency import Agent, MultiAgency
from schema.arguments import After, PageSize
from schema.book_customer import BookCustomer, BookCustomerConnection, BookCustomerEdge
from schema.book_entry import BookEntry
from schema.book_filter import BookEntryFilter, BookEntryOrder, wanted
from schema.book_provider import BookProvider
from schema.book_summary import BookListCount, BookSummary, DueWithinDays, summarised
from schema.connection import PageInfo, clamped, cursor, facts
from schema.context import Info
from schema.directives import ENTITY, PERSONAL
from schema.node import Node
from schema.policies import OrderDirection
from schema.reminder import ReminderConnection, ReminderSchedule, reminders, schedule
from schema.telling import Telling


@strawberry.type(description="Edge of a page of the book.")
class BookEntryEdge:
    cursor: str = strawberry.field(resolver=cursor, description="Where this entry stands; pass it as `after`.")
    node: BookEntry = strawberry.field(description="The entry.")
    cursors: strawberry.Private[Sequence[str]]
    at: strawberry.Private[int]


@strawberry.type(
    description="Page of the book. It goes on where it was, whatever has come, gone or moved meanwhile: what stays"
    " where it is comes exactly once."
)
class BookEntryConnection:
    edges: list[BookEntryEdge] = strawberry.field(description="The entries of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")
    agent: strawberry.Private[AgentWord]
    only: strawberry.Private[EntryFilter]

    @strawberry.field(description="How many there are in all; null where counting would cost too much.")
    async def total_count(self, info: Info) -> int | None:
        return await info.context.host.book.count(self.agent, self.only)


@strawberry.type(
    description="An agency's book over all its insurers, as far as the agent who asks may see it. What it shows is what"
    " the insurers' feeds tell; each row says how old it is.",
    directives=[ENTITY],
)
class Book(Node, Telling):
    node_type = "Book"
    word: strawberry.Private[AgentWord]

    def node_parts(self) -> tuple[str, ...]:
        return self.word.agency, self.word.id

    @strawberry.field(description="Whose book it is.")
    async def agency(self, info: Info) -> MultiAgency:
        found = await info.context.book.agency.load(self.word.agency)
        if found is None:
            raise LookupError("an agency is kept for as long as somebody works there")
        return MultiAgency(word=found)

    @strawberry.field(description="Who looks at it, and so how far it is shown.")
    def agent(self) -> Agent:
        return Agent(word=self.word)

    @strawberry.field(description="Who works at the agency, with those who left: whom entries may be given to.")
    async def agents(self, info: Info) -> list[Agent]:
        return [Agent(word=agent) for agent in await info.context.book.readings.colleagues()]

    @strawberry.field(description="When the agency's customers are reminded by mail; null where that was never set.")
    async def reminder_schedule(self, info: Info) -> ReminderSchedule | None:
        return await schedule(info, self.word)

    @strawberry.field(description="Reminders of what the agent sees, newest first, those by hand, too.")
    async def reminders(
        self,
        info: Info,
        first: PageSize = 50,
        after: After = None,
        unsent_only: Annotated[
            bool, strawberry.argument(description="Only customers to whom no mail could be written, and why.")
        ] = False,
    ) -> ReminderConnection:
        return await reminders(info, self.word, first=first, after=after, unsent_only=unsent_only)

    @strawberry.field(description="The book in figures.")
    async def summary(self, info: Info, due_within_days: DueWithinDays = 60) -> BookSummary:
        return await summarised(info, self.word, due_within_days)

    @strawberry.field(
        description="The policies of the book, each with its coming renewal, whether or not one was started. By the end"
        " of their terms unless another order is asked for."
    )
    async def renewals(
        self,
        info: Info,
        first: PageSize = 50,
        after: After = None,
        filter: Annotated[
            BookEntryFilter | None, strawberry.argument(description="Which entries; null for all that the viewer sees.")
        ] = None,
        order_by: Annotated[
            BookEntryOrder | None, strawberry.argument(description="In which order; null for by the end of the term.")
        ] = None,
    ) -> BookEntryConnection:
        order = order_by or BookEntryOrder(field=EntryOrder.DUE, direction=OrderDirection.ASC)
        only = wanted(info, filter, self.word.agency)
        found = await info.context.host.book.page(
            self.word,
            only,
            order.field,
            descending=order.direction is OrderDirection.DESC,
            first=clamped(first),
            after=after,
            count=False,
        )
        edges = [
            BookEntryEdge(node=BookEntry(word=entry), cursors=found.cursors, at=at)
            for at, entry in enumerate(found.entries)
        ]
        page_info = facts(found.cursors, more_before=found.more_before, more_after=found.more_after)
        return BookEntryConnection(edges=edges, page_info=page_info, agent=self.word, only=only)

    @strawberry.field(description="The agency's customers, in the order of their readings (五十音).")
    async def customers(
        self,
        info: Info,
        first: PageSize = 50,
        after: After = None,
        search: Annotated[
            str | None,
            strawberry.argument(description="As `BookEntryFilter.search`; null for everybody.", directives=[PERSONAL]),
        ] = None,
    ) -> BookCustomerConnection:
        found = await info.context.host.book.holders(
            self.word,
            (search or "").strip() or None,
            first=clamped(first),
            after=after,
        )
        edges = [
            BookCustomerEdge(cursor=cursor, node=BookCustomer(entry=_shown(info, holder.entries)))
            for cursor, holder in zip(found.cursors, found.holders, strict=True)
        ]
        page_info = facts(found.cursors, more_before=found.more_before, more_after=found.more_after)
        return BookCustomerConnection(edges=edges, page_info=page_info)

    @strawberry.field(description="The three lists of work.")
    def lists(self) -> list[BookListCount]:
        return [BookListCount(key=list_, agent=self.word) for list_ in BookList]

    @strawberry.field(description="Each insurer of the agency's: how its feed stands, and when it can be asked.")
    async def providers(self, info: Info) -> list[BookProvider]:
        host = info.context.host
        return [
            BookProvider.of(feeds, host.manifests[feeds.insurer], host.now())
            for feeds in await info.context.book.feeds.load(None)
        ]


def _shown(info: Info, entries: Sequence[Entry]) -> Entry:
    """Take the soonest entry for the person; of an insurer that is there, where one is."""
    known = info.context.host.manifests
    return next((entry for entry in entries if entry.insurer in known), entries[0])


async def book(info: Info) -> Book | None:
    """Answer the book of whoever asks; None for who is no agent."""
    agent = await info.context.book.readings.agent()
    return Book(word=agent) if agent else None
