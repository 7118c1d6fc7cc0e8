"""What writes about many entries of the book take."""

import strawberry

from insurers.book import Mark
from schema import book_enums as book_enums
from schema.directives import PERSONAL

# A page has a hundred at most; five of them are more than anybody checks before a click.
MOST_ROWS = 500


def entries_field() -> list[strawberry.ID]:
    """The field that names the rows."""
    # strawberry.field stands for the annotated value at runtime.
    return strawberry.field(  # type: ignore[no-any-return]
        description=f"Ids of entries (`BookEntry.id`), from 1 to {MOST_ROWS}. One that is given twice counts once."
    )


def rows_key_field() -> strawberry.ID:
    """The field that makes it safe to repeat a write about many rows, whole or in other parts."""
    # strawberry.field stands for the annotated value at runtime.
    return strawberry.field(  # type: ignore[no-any-return]
        description="Yours to choose, new for each order. Each row is done once for a key and answered alike, however"
        " often and however divided the rows are sent. A row for which it was used for something else is refused, in"
        " its own result."
    )


@strawberry.input(description="Start the renewals of these entries, each for its customer; one that runs is found.")
class BookRenewalsStartInput:
    entry_ids: list[strawberry.ID] = entries_field()
    idempotency_key: strawberry.ID = rows_key_field()


@strawberry.input(description="Send the customers of these entries a mail about the end of the term.")
class BookReminderSendInput:
    entry_ids: list[strawberry.ID] = entries_field()
    idempotency_key: strawberry.ID = rows_key_field()
    message: str | None = strawberry.field(
        default=None, description="Words of yours that stand in the mail.", directives=[PERSONAL]
    )


@strawberry.input(
    description="Ask the customers of these entries for what only they can give: consent, an account, a confirmation."
)
class BookCustomerAskInput:
    entry_ids: list[strawberry.ID] = entries_field()
    idempotency_key: strawberry.ID = rows_key_field()


@strawberry.input(description="Give the customers of these entries, and so all of their entries, to an agent.")
class BookAssignInput:
    entry_ids: list[strawberry.ID] = entries_field()
    idempotency_key: strawberry.ID = rows_key_field()
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="One of `Book.agents`; null takes them from whoever has them."
    )


@strawberry.input(description="Write the same note on these entries.")
class BookNoteAddInput:
    entry_ids: list[strawberry.ID] = entries_field()
    text: str = strawberry.field(
        description="What to write down. Other agents of the agency read it.", directives=[PERSONAL]
    )
    idempotency_key: strawberry.ID = rows_key_field()


@strawberry.input(description="Put a mark on these entries, or take it off.")
class BookMarkInput:
    entry_ids: list[strawberry.ID] = entries_field()
    idempotency_key: strawberry.ID = rows_key_field()
    mark: Mark | None = strawberry.field(default=None, description="Which mark; null takes it off.")
    note: str | None = strawberry.field(default=None, description="Why; it is kept as a note.", directives=[PERSONAL])
