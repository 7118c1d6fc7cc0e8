"""A feed is read into the book: nothing lost, nothing twice, and nobody gone of whom that is not sure."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from gateway.journeys.feed_schedule import AFTER_DOUBT, AFTER_FAILURE
from insurers.book import ChangeKind, RunState
from insurers.errors import AccessDenied, Closed, ErrorCode, Unavailable
from insurers.feed import FeedKind, Flaw, FlawKind
from insurers.identity import InsurerCode
from insurers.money import Yen
from insurers.sandbox import TestClock
from insurers.text import Text
from tests.journeys.feed_office import LEASE, ONE, Office, counts, numbers, opened
from tests.journeys.feed_source import DAILY, MADE_AT, agency, policy
from tests.store.databases import database_url, postgresql_url, sqlite_url

__all__ = ["database_url", "postgresql_url", "sqlite_url"]

OTHER = InsurerCode("other")
BROKEN = Flaw(line=9, kind=FlawKind.TRUNCATED, reason=Text("途中で切れています。", "It is cut off."))


@pytest.fixture
def clock() -> TestClock:
    return TestClock(MADE_AT + timedelta(hours=1), frozen=True)


@pytest.fixture
async def office(database_url: str, clock: TestClock) -> AsyncIterator[Office]:
    async with opened(database_url, clock) as office:
        yield office


async def test_a_feed_is_entered_and_read_again_without_a_change(office: Office) -> None:
    first = await office.read()
    again = await office.next_day()

    assert (RunState.DONE, 250, (250, 0, 0, 0, 0)) == (first.state, first.read, counts(first))
    assert (RunState.DONE, (0, 0, 250, 0, 0)) == (again.state, counts(again))
    assert {record.number.text: record for record in office.feed.records} == {
        number: row.record for number, row in (await office.book()).items()
    }


async def test_it_is_read_when_it_is_due_and_not_before(office: Office) -> None:
    never = await office.feeds.due(ONE)
    begun = (await office.read()).begun_at

    assert never is not None
    assert never <= office.clock()
    assert begun + DAILY == await office.feeds.due(ONE)
    assert 0 == await office.feeds.turn(ONE)


async def test_what_changed_vanished_and_came_back_is_told(office: Office) -> None:
    await office.read()
    office.feed.records[0] = replace(policy(0), premium=Yen(1), branch="09")
    del office.feed.records[200:]
    changed = await office.next_day()
    office.feed.records.append(policy(249))
    back = await office.next_day()

    assert (0, 1, 199, 50, 0) == counts(changed)
    assert (0, 1, 200, 0, 0) == counts(back)
    assert numbers(0, 200) | numbers(249, 250) == await office.present()
    kept = await office.changes()
    assert {ChangeKind.CHANGED: 1, ChangeKind.VANISHED: 50, ChangeKind.RETURNED: 1} == Counter(kind for kind, _ in kept)
    assert [("premium", "40000", "1"), ("branch", policy(0).branch, "09")] == [
        (field.field, field.before, field.after) for field in kept[0][1]
    ]


async def test_of_changes_those_are_gone_that_are_removed_and_no_other(office: Office) -> None:
    await office.read()
    office.feed.kind = FeedKind.CHANGES
    office.feed.records = [replace(policy(3), grade=20), replace(policy(4), removed=True), policy(250)]
    office.feed.records.append(replace(policy(999), removed=True))

    run = await office.next_day()

    assert (RunState.DONE, (1, 1, 0, 1, 0)) == (run.state, counts(run))
    assert numbers(0, 251) - numbers(4, 5) == await office.present()


async def test_the_first_line_of_a_number_counts(office: Office) -> None:
    office.feed.records[150] = replace(policy(3), premium=Yen(1))
    office.feed.records[5] = replace(policy(4), premium=Yen(1))

    run = await office.read()

    assert (248, 2) == (run.added, run.flawed)
    assert [(6, FlawKind.DUPLICATE_NUMBER), (151, FlawKind.DUPLICATE_NUMBER)] == [
        (flaw.line, flaw.kind) for flaw in await office.flaws()
    ]
    assert [policy(3), policy(4)] == [(await office.book())[policy(n).number.text].record for n in (3, 4)]


async def test_a_wrong_count_marks_nobody_as_gone_and_is_no_good_reading(office: Office) -> None:
    await office.read()
    del office.feed.records[240:]
    office.feed.total = 250

    run = await office.next_day()

    assert (RunState.FAILED, "wrong_count", 0) == (run.state, run.words, run.vanished)
    assert numbers(0, 250) == await office.present()
    assert office.clock() + AFTER_DOUBT == await office.feeds.due(ONE)


async def test_a_line_that_was_not_read_may_be_any_so_nobody_is_gone(office: Office) -> None:
    await office.read()
    del office.feed.records[8]
    office.feed.flaws = (BROKEN,)

    run = await office.next_day()

    assert (RunState.DONE, "unread_lines", 0, 1) == (run.state, run.words, run.vanished, run.flawed)
    assert numbers(0, 250) == await office.present()


async def test_half_a_book_is_not_gone_unless_somebody_says_so(office: Office) -> None:
    await office.read()
    del office.feed.records[100:]

    doubted = await office.next_day()
    kept = await office.present()
    order = await office.feeds.ordered("sakura", ONE, accepted=True)
    accepted = await office.feeds.go_on(order)

    assert (RunState.FAILED, "too_small", 0) == (doubted.state, doubted.words, doubted.vanished)
    assert numbers(0, 250) == kept
    assert (RunState.DONE, 150) == (accepted.state, accepted.vanished)
    assert numbers(0, 100) == await office.present()


async def test_an_insurer_that_wants_to_be_left_alone_is_and_the_reading_goes_on_where_it_was(office: Office) -> None:
    office.feed.trouble[1] = Unavailable(ONE, code=ErrorCode.RATE_LIMITED, retry_after=timedelta(seconds=7))

    waiting = await office.read()
    due = await office.feeds.due(ONE)
    office.clock.advance(timedelta(seconds=7))
    done = await office.read()

    assert (RunState.RUNNING, 100, "rate_limited", 0) == (waiting.state, waiting.read, waiting.words, waiting.attempts)
    assert waiting.due_at == due == office.clock()
    assert (RunState.DONE, waiting.id, 250, (250, 0, 0, 0, 0)) == (done.state, done.id, done.read, counts(done))
    assert [0, 1, 1, 2] == office.feed.asked


async def test_a_feed_that_is_replaced_in_the_middle_is_begun_anew(office: Office) -> None:
    office.feed.trouble[1] = Unavailable(ONE)
    waiting = await office.read()
    office.feed.records[0] = replace(policy(0), premium=Yen(1))
    office.feed.next_day()
    office.clock.advance(timedelta(minutes=1))

    done = await office.read()

    assert (RunState.DONE, (150, 1, 99, 0, 0)) == (done.state, counts(done))
    assert waiting.id != done.id
    assert numbers(0, 250) == await office.present()


async def test_an_insurer_that_is_down_leaves_the_old_rows_as_old_as_they_are(office: Office) -> None:
    done = await office.read()
    office.feed.trouble = {0: Unavailable(ONE)}
    waiting = await office.next_day()

    assert (RunState.RUNNING, "upstream_unavailable", 1) == (waiting.state, waiting.words, waiting.attempts)
    assert numbers(0, 250) == await office.present()
    async with office.store.reading() as work:
        latest, last_done = (await work.feeds.latest("sakura"))[ONE]
    assert (waiting.id, done.id, MADE_AT) == (latest.id, last_done and last_done.id, last_done and last_done.as_of)


async def test_an_insurer_that_is_closed_is_asked_when_it_opens(office: Office) -> None:
    opens_at = office.clock() + timedelta(hours=3)
    office.feed.trouble[0] = Closed(ONE, opens_at=opens_at)

    assert opens_at == (await office.read()).due_at


async def test_a_secret_that_is_wrong_is_an_operators_affair_and_tried_again_later(office: Office) -> None:
    office.feed.trouble[0] = AccessDenied(ONE)

    run = await office.read()

    assert (RunState.FAILED, "credentials_rejected") == (run.state, run.words)
    assert office.clock() + AFTER_FAILURE == await office.feeds.due(ONE)


async def test_of_two_processes_one_reads(office: Office) -> None:
    one, other = office.feeds, office.another()
    order = await one.ordered("sakura", ONE)
    held = await one.claimed(ONE)

    assert held is not None
    assert await other.claimed(ONE) is None
    assert RunState.RUNNING is (await other.go_on(order)).state

    office.clock.advance(LEASE)
    taken_over = await other.go_on(order)
    await one.course.read(held, most=1)  # The first one comes back, and writes nothing.

    assert (RunState.DONE, (250, 0, 0, 0, 0)) == (taken_over.state, counts(taken_over))
    assert taken_over == await office.last()


async def test_an_older_feed_does_not_undo_a_newer_one(office: Office) -> None:
    await office.read()
    office.feed.records[0] = replace(policy(0), premium=Yen(1))
    office.feed.as_of -= DAILY
    office.clock.advance(DAILY)

    run = await office.read()

    assert (RunState.FAILED, "older") == (run.state, run.words)
    assert policy(0) == (await office.book())[policy(0).number.text].record


async def test_an_agency_that_sells_there_no_more_is_read_no_more(office: Office) -> None:
    office.feed.trouble[1] = Unavailable(ONE)
    await office.read()
    async with office.store.work() as work:
        await work.agencies.replace([agency(OTHER)], [])
    office.clock.advance(DAILY)

    run = await office.read()

    assert (RunState.FAILED, "no_appointment") == (run.state, run.words)
    assert await office.feeds.due(ONE) is None
