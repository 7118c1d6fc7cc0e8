"""
The ways in which a cover can be had (WIRE.md §8.8).

The insurer lets several things of one cover be chosen apart: how much, and where; of which type,
and with what deductible. For us a cover has one choice, so an option is a combination of them,
written `JINSHIN_KINGAKU:1OKU,JINSHIN_HANI:SHAGAI`.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from insurers.coverage import Coverage, CoverageChange, CoverageOption
from insurers.mitsui_sumitomo.wire.eg1 import HenkoKomoku
from insurers.mitsui_sumitomo.wire.values import Sentaku

Way = tuple[tuple[HenkoKomoku, Sentaku], ...]

OWN_DAMAGE, DEDUCTIBLE, NONE = "SHARYO_KATA", "SHARYO_MENSEKI", "NASHI"

# The insurer leaves the deductible out of its list while there is no own-damage cover, and takes
# one with the cover all the same (WIRE.md §8.8).
UNLISTED_DEDUCTIBLE = HenkoKomoku(
    komoku=DEDUCTIBLE,
    hosho_code="SHARYO",
    meisho="免責金額",
    genzai="5-10",
    shoki="5-10",
    sentakushi=tuple(Sentaku(code, f"{code}万円") for code in ("0-10", "5-10", "10-10")),
)


def options(edits: Sequence[HenkoKomoku]) -> tuple[CoverageOption, ...]:
    """Answer every way to have the cover whose *edits* these are; none where nothing can be chosen."""
    if not edits:
        return ()
    named = {edit.komoku for edit in edits}
    complete = (*edits, UNLISTED_DEDUCTIBLE) if OWN_DAMAGE in named and DEDUCTIBLE not in named else tuple(edits)
    every = product(*([(edit, choice) for choice in edit.sentakushi] for edit in complete))
    ways = dict.fromkeys(_sensible(way) for way in every)
    return tuple(
        CoverageOption(
            value=_value(way),
            label=" ".join(f"{edit.meisho} {choice.meisho}" for edit, choice in way),
            selected=all(choice.code == edit.genzai for edit, choice in way),
        )
        for way in ways
    )


def _sensible(way: Way) -> Way:
    """Drop the deductible of a cover that is not taken."""
    if (OWN_DAMAGE, NONE) in {(edit.komoku, choice.code) for edit, choice in way}:
        return tuple((edit, choice) for edit, choice in way if edit.komoku != DEDUCTIBLE)
    return way


def _value(way: Way) -> str:
    return ",".join(f"{edit.komoku}:{choice.code}" for edit, choice in way)


def edits(changes: Iterable[CoverageChange], covers: Sequence[Coverage]) -> dict[str, str]:
    """
    Read changes as the insurer's edits.

    Raises:
        ValueError: one of them is not among the options of *covers*.
    """
    offered = {CoverageChange(kind=cover.kind, option=option.value) for cover in covers for option in cover.options}
    wished = list(changes)
    if not offered.issuperset(wished):
        raise ValueError("not an option of this cover")
    return spelled(wished)


def spelled(changes: Iterable[CoverageChange]) -> dict[str, str]:
    """Write changes as the insurer's edits, whoever offers them; what is no option of anybody's is left as it is."""
    return dict(pair for change in changes for pair in _pairs(change.option))


def together(changes: Iterable[CoverageChange], change: CoverageChange) -> tuple[CoverageChange, ...]:
    """Put one change beside others, in the place of the one of its cover."""
    return (*(other for other in changes if other.kind is not change.kind), change)


def _pairs(value: str) -> Iterator[tuple[str, str]]:
    for pair in value.split(","):
        komoku, _, code = pair.partition(":")
        yield komoku, code


def present(cover: Coverage) -> str:
    """Say how a cover stands, in the insurer's words."""
    chosen = next((option.label for option in cover.options if option.selected), cover.note or "")
    return f"{cover.insurer_label} {chosen}"
