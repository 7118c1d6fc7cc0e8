"""Plans side by side as GraphQL shows them."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from insurers.coverage import CoverageKind
from insurers.matrix import Cell, Column, Row, matrix
from insurers.plan import Plan as PlanWord
from insurers.renewal import Renewal as RenewalWord
from insurers.verdict import Verdict
from schema.context import Info
from schema.coverage import Coverage
from schema.node import Node
from schema.plan import Plan
from schema.provider import ProviderStatus
from schema.scalars import Locale


@strawberry.type(description="One offer's value in a row.")
class ComparisonCell:
    word: strawberry.Private[Cell]
    offered_by: strawberry.Private[RenewalWord]

    @strawberry.field(description="Whose value it is.")
    def plan(self) -> Plan:
        return Plan(word=self.word.plan, offered_by=self.offered_by)

    @strawberry.field(description="The cover; null where the plan has no such cover.")
    def coverage(self) -> Coverage | None:
        # GraphQL reads the language's value by attribute; a Coverage here is a description of it.
        return self.word.coverage  # type: ignore[return-value]

    @strawberry.field(description="How it stands to the reference plan.")
    def verdict(self) -> Verdict:
        return self.word.verdict

    @strawberry.field(description="Why, in one sentence.")
    def reason(self, info: Info, locale: Locale | None = None) -> str:
        return info.context.say(self.word.reason, locale)


@strawberry.type(description="One kind of cover across all offers.")
class ComparisonRow:
    word: strawberry.Private[Row]
    offered_by: strawberry.Private[Sequence[RenewalWord]]

    @strawberry.field(description="Which kind of cover.")
    def key(self) -> CoverageKind:
        return self.word.kind

    @strawberry.field(description="Its name.")
    def label(self, info: Info, locale: Locale | None = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(description="A cell for each offer, in the order of `Comparison.offers`.")
    def cells(self) -> list[ComparisonCell]:
        return [
            ComparisonCell(word=cell, offered_by=renewal)
            for cell, renewal in zip(self.word.cells, self.offered_by, strict=True)
        ]

    @strawberry.field(description="Whether any offer differs from the reference here.")
    def differs(self) -> bool:
        return self.word.differs


@strawberry.type(description="Plans side by side, across insurers, line by line and without a score.")
class Comparison(Node):
    node_type = "Comparison"
    columns: strawberry.Private[Sequence[tuple[RenewalWord, PlanWord]]]
    compared_at: strawberry.Private[datetime]

    def node_parts(self) -> tuple[str, ...]:
        return tuple(part for renewal, plan in self.columns for part in (renewal.id, plan.code))

    @strawberry.field(description="When it was put together.")
    def requested_at(self) -> datetime:
        return self.compared_at

    @strawberry.field(description="Whether every offer asked for is here.")
    def complete(self) -> bool:
        return True

    @strawberry.field(
        description="The plans, in a stable order: as asked for, and within a renewal as the insurer does."
    )
    def offers(self) -> list[Plan]:
        return [Plan(word=plan, offered_by=renewal) for renewal, plan in self.columns]

    @strawberry.field(description="The plan that the others are compared with: the first that is the present cover.")
    def reference(self) -> Plan | None:
        column = self._reference()
        return Plan(word=column[1], offered_by=column[0]) if column else None

    @strawberry.field(description="A row for each kind of cover that any of the plans has.")
    def matrix(self) -> list[ComparisonRow]:
        reference = self._reference()
        if reference is None:
            return []
        renewals = [renewal for renewal, _ in self.columns]
        return [
            ComparisonRow(word=row, offered_by=renewals)
            for row in matrix([Column(plan, reference[1]) for _, plan in self.columns])
        ]

    @strawberry.field(description="How each insurer did.")
    def providers(self, info: Info) -> list[ProviderStatus]:
        codes = dict.fromkeys(plan.insurer for _, plan in self.columns)
        return [ProviderStatus.ok(info.context.host.manifests[code], self.compared_at) for code in codes]

    def _reference(self) -> tuple[RenewalWord, PlanWord] | None:
        current = (column for column in self.columns if column[1].same_as_current)
        return next(current, self.columns[0] if self.columns else None)
