"""The agency that handles a contract, and what only it can do."""

from typing import Protocol

from insurers.contact import Contact
from insurers.identity import AgencyCode
from insurers.policy import Agency, RenewabilityCode, RenewabilityReason
from insurers.text import Text

_R = RenewabilityCode

# WIRE.md §6.1 and §13.1, RIYUU_CD.
REASONS = {
    "01": _R.CORPORATE_POLICYHOLDER,
    "02": _R.GROUP_CONTRACT,
    "03": _R.DISCLOSURE_APPLIES,
    "04": _R.RECENT_ACCIDENT,
    "05": _R.CHANGE_NEEDS_AGENCY,
}

MESSAGES = {
    _R.TOO_EARLY: Text(
        "更新手続きの受付開始前です。受付開始までお待ちください。", "Renewal has not opened yet. Please come back then."
    ),
    _R.TOO_LATE: Text(
        "インターネットでの更新の受付は終了しました。至急、取扱代理店へお問い合わせください。",
        "Renewal online has closed. Please ask the agency at once.",
    ),
    _R.CORPORATE_POLICYHOLDER: Text(
        "法人のご契約は取扱代理店でお手続きください。", "A company's contract is renewed through the agency."
    ),
    _R.GROUP_CONTRACT: Text(
        "団体契約はインターネットではお手続きいただけません。取扱代理店でお手続きください。",
        "A group contract cannot be dealt with online. Please ask the agency.",
    ),
    _R.DISCLOSURE_APPLIES: Text(
        "告知事項・通知事項に該当するため、取扱代理店でお手続きください。",
        "A matter to be declared applies; the agency goes on from here.",
    ),
    _R.RECENT_ACCIDENT: Text(
        "直近3か月以内に事故があったため、インターネットではお手続きいただけません。取扱代理店でお手続きください。",
        "There was an accident in the last three months, so this cannot be dealt with online. Please ask the agency.",
    ),
    _R.CHANGE_NEEDS_AGENCY: Text(
        "運転者年齢条件の変更は取扱代理店で承ります。", "The age condition can be changed through the agency only."
    ),
    _R.AUTO_RENEWAL_ACTIVE: Text(
        "安心更新サポート特約により更新済みです。更新後のご契約の変更・解約は、取扱代理店へお申し出ください。",
        "The automatic renewal rider has renewed this contract. To change or end the next term, ask the agency.",
    ),
    _R.ALREADY_RENEWED: Text(
        "更新手続きはお済みです。更新後のご契約についてのお問い合わせは、取扱代理店で承ります。",
        "This contract has been renewed already. The agency answers questions about the next term.",
    ),
    _R.UNKNOWN: Text("取扱代理店へお問い合わせください。", "Please ask the agency."),
}

# What only the agency quotes is no change of a contract.
OF_QUOTES = {
    "05": Text(
        "業務使用で全年齢補償のお見積りは、取扱代理店で承ります。",
        "For business use by drivers of any age, please ask the agency for a quote.",
    ),
}

MODEL_UNKNOWN = Text(
    "この型式のお車は、こちらでは見積もれません。車検証をご用意のうえ、取扱代理店へお問い合わせください。",
    "This type designation (型式) is not known here. Have the vehicle inspection certificate at hand, "
    "and ask the agency.",
)


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


def model_unknown(whom: Named) -> RenewabilityReason:
    return RenewabilityReason(code=_R.UNKNOWN, message=MODEL_UNKNOWN, contact=contact(whom))


def agency_only(riyuu_cd: str, whom: Named) -> RenewabilityReason:
    """Tell why only the agency can renew or quote (RIYUU_CD)."""
    code = REASONS.get(riyuu_cd, _R.UNKNOWN)
    return RenewabilityReason(code=code, message=OF_QUOTES.get(riyuu_cd, MESSAGES[code]), contact=contact(whom))
