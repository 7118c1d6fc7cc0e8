"""What may be chosen in a plan and in its conditions, in the insurer's words (WIRE.md §8.3, §8.8)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .problems import Refusal

NONE = "NASHI"
OWN_DAMAGE, DEDUCTIBLE = "SHARYO_KATA", "SHARYO_MENSEKI"
USUAL_DEDUCTIBLE = "5-10"

Choices = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """One thing that may be edited, with its choices in ascending order of price where there is one."""

    coverage: str
    label: str
    choices: Mapping[str, str]


YES_NO = {NONE: "なし", "ARI": "あり"}

ITEMS: Mapping[str, Item] = {
    "TAIBUTSU_KINGAKU": Item("TAIBUTSU", "対物賠償 保険金額", {"3000MAN": "3,000万円", "MUSEIGEN": "無制限"}),
    "TAIBUTSU_CHOKA": Item("TAIBUTSU_CHOKA", "対物超過修理費用特約", YES_NO),
    "JINSHIN_KINGAKU": Item(
        "JINSHIN",
        "人身傷害 保険金額",
        {"3000MAN": "3,000万円", "5000MAN": "5,000万円", "1OKU": "1億円", "MUSEIGEN": "無制限"},
    ),
    "JINSHIN_HANI": Item("JINSHIN", "人身傷害 補償範囲", {"SHANAI": "車内のみ", "SHAGAI": "車外も補償"}),
    "SHOGAI_ICHIJI": Item("SHOGAI_ICHIJI", "傷害一時費用", YES_NO),
    OWN_DAMAGE: Item(
        "SHARYO",
        "車両保険",
        {NONE: "なし", "10GENTEI": "車両保険「10補償限定」特約", "IPPAN": "一般補償"},
    ),
    DEDUCTIBLE: Item(
        "SHARYO",
        "車両保険 免責金額",
        {
            "10-10": "1回目10万円・2回目以降10万円",
            "5-10": "1回目5万円・2回目以降10万円",
            "0-10": "1回目0円・2回目以降10万円",
        },
    ),
    "BENGOSHI": Item(
        "BENGOSHI",
        "弁護士費用特約",
        {NONE: "なし", "JIDOSHA": "自動車事故型", "JIDOSHA_NICHIJO": "自動車・日常生活事故型"},
    ),
    "NICHIJO_BAISHO": Item("NICHIJO_BAISHO", "日常生活賠償特約", YES_NO),
    "FAMILY_BIKE": Item(
        "FAMILY_BIKE", "ファミリーバイク特約", {NONE: "なし", "JISON": "自損傷害型", "JINSHIN": "人身傷害型"}
    ),
    "RENTAL": Item("RENTAL", "レンタカー費用特約", {NONE: "なし", "5000": "日額5,000円", "7000": "日額7,000円"}),
}

# 年令・才: so this insurer writes them (domain 2.2).
CONDITIONS: Mapping[str, Mapping[str, str]] = {
    "untenshaGentei": {NONE: "限定なし", "KAZOKU": "家族限定", "FUFU": "本人・配偶者限定", "HONNIN": "本人限定"},
    "nenreiJoken": {"ZENNENREI": "年令条件なし", "21SAI": "21才以上", "26SAI": "26才以上", "35SAI": "35才以上"},
    "menkyoshoIro": {"GOLD": "ゴールド", "BLUE": "ブルー", "GREEN": "グリーン"},
    "shiyoMokuteki": {"NICHIJO_LEISURE": "日常・レジャー", "TSUKIN_TSUGAKU": "通勤・通学", "GYOMU": "業務"},
}

# From which age, in years, each age condition lets drive.
AT_LEAST: Mapping[str, int] = {"ZENNENREI": 0, "21SAI": 21, "26SAI": 26, "35SAI": 35}


def listed(choices: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "meisho": label} for code, label in choices.items()]


def items(chosen: Choices, initial: Choices, left_out: Collection[tuple[str, str]] = ()) -> list[dict[str, object]]:
    """What may be edited in a plan (WIRE.md §8.8), without the choices in *left_out*."""
    return [
        {
            "komoku": code,
            "hoshoCode": item.coverage,
            "meisho": item.label,
            "genzai": chosen[code],
            # A deductible that the plan had not at first has no initial choice but the present one.
            "shoki": initial.get(code, chosen[code]),
            "sentakushi": listed({one: label for one, label in item.choices.items() if (code, one) not in left_out}),
        }
        for code, item in ITEMS.items()
        if code != DEDUCTIBLE or DEDUCTIBLE in chosen
    ]


def edited(present: Choices, edits: Choices) -> dict[str, str]:
    """
    Answer the choices after some edits, all or nothing.

    Raises:
        Refusal: `choice-unknown` or `choice-not-applicable`, with the item.
    """
    for item, code in edits.items():
        if item not in ITEMS or code not in ITEMS[item].choices:
            raise Refusal("choice-unknown", komoku=item)
    chosen = {**present, **edits}
    if chosen[OWN_DAMAGE] == NONE:
        if DEDUCTIBLE in edits:
            raise Refusal("choice-not-applicable", komoku=DEDUCTIBLE)
        chosen.pop(DEDUCTIBLE, None)
    else:
        chosen.setdefault(DEDUCTIBLE, USUAL_DEDUCTIBLE)
    return chosen
