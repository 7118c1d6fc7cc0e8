"""
The one form renderer: it answers whatever step any insurer puts, from what the step says of itself.

A frontend would draw a widget where this looks an answer up. Nothing here knows an insurer.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping

import aiohttp

from gateway.demo import customer
from gateway.demo.client import Answer
from gateway.demo.inbox import Inbox
from gateway.demo.teller import Failed

# Under which name a field's value travels; every other field is text.
SLOTS = {
    "BOOLEAN": "choice",
    "SELECT": "choice",
    "MULTI_SELECT": "choices",
    "POLICY_NUMBERS": "choices",
    "INTEGER": "number",
    "DATE": "date",
}


YES_AND_NO = {"true": "yes", "false": "no"}


class Stuck(Failed):
    """Something is asked that the customer has no answer to."""


class Forms:
    """Fills in steps. `notes` are what was done for the last one, for people."""

    def __init__(self, browser: aiohttp.ClientSession, inbox: Inbox) -> None:
        self._browser = browser
        self._inbox = inbox
        self._keyword: str | None = None
        self._answers: Mapping[str, Callable[[Answer], Awaitable[Answer | None]]] = {
            "FieldRequirement": self._field,
            "ConfirmationRequirement": self._tick,
            "DocumentRequirement": self._read,
            "OutOfBandRequirement": self._fetch_link,
            "ChallengeRequirement": self._tell_secret,
        }
        self.notes: list[str] = []

    def watch(self, flow: Answer) -> None:
        """Note a keyword down when it is shown: it is shown once."""
        for requirement in _requirements(flow.get("steps", [])):
            challenge = requirement.get("challenge")
            if challenge and challenge["displayOnce"]:
                self._keyword = challenge["displayOnce"]

    async def fill(self, step: Answer, *, plan: Answer | None = None) -> list[Answer]:
        """
        Answer a step. *plan* is the one to renew with, where that is asked, and what it loses has been read.

        Raises:
            Stuck: something required has no answer.
        """
        self.notes = []
        answers: list[Answer] = []
        for requirement in step["requirements"]:
            if requirement["satisfied"]:
                continue
            if requirement["__typename"] == "PlanRequirement":
                value: Answer | None = plan and {"planId": plan["id"]}
            else:
                value = await self._value(requirement)
            if value is not None:
                answers.append({"requirementKey": requirement["key"], "value": value} | _read(requirement, plan))
            elif requirement["required"]:
                raise Stuck(f"{requirement['label']} ({requirement['key']})")
        return answers

    async def _value(self, requirement: Answer) -> Answer | None:
        answer = self._answers.get(requirement["__typename"])
        return await answer(requirement) if answer else None

    async def _field(self, field: Answer) -> Answer | None:
        value = _known(field)
        if value is None:
            return None
        self.notes.append(f"{field['label']}: {'•' * 8 if field['sensitive'] else _shown(field, value)}")
        if field["sensitive"]:
            return {"secret": value}
        slot = SLOTS.get(field["inputKind"], "text")
        return {slot: int(str(value)) if slot == "number" else value}

    async def _tick(self, confirmation: Answer) -> Answer:
        self.notes.append(f"☑{confirmation['statement']}")
        return {"confirmed": True}

    async def _read(self, requirement: Answer) -> Answer:
        """Open the document and see that it is the one whose hash is going to be agreed to."""
        document = requirement["document"]
        async with self._browser.get(document["url"]) as answer:
            answer.raise_for_status()
            content = await answer.read()
        if hashlib.sha256(content).hexdigest() != document["sha256"]:
            raise Stuck(f"{document['title']}: these are not the bytes that were announced")
        self.notes.append(f"opened 「{document['title']}」, {len(content):,} bytes, sha256 {document['sha256'][:12]}…")
        return {"documentOpened": document["id"]}

    async def _fetch_link(self, requirement: Answer) -> Answer:
        link, subject = await self._inbox.link()
        self.notes.append(f"took the link from the mail 「{subject}」 to {requirement['sentTo'] or customer.EMAIL}")
        return {"link": link}

    async def _tell_secret(self, requirement: Answer) -> Answer | None:
        match requirement["challengeKind"]:
            case "KEYWORD" if self._keyword:
                self.notes.append("told the keyword that was shown once")
                return {"secret": self._keyword}
            case "ONE_TIME_PASSWORD":
                code, subject = await self._inbox.code()
                self.notes.append(f"took the passcode from the mail 「{subject}」")
                return {"secret": code}
            case "PASSWORD":
                return {"secret": customer.PASSWORD}
        return None


def _read(requirement: Answer, plan: Answer | None) -> Answer:
    """Say that what the plan loses was read, where it is a plan that is asked for."""
    is_plan = requirement["__typename"] == "PlanRequirement"
    return {"acknowledgedLosses": plan["lossesHash"]} if is_plan and plan else {}


def _requirements(steps: Iterable[Answer]) -> Iterable[Answer]:
    return (requirement for step in steps for requirement in step["requirements"])


def _shown(field: Answer, value: str | list[str]) -> str:
    """Say a value as the form would: an option by its label."""
    labels = YES_AND_NO | {option["value"]: option["label"] for option in field["options"]}
    return ", ".join(labels.get(each, each) for each in ([value] if isinstance(value, str) else value))


def _known(field: Answer) -> str | list[str] | None:
    """Answer what the customer would type or pick: by the kind of field, by its key, or as offered."""
    match field["inputKind"]:
        case "PASSWORD":
            return customer.PASSWORD
        case "EMAIL":
            return customer.EMAIL
        case "POLICY_NUMBERS":
            return customer.policy_numbers(field["pattern"])
        case "POLICY_NUMBER":
            return customer.policy_numbers(field["pattern"])[0]
    # What stands there may be corrected, and is right.
    if field["suggested"] is not None and not field["required"]:
        return None
    if field["key"] in customer.ANSWERS:
        return customer.ANSWERS[field["key"]]
    # Where it is a matter of taste: what the insurer recommends, or else its first offer.
    if field["inputKind"] == "SELECT" and field["options"]:
        options = sorted(field["options"], key=lambda option: not option["recommended"])
        return str(options[0]["value"])
    return None
