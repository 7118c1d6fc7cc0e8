"""
An agency's book: one entry for each policy that an insurer's feed tells of, and what its renewal waits for.

`standing` is the whole law of an entry's status and blocker; whoever writes an entry asks it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from insurers.feed import FeedRecord, FeedSource
from insurers.identity import InsurerCode
from insurers.money import Yen
from insurers.person import Private
from insurers.policy import PolicyStatus
from insurers.renewal import RenewalState


class EntryStatus(StrEnum):
    """Where the renewal of an entry stands: by our own renewal, by the feed, or by an agent's mark."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    READY = "ready"
    REFERRED = "referred"
    QUEUED = "queued"
    SUBMITTING = "submitting"
    UNCONFIRMED = "unconfirmed"
    ACCEPTED = "accepted"  # renewed here
    RENEWED = "renewed"  # the insurer tells of a next term that was not made here
    DONE_ELSEWHERE = "done_elsewhere"  # an agent says so
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


# Nothing is left to do about these.
CLOSED_ENTRIES = frozenset(
    {EntryStatus.ACCEPTED, EntryStatus.RENEWED, EntryStatus.DONE_ELSEWHERE, EntryStatus.CANCELLED}
)

# These are on their way to the insurer.
SENT_ENTRIES = frozenset({EntryStatus.QUEUED, EntryStatus.SUBMITTING, EntryStatus.UNCONFIRMED})


class Blocker(StrEnum):
    """What a renewal waits for, so that a page can be grouped by what to do now."""

    NOTHING = "nothing"
    NEEDS_CUSTOMER = "needs_customer"
    NEEDS_AGENCY = "needs_agency"
    INSURER_CLOSED = "insurer_closed"
    WAITING_FOR_PASSCODE = "waiting_for_passcode"
    OUTCOME_UNCONFIRMED = "outcome_unconfirmed"
    NOT_LINKED = "not_linked"


class Reach(StrEnum):
    """How far an agency can act in a customer's account at the insurer of an entry."""

    NONE = "none"  # no account is linked here, or its customer has not let the agency prepare a renewal
    PASSCODE = "passcode"  # the account wants a passcode or a new sign-in
    OPEN = "open"


class Mark(StrEnum):
    """What an agent wrote on an entry."""

    DONE_ELSEWHERE = "done_elsewhere"
    REFERRED = "referred"


class BookList(StrEnum):
    """The three lists of work. Entries of `CLOSED_ENTRIES`, and those that vanished from their feed, are in none."""

    RENEWAL = "renewal"  # the term ends within 60 days
    EXPIRING = "expiring"  # within 14 days
    EXPIRED = "expired"  # it ended, and the grade can still be carried over (day 7)


# From today, how many days back and ahead the maturity of an entry in each list is. Both ends are inside; who matures
# today is in EXPIRING until 16:00 and in EXPIRED after it, so the moment and not the day decides there.
LIST_DAYS: Mapping[BookList, tuple[int, int]] = {
    BookList.RENEWAL: (0, 60),
    BookList.EXPIRING: (0, 14),
    BookList.EXPIRED: (-7, 0),
}

_BY_STATE: Mapping[RenewalState, tuple[EntryStatus, Blocker]] = {
    RenewalState.IN_PROGRESS: (EntryStatus.IN_PROGRESS, Blocker.NEEDS_CUSTOMER),
    RenewalState.READY: (EntryStatus.READY, Blocker.NOTHING),
    RenewalState.REFERRED: (EntryStatus.REFERRED, Blocker.NEEDS_AGENCY),
    RenewalState.QUEUED: (EntryStatus.QUEUED, Blocker.INSURER_CLOSED),
    RenewalState.SUBMITTING: (EntryStatus.SUBMITTING, Blocker.NOTHING),
    RenewalState.UNCONFIRMED: (EntryStatus.UNCONFIRMED, Blocker.OUTCOME_UNCONFIRMED),
    RenewalState.ACCEPTED: (EntryStatus.ACCEPTED, Blocker.NOTHING),
    RenewalState.LAPSED: (EntryStatus.LAPSED, Blocker.NEEDS_AGENCY),
}

_BY_REACH: Mapping[Reach, Blocker] = {
    Reach.NONE: Blocker.NOT_LINKED,
    Reach.PASSCODE: Blocker.WAITING_FOR_PASSCODE,
    Reach.OPEN: Blocker.NOTHING,
}

# An account that cannot be reached holds these up, whatever else they wait for.
_NEED_THE_ACCOUNT = frozenset({EntryStatus.NOT_STARTED, EntryStatus.IN_PROGRESS, EntryStatus.READY})


def opening(record: FeedRecord, told: datetime | None, at: datetime) -> datetime | None:
    """
    Answer when the renewal of *record*'s policy opens; None where it has at this moment, or nobody knows.

    *told* is what the insurer said of it. Before its term begins a policy is renewed nowhere.
    """
    return max((moment for moment in (told, record.starts_at) if moment is not None and moment > at), default=None)


def standing(
    record: FeedRecord,
    *,
    state: RenewalState | None,
    mark: Mark | None,
    reach: Reach,
    opens_at: datetime | None,
) -> tuple[EntryStatus, Blocker]:
    """
    Answer where the renewal of *record*'s policy stands, and what it waits for.

    *state* is that of our own renewal of this very term, withdrawn ones apart; *mark* an agent's word
    on it. What the insurer says happened outranks a draft, and our own accepted renewal everything. *opens_at*
    is when the renewal opens at the insurer, where that is known and still to come.
    """
    if state is RenewalState.ACCEPTED:
        return EntryStatus.ACCEPTED, Blocker.NOTHING
    if record.successor is not None or record.status is PolicyStatus.RENEWED:
        return EntryStatus.RENEWED, Blocker.NOTHING
    if record.status is PolicyStatus.CANCELLED or record.removed:
        return EntryStatus.CANCELLED, Blocker.NOTHING
    if mark is Mark.DONE_ELSEWHERE:
        return EntryStatus.DONE_ELSEWHERE, Blocker.NOTHING
    status, blocker = _BY_STATE.get(state, _UNSTARTED) if state is not None else _UNSTARTED
    if mark is Mark.REFERRED and status in _NEED_THE_ACCOUNT:
        return EntryStatus.REFERRED, Blocker.NEEDS_AGENCY
    if status in _NEED_THE_ACCOUNT and reach is not Reach.OPEN:
        return status, _BY_REACH[reach]
    if status is EntryStatus.NOT_STARTED and opens_at is not None:
        return status, Blocker.INSURER_CLOSED
    return status, blocker


_UNSTARTED = (EntryStatus.NOT_STARTED, Blocker.NOTHING)


class Entry(Private, frozen=True, kw_only=True, weakref=True):
    """
    One policy in an agency's book.

    `person` is the same for all entries of one holder within the agency, whichever insurer tells of them.
    `customer` is our own id of that person, where a linked account proved whose policy it is. `renewal` is the id
    of our renewal of this term. `opens_at` is when the insurer opens the renewal, where the agency may know it and
    that was still to come when the entry was last looked at. `as_of` is when the insurer made the feed that last
    told of it, `read_at` when that was read, `gone_at` when a full feed first came without it.
    """

    id: str
    agency: str
    insurer: InsurerCode
    record: FeedRecord
    person: str
    status: EntryStatus
    blocker: Blocker
    source: FeedSource
    as_of: datetime
    read_at: datetime
    first_read_at: datetime
    gone_at: datetime | None = None
    branch: str | None = None
    assignee: str | None = None
    mark: Mark | None = None
    customer: str | None = None
    renewal: str | None = None
    opens_at: datetime | None = None
    version: int = 1

    @property
    def premium_change(self) -> Yen | None:
        """The reckoned next premium less the present one; an indication of the insurer's."""
        now, then = self.record.premium, self.record.next_premium
        return None if now is None or then is None else then - now


class EntryOrder(StrEnum):
    """How a page of entries is ordered. Entries without a value for it come last."""

    DUE = "due"
    KANA = "kana"  # 五十音, by the holder's reading
    PREMIUM_CHANGE = "premium_change"


class EntryFilter(Struct, frozen=True, kw_only=True):
    """
    Which entries are wanted; every condition that is given has to hold.

    `due_from` and `due_until` are days in Tokyo, both inside. `listed` is one of the three lists of work.
    `branch` narrows within what an agent may see anyway. `search` is a beginning of the name in kanji or kana of
    any width and script, a policy number, or a plate or its four digits. Entries that vanished from their
    feed are only in an answer for `gone`.
    """

    insurers: frozenset[InsurerCode] | None = None
    statuses: frozenset[EntryStatus] | None = None
    blockers: frozenset[Blocker] | None = None
    due_from: date | None = None
    due_until: date | None = None
    listed: BookList | None = None
    branch: str | None = None
    assignee: str | None = None
    unassigned: bool = False
    change_from: Yen | None = None
    change_until: Yen | None = None
    person: str | None = None
    search: str | None = None
    gone: bool = False


class EntryPage(Private, frozen=True, kw_only=True):
    """`entries` with the cursor of each. `total` is how many there are in all, where that is cheap to tell."""

    entries: tuple[Entry, ...]
    cursors: Sequence[str]
    more_before: bool
    more_after: bool
    total: int | None


class Holder(Private, frozen=True, kw_only=True):
    """A customer of an agency, as the feeds tell of them: one person, whose entries are `entries`, soonest first."""

    person: str
    entries: tuple[Entry, ...]


class HolderPage(Private, frozen=True, kw_only=True):
    """Holders in the order of their readings, with the cursor of each."""

    holders: tuple[Holder, ...]
    cursors: Sequence[str]
    more_before: bool
    more_after: bool


class BookSummary(Struct, frozen=True, kw_only=True):
    """
    Counts for a dashboard, as of `as_of`.

    `total` is every entry that is in its feed. The rest counts those that mature from now within the days that
    were asked for: `by_status`, `by_insurer` and `by_blocker` all of these, `due` those with something left to do.
    `expired` matured within the last seven days with something left to do. `at_risk` is the present premium
    of the `due` ones that are not READY, QUEUED, SUBMITTING or UNCONFIRMED.
    """

    as_of: datetime
    total: int
    due: int
    expired: int
    by_status: Mapping[EntryStatus, int]
    by_insurer: Mapping[InsurerCode, int]
    by_blocker: Mapping[Blocker, int]
    at_risk: Yen


class FieldChange(Private, frozen=True, kw_only=True):
    """One thing that changed: a field of `FeedRecord`, and what it was and became as text; None for nothing."""

    field: str
    before: str | None
    after: str | None


class ChangeKind(StrEnum):
    """What a feed did to an entry."""

    CHANGED = "changed"
    VANISHED = "vanished"
    RETURNED = "returned"


class EntryChange(Private, frozen=True, kw_only=True):
    """What one feed changed of one entry, and when that feed was made and read."""

    id: str
    kind: ChangeKind
    at: datetime
    as_of: datetime
    source: FeedSource
    run: str
    fields: tuple[FieldChange, ...] = ()


class Note(Private, frozen=True, kw_only=True):
    """What an agent wrote down about an entry, or what was done about it (a reminder, an assignment)."""

    id: str
    entry: str
    author: str
    author_name: str
    at: datetime
    text: str


class RunState(StrEnum):
    """Life of one reading of a feed."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class FeedRun(Private, frozen=True, kw_only=True):
    """
    One reading of an agency's feed at one insurer: a journey, page by page, that a kill does not hold up.

    `read` counts records, good and bad; `total` is what the feed says it holds. `words` is a setback's code
    while it waits until `due_at`, or why it FAILED, or why those whom it did not name stay in the book. Of the
    `flawed`, `unread` may be any policy. After the last page, `swept` is how far it was looked who is gone. A reading
    `at_hand` is of a file that only one process has. One that is `accepted` marks as gone whom it did not name,
    whatever speaks against it: somebody has looked. One that `ended` has its last page in the book, and whom it did
    not name is still to be counted. Changes count from the full feed of `since`; `whole` is the `as_of` of the last
    full one that was done.
    """

    id: str
    agency: str
    insurer: InsurerCode
    source: FeedSource
    state: RunState
    begun_at: datetime
    ended_at: datetime | None = None
    kind: str | None = None
    as_of: datetime | None = None
    read: int = 0
    total: int | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    vanished: int = 0
    flawed: int = 0
    unread: int = 0
    since: datetime | None = None
    whole: datetime | None = None
    after: str | None = None
    ended: bool = False
    swept: str | None = None
    at_hand: bool = False
    accepted: bool = False
    attempts: int = 0
    due_at: datetime | None = None
    words: str | None = None


GRADE_WINDOW = timedelta(days=7)
"""How long after maturity a successor still inherits the grade [J26][J30]."""
