"""Expected failures of a write as GraphQL shows them: data beside the object, never top-level errors."""

from datetime import datetime

import strawberry

from insurers.agency import ConsentScope
from insurers.hours import Hours, Openness
from insurers.losses import fingerprint
from schema.challenge import Challenge
from schema.context import Info
from schema.insurer import Contact, Insurer
from schema.losses import Loss
from schema.policy import RenewabilityReason
from schema.problems import Problem, ProblemCode
from schema.provider import ProviderErrorCode, ProviderState, ProviderStatus


@strawberry.interface(description="An expected failure of a write, in code and in the viewer's language.")
class UserError:
    word: strawberry.Private[Problem]

    @strawberry.field(description="What kind of failure.")
    def code(self) -> ProblemCode:
        return self.word.code

    @strawberry.field(description="What happened and what to do, in the viewer's language.")
    def message(self, info: Info) -> str:
        return info.context.say(self.word.message)

    @strawberry.field(description='Path into `input`, for example ["answers", "2", "value"].')
    def field(self) -> list[str] | None:
        return list(self.word.field) or None

    @strawberry.field(description="The particular reason, where there is one: a code that gets new members.")
    def reason(self) -> str | None:
        return self.word.reason.name if self.word.reason else None

    @strawberry.field(description="When to try again, where that is known: the insurer opens, a lock ends.")
    def retry_at(self, info: Info) -> datetime | None:
        return self._retry_at(info)

    def _retry_at(self, info: Info) -> datetime | None:
        return self.word.retry_at

    @strawberry.field(description="The insurer's own words, where it said something.")
    def insurer_message(self) -> str | None:
        return self.word.insurer_words


@strawberry.type(description="Something in the input is wrong, or no longer fits.")
class InputError(UserError): ...


@strawberry.type(description="The flow moved on; its present state stands beside this error.")
class ConflictError(UserError):
    @strawberry.field(description="The version to answer.")
    def current_version(self) -> int:
        return self.word.current_version or 0


@strawberry.type(description="The insurer wants a secret first.")
class ChallengeError(UserError):
    @strawberry.field(description="The question; null where the account must be linked anew.")
    async def challenge(self, info: Info) -> Challenge | None:
        for link in await info.context.loaders.links.load(None):
            if link.id == self.word.link or (self.word.link is None and link.insurer == self.word.insurer):
                return Challenge.of_link(link)
        return None


@strawberry.type(description="This cannot be done online; here is why, and whom to ask.")
class EligibilityError(UserError):
    @strawberry.field(description="Why it cannot be done online, each with whom to ask.")
    def reasons(self) -> list[RenewabilityReason]:
        return [RenewabilityReason(word=reason) for reason in self.word.reasons]

    @strawberry.field(description="Whom to ask.")
    def contacts(self) -> list[Contact]:
        return [Contact(word=contact) for contact in self.word.contacts]


@strawberry.type(description="The insurer did not answer as hoped.")
class ProviderError(UserError):
    @strawberry.field(description="Which insurer, and when to ask again where that is known.")
    def provider(self, info: Info) -> ProviderStatus | None:
        if self.word.insurer is None:
            return None
        manifest, closed = info.context.host.manifests[self.word.insurer], self._is_closed()
        return ProviderStatus(
            insurer=Insurer(manifest=manifest),
            state=ProviderState.MAINTENANCE if closed else ProviderState.UNAVAILABLE,
            code=ProviderErrorCode.OUTSIDE_SERVICE_HOURS if closed else ProviderErrorCode.CONNECTION_FAILED,
            retry_after=self._retry_at(info),
            freshness=None,
            words=self.word.message,
        )

    @strawberry.field(description="Whether it is open for this now; null where no source tells, which is not open.")
    def open_now(self, info: Info) -> bool | None:
        openness = self._openness(info)
        # Whatever its hours are, it has just said that it is closed.
        return None if openness is Openness.UNKNOWN else openness is Openness.OPEN and not self._is_closed()

    @strawberry.field(description="When it opens next for this; null where no source tells.")
    def opens_at(self, info: Info) -> datetime | None:
        return self._opens_at(info)

    @strawberry.field(description="When that opening ends; null where it has no end, or no source tells.")
    def closes_at(self, info: Info) -> datetime | None:
        hours, opens_at = self._hours(info), self._opens_at(info)
        return hours.closes_at(opens_at) if hours and opens_at else None

    @strawberry.field(description="Whom to ask instead, where there is somebody.")
    def contacts(self) -> list[Contact]:
        return [Contact(word=contact) for contact in self.word.contacts]

    def _is_closed(self) -> bool:
        return self.word.code is ProblemCode.PROVIDER_CLOSED

    def _retry_at(self, info: Info) -> datetime | None:
        # The service that refused may open before the others that this needs.
        return self._opens_at(info) if self._is_closed() and self.word.retry_at else self.word.retry_at

    def _opens_at(self, info: Info) -> datetime | None:
        hours, now, told = self._hours(info), info.context.host.now(), self.word.retry_at
        if hours is None or (told is None and self._is_closed() and hours.openness(now) is Openness.OPEN):
            return told
        return hours.opens_at(max(now, told or now)) or told

    def _openness(self, info: Info) -> Openness:
        hours = self._hours(info)
        return hours.openness(info.context.host.now()) if hours else Openness.UNKNOWN

    def _hours(self, info: Info) -> Hours | None:
        manifest = info.context.host.manifests.get(self.word.insurer) if self.word.insurer else None
        return manifest.hours.get(self.word.capability) if manifest else None

    @strawberry.field(description="False when it may have been done: then never send it again.")
    def outcome_known(self) -> bool:
        return self.word.code is not ProblemCode.OUTCOME_UNKNOWN


@strawberry.type(description="The plan loses or narrows covers, or may; say that you know, and choose it then.")
class LossesError(UserError):
    @strawberry.field(description="What it loses or narrows against the present contract.")
    def losses(self) -> list[Loss]:
        return [Loss(word=loss) for loss in self.word.losses]

    @strawberry.field(description="What to send as `acknowledgedLosses`, once these were read.")
    def losses_hash(self) -> str | None:
        return fingerprint(self.word.losses)


@strawberry.type(description="The customer has not allowed it.")
class ConsentError(UserError):
    @strawberry.field(
        description="What the customer would have to let the agency do (`consentGrant`); empty where it is not for an"
        " agency that leave is wanted, but for telling another insurer."
    )
    def missing(self) -> list[ConsentScope]:
        return list(self.word.scopes)


_MEMBERS: dict[ProblemCode, type[UserError]] = {
    ProblemCode.VERSION_CONFLICT: ConflictError,
    ProblemCode.CHALLENGE_REQUIRED: ChallengeError,
    ProblemCode.NOT_ELIGIBLE: EligibilityError,
    ProblemCode.PROVIDER_CLOSED: ProviderError,
    ProblemCode.PROVIDER_UNAVAILABLE: ProviderError,
    ProblemCode.OUTCOME_UNKNOWN: ProviderError,
    ProblemCode.LOSSES_NOT_ACKNOWLEDGED: LossesError,
    ProblemCode.CONSENT_REQUIRED: ConsentError,
}

MEMBERS: tuple[type[UserError], ...] = (InputError, *dict.fromkeys(_MEMBERS.values()))


def user_errors(problems: tuple[Problem, ...]) -> list[UserError]:
    return [_MEMBERS.get(problem.code, InputError)(word=problem) for problem in problems]
