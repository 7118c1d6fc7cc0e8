"""Everything that this insurer remembers, in one place."""

from collections.abc import Mapping

from aiohttp import web

from insurers.sandbox import World
from insurers.sompo.sandbox import papers, personas
from insurers.sompo.sandbox.book import Book
from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.members import Member, Members, Session
from insurers.sompo.sandbox.papers import Paper
from insurers.sompo.sandbox.quotes import Quotes
from insurers.sompo.sandbox.receptions import Receptions
from insurers.sompo.sandbox.replies import Refusal


class Office:
    """The memory of one sandbox. `reopen` begins it anew, with every persona in place."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reopen()

    def reopen(self) -> None:
        now = self.world.clock
        self.draws = Draws()
        self.book = Book(now, self.draws)
        self.members = Members(now, self.draws)
        self.receptions = Receptions(now, self.draws)
        self.quotes = Quotes(now, self.draws)
        # How often 重要事項等説明書 has been revised.
        self.revision = 0
        personas.arrive(self.book, self.members, now())

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


OFFICE: web.AppKey[Office] = web.AppKey("office", Office)


def of(request: web.Request) -> Office:
    return request.app[OFFICE]
