"""What a line of cover is called."""

from collections.abc import Mapping

from insurers.coverage import CoverageKind
from insurers.text import Text

_LABELS: Mapping[CoverageKind, Text] = {
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
    CoverageKind.OTHER: Text("その他", "Other"),
}


def label_of(kind: CoverageKind, insurer_label: str | None) -> Text:
    """Several covers may be of no common kind; each is then called what its insurer calls it."""
    return Text(insurer_label, insurer_label) if insurer_label else _LABELS[kind]
