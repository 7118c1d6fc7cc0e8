"""
How one cover stands to another.

Only what can be ordered is ordered, own-damage cover by its perils and never by its label, and
what an insurer does not say is never taken for granted.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from insurers.coverage import Coverage, CoverageKind, CoverageVariant, Covered, Peril
from insurers.money import Deductible, Limit, LimitKind


class Verdict(StrEnum):
    """How one plan's cover stands to the reference plan's."""

    REFERENCE = "reference"
    EQUAL = "equal"
    BETTER = "better"
    WORSE = "worse"  # in one respect at least, and better in none that is stated
    DIFFERENT = "different"  # cannot be ordered
    ONLY_HERE = "only_here"
    LOST = "lost"
    UNKNOWN = "unknown"


class Judgement(Struct, frozen=True):
    """A verdict, and whether everything that bears on it was stated."""

    verdict: Verdict
    complete: bool = True


class Pair(Struct, frozen=True):
    """Two covers of one line, both of them had."""

    ours: Coverage
    theirs: Coverage
    same_insurer: bool

    @property
    def told_by_perils(self) -> bool:
        return any(cover.kind is CoverageKind.OWN_DAMAGE or cover.perils for cover in (self.ours, self.theirs))

    def by_words(self, one: object, other: object) -> Verdict:
        """Judge words, or silence, that tell us nothing: one insurer's mean the same twice, two insurers' may not."""
        return Verdict.EQUAL if self.same_insurer and one == other else Verdict.UNKNOWN


def compare(ours: Coverage | None, theirs: Coverage | None, *, same_insurer: bool) -> Judgement:
    """
    Say how *ours* stands to *theirs*.

    A complete judgement is turned by swapping the two: BETTER with WORSE, ONLY_HERE with LOST, and
    EQUAL and DIFFERENT stay. An incomplete one has to hide no loss and promise no gain: what is worse
    stays WORSE beside what was not stated, and what is better is UNKNOWN beside it. Swapped, an
    incomplete WORSE is therefore UNKNOWN; UNKNOWN is WORSE or again UNKNOWN; DIFFERENT stays.
    """
    if same_insurer and ours == theirs:
        return Judgement(Verdict.EQUAL)
    have, had = _included(ours), _included(theirs)
    if not (have and had):
        return Judgement(_PRESENCE[have is not None, had is not None])
    pair = Pair(have, had, same_insurer)
    said = {verdict for aspect in _ASPECTS for verdict in aspect(pair)}
    return Judgement(_agreed(said), complete=Verdict.UNKNOWN not in said)


def _included(cover: Coverage | None) -> Coverage | None:
    return cover if cover is not None and cover.included else None


_PRESENCE = {
    (True, False): Verdict.ONLY_HERE,
    (False, True): Verdict.LOST,
    (False, False): Verdict.EQUAL,
}


def _agreed(said: Collection[Verdict]) -> Verdict:
    """Agree on one verdict: whatever else there is, better in one respect and worse in another cannot be ordered."""
    if Verdict.DIFFERENT in said or (Verdict.BETTER in said and Verdict.WORSE in said):
        return Verdict.DIFFERENT
    return next((verdict for verdict in _CAUTIOUS if verdict in said), Verdict.EQUAL)


_CAUTIOUS = (Verdict.WORSE, Verdict.UNKNOWN, Verdict.BETTER)


def _limits(pair: Pair) -> Iterable[Verdict]:
    one, other = pair.ours.limit, pair.theirs.limit
    if one is None or other is None:
        yield pair.by_words(one, other)
    else:
        yield _limit(one, other)


def _limit(one: Limit, other: Limit) -> Verdict:
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


def _deductibles(pair: Pair) -> Iterable[Verdict]:
    one, other = pair.ours.deductible, pair.theirs.deductible
    if one is None or other is None:
        yield pair.by_words(one, other)
    else:
        yield from (_order(read(other), read(one)) for read in _BORNE)


# What the customer bears, each part on its own; less of it is better.
_BORNE: tuple[Callable[[Deductible], int], ...] = (
    lambda deductible: deductible.first.amount,
    lambda deductible: deductible.second.amount,
    lambda deductible: 0 if deductible.car_to_car_zero else 1,
)


def _perils(pair: Pair) -> Iterable[Verdict]:
    if not pair.told_by_perils:
        return
    mine, its = _by_peril(pair.ours), _by_peril(pair.theirs)
    if not (mine or its):
        yield pair.by_words(pair.ours.insurer_variant, pair.theirs.insurer_variant)
    for peril in mine.keys() | its.keys():
        # What an insurer puts under OTHER is what it has no word for, and each has other words.
        comparable = pair.same_insurer or peril is not Peril.OTHER
        yield _peril(mine.get(peril), its.get(peril)) if comparable else Verdict.UNKNOWN


def _by_peril(cover: Coverage) -> Mapping[Peril, Covered]:
    return {part.peril: part.covered for part in cover.perils}


def _peril(mine: Covered | None, its: Covered | None) -> Verdict:
    if mine not in _COVERED or its not in _COVERED:
        return Verdict.UNKNOWN
    return _order(_COVERED[mine], _COVERED[its])


_COVERED: Mapping[Covered | None, int] = {Covered.NO: 0, Covered.CONDITIONAL: 1, Covered.YES: 2}


def _variants(pair: Pair) -> Iterable[Verdict]:
    if pair.told_by_perils:
        return
    mine, its = pair.ours.variant, pair.theirs.variant
    if mine in _UNTOLD or its in _UNTOLD:
        # A cover without types at either insurer is the same in this.
        untyped = mine is None and its is None
        yield Verdict.EQUAL if untyped else pair.by_words(pair.ours.insurer_variant, pair.theirs.insurer_variant)
    elif (mine, its) in _WIDER or (its, mine) in _WIDER:
        yield Verdict.BETTER if (mine, its) in _WIDER else Verdict.WORSE
    else:
        yield Verdict.EQUAL if mine is its else Verdict.DIFFERENT


# Where there are only the insurer's words to go by, or none.
_UNTOLD = (None, CoverageVariant.UNKNOWN)

# Types of which the first covers all that the second does, and more.
_WIDER = frozenset(
    {
        (CoverageVariant.ALSO_OUTSIDE, CoverageVariant.IN_CAR_ONLY),
        (CoverageVariant.MOTOR_AND_DAILY, CoverageVariant.MOTOR_ONLY),
    }
)

_ASPECTS: tuple[Callable[[Pair], Iterable[Verdict]], ...] = (_limits, _deductibles, _perils, _variants)


def _order(mine: float, its: float) -> Verdict:
    if mine == its:
        return Verdict.EQUAL
    return Verdict.BETTER if mine > its else Verdict.WORSE
