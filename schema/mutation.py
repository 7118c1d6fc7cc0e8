"""Every deed, on one page. Each carries a key that makes it safe to repeat."""

import strawberry

from schema import flows
from schema.access import (
    asker,
    document_id,
    flow_id,
    insurer_code,
    insurer_codes,
    plan_code,
    policy_ref,
    policy_refs,
    principal,
    quoted_plan,
    step_key,
)
from schema.comparison_inputs import (
    ComparisonIntentionSetInput,
    ComparisonPlanChooseInput,
    ComparisonRefreshInput,
    ComparisonRequoteInput,
    ComparisonSharingAnswerInput,
    ComparisonStartInput,
    changes_of,
)
from schema.comparison_payloads import (
    ComparisonIntentionSetPayload,
    ComparisonPlanChoosePayload,
    ComparisonRefreshPayload,
    ComparisonRequotePayload,
    ComparisonSharingAnswerPayload,
    ComparisonStartPayload,
)
from schema.context import Info
from schema.disclosure import all_told
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
from schema.intention import intention_of
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
from schema.ports import Given
from schema.problems import NOT_FOUND


@strawberry.type(description="Writes. One input each, one payload each; `errors` are data the caller can act on.")
class Mutation:
    @strawberry.mutation(description="Start registering at an insurer.")
    async def registration_start(self, info: Info, input: RegistrationStartInput) -> RegistrationStartPayload:
        viewer, code = principal(info), insurer_code(info, input.insurer)
        if code is None:
            return RegistrationStartPayload(registration=None, problems=(NOT_FOUND,), replayed=False)
        done = await info.context.host.registrations.start(
            viewer, code, input.method_key, input.purpose, key=input.idempotency_key
        )
        return RegistrationStartPayload.of(done)

    @strawberry.mutation(description="Answer the open step of a registration. The step that sends, sends.")
    async def registration_step_answer(self, info: Info, input: StepAnswerInput) -> RegistrationStepAnswerPayload:
        flow = flow_id(info, input.flow_id, "Registration")
        done = await info.context.host.registrations.answer(
            principal(info),
            flow,
            step_key(info, input.step_id, flow),
            [_given(info, answer, flow) for answer in input.answers],
            version=input.expected_version,
            key=input.idempotency_key,
        )
        return RegistrationStepAnswerPayload.of(done)

    @strawberry.mutation(
        description="Begin again from what was entered: answer the step that sends, and a new mail goes out."
    )
    async def registration_message_resend(
        self, info: Info, input: RegistrationMessageResendInput
    ) -> RegistrationMessageResendPayload:
        flow = flow_id(info, input.registration_id, "Registration")
        done = await info.context.host.registrations.resend(principal(info), flow, key=input.idempotency_key)
        return RegistrationMessageResendPayload.of(done)

    @strawberry.mutation(description="Give up a registration.")
    async def registration_cancel(self, info: Info, input: RegistrationCancelInput) -> RegistrationCancelPayload:
        flow = flow_id(info, input.registration_id, "Registration")
        done = await info.context.host.registrations.cancel(principal(info), flow, key=input.idempotency_key)
        return RegistrationCancelPayload.of(done)

    @strawberry.mutation(description="Sign in at an insurer on the viewer's behalf and keep the link.")
    async def insurer_link_create(self, info: Info, input: InsurerLinkCreateInput) -> InsurerLinkCreatePayload:
        viewer, code = principal(info), insurer_code(info, input.insurer)
        if code is None:
            return InsurerLinkCreatePayload(link=None, problems=(NOT_FOUND,), replayed=False)
        done = await info.context.host.links.create(
            viewer,
            code,
            input.user_id,
            input.password,
            key=input.idempotency_key,
        )
        return InsurerLinkCreatePayload.of(done)

    @strawberry.mutation(description="Answer the one-time password of a linked account.")
    async def challenge_answer(self, info: Info, input: ChallengeAnswerInput) -> ChallengeAnswerPayload:
        parts = info.context.ids.parts(input.challenge_id, "Challenge")
        link = parts[1] if parts and parts[0] == "link" else ""
        done = await info.context.host.links.answer(
            principal(info), link, input.answer, trust_device=input.trust_device, key=input.idempotency_key
        )
        return ChallengeAnswerPayload.of(done)

    @strawberry.mutation(description="Forget a linked account and its secrets, at once.")
    async def insurer_link_delete(self, info: Info, input: InsurerLinkDeleteInput) -> InsurerLinkDeletePayload:
        link = flow_id(info, input.link_id, "InsurerLink")
        done = await info.context.host.links.delete(principal(info), link, key=input.idempotency_key)
        deleted = input.link_id if done.thing else None
        return InsurerLinkDeletePayload(deleted_link_id=deleted, problems=done.problems, replayed=done.replayed)

    @strawberry.mutation(description="Open the renewal of a policy, or return the one that is open.")
    async def renewal_start(self, info: Info, input: RenewalStartInput) -> RenewalStartPayload:
        viewer, ref = asker(info), policy_ref(info, input.policy)
        if ref is None:
            return RenewalStartPayload(renewal=None, problems=(NOT_FOUND,), replayed=False)
        done = await info.context.host.renewals.start(viewer, ref, key=input.idempotency_key)
        return RenewalStartPayload.of(done)

    @strawberry.mutation(
        description="Choose a plan as quoted. One that loses or narrows covers of the present contract is chosen only"
        " by the customer, who names what was read of it (`acknowledgedLosses`)."
    )
    async def renewal_plan_select(self, info: Info, input: RenewalPlanSelectInput) -> RenewalPlanSelectPayload:
        flow = flow_id(info, input.renewal_id, "Renewal")
        done = await info.context.host.renewals.select(
            asker(info),
            flow,
            plan_code(info, input.plan_id, flow),
            version=input.expected_version,
            key=input.idempotency_key,
            acknowledged=input.acknowledged_losses,
        )
        return RenewalPlanSelectPayload.of(done)

    @strawberry.mutation(
        description="Change covers of a plan and quote again; any number of times. The selected plan stays selected"
        " unless it now loses or narrows more than was acknowledged: then it is to be chosen again."
    )
    async def renewal_requote(self, info: Info, input: RenewalRequoteInput) -> RenewalRequotePayload:
        flow = flow_id(info, input.renewal_id, "Renewal")
        code = plan_code(info, input.plan_id, flow)
        done = await info.context.host.renewals.requote(
            asker(info),
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
        " application is answered, the insurer is walked up to its button, and `review` shows what would be signed."
    )
    async def renewal_step_answer(self, info: Info, input: StepAnswerInput) -> RenewalStepAnswerPayload:
        flow = flow_id(info, input.flow_id, "Renewal")
        done = await info.context.host.renewals.answer(
            asker(info),
            flow,
            step_key(info, input.step_id, flow),
            [_given(info, answer, flow) for answer in input.answers],
            version=input.expected_version,
            key=input.idempotency_key,
        )
        return RenewalStepAnswerPayload.of(done)

    @strawberry.mutation(
        description="Binding. Applies for the next term exactly as reviewed; queued while the insurer is closed."
    )
    async def renewal_submit(self, info: Info, input: RenewalSubmitInput) -> RenewalSubmitPayload:
        done = await info.context.host.renewals.submit(
            asker(info),
            flow_id(info, input.renewal_id, "Renewal"),
            input.review_hash,
            version=input.expected_version,
            key=input.idempotency_key,
            when_closed=input.when_closed,
        )
        return RenewalSubmitPayload.of(done)

    @strawberry.mutation(
        description="Take a queued application back before it is sent. What was confirmed stays confirmed, and the"
        " renewal may be submitted again."
    )
    async def renewal_withdraw(self, info: Info, input: RenewalWithdrawInput) -> RenewalWithdrawPayload:
        flow = flow_id(info, input.renewal_id, "Renewal")
        done = await info.context.host.renewals.withdraw(asker(info), flow, key=input.idempotency_key)
        return RenewalWithdrawPayload.of(done)

    @strawberry.mutation(
        description="Look again at a renewal that is with the agency: the insurer is read anew, and every other linked"
        " insurer. If nothing stands in the way any more it goes on; an answer that led to the agency is asked anew."
    )
    async def renewal_resume(self, info: Info, input: RenewalResumeInput) -> RenewalResumePayload:
        flow = flow_id(info, input.renewal_id, "Renewal")
        done = await info.context.host.renewals.resume(asker(info), flow, key=input.idempotency_key)
        return RenewalResumePayload.of(done)

    @strawberry.mutation(description="Abandon a renewal; nothing is sent to the insurer after this.")
    async def renewal_cancel(self, info: Info, input: RenewalCancelInput) -> RenewalCancelPayload:
        flow = flow_id(info, input.renewal_id, "Renewal")
        done = await info.context.host.renewals.cancel(asker(info), flow, key=input.idempotency_key)
        return RenewalCancelPayload.of(done)

    @strawberry.mutation(
        description="Compare what all insurers would offer for policies. Whoever has a contract quotes its renewal; the"
        " others quote for the same risk, after the customer agreed to what they are told of it. Answers at once;"
        " insurers answer one by one, and what they answer is kept."
    )
    async def comparison_start(self, info: Info, input: ComparisonStartInput) -> ComparisonStartPayload:
        done = await info.context.host.comparisons.start(
            asker(info),
            policy_refs(info, input.policies),
            insurer_codes(info, input.insurers),
            intention_of(info, input.intention) if input.intention else None,
            key=input.idempotency_key,
        )
        return ComparisonStartPayload.of(info, done)

    @strawberry.mutation(
        description="Say whether an insurer may be told of the contracts that others have, as its disclosure tells it,"
        " and ask it. The customer's alone to say, and kept as evidence."
    )
    async def comparison_sharing_answer(
        self, info: Info, input: ComparisonSharingAnswerInput
    ) -> ComparisonSharingAnswerPayload:
        viewer, code = asker(info), insurer_code(info, input.insurer)
        flow = flow_id(info, input.comparison_id, "Comparison")
        comparison = await flows.comparison(info, flow)
        if code is None or comparison is None:
            return ComparisonSharingAnswerPayload(comparison=None, problems=(NOT_FOUND,), replayed=False)
        done = await info.context.host.comparisons.share(
            viewer,
            flow,
            code,
            all_told(info, comparison, code) if input.categories is None else input.categories,
            input.disclosure_hash,
            granted=input.granted,
            key=input.idempotency_key,
        )
        return ComparisonSharingAnswerPayload.of(info, done)

    @strawberry.mutation(
        description="Ask insurers of a comparison again, whoever may be asked and is not being asked. What they offered"
        " before stays until they answer."
    )
    async def comparison_refresh(self, info: Info, input: ComparisonRefreshInput) -> ComparisonRefreshPayload:
        done = await info.context.host.comparisons.refresh(
            asker(info),
            flow_id(info, input.comparison_id, "Comparison"),
            insurer_codes(info, input.insurers),
            key=input.idempotency_key,
        )
        return ComparisonRefreshPayload.of(info, done)

    @strawberry.mutation(description="Change covers of a plan and quote it again; any number of times.")
    async def comparison_requote(self, info: Info, input: ComparisonRequoteInput) -> ComparisonRequotePayload:
        inquiry, code = quoted_plan(info, input.plan_id)
        done = await info.context.host.comparisons.requote(
            asker(info), inquiry, code, changes_of(input.changes), reset=input.reset_first, key=input.idempotency_key
        )
        return ComparisonRequotePayload.of(info, done)

    @strawberry.mutation(
        description="Record what the customer wants: covers, budget, what matters. It filters and orders the plans by"
        " stated rules, and nothing else does. The customer's alone to say, and kept as evidence."
    )
    async def comparison_intention_set(
        self, info: Info, input: ComparisonIntentionSetInput
    ) -> ComparisonIntentionSetPayload:
        done = await info.context.host.comparisons.intend(
            asker(info),
            flow_id(info, input.comparison_id, "Comparison"),
            intention_of(info, input.intention),
            key=input.idempotency_key,
        )
        return ComparisonIntentionSetPayload.of(info, done)

    @strawberry.mutation(
        description="Choose a plan. It binds nobody: the plan of whoever has the contract goes on in a renewal, another"
        " insurer's with an agency. One that loses or narrows covers is chosen only with `acknowledgedLosses`."
    )
    async def comparison_plan_choose(self, info: Info, input: ComparisonPlanChooseInput) -> ComparisonPlanChoosePayload:
        inquiry, code = quoted_plan(info, input.plan_id)
        done = await info.context.host.comparisons.choose(
            asker(info), inquiry, code, input.acknowledged_losses, key=input.idempotency_key
        )
        return ComparisonPlanChoosePayload.of(info, done)


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
