"""Documents: certificates and the important matters, real PDFs with a version and a hash (WIRE.md §8.7)."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from insurers.sandbox import pdf

from . import coverages, texts
from .contracts import Contract
from .times import spell

MATTERS_ID = "JUYO-JIKO"
MATTERS_TITLE = "重要事項のご説明（団体扱自動車保険）"
MATTERS_EDITION, MATTERS_ISSUED_ON = "2026-10", "2026-10-01"


@dataclass(frozen=True)
class Paper:
    paper_id: str
    kind: str
    title: str
    version: str
    issued_on: str
    path: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def listed(self) -> dict[str, object]:
        return {
            "shoruiId": self.paper_id,
            "shurui": self.kind,
            "meisho": self.title,
            "hansu": self.version,
            "sha256": self.sha256,
            "hakkoBi": self.issued_on,
            "url": self.path,
        }


@lru_cache(maxsize=64)
def important_matters(revision: int) -> Paper:
    """The important matters in the version that follows *revision* earlier ones."""
    version = f"{MATTERS_EDITION}-{revision + 1}"
    content = pdf(MATTERS_TITLE, [*texts.IMPORTANT_MATTERS, f"版数 {version}"])
    return Paper(
        MATTERS_ID, "JUYO_JIKO", MATTERS_TITLE, version, MATTERS_ISSUED_ON, f"/eg1/shorui/{MATTERS_ID}", content
    )


def certificate(contract: Contract) -> Paper:
    """The policy certificate (保険証券)."""
    covers = coverages.printed(contract.erabi, contract.okuruma.sharyo_kagaku)
    paragraphs = [
        f"証券番号 {contract.shoken_no}",
        f"保険契約者 {contract.keiyakusha.shimei}",
        f"記名被保険者 {contract.kimei_hihokensha.shimei}",
        f"ご契約のお車 {contract.okuruma.shamei} {contract.okuruma.toroku_no}",
        f"保険期間 {spell(contract.hoken_kikan.shiki)} から {spell(contract.hoken_kikan.manki)} まで",
        *(f"{cover['meisho']} {cover['naiyo']}" for cover in covers),
        f"年間保険料 {contract.nenkan_gokei:,}円",
        "この証券は模擬環境用の見本です。",
    ]
    paper_id = certificate_id(contract)
    return Paper(
        paper_id,
        "SHOKEN",
        "保険証券",
        "1",
        contract.teiketsu_bi.isoformat(),
        f"/portal/shorui/{paper_id}",
        _rendered("自動車保険証券", tuple(paragraphs)),
    )


@lru_cache(maxsize=256)
def _rendered(title: str, paragraphs: tuple[str, ...]) -> bytes:
    return pdf(title, paragraphs)


def certificate_id(contract: Contract) -> str:
    return f"SHOKEN-{contract.shoken_no}"
