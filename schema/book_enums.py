"""The enumerations of an agency's book, named for GraphQL."""

import strawberry

from insurers.book import Blocker, BookList, ChangeKind, EntryOrder, EntryStatus, Mark, RunState
from insurers.feed import FeedKind, FeedSource, FlawKind

_NAMED = {
    EntryStatus: (
        "BookEntryStatus",
        (
            "Where the renewal of an entry stands. ACCEPTED was renewed here; RENEWED is the insurer's word that a next"
            " term exists; DONE_ELSEWHERE is an agent's word. Nothing is left to do about these three and CANCELLED."
        ),
    ),
    Blocker: ("Blocker", "What a renewal waits for, so that a page can be grouped by what to do now."),
    BookList: (
        "BookListKey",
        (
            "The three lists of work. RENEWAL: the term ends within 60 days; EXPIRING: within 14 days; EXPIRED: it"
            " ended, and the grade can still be carried over (day 7). Whatever is closed or vanished is in none."
        ),
    ),
    Mark: ("BookMark", "What an agent wrote on an entry: renewed outside Tabane, or with the agency to settle."),
    EntryOrder: (
        "BookEntryOrderField",
        (
            "How entries are ordered: by the end of the term, by the holder's reading (五十音), or by how much the"
            " premium changes. What has no value for it comes last."
        ),
    ),
    ChangeKind: ("BookChangeKind", "What a feed did to an entry."),
    FeedSource: ("FeedSource", "How an insurer tells an agency of its policies: a file, or a system that is asked."),
    FeedKind: ("FeedKind", "Everything that the agency handles there, or what changed since the feed before."),
    FlawKind: (
        "FeedFlawKind",
        (
            "Why a record of a feed could not be read. UNDECODABLE: characters outside the feed's encoding;"
            " DUPLICATE_NUMBER: the number stood in the same feed before, and the first one counts."
        ),
    ),
    RunState: ("FeedRunState", "Life of one reading of a feed."),
}

for kind, (name, description) in _NAMED.items():
    strawberry.enum(kind, name=name, description=description)
