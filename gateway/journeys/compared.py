"""What a comparison begins with: the policies as they stand, and whom to ask about each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from insurers.capability import Capability, Level, Manifest, QuoteTerms
from insurers.comparison import ComparedPolicy, Inquiry, InquiryState
from insurers.current import current_cover
from insurers.errors import ErrorCode
from insurers.identity import InsurerCode, PolicyRef
from insurers.policy import Policy
from insurers.risk import Risk
from insurers.setback import Setback, SetbackKind
from insurers.term import next_start
from insurers.text import Text

NOT_OFFERED = Setback(kind=SetbackKind.NOT_OFFERED, code=ErrorCode.NOT_OFFERED)
NOT_LINKED = Setback(kind=SetbackKind.NOT_LINKED, code=ErrorCode.CREDENTIALS_REJECTED)
LATE = Setback(kind=SetbackKind.LATE, code=ErrorCode.TIMEOUT)
UNTOLD = Setback(
    kind=SetbackKind.REFUSED,
    code=ErrorCode.INPUT_REFUSED,
    reason=Text(
        "試算に必要な項目が現在のご契約から分からないため、こちらでは試算できません。保険会社または取扱代理店へお問い合わせください。",
        "The present contract does not tell all that this insurer must know to quote. Ask it, or an agency.",
    ),
)


def compared(policy: Policy, *, now: datetime) -> ComparedPolicy:
    """
    Answer the policy as it is compared, for the first term that can still follow it.

    Raises:
        Drifted: the insurer does not tell what its own contract costs.
    """
    return ComparedPolicy(
        ref=policy.ref,
        maturity=policy.ends_at,
        risk=Risk.of(policy, inception=next_start(policy.ends_at, now)),
        current=current_cover(policy),
        agency=policy.agency.contact if policy.agency else None,
        read_at=now,
    )


def inquiries(
    comparison: str, customer: str, refs: Sequence[PolicyRef], insurers: Sequence[InsurerCode], *, now: datetime
) -> tuple[Inquiry, ...]:
    """Answer one inquiry for each policy and insurer, in this order; nobody is asked by that."""
    pairs = [(ref, insurer) for ref in refs for insurer in insurers]
    return tuple(
        Inquiry(
            id=str(uuid5(NAMESPACE_URL, f"inquiry:{comparison}:{position}")),
            comparison=comparison,
            customer=customer,
            policy=ref,
            insurer=insurer,
            position=position,
            state=InquiryState.CONSENT_NEEDED,
            version=1,
            created_at=now,
            updated_at=now,
        )
        for position, (ref, insurer) in enumerate(pairs)
    )


def outlook(
    inquiry: Inquiry, manifest: Manifest | None, risk: Risk, *, linked: bool
) -> tuple[InquiryState, Setback | None]:
    """Answer ASKED where the insurer may be asked now, or else how the inquiry stands and why."""
    if manifest is None:
        return InquiryState.FAILED, NOT_OFFERED
    if inquiry.is_own:
        return InquiryState.ASKED, None
    if (terms := quote_terms(manifest)) is None:
        return InquiryState.FAILED, NOT_OFFERED
    if not terms.needs <= risk.categories:
        return InquiryState.FAILED, UNTOLD
    if terms.with_account and not linked:
        return InquiryState.FAILED, NOT_LINKED
    if inquiry.state is InquiryState.DECLINED:
        return InquiryState.DECLINED, None
    return (InquiryState.CONSENT_NEEDED if inquiry.agreed_at is None else InquiryState.ASKED), None


def quote_terms(manifest: Manifest) -> QuoteTerms | None:
    """What a quote for another insurer's risk takes; None where this insurer gives none."""
    if manifest.level(Capability.QUOTE) in (Level.NONE, Level.ASSISTED):
        return None
    return manifest.quoting
