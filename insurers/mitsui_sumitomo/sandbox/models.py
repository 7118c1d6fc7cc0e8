"""The cars that this insurer can rate without seeing them, by type designation (WIRE.md §16.3)."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from .names import plain

ORDINARY, SMALL, KEI = "自家用普通乗用車", "自家用小型乗用車", "自家用軽四輪乗用車"

PERMILLE = 1000
LOST_A_YEAR, LEFT_AT_LEAST = 100, 100
FULL_YEN = 50_000

# Older cars have no own-damage cover here.
OWN_DAMAGE_UP_TO_YEARS = 15


class Model(NamedTuple):
    """A model's rating class (型式別料率クラス), and what it cost when it was new."""

    name: str
    kind: str
    rating_class: int
    new_yen: int

    def value(self, years: int) -> int:
        """Yen, to the full 50,000."""
        left = max(PERMILLE - LOST_A_YEAR * years, LEFT_AT_LEAST)
        return self.new_yen * left // PERMILLE // FULL_YEN * FULL_YEN


MODELS: Mapping[str, Model] = {
    "ZZA-AB10": Model("サンプリオ", ORDINARY, 7, 3_600_000),
    "ZZA-CD20": Model("コンパクタ", SMALL, 5, 2_400_000),
    "ZZA-EF30": Model("ヒマリア", ORDINARY, 8, 3_800_000),
    "MHN10": Model("ハイランダ", ORDINARY, 8, 3_900_000),
    "KMY20": Model("コミーユ", SMALL, 6, 3_000_000),
    "HNT30": Model("ヒナタ", KEI, 4, 1_750_000),
    "ZZB-GH40": Model("アサカゼ", KEI, 3, 1_600_000),
    "ZZB-JK50": Model("オオゾラ", ORDINARY, 11, 5_200_000),
    "ZZC-LM60": Model("ホシナミ", SMALL, 6, 2_600_000),
}


def model(designation: str) -> Model | None:
    return MODELS.get(plain(designation).upper())


def full_years(first_registered: date, on: date) -> int:
    months = (on.year - first_registered.year) * 12 + on.month - first_registered.month
    return max(months, 0) // 12
