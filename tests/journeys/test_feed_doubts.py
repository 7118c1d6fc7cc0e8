"""What a feed says of itself, and what becomes of the book when that does not fit."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.commands import book_words
from gateway.journeys.feed_pages import FileAtHand
from gateway.journeys.feed_reading import Doubt
from gateway.journeys.feed_schedule import (
    INTERRUPTED,
    MOST_ATTEMPTS,
    NO_APPOINTMENT,
    NO_FILE,
    REPLACED,
    UNFORESEEN,
    stumbled,
)
from insurers.agency import AgentRole
from insurers.book import RunState
from insurers.feed import FeedKind, FeedPage, Flaw, FlawKind
from insurers.identity import AgencyCode, PolicyNumber
from insurers.sandbox import TestClock
from insurers.text import Text
from tests.journeys.feed_frail import Died, FrailStore
from tests.journeys.feed_office import LEASE, ONE, Office, counts, numbers, opened
from tests.journeys.feed_source import HANAKO, MADE_AT, agency, as_insurer, policies, policy
from tests.store.booked import MANAGER
from tests.store.databases import database_url, postgresql_url, sqlite_url

__all__ = ["database_url", "postgresql_url", "sqlite_url"]

SCHEDULED = (REPLACED, INTERRUPTED, NO_APPOINTMENT, NO_FILE, UNFORESEEN)
WHY = Text("理由", "A reason")


@pytest.fixture
def clock() -> TestClock:
    return TestClock(MADE_AT + timedelta(hours=1), frozen=True)


@pytest.fixture
async def office(sqlite_url: str, clock: TestClock) -> AsyncIterator[Office]:
    async with opened(sqlite_url, clock) as office:
        office.feed.records = policies(60)
        office.feed.per_page = 20
        yield office


def on_page(read: int, **changed: object) -> Callable[[FeedPage], FeedPage]:
    """Have the page otherwise behind which so many records are read."""
    return lambda page: replace(page, **changed) if page.read == read else page


def broken(line: int, kind: FlawKind = FlawKind.WRONG_COLUMN, number: PolicyNumber | None = None) -> Flaw:
    return Flaw(line=line, kind=kind, reason=WHY, number=number)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "feed.dat"
    found.write_bytes(b"abc")
    return found


async def test_another_agencys_feed_never_comes_into_this_ones_book(office: Office, file: Path) -> None:
    office.feed.told = lambda page: replace(page, agency=AgencyCode("H2002"))

    wire = await office.read()
    at_hand = await office.feeds.imported("sakura", ONE, FileAtHand(as_insurer(office.feed), ONE, file), accepted=True)

    assert at_hand is not None
    assert [(RunState.FAILED, "anothers", 0)] * 2 == [(run.state, run.words, run.added) for run in (wire, at_hand)]
    assert {} == await office.book()
    told = book_words.told(at_hand)
    assert told is not None
    assert "another agency's" in told.en


@pytest.mark.parametrize("kind", [FlawKind.WRONG_COUNT, FlawKind.WRONG_AGENCY])
async def test_a_page_in_the_middle_that_lost_lines_makes_nobody_gone(office: Office, kind: FlawKind) -> None:
    await office.read()
    office.feed.told = on_page(40, records=(), lines=(), flaws=(broken(21, kind),))

    run = await office.next_day()

    assert (RunState.DONE, "unread_lines", 0) == (run.state, run.words, run.vanished)
    assert numbers(0, 60) == await office.present()


async def test_a_broken_line_with_a_number_is_there_and_others_may_be_gone(office: Office) -> None:
    await office.read()
    del office.feed.records[59]
    rest = tuple(policy(n) for n in range(21, 40))
    flaw = broken(21, number=policy(20).number)
    office.feed.told = on_page(40, records=rest, lines=tuple(range(22, 41)), flaws=(flaw,))

    run = await office.next_day()

    assert (RunState.DONE, None, (0, 0, 58, 1, 1), 0) == (run.state, run.words, counts(run), run.unread)
    assert numbers(0, 59) == await office.present()
    assert [replace(flaw, number=None)] == await office.flaws()


async def changes_since(office: Office, base: datetime | None, first: int) -> RunState:
    office.feed.kind = FeedKind.CHANGES
    office.feed.records = [policy(first)]
    office.feed.told = lambda page: replace(page, since=base)
    return (await office.next_day()).state


async def test_changes_from_a_file_that_never_came_are_entered_and_not_believed(office: Office) -> None:
    unfounded = await changes_since(office, None, 500)
    office.feed.kind, office.feed.records = FeedKind.FULL, [*policies(60), policy(500)]
    await office.next_day()
    whole = office.feed.as_of
    founded = [await changes_since(office, whole, n) for n in (501, 502)]
    missed = await changes_since(office, whole + timedelta(hours=1), 503)
    run = await office.last()

    assert (RunState.FAILED, [RunState.DONE, RunState.DONE], RunState.FAILED) == (unfounded, founded, missed)
    assert ("no_base", 1) == (run.words, run.added)
    assert numbers(0, 60) | numbers(500, 504) == await office.present()


async def test_whom_changes_do_not_name_is_as_fresh_as_they_are(office: Office) -> None:
    await office.read()
    base = office.feed.as_of
    await changes_since(office, base, 7)
    fresh = office.feed.as_of
    await changes_since(office, base, 8)

    async with office.store.reading() as work:
        known = await work.book.entries([str(n) for n in range(1, 61)])
    as_of = {entry.record.number.text: entry.as_of for entry in known.values()}
    assert {policy(7).number.text: fresh} == {n: at for n, at in as_of.items() if at != office.feed.as_of}


async def test_what_was_announced_as_received_is_in_the_book_before(office: Office) -> None:
    """Where asking for the last page is a receipt, it is not asked for while what comes before may be lost."""
    office.feed.told = on_page(40, receipt=True)
    order = await office.feeds.ordered("sakura", ONE)
    asked: list[int] = []
    # The claim is a commit, too.
    for commit in (3, 2):
        store = FrailStore(office.databases, office.keyring, commit=commit, kept=False)
        with pytest.raises(Died):
            await office.another(store).go_on(order)
        asked.append(office.feed.asked[-1])
        office.clock.advance(LEASE)
    done = await office.feeds.go_on(order)

    assert ([1, 1], RunState.DONE) == (asked, done.state)
    assert numbers(0, 60) == await office.present()


async def test_a_code_that_an_agent_gets_or_loses_reaches_what_has_not_changed(office: Office) -> None:
    mine = {record.number.text for record in office.feed.records if record.solicitor == "101"}
    told: list[set[str]] = []
    for agents in ([], [HANAKO], [replace(HANAKO, role=AgentRole.AGENT, active=False)]):
        async with office.store.work() as work:
            await work.agencies.replace([agency(ONE)], agents)
        run = await office.next_day()
        assert 0 == run.changed
        async with office.store.reading() as work:
            known = await work.book.seen_by(MANAGER, [str(n) for n in range(1, 61)])
        told.append({entry.record.number.text for entry in known.values() if entry.assignee == HANAKO.id})

    assert [set(), mine, set()] == told
    assert mine


async def test_an_error_that_nobody_foresaw_is_told_and_tried_again_ever_later(office: Office) -> None:
    waits: list[timedelta] = []
    run = await office.feeds.ordered("sakura", ONE)
    for _ in range(3):
        office.feed.trouble[1] = ZeroDivisionError()
        run = await office.feeds.go_on(run)
        assert (RunState.RUNNING, "unforeseen", 20) == (run.state, run.words, run.read)
        assert run.due_at is not None
        waits.append(run.due_at - office.clock())
        office.clock.set(run.due_at)

    assert sorted(set(waits)) == waits
    done = await office.feeds.go_on(run)
    assert (RunState.DONE, None, 60) == (done.state, done.words, done.added)
    tired = stumbled(replace(run, attempts=MOST_ATTEMPTS), office.clock(), 0.0)
    assert (RunState.FAILED, "unforeseen") == (tired.state, tired.words)


async def test_an_import_that_is_broken_off_keeps_its_counts(office: Office, file: Path) -> None:
    def told(page: FeedPage) -> FeedPage:
        if page.read == 60:
            importing.cancel()
        return page

    office.feed.told = told
    pages = FileAtHand(as_insurer(office.feed), ONE, file)
    importing = asyncio.create_task(office.feeds.imported("sakura", ONE, pages))
    with pytest.raises(asyncio.CancelledError):
        await importing
    run = await office.last()

    assert (RunState.FAILED, "interrupted") == (run.state, run.words)
    assert 0 < run.added
    assert len(await office.book()) == run.read == run.added


async def test_a_file_that_goes_away_ends_the_import(office: Office, file: Path) -> None:
    pages = FileAtHand(as_insurer(office.feed), ONE, file)
    run = await office.feeds.imported("sakura", ONE, pages, heard=lambda _: file.unlink(missing_ok=True))

    assert run is not None
    assert (RunState.FAILED, "no_file") == (run.state, run.words)
    assert 0 < run.added < 60


async def test_whatever_may_be_said_of_a_reading_has_words_of_its_own(office: Office) -> None:
    run = await office.read()
    said = {word: book_words.told(replace(run, words=word)) for word in (*Doubt, *SCHEDULED, "whatever else")}

    assert all(words and words.ja and words.en for words in said.values())
    assert len(said) == len({words.en for words in said.values() if words})
