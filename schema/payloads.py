"""What writes answer: the thing as it stands now, and why it was not done."""

from typing import Self

import strawberry

from insurers.account import Link
from insurers.registration import Registration as RegistrationWord
from insurers.renewal import Renewal as RenewalWord
from schema.link import InsurerLink
from schema.plan import Plan
from schema.ports import Done
from schema.problems import Problem
from schema.registration import Registration
from schema.renewal import Renewal
from schema.user_error import UserError, user_errors


@strawberry.interface(description="What every mutation answers, beside the object that it is about.")
class Payload:
    problems: strawberry.Private[tuple[Problem, ...]]
    replayed: bool = strawberry.field(
        description="True when this key was seen before; what was done then stands, and nothing was done now."
    )

    @strawberry.field(description="Why it was not done, or not wholly; empty when it was.")
    def errors(self) -> list[UserError]:
        return user_errors(self.problems)


@strawberry.interface(description="Answer of every mutation of a registration.")
class RegistrationPayload(Payload):
    registration: Registration | None = strawberry.field(
        description="The registration as it stands now; null where there is none."
    )

    @classmethod
    def of(cls, done: Done[RegistrationWord]) -> Self:
        registration = Registration(word=done.thing) if done.thing else None
        return cls(registration=registration, problems=done.problems, replayed=done.replayed)


@strawberry.type(description="A registration was started.")
class RegistrationStartPayload(RegistrationPayload): ...


@strawberry.type(description="A step of a registration was answered.")
class RegistrationStepAnswerPayload(RegistrationPayload): ...


@strawberry.type(description="A registration was begun again from what was entered.")
class RegistrationMessageResendPayload(RegistrationPayload): ...


@strawberry.type(description="A registration was given up.")
class RegistrationCancelPayload(RegistrationPayload): ...


@strawberry.interface(description="Answer of every mutation of a linked account.")
class LinkPayload(Payload):
    link: InsurerLink | None = strawberry.field(description="The account as it stands now; null where there is none.")

    @classmethod
    def of(cls, done: Done[Link]) -> Self:
        link = InsurerLink(word=done.thing) if done.thing else None
        return cls(link=link, problems=done.problems, replayed=done.replayed)


@strawberry.type(description="An account was linked, or the insurer asks something first.")
class InsurerLinkCreatePayload(LinkPayload): ...


@strawberry.type(description="A challenge was answered.")
class ChallengeAnswerPayload(LinkPayload): ...


@strawberry.type(description="A linked account and its secrets were forgotten.")
class InsurerLinkDeletePayload(Payload):
    deleted_link_id: strawberry.ID | None = strawberry.field(description="Id of what is gone.")


@strawberry.interface(description="Answer of every mutation of a renewal.")
class RenewalPayload(Payload):
    renewal: Renewal | None = strawberry.field(
        description="The renewal as it stands now, also beside errors; null where there is none."
    )

    @classmethod
    def of(cls, done: Done[RenewalWord]) -> Self:
        renewal = Renewal(word=done.thing) if done.thing else None
        return cls(renewal=renewal, problems=done.problems, replayed=done.replayed)


@strawberry.type(description="A renewal was opened, or was open already.")
class RenewalStartPayload(RenewalPayload): ...


@strawberry.type(description="A plan was chosen.")
class RenewalPlanSelectPayload(RenewalPayload): ...


@strawberry.type(description="A plan was quoted again.")
class RenewalRequotePayload(RenewalPayload):
    plan: Plan | None = strawberry.field(default=None, description="The plan as quoted now.")


@strawberry.type(description="A step of a renewal was answered.")
class RenewalStepAnswerPayload(RenewalPayload): ...


@strawberry.type(description="What became of the wish to submit.")
class RenewalSubmitPayload(RenewalPayload): ...


@strawberry.type(description="A queued application was taken back.")
class RenewalWithdrawPayload(RenewalPayload): ...


@strawberry.type(description="A renewal goes on, or stays with the agency for the reasons that stand now.")
class RenewalResumePayload(RenewalPayload): ...


@strawberry.type(description="A renewal was abandoned.")
class RenewalCancelPayload(RenewalPayload): ...
