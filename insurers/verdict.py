"""
How one cover stands to another, and in what.

Only what can be ordered is ordered, own-damage cover by its perils and never by its label, and
what an insurer does not say is never taken for granted.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from insurers.coverage import Coverage, CoverageKind, CoverageVariant, Covered, Peril
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.vehicle import AgeCondition, DriverLimitation, UsePurpose


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


class Aspect(StrEnum):
    """In what two covers, or the conditions of two plans, are compared."""

    PRESENCE = "presence"  # whether a contract has the cover at all, where nobody says
    PERIL = "peril"  # one of them
    PERILS = "perils"  # all, where a cover tells none of them
    LIMIT = "limit"
    INSURED_VALUE = "insured_value"  # 協定保険価額 against 協定保険価額
    LIMIT_BASIS = "limit_basis"  # a sum for a person, for an accident, or for a day against one of another basis
    ABROAD = "abroad"  # what is paid for what happens abroad
    DEDUCTIBLE = "deductible"  # as a whole, where it is not told
    FIRST_DEDUCTIBLE = "first_deductible"
    LATER_DEDUCTIBLE = "later_deductible"
    CAR_TO_CAR = "car_to_car"
    VARIANT = "variant"
    DRIVERS = "drivers"
    AGE = "age"
    USE = "use"


# A text is the insurer's own word, of which nobody knows more; True stands for what is told in several numbers.
Value = Covered | Limit | Yen | bool | CoverageVariant | DriverLimitation | AgeCondition | UsePurpose | str


class Finding(Struct, frozen=True, kw_only=True):
    """How two covers stand to each other in one aspect, and what each says; None where it says nothing."""

    aspect: Aspect
    verdict: Verdict
    ours: Value | None = None
    theirs: Value | None = None
    peril: Peril | None = None


class Judgement(Struct, frozen=True):
    """A verdict, whether everything that bears on it was stated, and every aspect that is not equal."""

    verdict: Verdict
    complete: bool = True
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Judgement":
        """Agree on one verdict; better in one respect and worse in another cannot be ordered."""
        unequal = tuple(finding for finding in findings if finding.verdict is not Verdict.EQUAL)
        said = {finding.verdict for finding in unequal}
        return cls(_agreed(said), complete=Verdict.UNKNOWN not in said, findings=unequal)


def _agreed(said: Collection[Verdict]) -> Verdict:
    if Verdict.DIFFERENT in said or {Verdict.BETTER, Verdict.WORSE} <= set(said):
        return Verdict.DIFFERENT
    return next((verdict for verdict in _CAUTIOUS if verdict in said), Verdict.EQUAL)


_CAUTIOUS = (Verdict.WORSE, Verdict.UNKNOWN, Verdict.BETTER)


def order(mine: float, its: float) -> Verdict:
    if mine == its:
        return Verdict.EQUAL
    return Verdict.BETTER if mine > its else Verdict.WORSE


def by_words(one: object, other: object, *, same_insurer: bool) -> Verdict:
    """Judge words, or silence, that tell us nothing: one insurer's mean the same twice, two insurers' may not."""
    return Verdict.EQUAL if same_insurer and one == other else Verdict.UNKNOWN


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
    if not (_stated(ours) and _stated(theirs)):
        return Judgement.of([_presence(ours, theirs, same_insurer=same_insurer)])
    mine, its = had(ours), had(theirs)
    if not (mine and its):
        return Judgement(_PRESENCE[mine is not None, its is not None])
    pair = Pair(mine, its, same_insurer)
    return Judgement.of(finding for aspect in _ASPECTS for finding in aspect(pair))


def _stated(cover: Coverage | None) -> bool:
    """A cover that a plan does not name at all is not in it."""
    return cover is None or cover.stated


def _presence(ours: Coverage | None, theirs: Coverage | None, *, same_insurer: bool) -> Finding:
    mine, its = _stated(ours) or None, _stated(theirs) or None
    alike = same_insurer and mine is its
    verdict = Verdict.EQUAL if alike else Verdict.UNKNOWN
    return Finding(aspect=Aspect.PRESENCE, verdict=verdict, ours=mine, theirs=its)


def had(cover: Coverage | None) -> Coverage | None:
    """Answer the cover, and None where a plan only names it."""
    if cover is None or not cover.included:
        return None
    return None if cover.limit and cover.limit.kind is LimitKind.NOT_COVERED else cover


_PRESENCE = {
    (True, False): Verdict.ONLY_HERE,
    (False, True): Verdict.LOST,
    (False, False): Verdict.EQUAL,
}


class Pair(Struct, frozen=True):
    """Two covers of one line, both of them had."""

    ours: Coverage
    theirs: Coverage
    same_insurer: bool

    @property
    def told_by_perils(self) -> bool:
        return any(cover.kind is CoverageKind.OWN_DAMAGE or cover.perils for cover in (self.ours, self.theirs))

    def by_words(self, one: object, other: object) -> Verdict:
        return by_words(one, other, same_insurer=self.same_insurer)


def _perils(pair: Pair) -> Iterable[Finding]:
    if not pair.told_by_perils:
        return
    mine, its = _by_peril(pair.ours), _by_peril(pair.theirs)
    if not (mine and its):
        verdict = Verdict.UNKNOWN
        if not (mine or its):
            verdict = pair.by_words(pair.ours.insurer_variant, pair.theirs.insurer_variant)
        yield Finding(aspect=Aspect.PERILS, verdict=verdict, ours=bool(mine) or None, theirs=bool(its) or None)
        return
    for peril in sorted(mine.keys() | its.keys(), key=_PERILS.index):
        # What an insurer puts under OTHER is what it has no word for, and each has other words.
        comparable = pair.same_insurer or peril is not Peril.OTHER
        one, other = mine.get(peril), its.get(peril)
        verdict = _peril(one, other) if comparable else Verdict.UNKNOWN
        yield Finding(aspect=Aspect.PERIL, verdict=verdict, ours=one, theirs=other, peril=peril)


_PERILS = tuple(Peril)


def _by_peril(cover: Coverage) -> Mapping[Peril, Covered | None]:
    return {part.peril: part.covered if part.covered in _COVERED else None for part in cover.perils}


def _peril(mine: Covered | None, its: Covered | None) -> Verdict:
    if mine is None or its is None:
        return Verdict.UNKNOWN
    return order(_COVERED[mine], _COVERED[its])


_COVERED: Mapping[Covered, int] = {Covered.NO: 0, Covered.CONDITIONAL: 1, Covered.YES: 2}


def _limits(pair: Pair) -> Iterable[Finding]:
    one, other = pair.ours.limit, pair.theirs.limit
    if one is None or other is None:
        verdict = pair.by_words(one, other)
        yield Finding(aspect=Aspect.LIMIT, verdict=verdict, ours=_told(one), theirs=_told(other))
        return
    yield _limit(one, other)
    # A line that neither draws is none between them.
    if one.abroad or other.abroad:
        yield Finding(aspect=Aspect.ABROAD, verdict=_abroad(one, other), ours=one.abroad, theirs=other.abroad)


def _limit(one: Limit, other: Limit) -> Finding:
    mine, its = _told(one), _told(other)
    if not (mine and its):
        return Finding(aspect=Aspect.LIMIT, verdict=Verdict.UNKNOWN, ours=mine, theirs=its)
    if one.basis is not other.basis and _COUNTED >= {one.kind, other.kind}:
        return Finding(aspect=Aspect.LIMIT_BASIS, verdict=Verdict.DIFFERENT, ours=one, theirs=other)
    valued = one.kind is other.kind is LimitKind.ACTUAL_VALUE
    aspect = Aspect.INSURED_VALUE if valued else Aspect.LIMIT
    return Finding(aspect=aspect, verdict=order(_height(one), _height(other)), ours=one, theirs=other)


def _abroad(one: Limit, other: Limit) -> Verdict:
    if one.abroad is None or other.abroad is None:
        return Verdict.UNKNOWN
    return order(one.abroad.amount, other.abroad.amount)


# Limits that are sums, of which a person's, an accident's and a day's cannot be ordered.
_COUNTED = frozenset({LimitKind.AMOUNT, LimitKind.ACTUAL_VALUE})


def _told(limit: Limit | None) -> Limit | None:
    return limit if limit and (limit.kind is LimitKind.UNLIMITED or limit.amount) else None


def _height(limit: Limit) -> float:
    """How far a limit that is told reaches, for ordering alone."""
    return math.inf if limit.amount is None else limit.amount.amount


def _deductibles(pair: Pair) -> Iterable[Finding]:
    one, other = pair.ours.deductible, pair.theirs.deductible
    if one is None or other is None:
        verdict = pair.by_words(one, other)
        yield Finding(
            aspect=Aspect.DEDUCTIBLE, verdict=verdict, ours=one is not None or None, theirs=other is not None or None
        )
        return
    for aspect, read in _BORNE.items():
        mine, its = read(one), read(other)
        yield Finding(aspect=aspect, verdict=order(its.amount, mine.amount), ours=mine, theirs=its)
    # Who bears nothing the first time anyhow gains and loses nothing by it.
    moot = not (one.first.amount and other.first.amount)
    spared = one.car_to_car_zero, other.car_to_car_zero
    verdict = Verdict.EQUAL if moot else order(*spared)
    yield Finding(aspect=Aspect.CAR_TO_CAR, verdict=verdict, ours=spared[0], theirs=spared[1])


# What the customer bears, each part on its own; less of it is better.
_BORNE: Mapping[Aspect, Callable[[Deductible], Yen]] = {
    Aspect.FIRST_DEDUCTIBLE: lambda deductible: deductible.first,
    Aspect.LATER_DEDUCTIBLE: lambda deductible: deductible.second,
}


def _variants(pair: Pair) -> Iterable[Finding]:
    if pair.told_by_perils:
        return
    mine, its = pair.ours.variant, pair.theirs.variant
    if mine in _UNTOLD or its in _UNTOLD:
        words = pair.ours.insurer_variant, pair.theirs.insurer_variant
        # A cover without types at either insurer is the same in this.
        verdict = Verdict.EQUAL if mine is None and its is None else pair.by_words(*words)
        yield Finding(aspect=Aspect.VARIANT, verdict=verdict, ours=_type(pair.ours), theirs=_type(pair.theirs))
    else:
        yield Finding(aspect=Aspect.VARIANT, verdict=_variant(mine, its), ours=mine, theirs=its)


def _type(cover: Coverage) -> CoverageVariant | str | None:
    return cover.insurer_variant or (None if cover.variant in _UNTOLD else cover.variant)


def _variant(mine: CoverageVariant | None, its: CoverageVariant | None) -> Verdict:
    if mine is its:
        return Verdict.EQUAL
    if (mine, its) in _WIDER:
        return Verdict.BETTER
    return Verdict.WORSE if (its, mine) in _WIDER else Verdict.DIFFERENT


# Where there are only the insurer's words to go by, or none.
_UNTOLD = (None, CoverageVariant.UNKNOWN)

# Types of which the first covers all that the second does, and more.
_WIDER = frozenset(
    {
        (CoverageVariant.ALSO_OUTSIDE, CoverageVariant.IN_CAR_ONLY),
        (CoverageVariant.MOTOR_AND_DAILY, CoverageVariant.MOTOR_ONLY),
    }
)

_ASPECTS: tuple[Callable[[Pair], Iterable[Finding]], ...] = (_perils, _limits, _deductibles, _variants)
