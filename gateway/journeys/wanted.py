"""What only the customer can give, of all that a renewal waits for: pure."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from insurers.account import Link, LinkState
from insurers.agency import ConsentScope, Mandate
from insurers.agency_request import AgencyRequest, RequestKind
from insurers.answers import StepState, current
from insurers.proof import is_customers_alone
from insurers.renewal import Renewal, RenewalState

# What an agency asks for to prepare a renewal. To send it in is asked for once it is ready to be sent.
WANTED_SCOPES = frozenset({ConsentScope.READ_POLICIES, ConsentScope.PREPARE_RENEWAL})

_ANSWERABLE = frozenset({StepState.READY, StepState.INCOMPLETE})


class Circumstances(Struct, frozen=True, kw_only=True):
    """What a customer has given by now: consent to the agency, an account at the insurer, and the renewal's answers."""

    customer: str | None
    mandate: Mandate | None
    link: Link | None
    renewal: Renewal | None


def wanted(now: Circumstances, at: datetime) -> RequestKind | None:
    """Answer what the customer is to be asked for first; None where nothing is the customer's to give."""
    if not has_consented(now.mandate, needed(now), at):
        return RequestKind.CONSENT
    if now.link is None or now.link.state is not LinkState.LINKED:
        return RequestKind.LINK
    if now.renewal is not None and step_of_customer(now.renewal) is not None:
        return RequestKind.CONFIRM
    return None


def is_given(request: AgencyRequest, now: Circumstances, at: datetime) -> bool:
    """Whether what was asked for is there, or is not wanted any more."""
    if request.kind is RequestKind.CONSENT:
        wanted_still = request.scopes & needed(now)
        return has_consented(now.mandate, wanted_still, at)
    if request.kind is RequestKind.LINK:
        return now.link is not None and now.link.state is LinkState.LINKED
    return now.renewal is None or step_of_customer(now.renewal) != request.step


def needed(now: Circumstances) -> frozenset[ConsentScope]:
    """Answer what the agency must be let do for the next thing that it is to do."""
    is_ready = now.renewal is not None and now.renewal.state is RenewalState.READY
    return WANTED_SCOPES | {ConsentScope.SUBMIT_RENEWAL} if is_ready else WANTED_SCOPES


def has_consented(mandate: Mandate | None, scopes: Collection[ConsentScope], at: datetime) -> bool:
    return mandate is not None and all(mandate.allows(scope, at) for scope in scopes)


def widest(mandates: Collection[Mandate], renewal: Renewal | None) -> Mandate | None:
    """Answer, of what several let an agency do about one policy, what goes on with the renewal, or goes furthest."""
    return min(
        mandates,
        key=lambda one: (
            len(WANTED_SCOPES - one.scopes),
            renewal is None or renewal.customer != one.customer,
            -len(one.scopes),
            one.granted_at,
        ),
        default=None,
    )


def step_of_customer(renewal: Renewal) -> str | None:
    """
    Answer the key of the open step, where all that it still needs is the customer's alone (P-14).

    An agent fills in the rest before the customer is called.
    """
    standing = current(renewal.standings)
    if renewal.state is not RenewalState.IN_PROGRESS or standing is None or standing.state not in _ANSWERABLE:
        return None
    needs = [need for need in standing.step.requirements if need.required and need.key not in standing.satisfied]
    alone = [is_customers_alone(standing.step, need) for need in needs]
    return standing.step.key if alone and all(alone) else None
