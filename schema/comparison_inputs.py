"""What writes about a comparison take: one input each."""

from collections.abc import Sequence

import strawberry

from insurers.coverage import CoverageChange
from insurers.risk import DataCategory
from schema.inputs import CoverageChangeInput, InsurerRef, PolicyRef, key_field
from schema.intention import IntentionInput


@strawberry.input(description="Ask for quotes.")
class ComparisonStartInput:
    policies: list[PolicyRef] = strawberry.field(description="What to compare; at most ten of the viewer's.")
    idempotency_key: strawberry.ID = key_field()
    insurers: list[InsurerRef] | None = strawberry.field(
        default=None, description="Whom to ask; every insurer that this gateway reaches where it is left out."
    )
    intention: IntentionInput | None = strawberry.field(
        default=None, description="What the customer wants; it can be said later, too."
    )


@strawberry.input(description="Say whether an insurer may be told of the contracts at others, and what of them.")
class ComparisonSharingAnswerInput:
    comparison_id: strawberry.ID = strawberry.field(description="Which comparison.")
    insurer: InsurerRef = strawberry.field(description="Who may or may not be told.")
    granted: bool = strawberry.field(description="False: it is told nothing, and stays visible as declined.")
    disclosure_hash: str = strawberry.field(description="`hash` of its disclosure that was read.")
    idempotency_key: strawberry.ID = key_field()
    categories: list[DataCategory] | None = strawberry.field(
        default=None, description="The kinds of data that it may be told; all of the disclosure where it is left out."
    )


@strawberry.input(description="Ask insurers of a comparison once more.")
class ComparisonRefreshInput:
    comparison_id: strawberry.ID = strawberry.field(description="Which comparison.")
    idempotency_key: strawberry.ID = key_field()
    insurers: list[InsurerRef] | None = strawberry.field(
        default=None, description="Whom; everybody who may be asked where it is left out."
    )


@strawberry.input(description="Quote a plan of a comparison again with changes.")
class ComparisonRequoteInput:
    plan_id: strawberry.ID = strawberry.field(description="The plan to be changed, one of `Comparison.offers`.")
    changes: list[CoverageChangeInput] = strawberry.field(description="What to change.")
    idempotency_key: strawberry.ID = key_field()
    reset_first: bool = strawberry.field(
        default=False, description="Go back to what was first offered, before the changes."
    )


@strawberry.input(description="Say what the customer wants.")
class ComparisonIntentionSetInput:
    comparison_id: strawberry.ID = strawberry.field(description="Which comparison.")
    intention: IntentionInput = strawberry.field(description="What is wanted; it takes the place of what was said.")
    idempotency_key: strawberry.ID = key_field()


@strawberry.input(description="Choose a plan.")
class ComparisonPlanChooseInput:
    plan_id: strawberry.ID = strawberry.field(description="The plan to go on with, one of `ComparedPolicy.offers`.")
    idempotency_key: strawberry.ID = key_field()
    acknowledged_losses: str | None = strawberry.field(
        default=None, description="`lossesHash` of the plan, once its `losses` were read; needed where it has any."
    )


def changes_of(given: Sequence[CoverageChangeInput]) -> list[CoverageChange]:
    return [CoverageChange(kind=change.key, option=change.option) for change in given]
