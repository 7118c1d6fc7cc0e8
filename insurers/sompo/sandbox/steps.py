"""The steps of a renewal, and what each one asks (SJ-REN-03 to 10, WIRE.md §8.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from insurers.sompo.sandbox.words import NO_OR_YES, NOTICES

# SYUBETU, §8.2.
TICK, POPUP, CHOICE, ERA_DAY, ERA_MONTH, DECLARATION, QUOTE = "10", "20", "30", "40", "41", "50", "60"

CHECKED = "確認しました"
NO_MISTAKE = "上記の内容で間違いありません"


@dataclass(frozen=True)
class Ask:
    """One field that a step wants, in the insurer's words."""

    name: str
    kind: str
    words: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    code: str
    name: str
    path: str
    asks: tuple[Ask, ...]

    @property
    def ticks(self) -> list[str]:
        """The fields that must be 1 before 「次へ」 wakes up."""
        return [ask.name for ask in self.asks if ask.kind in {TICK, POPUP}]


STEPS = (
    Step(
        "03",
        "事前確認",
        "/koukai/jizen",
        (Ask("KAKUNIN_01", TICK, f"個人情報の取扱いならびに勧誘方針等を{CHECKED}"),),
    ),
    Step(
        "04",
        "契約内容確認 （１）契約基本情報の確認",
        "/koukai/kihon",
        (
            Ask("KAKUNIN_02", TICK, f"運転者の範囲（運転者の限定、年齢条件）について{CHECKED}"),
            Ask(
                "POPUP_OK",
                POPUP,
                "運転者の範囲に含まれない方が運転中の事故は補償されません。よろしければ「OK」を押してください。",
            ),
            Ask("KAKUNIN_03", TICK, NO_MISTAKE),
        ),
    ),
    Step(
        "05",
        "契約内容確認 （２）補償内容の確認",
        "/koukai/hosyou",
        (Ask("SISAN_NO", QUOTE, "お手続きをするプランを選択します。"), Ask("KAKUNIN_04", TICK, NO_MISTAKE)),
    ),
    Step(
        "06",
        "契約内容確認 （３）契約詳細の確認",
        "/koukai/syousai",
        (
            Ask("MENKYO_KOUSIN_YM", ERA_MONTH, "記名被保険者の次回免許更新年月"),
            Ask("SAIJYAKUNEN_YMD", ERA_DAY, "最若年運転者の生年月日"),
            Ask("KAKUNIN_05", TICK, NO_MISTAKE),
        ),
    ),
    Step("07", "契約内容確認 （４）決定プランの確認", "/koukai/kettei", (Ask("KAKUNIN_06", TICK, NO_MISTAKE),)),
    Step("08", "契約内容確認 （５）お客さま情報・支払情報", "/koukai/siharai", (Ask("KAKUNIN_07", TICK, NO_MISTAKE),)),
    Step(
        "09",
        "重要事項等確認",
        "/koukai/juyou",
        (
            Ask("KAKUNIN_08", TICK, "重要事項等説明書の電磁的交付および内容の確認について同意します"),
            Ask("KOKUTI_GAITOU", DECLARATION, "告知事項のうち、表示の内容と異なるものがありますか。", NO_OR_YES),
            Ask("TUUTI_GAITOU", DECLARATION, "通知事項に該当する変更がありますか。", NO_OR_YES),
            Ask("KAKUNIN_09", TICK, f"告知事項、通知事項等を{CHECKED}"),
        ),
    ),
    Step(
        "10",
        "お申し込み手続き",
        "/koukai/moshikomi",
        (Ask("ANNAI_CD", CHOICE, "次回満期時のご案内方法を選択します。", NOTICES),),
    ),
)
FIRST = STEPS[0].code
DONE = "11"
BY_PATH = {step.path: step for step in STEPS}
AFTER = dict(zip([step.code for step in STEPS], [*(step.code for step in STEPS[1:]), DONE], strict=True))
