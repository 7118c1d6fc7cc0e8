"""What writes about a comparison answer."""

from typing import Self

import strawberry

from insurers.comparison import Comparison as ComparisonWord
from schema.comparison import Comparison
from schema.context import Info
from schema.flows import shown
from schema.payloads import Payload
from schema.ports import Done


@strawberry.interface(description="Answer of every mutation of a comparison.")
class ComparisonPayload(Payload):
    comparison: Comparison | None = strawberry.field(
        description="The comparison as it stands now, also beside errors; null where there is none."
    )

    @classmethod
    def of(cls, info: Info, done: Done[ComparisonWord]) -> Self:
        found = shown(info, done.thing)
        return cls(comparison=Comparison.of(found) if found else None, problems=done.problems, replayed=done.replayed)


@strawberry.type(description="A comparison was begun: whoever may be asked is asked, and the others wait for a word.")
class ComparisonStartPayload(ComparisonPayload): ...


@strawberry.type(description="It was written down what an insurer may be told; where it may, it is asked.")
class ComparisonSharingAnswerPayload(ComparisonPayload): ...


@strawberry.type(description="Insurers were asked again.")
class ComparisonRefreshPayload(ComparisonPayload): ...


@strawberry.type(description="A plan was quoted again.")
class ComparisonRequotePayload(ComparisonPayload): ...


@strawberry.type(description="It was written down what the customer wants.")
class ComparisonIntentionSetPayload(ComparisonPayload): ...


@strawberry.type(description="A plan was chosen. How it goes on stands with the choice.")
class ComparisonPlanChoosePayload(ComparisonPayload): ...
