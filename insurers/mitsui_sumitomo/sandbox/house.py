"""Everything this insurer remembers while its sandbox runs."""

import re
import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from aiohttp import web

from insurers.sandbox import World

from . import book, records
from .accounts import Account, Accounts
from .enrolment import Enrolment
from .sessions import Sessions
from .visit import Visit


@dataclass
class Halfway:
    """Somebody who has typed a user ID and not yet a password."""

    user_id: str


@dataclass
class Member:
    """Somebody who is logged in."""

    account: Account


PortalVisitor: TypeAlias = Enrolment | Halfway | Member


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
        self.rebuild()

    def rebuild(self) -> None:
        """Forget everything but the personas; their dates count from now."""
        self.book = book.opened(self.clock())
        self.accounts = Accounts(self.clock)
        self.enrolments: dict[str, Enrolment] = {}
        self.tickets: dict[str, Ticket] = {}
        # By contract: a film needs no cookie, so nobody must be able to guess its address.
        self.film_keys: defaultdict[str, str] = defaultdict(lambda: secrets.token_urlsafe(12))
        self.portal: Sessions[PortalVisitor] = Sessions(self.clock, cookie="PSESSIONID", path="/portal")
        self.eg1: Sessions[Visit] = Sessions(self.clock, cookie="EG1SESSIONID", path="/eg1")
        for persona in self.book.personas.values():
            if persona.toroku_zumi:
                known = persona.toroku_zumi
                account = Account(persona.code, known.user_id, True, re.sub(r"\D", "", known.keitai_bango))
                account.set_password(known.password)
                self.accounts.keep(account)

    def admit(self, account: Account) -> None:
        """Let an account in; whoever was inside by the one that it replaces is out."""
        replaced = self.accounts.keep(account)
        self.portal.dismiss(lambda visitor: isinstance(visitor, Member) and visitor.account is replaced)
        self.eg1.dismiss(lambda visit: visit.account is replaced)

    def agency(self) -> dict[str, object]:
        return records.agency(self.book.agency)


HOUSE: web.AppKey[House] = web.AppKey("house", House)
