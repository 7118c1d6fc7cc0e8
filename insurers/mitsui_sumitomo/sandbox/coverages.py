"""Covers as they are printed (WIRE.md §8.4)."""

from collections.abc import Mapping

from .choices import DEDUCTIBLE, ITEMS, NONE, OWN_DAMAGE, Choices

Printed = dict[str, object]

YEN = {"3000MAN": 30_000_000, "5000MAN": 50_000_000, "1OKU": 100_000_000}
TEN_THOUSAND = 10_000

# What both kinds cover, and what 10補償限定 leaves out (domain 2.5, J4).
PERILS = {
    "KURUMA_SHOTOTSU": "他の車との衝突",
    "JITENSHA_HOKOSHA": "自転車・歩行者・動物との衝突",
    "DENCHU_GUARDRAIL": "電柱・ガードレール等との衝突",
    "TENPUKU_TSUIRAKU": "転覆・墜落",
    "KASAI": "火災",
    "TONAN": "盗難",
    "TAIFU_KOZUI": "台風・洪水",
    "RAKUGAKI_GLASS": "落書・ガラス破損",
    "HIRAI_BUTSU": "飛来中・落下中の他物との衝突",
    "SONOTA": "その他の事故",
}
LEFT_OUT_BY_10GENTEI = {"DENCHU_GUARDRAIL", "TENPUKU_TSUIRAKU"}
WITH_CONDITIONS = {"SONOTA"}

# Covers that are there or not: name, yen (None is unlimited), unit.
FIXED: Mapping[str, tuple[str, int | None, str]] = {
    "TAIBUTSU_CHOKA": ("対物超過修理費用特約", 500_000, "1JIKO"),
    "SHOGAI_ICHIJI": ("傷害一時費用", 100_000, "1MEI"),
    "BENGOSHI": ("弁護士費用特約", 3_000_000, "1MEI"),
    "NICHIJO_BAISHO": ("日常生活賠償特約", None, "1JIKO"),
}
RIDERS = {"JIDO_KEIZOKU": "継続手続特約", "KEIZOKU_UKKARI": "継続うっかり特約"}
PRINTED: Mapping[bool | None, str] = {True: "あり", False: "なし", None: "記載なし"}
UNIT = {"1MEI": "1名につき", "1JIKO": "1事故につき", "1NICHI": "1日につき"}


def printed(choices: Choices, car_value_yen: int) -> list[Printed]:
    return [
        _line("TAIJIN", "対人賠償", amount=_amount(None, "1MEI")),
        _line("TAIBUTSU", "対物賠償", amount=_amount(YEN.get(choices["TAIBUTSU_KINGAKU"]), "1JIKO")),
        _fixed("TAIBUTSU_CHOKA", choices),
        _line(
            "JINSHIN",
            "人身傷害",
            amount=_amount(YEN.get(choices["JINSHIN_KINGAKU"]), "1MEI"),
            variant=choices["JINSHIN_HANI"],
            variant_label=ITEMS["JINSHIN_HANI"].choices[choices["JINSHIN_HANI"]],
        ),
        _fixed("SHOGAI_ICHIJI", choices),
        _own_damage(choices, car_value_yen),
        _fixed("BENGOSHI", choices),
        _fixed("NICHIJO_BAISHO", choices),
        _family_bike(choices["FAMILY_BIKE"]),
        _line("ROAD", "運搬・搬送・引取費用特約（おクルマQQ隊）", amount=_amount(150_000, "1JIKO")),
        _rental(choices["RENTAL"]),
    ]


def riders(*, auto_renewal: bool | None, late_renewal: bool | None) -> list[Printed]:
    """What binds the insurer in the contract's renewal; None is not stated."""
    has = {"JIDO_KEIZOKU": auto_renewal, "KEIZOKU_UKKARI": late_renewal}
    return [_line(code, label) | {"kanyu": has[code], "naiyo": PRINTED[has[code]]} for code, label in RIDERS.items()]


def _fixed(code: str, choices: Choices) -> Printed:
    label, yen, unit = FIXED[code]
    chosen = choices[code]
    if chosen == NONE:
        return _absent(code, label)
    if chosen == "ARI":
        return _line(code, label, amount=_amount(yen, unit))
    return _line(code, label, amount=_amount(yen, unit), variant=chosen, variant_label=ITEMS[code].choices[chosen])


def _own_damage(choices: Choices, car_value_yen: int) -> Printed:
    kind = choices[OWN_DAMAGE]
    if kind == NONE:
        return _absent("SHARYO", "車両保険")
    first, later = (int(part) * TEN_THOUSAND for part in choices[DEDUCTIBLE].split("-"))
    return _line(
        "SHARYO",
        "車両保険",
        amount=_amount(car_value_yen, "1JIKO"),
        variant=kind,
        variant_label=ITEMS[OWN_DAMAGE].choices[kind],
    ) | {
        "menseki": {"shokai": first, "nikaime": later},
        "jikoKeitai": [
            {"code": peril, "meisho": label, "hosho": _covered(peril, kind)} for peril, label in PERILS.items()
        ],
    }


def _covered(peril: str, kind: str) -> str:
    if kind == "10GENTEI" and peril in LEFT_OUT_BY_10GENTEI:
        return "NASHI"
    return "JOKENTSUKI" if peril in WITH_CONDITIONS else "ARI"


def _family_bike(kind: str) -> Printed:
    label = "ファミリーバイク特約"
    if kind == NONE:
        return _absent("FAMILY_BIKE", label)
    return _line("FAMILY_BIKE", label, variant=kind, variant_label=ITEMS["FAMILY_BIKE"].choices[kind])


def _rental(kind: str) -> Printed:
    label = "レンタカー費用特約"
    return _absent("RENTAL", label) if kind == NONE else _line("RENTAL", label, amount=_amount(int(kind), "1NICHI"))


def _amount(yen: int | None, unit: str) -> dict[str, object]:
    return {"museigen": yen is None, "kin": yen, "tani": unit}


def _line(
    code: str,
    label: str,
    *,
    amount: dict[str, object] | None = None,
    variant: str | None = None,
    variant_label: str | None = None,
) -> Printed:
    words = [variant_label] if variant_label else []
    if amount:
        words.append("無制限" if amount["museigen"] else f"{amount['kin']:,}円")
        words.append(f"（{UNIT[str(amount['tani'])]}）")
    return {
        "code": code,
        "meisho": label,
        "kanyu": True,
        "naiyo": " ".join(words) or "あり",
        "hokenKingaku": amount,
        "menseki": None,
        "kata": variant,
        "jikoKeitai": None,
    }


def _absent(code: str, label: str) -> Printed:
    return _line(code, label) | {"kanyu": False, "naiyo": "なし"}
