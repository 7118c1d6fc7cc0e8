"""Which entries of a book are wanted, and in which order."""

import datetime
from collections.abc import Sequence
from typing import TypeVar

import strawberry

from insurers.book import Blocker, BookList, EntryFilter, EntryOrder, EntryStatus
from insurers.money import Yen
from schema import book_enums as book_enums
from schema.access import insurer_codes
from schema.context import Info
from schema.directives import PERSONAL
from schema.inputs import InsurerRef
from schema.policies import OrderDirection

# What an id that is none of ours stands for: nobody's entries are this one's.
NOBODY = "-"

T = TypeVar("T")


@strawberry.input(
    description="Which entries. What is absent or null is no condition; everything that is given has to hold."
)
class BookEntryFilter:
    insurers: list[InsurerRef] | None = strawberry.field(default=None, description="Only at these insurers.")
    statuses: list[EntryStatus] | None = strawberry.field(default=None, description="Only in one of these states.")
    blockers: list[Blocker] | None = strawberry.field(default=None, description="Only what waits for one of these.")
    due_from: datetime.date | None = strawberry.field(
        default=None, description="Only terms that end on this day in Tokyo or later."
    )
    due_until: datetime.date | None = strawberry.field(
        default=None, description="Only terms that end on this day in Tokyo or earlier."
    )
    in_list: BookList | None = strawberry.field(
        name="list", default=None, description="Only what is in this list of work."
    )
    branch: str | None = strawberry.field(
        default=None, description="Only of this branch, by its code; it never widens what a viewer may see."
    )
    assignee_id: strawberry.ID | None = strawberry.field(default=None, description="Only what this agent works on.")
    unassigned: bool = strawberry.field(default=False, description="Only what nobody works on.")
    premium_change_from: Yen | None = strawberry.field(
        default=None, description="Only where the premium changes by this much or more; negative when it falls."
    )
    premium_change_until: Yen | None = strawberry.field(
        default=None, description="Only where the premium changes by this much or less."
    )
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only of this customer (`BookCustomer.id`)."
    )
    search: str | None = strawberry.field(
        default=None,
        description="The beginning of a name in kanji or kana, of any width and script; a policy number; a plate or its"
        " four digits.",
        directives=[PERSONAL],
    )
    vanished: bool = strawberry.field(
        default=False,
        description="Only entries that a full feed came without; they are in no answer otherwise.",
    )


@strawberry.input(description="In which order.")
class BookEntryOrder:
    field: EntryOrder = strawberry.field(description="By which value.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description="In which direction.")


def wanted(info: Info, said: BookEntryFilter | None, agency: str) -> EntryFilter:
    """Answer what is meant, in the language's words; an id that is none of ours is nobody's."""
    if said is None:
        return EntryFilter()
    codes = insurer_codes(info, said.insurers)
    return EntryFilter(
        insurers=None if codes is None else frozenset(codes),
        statuses=_set(said.statuses),
        blockers=_set(said.blockers),
        due_from=said.due_from,
        due_until=said.due_until,
        listed=said.in_list,
        branch=said.branch,
        assignee=_known(info, said.assignee_id, "Agent"),
        unassigned=said.unassigned,
        change_from=said.premium_change_from,
        change_until=said.premium_change_until,
        person=_person(info, said.customer_id, agency),
        search=(said.search or "").strip() or None,
        gone=said.vanished,
    )


def _set(values: Sequence[T] | None) -> frozenset[T] | None:
    return None if values is None else frozenset(values)


def _known(info: Info, id_: strawberry.ID | None, type_: str) -> str | None:
    if id_ is None:
        return None
    parts = info.context.ids.parts(id_, type_)
    return parts[-1] if parts else NOBODY


def _person(info: Info, id_: strawberry.ID | None, agency: str) -> str | None:
    if id_ is None:
        return None
    parts = info.context.ids.parts(id_, "BookCustomer")
    return parts[1] if parts and parts[0] == agency else NOBODY
