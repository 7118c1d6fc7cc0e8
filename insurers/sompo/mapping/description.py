"""A cover that is wanted, and one that Sompo offers, in words that stand beside each other."""

from collections.abc import Collection, Sequence

from insurers import amounts
from insurers.coverage import Coverage, CoverageKind, CoverageVariant, Peril, PerilCover
from insurers.labels import label
from insurers.money import Deductible, Limit
from insurers.risk import WantedCover
from insurers.text import Text

# Covers of which the customer may bear a part.
BORNE = frozenset({CoverageKind.PROPERTY_DAMAGE_LIABILITY, CoverageKind.OWN_DAMAGE})


def wanted(wish: WantedCover, differing: Collection[Peril]) -> Text:
    """Describe a wish, with those of its perils in which the offer differs."""
    known = wish.variant if wish.variant is not CoverageVariant.UNKNOWN else None
    return _described(
        label(wish.kind),
        [
            *([label(known)] if known else []),
            *_amounts(wish.kind, wish.limit, wish.deductible),
            *_perils(wish.perils, differing),
        ],
    )


def offered(cover: Coverage, differing: Collection[Peril]) -> Text:
    """Describe an offer by the insurer's own names, with the perils in which it differs."""
    word, variant = cover.insurer_variant, cover.variant
    return _described(
        Text(cover.insurer_label, label(cover.kind).en),
        [
            *([Text(word, label(variant).en)] if word and variant else []),
            *_amounts(cover.kind, cover.limit, cover.deductible),
            *_perils(cover.perils, differing),
        ],
    )


def _amounts(kind: CoverageKind, limit: Limit | None, deductible: Deductible | None) -> list[Text]:
    said = [amounts.limit(limit)] if limit else []
    if deductible and kind in BORNE:
        borne = amounts.deductible(deductible)
        said.append(Text(f"免責金額{borne.ja}", f"deductible {borne.en}"))
    return said


def _perils(perils: Sequence[PerilCover], differing: Collection[Peril]) -> list[Text]:
    said = [(label(part.peril), label(part.covered)) for part in perils if part.peril in differing]
    return [Text(f"{what.ja}は{how.ja}", f"{what.en}: {how.en.lower()}") for what, how in said]


def _described(name: Text, parts: Sequence[Text]) -> Text:
    if not parts:
        return name
    ja, en = "、".join(part.ja for part in parts), ", ".join(part.en for part in parts)
    return Text(f"{name.ja}（{ja}）", f"{name.en} ({en})")
