"""
What an insurer asks, as data: steps with typed requirements.

A client draws any insurer's forms from these and never switches on a step's key.
"""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from insurers.account import ChallengeKind, Channel
from insurers.consent import ConsentKind
from insurers.contact import Contact
from insurers.document import Document
from insurers.person import Private
from insurers.policy import RenewabilityCode
from insurers.text import Text


class StepKind(StrEnum):
    """What a step is about; a hint for icons and layout."""

    IDENTITY = "identity"
    TERMS = "terms"
    CREDENTIALS = "credentials"
    OUT_OF_BAND = "out_of_band"
    CHALLENGE = "challenge"
    PRE_CHECK = "pre_check"
    CONTRACT_BASICS = "contract_basics"
    PLAN = "plan"
    COVERAGE = "coverage"
    DETAILS = "details"
    CUSTOMER_AND_PAYMENT = "customer_and_payment"
    IMPORTANT_MATTERS = "important_matters"
    FINAL_REVIEW = "final_review"
    APPLICATION = "application"
    DONE = "done"


class InputKind(StrEnum):
    """How a field is drawn, and what is accepted in it."""

    TEXT = "text"
    KANA = "kana"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"
    DATE = "date"
    YEAR_MONTH = "year_month"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    SELECT = "select"
    MULTI_SELECT = "multi_select"
    PASSWORD = "password"
    POLICY_NUMBER = "policy_number"
    POLICY_NUMBERS = "policy_numbers"


class Binds(StrEnum):
    """What a confirmation is about besides its own words; it is asked again when that changes (P-4)."""

    PLAN = "plan"
    DOCUMENT = "document"
    REVIEW = "review"


class Option(Struct, frozen=True, kw_only=True):
    """One selectable value."""

    value: str
    label: Text
    recommended: bool = False


class Referral(Struct, frozen=True, kw_only=True):
    """
    An answer with which only the agency can go on (MS-REN-09): one of `when`, or a number of `at_least`.

    `contact` is the agency of this very contract.
    """

    code: RenewabilityCode
    message: Text
    contact: Contact | None = None
    when: tuple[str, ...] = ()
    at_least: int | None = None


class Field(Private, frozen=True, kw_only=True, tag="field"):
    """
    A value to type or pick.

    `expected` says in words what `pattern` does, to whoever typed something else.
    `sensitive` values are used for one call and never stored, so they stand only in a step
    that is sent at once. `at_most` is how many values a list may hold. `suggested` is never
    an answer to a question of yes or no that declares: nothing of that kind is carried over.
    An answer that `reprices` is a condition of every quote (`PlanQuery.conditions`). `proves` is
    what the evidence of an answer is called, where the kind of the field does not tell.
    """

    key: str
    label: Text
    input: InputKind
    required: bool = True
    pattern: str | None = None
    expected: Text | None = None
    min_length: int | None = None
    max_length: int | None = None
    at_most: int | None = None
    options: tuple[Option, ...] = ()
    suggested: str | None = None
    sensitive: bool = False
    reprices: bool = False
    proves: ConsentKind | None = None
    refers: tuple[Referral, ...] = ()


class Confirmation(Struct, frozen=True, kw_only=True, tag="confirmation"):
    """
    A box that the insurer makes the customer tick, with the insurer's exact Japanese words.

    With `binds` containing DOCUMENT, `document` names the document it is about, by its sha256.
    `proves` is what the evidence of it is called, where the kind of the step does not tell.
    """

    key: str
    label: Text
    statement: str
    required: bool = True
    binds: tuple[Binds, ...] = ()
    document: str | None = None
    proves: ConsentKind | None = None


class DocumentToOpen(Struct, frozen=True, kw_only=True, tag="document"):
    """A document that must have been opened before its confirmation counts."""

    key: str
    label: Text
    document: Document
    required: bool = True
    must_open: bool = True


class PlanChoice(Struct, frozen=True, kw_only=True, tag="plan"):
    """Pick one of the plans as quoted."""

    key: str
    label: Text
    required: bool = True


class OutOfBand(Struct, frozen=True, kw_only=True, tag="out_of_band"):
    """Something that reaches the person outside: a mail with a link, which is then handed in."""

    key: str
    label: Text
    channel: Channel = Channel.EMAIL
    required: bool = True


class SecretAsked(Struct, frozen=True, kw_only=True, tag="secret"):
    """A secret that the insurer asks for now: a keyword, a one-time password."""

    key: str
    label: Text
    kind: ChallengeKind
    required: bool = True


Requirement = Field | Confirmation | DocumentToOpen | PlanChoice | OutOfBand | SecretAsked


def is_about(requirement: Requirement, what: Binds) -> bool:
    """Whether a requirement is a confirmation of *what*."""
    return isinstance(requirement, Confirmation) and what in requirement.binds


class Fact(Private, frozen=True, kw_only=True):
    """Something the insurer shows for confirmation, in its own words and order (MS-SCP-02)."""

    key: str
    label: Text
    value: str
    changed: bool = False
    changeable_online: bool = False


class Step(Struct, frozen=True, kw_only=True):
    """
    One step, in the insurer's order.

    Its key is stable within an insurer. In a registration, steps up to and including the one
    that `sends` are collected by us and sent together; each later one answers a challenge.
    """

    key: str
    kind: StepKind
    title: Text
    help: Text | None = None
    requirements: tuple[Requirement, ...] = ()
    facts: tuple[Fact, ...] = ()
    sends: bool = False


class Script(Struct, frozen=True):
    """All steps of one flow."""

    steps: tuple[Step, ...]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def requirements(self) -> Iterator[Requirement]:
        return (requirement for step in self.steps for requirement in step.requirements)

    def step(self, key: str) -> Step:
        return next(step for step in self.steps if step.key == key)

    def documents(self) -> tuple[Document, ...]:
        return tuple(
            requirement.document
            for step in self.steps
            for requirement in step.requirements
            if isinstance(requirement, DocumentToOpen)
        )
