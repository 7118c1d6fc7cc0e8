"""What a viewer can do next."""

from enum import Enum

import strawberry

from insurers.account import Link
from insurers.identity import PolicyRef
from insurers.text import Text
from schema.arguments import InLanguage
from schema.challenge import Challenge
from schema.context import Info
from schema.insurer import Contact, Insurer
from schema.node import policy_id
from schema.ports import Role
from schema.registration_method import RegistrationMethod
from schema.step import FlowStep


@strawberry.enum(
    description="Kinds of next action. ASK_CUSTOMER is for who acts for a customer: only the customer can do it."
    " CONTACT_CUSTOMER is for an agent who can only call."
)
class ActionKind(Enum):
    ANSWER_STEP = "answer_step"
    ANSWER_CHALLENGE = "answer_challenge"
    RESEND_MESSAGE = "resend_message"
    SELECT_PLAN = "select_plan"
    REQUOTE = "requote"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RESUME = "resume"
    CANCEL = "cancel"
    LINK_ACCOUNT = "link_account"
    REFRESH = "refresh"
    REGISTER_ANEW = "register_anew"
    CONTACT_AGENCY = "contact_agency"
    ASK_CUSTOMER = "ask_customer"
    OPEN_PORTAL = "open_portal"
    ANSWER_SHARING = "answer_sharing"
    SET_INTENTION = "set_intention"
    CHOOSE_PLAN = "choose_plan"
    CONTINUE_RENEWAL = "continue_renewal"
    START_RENEWAL = "start_renewal"
    SEND_REMINDER = "send_reminder"
    CONTACT_CUSTOMER = "contact_customer"
    ASSIGN = "assign"
    MARK = "mark"
    ADD_NOTE = "add_note"
    GRANT_CONSENT = "grant_consent"


@strawberry.enum(description="How much an action binds.")
class Consequence(Enum):
    NONE = "none"
    SENDS_MESSAGE = "sends_message"
    BINDING = "binding"


@strawberry.type(description="What the viewer can do next; drives buttons.")
class NextAction:
    kind: ActionKind = strawberry.field(description="What kind of thing it is to do.")
    words: strawberry.Private[Text]
    mutation: str | None = strawberry.field(
        description="The mutation that does it, such as `Mutation.renewalSubmit`; null for what a person does."
    )
    step: FlowStep | None = strawberry.field(description="The step it is about; null where it is about none.")
    primary: bool = strawberry.field(description="Whether it is the one to offer first.")
    consequence: Consequence = strawberry.field(description="How much it binds.")
    challenge: Challenge | None = strawberry.field(
        default=None, description="The question to answer, for ANSWER_CHALLENGE; pass its id to the mutation."
    )
    method: RegistrationMethod | None = strawberry.field(
        default=None, description="The way to take, for REGISTER_ANEW; pass its key to the mutation."
    )
    insurer: Insurer | None = strawberry.field(
        default=None, description="The insurer that it is about, for what is done with one of several."
    )
    contact: Contact | None = strawberry.field(
        default=None, description="Whom to ask, for CONTACT_AGENCY and CONTACT_CUSTOMER."
    )
    policy: strawberry.Private[PolicyRef | None] = None

    @strawberry.field(description="The policy that it is about, for what is done for one of several.")
    def policy_id(self, info: Info) -> strawberry.ID | None:
        return policy_id(info, self.policy) if self.policy else None

    @strawberry.field(description="What to write on the button.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.words, locale)


def action(
    kind: ActionKind,
    words: Text,
    mutation: str | None,
    *,
    step: FlowStep | None = None,
    primary: bool = False,
    consequence: Consequence = Consequence.NONE,
    challenge: Challenge | None = None,
    method: RegistrationMethod | None = None,
    insurer: Insurer | None = None,
    contact: Contact | None = None,
    policy: PolicyRef | None = None,
) -> NextAction:
    return NextAction(
        kind=kind,
        words=words,
        mutation=f"Mutation.{mutation}" if mutation else None,
        step=step,
        primary=primary,
        consequence=consequence,
        challenge=challenge,
        method=method,
        insurer=insurer,
        contact=contact,
        policy=policy,
    )


def is_agent(info: Info) -> bool:
    """Whether somebody asks who acts for the customer."""
    asker = info.context.asker
    return asker is not None and asker.role is Role.AGENT


def answer_challenge(info: Info, link: Link) -> NextAction:
    """The way on for an insurer that asks for a passcode, at a sign-in or in the middle of a read."""
    if is_agent(info):
        return _sign_in_yourself()
    words = Text("確認コードを入力する", "Enter the passcode")
    asked = Challenge.of_link(link)
    return action(ActionKind.ANSWER_CHALLENGE, words, "challengeAnswer", primary=True, challenge=asked)


def link_account(info: Info) -> NextAction:
    """The way back in for an insurer that does not know us."""
    if is_agent(info):
        return _sign_in_yourself()
    words = Text("保険会社にログインして連携する", "Sign in at the insurer and link the account")
    return action(ActionKind.LINK_ACCOUNT, words, "insurerLinkCreate", primary=True)


def _sign_in_yourself() -> NextAction:
    """Nobody signs in at an insurer for a customer."""
    words = Text("契約者ご本人に保険会社へログインしていただく", "Have the customer sign in at the insurer")
    return action(ActionKind.ASK_CUSTOMER, words, None, primary=True)
