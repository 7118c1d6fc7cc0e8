"""Sompo's contracts and renewal list to ours (WIRE.md §5, §6)."""

import unicodedata
from datetime import datetime

from msgspec import Struct

from insurers.document import Document
from insurers.identity import PolicyNumber, PolicyRef, SuccessorNumber
from insurers.person import PersonName
from insurers.plan import PremiumNature
from insurers.policy import (
    ContractForm,
    GroupScheme,
    Policy,
    PolicyStatus,
    RenewabilityCode,
    RenewabilityReason,
    RenewalOffer,
)
from insurers.sompo.code import CODE
from insurers.sompo.mapping.agency import agency, agency_only, reason
from insurers.sompo.mapping.cover import covers
from insurers.sompo.mapping.premium import premium
from insurers.sompo.wire.contracts import Contract, Keiyaku, Kousin, Syorui
from insurers.sompo.wire.notation import (
    read_code,
    read_era_ym,
    read_era_ymd,
    read_flag,
    read_moment,
    read_number,
    read_ts,
)
from insurers.vehicle import (
    AgeCondition,
    DriverLimitation,
    DriverScope,
    LicenceColour,
    NonFleetGrade,
    UsePurpose,
    Vehicle,
    VehicleKind,
)

_R = RenewabilityCode

# KEIYAKU_JYOTAI, §5.5, with the insurer's words.
STATUS = {
    "10": (PolicyStatus.PENDING, "始期前"),
    "20": (PolicyStatus.IN_FORCE, "有効"),
    "30": (PolicyStatus.EXPIRED, "満期"),
    "40": (PolicyStatus.CANCELLED, "解約"),
}

# KEIYAKU_KEITAI, §5.5.
FORMS = {
    "10": ContractForm.INDIVIDUAL,
    "20": ContractForm.GROUP_HANDLED,
    "30": ContractForm.ASSOCIATION_HANDLED,
    "40": ContractForm.GROUP_MASTER,
    "50": ContractForm.CORPORATE,
}

# SIYOU_CD, §5.5.
USES = {
    "10": (UsePurpose.DAILY_LEISURE, "日常・レジャー"),
    "20": (UsePurpose.COMMUTE_SCHOOL, "通勤・通学"),
    "30": (UsePurpose.BUSINESS, "業務"),
}

# GENTEI_CD, §5.5.
LIMITATIONS = {
    "00": (DriverLimitation.NONE, "運転者限定なし"),
    "10": (DriverLimitation.FAMILY, "家族限定"),
    "20": (DriverLimitation.SELF_AND_SPOUSE, "本人・配偶者限定"),
    "30": (DriverLimitation.SELF_ONLY, "本人限定"),
}

# NENREI_CD, §5.5.
AGES = {
    "00": (AgeCondition.ALL_AGES, "全年齢補償"),
    "21": (AgeCondition.AGE_21_PLUS, "21歳以上補償"),
    "26": (AgeCondition.AGE_26_PLUS, "26歳以上補償"),
    "30": (AgeCondition.AGE_30_PLUS, "30歳以上補償"),
    "35": (AgeCondition.AGE_35_PLUS, "35歳以上補償"),
}

# MENKYO_IRO_CD, §5.5. 90 なし is no colour.
LICENCES = {"10": LicenceColour.GOLD, "20": LicenceColour.BLUE, "30": LicenceColour.GREEN}

# YOTO_SYASYU_CD, §5.5.
KINDS = {"01": VehicleKind.ORDINARY, "02": VehicleKind.SMALL, "03": VehicleKind.KEI}

# KOUSIN_JYOTAI, §6.1. 20 is open; 60 gives its own reason.
OPEN, AGENCY = "20", "60"
CLOSED = {
    "10": _R.TOO_EARLY,
    "40": _R.ALREADY_RENEWED,
    "50": _R.AUTO_RENEWAL_ACTIVE,
    "90": _R.TOO_LATE,
}
APPLIED, RENEWED_BY_RIDER = "40", "50"


def policy(contract: Contract) -> Policy:
    record = contract.keiyaku
    status, status_word = STATUS.get(record.keiyaku_jyotai, (PolicyStatus.UNKNOWN, record.keiyaku_jyotai))
    return Policy(
        ref=PolicyRef(CODE, PolicyNumber.parse(record.syoken_no)),
        status=status,
        insurer_status=status_word,
        starts_at=read_moment(record.siki_ymd, record.siki_ji),
        ends_at=read_moment(record.manki_ymd, record.manki_ji),
        form=FORMS.get(record.keiyaku_keitai, ContractForm.UNKNOWN),
        # A company has one name only, and it stands first.
        holder=PersonName(family=record.keiyakusya_sei, given=record.keiyakusya_mei),
        premium=premium(record.hokenryo, record.haraikomi_cd, contract.bunkatu, nature=PremiumNature.BINDABLE),
        vehicle=_vehicle(record),
        driver_scope=_drivers(record),
        grade=NonFleetGrade(
            grade=read_number(record.toukyu),
            accident_term=read_number(record.jikoyu_nen),
            provisional=read_flag(record.toukyu_kari),
        ),
        coverages=covers(contract.hosyou, contract.kiken),
        auto_renewal=read_flag(record.ansin_kousin),
        agency=agency(record),
        group_scheme=GroupScheme(name=record.dantai_mei) if record.dantai_mei else None,
        documents=tuple(document(part) for part in contract.syorui),
        successor=_successor(record.koukaigo_syoken_no),
    )


def offer(record: Kousin) -> RenewalOffer:
    """Tell what the renewal list says, riders and all (WIRE.md §6.2)."""
    online, successor = record.kousin_jyotai == OPEN, _successor(record.koukaigo_syoken_no)
    return RenewalOffer(
        ref=PolicyRef(CODE, PolicyNumber.parse(record.syoken_no)),
        online=online,
        opens_at=read_ts(record.uketuke_kaisi),
        closes_at=read_ts(record.uketuke_syuryo),
        # With a next term there is nothing left for a rider to do.
        decline_by=None if successor else _moment(record.ansin_kigen),
        late_until=None if successor else _moment(record.ukkari_kigen),
        reasons=() if online else (_closed(record),),
        successor=successor,
    )


class Fate(Struct, frozen=True):
    """
    What the renewal list tells of an application.

    `known` is whether it tells anything, and `by_rider` whether the next term is the rider's (§6.2).
    """

    known: bool
    successor: SuccessorNumber | None = None
    by_rider: bool = False


def fate(record: Kousin) -> Fate:
    if record.kousin_jyotai == APPLIED:
        return Fate(known=True, successor=SuccessorNumber(read_code(record.koukaigo_syoken_no)))
    return Fate(
        known=record.kousin_jyotai in (OPEN, AGENCY, *CLOSED), by_rider=record.kousin_jyotai == RENEWED_BY_RIDER
    )


def document(record: Syorui) -> Document:
    return Document(id=record.syorui_no, title=record.syorui_mei, sha256=record.sha256, version=record.ban)


def _closed(record: Kousin) -> RenewabilityReason:
    if record.kousin_jyotai == AGENCY:
        return agency_only(record.riyuu_cd, record)
    return reason(CLOSED.get(record.kousin_jyotai, _R.UNKNOWN), record)


def successor(contract: Contract) -> SuccessorNumber | None:
    """Answer the next term that the contract itself names."""
    return _successor(contract.keiyaku.koukaigo_syoken_no)


def _moment(ts: str) -> datetime | None:
    return read_ts(ts) if ts else None


def _successor(number: str) -> SuccessorNumber | None:
    return SuccessorNumber(number) if number else None


def _vehicle(record: Keiyaku) -> Vehicle:
    use, use_word = USES.get(record.siyou_cd, (UsePurpose.UNKNOWN, record.siyou_cd))
    return Vehicle(
        name=record.syamei,
        plate=plate(record.toroku_no),
        model=record.katasiki or None,
        kind=KINDS.get(record.yoto_syasyu_cd, VehicleKind.UNKNOWN),
        first_registered=read_era_ym(record.syodo_ym),
        use=use,
        insurer_use=use_word,
    )


def plate(toroku_no: str) -> str:
    """Read a full-width plate: `横浜　５０１　さ　５６−７８` is 横浜 501 さ 56-78."""
    return unicodedata.normalize("NFKC", toroku_no).replace("\N{MINUS SIGN}", "-")


def _drivers(record: Keiyaku) -> DriverScope:
    limitation, limitation_word = LIMITATIONS.get(record.gentei_cd, (DriverLimitation.UNKNOWN, record.gentei_cd))
    age, age_word = AGES.get(record.nenrei_cd, (AgeCondition.UNKNOWN, record.nenrei_cd))
    return DriverScope(
        limitation=limitation,
        age_condition=age,
        insurer_limitation=limitation_word,
        insurer_age_condition=age_word,
        youngest_driver_birth_date=read_era_ymd(record.saijyakunen_ymd) if record.saijyakunen_ymd else None,
        licence_colour=LICENCES.get(record.menkyo_iro_cd),
    )
