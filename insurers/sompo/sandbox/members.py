"""Members of マイページ, their devices, passcodes and sessions (WIRE.md §4)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from insurers.sompo.sandbox.dates import stamp
from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.persons import Person
from insurers.sompo.sandbox.replies import Refusal

if TYPE_CHECKING:
    from insurers.sompo.sandbox.procedures import Procedure

SESSION_IDLE = timedelta(minutes=30)
DEVICE_UNUSED = timedelta(days=365)
PASSCODE_LIFE = timedelta(minutes=10)
PASSCODE_ATTEMPTS = 3
PASSWORD_ATTEMPTS = 5
LOCKED_FOR = timedelta(minutes=30)


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
    failures: int = 0
    locked_until: datetime | None = None


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
    attempts_left: int = PASSCODE_ATTEMPTS


@dataclass(kw_only=True)
class Device:
    """A trusted device (信頼できる端末)."""

    member: Member
    used_at: datetime


@dataclass
class Members:
    """Everybody who is registered, and how they come in."""

    now: Callable[[], datetime]
    draws: Draws
    _members: dict[str, Member] = field(default_factory=dict)
    _sessions: dict[str, Session] = field(default_factory=dict)
    _passcodes: dict[str, Passcode] = field(default_factory=dict)
    _devices: dict[str, Device] = field(default_factory=dict)

    def by_mail(self, mail: str) -> Member:
        return self._members[mail.lower()]

    def knows(self, mail: str) -> bool:
        return mail.lower() in self._members

    def enrol(self, member: Member) -> None:
        self._members[member.mail.lower()] = member

    def by_password(self, mail: str, password: str) -> Member:
        """
        Raises:
            Refusal: 44, locked; 40, without saying which of the two is wrong.
        """
        member = self._members.get(mail.lower())
        if member is None:
            raise Refusal("40")
        if member.locked_until and self.now() < member.locked_until:
            raise Refusal("44", KAIJYO_NITIJI=stamp(member.locked_until))
        if member.password == password:
            member.failures, member.locked_until = 0, None
            return member
        member.failures += 1
        if member.failures < PASSWORD_ATTEMPTS:
            raise Refusal("40")
        member.failures, member.locked_until = 0, self.now() + LOCKED_FOR
        raise Refusal("44", KAIJYO_NITIJI=stamp(member.locked_until))

    def challenge(self, member: Member) -> tuple[str, Passcode]:
        """Answer a new passcode and its number. The member's older ones are dead."""
        self._passcodes = {key: code for key, code in self._passcodes.items() if code.member is not member}
        number = self.draws.key()
        passcode = Passcode(member=member, digits=self.draws.passcode(), dies_at=self.now() + PASSCODE_LIFE)
        self._passcodes[number] = passcode
        return number, passcode

    def by_passcode(self, number: str, digits: str) -> Member:
        """
        Raises:
            Refusal: 43, nothing left to answer; 42, wrong digits.
        """
        passcode = self._passcodes.get(number)
        if passcode is None or self.now() >= passcode.dies_at:
            raise Refusal("43")
        if passcode.digits == digits:
            del self._passcodes[number]
            return passcode.member
        passcode.attempts_left -= 1
        if not passcode.attempts_left:
            del self._passcodes[number]
            raise Refusal("43")
        raise Refusal("42", NOKORI=passcode.attempts_left)

    def trust(self, member: Member, key: str = "") -> str:
        key = key or self.draws.key(64)
        self._devices[key] = Device(member=member, used_at=self.now())
        return key

    def by_device(self, key: str) -> Member | None:
        device = self._devices.get(key)
        if device is None or self.now() >= device.used_at + DEVICE_UNUSED:
            return None
        device.used_at = self.now()
        return device.member

    def distrust(self, member: Member, key: str) -> None:
        device = self._devices.get(key)
        if device and device.member is member:
            del self._devices[key]

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
