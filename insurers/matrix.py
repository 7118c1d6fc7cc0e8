"""
Plans side by side, line by line, each held against a plan of its own.

Nothing is collapsed into a score.
"""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from insurers import reason
from insurers.coverage import Coverage, CoverageKind
from insurers.labels import label
from insurers.plan import Plan
from insurers.scope import CONDITIONS, Condition
from insurers.text import Text
from insurers.verdict import Aspect, Judgement, Verdict, compare

_ALIKE = (Verdict.EQUAL, Verdict.REFERENCE)


class Column(Struct, frozen=True):
    """A plan, and the one that it is held against: for an offer, the present cover of the same policy."""

    plan: Plan
    reference: Plan

    @property
    def is_reference(self) -> bool:
        return self.plan is self.reference

    @property
    def same_insurer(self) -> bool:
        return self.plan.insurer == self.reference.insurer


class Cell(Struct, frozen=True, kw_only=True):
    """One plan's value in a row, and why it stands as it does."""

    plan: Plan
    coverage: Coverage | None
    verdict: Verdict
    reason: Text


class Line(Struct, frozen=True):
    """What makes covers comparable: their kind, and their name where the kind alone does not tell them apart."""

    kind: CoverageKind
    label: str | None = None

    @property
    def called(self) -> Text:
        return Text(self.label, self.label) if self.label else label(self.kind)

    @property
    def place(self) -> tuple[int, str]:
        return _ORDER[self.kind], self.label or ""


_ORDER: Mapping[CoverageKind, int] = {kind: position for position, kind in enumerate(CoverageKind)}


class Row(Struct, frozen=True, kw_only=True):
    """
    One line across all columns, in their order.

    `insurer_label` is set where the kind is OTHER, and where a plan has more covers of the kind than this one.
    """

    kind: CoverageKind
    insurer_label: str | None = None
    cells: tuple[Cell, ...]

    @property
    def label(self) -> Text:
        return Line(self.kind, self.insurer_label).called

    @property
    def differs(self) -> bool:
        return any(cell.verdict not in _ALIKE for cell in self.cells)


def matrix(columns: Sequence[Column]) -> list[Row]:
    """Answer a row for each line of cover that any plan or its reference has, in the vocabulary's order."""
    had = [(column, _covers(column.plan), _covers(column.reference)) for column in columns]
    lines = {line for _, ours, theirs in had for line in (*ours, *theirs)}
    return [
        Row(
            kind=line.kind,
            insurer_label=line.label,
            cells=tuple(_cell(column, ours.get(line), theirs.get(line), line.called) for column, ours, theirs in had),
        )
        for line in sorted(lines, key=lambda line: line.place)
    ]


def _covers(plan: Plan) -> Mapping[Line, Coverage]:
    """Answer a plan's covers by line; of several that are of one kind, none is passed over that is included."""
    covers: dict[Line, Coverage] = {}
    for cover in sorted(plan.coverages, key=_prominence):
        line = Line(cover.kind, cover.insurer_label if cover.kind is CoverageKind.OTHER else None)
        if line in covers and cover.included:
            line = Line(cover.kind, cover.insurer_label)
        covers.setdefault(line, cover)
    return covers


def _prominence(cover: Coverage) -> tuple[bool, str, bytes]:
    return not cover.included, cover.insurer_label, msgspec.json.encode(cover)


def _cell(column: Column, ours: Coverage | None, theirs: Coverage | None, line: Text) -> Cell:
    if column.is_reference:
        judgement = Judgement(Verdict.REFERENCE)
    else:
        judgement = compare(ours, theirs, same_insurer=column.same_insurer)
    return Cell(
        plan=column.plan,
        coverage=ours,
        verdict=judgement.verdict,
        reason=reason.of_cover(judgement, line, ours, theirs),
    )


class ConditionCell(Struct, frozen=True, kw_only=True):
    """What one plan says of a condition, in our word and in the insurer's; None where it does not say."""

    plan: Plan
    value: Text | None
    insurer_value: str | None
    verdict: Verdict
    reason: Text


class ConditionRow(Struct, frozen=True, kw_only=True):
    """One condition of all plans: who may drive, from which age, or for what."""

    aspect: Aspect
    label: Text
    cells: tuple[ConditionCell, ...]

    @property
    def differs(self) -> bool:
        return any(cell.verdict not in _ALIKE for cell in self.cells)


def conditions(columns: Sequence[Column]) -> list[ConditionRow]:
    """Answer the rows that stand beside the matrix: on which conditions each plan covers anything at all."""
    return [
        ConditionRow(
            aspect=condition.aspect,
            label=condition.label,
            cells=tuple(_condition_cell(column, condition) for column in columns),
        )
        for condition in CONDITIONS
    ]


def _condition_cell(column: Column, condition: Condition) -> ConditionCell:
    ours, theirs = column.plan.conditions, column.reference.conditions
    if column.is_reference:
        judgement = Judgement(Verdict.REFERENCE)
    else:
        judgement = condition.compare(ours, theirs, same_insurer=column.same_insurer)
    word = condition.word(ours)
    return ConditionCell(
        plan=column.plan,
        value=label(word) if word else None,
        insurer_value=condition.insurer_word(ours),
        verdict=judgement.verdict,
        reason=reason.of_condition(judgement),
    )
