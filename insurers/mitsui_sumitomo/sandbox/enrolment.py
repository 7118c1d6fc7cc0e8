"""One registration by link and keyword, from the form to the account (MS-REG-01…06, 13…18)."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .problems import Refusal

# MS-REG-04, MS-REG-17: to the second, from sending.
LINK_LIVES = timedelta(hours=48)

# A form that is not sent within the life of a session is forgotten (WIRE.md §3.2).
FORM_LIVES = timedelta(minutes=60)

KEYWORD_ATTEMPTS = 5
KEYWORD = re.compile(r"[A-Za-z0-9]{4,20}")
ISSUED_KEYWORD_DIGITS = 10


class Due(StrEnum):
    """What this registration waits for."""

    SOSHIN = "SOSHIN"
    KEYWORD = "KEYWORD"
    ID_PASSWORD = "ID_PASSWORD"  # The insurer's name of a screen.
    KAKUNIN = "KAKUNIN"
    KANRYO = "KANRYO"


@dataclass
class Enrolment:
    holder_code: str
    mail_address: str
    created_at: datetime
    keyword: str = field(repr=False)
    keyword_is_ours: bool
    due: Due = Due.SOSHIN
    sent_at: datetime | None = None
    link_code: str = field(default="", repr=False)
    screen_closed: bool = False
    opened: bool = False
    attempts_left: int = KEYWORD_ATTEMPTS
    user_id: str = ""
    password: str = field(default="", repr=False)
    wants_mail: bool = False

    def alive(self, now: datetime) -> bool:
        """A form waits for an hour to be sent; one that was sent lives as long as its link."""
        if self.sent_at is None:
            return now - self.created_at < FORM_LIVES
        return now - self.sent_at < LINK_LIVES

    def expect(self, *due: Due) -> None:
        """
        Raises:
            Refusal: `out-of-order`, when another screen is due.
        """
        if self.due not in due:
            raise Refusal("out-of-order", tejun=self.due)

    def send(self, now: datetime) -> None:
        self.sent_at, self.due = now, Due.KEYWORD
        self.link_code = secrets.token_urlsafe(12)

    def unsend(self) -> None:
        self.sent_at, self.due, self.link_code = None, Due.SOSHIN, ""

    def open_link(self, now: datetime) -> None:
        """
        Raises:
            Refusal: the link was used, is too old, or the keyword screen still stands open.
        """
        if self.opened:
            raise Refusal("link-used")
        if not self.alive(now):
            raise Refusal("link-expired")
        if not self.screen_closed:
            raise Refusal("keyword-screen-open")
        self.opened = True

    def try_keyword(self, keyword: str) -> None:
        if self.attempts_left == 0:
            raise Refusal("keyword-locked")
        if secrets.compare_digest(keyword.encode(), self.keyword.encode()):
            self.due = Due.ID_PASSWORD
            return
        self.attempts_left -= 1
        if self.attempts_left == 0:
            raise Refusal("keyword-locked")
        raise Refusal("keyword-mismatch", nokoriKaisu=self.attempts_left)


def issued_keyword() -> str:
    """The insurer's own, as its leaflet shows one: ten digits."""
    return f"{secrets.randbelow(10**ISSUED_KEYWORD_DIGITS):0{ISSUED_KEYWORD_DIGITS}d}"


def chosen_keyword(keyword: str) -> str:
    if not KEYWORD.fullmatch(keyword):
        raise Refusal("keyword-malformed")
    return keyword
