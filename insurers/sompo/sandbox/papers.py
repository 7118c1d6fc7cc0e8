"""The documents that this insurer hands out, as real PDFs (WIRE.md §7)."""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

from insurers.sandbox import pdf
from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.covers import COVERS, NOT_TAKEN

# SYORUI_SYU
IMPORTANT_MATTERS, CERTIFICATE, WORDING, PRIVACY, SOLICITATION, TERMS = "10", "20", "30", "40", "50", "60"

TERMS_EDITION = "2026-04"
IMPORTANT_MATTERS_EDITION = "202610"
SAMPLE = "この書類は見本です。実在の契約・商品・会社の書類ではありません。"


@dataclass(frozen=True)
class Paper:
    """One edition of one document."""

    number: str
    kind: str
    title: str
    edition: str
    paragraphs: tuple[str, ...] = field(repr=False)

    @property
    def content(self) -> bytes:
        return _printed(self.title, self.paragraphs)

    def fields(self) -> dict[str, object]:
        content = self.content
        return {
            "SYORUI_NO": self.number,
            "SYORUI_SYU": self.kind,
            "SYORUI_MEI": self.title,
            "BAN": self.edition,
            "SHA256": self.sha256,
            "OOKISA": len(content),
        }

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@lru_cache(maxsize=4096)
def _printed(title: str, paragraphs: tuple[str, ...]) -> bytes:
    return pdf(title, paragraphs)


GENERAL = (
    Paper(
        "YK-202504",
        WORDING,
        "ご契約のしおり（約款）",
        "202504",
        (SAMPLE, "保険期間は始期日の午後4時から満期日の午後4時までです。", "補償の内容は保険証券に記載のとおりです。"),
    ),
    Paper(
        "KJ-202404",
        PRIVACY,
        "個人情報の取扱い",
        "202404",
        (SAMPLE, "お客さまの個人情報は、契約の引受け、管理および保険金の支払いのために利用します。"),
    ),
    Paper(
        "KY-202404",
        SOLICITATION,
        "勧誘方針",
        "202404",
        (SAMPLE, "お客さまの知識、経験、ご意向およびご契約の目的に照らし、適切な商品をご案内します。"),
    ),
    Paper(
        "KI-202604",
        TERMS,
        "会員規定",
        TERMS_EDITION,
        (SAMPLE, "共通ID会員登録およびマイページサービスのご利用には、この規定への同意が必要です。"),
    ),
)
BY_NUMBER = {paper.number: paper for paper in GENERAL}
BY_KIND = {paper.kind: paper for paper in GENERAL}


def important_matters(revision: int) -> Paper:
    edition = f"{IMPORTANT_MATTERS_EDITION}-{revision:02d}"
    return Paper(
        f"JY-{edition}",
        IMPORTANT_MATTERS,
        "重要事項等説明書",
        edition,
        (
            SAMPLE,
            f"版 {edition}",
            "契約概要：自動車保険は、相手への賠償、お車に乗る方の傷害、お車の損害などを補償します。",
            "注意喚起情報：告知義務に違反した場合、ご契約を解除し、保険金をお支払いできないことがあります。",
            "注意喚起情報：保険期間が1年以内のご契約は、クーリングオフの対象となりません。",
            "通知事項：使用目的の変更や用途車種の変更があった場合は、遅滞なくご連絡ください。",
        ),
    )


def certificate(contract: Contract) -> Paper:
    taken = [
        f"{cover.name}：{cover.options[contract.covers[code]].name}"
        for code, cover in COVERS.items()
        if contract.covers[code] != NOT_TAKEN
    ]
    return Paper(
        f"SK-{contract.number}",
        CERTIFICATE,
        "自動車保険証券",
        f"{contract.start:%Y%m%d}",
        (
            SAMPLE,
            f"証券番号：{contract.number}",
            f"保険契約者：{contract.holder.family} {contract.holder.given}",
            f"保険期間：{contract.start:%Y年%m月%d日}午後4時から{contract.end:%Y年%m月%d日}午後4時まで",
            f"ご契約のお車：{contract.car.name}　{contract.car.plate}",
            f"保険料：{contract.premium:,}円",
            *taken,
        ),
    )
