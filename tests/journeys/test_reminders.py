"""Customers are reminded on the days that the agency set, once for each policy, term and step."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.post import Mail
from gateway.store.reminders import APART
from insurers.book import EntryStatus, Mark
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.reminder import Reminder, ReminderSchedule, ReminderState, Unsent
from insurers.renewal import RenewalState
from tests.journeys import office
from tests.journeys.insurer import on_both_databases
from tests.journeys.mail_server import Fate
from tests.journeys.office import DAY, FRIDAY, HANAKO, ICHIRO, JIRO, SAKURA, Death, Office, matures, policy
from tests.store.databases import sqlite_migrated
from tests.store.invented import renewal

STEPS = (60, 30, 14, 3)


@pytest.fixture
async def here(address_of_database: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office.opened(address_of_database, tmp_path) as opened:
        yield opened


async def schedule(here: Office, *steps: int, at_hour: int = 9) -> None:
    """Let the sweeps begin on the next morning."""
    wanted = ReminderSchedule(
        agency=SAKURA.id, days_before=steps, at_hour=at_hour, enabled=True, set_by=ICHIRO.id, set_at=here.clock()
    )
    async with here.store.work() as work:
        standing = await work.reminders.schedule(SAKURA.id)
        version = standing.version + 1 if standing else 1
        due_at = (FRIDAY + DAY).replace(hour=at_hour)
        await work.reminders.set(replace(wanted, version=version), due_at=due_at)


async def day(here: Office, after: int, hour: int = 9, minute: int = 0) -> None:
    """Let nothing happen until so many days after the first Friday, and then whatever is due."""
    here.clock.set((FRIDAY + after * DAY).replace(hour=hour, minute=minute))
    await here.turn()


async def reminders(here: Office) -> list[Reminder]:
    found, more = await here.writing.reminders.page(ICHIRO, first=100, before=None, unsent_only=False)
    assert not more
    return list(found)


def mails(here: Office, number: str) -> int:
    return len(here.mails.to(f"{number.lower()}@customer.example"))


@on_both_databases
async def test_each_step_comes_on_its_day_and_nobody_is_reminded_whom_it_would_mislead(here: Office) -> None:
    await here.enter(
        [
            policy("DUE", matures(31)),
            policy("LATER", matures(45)),
            policy("NOMAIL", matures(31), email=None),
            policy("BADMAIL", matures(31), email="見本 at example"),
            policy("ENDED", matures(31), status=office.CANCELLED),
            policy("ELSEWHERE", matures(31)),
            policy("PAST", matures(0)),
        ]
    )
    ids = await here.ids()
    async with here.store.work() as work:
        await work.book.mark(SAKURA.id, [int(ids["ELSEWHERE"])], Mark.DONE_ELSEWHERE, here.clock())
    await schedule(here, 30, 14)

    await day(here, 1, hour=8)
    assert [] == here.mails.letters
    await day(here, 1)
    assert [1, 0] == [mails(here, "DUE"), mails(here, "LATER")]
    await day(here, 2)
    await day(here, 16)
    await day(here, 17)

    assert [2, 1] == [mails(here, "DUE"), mails(here, "LATER")]
    assert 3 == len(here.mails.letters)
    found = await reminders(here)
    kept = {(reminder.entry, reminder.step): (reminder.state, reminder.unsent) for reminder in found}
    sent, unsent = (ReminderState.SENT, None), ReminderState.UNSENT
    assert {
        (ids["DUE"], 30): sent,
        (ids["DUE"], 14): sent,
        (ids["LATER"], 30): sent,
        **{(ids["NOMAIL"], step): (unsent, Unsent.NO_ADDRESS) for step in (30, 14)},
        **{(ids["BADMAIL"], step): (unsent, Unsent.BAD_ADDRESS) for step in (30, 14)},
    } == kept


async def test_a_reminder_says_what_ends_when_and_what_to_do_in_japanese_and_then_in_english(here: Office) -> None:
    await here.enter([policy("DUE", matures(31))])
    await schedule(here, 30)
    await day(here, 1)

    (letter,) = here.mails.letters
    ja, en = letter.text.split("-" * 60)
    assert "見本 一 様" in ja
    assert "満期：2026年12月21日（月）16時（あと30日）" in ja
    assert "Ends: 2026-12-21 16:00 in Tokyo (30 days left)" in en
    for half in (ja, en):
        assert {"アクア", "さくら保険サービス", "03-0000-1001", "https://customers.example"} <= {
            word
            for word in ("アクア", "さくら保険サービス", "03-0000-1001", "https://customers.example")
            if word in half
        }
    # What an insurer reckons is no offer, and a policy's number is nobody's who reads over a shoulder.
    assert not [word for word in ("52", "円", "yen", "DUE") if word in letter.subject + letter.text]


async def test_after_an_outage_only_the_step_that_came_last_is_sent(here: Office) -> None:
    await here.enter([policy("DUE", matures(62)), policy("SOON", matures(20))])
    await schedule(here, *STEPS)

    await day(here, 50)

    assert [(14,), ()] == [
        tuple(one.step or 0 for one in await reminders(here) if one.entry == entry)
        for entry in [(await here.ids())[number] for number in ("DUE", "SOON")]
    ]


async def test_nobody_is_written_to_at_night_and_by_the_morning_it_is_known_who_has_renewed(here: Office) -> None:
    await here.enter([policy("DUE", matures(31)), policy("DONE", matures(31))])
    await schedule(here, 30, at_hour=19)
    here.mails.is_down = True
    await day(here, 1, hour=19)
    here.mails.is_down = False
    ids = await here.ids()

    await day(here, 1, hour=23)
    assert [] == here.mails.letters
    async with here.store.work() as work:
        await work.book.mark(SAKURA.id, [int(ids["DONE"])], Mark.DONE_ELSEWHERE, here.clock())
    await day(here, 2, hour=8)

    assert [1, 0] == [mails(here, "DUE"), mails(here, "DONE")]
    states = {reminder.entry: reminder.state for reminder in await reminders(here)}
    assert {ids["DUE"]: ReminderState.SENT, ids["DONE"]: ReminderState.WITHDRAWN} == states


async def test_who_applied_here_without_telling_the_agency_is_not_asked_to_renew_again(here: Office) -> None:
    await here.enter([policy("DUE", matures(31)), policy("DONE", matures(31))])
    ref = PolicyRef(office.INSURER, PolicyNumber("DONE"))
    applied = renewal(ref=ref, maturity=matures(31), state=RenewalState.ACCEPTED)
    async with here.store.work() as work:
        await work.renewals.add(applied, due_at=None)
    await schedule(here, 30)
    await day(here, 1)

    assert [1, 0] == [mails(here, "DUE"), mails(here, "DONE")]
    async with here.store.reading() as work:
        shown = await work.book.entries(list((await here.ids()).values()))
    assert {EntryStatus.NOT_STARTED} == {entry.status for entry in shown.values()}


async def test_a_sweep_of_many_pages_reaches_everybody_once_however_many_work_on_it(here: Office) -> None:
    await here.enter([policy(f"N{number}", matures(20 + number % 9)) for number in range(250)])
    await schedule(here, *STEPS)
    here.clock.set((FRIDAY + DAY).replace(hour=9))
    sweep, _ = here.writing.chores

    while sum(await asyncio.gather(*(sweep.turn() for _ in range(3)))):
        pass

    async with here.store.reading() as work:
        found = await work.reminders.page(SAKURA.id, None, first=1000, before=None)
    assert 250 == len(found) == len({reminder.entry for reminder in found})


async def test_a_schedule_that_moves_by_a_day_reminds_nobody_twice(here: Office) -> None:
    await here.enter([policy("DUE", matures(31))])
    await schedule(here, 30)
    await day(here, 1)
    await schedule(here, 31, 3)
    await day(here, 2)

    assert 1 == mails(here, "DUE")


async def test_an_agency_that_was_out_for_a_day_is_back_with_its_schedule(here: Office) -> None:
    await here.enter([policy("DUE", matures(31))])
    await schedule(here, 30)
    async with here.store.work() as work:
        await work.agencies.replace([], [])
    await day(here, 1)
    async with here.store.work() as work:
        await work.agencies.replace([SAKURA], [HANAKO, JIRO, ICHIRO])
    assert 0 == mails(here, "DUE")
    await day(here, 2)

    assert 1 == mails(here, "DUE")


async def test_an_insurer_that_is_connected_no_more_holds_up_nobody_and_its_reason_is_told(here: Office) -> None:
    await here.enter([policy("GONE", matures(30))], insurer=InsurerCode("gone"))
    await here.enter([policy("DUE", matures(31))])
    await schedule(here, 30)
    await day(here, 1)

    assert [0, 1] == [mails(here, "GONE"), mails(here, "DUE")]
    told = {one.entry: one.unsent for one in await reminders(here)}
    ids = await here.ids()
    assert {ids["GONE"]: Unsent.NOT_CONNECTED, ids["DUE"]: None} == told


async def test_what_another_agency_sent_keeps_nobody_from_being_reminded(here: Office) -> None:
    """A policy moves from one agency to another, which has a schedule of its own."""
    await here.enter([policy("MOVED", matures(31))], agency="hinode")
    ref, near = PolicyRef(office.INSURER, PolicyNumber("MOVED")), here.clock()
    (theirs,) = (await here.ids()).values()
    async with here.store.work() as work:
        taken = await work.reminders.take(
            agency="hinode", entry=theirs, ref=ref, maturity=matures(31), at=near, step=30
        )
        assert taken is not None
        mail = Mail(to="moved@customer.example", subject="x", text="x")
        await work.outbox.add(f"reminder:{taken.id}", mail, at=near, by_day=False)
        assert [True, False] == [
            await work.reminders.is_near(agency, ref, matures(31), near) for agency in ("hinode", SAKURA.id)
        ]
    await here.enter([policy("MOVED", matures(31))])
    await schedule(here, 30)
    await day(here, 1)

    assert [(30, None)] == [(one.step, one.unsent) for one in await reminders(here)]


# Each is one thing that happens: hours that pass, a turn of a chore, a death in the middle of one, or trouble with the
# mail server.
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("hours"), st.sampled_from([1, 5, 14, 70])),
        st.tuples(st.just("morning"), st.booleans()),
        st.tuples(st.just("turn"), st.integers(0, 1)),
        st.tuples(st.just("dies"), st.integers(0, 30)),
        st.tuples(st.just("dies with a mail in hand"), st.none()),
        st.tuples(st.just("fate"), st.sampled_from([Fate.BUSY, Fate.SILENT, Fate.REFUSED])),
        st.tuples(st.just("down"), st.booleans()),
    ),
    min_size=10,
    max_size=30,
)


MORNING, NIGHT = ("morning", True), [("hours", 70), ("hours", 14)]

# What goes wrong seldom enough for a few lives to miss it: a server that takes a mail and says nothing, a death with
# one in hand, a night with a sweep and a mail overdue, and a mail that went out late on the eve of the next step.
UNANSWERED = [("fate", Fate.SILENT), *[MORNING] * 3]
DEAD_IN_THE_POST = [("hours", 70), ("hours", 1), ("dies with a mail in hand", None), *[MORNING] * 3]
OVERDUE_AT_NIGHT = [*NIGHT, ("turn", 0), ("turn", 1)]
KEPT_UNTIL_NIGHT = [("down", True), MORNING, ("down", False), ("hours", 14), ("turn", 1)]
LATE_IN_THE_EVENING = [("down", True), MORNING, ("hours", 5), ("hours", 5), ("down", False), ("turn", 1), MORNING]


@example({5}, UNANSWERED)
@example({5}, DEAD_IN_THE_POST)
@example({9}, OVERDUE_AT_NIGHT)
@example({5}, KEPT_UNTIL_NIGHT)
@example({4, 5}, LATE_IN_THE_EVENING)
@settings(max_examples=3)
@given(st.sets(st.integers(1, 9), min_size=1, max_size=4), HAPPENINGS)
def test_whatever_happens_each_step_comes_at_most_once_and_never_two_together(
    steps: set[int], happenings: list[tuple[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_life(sqlite_migrated(Path(folder)), Path(folder), steps, happenings))


async def _life(url: str, folder: Path, steps: set[int], happenings: list[tuple[str, Any]]) -> None:
    async with office.opened(url, folder) as here:
        await here.enter([policy(f"N{days}", matures(days)) for days in range(2, 13, 2)])
        await schedule(here, *steps)
        for kind, value in happenings:
            await _happen(here, kind, value)
        await here.turn()
        for days in range(2, 13, 2):
            times = [letter.received_at for letter in here.mails.to(f"n{days}@customer.example")]
            written = [one.step for one in await reminders(here) if one.maturity == matures(days)]
            assert len(written) == len(set(written))
            assert len(times) <= len(written)
            assert all(later - sooner >= APART for sooner, later in pairwise(times))
            assert all(8 <= at.hour < 20 and at < matures(days) for at in times)


def _kill(task: asyncio.Task[int]) -> None:
    task.cancel()


def _nothing() -> None: ...


async def _happen(here: Office, kind: str, value: Any) -> None:
    match kind:
        case "hours":
            here.clock.advance(timedelta(hours=value))
        case "morning":
            here.clock.set((here.clock() + DAY).replace(hour=9))
            if value:
                await here.turn()
        case "turn":
            await here.writing.chores[value].turn()
        case "dies":
            here.mortal.looks = value
            with suppress(Death):
                await here.turn()
            here.mortal.looks = None
        case "dies with a mail in hand":
            dying = asyncio.create_task(here.turn())
            here.mails.taken = partial(_kill, dying)
            await asyncio.wait([dying])
            here.mails.taken = _nothing
        case "fate":
            here.mails.fates.append(value)
        case "down":
            here.mails.is_down = value


async def test_an_agent_of_a_branch_sees_the_reminders_of_that_branch(here: Office) -> None:
    await here.enter([policy("ONE", matures(31)), policy("TWO", matures(31), branch="02")])
    await schedule(here, 30)
    await day(here, 1)

    seen = {
        agent.id: len((await here.writing.reminders.page(agent, first=10, before=None, unsent_only=False))[0])
        for agent in (HANAKO, JIRO, ICHIRO)
    }
    assert {"hanako": 1, "jiro": 1, "ichiro": 2} == seen


async def test_what_could_not_be_delivered_is_written_down_on_the_entry(here: Office) -> None:
    await here.enter([policy("DUE", matures(31))])
    await schedule(here, 30)
    here.mails.fates.append(Fate.REFUSED)
    await day(here, 1)

    ids = await here.ids()
    async with here.store.reading() as work:
        notes = await work.book.notes([int(ids["DUE"])], first=10, before=None)
    assert ["Tabane"] == [note.author_name for note in notes[ids["DUE"]]]
    assert "could not be delivered" in notes[ids["DUE"]][0].text
