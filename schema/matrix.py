"""Rows and cells of plans side by side."""

from collections.abc import Sequence
from enum import Enum

import strawberry

from insurers.coverage import CoverageKind
from insurers.matrix import Cell, ConditionCell, ConditionRow, Row
from insurers.verdict import Verdict
from schema.arguments import InLanguage
from schema.context import Info
from schema.coverage import Coverage
from schema.plan import Plan


@strawberry.type(description="One offer's value in a row.")
class ComparisonCell:
    word: strawberry.Private[Cell]
    of: strawberry.Private[Plan]

    @strawberry.field(description="Whose value it is.")
    def plan(self) -> Plan:
        return self.of

    @strawberry.field(description="The cover; null where the plan has no such cover.")
    def coverage(self) -> Coverage | None:
        # GraphQL reads the language's value by attribute; a Coverage here is a description of it.
        return self.word.coverage  # type: ignore[return-value]

    @strawberry.field(description="How it stands to the reference plan.")
    def verdict(self) -> Verdict:
        return self.word.verdict

    @strawberry.field(description="Why, in one sentence.")
    def reason(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.reason, locale)


@strawberry.type(description="One kind of cover across all offers.")
class ComparisonRow:
    word: strawberry.Private[Row]
    plans: strawberry.Private[Sequence[Plan]]
    held_against: strawberry.Private[Plan | None]

    @strawberry.field(description="Which kind of cover.")
    def key(self) -> CoverageKind:
        return self.word.kind

    @strawberry.field(description="Its name.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(
        description="The value of the plan that all others are held against; null where each policy has its own."
    )
    def reference(self) -> ComparisonCell | None:
        return ComparisonCell(word=self.word.cells[0], of=self.held_against) if self.held_against else None

    @strawberry.field(description="A cell for each offer, in the order of `offers`.")
    def cells(self) -> list[ComparisonCell]:
        cells = self.word.cells[1:] if self.held_against else self.word.cells
        return [ComparisonCell(word=cell, of=plan) for cell, plan in zip(cells, self.plans, strict=True)]

    @strawberry.field(description="Whether any offer differs from the reference here.")
    def differs(self) -> bool:
        return self.word.differs


@strawberry.enum(description="On which conditions a plan covers anything at all.")
class ConditionKey(Enum):
    DRIVERS = "drivers"
    AGE = "age"
    USE = "use"


@strawberry.type(description="What one offer says of a condition.")
class ComparisonConditionCell:
    word: strawberry.Private[ConditionCell]
    of: strawberry.Private[Plan]

    @strawberry.field(description="The plan whose condition it is.")
    def plan(self) -> Plan:
        return self.of

    @strawberry.field(description="What it says, in comparable words; null where it does not say.")
    def value(self, info: Info, locale: InLanguage = None) -> str | None:
        return info.context.say(self.word.value, locale) if self.word.value else None

    @strawberry.field(description="The same in the insurer's words.")
    def insurer_value(self) -> str | None:
        return self.word.insurer_value

    @strawberry.field(description="How it stands to the reference plan: wider is better.")
    def verdict(self) -> Verdict:
        return self.word.verdict

    @strawberry.field(description="Why, in one sentence.")
    def reason(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.reason, locale)


@strawberry.type(
    description="One condition across all offers: who may drive, from which age, or for what. Outside of it no cover"
    " pays at all."
)
class ComparisonConditionRow:
    word: strawberry.Private[ConditionRow]
    plans: strawberry.Private[Sequence[Plan]]
    held_against: strawberry.Private[Plan | None]

    @strawberry.field(description="Which condition.")
    def key(self) -> ConditionKey:
        return ConditionKey(self.word.aspect.value)

    @strawberry.field(description="Its name.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(
        description="What the plan says that all others are held against; null where each policy has its own."
    )
    def reference(self) -> ComparisonConditionCell | None:
        return ComparisonConditionCell(word=self.word.cells[0], of=self.held_against) if self.held_against else None

    @strawberry.field(description="A cell for each offer, in the order of `offers`.")
    def cells(self) -> list[ComparisonConditionCell]:
        cells = self.word.cells[1:] if self.held_against else self.word.cells
        return [ComparisonConditionCell(word=cell, of=plan) for cell, plan in zip(cells, self.plans, strict=True)]

    @strawberry.field(description="Whether any offer differs from the reference here.")
    def differs(self) -> bool:
        return self.word.differs
