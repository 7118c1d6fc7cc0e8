"""What agencies' own systems can be told: webhooks and their messages, calendars, and files."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from insurers.person import Private


class EventKind(StrEnum):
    """What an agency's systems can be told of. A message names things by their GraphQL ids and tells nothing else."""

    RENEWAL_CHANGED = "renewal.changed"  # the status of an entry, or what it waits for
    FEED_READ = "feed.read"
    CONSENT_GRANTED = "consent.granted"
    CONSENT_REVOKED = "consent.revoked"


class AgencyEvent(Private, frozen=True, kw_only=True):
    """
    Something that an agency's systems are told of.

    `position` counts up over everything that was ever told, so it is a cursor to replay from. `subject` are a
    node type and the parts of its id, as GraphQL seals them; `facts` are codes and counts, never words.
    """

    id: str
    agency: str
    kind: EventKind
    at: datetime
    subject: tuple[str, ...]
    facts: Mapping[str, str | int]
    position: int = 0


class WebhookState(StrEnum):
    """Whether an address is told anything."""

    ACTIVE = "active"
    OFF = "off"  # the agency switched it off
    DEAD = "dead"  # nobody took anything there for a whole day, or it said that it is gone


class Webhook(Private, frozen=True, kw_only=True):
    """
    An address of an agency's that is told of events, signed by the Standard Webhooks rules.

    Until `previous_until` everything is signed by both secrets. `failing_since` is when it first took
    nothing after it had; `status` is what it last answered with, None where it did not answer.
    """

    id: str
    agency: str
    url: str
    kinds: tuple[EventKind, ...]
    state: WebhookState
    created_at: datetime
    secret: str
    previous_secret: str | None = None
    previous_until: datetime | None = None
    failing_since: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1


class DeliveryState(StrEnum):
    """What became of one message to one address."""

    DUE = "due"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(Struct, frozen=True, kw_only=True):
    """One message to one address. `due_at` is the next attempt; `status` the HTTP status of the last answer."""

    position: int
    event: str
    kind: EventKind
    at: datetime
    state: DeliveryState
    attempts: int
    due_at: datetime | None
    status: int | None


class CalendarScope(StrEnum):
    """Whose deadlines a calendar shows."""

    ASSIGNED = "assigned"
    VISIBLE = "visible"


class Calendar(Private, frozen=True, kw_only=True):
    """
    A calendar of deadlines for one agent. Whoever has `secret` reads it, until it is revoked.

    Holders are named only where `names` says so: calendars are read by other companies' servers.
    """

    id: str
    agent: str
    agency: str
    scope: CalendarScope
    names: bool
    secret: str
    created_at: datetime
    revoked_at: datetime | None = None


class Encoding(StrEnum):
    """How a file of an export is written."""

    UTF_8 = "utf_8"  # with a byte order mark, as spreadsheets want it
    CP932 = "cp932"  # what it has no character for is written as 〓 and listed


class Export(Private, frozen=True, kw_only=True):
    """Addresses that each open a CSV for a quarter of an hour: the rows, and what CP932 could not hold of them."""

    url: str
    unencodable_url: str | None
    expires_at: datetime
