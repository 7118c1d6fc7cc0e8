"""Everything this insurer remembers while its sandbox runs."""

import asyncio
import logging
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import aiosmtplib
from aiohttp import web

from insurers.sandbox import Accepted, Letter, World

from . import book, names, records
from .accounts import Account, Accounts, Temporary
from .attempts import Attempts
from .enrolment import Enrolment, Invited
from .maturities import Maturities
from .messenger import Chat, LineEnrolment
from .passwords import public
from .sessions import Sessions
from .times import Pause
from .visit import Visit

log = logging.getLogger(__name__)


@dataclass
class Halfway:
    """Somebody who has typed a user ID and not yet a password."""

    user_id: str


@dataclass
class Member:
    """Somebody who is logged in."""

    account: Account


@dataclass
class Changing:
    """Somebody who came in by a temporary password, and has to change it (MS-REG-23)."""

    temporary: Temporary


PortalVisitor: TypeAlias = Enrolment | Halfway | Changing | Member


@dataclass
class Newcomer:
    """Somebody without a card, to whom a temporary password is to go (MS-REG-23)."""

    holder_code: str
    mail_address: str
    created_at: datetime
    sent: bool = False


@dataclass(frozen=True)
class Ticket:
    """The hand-off from the portal to e-G1: good once, for a short while."""

    account: Account
    contract_number: str
    dies_at: datetime


class House:
    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = world.clock
        self._errands: set[asyncio.Task[None]] = set()
        self.rebuild()

    def rebuild(self) -> None:
        """Forget everything but the personas; their dates count from now."""
        self.book = book.opened(self.clock())
        self.accounts = Accounts(self.clock)
        self.code_attempts = Attempts(self.clock, code="code-locked")
        self.chat = Chat(self.clock, self.accounts)
        self.enrolments: dict[str, Invited] = {}
        self.newcomers: dict[str, Newcomer] = {}
        self.line_enrolments: dict[str, LineEnrolment] = {}
        self.tickets: dict[str, Ticket] = {}
        # By contract: a film needs no cookie, so nobody must be able to guess its address.
        self.film_keys: defaultdict[str, str] = defaultdict(lambda: secrets.token_urlsafe(12))
        self.portal: Sessions[PortalVisitor] = Sessions(self.clock, cookie="PSESSIONID", path="/portal")
        self.eg1: Sessions[Visit] = Sessions(self.clock, cookie="EG1SESSIONID", path="/eg1")
        self.residents = 0
        self.maturities = Maturities(self)
        self.pause: Pause | None = None
        self._dead_mailboxes: set[str] = set()
        for persona in self.book.personas.values():
            if known := persona.toroku_zumi:
                self.accounts.keep(
                    Account(
                        persona.code,
                        known.user_id,
                        True,
                        names.number(known.keitai_bango),
                        public(known.password),
                    )
                )
                if persona.mail_futatsu:
                    self._dead_mailboxes.add(known.user_id)
            if persona.hajime_lock:
                self.accounts.attempts.lock(persona.code)

    def admit(self, account: Account) -> None:
        """Let an account in; whoever was inside by the one that it replaces is out."""
        replaced = self.accounts.keep(account)
        self.portal.dismiss(lambda visitor: isinstance(visitor, Member) and visitor.account is replaced)
        self.eg1.dismiss(lambda visit: visit.account is replaced)
        if replaced:
            self.chat.forget(replaced)

    async def post(self, letter: Letter) -> None:
        """Nothing tells whether anybody reads a mailbox: to a dead one, a mail is simply lost (MS-RST-02)."""
        if letter.to not in self._dead_mailboxes:
            await self.world.postman.deliver(letter)

    def post_later(self, letter: Letter) -> None:
        """After the answer, which so takes no longer for a mail that goes out."""
        errand = asyncio.create_task(self._run(letter))
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def finish_errands(self, _: web.Application) -> None:
        await asyncio.gather(*self._errands)

    async def _run(self, letter: Letter) -> None:
        try:
            await self.post(letter)
        except (OSError, aiosmtplib.SMTPException):
            log.warning("a mail could not be posted")

    def accepted(self) -> Sequence[Accepted]:
        return tuple(self.book.ledger)

    def populate(self, customers: int) -> None:
        self.maturities.populate(customers)

    def agency(self) -> dict[str, object]:
        return records.agency(self.book.agency)


HOUSE: web.AppKey[House] = web.AppKey("house", House)
