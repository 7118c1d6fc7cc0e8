"""What a price rests on and nobody has checked yet."""

from collections.abc import Mapping

from insurers.mitsui_sumitomo.wire import mitsumori
from insurers.text import Text

PROVISIONAL_GRADE = "TOKYU_ZANTEI"

# WIRE.md §16.5. What is not listed is told in the insurer's own words.
ASSUMED: Mapping[str, Text] = {
    "TOKYU_ZANTEI": Text(
        "等級・事故有係数適用期間は、現在のご契約が満期まで無事故の場合の暫定です。",
        "Grade and accident term are provisional: those of a term that ends without another accident.",
    ),
    "TOKYU_KIKAN": Text(
        "等級・事故有係数適用期間は、前契約から継承できない場合のものです。",
        "Grade and accident term are those of somebody whose former grade is not carried over.",
    ),
    "SHARYO_KAGAKU": Text(
        "車両保険金額は、型式と初度登録による標準の価額です。",
        "The car's value is the usual one of its model and age.",
    ),
    "KOKUCHI": Text("告知事項に該当がないことを前提としています。", "No disclosure matter applies."),
    "DANTAI_JOKEN": Text("団体扱の条件を満たすことを前提としています。", "The conditions of the group hold."),
    "MENKYOSHO_KATEI": Text("免許証の色はブルーを前提としています。", "The licence is blue."),
    "SAIJAKUNEN_KATEI": Text(
        "最も若い運転者は、年令条件を満たす方を前提としています。", "The youngest driver reaches the age condition."
    ),
    "HOSHO_KATEI": Text(
        "ご希望の補償を伝えていないため、標準の補償内容です。",
        "No wanted covers were told, so these are the usual ones.",
    ),
}


def read(said: mitsumori.Zentei) -> Text:
    return ASSUMED.get(said.code, Text(said.setsumei, said.setsumei))
