"""
Plans side by side, line by line.

Nothing is collapsed into a score.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from insurers.coverage import Coverage, CoverageKind
from insurers.plan import Plan
from insurers.text import Text
from insurers.verdict import Judgement, Verdict, compare


class Cell(Struct, frozen=True, kw_only=True):
    """One plan's value in a row, and why it stands as it does."""

    plan: Plan
    coverage: Coverage | None
    verdict: Verdict
    reason: Text


class Line(Struct, frozen=True):
    """What makes covers comparable: their kind, and for OTHER, of which a plan may have many, their name."""

    kind: CoverageKind
    label: str | None = None

    @classmethod
    def of(cls, cover: Coverage) -> "Line":
        return cls(cover.kind, cover.insurer_label if cover.kind is CoverageKind.OTHER else None)


class Row(Struct, frozen=True, kw_only=True):
    """One line across all plans, in their order. `insurer_label` is set where the kind is OTHER."""

    kind: CoverageKind
    insurer_label: str | None = None
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return any(cell.verdict not in (Verdict.EQUAL, Verdict.REFERENCE) for cell in self.cells)


def matrix(plans: Sequence[Plan], reference: Plan) -> list[Row]:
    """Compare *plans* with *reference*, a row for each line of cover that any of them has."""
    everything = (cover for plan in (reference, *plans) for cover in plan.coverages)
    lines = sorted(dict.fromkeys(Line.of(cover) for cover in everything), key=lambda line: _ORDER[line.kind])
    return [
        Row(
            kind=line.kind,
            insurer_label=line.label,
            cells=tuple(_cell(plan, reference, line) for plan in plans),
        )
        for line in lines
    ]


_ORDER: Mapping[CoverageKind, int] = {kind: position for position, kind in enumerate(CoverageKind)}


def _cell(plan: Plan, reference: Plan, line: Line) -> Cell:
    ours, theirs = _cover(plan, line), _cover(reference, line)
    if plan is reference:
        judgement = Judgement(Verdict.REFERENCE)
    else:
        judgement = compare(ours, theirs, same_insurer=plan.insurer == reference.insurer)
    return Cell(plan=plan, coverage=ours, verdict=judgement.verdict, reason=_reason(judgement))


def _cover(plan: Plan, line: Line) -> Coverage | None:
    return next((cover for cover in plan.coverages if Line.of(cover) == line), None)


def _reason(judgement: Judgement) -> Text:
    if not judgement.complete and judgement.verdict in _REASONS_IN_PART:
        return _REASONS_IN_PART[judgement.verdict]
    return _REASONS[judgement.verdict]


_REASONS: Mapping[Verdict, Text] = {
    Verdict.REFERENCE: Text("比較の基準です。", "The plan that the others are compared with."),
    Verdict.EQUAL: Text("基準と同じ補償です。", "The same cover as in the reference plan."),
    Verdict.BETTER: Text("基準より手厚い補償です。", "Covers more than the reference plan."),
    Verdict.WORSE: Text("基準より補償が狭くなります。", "Covers less than the reference plan."),
    Verdict.DIFFERENT: Text("内容が異なり、優劣を付けられません。", "Different, and neither is simply better."),
    Verdict.ONLY_HERE: Text("基準にはない補償です。", "The reference plan does not have this cover."),
    Verdict.LOST: Text("基準にある補償がなくなります。", "The reference plan has this cover; this one does not."),
    Verdict.UNKNOWN: Text("保険会社の情報だけでは比較できません。", "The insurers do not say enough to compare."),
}

# Where something that bears on the verdict was not stated.
_REASONS_IN_PART: Mapping[Verdict, Text] = {
    Verdict.WORSE: Text(
        "基準より補償が狭くなる点があり、ほかに保険会社の情報だけでは比較できない点もあります。",
        "Covers less than the reference plan in some respect; in others the insurers do not say enough to compare.",
    ),
    Verdict.DIFFERENT: Text(
        "内容が異なり、優劣を付けられません。保険会社の情報だけでは比較できない点もあります。",
        "Different, and neither is simply better; in some respects the insurers do not say enough to compare.",
    ),
}
