"""What writes about many entries answer: a result for each row."""

from collections.abc import Sequence
from typing import Self

import strawberry

from schema.agency_ports import RowDone
from schema.book_entry import BookEntry
from schema.payloads import Payload
from schema.problems import Problem
from schema.user_error import UserError, user_errors


@strawberry.type(description="What became of one row. A row that fails stops no other.")
class BookRowResult:
    entry_id: strawberry.ID = strawberry.field(description="The id as it was given.")
    row: strawberry.Private[RowDone]

    @strawberry.field(description="The entry as it stands now; null where there is none such to be seen.")
    def entry(self) -> BookEntry | None:
        return BookEntry(word=self.row.entry) if self.row.entry else None

    @strawberry.field(description="Why it was not done; empty when it was.")
    def errors(self) -> list[UserError]:
        return user_errors(self.row.problems)

    @strawberry.field(description="True when this key did this row before; nothing was done now.")
    def replayed(self) -> bool:
        return self.row.replayed


@strawberry.interface(description="Answer of every mutation of many entries of the book: a result for each row.")
class BookRowsPayload(Payload):
    rows: list[BookRowResult] = strawberry.field(description="A result for each row, in the order of the input.")

    @strawberry.field(description="How many rows were done, now or before with this key.")
    def done(self) -> int:
        return sum(not row.row.problems for row in self.rows)

    @strawberry.field(description="How many rows were not done.")
    def failed(self) -> int:
        return sum(bool(row.row.problems) for row in self.rows)

    @classmethod
    def of(cls, ids: Sequence[strawberry.ID], done: Sequence[RowDone]) -> Self:
        rows = [BookRowResult(entry_id=id_, row=row) for id_, row in zip(ids, done, strict=True)]
        return cls(rows=rows, problems=(), replayed=bool(rows) and all(row.replayed for row in done))

    @classmethod
    def refused(cls, problem: Problem) -> Self:
        return cls(rows=[], problems=(problem,), replayed=False)


@strawberry.type(description="Renewals were started, or ran already.")
class BookRenewalsStartPayload(BookRowsPayload): ...


@strawberry.type(description="Reminders were handed to the mail.")
class BookReminderSendPayload(BookRowsPayload): ...


@strawberry.type(description="Customers were asked.")
class BookCustomerAskPayload(BookRowsPayload): ...


@strawberry.type(description="Entries have a new agent, or none.")
class BookAssignPayload(BookRowsPayload): ...


@strawberry.type(description="A note was written.")
class BookNoteAddPayload(BookRowsPayload): ...


@strawberry.type(description="A mark was put on, or taken off.")
class BookMarkPayload(BookRowsPayload): ...
