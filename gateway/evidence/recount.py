"""What a bundle says of its flow as a whole, held against what its entries tell."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from gateway.evidence import flaw
from gateway.evidence.agreement import Agreement
from gateway.evidence.bundle import Standing
from gateway.evidence.comparison import Chosen, ComparisonStanding, Part, named
from gateway.evidence.disclosure import Disclosure
from insurers.comparison import ComparisonEvent, InquiryState
from insurers.evidence import Compared, Evidence, Outcome
from insurers.identity import InsurerCode, PolicyRef
from insurers.renewal import RenewalState

E = ComparisonEvent

# In these a review may have come or gone since the last outcome.
DRAFT = frozenset({RenewalState.IN_PROGRESS, RenewalState.READY})

# Where an inquiry may stand whose last entry is this. That its insurer may not be asked yet leaves none.
STANDS: Mapping[ComparisonEvent | None, Collection[InquiryState]] = {
    None: {InquiryState.CONSENT_NEEDED, InquiryState.DECLINED},
    # Of a plan alone it may be asked at any time: then that is the last entry, and the part stands where it stood.
    E.ASKED: {InquiryState.ASKED, InquiryState.LATE, InquiryState.ANSWERED, InquiryState.FAILED, InquiryState.DECLINED},
    E.LATE: {InquiryState.LATE, InquiryState.DECLINED},
    # An edit of a plan that is there is answered whatever became of the last look at all of them.
    E.ANSWERED: {InquiryState.ANSWERED, InquiryState.FAILED, InquiryState.DECLINED},
    # Its customer has not said yet that it may be told what changed.
    E.CHANGED: {InquiryState.CONSENT_NEEDED, InquiryState.DECLINED},
    E.FAILED: {InquiryState.FAILED, InquiryState.CONSENT_NEEDED, InquiryState.DECLINED},
}


def renewal(about: Standing, found: Agreement, entries: Sequence[Evidence]) -> None:
    """
    Raises:
        Flaw: the state, the premium, the application or the successor is not what the entries tell.
    """
    answered = [entry.successor for entry in entries if isinstance(entry, Outcome) and entry.successor]
    if about.state not in found.states or about.successor != (answered[-1] if answered else None):
        raise flaw.other_result()
    last = found.last
    if last is not None and about.state not in DRAFT and last.review_fingerprint != about.review_fingerprint:
        raise flaw.other_result()
    premium = found.premium(about.review_fingerprint) if about.review_fingerprint else None
    if premium is not None and premium.amount != about.premium_yen:
        raise flaw.other_result()


def comparison(about: ComparisonStanding, found: Disclosure, at: datetime) -> None:
    """
    Hold what was told *at* a moment against the entries until then.

    Raises:
        Flaw: a policy, an insurer's part, what was considered, or the choice is not what the entries tell.
    """
    compared = [(ref.insurer, str(ref.number)) for ref in found.policies or ()]
    parts = {part.inquiry: part for part in about.parts}
    if not (
        compared == [(each.insurer, each.policy_number) for each in about.policies]
        and {part.insurer for part in about.parts} == set(found.insurers)
        and all(_is_about(parts.get(inquiry), *part) for inquiry, part in found.parts.items())
        and all(_stands(part, found) for part in about.parts)
        and _weighed(about, found, at)
        and _chosen(about, found)
    ):
        raise flaw.other_comparison()


def _is_about(part: Part | None, insurer: InsurerCode, policy: PolicyRef) -> bool:
    return part is not None and (part.insurer, part.policy) == (insurer, named(policy))


def _stands(part: Part, found: Disclosure) -> bool:
    """Whether the part has what came last, and was left only where its customer said so."""
    if part.state == InquiryState.DECLINED and part.insurer not in found.refused:
        return False
    plans = found.quoted.get(part.inquiry, ())
    return part.state in STANDS[found.last.get(part.inquiry)] and part.plans == len(plans)


def _weighed(about: ComparisonStanding, found: Disclosure, at: datetime) -> bool:
    """Whether all that came was considered, as it stood, and nothing else was, by what its customer confirmed."""
    if about.considered is None:
        return found.wanted is None
    came = [(inquiry, plan.fingerprint) for inquiry, plans in found.quoted.items() for plan in plans]
    weighed = [(plan.inquiry, plan.fingerprint) for plan in about.considered.plans]
    run_out = {
        (inquiry, plan.fingerprint)
        for inquiry, plans in found.quoted.items()
        for plan in plans
        if plan.valid_until is not None and plan.valid_until <= at
    }
    standing = {(plan.inquiry, plan.fingerprint) for plan in about.considered.plans if plan.measured.stands}
    return (
        about.considered.intention.statement == found.wanted
        and sorted(came) == sorted(weighed)
        and standing.isdisjoint(run_out)
    )


def _chosen(about: ComparisonStanding, found: Disclosure) -> bool:
    told = {named(policy): _course(entry) for policy, entry in found.choices.items()}
    chosen = {choice.policy: _standing(choice) for choice in about.choices}
    return told == chosen and len(chosen) == len(about.choices)


def _course(entry: Compared) -> tuple[object, ...] | None:
    chosen = entry.choice
    if chosen is None:
        return None
    return entry.inquiry, chosen.fingerprint, chosen.premium.amount, entry.at, entry.losses, entry.renewal


def _standing(choice: Chosen) -> tuple[object, ...]:
    return (
        choice.inquiry,
        choice.fingerprint,
        choice.premium_yen,
        choice.chosen_at,
        choice.losses,
        choice.renewal,
    )
