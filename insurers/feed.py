"""
An agency's feed: what one insurer tells an agency (代理店) of the policies that it handles there.

An adapter reads it page by page, keeps nothing, and never stops at a record that it cannot read:
that one is a `Flaw`, and the rest goes on.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from insurers.identity import AgencyCode, InsurerCode, PolicyNumber, SuccessorNumber
from insurers.money import Yen
from insurers.person import PersonName, Private
from insurers.policy import PolicyStatus
from insurers.text import Text


class FeedKind(StrEnum):
    """Everything that the agency handles there, or only what changed since the feed before."""

    FULL = "full"
    CHANGES = "changes"


class FeedSource(StrEnum):
    """How a record was obtained (domain 3.6)."""

    AGENCY_FILE = "agency_file"
    AGENCY_SYSTEM = "agency_system"


class FeedTerms(Struct, frozen=True, kw_only=True):
    """
    How this insurer tells an agency of its policies.

    `every` is how often there is something new to fetch. `importable` says that the same can be read
    from a file that the agency has at hand (`Insurer.feed_file`).
    """

    source: FeedSource
    name: Text
    every: timedelta
    importable: bool = False


class FeedAccess(Private, frozen=True, kw_only=True):
    """What lets an agency fetch its feed: its code at this insurer, and the secret that goes with it."""

    insurer: InsurerCode
    agency: AgencyCode
    secret: str


class FeedRecord(Private, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    One policy as a feed tells it. What the feed does not tell is None.

    `ends_at` is the maturity (満期), aware, at 16:00 in Tokyo as a rule. `premium` is what the present
    term costs in a year, `next_premium` what the insurer reckons for the next: an indication, and no
    offer (P-6). `branch` and `solicitor` are the agency's own codes (拠点, 募集人) as the insurer has them.
    `removed` stands in changes only: the agency no longer handles the policy.
    """

    number: PolicyNumber
    status: PolicyStatus
    insurer_status: str | None
    starts_at: datetime
    ends_at: datetime
    holder: PersonName
    birth_date: date | None = None
    phone: str | None = None
    email: str | None = None
    vehicle: str | None = None
    plate: str | None = None
    premium: Yen | None = None
    next_premium: Yen | None = None
    grade: int | None = None
    auto_renewal: bool | None = None
    branch: str | None = None
    solicitor: str | None = None
    successor: SuccessorNumber | None = None
    removed: bool = False


class FlawKind(StrEnum):
    """Why a record of a feed could not be read."""

    TRUNCATED = "truncated"
    WRONG_COLUMN = "wrong_column"
    UNKNOWN_CODE = "unknown_code"
    UNDECODABLE = "undecodable"  # characters outside the feed's encoding (CP932)
    IMPOSSIBLE_DATE = "impossible_date"
    DUPLICATE_NUMBER = "duplicate_number"  # this number stood in the same feed before; the first one counts
    WRONG_AGENCY = "wrong_agency"
    WRONG_COUNT = "wrong_count"  # the feed's own count of its records is not what was read


class Flaw(Private, frozen=True, kw_only=True):
    """
    One record that could not be read: where, why, and what to do.

    `line` counts from 1 in the file or in all pages together. `column` is the wire's own name of the
    field, where one is to blame. Nothing of what stood there is repeated but `number`, the policy's, where that
    could be read and the record is the agency's own: it is not gone. Nobody is shown it, and it is not kept.
    """

    line: int
    kind: FlawKind
    reason: Text
    column: str | None = None
    number: PolicyNumber | None = None


class FeedPage(Private, frozen=True, kw_only=True):
    """
    One page of a feed.

    `lines` has the line of each of the `records`, in their order. `after` is the adapter's own word for
    where to go on, and None at the end. `read` counts what was read up to here, good and bad, and `total` what
    the feed says it holds, where it does. `as_of` is when the insurer made the feed. `agency` is whose it says it is,
    where it says so: a file that somebody has at hand may be another agency's. Of changes, `since` is the `as_of`
    of the full feed from which they count. With `receipt`, asking for what comes next tells the insurer that
    everything up to here is safe.
    """

    kind: FeedKind
    as_of: datetime
    records: tuple[FeedRecord, ...]
    lines: tuple[int, ...]
    flaws: tuple[Flaw, ...]
    after: str | None
    read: int
    total: int | None = None
    agency: AgencyCode | None = None
    since: datetime | None = None
    receipt: bool = False
