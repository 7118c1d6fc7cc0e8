"""Whether a contract can be renewed online, until when, and why not: the renewal list and the agency's cases."""

from insurers.contact import Contact
from insurers.mitsui_sumitomo import mapping
from insurers.mitsui_sumitomo.times import moment
from insurers.mitsui_sumitomo.wire import portal, values
from insurers.policy import Policy, PolicyStatus, RenewabilityCode, RenewabilityReason, RenewalOffer
from insurers.script import Referral
from insurers.text import Text

C = RenewabilityCode

# What a refusal's own code stands for where it says no more, and what stands for an answer of the customer's.
TOO_EARLY, TOO_LATE, NOT_CHANGEABLE = "UKETSUKE_MAE", "UKETSUKE_SHURYO", "HENKO_FUKA"
GROUP_CONDITIONS, DISCLOSURE, FLEET = "DANTAI_JOKEN", "KOKUCHI_JIKO", "SHOYU_DAISU"
BY_RIDER, MODEL_UNKNOWN = "JIDO_KEIZOKU", "KATASHIKI"

# WIRE.md §5.3 (riyu), §6.3, §6.11, §6.13 and §16.1.
REASONS = {
    TOO_EARLY: (C.TOO_EARLY, Text("継続手続きの受付開始前です。", "The renewal is not open yet.")),
    TOO_LATE: (
        C.TOO_LATE,
        Text(
            "継続手続きの受付は終了しました。至急、取扱代理店までお問い合わせください。",
            "The renewal has closed. Please ask the agency at once.",
        ),
    ),
    "KEIZOKU_ZUMI": (C.ALREADY_RENEWED, Text("継続手続きはお済みです。", "The policy has been renewed.")),
    BY_RIDER: (
        C.AUTO_RENEWAL_ACTIVE,
        Text(
            "継続手続特約により、自動的に継続されています。ご不要の場合は、至急、取扱代理店までお問い合わせください。",
            "Its automatic-renewal rider has renewed the policy. If you do not want that, ask the agency at once.",
        ),
    ),
    "HOJIN": (
        C.CORPORATE_POLICYHOLDER,
        Text("法人のご契約はインターネットでお手続きいただけません。", "A company's policy cannot be renewed online."),
    ),
    "DANTAI_KEIYAKU": (
        C.GROUP_CONTRACT,
        Text("団体契約はインターネットでお手続きいただけません。", "A group contract cannot be renewed online."),
    ),
    "DAIRITEN": (
        C.CHANGE_NEEDS_AGENCY,
        Text("取扱代理店でのお手続きが必要です。", "The agency has to renew this policy."),
    ),
    "JIKO": (
        C.RECENT_ACCIDENT,
        Text(
            "直近3か月以内に事故があったご契約は、取扱代理店でのお手続きが必要です。",
            "With an accident in the last three months, the agency has to renew this policy.",
        ),
    ),
    NOT_CHANGEABLE: (
        C.CHANGE_NEEDS_AGENCY,
        Text(
            "保険契約者、記名被保険者、車両所有者、お車の変更などは、インターネットで行えません。"
            "取扱代理店までお問い合わせください。",
            "Policyholder, named insured, owner and car cannot be changed online. Please ask the agency.",
        ),
    ),
    GROUP_CONDITIONS: (
        C.GROUP_CONDITION_NOT_MET,
        Text(
            "団体扱の条件に該当しない場合は、取扱代理店までお問い合わせください。",
            "Where the conditions for group handling do not hold, please ask the agency.",
        ),
    ),
    DISCLOSURE: (
        C.DISCLOSURE_APPLIES,
        Text(
            "告知事項に該当する場合は、取扱代理店までお問い合わせください。",
            "Where a disclosure matter applies, please ask the agency.",
        ),
    ),
    "GYOMU": (
        C.CHANGE_NEEDS_AGENCY,
        Text(
            "業務で使用するお車のお見積りは、取扱代理店までお問い合わせください。",
            "Only the agency quotes for a car that is used in business; please ask it.",
        ),
    ),
    MODEL_UNKNOWN: (
        C.UNKNOWN,
        Text(
            "この型式のお車は、こちらでは見積もれません。車検証をご用意のうえ、取扱代理店までお問い合わせください。",
            "This type designation (型式) is not known here. Have the vehicle inspection certificate at hand, "
            "and ask the agency.",
        ),
    ),
    FLEET: (
        C.FLEET_SIZE,
        Text(
            "お車の台数が10台以上の場合は、取扱代理店までお問い合わせください。",
            "With ten cars or more, please ask the agency.",
        ),
    ),
}

UNKNOWN = (
    C.UNKNOWN,
    Text(
        "インターネットでお手続きいただけません。取扱代理店までお問い合わせください。",
        "This cannot be done online. Please ask the agency.",
    ),
)

# Why a contract that is not in the renewal list (§5.3) is not in it.
UNLISTED = {
    PolicyStatus.PENDING: TOO_EARLY,
    PolicyStatus.EXPIRED: TOO_LATE,
    PolicyStatus.CANCELLED: TOO_LATE,
    PolicyStatus.RENEWED: "KEIZOKU_ZUMI",
}


def offer(row: portal.KeizokuGyo) -> RenewalOffer:
    procedure, successor = row.keizoku_tetsuzuki, mapping.successor(row.keizokugo_shoken_no)
    # With a next term there is nothing left for a rider to do.
    rider, late = (None, None) if successor else (row.jido_keizoku, row.keizoku_ukkari)
    return RenewalOffer(
        ref=mapping.ref(row.shoken_no),
        online=procedure.kahi == "KA",
        opens_at=moment(procedure.uketsuke_kaishi),
        closes_at=moment(procedure.uketsuke_shuryo),
        decline_by=moment(rider.jitai_kigen) if rider else None,
        late_until=moment(late.tsuika_kigen) if late else None,
        reasons=(reason(procedure.riyu, row.toriatsukai_dairiten),) if procedure.kahi != "KA" else (),
        successor=successor,
    )


def no_offer(policy: Policy) -> RenewalOffer:
    """Answer for a contract of the account that is not in the renewal list."""
    why = UNLISTED.get(policy.status)
    contact = policy.agency.contact if policy.agency else None
    return RenewalOffer(ref=policy.ref, online=False, reasons=(_reason(why, contact),), successor=policy.successor)


def reason(riyu: str | None, dairiten: values.Dairiten | None) -> RenewabilityReason:
    return _reason(riyu, mapping.agency(dairiten).contact if dairiten else None)


def referral(
    riyu: str, dairiten: values.Dairiten, *, when: tuple[str, ...] = (), at_least: int | None = None
) -> Referral:
    """Answer what leads to the agency of this contract (MS-REN-09)."""
    code, message = REASONS[riyu]
    contact = mapping.agency(dairiten).contact
    return Referral(code=code, message=message, contact=contact, when=when, at_least=at_least)


def _reason(riyu: str | None, contact: Contact | None) -> RenewabilityReason:
    code, message = REASONS.get(riyu or "", UNKNOWN)
    return RenewabilityReason(code=code, message=message, contact=contact)
