"""Reading what came in for one step: what may be kept, what is used once, and what cannot stand."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from insurers.answers import NO, YES, Answered, Subject, Value, bound
from insurers.script import (
    Confirmation,
    DocumentToOpen,
    Field,
    InputKind,
    OutOfBand,
    PlanChoice,
    Requirement,
    SecretAsked,
    Step,
)
from insurers.text import Text
from insurers.typed import Unacceptable, read
from schema.ports import Given
from schema.problems import Problem, invalid


class Filled(Struct, frozen=True, kw_only=True):
    """
    One step's answers.

    `kept` go into the draft. `used` are secrets and links: for one call, and never stored.
    """

    kept: Mapping[str, Answered]
    used: Mapping[str, str]
    problems: tuple[Problem, ...]


def filled(
    step: Step, given: Sequence[Given], *, at: datetime, subject: Subject, opened: Collection[str] = ()
) -> Filled:
    """
    Read *given* as answers to *step*, for what confirmations are about right now.

    *opened* are the hashes of the documents that were opened.
    """
    needs = {need.key: need for need in step.requirements}
    seen = subject.on(step)
    kept: dict[str, Answered] = {}
    used: dict[str, str] = {}
    problems: list[Problem] = []
    for position, one in enumerate(given):
        need = needs.get(one.requirement)
        if need is None:
            problems.append(invalid(_UNKNOWN, "answers", str(position), "requirementKey"))
            continue
        try:
            value = _READERS[type(need)](need, one, opened)
        except Unacceptable as error:
            problems.append(invalid(error.message, "answers", str(position), "value"))
            continue
        if isinstance(value, str) and is_used_once(need):
            used[need.key] = value
        else:
            kept[need.key] = Answered(value=value, bound=bound(need, seen), at=at)
    return Filled(kept=kept, used=used, problems=tuple(problems))


def is_used_once(need: Requirement) -> bool:
    """Whether the answer serves one call and is never stored."""
    return isinstance(need, OutOfBand | SecretAsked) or (isinstance(need, Field) and need.sensitive)


def _field(need: Field, one: Given, opened: Collection[str]) -> Value:
    if need.sensitive:
        if one.secret is None:
            raise Unacceptable(need.key, _AS_SECRET)
        return read(need, one.secret)
    if need.input is InputKind.BOOLEAN and one.confirmed is not None:
        return YES if one.confirmed else NO
    if one.value is None:
        raise Unacceptable(need.key, _AS_VALUE)
    return read(need, one.value)


def _confirmation(need: Confirmation, one: Given, opened: Collection[str]) -> Value:
    if one.confirmed is not True:
        raise Unacceptable(need.key, _AS_CONFIRMED)
    return YES


def _document(need: DocumentToOpen, one: Given, opened: Collection[str]) -> Value:
    if one.opened != need.document.id:
        raise Unacceptable(need.key, _AS_DOCUMENT)
    if need.must_open and need.document.sha256 not in opened:
        raise Unacceptable(need.key, _UNOPENED)
    return YES


def _plan(need: PlanChoice, one: Given, opened: Collection[str]) -> Value:
    if one.plan is None:
        raise Unacceptable(need.key, _AS_PLAN)
    return one.plan


def _link(need: OutOfBand, one: Given, opened: Collection[str]) -> Value:
    if not one.link:
        raise Unacceptable(need.key, _AS_LINK)
    return one.link.strip()


def _secret(need: SecretAsked, one: Given, opened: Collection[str]) -> Value:
    if one.secret is None:
        raise Unacceptable(need.key, _AS_SECRET)
    return one.secret


# Each reader takes its own kind of requirement, which the key of its row tells.
_READERS: Mapping[type[Requirement], Callable[[Any, Given, Collection[str]], Value]] = {
    Field: _field,
    Confirmation: _confirmation,
    DocumentToOpen: _document,
    PlanChoice: _plan,
    OutOfBand: _link,
    SecretAsked: _secret,
}

_UNKNOWN = Text("この手順にない項目です。", "This step asks for no such thing: take the keys of its requirements.")
_AS_SECRET = Text("secret で指定してください。", "Give it as `secret`: it is used once and not stored.")
_AS_VALUE = Text(
    "text、choice、choices、date、number のいずれかで指定してください。",
    "Give it as `text`, `choice`, `choices`, `date` or `number`.",
)
_AS_CONFIRMED = Text(
    "内容をご確認のうえ confirmed: true を指定してください。", "Read the statement, and give `confirmed: true`."
)
_AS_DOCUMENT = Text(
    "この手順の書類の id を指定してください。", "Give the id of this step's document as `documentOpened`."
)
_UNOPENED = Text(
    "先に書類の url を開いてください。", "Open the document's `url` first; the confirmation counts only after that."
)
_AS_PLAN = Text("planId でプランを指定してください。", "Give one of the renewal's plans as `planId`.")
_AS_LINK = Text("メールに記載のリンクを link で指定してください。", "Give the link from the mail as `link`.")
