"""What a person has answered so far, whether it may stand, and how far that brings them."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from insurers.identity import DASHES, PolicyNumber
from insurers.person import Private
from insurers.script import (
    Binds,
    Confirmation,
    DocumentToOpen,
    Field,
    InputKind,
    PlanChoice,
    Referral,
    Requirement,
    Script,
    Step,
    StepKind,
)
from insurers.text import Text

Value = str | tuple[str, ...]

YES, NO = "true", "false"

# Control characters and halves of characters: no keyboard makes them, and no database likes them.
UNTYPED = frozenset({"Cc", "Cs"})


class Answered(Private, frozen=True, kw_only=True):
    """
    One answer. `bound` is a hash of what the person saw when giving it: an answer whose
    requirement would now be bound to something else no longer counts.
    """

    value: Value
    bound: str
    at: datetime


Answers = Mapping[str, Answered]


class Subject(Struct, frozen=True, kw_only=True):
    """What confirmations may be bound to at this moment; None where there is none yet."""

    plan: str | None = None
    review: str | None = None


class Unacceptable(ValueError):
    """A value that cannot stand as the answer to a requirement; says what to do instead."""

    def __init__(self, key: str, message: Text) -> None:
        super().__init__(key)
        self.key = key
        self.message = message


class StepState(StrEnum):
    """Where a step stands."""

    LOCKED = "locked"
    READY = "ready"
    INCOMPLETE = "incomplete"
    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    BLOCKED = "blocked"


class Standing(Struct, frozen=True, kw_only=True):
    """One step and where it stands; `satisfied` are the keys that need nothing more."""

    step: Step
    position: int
    state: StepState
    satisfied: frozenset[str]


def bound(requirement: Requirement, subject: Subject) -> str:
    """Hash what an answer to *requirement* would be about right now."""
    about: list[str] = [requirement.key]
    match requirement:
        case Confirmation(statement=statement, binds=binds, document=document):
            about.append(statement)
            about += [subject.plan or ""] if Binds.PLAN in binds else []
            about += [subject.review or ""] if Binds.REVIEW in binds else []
            about += [document or ""] if Binds.DOCUMENT in binds else []
        case DocumentToOpen(document=document_to_open):
            about.append(document_to_open.sha256)
        case PlanChoice():
            about.append(subject.plan or "")
    return hashlib.sha256("\x1f".join(about).encode()).hexdigest()


def satisfied(requirement: Requirement, answers: Answers, subject: Subject) -> bool:
    """Whether an answer stands. One about a plan or a review cannot, before there is any."""
    answer = answers.get(requirement.key)
    return answer is not None and _present(requirement, subject) and answer.bound == bound(requirement, subject)


def _present(requirement: Requirement, subject: Subject) -> bool:
    match requirement:
        case Confirmation(binds=binds):
            return not (
                (Binds.PLAN in binds and subject.plan is None) or (Binds.REVIEW in binds and subject.review is None)
            )
        case PlanChoice():
            return subject.plan is not None
    return True


def referral(requirement: Requirement, answer: Answered | None) -> Referral | None:
    """Answer the referral that an answer leads to, if it leads to one."""
    if not isinstance(requirement, Field) or answer is None:
        return None
    values = (answer.value,) if isinstance(answer.value, str) else answer.value
    return next((rule for rule in requirement.refers if any(_leads(rule, value) for value in values)), None)


def _leads(rule: Referral, value: str) -> bool:
    if value in rule.when:
        return True
    return rule.at_least is not None and value.isdecimal() and int(value) >= rule.at_least


def progress(script: Script, answers: Answers, subject: Subject) -> list[Standing]:
    """
    Tell where every step stands: at most one is open, the first that is not done.

    Requirements that are not required never hold a step back.
    """
    standings: list[Standing] = []
    reached = True
    for position, step in enumerate(script):
        done = frozenset(need.key for need in step.requirements if satisfied(need, answers, subject))
        state = _state(step, answers, done, reached)
        standings.append(Standing(step=step, position=position, state=state, satisfied=done))
        reached = reached and state is StepState.DONE
    return standings


def current(standings: list[Standing]) -> Standing | None:
    """The one open step, or None when all are done."""
    return next((standing for standing in standings if standing.state is not StepState.DONE), None)


def _state(step: Step, answers: Answers, done: frozenset[str], reached: bool) -> StepState:
    if not reached:
        return StepState.LOCKED
    if any(referral(need, answers.get(need.key)) for need in step.requirements):
        return StepState.BLOCKED
    if all(need.key in done for need in step.requirements if need.required) and step.kind is not StepKind.DONE:
        return StepState.DONE
    return StepState.INCOMPLETE if done else StepState.READY


def read(field: Field, raw: Value) -> Value:
    """
    Read what was typed into *field*, in its canonical form.

    Width is folded where the field is not free text; dates become `YYYY-MM-DD`, months
    `YYYY-MM`, policy numbers are parsed, kana become full-width katakana.

    Raises:
        Unacceptable: it cannot stand; the message says what is expected.
    """
    if field.input in (InputKind.MULTI_SELECT, InputKind.POLICY_NUMBERS):
        return _several(field, (raw,) if isinstance(raw, str) else raw)
    if not isinstance(raw, str):
        raise Unacceptable(field.key, Text("値は一つだけ指定してください。", "Give exactly one value."))
    return _one(field, raw)


def _several(field: Field, values: tuple[str, ...]) -> tuple[str, ...]:
    # The same value typed twice is one value.
    different = tuple(dict.fromkeys(text for value in values if (text := _one(field, value))))
    if field.required and not different:
        raise Unacceptable(field.key, Text("一つ以上指定してください。", "Give at least one value."))
    if field.at_most is not None and len(different) > field.at_most:
        raise Unacceptable(
            field.key, Text(f"{field.at_most}件まで指定できます。", f"At most {field.at_most} values are accepted.")
        )
    return different


def _one(field: Field, raw: str) -> str:
    if field.input is InputKind.PASSWORD and raw:
        return raw  # The insurer's verdict counts, and every character of it (D8).
    text = unicodedata.normalize("NFC" if field.input is InputKind.TEXT else "NFKC", raw).strip()
    if not text and field.required:
        raise Unacceptable(field.key, Text("入力してください。", "A value is required."))
    if not text:
        return text
    if any(unicodedata.category(letter) in UNTYPED for letter in text):
        raise Unacceptable(field.key, Text("改行や制御文字は使えません。", "One line of text is expected."))
    text = _canonical(field, text)
    shortest, longest = field.min_length or 0, field.max_length or 200
    if not shortest <= len(text) <= longest:
        raise Unacceptable(
            field.key,
            Text(f"{shortest}～{longest}文字で入力してください。", f"{shortest} to {longest} characters are expected."),
        )
    if field.pattern and not re.fullmatch(field.pattern, text):
        raise Unacceptable(field.key, Text("形式が正しくありません。", "The format is not the expected one."))
    return text


def _canonical(field: Field, text: str) -> str:
    reader = _READERS.get(field.input)
    if reader is None:
        return _option(field, text) if field.options else text
    expected, read_text = reader
    try:
        return read_text(text)
    except ValueError:
        raise Unacceptable(field.key, expected) from None


def _option(field: Field, text: str) -> str:
    if text not in [option.value for option in field.options]:
        choices = "、".join(option.value for option in field.options)
        raise Unacceptable(field.key, Text(f"次から選んでください: {choices}", f"Choose one of: {choices}"))
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        raise ValueError
    return text


def _phone(text: str) -> str:
    digits = re.sub(rf"[\s()\-{DASHES}]", "", text)
    digits = re.sub(r"^\+810?", "0", digits)  # People write +81 (0)90 as well as +81 90.
    if not re.fullmatch(r"0[0-9]{9,10}", digits):
        raise ValueError
    return digits


def _postal_code(text: str) -> str:
    digits = re.sub(rf"[\s〒\-{DASHES}]", "", text)
    if not re.fullmatch(r"[0-9]{7}", digits):
        raise ValueError
    return digits


def _kana(text: str) -> str:
    katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" or c in "ゝゞ" else c for c in text)
    if not re.fullmatch(r"[ァ-ヶーヽヾ・ ]+", katakana):
        raise ValueError
    return katakana


def _truth(text: str) -> str:
    if text.lower() not in (YES, NO):
        raise ValueError
    return text.lower()


def _count(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError
    return str(int(text))


# What each kind of field expects, in words, and how it is read.
_READERS = {
    InputKind.EMAIL: (Text("半角のメールアドレスを入力してください。", "A mail address in ASCII is expected."), _email),
    InputKind.PHONE: (
        Text("市外局番からの電話番号を入力してください。", "A Japanese phone number is expected."),
        _phone,
    ),
    InputKind.POSTAL_CODE: (Text("7桁の郵便番号を入力してください。", "Seven digits are expected."), _postal_code),
    InputKind.KANA: (Text("カナで入力してください。", "Kana are expected."), _kana),
    InputKind.DATE: (
        Text("日付を YYYY-MM-DD で入力してください。", "A date as YYYY-MM-DD is expected."),
        lambda text: date.fromisoformat(text).isoformat(),
    ),
    InputKind.YEAR_MONTH: (
        Text("年月を YYYY-MM で入力してください。", "A month as YYYY-MM is expected."),
        lambda text: date.fromisoformat(f"{text}-01").isoformat()[:7],
    ),
    InputKind.INTEGER: (Text("0以上の整数を入力してください。", "A whole number of 0 or more is expected."), _count),
    InputKind.BOOLEAN: (Text("true か false を指定してください。", "true or false is expected."), _truth),
    InputKind.POLICY_NUMBER: (
        Text("証券番号を英数字で入力してください。", "A policy number of letters and digits is expected."),
        lambda text: str(PolicyNumber.parse(text)),
    ),
    InputKind.POLICY_NUMBERS: (
        Text("証券番号を英数字で入力してください。", "A policy number of letters and digits is expected."),
        lambda text: str(PolicyNumber.parse(text)),
    ),
}
