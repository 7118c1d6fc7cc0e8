"""Registrations under way (WIRE.md §3)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.persons import Person
from insurers.sompo.sandbox.replies import Refusal

RECEPTION_LIFE = timedelta(minutes=60)
LINK_LIFE = timedelta(hours=24)
MISMATCHES = 5
PASSWORD_ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """What was entered on the input screen."""

    mail: str
    password: str = field(repr=False)
    person: Person
    contracts: tuple[str, ...]
    wants_maturity_mail: bool


@dataclass(kw_only=True)
class Reception:
    """From agreement to provisional registration (仮登録)."""

    number: str
    dies_at: datetime
    applicant: Applicant | None = None
    mismatches: int = 0


@dataclass(kw_only=True)
class Link:
    """The mailed link (本登録)."""

    applicant: Applicant
    dies_at: datetime
    attempts_left: int = PASSWORD_ATTEMPTS
    used: bool = False
    superseded: bool = False


@dataclass
class Receptions:
    """Open receptions, and the links that went out."""

    now: Callable[[], datetime]
    draws: Draws
    _open: dict[str, Reception] = field(default_factory=dict)
    _links: dict[str, Link] = field(default_factory=dict)

    def begin(self) -> Reception:
        reception = Reception(number=self.draws.key(), dies_at=self.now() + RECEPTION_LIFE)
        self._open[reception.number] = reception
        return reception

    def find(self, number: str) -> Reception:
        """
        Raises:
            Refusal: 13, unknown, finished or too old.
        """
        reception = self._open.get(number)
        if reception is None or self.now() >= reception.dies_at:
            raise Refusal("13")
        return reception

    def mismatched(self, reception: Reception) -> Refusal:
        """Count a mismatch, and answer how to say it."""
        reception.mismatches += 1
        if reception.mismatches < MISMATCHES:
            return Refusal("22")
        del self._open[reception.number]
        return Refusal("26")

    def finish(self, reception: Reception, applicant: Applicant) -> tuple[str, Link]:
        """Turn a reception into a link, which is the only living one of its address."""
        del self._open[reception.number]
        for older in self._links.values():
            if older.applicant.mail.lower() == applicant.mail.lower():
                older.superseded = True
        key = self.draws.key()
        self._links[key] = Link(applicant=applicant, dies_at=self.now() + LINK_LIFE)
        return key, self._links[key]

    def link(self, key: str) -> Link:
        """
        Raises:
            Refusal: 31, unknown; 35, used; 32, dead; 34, too many wrong passwords.
        """
        link = self._links.get(key)
        if link is None:
            raise Refusal("31")
        if link.used:
            raise Refusal("35")
        if link.superseded or self.now() >= link.dies_at:
            raise Refusal("32")
        if not link.attempts_left:
            raise Refusal("34")
        return link
