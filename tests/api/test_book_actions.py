"""What an agent is offered to do about an entry, and what is told of each insurer's feed: whatever the state."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from insurers.agency import ConsentScope, Mandate
from insurers.book import CLOSED_ENTRIES, Blocker, Entry, EntryStatus, FeedRun, Mark, Reach, RunState, standing
from insurers.feed import FeedRecord, FeedSource
from insurers.identity import InsurerCode, PolicyNumber
from insurers.money import Yen
from insurers.panel import find
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from insurers.renewal import RenewalState
from insurers.text import Language
from schema.agency_ports import FeedsOf
from schema.book_action import Scene, next_actions
from schema.book_provider import BookFeedState, BookProvider
from tests.api.conftest import CODES, FRIDAY

ENDS_AT = FRIDAY + timedelta(days=10)

POLICY = FeedRecord(
    number=PolicyNumber("A1"),
    status=PolicyStatus.IN_FORCE,
    insurer_status="有効",
    starts_at=ENDS_AT - timedelta(days=365),
    ends_at=ENDS_AT,
    holder=PersonName(family="見本", given="太郎"),
    phone="090-0000-0001",
    email="taro@example.jp",
    premium=Yen(50_000),
)

PREPARE = frozenset({ConsentScope.READ_POLICIES, ConsentScope.PREPARE_RENEWAL})


def entry(
    *,
    state: RenewalState | None = None,
    mark: Mark | None = None,
    reach: Reach = Reach.OPEN,
    opens_at: datetime | None = None,
    record: FeedRecord = POLICY,
    gone_at: datetime | None = None,
) -> Entry:
    status, blocker = standing(record, state=state, mark=mark, reach=reach, opens_at=opens_at)
    return Entry(
        id="1",
        agency="sakura",
        insurer=InsurerCode("one"),
        record=record,
        person="p",
        status=status,
        blocker=blocker,
        source=FeedSource.AGENCY_FILE,
        as_of=FRIDAY,
        read_at=FRIDAY,
        first_read_at=FRIDAY,
        gone_at=gone_at,
        assignee="hanako",
        mark=mark,
        customer="taro",
        renewal="r1" if state else None,
        opens_at=opens_at,
    )


def offered(
    about: Entry, *, scopes: Collection[ConsentScope] = PREPARE, now: datetime = FRIDAY
) -> list[tuple[str, str | None]]:
    mandate = Mandate(id="m", agency="sakura", customer="taro", scopes=frozenset(scopes), granted_at=FRIDAY)
    actions = next_actions(Scene(entry=about, mandate=mandate, now=now))
    assert [action.primary for action in actions] == [
        place == 0 and action.kind.name != "ADD_NOTE" for place, action in enumerate(actions)
    ]
    return [(action.kind.name, (action.mutation or "").removeprefix("Mutation.") or None) for action in actions]


NO_MAIL = replace(POLICY, email=None)
LATE = ENDS_AT + timedelta(days=2)
MONDAY = FRIDAY + timedelta(days=3)

FIRST = {
    "nothing done yet": (entry(), FRIDAY, ("START_RENEWAL", "bookRenewalsStart")),
    "not open yet": (entry(opens_at=MONDAY), FRIDAY, ("REFRESH", None)),
    "open from now on": (entry(opens_at=MONDAY), MONDAY, ("START_RENEWAL", "bookRenewalsStart")),
    "not open yet, and no account": (
        entry(opens_at=MONDAY, reach=Reach.NONE),
        FRIDAY,
        ("ASK_CUSTOMER", "bookCustomerAsk"),
    ),
    "no account": (entry(reach=Reach.NONE), FRIDAY, ("ASK_CUSTOMER", "bookCustomerAsk")),
    "a passcode wanted": (entry(reach=Reach.PASSCODE), FRIDAY, ("ASK_CUSTOMER", "bookCustomerAsk")),
    "no account and no mail": (entry(reach=Reach.NONE, record=NO_MAIL), FRIDAY, ("CONTACT_CUSTOMER", None)),
    "a draft": (entry(state=RenewalState.IN_PROGRESS), FRIDAY, ("ASK_CUSTOMER", "bookCustomerAsk")),
    "ready": (entry(state=RenewalState.READY), FRIDAY, ("ASK_CUSTOMER", "bookCustomerAsk")),
    "with the agency": (entry(state=RenewalState.REFERRED), FRIDAY, ("CONTINUE_RENEWAL", None)),
    "queued": (entry(state=RenewalState.QUEUED), FRIDAY, ("CONTINUE_RENEWAL", None)),
    "being sent": (entry(state=RenewalState.SUBMITTING), FRIDAY, ("REFRESH", None)),
    "not confirmed": (entry(state=RenewalState.UNCONFIRMED), FRIDAY, ("REFRESH", None)),
    "renewed": (entry(state=RenewalState.ACCEPTED), FRIDAY, ("ADD_NOTE", "bookNoteAdd")),
    "over, and in the grade's week": (entry(), LATE, ("CONTACT_CUSTOMER", None)),
    "marked as done": (entry(mark=Mark.DONE_ELSEWHERE), FRIDAY, ("MARK", "bookMark")),
    "vanished": (entry(gone_at=FRIDAY), FRIDAY, ("ADD_NOTE", "bookNoteAdd")),
}


@pytest.mark.parametrize("name", FIRST)
def test_the_first_thing_to_do_follows_from_what_an_entry_waits_for(name: str) -> None:
    about, now, first = FIRST[name]

    assert first == offered(about, now=now)[0]


def test_a_ready_renewal_is_the_agents_to_submit_where_the_customer_lets_them() -> None:
    about = entry(state=RenewalState.READY)

    assert ("ASK_CUSTOMER", "bookCustomerAsk") not in offered(about, scopes=list(ConsentScope))
    assert ("CONTINUE_RENEWAL", None) == offered(about, scopes=list(ConsentScope))[0]


def test_nothing_is_started_without_leave_to_prepare() -> None:
    about = replace(entry(), blocker=Blocker.NOTHING)

    assert ("START_RENEWAL", "bookRenewalsStart") not in offered(about, scopes=[ConsentScope.READ_POLICIES])


@pytest.mark.parametrize("status", EntryStatus)
def test_whatever_is_open_is_offered_something_to_do_and_what_is_closed_only_a_note(status: EntryStatus) -> None:
    about = replace(entry(), status=status)

    kinds = [kind for kind, _ in offered(about)]
    assert "ADD_NOTE" == kinds[-1]
    assert (kinds == ["ADD_NOTE"]) == (status in CLOSED_ENTRIES)


def run(state: RunState, **fields: object) -> FeedRun:
    begun = FeedRun(
        id="r",
        agency="sakura",
        insurer=InsurerCode(CODES[0]),
        source=FeedSource.AGENCY_FILE,
        state=state,
        begun_at=FRIDAY,
        as_of=FRIDAY,
        ended_at=None if state is RunState.RUNNING else FRIDAY,
    )
    return replace(begun, **fields)


DONE = run(RunState.DONE)
OLD = run(RunState.DONE, as_of=FRIDAY - timedelta(days=9))
S = BookFeedState

# The reading under way or the last one, the last that was done, and what is told then.
STATES = {
    "never": (None, None, S.NEVER_READ),
    "read": (DONE, DONE, S.FRESH),
    "old": (OLD, OLD, S.STALE),
    "at it": (run(RunState.RUNNING, read=10, total=30), DONE, S.READING),
    "closed": (run(RunState.RUNNING, words="service_closed", due_at=FRIDAY + timedelta(hours=1)), DONE, S.WAITING),
    "slow": (run(RunState.RUNNING, words="rate_limited", due_at=FRIDAY + timedelta(minutes=1)), DONE, S.WAITING),
    "late": (run(RunState.RUNNING, words="timeout", due_at=FRIDAY + timedelta(minutes=1)), DONE, S.WAITING),
    "due again": (run(RunState.RUNNING, words="timeout", due_at=FRIDAY), DONE, S.READING),
    "refused": (run(RunState.FAILED, words="credentials_rejected"), DONE, S.FAILED),
    "cut off": (run(RunState.FAILED, words="wrong_count"), DONE, S.FAILED),
    "unread lines": (run(RunState.DONE, words="unread_lines"), run(RunState.DONE), S.FRESH),
}
SILENT = {"read", "at it", "due again"}


@pytest.mark.parametrize("name", STATES)
def test_an_insurers_feed_is_told_in_state_and_words(name: str) -> None:
    latest, done, state = STATES[name]
    manifest = find(InsurerCode(CODES[0])).MANIFEST

    told = BookProvider.of(FeedsOf(insurer=manifest.code, latest=latest, done=done), manifest, FRIDAY)

    words = told.words()
    assert state is told.state
    assert (name in SILENT) == (words is None)
    assert words is None or all(words.to(language) for language in Language)
    assert (state is S.WAITING) == (told.retry_at() is not None)
