"""
Plans side by side, line by line.

Only what can be ordered is ordered, own-damage cover by its perils and never by its label,
and nothing is collapsed into a score.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from insurers.coverage import Coverage, CoverageKind, Covered, Peril
from insurers.money import Deductible, Limit, LimitKind
from insurers.plan import Plan
from insurers.text import Text


class Verdict(StrEnum):
    """How one plan's cover stands to the reference plan's."""

    REFERENCE = "reference"
    EQUAL = "equal"
    BETTER = "better"
    WORSE = "worse"
    DIFFERENT = "different"  # cannot be ordered
    ONLY_HERE = "only_here"
    LOST = "lost"
    UNKNOWN = "unknown"


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
        verdict = Verdict.REFERENCE
    elif plan.insurer == reference.insurer and ours == theirs:
        verdict = Verdict.EQUAL  # The same words of one insurer mean the same, also where we do not know what.
    else:
        verdict = compare(ours, theirs)
    return Cell(plan=plan, coverage=ours, verdict=verdict, reason=_REASONS[verdict])


def _cover(plan: Plan, line: Line) -> Coverage | None:
    return next((cover for cover in plan.coverages if Line.of(cover) == line), None)


def compare(ours: Coverage | None, theirs: Coverage | None) -> Verdict:
    """Say how *ours* stands to *theirs*. Swapping them swaps BETTER with WORSE and ONLY_HERE with LOST."""
    have, had = _included(ours), _included(theirs)
    if not (have and had):
        return _PRESENCE[have is not None, had is not None]
    return _combined(aspect(have, had) for aspect in _ASPECTS)


def _included(cover: Coverage | None) -> Coverage | None:
    return cover if cover is not None and cover.included else None


_PRESENCE = {
    (True, False): Verdict.ONLY_HERE,
    (False, True): Verdict.LOST,
    (False, False): Verdict.EQUAL,
}


def _combined(verdicts: Iterable[Verdict]) -> Verdict:
    """Agree on one verdict: a better line beside a worse one cannot be ordered."""
    said = {verdict for verdict in verdicts if verdict is not Verdict.EQUAL}
    if not said:
        return Verdict.EQUAL
    if len(said) == 1:
        return said.pop()
    if Verdict.UNKNOWN in said:
        return Verdict.UNKNOWN
    return Verdict.DIFFERENT


def _limits(ours: Coverage, theirs: Coverage) -> Verdict:
    one, other = ours.limit, theirs.limit
    if one is None and other is None:
        return Verdict.EQUAL
    if one is None or other is None or LimitKind.UNKNOWN in (one.kind, other.kind):
        return Verdict.UNKNOWN
    mine, its = _height(one), _height(other)
    if mine is None or its is None:
        return Verdict.UNKNOWN
    if one.per_person != other.per_person and _COUNTED >= {one.kind, other.kind}:
        return Verdict.DIFFERENT
    return _order(mine, its)


# Limits that are sums, of which a person's and an accident's cannot be ordered.
_COUNTED = frozenset({LimitKind.AMOUNT, LimitKind.ACTUAL_VALUE})


def _height(limit: Limit) -> float | None:
    """How far a limit reaches, for ordering alone; None where the sum is not known."""
    if limit.kind is LimitKind.UNLIMITED:
        return math.inf
    if limit.kind is LimitKind.NOT_COVERED:
        return -1
    return limit.amount.amount if limit.amount else None


def _deductibles(ours: Coverage, theirs: Coverage) -> Verdict:
    one, other = ours.deductible, theirs.deductible
    if one == other:
        return Verdict.EQUAL
    if one is None or other is None:
        return Verdict.UNKNOWN
    return _combined(_order(read(other), read(one)) for read in _BORNE)


# What the customer bears, each part on its own; less of it is better.
_BORNE: tuple[Callable[[Deductible], int], ...] = (
    lambda deductible: deductible.first.amount,
    lambda deductible: deductible.second.amount,
    lambda deductible: 0 if deductible.car_to_car_zero else 1,
)


def _perils(ours: Coverage, theirs: Coverage) -> Verdict:
    if not ours.perils and not theirs.perils:
        return Verdict.EQUAL
    mine, its = _by_peril(ours), _by_peril(theirs)
    return _combined(_peril(mine.get(peril), its.get(peril)) for peril in Peril if peril in mine or peril in its)


def _by_peril(cover: Coverage) -> Mapping[Peril, Covered]:
    return {part.peril: part.covered for part in cover.perils}


def _peril(mine: Covered | None, its: Covered | None) -> Verdict:
    if mine is its:
        return Verdict.EQUAL if mine is not Covered.UNKNOWN else Verdict.UNKNOWN
    if mine not in _COVERED or its not in _COVERED:
        return Verdict.UNKNOWN
    return _order(_COVERED[mine], _COVERED[its])


_COVERED: Mapping[Covered | None, int] = {Covered.NO: 0, Covered.CONDITIONAL: 1, Covered.YES: 2}


def _variants(ours: Coverage, theirs: Coverage) -> Verdict:
    """A type in the insurer's words says nothing about order, and with perils nothing at all."""
    if ours.perils or theirs.perils or ours.variant == theirs.variant:
        return Verdict.EQUAL
    return Verdict.DIFFERENT


_ASPECTS: tuple[Callable[[Coverage, Coverage], Verdict], ...] = (_limits, _deductibles, _perils, _variants)


def _order(mine: float, its: float) -> Verdict:
    if mine == its:
        return Verdict.EQUAL
    return Verdict.BETTER if mine > its else Verdict.WORSE


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
