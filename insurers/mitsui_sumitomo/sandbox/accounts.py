"""User IDs, temporary passwords and easy-login tokens (WIRE.md §4)."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from insurers.sandbox import Clock

from . import names
from .attempts import Attempts
from .passwords import NOBODYS, Hashed
from .problems import Refusal

MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def mail_address(text: str) -> str:
    """
    Raises:
        Refusal: `mail-address-malformed`, also for full-width letters.
    """
    if not MAIL_ADDRESS.fullmatch(text):
        raise Refusal("mail-address-malformed")
    return text.lower()


def masked(address: str) -> str:
    local, domain = address.split("@")
    return f"{local[0]}***@{domain}"


@dataclass
class Account:
    """One that LINE registered has neither user ID nor password (MS-LIN-04)."""

    holder_code: str
    user_id: str | None
    wants_mail: bool
    mobile: str | None = None
    password: Hashed | None = field(default=None, repr=False)
    last_login_at: datetime | None = None
    last_eg1_login_at: datetime | None = None
    line_user_id: str | None = None
    linked_at: datetime | None = None
    tokens: set[str] = field(default_factory=set, repr=False)

    def issue_token(self) -> str:
        token = secrets.token_urlsafe(32)
        self.tokens.add(_token_digest(token))
        return token


@dataclass(frozen=True)
class Temporary:
    """A temporary password that went out by mail (MS-REG-23)."""

    holder_code: str
    user_id: str
    password: Hashed = field(repr=False)
    dies_at: datetime


class Accounts:
    """Every account of the portal, one for a person at most."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_holder: dict[str, Account] = {}
        self._temporary: dict[str, Temporary] = {}
        self.attempts = Attempts(clock, code="account-locked")

    def find(self, user_id: str) -> Account | None:
        """By e-mail address or by mobile number, however it is written (MS-LOG-03)."""
        wanted = user_id.lower()
        mobile = None if "@" in user_id else names.number(user_id)
        for account in self._by_holder.values():
            if account.user_id == wanted or (mobile and account.mobile == mobile):
                return account
        return None

    def refuse_taken(self, user_id: str, holder_code: str) -> None:
        """
        Raises:
            Refusal: `user-id-taken`, when it is somebody else's.
        """
        holder = self.find(user_id)
        if holder and holder.holder_code != holder_code:
            raise Refusal("user-id-taken")

    def by_token(self, token: str) -> Account | None:
        wanted = _token_digest(token)
        return next((account for account in self._by_holder.values() if wanted in account.tokens), None)

    def end_token(self, token: str) -> None:
        for account in self._by_holder.values():
            account.tokens.discard(_token_digest(token))

    def keep(self, account: Account) -> Account | None:
        """Take an account in, and answer the one that it replaces."""
        replaced = self._by_holder.get(account.holder_code)
        self._by_holder[account.holder_code] = account
        self._temporary = {
            user_id: waiting
            for user_id, waiting in self._temporary.items()
            if waiting.holder_code != account.holder_code
        }
        self.attempts.forgive(account.holder_code)
        return replaced

    def await_change(self, temporary: Temporary) -> None:
        self._temporary[temporary.user_id] = temporary

    def awaits_change(self, temporary: Temporary) -> bool:
        return temporary in self._temporary.values()

    def link(self, account: Account, line_user_id: str, at: datetime) -> None:
        """One person's LINE stands for one account."""
        for other in self._by_holder.values():
            if other.line_user_id == line_user_id:
                other.line_user_id = other.linked_at = None
        account.line_user_id, account.linked_at = line_user_id, at

    def check(self, user_id: str, password: str) -> Account | Temporary:
        """
        Whoever this is, or whoever has still to change a temporary password.

        An unknown user ID is counted, locked and worked at like a known one.

        Raises:
            Refusal: `login-failed`, `temporary-password-expired` or `account-locked`.
        """
        account, temporary = self.find(user_id), self._temporary.get(user_id.lower())
        name = account.holder_code if account else f"?{user_id.lower()}"
        self.attempts.refuse_locked(name)
        fits = ((account and account.password) or NOBODYS).fits(password)
        fits_for_now = (temporary.password if temporary else NOBODYS).fits(password)
        if account and fits:
            self.attempts.forgive(name)
            return account
        if temporary and fits_for_now:
            if self._clock() >= temporary.dies_at:
                raise Refusal("temporary-password-expired")
            self.attempts.forgive(name)
            return temporary
        self.attempts.left_after_wrong(name)
        raise Refusal("login-failed")


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
