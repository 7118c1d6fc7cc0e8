"""Every deed about many entries of the book."""

from collections.abc import Sequence
from typing import TypeVar

import strawberry

from insurers.text import Text
from schema import access
from schema.agency_ports import Annotate, Ask, Assign, Deed, Put, Remind, RowDone, Start
from schema.book_inputs import (
    MOST_ROWS,
    BookAssignInput,
    BookCustomerAskInput,
    BookMarkInput,
    BookNoteAddInput,
    BookReminderSendInput,
    BookRenewalsStartInput,
)
from schema.book_payloads import (
    BookAssignPayload,
    BookCustomerAskPayload,
    BookMarkPayload,
    BookNoteAddPayload,
    BookReminderSendPayload,
    BookRenewalsStartPayload,
    BookRowsPayload,
)
from schema.context import Info
from schema.directives import AGENTS
from schema.problems import NOT_FOUND, invalid

P = TypeVar("P", bound=BookRowsPayload)

_WRONG_COUNT = invalid(
    Text(
        f"一度に選べるのは1件から{MOST_ROWS}件までです。分けて実行してください。",
        f"From 1 to {MOST_ROWS} rows can be given at once. Divide them, and send them one part after another.",
    ),
    "entryIds",
)


@strawberry.type(description="Writes about the agency's book.")
class BookMutation:
    @strawberry.mutation(
        description="Start renewals for many customers at once, as far as each lets the agency prepare them. Nothing is"
        " sent to an insurer that binds anybody.",
        directives=[AGENTS],
    )
    async def book_renewals_start(self, info: Info, input: BookRenewalsStartInput) -> BookRenewalsStartPayload:
        return await _do(info, BookRenewalsStartPayload, Start(), input.entry_ids, input.idempotency_key)

    @strawberry.mutation(
        description="Send reminders by mail, by day: one for each policy, and no two about the same term within a day.",
        directives=[AGENTS],
    )
    async def book_reminder_send(self, info: Info, input: BookReminderSendInput) -> BookReminderSendPayload:
        deed = Remind(words=input.message)
        return await _do(info, BookReminderSendPayload, deed, input.entry_ids, input.idempotency_key)

    @strawberry.mutation(
        description="Ask customers for what only they can give. They get a mail with a link, and see the request when"
        " they sign in; what only a customer may confirm stays with the customer.",
        directives=[AGENTS],
    )
    async def book_customer_ask(self, info: Info, input: BookCustomerAskInput) -> BookCustomerAskPayload:
        return await _do(info, BookCustomerAskPayload, Ask(), input.entry_ids, input.idempotency_key)

    @strawberry.mutation(description="Give customers to an agent.", directives=[AGENTS])
    async def book_assign(self, info: Info, input: BookAssignInput) -> BookAssignPayload:
        agent = None
        if input.assignee_id is not None:
            await access.agent(info)
            parts = info.context.ids.parts(input.assignee_id, "Agent")
            known = await info.context.book.colleague.load(parts[-1]) if parts else None
            if known is None or not known.active:
                return BookAssignPayload.refused(_NO_SUCH_AGENT)
            agent = known.id
        return await _do(info, BookAssignPayload, Assign(agent=agent), input.entry_ids, input.idempotency_key)

    @strawberry.mutation(description="Write a note on entries.", directives=[AGENTS])
    async def book_note_add(self, info: Info, input: BookNoteAddInput) -> BookNoteAddPayload:
        return await _do(info, BookNoteAddPayload, Annotate(text=input.text), input.entry_ids, input.idempotency_key)

    @strawberry.mutation(
        description="Mark entries as done elsewhere or as referred, or take the mark off.", directives=[AGENTS]
    )
    async def book_mark(self, info: Info, input: BookMarkInput) -> BookMarkPayload:
        deed = Put(mark=input.mark, text=input.note)
        return await _do(info, BookMarkPayload, deed, input.entry_ids, input.idempotency_key)


_NO_SUCH_AGENT = invalid(
    Text(
        "担当者が見つかりません。一覧から選び直してください。", "No such agent works here. Choose one of `Book.agents`."
    ),
    "assigneeId",
)


async def _do(info: Info, payload: type[P], deed: Deed, given: Sequence[strawberry.ID], key: strawberry.ID) -> P:
    """Do it to each row. An id that is none of ours is a row that is not found, and stops no other."""
    agent, asker = await access.agent(info), access.doer(info)
    ids = list(dict.fromkeys(given))
    if not 1 <= len(ids) <= MOST_ROWS:
        return payload.refused(_WRONG_COUNT)
    known = {id_: parts[0] for id_ in ids if (parts := info.context.ids.parts(id_, "BookEntry"))}
    rows = await info.context.host.deeds.do(agent, asker, deed, list(known.values()), key=key) if known else ()
    info.context.forget()
    done = dict(zip(known, rows, strict=True))
    return payload.of(ids, [done.get(id_) or RowDone(id=id_, problems=(NOT_FOUND,)) for id_ in ids])
