"""What a plan loses or narrows, as GraphQL shows it."""

import strawberry

from insurers.coverage import CoverageKind
from insurers.losses import Loss as LossWord
from insurers.verdict import Verdict
from schema.arguments import InLanguage
from schema.context import Info


@strawberry.type(description="A cover or condition of the present contract that a plan loses or narrows, or may.")
class Loss:
    word: strawberry.Private[LossWord]

    @strawberry.field(description="Which kind of cover; null for who may drive, from which age, and for what.")
    def key(self) -> CoverageKind | None:
        return self.word.kind

    @strawberry.field(description="Its name.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(description="LOST, WORSE, DIFFERENT, or UNKNOWN, which is never taken for granted.")
    def verdict(self) -> Verdict:
        return self.word.verdict

    @strawberry.field(description="Why, in one sentence.")
    def reason(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.reason, locale)
