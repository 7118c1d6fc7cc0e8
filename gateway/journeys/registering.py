"""What may become of a registration: what is heard, what is said of it, and what is asked again."""

from collections.abc import Awaitable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from insurers.account import Active, Asks, Challenge
from insurers.answers import Answered, Standing, StepState
from insurers.capability import Capability
from insurers.errors import Expired, InsurerError, Mismatch, NotOnline, Rejected, Unconfirmed
from insurers.registration import (
    Registration,
    RegistrationEvent,
    RegistrationMethod,
    RegistrationState,
    Trouble,
)
from insurers.text import Text
from schema.problems import Problem, problem, trouble

E = RegistrationEvent
S = RegistrationState

# What is heard from an insurer, and the event that it is; the first that fits decides.
HEARD: Mapping[type[InsurerError], RegistrationEvent] = {
    Mismatch: E.DENY,
    NotOnline: E.REFER,
    Rejected: E.REFUSE,
    Expired: E.EXPIRE,
    Unconfirmed: E.SILENCE,
    # Whatever else went wrong, nothing was sent.
    InsurerError: E.UNREACHABLE,
}

# Where an answer finds a registration that must first be turned back to its draft.
TURNED_BACK: Mapping[RegistrationState, RegistrationEvent] = {
    S.MISMATCH: E.CORRECT,
    S.EXPIRED: E.RESTART,
    S.UNCONFIRMED: E.RESTART,
}

SUMMARIES: Mapping[RegistrationEvent, Text] = {
    E.SEND: Text("保険会社に送信しました", "Sent to the insurer"),
    E.ASK: Text("保険会社から次の確認を求められました", "The insurer asks for the next thing"),
    E.ANSWER: Text("保険会社に回答しました", "Answered the insurer"),
    E.ACTIVATE: Text("登録が完了しました", "Registered"),
    E.REFUSE: Text("保険会社が内容を受け付けませんでした", "The insurer did not accept it"),
    E.DENY: Text("ご契約の内容と一致しませんでした", "It does not match a contract"),
    E.EXPIRE: Text("有効期限が切れました", "It expired"),
    E.REFER: Text("取扱代理店でのお手続きになりました", "Only the agency can go on"),
    E.CORRECT: Text("入力し直しました", "Corrected"),
    E.RESTART: Text("はじめからやり直します", "Begun again"),
    E.UNREACHABLE: Text("保険会社に接続できませんでした", "The insurer could not be reached; nothing was sent"),
    E.SILENCE: Text("保険会社から応答がありませんでした", "Sent, and no answer came"),
    E.CANCEL: Text("登録をやめました", "Given up"),
}


WARNED_BEFORE = timedelta(hours=6)

WARNED = Text("まもなく有効期限が切れます", "It expires soon")


def is_over(registration: Registration, now: datetime) -> bool:
    """Whether the open question is dead, though nobody has noted it yet."""
    asked = registration.challenge if registration.state is S.ASKED else None
    return asked is not None and asked.expires_at is not None and asked.expires_at <= now


class Reply(Struct, frozen=True, kw_only=True):
    """What an insurer's answer makes of a registration."""

    event: RegistrationEvent
    answer: Asks | Active | None = None
    trouble: Trouble | None = None
    problems: tuple[Problem, ...] = ()
    attempts_left: int | None = None
    error: InsurerError | None = None


async def heard(call: Awaitable[Asks | Active]) -> Reply:
    """Hear what an insurer says, as an event."""
    try:
        answer = await call
    except InsurerError as error:
        event = next(event for kind, event in HEARD.items() if isinstance(error, kind))
        left = error.attempts_left if isinstance(error, Rejected) else None
        return Reply(
            event=event,
            trouble=trouble(error),
            problems=(problem(error, capability=Capability.REGISTRATION),),
            attempts_left=left,
            error=error,
        )
    return Reply(event=E.ACTIVATE if isinstance(answer, Active) else E.ASK, answer=answer)


def warn_at(challenge: Challenge, now: datetime) -> datetime | None:
    """When the customer is warned: with a quarter of the time left, or six hours where that is less."""
    if challenge.expires_at is None:
        return None
    return challenge.expires_at - min((challenge.expires_at - now) / 4, WARNED_BEFORE)


def open_step(standings: list[Standing], key: str) -> Standing | None:
    return next(
        (standing for standing in standings if standing.step.key == key and standing.state is not StepState.LOCKED),
        None,
    )


def without_sending(registration: Registration, method: RegistrationMethod) -> dict[str, Answered]:
    """The answers without those of the step that sends: its ticks and passwords are about what is sent, each time."""
    again = {need.key for step in method.script if step.sends for need in step.requirements}
    return {key: answer for key, answer in registration.answers.items() if key not in again}
