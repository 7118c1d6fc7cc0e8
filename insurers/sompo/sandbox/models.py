"""The cars that this insurer knows by their type designation (型式), and what one is worth (WIRE.md §13.4, §13.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

# YOTO_SYASYU_CD, WIRE.md §5.5.
ORDINARY, SMALL, KEI = "01", "02", "03"

VALUE_UNIT = 100_000  # yen
# Percent of the new value, by full years since first registration; the last stands for all that follow.
WORTH = (100, 88, 78, 70, 62, 54, 46, 39, 32, 26, 20, 15)


@dataclass(frozen=True, kw_only=True)
class Model:
    """`classes` are 対人, 対物, 傷害 and 車両; `new_value` is in yen."""

    code: str
    name: str
    kind: str
    classes: tuple[int, int, int, int]
    new_value: int

    def value(self, years: int) -> int:
        """Answer the yen for which a car of that many full years is insured; 0 where it is worth too little."""
        return self.new_value * WORTH[min(years, len(WORTH) - 1)] // 100 // VALUE_UNIT * VALUE_UNIT


def _model(code: str, name: str, kind: str, classes: tuple[int, int, int, int], new_value: int) -> Model:
    return Model(code=code, name=name, kind=kind, classes=classes, new_value=new_value)


_ALL = (
    _model("MHN10", "ハイランダ", ORDINARY, (9, 8, 7, 10), 3_800_000),
    _model("KMY20", "コミーユ", SMALL, (6, 6, 5, 6), 2_600_000),
    _model("HNT30", "ヒナタ", KEI, (5, 5, 4, 5), 1_750_000),
    _model("ZZA-AB10", "サンプリオ", ORDINARY, (7, 8, 7, 9), 3_600_000),
    _model("ZZA-CD20", "コンパクタ", SMALL, (6, 5, 6, 6), 2_300_000),
    _model("ZZA-EF30", "ヒマリア", ORDINARY, (9, 9, 8, 11), 3_800_000),
    _model("MWG40", "ミホンワゴン", ORDINARY, (8, 9, 8, 12), 4_500_000),
    _model("MBX50", "ミホンボックス", KEI, (4, 6, 5, 4), 1_500_000),
    _model("ZZB-GH40", "アサカゼ", KEI, (5, 4, 4, 4), 1_600_000),
    _model("ZZB-JK50", "オオゾラ", ORDINARY, (11, 10, 11, 12), 5_200_000),
)
MODELS: Mapping[str, Model] = {model.code: model for model in _ALL}


def full_years(since: date, until: date) -> int:
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))
