"""Sompo's covers and perils in comparable terms (WIRE.md §5.3, §5.4, §9.2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from insurers.coverage import (
    Coverage,
    CoverageChange,
    CoverageKind,
    CoverageOption,
    CoverageVariant,
    Covered,
    Peril,
    PerilCover,
)
from insurers.money import NOTHING_BORNE, Deductible, Limit, LimitKind, Yen
from insurers.sompo.wire.contracts import Hosyou, Kiken
from insurers.sompo.wire.notation import read_flag, read_number
from insurers.sompo.wire.quotes import Sentaku

_K = CoverageKind

# HOSYOU_CD, §9.2.
KINDS = {
    "11": _K.BODILY_INJURY_LIABILITY,
    "12": _K.PROPERTY_DAMAGE_LIABILITY,
    "13": _K.PD_REPAIR_EXCESS,
    "21": _K.PERSONAL_INJURY,
    "22": _K.PASSENGER_INJURY,
    "31": _K.OWN_DAMAGE,
    "41": _K.LAWYER_COST,
    "42": _K.PERSONAL_LIABILITY,
    "43": _K.FAMILY_BIKE,
    "51": _K.ROAD_ASSISTANCE,
    "52": _K.RENTAL_CAR,
    "90": _K.AUTO_RENEWAL_RIDER,
    "91": _K.LATE_RENEWAL_RIDER,
}
CODES = {kind: code for code, kind in KINDS.items()}
OWN_DAMAGE = CODES[_K.OWN_DAMAGE]

# HOSYOU_CD and KATA_MEI, §9.2.
VARIANTS = {
    ("21", "車内のみ補償型"): CoverageVariant.IN_CAR_ONLY,
    ("21", "車内・車外補償型"): CoverageVariant.ALSO_OUTSIDE,
    ("31", "一般条件"): CoverageVariant.FULL,
    ("31", "車対車・限定危険"): CoverageVariant.LIMITED,
    ("41", "自動車事故限定型"): CoverageVariant.MOTOR_ONLY,
    ("41", "日常生活・自動車事故型"): CoverageVariant.MOTOR_AND_DAILY,
    ("43", "人身傷害型"): CoverageVariant.PERSONAL_INJURY_TYPE,
    ("43", "自損傷害型"): CoverageVariant.OWN_ACCIDENT_TYPE,
}

# KIKEN_CD, §5.4.
PERILS = {
    "01": Peril.COLLISION_WITH_CAR,
    "02": Peril.COLLISION_UNIDENTIFIED,
    "03": Peril.COLLISION_WITH_OBJECT,
    "04": Peril.ROLLOVER,
    "05": Peril.FIRE,
    "06": Peril.THEFT,
    "07": Peril.STORM_FLOOD,
    "08": Peril.VANDALISM,
    "09": Peril.FLYING_OBJECT,
    "10": Peril.OTHER,
}

# TAISYO_CD, §5.4.
COVERED = {"10": Covered.YES, "20": Covered.CONDITIONAL, "00": Covered.NO}

# GENDO_CD, §5.3. "00" is not here: a limit that is not stated is none.
LIMITS = {"10": LimitKind.AMOUNT, "20": LimitKind.UNLIMITED, "30": LimitKind.ACTUAL_VALUE}
NOT_STATED = "00"

# GENDO_TANI, §5.3: 1名につき and 1日につき.
PER_PERSON, PER_DAY = "10", "30"

# HOSYOU_CD and BIKOU of what is paid abroad, §9.2. Other words are shown, and tell no amount.
ABROAD = {("42", "国外は1億円まで"): Yen(100_000_000)}


# Covers are sold alike to many, and nothing in them is of anybody: what was put in our words once is kept.
COVERS_KEPT = 1_000


def covers(hosyou: Sequence[Hosyou], kiken: Sequence[Kiken], options: Sequence[Sentaku] = ()) -> tuple[Coverage, ...]:
    told, choices = tuple(kiken), _by_cover(options)
    return tuple(
        _cover(record, told if record.hosyou_cd == OWN_DAMAGE else (), choices.get(record.hosyou_cd, ()))
        for record in hosyou
    )


def change(wish: CoverageChange) -> tuple[str, str] | None:
    """Answer HOSYOU_CD and SENTAKU_CD of a wish; None for a cover that has no code of its own."""
    code = CODES.get(wish.kind)
    return (code, wish.option) if code else None


def _by_cover(options: Sequence[Sentaku]) -> Mapping[str, tuple[Sentaku, ...]]:
    found: defaultdict[str, list[Sentaku]] = defaultdict(list)
    for option in options:
        found[option.hosyou_cd].append(option)
    return {code: tuple(own) for code, own in found.items()}


@lru_cache(COVERS_KEPT)
def _cover(record: Hosyou, kiken: tuple[Kiken, ...], options: tuple[Sentaku, ...]) -> Coverage:
    taken = read_flag(record.kanyu)
    return Coverage(
        kind=KINDS.get(record.hosyou_cd, _K.OTHER),
        insurer_label=record.hosyou_mei,
        included=taken,
        variant=_variant(record),
        insurer_variant=record.kata_mei or None,
        limit=_limit(record) if taken else None,
        deductible=_deductible(record) if taken else None,
        perils=perils(kiken) if taken else (),
        note=record.bikou or None,
        options=_options(record, options),
    )


def _variant(record: Hosyou) -> CoverageVariant | None:
    if not record.kata_mei:
        return None
    return VARIANTS.get((record.hosyou_cd, record.kata_mei), CoverageVariant.UNKNOWN)


def _limit(record: Hosyou) -> Limit | None:
    if record.gendo_cd == NOT_STATED:
        return None
    kind = LIMITS.get(record.gendo_cd, LimitKind.UNKNOWN)
    stated = record.hokenkin and kind in (LimitKind.AMOUNT, LimitKind.ACTUAL_VALUE)
    return Limit(
        kind=kind,
        amount=Yen(read_number(record.hokenkin)) if stated else None,
        per_person=record.gendo_tani == PER_PERSON,
        per_day=record.gendo_tani == PER_DAY,
        abroad=ABROAD.get((record.hosyou_cd, record.bikou)),
    )


def _deductible(record: Hosyou) -> Deductible | None:
    if not (record.menseki_1 and record.menseki_2):
        # Empty is none by nature (§5.3); half of one, or none for own damage, is one that was not told.
        told = not (record.menseki_1 or record.menseki_2) and record.hosyou_cd != OWN_DAMAGE
        return NOTHING_BORNE if told else None
    return Deductible(
        first=Yen(read_number(record.menseki_1)),
        second=Yen(read_number(record.menseki_2)),
        car_to_car_zero=read_flag(record.kurumatai_menzero),
    )


def perils(kiken: Sequence[Kiken]) -> tuple[PerilCover, ...]:
    """Answer one entry for each peril; several codes of which nobody knows more are one, and no word is lost."""
    grouped: dict[Peril, list[Kiken]] = {}
    for record in kiken:
        grouped.setdefault(PERILS.get(record.kiken_cd, Peril.OTHER), []).append(record)
    return tuple(PerilCover(peril=peril, covered=_agreed(found), note=_note(found)) for peril, found in grouped.items())


def _note(records: Sequence[Kiken]) -> str | None:
    if len(records) == 1:
        return records[0].bikou or None
    return "、".join(
        f"{record.kiken_mei}（{record.bikou}）" if record.bikou else record.kiken_mei for record in records
    )


def _agreed(records: Sequence[Kiken]) -> Covered:
    said = {COVERED.get(record.taisyo_cd, Covered.UNKNOWN) for record in records}
    if Covered.UNKNOWN in said:
        return Covered.UNKNOWN
    return said.pop() if len(said) == 1 else Covered.CONDITIONAL


def _options(record: Hosyou, own: Sequence[Sentaku]) -> tuple[CoverageOption, ...]:
    # A cover with one option cannot be changed (§8.1), nor one that no wish can name.
    if len(own) < 2 or record.hosyou_cd not in KINDS:
        return ()
    return tuple(
        CoverageOption(
            value=option.sentaku_cd, label=option.sentaku_mei, selected=option.sentaku_cd == record.sentaku_cd
        )
        for option in own
    )
