"""What the screens say. Words that no leaflet prints are invented (WIRE.md §3.1, §6.9)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

# WIRE.md §3.1.
TERMS_EDITION = "2026-04"
TERMS = (
    "本サービスは、ご契約者ご本人が、ご自身のご契約の確認と継続手続きのためにご利用いただけます。"
    "ユーザーIDとパスワードはご本人が管理し、他の方に知らせないでください。"
    "ご登録の内容は、本人確認とご案内のために利用します。"
)

COMMON_CONDITIONS = "表示された各プラン共通の条件は、実際と相違ありません。"
KEPT = "確認・保管しました"
APPLY_BUTTON = "上記について内容を同意のうえ申し込む"

CONSENT = (
    "私は、ご契約内容の最終確認 Step 1～Step 5、重要事項のご説明および個人情報の取扱いについて確認し、"
    "その内容に同意のうえ、団体扱自動車保険の継続契約を申し込みます。"
    "また、保険証券・約款の形式について、選択した内容に同意します。"
)
CONSENT_HASH = hashlib.sha256(CONSENT.encode()).hexdigest()


@dataclass(frozen=True)
class Matter:
    """One of ①–④."""

    code: str
    heading: str
    text: str
    answers: Mapping[str, str]
    refers: str | None = None


MATTERS: Mapping[int, Matter] = {
    1: Matter(
        "DANTAI_JOKEN",
        "① 団体扱自動車保険をご契約いただくための条件",
        "保険契約者が団体（勤務先等）に在籍し、保険料を給与から控除できる方であること。"
        "記名被保険者および車両所有者が、保険契約者またはその配偶者・同居の親族等であること。",
        {"GAITO_SURU": "条件に該当します", "GAITO_SHINAI": "条件に該当しません"},
        refers="GAITO_SHINAI",
    ),
    2: Matter(
        "KOKUCHI_JIKO",
        "② 告知事項",
        "お車の用途の変更、他の保険会社での重複するご契約、過去1年間の解除など、"
        "画面に表示された内容と異なる事実があるかをお答えください。",
        {"GAITO_NASHI": "該当する事項はありません", "GAITO_ARI": "該当する事項があります"},
        refers="GAITO_ARI",
    ),
    3: Matter(
        "TSUCHI_JIKO",
        "③ 通知事項",
        "ご契約後にお車の使用目的、主な運転者、ご住所等に変更が生じたときは、遅滞なくご連絡ください。",
        {"KAKUNIN_SHITA": "確認しました"},
    ),
    4: Matter(
        "KOJIN_JOHO",
        "④ 個人情報の取扱い・勧誘方針",
        "勧誘方針およびプライバシーポリシーは、取扱代理店のホームページに掲載しています。",
        {"KAKUNIN_SHITA": "確認しました"},
    ),
}

WEB_ONLY = "WEB_ETSURAN_NOMI"
CERTIFICATE_FORMS: Mapping[str, str] = {
    WEB_ONLY: "Web閲覧のみ",
    "SHOKEN_YUSO": "保険証券を郵送・約款はWeb閲覧",
    "YUSO": "保険証券・約款とも郵送",
}

STEPS: Mapping[int, str] = {
    1: "契約者・記名被保険者",
    2: "お車",
    3: "運転者の条件・等級",
    4: "補償内容",
    5: "保険料・払込方法",
}

IMPORTANT_MATTERS = (
    "この書面は、団体扱自動車保険の契約概要および注意喚起情報を記載した、模擬環境用の見本です。",
    "1. 契約概要: 対人賠償、対物賠償、人身傷害、車両保険等の補償と、保険金をお支払いしない主な場合。",
    "2. 保険料: 等級、年令条件、運転者限定、免許証の色、使用目的等により決まります。",
    "3. 保険期間: 1年間（始期日の午後4時から満期日の午後4時まで）。",
    "4. 告知義務・通知義務: 事実と異なる告知があった場合、ご契約を解除することがあります。",
    "5. クーリングオフ: 保険期間が1年以内のご契約は対象となりません。",
    "6. お問い合わせ先: 取扱代理店。",
)
