"""The holders of a book: whose policies they are, each once, in the order of their readings."""

from collections.abc import Collection, Sequence

import msgspec
from msgspec import Struct

from gateway.store import book_tables as tables
from gateway.store.book_asking import Part, answered, by, one_of, question
from gateway.store.book_gathering import Access, searched
from gateway.store.book_narrowing import PRESENT, visible
from gateway.store.book_opening import SHOWN, entries
from gateway.store.book_paging import BookPaging
from gateway.vault import Unsealable
from insurers.agency import Agent
from insurers.book import Entry
from insurers.page import PageCursors

CURSOR_VERSION = 1

# Of one holder more entries than these are not read at once.
MOST_ENTRIES = 100

_Place = tuple[bytes, bytes]

_PRESENT = Part("entry.gone_at IS NULL")
_OTHER_PRESENT = Part("other.gone_at IS NULL")


class Persons(Struct, frozen=True):
    """Persons with their cursors; they go on behind a cursor, or begin at the beginning."""

    found: Sequence[str]
    cursors: PageCursors
    goes_on: bool


class BookHolders(BookPaging):
    async def holders(self, agent: Agent, search: str | None, *, first: int, after: str | None) -> Persons:
        """Answer up to *first* persons behind the cursor *after*, or from the beginning where it is none."""
        about = f"holder cursor {CURSOR_VERSION}:{agent.agency}"
        start = self._behind(after, about)
        if search is not None:
            asked = _found(agent, searched(await self.found(agent.agency, search), agent.agency), start)
        elif await self.is_small(agent):
            asked = _found(agent, Access((PRESENT,), tables.BY_BRANCH), start)
        else:
            asked = _walked(agent, start)
        ordered = Part(f"{asked.text} ORDER BY kana, person LIMIT {first}", asked.values)
        rows = await answered(self._connection, ordered)
        seal = self._transaction.keyring.ticket
        cursors = PageCursors(len(rows), lambda at: seal(msgspec.msgpack.encode(tuple(rows[at])), about))
        return Persons([person.hex() for _, person in rows], cursors, goes_on=start is not None)

    async def of(self, agent: Agent, persons: Collection[str]) -> dict[str, list[Entry]]:
        """Answer the entries of these persons, soonest first."""
        wanted = {bytes.fromhex(person) for person in persons if _is_hex(person)}
        theirs = [_PRESENT, *visible(agent, "entry."), one_of("entry.person", wanted), Part("known.id = entry.id")]
        rows = await self._answered(question(SHOWN, entries(tables.BY_PERSON), theirs))
        found: dict[str, list[Entry]] = {}
        for one in sorted(await self._entries(rows), key=lambda one: (one.record.ends_at, int(one.id))):
            found.setdefault(one.person, []).append(one)
        return found

    def _behind(self, after: str | None, about: str) -> _Place | None:
        if after is None:
            return None
        try:
            place: _Place = msgspec.msgpack.decode(self._transaction.keyring.redeem(after, about), type=_Place)
        except (Unsealable, UnicodeEncodeError):
            return None
        return place


def _walked(agent: Agent, start: _Place | None) -> Part:
    """Ask for readings and persons. A person whom insurers read in several ways stands at the first of them."""
    theirs = [_OTHER_PRESENT, *visible(agent, "other.")]
    earlier = [Part("other.person = book_entries.person"), Part("other.kana < book_entries.kana")]
    before = question("1", by(tables.BY_PERSON, "other"), [*theirs, *earlier])
    first = Part(f"NOT EXISTS ({before.text})", before.values)
    return question("DISTINCT kana, person", by(tables.BY_KANA), [PRESENT, *visible(agent), first, *_after(start)])


def _found(agent: Agent, access: Access, start: _Place | None) -> Part:
    """Ask for the same of persons of whom any entry is gathered so, whichever they stand at."""
    fitting = question("person", by(access.index), [*access.conditions, *visible(agent)])
    them = Part(f"other.person IN ({fitting.text})", fitting.values)
    theirs = [_OTHER_PRESENT, *visible(agent, "other."), them]
    persons = question(
        "min(other.kana) AS kana, other.person", by(tables.BY_PERSON, "other"), theirs, " GROUP BY other.person"
    )
    return question("kana, person", Part(f"({persons.text}) AS persons", persons.values), _after(start))


def _after(start: _Place | None) -> list[Part]:
    return [] if start is None else [Part("(kana, person) > (?, ?)", start)]


def _is_hex(text: str) -> bool:
    return len(text) % 2 == 0 and all(letter in "0123456789abcdef" for letter in text)
