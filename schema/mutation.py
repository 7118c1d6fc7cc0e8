"""Every deed, on one page. Each carries a key that makes it safe to repeat."""

import strawberry

from schema import flows
from schema.access import (
    document_id,
    doer,
    flow_id,
    insurer_code,
    plan_code,
    policy_ref,
    principal,
    step_key,
    wrong_number,
)
from schema.book_mutation import BookMutation
from schema.comparison_inputs import changes_of
from schema.comparison_mutation import ComparisonMutation
from schema.consent_mutation import ConsentMutation
from schema.context import Info
from schema.directives import CUSTOMERS, PREPARES, SUBMITS
from schema.inputs import (
    AnswerInput,
    ChallengeAnswerInput,
    InsurerLinkCreateInput,
    InsurerLinkDeleteInput,
    RegistrationCancelInput,
    RegistrationMessageResendInput,
    RegistrationStartInput,
    RenewalCancelInput,
    RenewalPlanSelectInput,
    RenewalRequoteInput,
    RenewalResumeInput,
    RenewalStartInput,
    RenewalSubmitInput,
    RenewalWithdrawInput,
    StepAnswerInput,
)
from schema.payloads import (
    ChallengeAnswerPayload,
    InsurerLinkCreatePayload,
    InsurerLinkDeletePayload,
    RegistrationCancelPayload,
    RegistrationMessageResendPayload,
    RegistrationStartPayload,
    RegistrationStepAnswerPayload,
    RenewalCancelPayload,
    RenewalPlanSelectPayload,
    RenewalRequotePayload,
    RenewalResumePayload,
    RenewalStartPayload,
    RenewalStepAnswerPayload,
    RenewalSubmitPayload,
    RenewalWithdrawPayload,
)
from schema.plan import Plan
from schema.ports import Done, Given
from schema.problems import NOT_FOUND, unknown
from schema.rate_limit import refusal
from schema.reminder_mutation import ReminderMutation
from schema.spending import Tries
from schema.telling_mutation import TellingMutation


@strawberry.type(description="Writes. One input each, one payload each; `errors` are data the caller can act on.")
class Mutation(BookMutation, ComparisonMutation, ConsentMutation, ReminderMutation, TellingMutation):
    @strawberry.mutation(description="Start registering at an insurer.", directives=[CUSTOMERS])
    async def registration_start(self, info: Info, input: RegistrationStartInput) -> RegistrationStartPayload:
        viewer, code = principal(info), insurer_code(info, input.insurer)
        if code is None:
            return RegistrationStartPayload(registration=None, problems=(unknown("insurer"),), replayed=False)
        if often := await refusal(info, Tries.REGISTRATION):
            return RegistrationStartPayload.of(Done(problems=(often,)))
        done = await info.context.host.registrations.start(
            viewer, code, input.method_key, input.purpose, key=input.idempotency_key
        )
        return RegistrationStartPayload.of(done)

    @strawberry.mutation(
        description="Answer the open step of a registration. The step that sends, sends.", directives=[CUSTOMERS]
    )
    async def registration_step_answer(self, info: Info, input: StepAnswerInput) -> RegistrationStepAnswerPayload:
        viewer, flow = principal(info), flow_id(info, input.flow_id, "Registration")
        if often := await refusal(info, Tries.REGISTRATION_ANSWER):
            return RegistrationStepAnswerPayload.of(Done(thing=await flows.registration(info, flow), problems=(often,)))
        done = await info.context.host.registrations.answer(
            viewer,
            flow,
            step_key(info, input.step_id, flow),
            [_given(info, answer, flow) for answer in input.answers],
            version=input.expected_version,
            key=input.idempotency_key,
        )
        return RegistrationStepAnswerPayload.of(done)

    @strawberry.mutation(
        description="Begin again from what was entered: answer the step that sends, and a new mail goes out.",
        directives=[CUSTOMERS],
    )
    async def registration_message_resend(
        self, info: Info, input: RegistrationMessageResendInput
    ) -> RegistrationMessageResendPayload:
        viewer, flow = principal(info), flow_id(info, input.registration_id, "Registration")
        if often := await refusal(info, Tries.REGISTRATION):
            found = await flows.registration(info, flow)
            return RegistrationMessageResendPayload.of(Done(thing=found, problems=(often,)))
        done = await info.context.host.registrations.resend(viewer, flow, key=input.idempotency_key)
        return RegistrationMessageResendPayload.of(done)

    @strawberry.mutation(description="Give up a registration.", directives=[CUSTOMERS])
    async def registration_cancel(self, info: Info, input: RegistrationCancelInput) -> RegistrationCancelPayload:
        flow = flow_id(info, input.registration_id, "Registration")
        done = await info.context.host.registrations.cancel(principal(info), flow, key=input.idempotency_key)
        return RegistrationCancelPayload.of(done)

    @strawberry.mutation(
        description="Sign in at an insurer on the viewer's behalf and keep the link.", directives=[CUSTOMERS]
    )
    async def insurer_link_create(self, info: Info, input: InsurerLinkCreateInput) -> InsurerLinkCreatePayload:
        viewer, code = principal(info), insurer_code(info, input.insurer)
        if code is None:
            return InsurerLinkCreatePayload(link=None, problems=(unknown("insurer"),), replayed=False)
        if often := await refusal(info, Tries.SIGN_IN):
            return InsurerLinkCreatePayload.of(Done(problems=(often,)))
        done = await info.context.host.links.create(
            viewer,
            code,
            input.user_id,
            input.password,
            key=input.idempotency_key,
        )
        return InsurerLinkCreatePayload.of(done)

    @strawberry.mutation(description="Answer the one-time password of a linked account.", directives=[CUSTOMERS])
    async def challenge_answer(self, info: Info, input: ChallengeAnswerInput) -> ChallengeAnswerPayload:
        viewer, parts = principal(info), info.context.ids.parts(input.challenge_id, "Challenge")
        link = parts[1] if parts and parts[0] == "link" else ""
        if often := await refusal(info, Tries.PASSCODE):
            return ChallengeAnswerPayload.of(Done(problems=(often,)))
        done = await info.context.host.links.answer(
            viewer, link, input.answer, trust_device=input.trust_device, key=input.idempotency_key
        )
        return ChallengeAnswerPayload.of(done)

    @strawberry.mutation(description="Forget a linked account and its secrets, at once.", directives=[CUSTOMERS])
    async def insurer_link_delete(self, info: Info, input: InsurerLinkDeleteInput) -> InsurerLinkDeletePayload:
        link = flow_id(info, input.link_id, "InsurerLink")
        done = await info.context.host.links.delete(principal(info), link, key=input.idempotency_key)
        deleted = input.link_id if done.thing else None
        return InsurerLinkDeletePayload(deleted_link_id=deleted, problems=done.problems, replayed=done.replayed)

    @strawberry.mutation(
        description="Open the renewal of a policy, or return the one that is open.", directives=[PREPARES]
    )
    async def renewal_start(self, info: Info, input: RenewalStartInput) -> RenewalStartPayload:
        viewer, ref = doer(info), policy_ref(info, input.policy)
        if ref is None:
            why = wrong_number(info, input.policy, "policy") or NOT_FOUND
            return RenewalStartPayload(renewal=None, problems=(why,), replayed=False)
        done = await info.context.host.renewals.start(viewer, ref, key=input.idempotency_key)
        return RenewalStartPayload.of(done)

    @strawberry.mutation(
        description="Choose a plan as quoted. One that loses or narrows covers of the present contract is chosen only"
        " by the customer, who names what was read of it (`acknowledgedLosses`).",
        directives=[PREPARES],
    )
    async def renewal_plan_select(self, info: Info, input: RenewalPlanSelectInput) -> RenewalPlanSelectPayload:
        flow = flow_id(info, input.renewal_id, "Renewal")
        done = await info.context.host.renewals.select(
            doer(info),
            flow,
            plan_code(info, input.plan_id, flow),
            version=input.expected_version,
            key=input.idempotency_key,
            acknowledged=input.acknowledged_losses,
        )
        return RenewalPlanSelectPayload.of(done)

    @strawberry.mutation(
        description="Change covers of a plan and quote again; any number of times. The selected plan stays selected"
        " unless it now loses or narrows more than was acknowledged: then it is to be chosen again.",
        directives=[PREPARES],
    )
    async def renewal_requote(self, info: Info, input: RenewalRequoteInput) -> RenewalRequotePayload:
        flow = flow_id(info, input.renewal_id, "Renewal")
        code = plan_code(info, input.plan_id, flow)
        done = await info.context.host.renewals.requote(
            doer(info),
            flow,
            code,
            changes_of(input.changes),
            reset=input.reset_first,
            version=input.expected_version,
            key=input.idempotency_key,
        )
        payload = RenewalRequotePayload.of(done)
        renewal = done.thing
        if renewal is not None:
            quoted = (Plan(word=plan, offered_by=renewal) for plan in renewal.plans if plan.code == code)
            payload.plan = next(quoted, None)
        return payload

    @strawberry.mutation(
        description="Answer the open step: fields, confirmations, documents opened. When the last step before the"
        " application is answered, the insurer is walked up to its button, and `review` shows what would be signed.",
        directives=[PREPARES],
    )
    async def renewal_step_answer(self, info: Info, input: StepAnswerInput) -> RenewalStepAnswerPayload:
        flow = flow_id(info, input.flow_id, "Renewal")
        done = await info.context.host.renewals.answer(
            doer(info),
            flow,
            step_key(info, input.step_id, flow),
            [_given(info, answer, flow) for answer in input.answers],
            version=input.expected_version,
            key=input.idempotency_key,
        )
        return RenewalStepAnswerPayload.of(done)

    @strawberry.mutation(
        description="Binding. Applies for the next term exactly as reviewed; queued while the insurer is closed.",
        directives=[SUBMITS],
    )
    async def renewal_submit(self, info: Info, input: RenewalSubmitInput) -> RenewalSubmitPayload:
        viewer, flow = doer(info), flow_id(info, input.renewal_id, "Renewal")
        if often := await refusal(info, Tries.SUBMIT):
            return RenewalSubmitPayload.of(Done(thing=await flows.renewal(info, flow), problems=(often,)))
        done = await info.context.host.renewals.submit(
            viewer,
            flow,
            input.review_hash,
            version=input.expected_version,
            key=input.idempotency_key,
            when_closed=input.when_closed,
        )
        return RenewalSubmitPayload.of(done)

    @strawberry.mutation(
        description="Take a queued application back before it is sent. What was confirmed stays confirmed, and the"
        " renewal may be submitted again.",
        directives=[SUBMITS],
    )
    async def renewal_withdraw(self, info: Info, input: RenewalWithdrawInput) -> RenewalWithdrawPayload:
        flow = flow_id(info, input.renewal_id, "Renewal")
        done = await info.context.host.renewals.withdraw(doer(info), flow, key=input.idempotency_key)
        return RenewalWithdrawPayload.of(done)

    @strawberry.mutation(
        description="Look again at a renewal that is with the agency: the insurer is read anew, and every other linked"
        " insurer. If nothing stands in the way any more it goes on; an answer that led to the agency is asked anew.",
        directives=[PREPARES],
    )
    async def renewal_resume(self, info: Info, input: RenewalResumeInput) -> RenewalResumePayload:
        viewer, flow = doer(info), flow_id(info, input.renewal_id, "Renewal")
        if often := await refusal(info, Tries.SIGN_IN):
            return RenewalResumePayload.of(Done(thing=await flows.renewal(info, flow), problems=(often,)))
        done = await info.context.host.renewals.resume(viewer, flow, key=input.idempotency_key)
        return RenewalResumePayload.of(done)

    @strawberry.mutation(
        description="Abandon a renewal; nothing is sent to the insurer after this.", directives=[PREPARES]
    )
    async def renewal_cancel(self, info: Info, input: RenewalCancelInput) -> RenewalCancelPayload:
        flow = flow_id(info, input.renewal_id, "Renewal")
        done = await info.context.host.renewals.cancel(doer(info), flow, key=input.idempotency_key)
        return RenewalCancelPayload.of(done)


def _given(info: Info, answer: AnswerInput, flow: str) -> Given:
    value = answer.value
    key = answer.requirement_key
    if value.secret:
        return Given(requirement=key, secret=value.secret)
    if value.link:
        return Given(requirement=key, link=value.link)
    if value.document_opened:
        return Given(requirement=key, opened=document_id(info, value.document_opened))
    if value.plan_id:
        return Given(
            requirement=key,
            plan=plan_code(info, value.plan_id, flow),
            acknowledged=answer.acknowledged_losses,
        )
    if isinstance(value.confirmed, bool):
        return Given(requirement=key, confirmed=value.confirmed)
    if isinstance(value.choices, list):
        return Given(requirement=key, value=tuple(value.choices))
    typed = next((one for one in (value.text, value.choice, value.date, value.number) if _said(one)), "")
    return Given(requirement=key, value=str(typed))


def _said(value: object) -> bool:
    return value is not None and value is not strawberry.UNSET
