"""Where a quote of Sompo's differs from what was wanted, told in words for people (WIRE.md §13.2)."""

from collections.abc import Collection, Iterator, Sequence

from insurers.coverage import Coverage, CoverageKind, Peril
from insurers.labels import label
from insurers.money import LimitKind
from insurers.plan import Conditions, Departure
from insurers.risk import Risk, WantedCover
from insurers.sompo.mapping import description
from insurers.sompo.mapping.cover import KINDS
from insurers.sompo.mapping.sold import SOLD
from insurers.sompo.wire.estimates import Tigai
from insurers.text import Text
from insurers.verdict import Verdict, compare

# TIGAI_CD, §13.2.
REASONS = {
    "01": Text(
        "自家用軽四輪乗用車に本人限定のお取扱いがないため、広い条件です。",
        "For kei cars nothing is limited to the named insured alone, so the condition is wider.",
    ),
    "02": Text(
        "最も若い運転者が補償されるよう、年齢条件を広げています。",
        "The age condition is widened so that the youngest driver is covered.",
    ),
    "03": Text(
        "お取扱いのない団体のため、団体扱割引はありません。", "It does not handle this group, so there is no discount."
    ),
    "11": Text(
        "車両保険は初度登録から12年未満のお車に限ります。",
        "Own damage is covered only for cars of less than 12 years.",
    ),
    "12": Text(
        "車両保険金額を定められないお車のため、車両保険はつけられません。",
        "The car's value cannot be told, so its own damage cannot be covered.",
    ),
    "13": Text("自家用軽四輪乗用車ではお選びいただけません。", "It is not sold for kei cars."),
    "14": Text("必ず付帯される補償です。", "No contract is without it."),
}
RECOMMENDED = Text("このプランがご希望より広くすすめている補償です。", "This plan recommends more than is wanted.")
WIDER = Text(
    "同じ内容のお取扱いがないため、ご希望を下回らない最も近い内容です。",
    "The same is not sold; this is the nearest that is not narrower.",
)
NOTHING_WIDER = Text("これより広い内容のお取扱いがありません。", "Nothing wider is sold.")
NEITHER = Text(
    "同じ内容のお取扱いがないため、最も近い内容です。広い点と狭い点があります。",
    "The same is not sold; this is the nearest, wider in some respects and narrower in others.",
)

# KOUMOKU, §13.2.
KNOWN_FIELDS = frozenset({"GENTEI_CD", "NENREI_CD", "DANTAI_MEI", "HOSYOU_CD"})

NONE = Text("なし", "none")
NO_DISCOUNT = Text("団体扱割引なし", "no group discount")

UNTOLD = frozenset({Verdict.EQUAL, Verdict.UNKNOWN, Verdict.REFERENCE})


def of_covers(
    risk: Risk, covers: Sequence[Coverage], tigai: Sequence[Tigai], raised: Collection[CoverageKind]
) -> Iterator[Departure]:
    """
    Compare the covers of a plan with the wanted ones.

    *raised* are those that the plan itself recommends otherwise than was asked for.
    """
    wanted = {cover.kind: cover for cover in risk.coverages or ()}
    said = {KINDS[line.hosyou_cd]: _reason(line) for line in tigai if line.hosyou_cd in KINDS}
    for cover in covers:
        if cover.kind not in SOLD:
            continue
        wish = wanted.get(cover.kind)
        verdicts = _verdicts(cover, _as_cover(wish, cover) if wish else None)
        if verdicts or cover.kind in said:
            own = RECOMMENDED if cover.kind in raised else None
            yield _departure(wish, cover, own or said.get(cover.kind) or _why(verdicts))


def of_conditions(
    risk: Risk, offered: Conditions, tigai: Sequence[Tigai], *, group_handled: bool
) -> Iterator[Departure]:
    """Compare who may drive, for what, and through which group."""
    said = {line.koumoku: _reason(line) for line in tigai}
    drivers = risk.drivers
    if drivers and drivers.limitation is not offered.limitation:
        word = Text(offered.insurer_limitation, label(offered.limitation).en)
        yield Departure(requested=label(drivers.limitation), offered=word, why=said.get("GENTEI_CD", WIDER))
    if drivers and drivers.age_condition is not offered.age_condition:
        word = Text(offered.insurer_age_condition, label(offered.age_condition).en)
        yield Departure(requested=label(drivers.age_condition), offered=word, why=said.get("NENREI_CD", WIDER))
    if risk.use and risk.use is not offered.use:
        yield Departure(requested=label(risk.use), offered=Text(offered.insurer_use, label(offered.use).en), why=WIDER)
    if risk.group and not group_handled:
        name = risk.group.name
        yield Departure(requested=Text(name, name), offered=NO_DISCOUNT, why=said.get("DANTAI_MEI", REASONS["03"]))
    yield from (_strange(line) for line in tigai if line.koumoku not in KNOWN_FIELDS)


def _strange(line: Tigai) -> Departure:
    """A difference in something of which the wire does not tell us yet is shown as it came."""
    asked, offered = line.kibou or NONE.ja, line.teikyou or NONE.ja
    return Departure(requested=Text(asked, asked), offered=Text(offered, offered), why=_reason(line))


def _reason(line: Tigai) -> Text:
    """Others may come than are known; theirs is shown as it is."""
    return REASONS.get(line.tigai_cd) or Text(line.tigai_bun, line.tigai_bun)


def _verdicts(offered: Coverage, wanted: Coverage | None) -> set[Verdict]:
    """Answer every way in which they are known to differ, whatever else is not known of them."""
    judgement = compare(offered, wanted, same_insurer=False)
    return {judgement.verdict, *(finding.verdict for finding in judgement.findings)} - UNTOLD


def _why(verdicts: Collection[Verdict]) -> Text:
    if Verdict.DIFFERENT in verdicts:
        return NEITHER
    return NOTHING_WIDER if {Verdict.WORSE, Verdict.LOST} & set(verdicts) else WIDER


def _departure(wish: WantedCover | None, cover: Coverage, why: Text) -> Departure:
    differing = _differing(wish, cover)
    return Departure(
        kind=cover.kind,
        requested=description.wanted(wish, differing) if wish else NONE,
        offered=description.offered(cover, differing) if cover.included else NONE,
        why=why,
    )


def _differing(wish: WantedCover | None, cover: Coverage) -> set[Peril]:
    """What an insurer puts under OTHER is what it has no word for, and each has other words."""
    asked = {part.peril: part.covered for part in wish.perils} if wish else {}
    has = {part.peril: part.covered for part in cover.perils}
    return {peril for peril in asked.keys() & has.keys() - {Peril.OTHER} if asked[peril] is not has[peril]}


def _as_cover(wish: WantedCover, offered: Coverage) -> Coverage:
    """Read a wish as a cover. What the car is worth is for the insurer to say that would pay it."""
    worth = wish.limit is not None and wish.limit.kind is LimitKind.ACTUAL_VALUE
    return Coverage(
        kind=wish.kind,
        insurer_label=wish.kind,
        included=True,
        variant=wish.variant,
        limit=offered.limit if worth and offered.included else wish.limit,
        deductible=wish.deductible,
        perils=wish.perils,
    )
