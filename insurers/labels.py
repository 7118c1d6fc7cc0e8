"""What the words of a comparison are called, for people."""

from collections.abc import Mapping

from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.risk import DataCategory
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, UsePurpose, VehicleKind

Word = (
    CoverageKind
    | Peril
    | Covered
    | CoverageVariant
    | DriverLimitation
    | AgeCondition
    | UsePurpose
    | LicenceColour
    | VehicleKind
    | DataCategory
)

_KINDS: Mapping[Word, Text] = {
    CoverageKind.BODILY_INJURY_LIABILITY: Text("対人賠償", "Bodily injury liability"),
    CoverageKind.PROPERTY_DAMAGE_LIABILITY: Text("対物賠償", "Property damage liability"),
    CoverageKind.PD_REPAIR_EXCESS: Text("対物超過修理費用", "Repair cost above the other car's value"),
    CoverageKind.PERSONAL_INJURY: Text("人身傷害", "Personal injury"),
    CoverageKind.PASSENGER_INJURY: Text("搭乗者傷害", "Passenger injury"),
    CoverageKind.OWN_DAMAGE: Text("車両保険", "Own damage"),
    CoverageKind.LAWYER_COST: Text("弁護士費用", "Lawyer's cost"),
    CoverageKind.PERSONAL_LIABILITY: Text("個人賠償", "Personal liability"),
    CoverageKind.FAMILY_BIKE: Text("ファミリーバイク", "Family bike"),
    CoverageKind.ROAD_ASSISTANCE: Text("ロードサービス", "Road assistance"),
    CoverageKind.RENTAL_CAR: Text("代車・レンタカー費用", "Rental car"),
    CoverageKind.AUTO_RENEWAL_RIDER: Text("自動更新の特約", "Automatic renewal"),
    CoverageKind.LATE_RENEWAL_RIDER: Text("継続うっかりの特約", "Late renewal"),
    CoverageKind.OTHER: Text("その他", "Other"),
}

_PERILS: Mapping[Word, Text] = {
    Peril.COLLISION_WITH_CAR: Text("他の車との衝突", "Collisions with other cars"),
    Peril.COLLISION_UNIDENTIFIED: Text("相手の分からない当て逃げ", "Hit-and-run by an unknown car"),
    Peril.COLLISION_WITH_OBJECT: Text("電柱・ガードレールなど物への衝突", "Collisions with objects"),
    Peril.ROLLOVER: Text("転覆・墜落", "Rollover"),
    Peril.FIRE: Text("火災", "Fire"),
    Peril.THEFT: Text("盗難", "Theft"),
    Peril.STORM_FLOOD: Text("台風・洪水", "Storm or flood"),
    Peril.VANDALISM: Text("落書き・いたずら", "Vandalism"),
    Peril.FLYING_OBJECT: Text("飛来物・落下物との衝突", "Flying or falling objects"),
    Peril.OTHER: Text("その他の事故", "Other accidents"),
}

_COVERED: Mapping[Word, Text] = {
    Covered.YES: Text("補償されます", "Covered"),
    Covered.NO: Text("補償されません", "Not covered"),
    Covered.CONDITIONAL: Text("条件付きで補償されます", "Covered under conditions"),
    Covered.UNKNOWN: Text("示されていません", "Not stated"),
}

_VARIANTS: Mapping[Word, Text] = {
    CoverageVariant.IN_CAR_ONLY: Text("車内のみ", "In the car only"),
    CoverageVariant.ALSO_OUTSIDE: Text("車内・車外", "In the car and outside"),
    CoverageVariant.FULL: Text("一般", "Full"),
    CoverageVariant.LIMITED: Text("限定", "Limited"),
    CoverageVariant.MOTOR_ONLY: Text("自動車事故のみ", "Motor accidents only"),
    CoverageVariant.MOTOR_AND_DAILY: Text("自動車・日常生活の事故", "Motor and daily-life accidents"),
    CoverageVariant.PERSONAL_INJURY_TYPE: Text("人身傷害型", "Personal injury type"),
    CoverageVariant.OWN_ACCIDENT_TYPE: Text("自損傷害型", "Own accident type"),
    CoverageVariant.UNKNOWN: Text("不明", "Not known"),
}

_LIMITATIONS: Mapping[Word, Text] = {
    DriverLimitation.NONE: Text("限定なし", "Anybody"),
    DriverLimitation.FAMILY: Text("家族限定", "Family only"),
    DriverLimitation.SELF_AND_SPOUSE: Text("本人・配偶者限定", "Named insured and spouse only"),
    DriverLimitation.SELF_ONLY: Text("本人限定", "Named insured only"),
    DriverLimitation.UNKNOWN: Text("不明", "Not known"),
}

_AGES: Mapping[Word, Text] = {
    AgeCondition.ALL_AGES: Text("全年齢", "All ages"),
    AgeCondition.AGE_21_PLUS: Text("21歳以上", "21 and over"),
    AgeCondition.AGE_26_PLUS: Text("26歳以上", "26 and over"),
    AgeCondition.AGE_30_PLUS: Text("30歳以上", "30 and over"),
    AgeCondition.AGE_35_PLUS: Text("35歳以上", "35 and over"),
    AgeCondition.UNKNOWN: Text("不明", "Not known"),
}

_USES: Mapping[Word, Text] = {
    UsePurpose.DAILY_LEISURE: Text("日常・レジャー", "Daily life and leisure"),
    UsePurpose.COMMUTE_SCHOOL: Text("通勤・通学", "Commuting to work or school"),
    UsePurpose.BUSINESS: Text("業務", "Business"),
    UsePurpose.UNKNOWN: Text("不明", "Not known"),
}

_LICENCES: Mapping[Word, Text] = {
    LicenceColour.GOLD: Text("ゴールド", "Gold"),
    LicenceColour.BLUE: Text("ブルー", "Blue"),
    LicenceColour.GREEN: Text("グリーン", "Green"),
}

_VEHICLES: Mapping[Word, Text] = {
    VehicleKind.ORDINARY: Text("自家用普通乗用車", "Ordinary passenger car"),
    VehicleKind.SMALL: Text("自家用小型乗用車", "Small passenger car"),
    VehicleKind.KEI: Text("自家用軽四輪乗用車", "Kei car"),
    VehicleKind.UNKNOWN: Text("不明", "Not known"),
}

_CATEGORIES: Mapping[Word, Text] = {
    DataCategory.TERM: Text("保険期間", "Insurance period"),
    DataCategory.VEHICLE: Text("お車", "Car"),
    DataCategory.USE: Text("使用目的", "Use of the car"),
    DataCategory.DRIVERS: Text("運転者の範囲", "Who may drive"),
    DataCategory.LICENCE: Text("免許証の色", "Licence colour"),
    DataCategory.GRADE: Text("等級", "No-claims class"),
    DataCategory.COVERAGES: Text("ご希望の補償", "Wanted covers"),
    DataCategory.GROUP_SCHEME: Text("団体", "Group scheme"),
}

# Words of several kinds are spelled alike, so each kind has a table of its own.
TABLES: Mapping[type, Mapping[Word, Text]] = {
    type(next(iter(table))): table
    for table in (
        _KINDS,
        _PERILS,
        _COVERED,
        _VARIANTS,
        _LIMITATIONS,
        _AGES,
        _USES,
        _LICENCES,
        _VEHICLES,
        _CATEGORIES,
    )
}


def label(word: Word) -> Text:
    return TABLES[type(word)][word]
