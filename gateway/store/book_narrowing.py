"""What narrows a book, as conditions on its rows."""

from typing import TypeAlias

from sqlalchemy import ColumnElement, FromClause, TextClause

from gateway.store import book_tables as tables
from gateway.store.book_bounds import can_stand, number
from gateway.store.book_window import Window
from insurers.agency import Agent
from insurers.book import CLOSED_ENTRIES, Blocker, EntryFilter, EntryStatus

Condition: TypeAlias = ColumnElement[bool] | TextClause

row = tables.book_entries.c


def visible(agent: Agent, entries: FromClause = tables.book_entries) -> list[Condition]:
    """Say which entries an agent may see at all. Nothing is read for an agent without this."""
    mine: list[Condition] = [entries.c.agency == agent.agency]
    return mine if agent.sees_all else [*mine, entries.c.branch == agent.branch]


def narrowed(filter_: EntryFilter) -> list[Condition]:
    conditions: list[Condition] = []
    if filter_.insurers is not None:
        conditions.append(row.insurer.in_(filter_.insurers))
    if (wanted := statuses(filter_)) is not None:
        conditions.append(row.status.in_(wanted))
    if filter_.blockers is not None:
        conditions.append(row.blocker.in_(filter_.blockers))
    if filter_.branch is not None:
        conditions.append(spelled(row.branch, filter_.branch))
    if filter_.assignee is not None:
        conditions.append(spelled(row.assignee, filter_.assignee))
    if filter_.unassigned:
        conditions.append(row.assignee.is_(None))
    if filter_.person is not None:
        conditions.append(row.person == _bytes(filter_.person))
    return [*conditions, *changing(filter_)]


def matured(window: Window) -> list[Condition]:
    first = [] if window.first is None else [row.due >= window.first]
    last = [] if window.last is None else [row.due <= window.last]
    return [*first, *last]


def changing(filter_: EntryFilter) -> list[Condition]:
    from_ = [] if filter_.change_from is None else [row.change >= number(filter_.change_from.amount)]
    until = [] if filter_.change_until is None else [row.change <= number(filter_.change_until.amount)]
    return [*from_, *until]


def spelled(column: ColumnElement[str | None], text: str) -> ColumnElement[bool]:
    # Not `false()`, which would take all other conditions away, and with them the index.
    return column == text if can_stand(text) else column.in_(())


def statuses(filter_: EntryFilter) -> frozenset[EntryStatus] | None:
    """Answer the statuses that are wanted; the lists of work have none that is closed."""
    if filter_.listed is None:
        return filter_.statuses
    return (frozenset(EntryStatus) if filter_.statuses is None else filter_.statuses) - CLOSED_ENTRIES


def is_stirred(filter_: EntryFilter) -> bool:
    """Whether those are not wanted of whom nothing is known but their feed."""
    wanted = statuses(filter_)
    begun = wanted is not None and EntryStatus.NOT_STARTED not in wanted
    return begun or (filter_.blockers is not None and Blocker.NOT_LINKED not in filter_.blockers)


def _bytes(person: str) -> bytes:
    try:
        return bytes.fromhex(person)
    except ValueError:
        return b""
