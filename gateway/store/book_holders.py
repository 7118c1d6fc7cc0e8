"""The holders of a book: whose policies they are, each once, in the order of their readings."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Select, func, select, tuple_

from gateway.store import book_tables as tables
from gateway.store.book_access import by
from gateway.store.book_gathering import Access, searched
from gateway.store.book_narrowing import row as entry
from gateway.store.book_narrowing import visible
from gateway.store.book_paging import BookPaging
from gateway.vault import Unsealable
from insurers.agency import Agent
from insurers.book import Entry

CURSOR_VERSION = 1

# Of one holder more entries than these are not read at once.
MOST_ENTRIES = 100

_Place = tuple[bytes, bytes]

_other = tables.book_entries.alias("other")


class BookHolders(BookPaging):
    async def holders(
        self, agent: Agent, search: str | None, *, first: int, after: str | None
    ) -> list[tuple[str, str]]:
        """Answer up to *first* persons behind the cursor *after*, each with its cursor."""
        about = f"holder cursor {CURSOR_VERSION}:{agent.agency}"
        if search is not None:
            asked = _found(agent, searched(await self.found(agent.agency, search), agent.agency))
        elif await self.is_small(agent):
            asked = _found(agent, Access((tables.PRESENT,), tables.BY_BRANCH))
        else:
            asked = _walked(agent)
        if (start := self._behind(after, about)) is not None:
            asked = asked.where(tuple_(*asked.selected_columns) > start)
        found = await self._connection.execute(asked.limit(first))
        seal = self._transaction.keyring.ticket
        return [(person.hex(), seal(msgspec.msgpack.encode((kana, person)), about)) for kana, person in found]

    async def of(self, agent: Agent, persons: Collection[str]) -> dict[str, list[Entry]]:
        """Answer the entries of these persons, soonest first."""
        wanted = {bytes.fromhex(person) for person in persons if _is_hex(person)}
        asked = select(entry.id).where(tables.PRESENT, *visible(agent), entry.person.in_(wanted))
        ids = (await self._connection.scalars(by(asked, tables.BY_PERSON))).all()
        found: dict[str, list[Entry]] = {}
        for one in sorted(await self._entries(ids), key=lambda one: (one.record.ends_at, int(one.id))):
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


def _walked(agent: Agent) -> Select[Any]:
    """Answer readings and persons in order. A person whom insurers read in several ways stands at the first of them."""
    theirs = select(_other.c.id).where(_other.c.gone_at.is_(None), *visible(agent, _other))
    earlier = theirs.where(_other.c.person == entry.person, _other.c.kana < entry.kana)
    first = ~by(earlier, tables.BY_PERSON, _other).correlate(tables.book_entries).exists()
    asked = by(select(entry.kana, entry.person).where(tables.PRESENT, *visible(agent), first), tables.BY_KANA)
    return asked.distinct().order_by(entry.kana, entry.person)


def _found(agent: Agent, access: Access) -> Select[Any]:
    """Answer the same of persons of whom any entry is gathered so, whichever they stand at."""
    fitting = by(select(entry.person).where(*access.conditions, *visible(agent)), access.index)
    first = select(func.min(_other.c.kana).label("kana"), _other.c.person).where(
        _other.c.gone_at.is_(None), *visible(agent, _other), _other.c.person.in_(fitting)
    )
    persons = by(first, tables.BY_PERSON, _other).group_by(_other.c.person).subquery()
    return select(persons.c.kana, persons.c.person).order_by(persons.c.kana, persons.c.person)


def _is_hex(text: str) -> bool:
    return len(text) % 2 == 0 and all(letter in "0123456789abcdef" for letter in text)
