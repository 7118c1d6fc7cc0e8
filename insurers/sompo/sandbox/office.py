"""Everything that this insurer remembers, in one place."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress

import aiosmtplib
from aiohttp import web

from insurers.sandbox import Accepted, World
from insurers.sompo.sandbox import papers, personas
from insurers.sompo.sandbox.agencies import Agencies
from insurers.sompo.sandbox.book import Book
from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.listing import Cursors
from insurers.sompo.sandbox.members import Member, Members, Session
from insurers.sompo.sandbox.papers import Paper
from insurers.sompo.sandbox.quotes import Quotes
from insurers.sompo.sandbox.receptions import Receptions
from insurers.sompo.sandbox.replies import Refusal
from insurers.sompo.sandbox.resets import Resets


class Office:
    """The memory of one sandbox. `reopen` begins it anew, with every persona in place."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._errands: set[asyncio.Task[None]] = set()
        self.reopen()

    def reopen(self) -> None:
        now = self.world.clock
        self.draws = Draws()
        self.book = Book(now, self.draws)
        self.members = Members(now, self.draws)
        self.receptions = Receptions(now, self.draws)
        self.resets = Resets(now, self.draws)
        self.quotes = Quotes(now, self.draws)
        self.agencies = Agencies(now, self.world.seed)
        self.cursors = Cursors()
        # How often 重要事項等説明書 has been revised.
        self.revision = 0
        # How many have moved in beside the personas.
        self.residents = 0
        # Every application that was taken, in order.
        self.ledger: list[Accepted] = []
        personas.arrive(self.book, self.members, now())

    def tell_ledger(self) -> Sequence[Accepted]:
        self.book.finish_work()
        return tuple(self.ledger)

    def fill_agencies(self, policies: int) -> None:
        """Let the agencies have so many generated contracts together, as on the first morning."""
        self.agencies.fill(policies)

    def send_later(self, mail: Coroutine[None, None, None]) -> None:
        """Send *mail* behind the answer. Whether it can be delivered is not told to whoever asked."""
        errand = asyncio.create_task(_try(mail))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def close(self) -> None:
        await asyncio.gather(*self._errands)

    def session(self, line: Mapping[str, str]) -> Session:
        return self.members.session(line.get("KAIIN_TOKEN", ""))

    def account(self, member: Member) -> dict[str, Contract]:
        return self.book.account(member.contracts)

    def own(self, member: Member, number: str) -> Contract:
        """
        Raises:
            Refusal: 65, unknown and somebody else's alike.
        """
        contract = self.account(member).get(number)
        if contract is None:
            raise Refusal("65")
        return contract

    def important_matters(self, contract: Contract) -> Paper:
        """Answer the edition in force for *contract*."""
        return papers.important_matters(self.revision + contract.extra_revisions)


async def _try(mail: Coroutine[None, None, None]) -> None:
    with suppress(OSError, aiosmtplib.SMTPException):
        await mail


OFFICE: web.AppKey[Office] = web.AppKey("office", Office)


def of(request: web.Request) -> Office:
    return request.app[OFFICE]
