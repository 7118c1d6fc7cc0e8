"""What an agency wants of a customer, because only the customer can give it."""

from datetime import datetime
from enum import StrEnum

from insurers.agency import ConsentScope
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.person import Private


class RequestKind(StrEnum):
    """What is wanted."""

    CONSENT = "consent"  # to let the agency read policies, prepare the renewal and, once it is ready, send it
    LINK = "link"  # to link the account at the insurer, or to sign in there anew
    CONFIRM = "confirm"  # to give, in a renewal that the agent prepared, what only the customer may


class AgencyRequest(Private, frozen=True, kw_only=True):
    """
    One request, about one policy. It closes by itself once what it asks for is there.

    `customer` is None while nobody has proved that the policy is theirs. `renewal` is the one to
    confirm or to send, and `step` the key of its step that is the customer's. `mails` counts the
    mails about it, the last of which was written at `mailed_at`.
    """

    id: str
    agency: str
    agent: str
    agent_name: str
    kind: RequestKind
    insurer: InsurerCode
    number: PolicyNumber
    opened_at: datetime
    entry: str | None = None
    customer: str | None = None
    scopes: frozenset[ConsentScope] = frozenset()
    renewal: str | None = None
    step: str | None = None
    mails: int = 0
    mailed_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def ref(self) -> PolicyRef:
        return PolicyRef(self.insurer, self.number)
