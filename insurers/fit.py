"""Whether a plan has what the customer must have, within what the customer would pay (意向)."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from insurers import amounts
from insurers.coverage import CoverageKind, CoverageVariant, Covered
from insurers.intention import Intention, MustHave
from insurers.labels import label
from insurers.measured import NAMED, Measured
from insurers.money import Limit, LimitKind
from insurers.plan import PremiumNature
from insurers.risk import WantedCover
from insurers.text import Text


class Fit(StrEnum):
    """Whether a plan is what was asked for. UNCERTAIN: something that decides it was not stated."""

    MEETS = "meets"
    UNCERTAIN = "uncertain"
    FAILS = "fails"


class Lack(Struct, frozen=True):
    """One thing for which a plan is not what was asked for, or may not be."""

    fit: Fit
    words: Text


def lacks(plan: Measured, intention: Intention) -> tuple[Lack, ...]:
    """Answer everything that the plan lacks or may lack; nothing where it is what was asked for."""
    return (*(lack for must in intention.must_have for lack in _wanting(plan, must)), *_over(plan, intention))


def fit(found: Sequence[Lack]) -> Fit:
    judged = {lack.fit for lack in found}
    return next((worst for worst in (Fit.FAILS, Fit.UNCERTAIN) if worst in judged), Fit.MEETS)


def _over(plan: Measured, intention: Intention) -> Iterator[Lack]:
    if intention.budget is not None and plan.premium > intention.budget:
        over, price = amounts.yen(plan.premium - intention.budget), _PRICED[plan.nature]
        yield Lack(Fit.FAILS, Text(f"{price.ja}ご予算を{over.ja}超えます。", f"{price.en} {over.en} over the budget."))


def within(plan: Measured, intention: Intention) -> Iterator[Text]:
    """Say that a plan costs no more than the customer would pay, where it does and that was said."""
    if intention.budget is not None and plan.premium <= intention.budget:
        price = _PRICED[plan.nature]
        yield Text(f"{price.ja}ご予算内です。", f"{price.en} within the budget.")


# How a sentence about what a plan costs begins: what may still change is called so (P-6).
_PRICED: Mapping[PremiumNature, Text] = {
    PremiumNature.INDICATION: Text("目安の保険料では、", "By its indicated premium it is"),
    PremiumNature.BINDABLE: Text("", "It is"),
}


def _wanting(plan: Measured, must: MustHave) -> Iterator[Lack]:
    if must.kind is CoverageKind.OTHER:
        yield Lack(Fit.UNCERTAIN, _OUTSIDE_OF_WORDS)
        return
    name, cover = label(must.kind), plan.cover(must.kind)
    if cover is None and must.kind in plan.unstated:
        words = Text(f"「{name.ja}」があるかどうか確認できません。", f"It is not stated whether it has: {name.en}.")
        yield Lack(Fit.UNCERTAIN, words)
        return
    if cover is None or (cover.limit is not None and cover.limit.kind is LimitKind.NOT_COVERED):
        yield Lack(Fit.FAILS, Text(f"「{name.ja}」がありません。", f"It does not have: {name.en}."))
        return
    if must.unlimited or must.at_least:
        yield from _limit(name, cover.limit, must)
    if must.variant and must.kind is not CoverageKind.OWN_DAMAGE:
        yield from _variant(name, cover.variant, must.variant)
    yield from _perils(name, cover, must)


_OUTSIDE_OF_WORDS = Text(
    "「その他」の補償は保険会社ごとに異なるため、ご希望のものかどうか確認できません。",
    "Covers that only one insurer has cannot be told apart here: look whether the one that you want is among them.",
)


def _limit(name: Text, limit: Limit | None, must: MustHave) -> Iterator[Lack]:
    if limit is not None and limit.kind is LimitKind.UNLIMITED:
        return
    wanted = reach(must)
    if limit is None or limit.kind is LimitKind.UNKNOWN or (limit.amount is None and not must.unlimited):
        words = Text(
            f"「{name.ja}」の補償額（ご希望は{wanted.ja}）が確認できません。",
            f"It is not stated how far it covers: {name.en} (wanted: {wanted.en}).",
        )
        yield Lack(Fit.UNCERTAIN, words)
    elif must.unlimited or (limit.amount and must.at_least and limit.amount < must.at_least):
        said = amounts.limit(limit)
        words = Text(
            f"「{name.ja}」は{said.ja}で、ご希望の{wanted.ja}に足りません。",
            f"{name.en}: {said.en}, where {wanted.en} is wanted.",
        )
        yield Lack(Fit.FAILS, words)


def reach(must: MustHave) -> Text:
    """Say how far a cover must go at the least."""
    if must.unlimited or must.at_least is None:
        return amounts.limit(Limit(kind=LimitKind.UNLIMITED))
    least = amounts.yen(must.at_least)
    return Text(f"{least.ja}以上", f"at least {least.en}")


def _variant(name: Text, variant: CoverageVariant | None, wanted: CoverageVariant) -> Iterator[Lack]:
    type_ = label(wanted)
    if variant in (None, CoverageVariant.UNKNOWN):
        words = Text(
            f"「{name.ja}」が「{type_.ja}」かどうか確認できません。",
            f"It is not stated whether it is of the type wanted: {name.en}, {type_.en}.",
        )
        yield Lack(Fit.UNCERTAIN, words)
    elif variant is not wanted and variant is not _WIDER.get(wanted):
        words = Text(
            f"「{name.ja}」が、ご希望の「{type_.ja}」ではありません。",
            f"It is not of the type wanted: {name.en}, {type_.en}.",
        )
        yield Lack(Fit.FAILS, words)


# A type that covers all that the wanted one does, and more.
_WIDER: Mapping[CoverageVariant, CoverageVariant] = {
    CoverageVariant.IN_CAR_ONLY: CoverageVariant.ALSO_OUTSIDE,
    CoverageVariant.MOTOR_ONLY: CoverageVariant.MOTOR_AND_DAILY,
}


def _perils(name: Text, cover: WantedCover, must: MustHave) -> Iterator[Lack]:
    """Own-damage cover is wanted by its perils: a full one is one with all of them, whatever it is called."""
    told = {part.peril: part.covered for part in cover.perils}
    full = NAMED if must.variant is CoverageVariant.FULL else ()
    for peril in dict.fromkeys((*must.perils, *full)):
        yield from _peril(name, label(peril), told.get(peril, Covered.UNKNOWN))


def _peril(name: Text, peril: Text, covered: Covered) -> Iterator[Lack]:
    match covered:
        case Covered.NO:
            words = Text(
                f"「{name.ja}」が「{peril.ja}」を対象としていません。", f"{name.en} does not cover: {peril.en}."
            )
            yield Lack(Fit.FAILS, words)
        case Covered.CONDITIONAL:
            words = Text(
                f"「{name.ja}」の「{peril.ja}」は条件付きです。",
                f"{name.en} covers this under conditions only: {peril.en}.",
            )
            yield Lack(Fit.UNCERTAIN, words)
        case Covered.UNKNOWN:
            words = Text(
                f"「{name.ja}」が「{peril.ja}」を対象とするか確認できません。",
                f"It is not stated whether {name.en} covers: {peril.en}.",
            )
            yield Lack(Fit.UNCERTAIN, words)
