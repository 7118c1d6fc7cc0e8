"""Mitsui Sumitomo's contracts, in our words."""

from datetime import date

from insurers.contact import Contact
from insurers.document import Document
from insurers.identity import AgencyCode, InsurerCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.mitsui_sumitomo import covers
from insurers.mitsui_sumitomo.times import moment, month
from insurers.mitsui_sumitomo.wire import portal, values
from insurers.person import PersonName
from insurers.plan import Conditions
from insurers.policy import Agency, ContractForm, GroupScheme, Policy, PolicyStatus
from insurers.text import Text
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

CODE = InsurerCode("mitsui_sumitomo")

# WIRE.md §8.1.
FORM = {
    "DANTAI_ATSUKAI": ContractForm.GROUP_HANDLED,
    "SHUDAN_ATSUKAI": ContractForm.ASSOCIATION_HANDLED,
    "KOJIN": ContractForm.INDIVIDUAL,
    "DANTAI_KEIYAKU": ContractForm.GROUP_MASTER,
    "HOJIN": ContractForm.CORPORATE,
}

# WIRE.md §8.2.
STATUS = {
    "KAISHIMAE": PolicyStatus.PENDING,
    "YUKO": PolicyStatus.IN_FORCE,
    "MANRYO": PolicyStatus.EXPIRED,
    "KEIZOKUZUMI": PolicyStatus.RENEWED,
    "KAIYAKU": PolicyStatus.CANCELLED,
}

# WIRE.md §8.3, with this insurer's spelling: 年令 and 才.
LIMITATION = {
    "NASHI": (DriverLimitation.NONE, "限定なし"),
    "KAZOKU": (DriverLimitation.FAMILY, "家族限定"),
    "FUFU": (DriverLimitation.SELF_AND_SPOUSE, "本人・配偶者限定"),
    "HONNIN": (DriverLimitation.SELF_ONLY, "本人限定"),
}
AGE_CONDITION = {
    "ZENNENREI": (AgeCondition.ALL_AGES, "年令条件なし"),
    "21SAI": (AgeCondition.AGE_21_PLUS, "21才以上"),
    "26SAI": (AgeCondition.AGE_26_PLUS, "26才以上"),
    "35SAI": (AgeCondition.AGE_35_PLUS, "35才以上"),
}
USE = {
    "NICHIJO_LEISURE": (UsePurpose.DAILY_LEISURE, "日常・レジャー"),
    "TSUKIN_TSUGAKU": (UsePurpose.COMMUTE_SCHOOL, "通勤・通学"),
    "GYOMU": (UsePurpose.BUSINESS, "業務"),
}
LICENCE = {"GOLD": LicenceColour.GOLD, "BLUE": LicenceColour.BLUE, "GREEN": LicenceColour.GREEN}

# WIRE.md §16.1, yotoShashu. A contract may be of other kinds.
VEHICLE_KIND = {
    "自家用普通乗用車": VehicleKind.ORDINARY,
    "自家用小型乗用車": VehicleKind.SMALL,
    "自家用軽四輪乗用車": VehicleKind.KEI,
}

# WIRE.md §5.2, jidoKeizokuTokuyaku.
AUTO_RENEWAL = {"ARI": True, "NASHI": False}


def policy(record: portal.Keiyaku) -> Policy:
    return Policy(
        ref=ref(record.shoken_no),
        status=STATUS.get(record.jotai, PolicyStatus.UNKNOWN),
        insurer_status=record.jotai,
        starts_at=moment(record.hoken_kikan.shiki),
        ends_at=moment(record.hoken_kikan.manki),
        form=FORM.get(record.keiyaku_keitai, ContractForm.UNKNOWN),
        holder=name(record.keiyakusha.shimei, record.keiyakusha.kana),
        premium=covers.premium(record.hokenryo),
        vehicle=vehicle(record.okuruma, record.joken),
        driver_scope=driver_scope(record.joken),
        grade=grade(record.tokyu),
        coverages=tuple(covers.coverage(line) for line in record.hosho),
        auto_renewal=AUTO_RENEWAL.get(record.jido_keizoku_tokuyaku or ""),
        agency=agency(record.toriatsukai_dairiten),
        group_scheme=group(record.dantai) if record.dantai else None,
        documents=tuple(document(paper) for paper in record.shorui),
        successor=successor(record.keizokugo_shoken_no),
    )


def ref(shoken_no: str) -> PolicyRef:
    return PolicyRef(CODE, PolicyNumber.parse(shoken_no))


def successor(shoken_no: str | None) -> SuccessorNumber | None:
    return SuccessorNumber(shoken_no) if shoken_no else None


def name(shimei: values.Shimei, kana: values.Shimei) -> PersonName:
    return PersonName(family=shimei.sei, given=shimei.mei, family_kana=kana.sei, given_kana=kana.mei)


def vehicle(okuruma: values.Okuruma, joken: values.Joken) -> Vehicle:
    use, words = USE.get(joken.shiyo_mokuteki, (UsePurpose.UNKNOWN, joken.shiyo_mokuteki))
    return Vehicle(
        name=okuruma.shamei,
        plate=okuruma.toroku_no,
        model=okuruma.katashiki,
        kind=VEHICLE_KIND.get(okuruma.yoto_shashu, VehicleKind.UNKNOWN),
        first_registered=month(okuruma.shodo_toroku),
        use=use,
        insurer_use=words,
    )


def driver_scope(joken: values.Joken) -> DriverScope:
    limitation, limited_to = LIMITATION.get(joken.untensha_gentei, (DriverLimitation.UNKNOWN, joken.untensha_gentei))
    age, from_age = AGE_CONDITION.get(joken.nenrei_joken, (AgeCondition.UNKNOWN, joken.nenrei_joken))
    youngest = joken.saijakunen_seinengappi
    return DriverScope(
        limitation=limitation,
        age_condition=age,
        insurer_limitation=limited_to,
        insurer_age_condition=from_age,
        youngest_driver_birth_date=date.fromisoformat(youngest) if youngest else None,
        licence_colour=LICENCE.get(joken.menkyosho_iro),
    )


def conditions(joken: values.Joken) -> Conditions:
    scope = driver_scope(joken)
    use, words = USE.get(joken.shiyo_mokuteki, (UsePurpose.UNKNOWN, joken.shiyo_mokuteki))
    return Conditions(
        limitation=scope.limitation,
        age_condition=scope.age_condition,
        use=use,
        insurer_limitation=scope.insurer_limitation,
        insurer_age_condition=scope.insurer_age_condition,
        insurer_use=words,
    )


def grade(tokyu: values.Tokyu) -> NonFleetGrade:
    return NonFleetGrade(grade=tokyu.tokyu, accident_term=tokyu.jiko_ari_kikan, provisional=tokyu.zantei)


def agency(dairiten: values.Dairiten) -> Agency:
    return Agency(
        code=AgencyCode(dairiten.dairiten_code),
        name=dairiten.meisho,
        contact=Contact(
            label=Text(dairiten.meisho, dairiten.meisho),
            phone=dairiten.denwa,
            url=dairiten.homepage,
            hours=dairiten.uketsuke_jikan,
        ),
    )


def group(dantai: values.Dantai) -> GroupScheme:
    return GroupScheme(
        name=dantai.dantai_mei, employer_name=dantai.kigyo_mei, employee_number_required=dantai.shain_no_hitsuyo
    )


def document(shorui: values.Shorui) -> Document:
    return Document(id=shorui.shorui_id, title=shorui.meisho, sha256=shorui.sha256, version=shorui.hansu)
