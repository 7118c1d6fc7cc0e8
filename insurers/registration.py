"""
Registering at an insurer: the words, and the law of what may follow what.

SENDING and ANSWERING are the two moments in which an insurer is being talked to. Whoever
drives a registration asks `step` and stores the answer.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from insurers.account import Challenge, ChallengeKind
from insurers.answers import Answered, Standing, StepState, Subject, progress
from insurers.errors import ErrorCode
from insurers.identity import InsurerCode
from insurers.person import Private
from insurers.script import OutOfBand, Script
from insurers.text import Text


class IllegalStep(ValueError):
    """An event that cannot follow the present state."""


class RegistrationState(StrEnum):
    """Life of a registration."""

    COLLECTING = "collecting"
    SENDING = "sending"
    ASKED = "asked"
    ANSWERING = "answering"
    MISMATCH = "mismatch"
    EXPIRED = "expired"
    UNCONFIRMED = "unconfirmed"
    REFERRED = "referred"
    CANCELLED = "cancelled"
    ACTIVE = "active"


class RegistrationEvent(StrEnum):
    """What can happen to a registration."""

    SEND = "send"  # everything is collected, and goes to the insurer
    ASK = "ask"  # the insurer asks for the next thing: a link, a keyword, a password
    ANSWER = "answer"  # the customer's answer goes to the insurer
    ACTIVATE = "activate"  # the account is open
    REFUSE = "refuse"  # what was sent cannot stand; correct it and send again
    DENY = "deny"  # the person is not the one on the contract, or so the insurer says
    EXPIRE = "expire"  # the link or the keyword died
    REFER = "refer"  # only the agency can go on
    CORRECT = "correct"  # the customer changes what was entered
    RESTART = "restart"  # begin again from what was entered
    UNREACHABLE = "unreachable"  # nothing was sent
    SILENCE = "silence"  # it was sent, and no answer came
    CANCEL = "cancel"  # the customer gives up


S: TypeAlias = RegistrationState
E: TypeAlias = RegistrationEvent

TRANSITIONS: Mapping[S, Mapping[E, S]] = {
    S.COLLECTING: {E.SEND: S.SENDING, E.CORRECT: S.COLLECTING, E.CANCEL: S.CANCELLED},
    S.SENDING: {
        E.ASK: S.ASKED,
        E.ACTIVATE: S.ACTIVE,
        E.REFUSE: S.COLLECTING,
        E.DENY: S.MISMATCH,
        E.EXPIRE: S.EXPIRED,
        E.REFER: S.REFERRED,
        E.UNREACHABLE: S.COLLECTING,
        E.SILENCE: S.UNCONFIRMED,
    },
    S.ASKED: {E.ANSWER: S.ANSWERING, E.EXPIRE: S.EXPIRED, E.RESTART: S.COLLECTING, E.CANCEL: S.CANCELLED},
    S.ANSWERING: {
        E.ASK: S.ASKED,
        E.ACTIVATE: S.ACTIVE,
        E.REFUSE: S.ASKED,
        E.DENY: S.MISMATCH,
        E.EXPIRE: S.EXPIRED,
        E.REFER: S.REFERRED,
        E.UNREACHABLE: S.ASKED,
        E.SILENCE: S.UNCONFIRMED,
    },
    S.MISMATCH: {E.CORRECT: S.COLLECTING, E.REFER: S.REFERRED, E.CANCEL: S.CANCELLED},
    S.EXPIRED: {E.RESTART: S.COLLECTING, E.CANCEL: S.CANCELLED},
    # A registration sent twice harms nobody: the insurer's latest mail is the one that counts.
    S.UNCONFIRMED: {E.RESTART: S.COLLECTING, E.CANCEL: S.CANCELLED},
    S.REFERRED: {},
    S.CANCELLED: {},
    S.ACTIVE: {},
}

FINAL = frozenset(state for state, steps in TRANSITIONS.items() if not steps)


def step(state: RegistrationState, event: RegistrationEvent) -> RegistrationState:
    """Return the state that follows *state* on *event*."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalStep(f"{event} cannot follow {state}") from None


class RegistrationPurpose(StrEnum):
    """Why a registration runs."""

    FIRST_TIME = "first_time"
    CREDENTIAL_RESET = "credential_reset"
    ADD_POLICIES = "add_policies"  # more policies, for an account that is open (SJ-REG-12)
    LINK_MESSENGER = "link_messenger"  # the insurer in the customer's messenger, for one that is open (MS-LIN-03)


# What these are about is an account that is open already.
WITHIN_ACCOUNT = frozenset({RegistrationPurpose.ADD_POLICIES, RegistrationPurpose.LINK_MESSENGER})


class Possession(StrEnum):
    """What a customer may have in hand, which decides the ways that are open to them."""

    CERTIFICATE_WITH_CODE = "certificate_with_code"
    POSTCARD = "postcard"
    APP = "app"
    LINE = "line"
    POLICY_NUMBER = "policy_number"
    EMPLOYEE_NUMBER = "employee_number"
    REGISTERED_MAILBOX = "registered_mailbox"


class Suit(Struct, frozen=True, kw_only=True):
    """With these in hand a method is a way in, and why. An empty `holding` suits who has nothing."""

    holding: frozenset[Possession]
    why: Text


class RegistrationMethod(Struct, frozen=True, kw_only=True):
    """
    One way to register at an insurer, as data (D7).

    `suits` are alternatives; whoever holds all of one can go this way. `instead` is the key of
    the method to take when the message of this one never arrives (MS-RST-02).
    """

    key: str
    label: Text
    needs: tuple[Text, ...]
    script: Script
    purpose: RegistrationPurpose = RegistrationPurpose.FIRST_TIME
    estimated_minutes: int | None = None
    suits: tuple[Suit, ...] = ()
    instead: str | None = None


class Trouble(Struct, frozen=True, kw_only=True):
    """Why a flow stands where it stands, in code, in our words, and in the insurer's."""

    code: ErrorCode
    message: Text
    insurer_words: str | None = None


class Registration(Private, frozen=True, kw_only=True):
    """
    One customer registering at one insurer.

    `answers` never hold a sensitive value. `version` grows with every change and is what a
    client sends back. At `warn_at` little time is left of the
    open challenge, and from then on it is `warned`.
    """

    id: str
    customer: str
    insurer: InsurerCode
    method: str
    purpose: RegistrationPurpose
    state: RegistrationState
    version: int
    created_at: datetime
    updated_at: datetime
    answers: dict[str, Answered] = {}
    challenge: Challenge | None = None
    warn_at: datetime | None = None
    warned: bool = False
    link: str | None = None
    trouble: Trouble | None = None

    # The keywords are fields of this very class; replace() refuses any other name.
    def on(self, event: RegistrationEvent, *, at: datetime, **changes: Any) -> "Registration":
        """Answer this registration after *event*, one version on."""
        return self.with_(state=step(self.state, event), at=at, **changes)

    # As above.
    def with_(self, *, at: datetime, **changes: Any) -> "Registration":
        """Answer this registration with fields replaced, one version on."""
        return msgspec.structs.replace(self, version=self.version + 1, updated_at=at, **changes)

    def expired(self) -> "Registration":
        """Answer this registration as its open challenge has died, one version on."""
        asked = self.challenge
        died_at = asked.expires_at if asked and asked.expires_at else self.updated_at
        code = _DEAD.get(asked.kind, ErrorCode.SESSION_TIMEOUT) if asked else ErrorCode.SESSION_TIMEOUT
        trouble = Trouble(code=code, message=_EXPIRED)
        return self.on(E.EXPIRE, at=died_at, challenge=None, warned=False, warn_at=None, trouble=trouble)

    def standings(self, script: Script) -> list[Standing]:
        """Tell where each step of the method's *script* stands: collected by us, or asked by the insurer."""
        if self.state is RegistrationState.ACTIVE:
            return [_all(standing, StepState.DONE) for standing in progress(script, {}, Subject())]
        if self.challenge is None:
            standings = progress(script, self.answers, Subject())
            sending = _sending(script)
            return [s if s.position <= sending else _all(s, StepState.LOCKED) for s in standings]
        asked = [s.key for s in script].index(self.challenge.step or "")
        return [
            _all(s, StepState.DONE)
            if s.position < asked
            else _open(s)
            if s.position == asked
            else _all(s, StepState.LOCKED)
            for s in progress(script, {}, Subject())
        ]


_DEAD: Mapping[ChallengeKind, ErrorCode] = {
    ChallengeKind.MAIL_LINK: ErrorCode.LINK_EXPIRED,
    ChallengeKind.KEYWORD: ErrorCode.KEYWORD_EXPIRED,
    ChallengeKind.TEMPORARY_PASSWORD: ErrorCode.TEMPORARY_PASSWORD_EXPIRED,
}

_EXPIRED = Text(
    "有効期限が切れています。入力済みの内容から、もう一度お手続きください。",
    "It has expired. Begin again from what you have entered.",
)


def _sending(script: Script) -> int:
    return next(position for position, s in enumerate(script) if s.sends)


def _all(standing: Standing, state: StepState) -> Standing:
    done = frozenset(need.key for need in standing.step.requirements) if state is StepState.DONE else frozenset[str]()
    return msgspec.structs.replace(standing, state=state, satisfied=done)


def _open(standing: Standing) -> Standing:
    waits = any(isinstance(need, OutOfBand) for need in standing.step.requirements)
    return msgspec.structs.replace(
        standing, state=StepState.WAITING if waits else StepState.READY, satisfied=frozenset()
    )
