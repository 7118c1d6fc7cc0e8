"""Rows of a book as drivers take them, and the counts that they move."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from gateway.store import book_tables as tables
from gateway.store.book_rows import BookRow, Circumstance
from gateway.store.bulk import Values
from gateway.store.collation import sort_key
from gateway.store.transaction import Transaction
from insurers.book import Blocker, EntryStatus, standing
from insurers.feed import FeedRecord
from insurers.identity import InsurerCode
from insurers.reading import GAP

MINUTE_SECONDS = 60

# What a feed tells of an entry, in the order of `Sheet.told`.
TOLD = (
    *("person", "branch", "assignee", "kana", "name", "plate", "serial", "due", "status", "blocker"),
    *("premium", "change", "state", "mark", "reach", "opens", "moved", "body"),
)
ENTERED = ("id", "agency", "insurer", "policy", "born", "version", *TOLD)
_SET = ", ".join(f"{column} = ?" for column in (*TOLD, "gone_at"))
REWRITE = f"UPDATE book_entries SET {_SET}, version = version + 1 WHERE id = ?"  # noqa: S608 - our own columns' names

KNOWN = ("id", "agency", "insurer", "policy", "digest", "seen", "gone")
MEET = "UPDATE book_known SET digest = ?, seen = ?, gone = ? WHERE id = ?"

# An entry that stays in its branch has not left one; nobody's own is one that has none.
PART = "UPDATE book_entries SET former = branch, parted = ? WHERE id = ? AND branch <> ?"

# What stands for every branch that is not named beside it.
ANY_BRANCH = ""

# To whom holders were given, by their branch.
Given = Mapping[tuple[bytes, str], str | None]

Standing = tuple[EntryStatus, Blocker]
Key = tuple[str, str, str, int, int]


def minutes(moment: datetime) -> int:
    """Answer a moment as the book keeps a maturity."""
    return int(moment.timestamp()) // MINUTE_SECONDS


def moment(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * MINUTE_SECONDS, UTC)


def whole(moment: datetime) -> datetime:
    """Answer the first whole minute that is not before a moment."""
    return moment + timedelta(seconds=-moment.timestamp() % MINUTE_SECONDS)


def stood(record: FeedRecord, about: Circumstance) -> Standing:
    """Answer where an entry stands of which this is known beside its feed."""
    return standing(record, state=about.state, mark=about.mark, reach=about.reach, opens_at=about.opens_at)


class Totals:
    """By how much the counts of one agency's book move."""

    def __init__(self, agency: str) -> None:
        self._agency = agency
        self._moved: Counter[Key] = Counter()

    def more(self, branch: str | None, insurer: str, standing: Standing, entries: int = 1) -> None:
        status, blocker = standing
        key = (self._agency, branch or "", insurer, tables.STATUSES.codes[status], tables.BLOCKERS.codes[blocker])
        self._moved[key] += entries

    def less(self, branch: str | None, insurer: str, standing: Standing) -> None:
        self.more(branch, insurer, standing, -1)

    def __iter__(self) -> Iterator[tuple[*Key, int]]:
        return ((*key, moved) for key, moved in sorted(self._moved.items()) if moved)


class Sheet:
    """
    Rows of one agency's book at one insurer.

    *given* is to whom the agency itself gave holders, or took them from whom the feed names.
    """

    def __init__(
        self,
        transaction: Transaction,
        agency: str,
        insurer: InsurerCode,
        moved: int,
        given: Given,
        totals: Totals,
    ) -> None:
        self._keyring = transaction.keyring
        self._insurer = insurer
        self._moved = moved
        self._given = given
        self._totals = totals
        # What `transaction.about` says of a row, without spelling the same words a thousand times.
        self._about = f"{tables.book_entries.name}:{quote(agency, safe='')}:{quote(insurer, safe='')}:"

    def told(self, row: BookRow) -> Values:
        about = row.circumstance
        stands = stood(row.record, about)
        self._totals.more(row.branch, self._insurer, stands)
        status, blocker = stands
        return (
            row.person,
            row.branch,
            self._assignee(row) if self._given else row.solicited,
            sort_key(row.kana, row.name),
            # Names are searched for with and without the space.
            row.name.replace(GAP, "").encode(),
            row.plate,
            int(row.plate_serial) if row.plate_serial else None,
            minutes(row.ends_at),
            tables.STATUSES.codes[status],
            tables.BLOCKERS.codes[blocker],
            row.premium,
            row.premium_change,
            tables.RENEWAL_STATES.codes[about.state] if about.state else None,
            tables.MARKS.codes[about.mark] if about.mark else None,
            tables.REACHES.codes[about.reach],
            minutes(about.opens_at) if about.opens_at else None,
            self._moved,
            self._keyring.seal(row.body, self._about + row.policy.hex()),
        )

    def _assignee(self, row: BookRow) -> str | None:
        everywhere = self._given.get((row.person, ANY_BRANCH), row.solicited)
        return self._given.get((row.person, row.branch or ANY_BRANCH), everywhere)
