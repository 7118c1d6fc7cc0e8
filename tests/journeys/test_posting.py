"""Each of the gateway's own mails is sent once, or it is known that nobody knows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from gateway.journeys.posting import GIVEN_UP_AFTER
from gateway.post import Mail
from gateway.store.outbox import MailState
from tests.journeys import office
from tests.journeys.insurer import on_both_databases
from tests.journeys.mail_server import Fate
from tests.journeys.office import SAKURA, Office, matures, policy

LEASE = timedelta(minutes=3)
BACKOFF = timedelta(minutes=16)


@pytest.fixture
async def here(address_of_database: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office.opened(address_of_database, tmp_path) as opened:
        yield opened


async def written(here: Office, *numbers: str) -> list[str]:
    """Remind of new policies by hand; answer what the mails are about."""
    await here.enter([policy(number, matures(30)) for number in numbers])
    abouts = []
    async with here.store.work() as work:
        entries = await work.book.entries(list((await here.ids()).values()))
        for entry in sorted(entries.values(), key=lambda entry: entry.record.number.text):
            # The oldest mail goes out first.
            here.clock.advance(timedelta(seconds=1))
            reminder = await here.writing.reminding.remind(work, entry, SAKURA, words=None, step=None)
            assert reminder is not None
            abouts.append(f"reminder:{reminder.id}")
    return abouts


def _kill(task: asyncio.Task[int]) -> None:
    task.cancel()


async def states(here: Office, abouts: list[str]) -> list[MailState]:
    async with here.store.reading() as work:
        found = await work.outbox.states(abouts)
    return [found[about] for about in abouts]


async def test_what_the_mail_server_says_decides_and_only_a_mail_that_it_never_had_is_sent_again(here: Office) -> None:
    abouts = await written(here, "A1", "A2", "A3", "A4")
    here.mails.fates.extend([Fate.TAKEN, Fate.REFUSED, Fate.BUSY, Fate.SILENT])

    await here.turn()

    expected = [MailState.SENT, MailState.FAILED, MailState.WAITING, MailState.DOUBTFUL]
    assert expected == await states(here, abouts)

    here.clock.advance(BACKOFF)
    await here.turn()

    assert MailState.SENT is (await states(here, abouts))[2]
    assert [1, 0, 1, 1] == [len(here.mails.to(f"a{number}@customer.example")) for number in range(1, 5)]


@on_both_databases
async def test_whoever_dies_with_a_mail_in_hand_leaves_one_that_is_never_sent_twice(here: Office) -> None:
    abouts = await written(here, "A1", "A2")
    dying = asyncio.create_task(here.turn())
    here.mails.taken = partial(_kill, dying)
    with pytest.raises(asyncio.CancelledError):
        await dying

    here.mails.taken = lambda: None
    here.clock.advance(LEASE)
    await here.turn()

    assert [MailState.DOUBTFUL, MailState.SENT] == await states(here, abouts)
    assert [1, 1] == [len(here.mails.to(f"a{number}@customer.example")) for number in (1, 2)]
    async with here.store.reading() as work:
        assert not (await work.outbox.due()).any_time


async def test_a_server_that_is_down_is_asked_for_a_day_and_then_the_agency_is_told(here: Office) -> None:
    (about,) = await written(here, "A1")
    here.mails.is_down = True
    end = here.clock() + GIVEN_UP_AFTER + timedelta(hours=1)
    while here.clock() < end:
        await here.turn()
        here.clock.advance(timedelta(hours=4))
    await here.turn()

    assert [MailState.FAILED] == await states(here, [about])
    assert [] == here.mails.letters


async def test_a_mail_names_nobody_but_whom_it_is_for_and_is_gone_from_the_database_once_sent(here: Office) -> None:
    (about,) = await written(here, "A1")
    await here.turn()

    (letter,) = here.mails.letters
    assert ("tabane@gateway.example", ("a1@customer.example",)) == (letter.sender, letter.to)
    assert "Mail(…)" == repr(Mail(to="a1@customer.example", subject="x", text="x"))
    async with here.store.work() as work:
        assert not await work.outbox.add(about, Mail(to="x@y.z", subject="x", text="x"), at=here.clock(), by_day=False)
