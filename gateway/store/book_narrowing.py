"""What narrows a book, as conditions on its rows."""

from gateway.store import book_tables as tables
from gateway.store.book_asking import Part, among
from gateway.store.book_bounds import can_stand, number
from gateway.store.book_window import Window
from insurers.agency import Agent
from insurers.book import CLOSED_ENTRIES, Blocker, EntryFilter, EntryStatus

# Spelled as the conditions of the partial indexes are, which serve only questions that say the very same.
PRESENT = Part(tables.PRESENT.text)
GONE = Part(tables.GONE.text)
CHANGING = Part(tables.CHANGING.text)
SERIAL = Part(tables.SERIAL.text)
ASSIGNED = Part(tables.ASSIGNED.text)
STIRRED = Part(tables.STIRRED.text)


def visible(agent: Agent, of: str = "") -> list[Part]:
    """Say which entries an agent may see at all. Nothing is read for an agent without this; *of* names the table."""
    mine = [Part(f"{of}agency = ?", (agent.agency,))]
    return mine if agent.sees_all else [*mine, Part(f"{of}branch = ?", (agent.branch,))]


def narrowed(filter_: EntryFilter) -> list[Part]:
    conditions: list[Part] = []
    if filter_.insurers is not None:
        conditions.append(among("insurer", filter_.insurers))
    if (wanted := statuses(filter_)) is not None:
        conditions.append(of_statuses(wanted))
    if filter_.blockers is not None:
        conditions.append(of_blockers(filter_.blockers))
    if filter_.branch is not None:
        conditions.append(spelled("branch", filter_.branch))
    if filter_.assignee is not None:
        conditions.append(spelled("assignee", filter_.assignee))
    if filter_.unassigned:
        conditions.append(Part("assignee IS NULL"))
    if filter_.person is not None:
        conditions.append(Part("person = ?", (_bytes(filter_.person),)))
    if filter_.gone and filter_.listed is not None:
        # Whose policy vanished is in no list of work.
        conditions.append(among("id", ()))
    return [*conditions, *changing(filter_)]


def matured(window: Window) -> list[Part]:
    first = [] if window.first is None else [Part("due >= ?", (window.first,))]
    last = [] if window.last is None else [Part("due <= ?", (window.last,))]
    return [*first, *last]


def changing(filter_: EntryFilter) -> list[Part]:
    from_ = [] if filter_.change_from is None else [Part("change >= ?", (number(filter_.change_from.amount),))]
    until = [] if filter_.change_until is None else [Part("change <= ?", (number(filter_.change_until.amount),))]
    return [*from_, *until]


def spelled(column: str, text: str) -> Part:
    return among(column, (text,) if can_stand(text) else ())


def of_statuses(words: frozenset[EntryStatus]) -> Part:
    return among("status", sorted(tables.STATUSES.codes[word] for word in words))


def of_blockers(words: frozenset[Blocker]) -> Part:
    return among("blocker", sorted(tables.BLOCKERS.codes[word] for word in words))


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
