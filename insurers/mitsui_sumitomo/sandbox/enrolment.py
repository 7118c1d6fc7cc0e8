"""One registration on its way to an account: by a code, by link and keyword, or anew after a reset."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .problems import Refusal
from .times import whole_second

# MS-REG-04, MS-REG-17: to the second, from sending.
LINK_LIVES = timedelta(hours=48)

# MS-RST-03. The leaflet gives it to the keyword, and no life to the URL.
RESET_LIVES = timedelta(hours=24)

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


@dataclass(kw_only=True)
class Enrolment:
    """Somebody who has proved who it is, and chooses user ID and password (WIRE.md §3.6, §3.7)."""

    holder_code: str
    due: Due = Due.ID_PASSWORD
    by_code: bool = False
    mobile: str | None = None
    user_id: str = ""
    password: str = field(default="", repr=False)
    wants_mail: bool = False

    def expect(self, *due: Due) -> None:
        """
        Raises:
            Refusal: `out-of-order`, when another screen is due.
        """
        if self.due not in due:
            raise Refusal("out-of-order", tejun=self.due)

    def try_keyword(self, keyword: str, now: datetime) -> None:
        """
        Raises:
            Refusal: this way asks no keyword, or another one.
        """
        self.expect(Due.KEYWORD)


@dataclass(kw_only=True)
class Invited(Enrolment):
    """By link and keyword (MS-REG-01…06, 13…18)."""

    mail_address: str
    created_at: datetime
    keyword: str = field(repr=False)
    keyword_is_ours: bool
    due: Due = Due.SOSHIN
    lives: timedelta = LINK_LIVES
    sent_at: datetime | None = None
    link_code: str = field(default="", repr=False)
    screen_closed: bool = False
    opened: bool = False
    attempts_left: int = KEYWORD_ATTEMPTS

    def alive(self, now: datetime) -> bool:
        """A form waits for an hour to be sent; one that was sent lives as long as its link."""
        if self.sent_at is None:
            return now - self.created_at < FORM_LIVES
        return now - self.sent_at < self.lives

    def send(self, now: datetime) -> datetime:
        """Answer when the link dies."""
        self.sent_at, self.due = whole_second(now), Due.KEYWORD
        self.link_code = secrets.token_urlsafe(12)
        return self.sent_at + self.lives

    def unsend(self) -> None:
        self.sent_at, self.due, self.link_code = None, Due.SOSHIN, ""

    def open_link(self, now: datetime) -> None:
        """
        Raises:
            Refusal: the link was used, is too old, or the keyword screen still stands open.
        """
        if self.opened:
            raise Refusal("link-used")
        self.refuse_old(now)
        if not self.screen_closed:
            raise Refusal("keyword-screen-open")
        self.opened = True

    def refuse_old(self, now: datetime) -> None:
        if not self.alive(now):
            raise Refusal("link-expired")

    def try_keyword(self, keyword: str, now: datetime) -> None:
        self.expect(Due.KEYWORD)
        if self.attempts_left == 0:
            raise Refusal("keyword-locked")
        if secrets.compare_digest(keyword.encode(), self.keyword.encode()):
            self.due = Due.ID_PASSWORD
            return
        self.attempts_left -= 1
        if self.attempts_left == 0:
            raise Refusal("keyword-locked")
        raise Refusal("keyword-mismatch", nokoriKaisu=self.attempts_left)


@dataclass(kw_only=True)
class Reset(Invited):
    """Forgotten user ID or password (MS-RST-01…05): the keyword is ours, and dies of age."""

    keyword_is_ours: bool = True
    lives: timedelta = RESET_LIVES
    screen_closed: bool = True

    def refuse_old(self, now: datetime) -> None:
        if not self.alive(now):
            raise Refusal("keyword-expired")

    def try_keyword(self, keyword: str, now: datetime) -> None:
        self.expect(Due.KEYWORD)
        self.refuse_old(now)
        super().try_keyword(keyword, now)


def issued_keyword() -> str:
    """The insurer's own, as its leaflet shows one: ten digits."""
    return f"{secrets.randbelow(10**ISSUED_KEYWORD_DIGITS):0{ISSUED_KEYWORD_DIGITS}d}"


def chosen_keyword(keyword: str) -> str:
    if not KEYWORD.fullmatch(keyword):
        raise Refusal("keyword-malformed")
    return keyword
