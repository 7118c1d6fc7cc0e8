"""What the schema needs of whoever hosts it, for agencies, their agents and their books."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from msgspec import Struct

from insurers.agency import Agency, Agent, ConsentScope, Mandate
from insurers.agency_request import AgencyRequest
from insurers.book import (
    BookSummary,
    Entry,
    EntryChange,
    EntryFilter,
    EntryOrder,
    EntryPage,
    FeedRun,
    HolderPage,
    Mark,
    Note,
)
from insurers.feed import Flaw
from insurers.identity import InsurerCode
from insurers.person import Private
from insurers.reminder import Reminder, ReminderSchedule
from insurers.renewal import Renewal
from schema.ports import Asker, Done
from schema.problems import Problem


class AgencyDesk(Protocol):
    """Agencies, and who works there."""

    async def agent(self, asker: Asker) -> Agent | None:
        """Answer who acts, where that is somebody who works at an agency at this moment."""
        ...

    async def agency(self, agency: str) -> Agency | None: ...

    async def agencies(self) -> Sequence[Agency]:
        """Answer all of them by name: a customer chooses whom to let act."""
        ...

    async def agents(self, agent: Agent) -> Sequence[Agent]:
        """Answer the colleagues whom *agent* may see, with those who left (`active` is false)."""
        ...


class MandateDesk(Protocol):
    """What customers let agencies do. Whether it holds is looked up at every use."""

    async def of(self, asker: Asker, *, first: int, after: str | None) -> tuple[Sequence[Mandate], bool]:
        """
        Answer what a customer gave, or what the agency of an agent holds, and whether there is more.

        Newest first, those that are over, too; behind the one with the id *after*, or from the beginning.
        """
        ...

    async def get(self, asker: Asker, mandate: str) -> Mandate | None: ...

    async def grant(
        self,
        asker: Asker,
        agency: str,
        scopes: frozenset[ConsentScope],
        expires_at: datetime | None,
        *,
        statement: str,
        key: str,
    ) -> Done[Mandate]:
        """Take a customer at their word; *statement* is the SHA-256 of what they have read."""
        ...

    async def revoke(self, asker: Asker, mandate: str, *, key: str) -> Done[Mandate]: ...


class FeedsOf(Struct, frozen=True, kw_only=True):
    """
    How the feed of one insurer stands: the reading under way or the last one, and the last that was done.

    `entries` is how many of this insurer's policies are in the book now, as far as the agent sees it.
    """

    insurer: InsurerCode
    latest: FeedRun | None
    done: FeedRun | None
    entries: int = 0


class BookNews(Private, frozen=True, kw_only=True):
    """
    What changed in a book between two looks: new, read anew, moved, marked, assigned or vanished entries.

    `left` are the ids of entries that whoever watches saw before, and that went to another branch.
    `mark` is where the next look begins. `more` says that more changed than is told here, and that the rest
    is passed over: whoever watches reads the page again.
    """

    entries: tuple[Entry, ...]
    left: tuple[str, ...] = ()
    mark: str
    more: bool


class BookDesk(Protocol):
    """
    The book, read. Whatever *agent* may not see is not there: no method tells it from what does not exist.

    Cursors are the desk's own and opaque; one that it does not know begins at the beginning.
    """

    async def page(
        self,
        agent: Agent,
        wanted: EntryFilter,
        order: EntryOrder,
        *,
        descending: bool,
        first: int,
        after: str | None,
        count: bool,
    ) -> EntryPage:
        """Answer a page of 1 to 100. A page goes on where it was, whatever has come, gone or moved."""
        ...

    async def count(self, agent: Agent, wanted: EntryFilter) -> int | None:
        """Answer how many entries there are of these; None where counting would be dear."""
        ...

    async def entries(self, agent: Agent, ids: Sequence[str]) -> Mapping[str, Entry]: ...

    async def holders(self, agent: Agent, search: str | None, *, first: int, after: str | None) -> HolderPage: ...

    async def of(self, agent: Agent, persons: Sequence[str]) -> Mapping[str, Sequence[Entry]]:
        """Answer the entries of these persons, soonest first."""
        ...

    async def summary(self, agent: Agent, due_within_days: int) -> BookSummary: ...

    async def feeds(self, agent: Agent) -> Sequence[FeedsOf]:
        """Answer one for each appointment of the agency."""
        ...

    async def flaws(self, agent: Agent, run: str, *, first: int, after: int) -> tuple[Sequence[Flaw], bool]:
        """Answer records that could not be read, behind line *after*, and whether there are more."""
        ...

    async def changes(
        self, agent: Agent, entries: Sequence[str], *, first: int, before: str | None
    ) -> Mapping[str, tuple[Sequence[EntryChange], bool]]:
        """Answer, by entry, what feeds changed of it: newest first, *first* of each, and whether there is more."""
        ...

    async def notes(
        self, agent: Agent, entries: Sequence[str], *, first: int, before: str | None
    ) -> Mapping[str, tuple[Sequence[Note], bool]]:
        """Answer, by entry, what was written down about it: newest first, *first* of each, and whether more."""
        ...

    async def since(self, agent: Agent, mark: str | None, *, first: int) -> BookNews:
        """
        Answer what changed behind *mark*; without one, no entries and where things stand.

        Nothing is left out, whoever commits while this reads; the same change may be told twice.
        """
        ...

    async def mandates(self, agent: Agent, customers: Sequence[str]) -> Mapping[str, Mandate]:
        """Answer what holds now, by customer."""
        ...

    async def renewals(self, agent: Agent, ids: Sequence[str]) -> Mapping[str, Renewal]:
        """Answer those of these renewals whose customers let the agency see them."""
        ...


class Start(Struct, frozen=True, tag="start"):
    """Start (or find) the renewal, for its customer."""


class Remind(Private, frozen=True, tag="remind"):
    """Send the customer a mail about the maturity; *words* stand in it."""

    words: str | None = None


class Ask(Struct, frozen=True, tag="ask"):
    """Ask the customer for what only the customer can give: consent, an account, a confirmation."""


class Assign(Struct, frozen=True, tag="assign"):
    """Give the customer, and so all of the customer's entries, to this agent; None to nobody."""

    agent: str | None


class Annotate(Private, frozen=True, tag="annotate"):
    """Write a note."""

    text: str


class Put(Private, frozen=True, tag="put"):
    """Put a mark on the entry, or take it off with None; *text* becomes a note."""

    mark: Mark | None
    text: str | None = None


Deed: TypeAlias = Start | Remind | Ask | Assign | Annotate | Put


class RowDone(Private, frozen=True, kw_only=True):
    """What became of one row: the entry as it stands now, or why nothing was done."""

    id: str
    entry: Entry | None = None
    problems: tuple[Problem, ...] = ()
    replayed: bool = False


class BookDeeds(Protocol):
    """What an agent does to many entries at once."""

    async def do(
        self, agent: Agent, asker: Asker, deed: Deed, entries: Sequence[str], *, key: str
    ) -> Sequence[RowDone]:
        """
        Do it to each of up to 500 entries, in their order; a row that fails stops no other.

        The same *key* does each row once, however often and however divided the rows come.
        """
        ...


class ReminderDesk(Protocol):
    """When an agency's customers are reminded of a maturity, and what became of each reminder."""

    async def schedule(self, agent: Agent) -> ReminderSchedule | None:
        """Answer the agency's; None where none was ever set."""
        ...

    async def set(
        self,
        agent: Agent,
        asker: Asker,
        days_before: Sequence[int],
        *,
        at_hour: int,
        words: str | None,
        enabled: bool,
        key: str,
    ) -> Done[ReminderSchedule]:
        """Set it for the whole agency; only a manager may."""
        ...

    async def page(
        self, agent: Agent, *, first: int, before: str | None, unsent_only: bool
    ) -> tuple[Sequence[Reminder], bool]:
        """Answer reminders of what *agent* sees, newest first, and whether there are more; *before* is an id."""
        ...


class RequestDesk(Protocol):
    """What agencies want of customers."""

    async def of(self, asker: Asker) -> Sequence[AgencyRequest]:
        """Answer what is wanted of the customer who asks in person, newest first."""
        ...

    async def by_ticket(self, asker: Asker, ticket: str) -> AgencyRequest | None:
        """Answer what a mail's link is about; None but for whom their own account proves the policy theirs."""
        ...
