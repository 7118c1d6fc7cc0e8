"""Every deed about a comparison."""

import strawberry

from insurers.comparison import MOST_POLICIES
from insurers.identity import InsurerCode
from schema import flows
from schema.access import doer, flow_id, insurer_code, insurer_codes, policy_refs, quoted_plan, wrong_number
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
from schema.directives import PREPARES
from schema.disclosure import all_told
from schema.intention import intention_of
from schema.problems import NOT_FOUND


@strawberry.type(description="Writes about comparisons.")
class ComparisonMutation:
    @strawberry.mutation(
        description="Compare what all insurers would offer for policies. Whoever has a contract quotes its renewal; the"
        " others quote for the same risk, after the customer agreed to what they are told of it. Answers at once;"
        " insurers answer one by one, and what they answer is kept.",
        directives=[PREPARES],
    )
    async def comparison_start(self, info: Info, input: ComparisonStartInput) -> ComparisonStartPayload:
        viewer = doer(info)
        named = enumerate(input.policies[:MOST_POLICIES])
        if wrong := [why for place, ref in named if (why := wrong_number(info, ref, "policies", str(place)))]:
            return ComparisonStartPayload(comparison=None, problems=tuple(wrong), replayed=False)
        done = await info.context.host.comparisons.start(
            viewer,
            policy_refs(info, input.policies),
            insurer_codes(info, input.insurers),
            intention_of(info, input.intention) if input.intention else None,
            key=input.idempotency_key,
        )
        return ComparisonStartPayload.of(info, done)

    @strawberry.mutation(
        description="Say whether an insurer may be told of the contracts that others have, as its disclosure tells it,"
        " and ask it. The customer's alone to say, and kept as evidence.",
        directives=[PREPARES],
    )
    async def comparison_sharing_answer(
        self, info: Info, input: ComparisonSharingAnswerInput
    ) -> ComparisonSharingAnswerPayload:
        viewer, code = doer(info), insurer_code(info, input.insurer)
        if code is None and not input.granted:
            # A no is taken also of an insurer that this gateway does not reach any more.
            code = InsurerCode(input.insurer.code or "")
        flow = flow_id(info, input.comparison_id, "Comparison")
        comparison = await flows.comparison(info, flow)
        if code is None or comparison is None:
            return ComparisonSharingAnswerPayload(comparison=None, problems=(NOT_FOUND,), replayed=False)
        everything = input.granted and input.categories is None
        done = await info.context.host.comparisons.share(
            viewer,
            flow,
            code,
            all_told(info, comparison, code) if everything else input.categories or (),
            input.disclosure_hash,
            granted=input.granted,
            key=input.idempotency_key,
        )
        return ComparisonSharingAnswerPayload.of(info, done)

    @strawberry.mutation(
        description="Ask insurers of a comparison again, whoever may be asked and is not being asked. What they offered"
        " before stays until they answer.",
        directives=[PREPARES],
    )
    async def comparison_refresh(self, info: Info, input: ComparisonRefreshInput) -> ComparisonRefreshPayload:
        done = await info.context.host.comparisons.refresh(
            doer(info),
            flow_id(info, input.comparison_id, "Comparison"),
            insurer_codes(info, input.insurers),
            key=input.idempotency_key,
        )
        return ComparisonRefreshPayload.of(info, done)

    @strawberry.mutation(
        description="Change covers of a plan and quote it again; any number of times.", directives=[PREPARES]
    )
    async def comparison_requote(self, info: Info, input: ComparisonRequoteInput) -> ComparisonRequotePayload:
        inquiry, code = quoted_plan(info, input.plan_id)
        done = await info.context.host.comparisons.requote(
            doer(info), inquiry, code, changes_of(input.changes), reset=input.reset_first, key=input.idempotency_key
        )
        return ComparisonRequotePayload.of(info, done)

    @strawberry.mutation(
        description="Record what the customer wants: covers, budget, what matters. It filters and orders the plans by"
        " stated rules, and nothing else does. The customer's alone to say, and kept as evidence.",
        directives=[PREPARES],
    )
    async def comparison_intention_set(
        self, info: Info, input: ComparisonIntentionSetInput
    ) -> ComparisonIntentionSetPayload:
        done = await info.context.host.comparisons.intend(
            doer(info),
            flow_id(info, input.comparison_id, "Comparison"),
            intention_of(info, input.intention),
            key=input.idempotency_key,
        )
        return ComparisonIntentionSetPayload.of(info, done)

    @strawberry.mutation(
        description="Choose a plan. It binds nobody: the plan of whoever has the contract goes on in a renewal, another"
        " insurer's with an agency. One that loses or narrows covers is chosen only with `acknowledgedLosses`.",
        directives=[PREPARES],
    )
    async def comparison_plan_choose(self, info: Info, input: ComparisonPlanChooseInput) -> ComparisonPlanChoosePayload:
        inquiry, code = quoted_plan(info, input.plan_id)
        done = await info.context.host.comparisons.choose(
            doer(info), inquiry, code, input.acknowledged_losses, key=input.idempotency_key
        )
        return ComparisonPlanChoosePayload.of(info, done)
