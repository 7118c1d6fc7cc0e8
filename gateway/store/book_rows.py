"""What the book's repositories take and hand out, beside the values of the language."""

from collections.abc import Sequence
from datetime import datetime

from insurers.book import ChangeKind, FieldChange, Mark, Reach
from insurers.feed import FeedRecord
from insurers.identity import InsurerCode
from insurers.person import Private
from insurers.renewal import RenewalState

FINGERPRINT_BYTES = 16


class Known(Private, frozen=True, gc=False):
    """What a sync needs to recognise an entry. `seen` is the number of the run that last told of it."""

    id: int
    digest: bytes
    seen: int
    gone: bool


class Circumstance(Private, frozen=True, kw_only=True, gc=False):
    """
    What of an entry no feed tells, and `insurers.book.standing` asks.

    `state` is that of our own renewal of the term that ends at `maturity`. `opens_at` is when the insurer opens its
    renewal, where that is known and to come; a whole minute.
    """

    maturity: datetime
    state: RenewalState | None = None
    mark: Mark | None = None
    reach: Reach = Reach.NONE
    opens_at: datetime | None = None


class Stored(Private, frozen=True, kw_only=True):
    """An entry as it stands, for whoever writes it anew."""

    id: int
    record: FeedRecord
    circumstance: Circumstance
    insurer: InsurerCode
    person: bytes
    branch: str | None
    gone: bool
    version: int


class BookRow(Private, frozen=True, kw_only=True, gc=False):
    """
    An entry to be written. `id` is None where it is new.

    `body` is the encoded record, `digest` by which it is known again. `kana` is the folded reading and `name` the
    name folded by `name_key`, both with the family set apart (`insurers.reading`). `solicited` is the agent whom the
    feed names, and who has the entry unless the agency gave its holder to somebody else. `plate_serial` has four
    digits. Premiums are yen.
    """

    id: int | None = None
    policy: bytes
    person: bytes
    branch: str | None
    solicited: str | None
    kana: str | None
    name: str
    plate: bytes | None
    plate_serial: str | None
    ends_at: datetime
    premium: int | None
    premium_change: int | None
    record: FeedRecord
    circumstance: Circumstance
    digest: bytes
    body: bytes


class Changed(Private, frozen=True, kw_only=True):
    """What a feed did to an entry that was there before."""

    entry: int
    kind: ChangeKind
    fields: Sequence[FieldChange] = ()
