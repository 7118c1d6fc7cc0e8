"""The price of cover: invented, whole yen, so that every edit changes it (WIRE.md §11)."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from .choices import DEDUCTIBLE, NONE, OWN_DAMAGE, Choices
from .contracts import Conditions, Contract, Grade

PERMILLE = 1000
UNREVISED = PERMILLE
GROUP_DISCOUNT = 850

BASE_YEN, YEN_PER_CLASS = 40_000, 3_000

AGE: Mapping[str, int] = {"ZENNENREI": 1600, "21SAI": 1200, "26SAI": 1000, "35SAI": 920}
LIMITATION: Mapping[str, int] = {"NASHI": 1000, "KAZOKU": 970, "FUFU": 930, "HONNIN": 900}
LICENCE: Mapping[str, int] = {"GOLD": 880, "BLUE": 1000, "GREEN": 1060}
USE: Mapping[str, int] = {"NICHIJO_LEISURE": 1000, "TSUKIN_TSUGAKU": 1080, "GYOMU": 1180}

OPTION_YEN: Mapping[str, Mapping[str, int]] = {
    "TAIBUTSU_KINGAKU": {"3000MAN": 3_200, "MUSEIGEN": 3_900},
    "TAIBUTSU_CHOKA": {"ARI": 480},
    "JINSHIN_KINGAKU": {"3000MAN": 5_400, "5000MAN": 6_200, "1OKU": 7_300, "MUSEIGEN": 8_600},
    "JINSHIN_HANI": {"SHAGAI": 2_900},
    "SHOGAI_ICHIJI": {"ARI": 1_700},
    "BENGOSHI": {"JIDOSHA": 1_900, "JIDOSHA_NICHIJO": 3_100},
    "NICHIJO_BAISHO": {"ARI": 1_560},
    "FAMILY_BIKE": {"JISON": 3_400, "JINSHIN": 8_200},
    "RENTAL": {"5000": 2_640, "7000": 3_480},
}

OWN_DAMAGE_OF_VALUE: Mapping[str, int] = {"10GENTEI": 11, "IPPAN": 22}
DEDUCTIBLE_FACTOR: Mapping[str, int] = {"0-10": 1120, "5-10": 1000, "10-10": 880}


class Risk(NamedTuple):
    """What the price depends on besides the plan."""

    rating_class: int
    car_value_yen: int
    conditions: Conditions
    grade: Grade
    in_group: bool


def risk(contract: Contract, conditions: Conditions, grade: Grade) -> Risk:
    in_group = contract.is_group_handled
    return Risk(contract.ryoritsu_class, contract.okuruma.sharyo_kagaku, conditions, grade, in_group)


def annual(risk: Risk, choices: Choices, *, revision: int = UNREVISED) -> int:
    """Yen for one year, to the full ten."""
    yen = BASE_YEN + YEN_PER_CLASS * risk.rating_class
    for factor in (
        _grade(risk.grade),
        AGE[risk.conditions.nenrei_joken],
        LIMITATION[risk.conditions.untensha_gentei],
        LICENCE[risk.conditions.menkyosho_iro],
        USE[risk.conditions.shiyo_mokuteki],
    ):
        yen = yen * factor // PERMILLE
    yen += sum(OPTION_YEN.get(item, {}).get(code, 0) for item, code in choices.items())
    yen += _own_damage(risk.car_value_yen, choices)
    yen = yen * (GROUP_DISCOUNT if risk.in_group else PERMILLE) // PERMILLE
    yen = yen * revision // PERMILLE
    return yen // 10 * 10


def instalments(total: int, times: int, begins: datetime) -> list[dict[str, object]]:
    """Parts that sum to the total: the first takes what a twelfth leaves over."""
    part = total // times // 10 * 10
    months = (begins.year * 12 + begins.month - 1 + 2 + step for step in range(times))
    return [
        {
            "kai": step + 1,
            "haraikomiBi": f"{month // 12}-{month % 12 + 1:02d}-25",
            "kin": total - part * (times - 1) if step == 0 else part,
        }
        for step, month in enumerate(months)
    ]


def _grade(grade: Grade) -> int:
    factor = 1000 - 30 * (grade.tokyu - 6) if grade.tokyu >= 6 else 1000 + 100 * (6 - grade.tokyu)
    return factor + (150 if grade.jiko_ari_kikan else 0)


def _own_damage(value_yen: int, choices: Choices) -> int:
    if choices[OWN_DAMAGE] == NONE:
        return 0
    yen = value_yen * OWN_DAMAGE_OF_VALUE[choices[OWN_DAMAGE]] // PERMILLE
    return yen * DEDUCTIBLE_FACTOR[choices[DEDUCTIBLE]] // PERMILLE
