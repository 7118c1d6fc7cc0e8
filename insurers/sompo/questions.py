"""What Sompo asks in a renewal, and what we call it (WIRE.md §8.2, §8.3)."""

from msgspec import Struct

from insurers.consent import ConsentKind
from insurers.script import Binds, StepKind
from insurers.sompo.wire.procedure import Question
from insurers.text import Text

# SYUBETU, §8.2.
TICK, POPUP, CHOICE, DAY, MONTH, DECLARATION, QUOTE = "10", "20", "30", "40", "41", "50", "60"


# Nothing that is shown can be changed online (WIRE.md §8.2).
AS_SHOWN = Text(
    "表示の内容に誤りや変更がある場合は、お手続きを進めずに取扱代理店へご連絡ください。",
    "If anything shown is wrong or has changed, do not go on: call the agency.",
)


class Kind(Struct, frozen=True):
    """Our name for one of Sompo's steps. Its title comes from the wire, and is here for English only."""

    key: str
    kind: StepKind
    title: str
    help: Text


# STEP_CD, §8.3.
STEPS = {
    "03": Kind(
        "pre_check",
        StepKind.PRE_CHECK,
        "Before you begin",
        Text("ご確認のうえチェックを入れると、次へ進めます。", "Read, tick, and you can go on."),
    ),
    "04": Kind("contract_basics", StepKind.CONTRACT_BASICS, "1. Basic information", AS_SHOWN),
    "05": Kind(
        "coverage",
        StepKind.PLAN,
        "2. Covers and plan",
        Text(
            "プランを1つお選びください。補償を変更した場合は、再計算した保険料でお選びいただきます。",
            "Choose one plan. If you change its covers, choose it at the premium that is quoted anew.",
        ),
    ),
    "06": Kind("details", StepKind.DETAILS, "3. Details of the contract", AS_SHOWN),
    "07": Kind(
        "decided_plan",
        StepKind.COVERAGE,
        "4. The plan you decided on",
        Text("お選びになったプランの内容をご確認ください。", "Check the plan that you chose."),
    ),
    "08": Kind("customer_and_payment", StepKind.CUSTOMER_AND_PAYMENT, "5. Customer and payment", AS_SHOWN),
    "09": Kind(
        "important_matters",
        StepKind.IMPORTANT_MATTERS,
        "Important matters",
        Text(
            "重要事項等説明書（PDF）を別ウィンドウで開き、内容をご確認のうえ、保存してください。",
            "Open the important matters (PDF) in another window, read them, and keep a copy.",
        ),
    ),
    "10": Kind(
        "next_notice",
        StepKind.FINAL_REVIEW,
        "How to be told the next time",
        Text("次回満期時のご案内方法をお選びください。", "Choose how to be told at the next maturity."),
    ),
}


class Asked(Struct, frozen=True):
    """Our name for something that Sompo asks; what a confirmation of it is about, and what its answer proves."""

    key: str
    label: Text
    binds: tuple[Binds, ...] = ()
    proves: ConsentKind | None = None


# Who drives with which licence, what for, and which car: the insured's duty to disclose (告知義務), whatever the step.
DISCLOSED = ConsentKind.DECLARATION

# KOUMOKU_CD, §8.3.
ASKED = {
    "KAKUNIN_01": Asked(
        "privacy_and_solicitation",
        Text("個人情報の取扱い・勧誘方針", "Handling of personal information, and solicitation policy"),
    ),
    "KAKUNIN_02": Asked("driver_scope", Text("運転者の範囲", "Who may drive"), proves=DISCLOSED),
    "POPUP_OK": Asked(
        "driver_scope_popup", Text("運転者の範囲（確認メッセージ）", "Who may drive (message)"), proves=DISCLOSED
    ),
    "KAKUNIN_03": Asked("basics", Text("契約基本情報", "Basic information"), proves=DISCLOSED),
    "SISAN_NO": Asked("plan", Text("お手続きをするプラン", "The plan to renew with")),
    "KAKUNIN_04": Asked("covers", Text("補償内容", "Covers"), (Binds.PLAN,)),
    "MENKYO_KOUSIN_YM": Asked(
        "licence_renewal_month",
        Text("次回免許更新年月", "Month of the next driving licence renewal"),
        proves=DISCLOSED,
    ),
    "SAIJYAKUNEN_YMD": Asked(
        "youngest_driver_birth_date",
        Text("最若年運転者の生年月日", "Birth date of the youngest driver"),
        proves=DISCLOSED,
    ),
    "KAKUNIN_05": Asked("contract_details", Text("契約詳細", "Details of the contract"), proves=DISCLOSED),
    "KAKUNIN_06": Asked("plan_decided", Text("決定プラン", "The plan you decided on"), (Binds.PLAN,)),
    "KAKUNIN_07": Asked(
        "customer_and_payment_confirmed", Text("お客さま情報・支払情報", "Customer and payment"), (Binds.PLAN,)
    ),
    "KAKUNIN_08": Asked(
        "electronic_delivery",
        Text("電磁的交付", "Electronic delivery"),
        (Binds.DOCUMENT,),
        ConsentKind.ELECTRONIC_DELIVERY,
    ),
    "KOKUTI_GAITOU": Asked("disclosure_applies", Text("告知事項", "A matter to be disclosed applies")),
    "TUUTI_GAITOU": Asked("notification_applies", Text("通知事項", "A matter to be notified applies")),
    "KAKUNIN_09": Asked(
        "declarations_confirmed",
        Text("告知事項・通知事項等", "Disclosure and notification"),
        (Binds.DOCUMENT,),
        DISCLOSED,
    ),
    "ANNAI_CD": Asked("next_notice_method", Text("次回満期時のご案内方法", "How to be told at the next maturity")),
}

# SYORUI_SYU, §7.
PAPERS = {
    "10": ("important_matters_document", "Important matters"),
    "20": ("certificate_document", "Certificate"),
    "30": ("clauses_document", "Policy wording"),
    "40": ("privacy_document", "Handling of personal information"),
    "50": ("solicitation_document", "Solicitation policy"),
    "60": ("terms_document", "Membership rules"),
}


def asked(question: Question) -> Asked:
    """
    Answer what we call a question.

    Raises:
        ValueError: it is not in the wire that we know.
    """
    found = ASKED.get(question.koumoku.koumoku_cd)
    if found is None:
        raise ValueError("something is asked that we have no words for")
    return found
