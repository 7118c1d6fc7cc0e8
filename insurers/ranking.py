"""
The order of plans by what the customer said matters, one thing after the other, and by nothing else (P-11).

Plans that one thing cannot order stand together, as equals, before the next thing is looked at.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct

from insurers import amounts, measured
from insurers.coverage import CoverageKind
from insurers.intention import Priority
from insurers.labels import label
from insurers.measured import Measured, Row
from insurers.risk import WantedCover
from insurers.text import Text


class Rule(Struct, frozen=True, kw_only=True):
    """One thing that orders. `why` says it of a plan and of one that stands behind it for this."""

    stated: Text
    row: Callable[[Measured], Row]
    why: Callable[[Measured, Measured], Text]


class Silence(Struct, frozen=True):
    """A rule that could not order some plans, for want of what not all of them tell."""

    rule: Rule
    untold: tuple[Text, ...]


class Place(Struct, frozen=True, kw_only=True):
    """
    Plans that nothing orders among themselves, and what puts them before the next ones, where there are any.

    `silences` are those for which something of less weight had to decide, or nothing could.
    """

    plans: tuple[int, ...]
    rule: Rule | None = None
    silences: tuple[Silence, ...] = ()


def rules(priorities: Sequence[Priority]) -> tuple[Rule, ...]:
    """Answer what orders, the first most: what the customer said, and then what favours nobody."""
    wanted = (rule for priority in dict.fromkeys(priorities) for rule in RULES[priority])
    return tuple(dict.fromkeys((*wanted, PREMIUM)))


def ranked(plans: Sequence[Measured], by: Sequence[Rule]) -> list[Place]:
    """Order *plans*, which the places name by where they stand in it."""
    places = [Place(plans=tuple(range(len(plans))))] if plans else []
    for rule in by:
        rows = [rule.row(plan) for plan in plans]
        places = [part for place in places for part in _parted(place, rows, rule)]
    return places


def _parted(place: Place, rows: Sequence[Row], rule: Rule) -> Iterator[Place]:
    levels = _levels(place.plans, rows)
    for level in levels:
        untold = _untold([rows[at] for at in level])
        yield Place(
            plans=level,
            rule=place.rule if level is levels[-1] else rule,
            silences=(*place.silences, Silence(rule, untold)) if untold else place.silences,
        )


def _levels(plans: tuple[int, ...], rows: Sequence[Row]) -> list[tuple[int, ...]]:
    """
    Part plans into levels, the best first, so that each of a level is better than every one behind it.

    What cannot be ordered is of one level, and with it whatever lies between: three of which two can
    be ordered and the third with neither would otherwise stand in an order that nobody could give a
    reason for.
    """
    levels: list[tuple[int, ...]] = []
    # Read from the best on, no plan is better than one that was read before it.
    for plan in sorted(plans, key=lambda each: [quantity.least for quantity in rows[each]], reverse=True):
        joined = [at for at, level in enumerate(levels) if not all(_before(rows[one], rows[plan]) for one in level)]
        first = min(joined, default=len(levels))
        merged = tuple(one for level in levels[first:] for one in level)
        levels[first:] = [(*merged, plan)]
    return [tuple(sorted(level)) for level in levels]


def _before(one: Row, other: Row) -> bool:
    pairs = list(zip(one, other, strict=True))
    return any(mine.exceeds(its) for mine, its in pairs) and all(mine.reaches(its) for mine, its in pairs)


def _untold(level: Sequence[Row]) -> tuple[Text, ...]:
    """Name what, if it were told, might order two plans of a level."""
    missed = {name for one, other in combinations(level, 2) for name in _missed(one, other)}
    return tuple(dict.fromkeys(quantity.name for quantity in level[0] if quantity.name in missed))


def _missed(one: Row, other: Row) -> Iterator[Text]:
    pairs = list(zip(one, other, strict=True))
    opposed = any(mine.exceeds(its) for mine, its in pairs) and any(its.exceeds(mine) for mine, its in pairs)
    if not (opposed or _before(one, other) or _before(other, one)):
        yield from (mine.name for mine, its in pairs if mine != its and not (mine.is_told and its.is_told))


def _cheaper(one: Measured, other: Measured) -> Text:
    saved = amounts.yen(other.premium - one.premium)
    return Text(f"保険料が{saved.ja}安いため", f"its premium is {saved.en} lower")


def _kept(one: Measured, other: Measured) -> Text:
    fewer = other.reduced - one.reduced
    return Text(
        f"現在より減る、または確認できない補償が{fewer}件少ないため",
        f"{fewer} fewer of the present covers are lost, narrowed or not stated",
    )


def _perils(one: Measured, other: Measured) -> Text:
    if other.cover(CoverageKind.OWN_DAMAGE) is None:
        return Text("車両保険があるため", "it has own-damage cover, and the next has none")
    wider = [
        mine.name for mine, its in zip(measured.perils(one), measured.perils(other), strict=True) if mine.exceeds(its)
    ]
    return Text(
        f"車両保険の対象が広いため（{'、'.join(peril.ja for peril in wider)}）",
        f"own damage is covered for more: {', '.join(peril.en for peril in wider)}",
    )


def _borne(one: Measured, other: Measured) -> Text:
    mine, its = (
        amounts.deductible(cover.deductible) if cover and cover.deductible else NOT_STATED
        for cover in (one.cover(CoverageKind.OWN_DAMAGE), other.cover(CoverageKind.OWN_DAMAGE))
    )
    return Text(
        f"車両保険の自己負担が少ないため（{mine.ja}、次は{its.ja}）",
        f"less is to be borne when the car is damaged ({mine.en}; the next: {its.en})",
    )


def _liability(one: Measured, other: Measured) -> Text:
    further = [_further(kind, one, other) for kind in measured.TO_OTHERS if _reaches_further(kind, one, other)]
    return Text(
        f"相手への賠償の補償額が大きいため（{'、'.join(each.ja for each in further)}）",
        f"more is paid to others ({'; '.join(each.en for each in further)})",
    )


def _personal_injury(one: Measured, other: Measured) -> Text:
    kind = CoverageKind.PERSONAL_INJURY
    if not _reaches_further(kind, one, other):
        return Text("人身傷害が車の外の事故も対象とするため", "personal injury is covered outside the car too")
    further = _further(kind, one, other)
    return Text(f"人身傷害の補償が手厚いため（{further.ja}）", f"personal injury is covered further ({further.en})")


def _reaches_further(kind: CoverageKind, one: Measured, other: Measured) -> bool:
    pairs = zip(measured.reach(one, kind), measured.reach(other, kind), strict=True)
    return any(mine.exceeds(its) for mine, its in pairs)


def _further(kind: CoverageKind, one: Measured, other: Measured) -> Text:
    word, mine, its = label(kind), _limit(one.cover(kind)), _limit(other.cover(kind))
    return Text(f"{word.ja}は{mine.ja}、次は{its.ja}", f"{word.en} {mine.en}, the next {its.en}")


def _limit(cover: WantedCover | None) -> Text:
    if cover is None:
        return NOT_HAD
    return amounts.limit(cover.limit) if cover.limit else NOT_STATED


NOT_HAD = Text("なし", "none")
NOT_STATED = Text("示されていません", "not stated")


PREMIUM = Rule(stated=Text("保険料が安い順", "the lower premium first"), row=measured.premium, why=_cheaper)

RULES: Mapping[Priority, tuple[Rule, ...]] = {
    Priority.LOW_PREMIUM: (PREMIUM,),
    Priority.OWN_DAMAGE: (
        Rule(
            stated=Text("車両保険の対象となる事故が多い順", "the more that can happen to the car covered, the earlier"),
            row=measured.perils,
            why=_perils,
        ),
        Rule(
            stated=Text("車両保険の自己負担が少ない順", "the less to bear when the car is damaged, the earlier"),
            row=measured.borne,
            why=_borne,
        ),
    ),
    Priority.LIABILITY: (
        Rule(
            stated=Text("相手への賠償の補償額が大きい順", "the higher limits towards others first"),
            row=measured.liability,
            why=_liability,
        ),
    ),
    Priority.PERSONAL_INJURY: (
        Rule(
            stated=Text("人身傷害の補償が手厚い順", "the further-reaching cover of personal injury first"),
            row=measured.personal_injury,
            why=_personal_injury,
        ),
    ),
    Priority.KEEP_CURRENT_COVER: (
        Rule(
            stated=Text(
                "現在より減る、または確認できない補償が少ない順",
                "the fewer of the present covers lost, narrowed or not stated, the earlier",
            ),
            row=measured.kept,
            why=_kept,
        ),
    ),
}
