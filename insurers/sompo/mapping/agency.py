"""The agency that handles a contract, and what only it can do."""

from typing import Protocol

from insurers.contact import Contact
from insurers.identity import AgencyCode
from insurers.policy import Agency, RenewabilityCode, RenewabilityReason
from insurers.text import Text

_R = RenewabilityCode

# WIRE.md §6.1, RIYUU_CD.
REASONS = {
    "01": _R.CORPORATE_POLICYHOLDER,
    "02": _R.GROUP_CONTRACT,
    "03": _R.DISCLOSURE_APPLIES,
}

MESSAGES = {
    _R.TOO_EARLY: Text("更新手続きの受付開始前です。", "Renewal has not opened yet."),
    _R.TOO_LATE: Text("更新手続きの受付は終了しました。", "Renewal has closed."),
    _R.CORPORATE_POLICYHOLDER: Text(
        "法人のご契約は取扱代理店でお手続きください。", "A company's contract is renewed through the agency."
    ),
    _R.GROUP_CONTRACT: Text(
        "団体契約はインターネットではお手続きいただけません。", "A group contract cannot be dealt with online."
    ),
    _R.DISCLOSURE_APPLIES: Text(
        "告知事項・通知事項に該当するため、取扱代理店でお手続きください。",
        "A matter to be declared applies; the agency goes on from here.",
    ),
    _R.CHANGE_NEEDS_AGENCY: Text(
        "運転者年齢条件の変更は取扱代理店で承ります。", "The age condition can be changed through the agency only."
    ),
    _R.AUTO_RENEWAL_ACTIVE: Text(
        "安心更新サポート特約により更新済みです。", "The automatic renewal rider has renewed this contract."
    ),
    _R.ALREADY_RENEWED: Text("更新手続きはお済みです。", "This contract has been renewed already."),
    _R.UNKNOWN: Text("取扱代理店へお問い合わせください。", "Please ask the agency."),
}


class Named(Protocol):
    """Any record with the four `DAIRITEN` fields (WIRE.md §2)."""

    @property
    def dairiten_cd(self) -> str: ...
    @property
    def dairiten_mei(self) -> str: ...
    @property
    def dairiten_tel(self) -> str: ...
    @property
    def dairiten_url(self) -> str: ...


def agency(record: Named) -> Agency:
    return Agency(code=AgencyCode(record.dairiten_cd), name=record.dairiten_mei, contact=contact(record))


def contact(record: Named) -> Contact:
    name = record.dairiten_mei
    return Contact(label=Text(name, name), phone=record.dairiten_tel or None, url=record.dairiten_url or None)


def reason(code: RenewabilityCode, whom: Named | None = None) -> RenewabilityReason:
    return RenewabilityReason(code=code, message=MESSAGES[code], contact=contact(whom) if whom else None)
