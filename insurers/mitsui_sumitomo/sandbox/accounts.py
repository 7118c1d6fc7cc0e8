"""User IDs, passwords and easy-login tokens (WIRE.md §3.6, §4)."""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from insurers.sandbox import Clock

from .problems import Refusal
from .times import spell

# No leaflet states a lock; WIRE.md §4 invents one.
FAILURES_UNTIL_LOCKED = 5
LOCKED_FOR = timedelta(minutes=30)

# MS-PWD-01. The case clause is printed, and broken by the examples beside it (MS-PWD-02).
PRINTED_RULE = (
    "6文字以上、半角英数字・半角記号・数字・記号から2種類以上を組み合わせ、"
    "必ず大文字・小文字をそれぞれ1文字以上含む。例) abc123, SP@CN123, 7890123456 など"
)
SHORTEST_PASSWORD = 6
KINDS = (r"[A-Za-z]", r"[0-9]", r"[!-/:-@\[-`{-~]")
KINDS_WANTED = 2

MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def verdict(password: str) -> str | None:
    """What the insurer has against a password, in its own words, or `None`."""
    if not re.fullmatch(r"[!-~]+", password):
        return "パスワードは半角で入力してください。"
    if len(password) < SHORTEST_PASSWORD:
        return "パスワードは6文字以上で入力してください。"
    if sum(bool(re.search(kind, password)) for kind in KINDS) < KINDS_WANTED:
        return "パスワードは英字・数字・記号から2種類以上を組み合わせてください。"
    return None


def mail_address(text: str) -> str:
    """
    Raises:
        Refusal: `mail-address-malformed`, also for full-width letters.
    """
    if not MAIL_ADDRESS.fullmatch(text):
        raise Refusal("mail-address-malformed")
    return text.lower()


@dataclass
class Account:
    holder_code: str
    user_id: str
    wants_mail: bool
    mobile: str | None = None
    last_login_at: datetime | None = None
    last_eg1_login_at: datetime | None = None
    locked_until: datetime | None = None
    failures: int = 0
    salt: bytes = field(default=b"", repr=False)
    digest: bytes = field(default=b"", repr=False)
    tokens: set[str] = field(default_factory=set, repr=False)

    def set_password(self, password: str) -> None:
        self.salt = secrets.token_bytes(16)
        self.digest = _digest(password, self.salt)

    def knows(self, password: str) -> bool:
        return secrets.compare_digest(self.digest, _digest(password, self.salt))

    def issue_token(self) -> str:
        token = secrets.token_urlsafe(32)
        self.tokens.add(_token_digest(token))
        return token


class Accounts:
    """Every account of the portal, one for a person at most."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_holder: dict[str, Account] = {}

    def find(self, user_id: str) -> Account | None:
        """By e-mail address or by mobile number, however it is written (MS-LOG-03)."""
        wanted = user_id.lower()
        mobile = None if "@" in user_id else re.sub(r"\D", "", unicodedata.normalize("NFKC", user_id))
        for account in self._by_holder.values():
            if account.user_id == wanted or (mobile and account.mobile == mobile):
                return account
        return None

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
        return replaced

    def check(self, user_id: str, password: str) -> Account:
        """
        Raises:
            Refusal: `login-failed`, the same for an unknown user ID; `account-locked`.
        """
        account = self.find(user_id)
        if account is None:
            raise Refusal("login-failed")
        self.refuse_locked(account)
        if not account.knows(password):
            account.failures += 1
            if account.failures >= FAILURES_UNTIL_LOCKED:
                account.failures, account.locked_until = 0, self._clock() + LOCKED_FOR
            raise Refusal("login-failed")
        account.failures = 0
        return account

    def refuse_locked(self, account: Account) -> None:
        if account.locked_until and self._clock() < account.locked_until:
            raise Refusal("account-locked", kaijoNichiji=spell(account.locked_until))


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1)


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
