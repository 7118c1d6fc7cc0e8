"""What LINE brings: one-time strings, sent as they are in the chat (MS-LIN-02, MS-LIN-03)."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from insurers.sandbox import Clock

from .accounts import Account, Accounts
from .enrolment import FORM_LIVES
from .problems import Refusal
from .times import whole_second

# No leaflet states it; WIRE.md §3.13 invents it.
STRING_LIVES = timedelta(minutes=30)
STRING_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
STRING_LENGTH = 12

LINKED = "連携が完了しました。次回から簡単ログインをご利用いただけます。"
NOT_LINKED = "連携できませんでした。お手数ですが、もう一度最初からお手続きをお願いします。"


@dataclass
class LinkingString:
    text: str = field(repr=False)
    dies_at: datetime
    account: Account | None = None
    sent_by: str | None = None
    came_at: datetime | None = None


@dataclass
class LineEnrolment:
    """Somebody unregistered, on the way in by LINE."""

    holder_code: str
    created_at: datetime
    string: LinkingString | None = None

    def alive(self, now: datetime) -> bool:
        return self.string is not None or now - self.created_at < FORM_LIVES

    def came(self, now: datetime) -> tuple[str, datetime]:
        """
        Answer who sent the string, and when.

        Raises:
            Refusal: nobody has, yet or any more.
        """
        if self.string is None:
            raise Refusal("out-of-order", tejun="KAKUTEI")
        if self.string.sent_by and self.string.came_at:
            return self.string.sent_by, self.string.came_at
        raise Refusal("line-not-linked" if now < self.string.dies_at else "line-code-expired")


class Chat:
    def __init__(self, clock: Clock, accounts: Accounts) -> None:
        self._clock, self._accounts = clock, accounts
        self._strings: dict[str, LinkingString] = {}

    def issue(self, account: Account | None = None) -> LinkingString:
        """A string for an account voids the one before."""
        if account:
            self.forget(account)
        text = "".join(secrets.choice(STRING_LETTERS) for _ in range(STRING_LENGTH))
        self._strings[text] = LinkingString(text, whole_second(self._clock()) + STRING_LIVES, account)
        return self._strings[text]

    def forget(self, account: Account) -> None:
        self._strings = {text: string for text, string in self._strings.items() if string.account is not account}

    def waits_for(self, account: Account) -> bool:
        now = self._clock()
        return any(
            string.account is account and string.sent_by is None and now < string.dies_at
            for string in self._strings.values()
        )

    def hear(self, line_user_id: str, text: str) -> str:
        """Answer what the chat answers; what is used, unknown or too old links nobody."""
        now, string = self._clock(), self._strings.get(text)
        if string is None or string.sent_by or now >= string.dies_at:
            return NOT_LINKED
        string.sent_by, string.came_at = line_user_id, now
        if string.account:
            self._accounts.link(string.account, line_user_id, now)
        return LINKED
