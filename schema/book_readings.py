"""What an operation reads of the book: each thing once, and for all rows of a page together."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias, TypeVar

from insurers.agency import Agency, Agent, Mandate
from insurers.book import Entry, EntryChange, Note
from insurers.renewal import Renewal
from schema.agency_ports import FeedsOf
from schema.ports import Asker, Host
from schema.shared import Once

# An entry, how many of its lines are wanted, and behind which.
Wanted: TypeAlias = tuple[str, int, str | None]

T = TypeVar("T")
Lines: TypeAlias = tuple[Sequence[T], bool]


class BookReadings:
    """Everything that one operation has read of the asker's book. Whoever is no agent reads nothing."""

    def __init__(self, host: Host, asker: Asker | None) -> None:
        self._host = host
        self._asker = asker
        self._agent: Once[Agent | None] = Once()

    async def agent(self) -> Agent | None:
        """Answer the agent who asks; looked up once in an operation, and once for each event of a subscription."""
        return await self._agent.found(self._who)

    async def _who(self) -> Agent | None:
        return await self._host.agencies.agent(self._asker) if self._asker else None

    async def colleagues(self) -> Sequence[Agent]:
        agent = await self.agent()
        return await self._host.agencies.agents(agent) if agent else ()

    async def agencies(self, ids: list[str]) -> Sequence[Agency | None]:
        return [await self._host.agencies.agency(id_) for id_ in ids]

    async def by_id(self, ids: list[str]) -> Sequence[Agent | None]:
        found = {agent.id: agent for agent in await self.colleagues()}
        return [found.get(id_) for id_ in ids]

    async def feeds(self, keys: list[None]) -> Sequence[Sequence[FeedsOf]]:
        agent = await self.agent()
        found = await self._host.book.feeds(agent) if agent else ()
        # An insurer that the operator took away takes its feed out of sight until it comes back.
        known = [feed for feed in found if feed.insurer in self._host.manifests]
        return [known for _ in keys]

    async def entries(self, ids: list[str]) -> Sequence[Entry | None]:
        agent = await self.agent()
        found = await self._host.book.entries(agent, ids) if agent else {}
        return [self._shown(found.get(id_)) for id_ in ids]

    async def of_persons(self, persons: list[str]) -> Sequence[Sequence[Entry]]:
        agent = await self.agent()
        found = await self._host.book.of(agent, persons) if agent else {}
        return [[entry for entry in found.get(person, ()) if self._shown(entry)] for person in persons]

    async def mandates(self, customers: list[str]) -> Sequence[Mandate | None]:
        agent = await self.agent()
        found = await self._host.book.mandates(agent, customers) if agent else {}
        return [found.get(customer) for customer in customers]

    async def renewals(self, ids: list[str]) -> Sequence[Renewal | None]:
        agent = await self.agent()
        found = await self._host.book.renewals(agent, ids) if agent else {}
        return [found.get(id_) for id_ in ids]

    async def changes(self, wanted: list[Wanted]) -> Sequence[Lines[EntryChange]]:
        agent = await self.agent()
        return await _lines(wanted, partial(self._host.book.changes, agent)) if agent else [((), False) for _ in wanted]

    async def notes(self, wanted: list[Wanted]) -> Sequence[Lines[Note]]:
        agent = await self.agent()
        return await _lines(wanted, partial(self._host.book.notes, agent)) if agent else [((), False) for _ in wanted]

    def _shown(self, entry: Entry | None) -> Entry | None:
        return entry if entry is not None and entry.insurer in self._host.manifests else None


async def _lines(wanted: list[Wanted], ask: Callable[..., Awaitable[Mapping[str, Lines[T]]]]) -> Sequence[Lines[T]]:
    """Ask once for all entries of which the same is wanted: rows of one page want the same."""
    alike: defaultdict[tuple[int, str | None], list[str]] = defaultdict(list)
    for entry, first, before in wanted:
        alike[first, before].append(entry)
    found = {
        (first, before): await ask(entries, first=first, before=before) for (first, before), entries in alike.items()
    }
    return [found[first, before].get(entry, ((), False)) for entry, first, before in wanted]
