"""Where links in mails to customers lead: into the frontend for customers."""

from datetime import datetime, timedelta

import msgspec

from gateway.vault import Keyring, Unsealable
from insurers.agency_request import AgencyRequest, RequestKind
from insurers.book import Entry
from insurers.person import Private
from schema.node import NodeIds

# As long as a maturity is looked ahead: whoever reads the mail late still finds what it was about.
LIFE = timedelta(days=60)

ABOUT = "agency request"


class Ticket(Private, frozen=True):
    """What the link in a mail stands for. It shows nothing to whoever has nothing but the link."""

    request: str
    expires_at: datetime


class CustomerLinks:
    def __init__(self, customer_url: str, ids: NodeIds, keyring: Keyring) -> None:
        self._url = customer_url
        self._ids = ids
        self._keyring = keyring

    def about(self, entry: Entry) -> str:
        """Answer where an entry's customer goes on: in the renewal, where there is one."""
        return self._renewal(entry.renewal) if entry.renewal else self._url

    def to(self, request: AgencyRequest, *, at: datetime) -> str:
        """Answer where the customer gives what is wanted."""
        if request.kind is RequestKind.CONFIRM and request.renewal:
            return self._renewal(request.renewal)
        ticket = Ticket(request.id, at + LIFE)
        sealed = self._keyring.ticket(msgspec.json.encode(ticket), ABOUT)
        # Behind the fragment sign it is sent to no server, and stands in nobody's log.
        return f"{self._url}/requests#{sealed}"

    def read(self, text: str, *, at: datetime) -> str | None:
        """Answer the id of the request that a ticket is for, or None where it is none of ours or too old."""
        try:
            ticket = msgspec.json.decode(self._keyring.redeem(text, ABOUT), type=Ticket)
        except Unsealable:
            return None
        return ticket.request if ticket.expires_at > at else None

    def _renewal(self, renewal: str) -> str:
        return f"{self._url}/renewals/{self._ids.seal('Renewal', renewal)}"
