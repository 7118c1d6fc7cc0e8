"""Members of マイページ, their devices, passcodes and sessions (WIRE.md §4)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from insurers.sompo.sandbox.dates import stamp
from insurers.sompo.sandbox.devices import Devices
from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.patience import Patience
from insurers.sompo.sandbox.persons import Person
from insurers.sompo.sandbox.replies import Refusal

if TYPE_CHECKING:
    from insurers.sompo.sandbox.procedures import Procedure

SESSION_IDLE = timedelta(minutes=30)
PASSCODE_LIFE = timedelta(minutes=10)
PASSCODE_ATTEMPTS = 3
SENDINGS = 3


@dataclass(kw_only=True)
class Member:
    """One account. `contracts` are the numbers that it may see."""

    number: str
    mail: str
    password: str = field(repr=False)
    person: Person
    contracts: list[str]
    wants_maturity_mail: bool
    last_login: datetime | None = None
    adding: Patience = field(default_factory=Patience)
    # The next device of this member that would sign in by itself is asked for a passcode.
    asks_devices: bool = False
    # Never asked for a passcode (§4.1, 免除).
    is_exempt: bool = False


@dataclass(kw_only=True)
class Session:
    """A signed-in member. Procedures live and die with it."""

    token: str = field(repr=False)
    member: Member
    used_at: datetime
    procedures: "dict[str, Procedure]" = field(default_factory=dict)


@dataclass(kw_only=True)
class Passcode:
    """A one-time password under way."""

    member: Member
    digits: str = field(repr=False)
    dies_at: datetime
    device: str = field(default="", repr=False)
    attempts_left: int = PASSCODE_ATTEMPTS
    sendings_left: int = SENDINGS


@dataclass
class Members:
    """Everybody who is registered, and how they come in."""

    now: Callable[[], datetime]
    draws: Draws
    _members: dict[str, Member] = field(default_factory=dict)
    _sessions: dict[str, Session] = field(default_factory=dict)
    _passcodes: dict[str, Passcode] = field(default_factory=dict)
    # By address, a member's or not.
    _attempts: dict[str, Patience] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.devices = Devices(self.now, self.draws)

    def by_mail(self, mail: str) -> Member:
        return self._members[mail.lower()]

    def knows(self, mail: str) -> bool:
        return mail.lower() in self._members

    def enrol(self, member: Member) -> None:
        self._members[member.mail.lower()] = member

    def by_password(self, mail: str, password: str) -> Member:
        """
        An address that nobody has is counted and locked like a member's.

        Raises:
            Refusal: 44, locked; 40, without saying which of the two is wrong.
        """
        attempts = self._attempts.setdefault(mail.lower(), Patience())
        self._require_unlocked(attempts)
        member = self._members.get(mail.lower())
        right = compare_digest(password.encode(), (member.password if member else "").encode())
        if member and right:
            attempts.succeeded()
            return member
        attempts.failed(self.now())
        self._require_unlocked(attempts)
        raise Refusal("40")

    def _require_unlocked(self, attempts: Patience) -> None:
        if until := attempts.rests(self.now()):
            raise Refusal("44", KAIJYO_NITIJI=stamp(until))

    def forget_password(self, member: Member, password: str) -> None:
        """Give *member* another password. Whatever was open with the old one is closed."""
        member.password = password
        self._attempts.pop(member.mail.lower(), None)
        self._sessions = {key: one for key, one in self._sessions.items() if one.member is not member}
        self._passcodes = {key: one for key, one in self._passcodes.items() if one.member is not member}
        self.devices.forget(member)

    def challenge(self, member: Member, device: str = "") -> tuple[str, Passcode]:
        """
        Answer a new passcode and its number. The member's older ones are dead.

        `device` is the key that is itself asked.
        """
        passcode = Passcode(
            member=member, device=device, digits=self.draws.passcode(), dies_at=self.now() + PASSCODE_LIFE
        )
        return self._put(passcode), passcode

    def challenge_again(self, number: str) -> tuple[str, Passcode]:
        """
        Raises:
            Refusal: 43, nothing left to send again.
        """
        older = self._passcode(number)
        if not older.sendings_left:
            raise Refusal("43")
        passcode = replace(
            older,
            digits=self.draws.passcode(),
            dies_at=self.now() + PASSCODE_LIFE,
            sendings_left=older.sendings_left - 1,
        )
        return self._put(passcode), passcode

    def by_passcode(self, number: str, digits: str) -> Passcode:
        """
        Raises:
            Refusal: 43, nothing left to answer; 42, wrong digits.
        """
        passcode = self._passcode(number)
        if compare_digest(passcode.digits, digits):
            del self._passcodes[number]
            return passcode
        passcode.attempts_left -= 1
        if not passcode.attempts_left:
            del self._passcodes[number]
            raise Refusal("43")
        raise Refusal("42", NOKORI=passcode.attempts_left)

    def _put(self, passcode: Passcode) -> str:
        self._passcodes = {key: one for key, one in self._passcodes.items() if one.member is not passcode.member}
        number = self.draws.key()
        self._passcodes[number] = passcode
        return number

    def _passcode(self, number: str) -> Passcode:
        passcode = self._passcodes.get(number)
        if passcode is None or self.now() >= passcode.dies_at:
            raise Refusal("43")
        return passcode

    def open_session(self, member: Member) -> Session:
        session = Session(token=self.draws.key(), member=member, used_at=self.now())
        self._sessions[session.token] = session
        member.last_login = self.now()
        return session

    def session(self, token: str) -> Session:
        """
        Raises:
            Refusal: 46, unknown, closed or too long idle.
        """
        session = self._sessions.get(token)
        if session is None or self.now() >= session.used_at + SESSION_IDLE:
            self._sessions.pop(token, None)
            raise Refusal("46")
        session.used_at = self.now()
        return session

    def close_session(self, token: str) -> None:
        self._sessions.pop(token, None)
