"""What an agent does to many entries: a result for each row, each row once for a key, and no row stops another."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from gateway.journeys.book import Books
from gateway.journeys.deeds import MOST_ROWS, ROWS_AT_ONCE, Deeds
from gateway.store import book_tables, engines
from insurers.agency import Agent
from insurers.book import EntryStatus, Mark
from insurers.identity import InsurerCode
from schema.agency_ports import Annotate, Ask, Assign, Deed, Put, Remind, RowDone, Start
from schema.ports import Asker, RenewalDesk, Role
from schema.problems import ProblemCode
from tests.journeys import office
from tests.journeys.insurer import on_both_databases
from tests.journeys.office import HANAKO, ICHIRO, JIRO, SAKURA, Office, matures, policy

S = EntryStatus
P = ProblemCode

NOTE = Annotate(text="折り返しの電話待ち")


@pytest.fixture
async def here(address_of_database: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office.opened(address_of_database, tmp_path) as opened:
        yield opened


@pytest.fixture
def deeds(here: Office) -> Deeds:
    # No row here starts a renewal: an insurer is asked for that, and there is none.
    return here.writing.deeds(Books(here.store, here.clock), cast(RenewalDesk, None))


def asker(agent: Agent) -> Asker:
    return Asker(
        customer=agent.id,
        actor=agent.id,
        display_name=agent.name,
        actor_name=agent.name,
        name=None,
        roles=frozenset({Role.AGENT}),
        expires_at=datetime(2027, 1, 1, tzinfo=UTC),
    )


async def do(
    deeds: Deeds, deed: Deed, entries: Sequence[str], *, by: Agent = HANAKO, key: str = "k"
) -> Sequence[RowDone]:
    return await deeds.do(by, asker(by), deed, entries, key=key)


def told(rows: Sequence[RowDone]) -> list[str]:
    """Why each row was not done, or "done", or "before"."""
    return [row.problems[0].code.value if row.problems else "before" if row.replayed else "done" for row in rows]


async def notes(here: Office, entry: str) -> list[str]:
    async with here.store.reading() as work:
        found = await work.book.notes([int(entry)], first=100, before=None)
    return [note.text for note in found.get(entry, ())]


@on_both_databases
async def test_many_rows_are_done_once_however_they_come_divided(here: Office, deeds: Deeds) -> None:
    await here.enter([policy(f"N{number}", matures(20 + number % 30)) for number in range(2 * ROWS_AT_ONCE + 20)])
    ids = list((await here.ids()).values())
    foreign = "999999"

    first = await do(deeds, NOTE, [*ids[:20], foreign, ids[0]])
    whole = await do(deeds, NOTE, [*ids, foreign])
    again = await do(deeds, NOTE, ids[::-1])
    other = await do(deeds, Annotate(text="別の内容"), [ids[0], foreign])

    assert [*["done"] * 20, "not_found", "done"] == told(first)
    assert [*["before"] * 20, *["done"] * 2 * ROWS_AT_ONCE, "not_found"] == told(whole)
    assert {"before"} == set(told(again))
    assert ["idempotency_key_reused", "not_found"] == told(other)
    assert ids == [row.entry.id for row in whole if row.entry]
    assert [[NOTE.text]] * 3 == [await notes(here, id_) for id_ in (ids[0], ids[60], ids[-1])]


async def test_more_rows_than_may_be_are_refused_and_the_others_done(here: Office, deeds: Deeds) -> None:
    await here.enter([policy("ONE", matures(20))])
    (one,) = (await here.ids()).values()

    rows = await do(deeds, NOTE, [one, *(f"9{number:05}" for number in range(MOST_ROWS))])

    assert ["done", "not_found", "invalid"] == [told(rows)[place] for place in (0, 1, MOST_ROWS)]


async def test_a_row_that_breaks_stops_no_other_and_may_be_tried_again_with_its_key(here: Office, deeds: Deeds) -> None:
    await here.enter([policy("GOOD", matures(20)), policy("BAD", matures(20))])
    ids = await here.ids()
    both = [ids["BAD"], ids["GOOD"]]
    # The first row that looks at the clock breaks.
    here.mortal.looks = 0

    assert ["invalid", "done"] == told(await do(deeds, NOTE, both))
    assert ["done", "before"] == told(await do(deeds, NOTE, both))
    assert [1, 1] == [len(await notes(here, id_)) for id_ in both]


async def test_another_branch_and_another_agency_find_nothing(here: Office, deeds: Deeds) -> None:
    await here.enter([policy("ONE", matures(20), branch="01"), policy("TWO", matures(20), branch="02")])
    ids = await here.ids()
    both = [ids["ONE"], ids["TWO"]]
    stranger = Agent(id="hikari", agency="hinode", name="日の出 光", role=ICHIRO.role)
    for deed in (NOTE, Remind(), Ask(), Assign(agent=None), Put(mark=Mark.REFERRED)):
        assert ["not_found", "not_found"] == told(await do(deeds, deed, both, by=stranger, key=f"{deed}"))
        assert ["not_found"] == told(await do(deeds, deed, both[1:], key=f"{deed}"))
    assert [] == await notes(here, ids["TWO"])
    assert [] == here.mails.letters


async def test_who_left_or_moved_while_an_order_came_in_finds_nothing(here: Office, deeds: Deeds) -> None:
    await here.enter([policy("ONE", matures(20))])
    ids = list((await here.ids()).values())

    async def tried(*agents: Agent) -> list[str]:
        async with here.store.work() as work:
            await work.agencies.replace([SAKURA], agents)
        # The rows are the same, and so is what was known of the agent when the order came in.
        return [*told(await do(deeds, NOTE, ids)), *told(await do(deeds, Start(), ids, key="start"))]

    elsewhere = replace(HANAKO, branch="02")
    assert ["not_found"] * 4 == [*await tried(ICHIRO), *await tried(elsewhere)]
    assert [] == await notes(here, ids[0])
    assert ["done", "consent_required"] == await tried(HANAKO)


async def test_of_an_insurer_that_is_connected_no_more_it_is_said(here: Office, deeds: Deeds) -> None:
    await here.enter([policy("GONE", matures(20))], insurer=InsurerCode("gone"))
    ids = list((await here.ids()).values())

    rows = [told(await do(deeds, deed, ids, key=f"{deed}")) for deed in (Remind(), Ask(), Start())]

    assert [["step_locked"]] * 3 == rows
    assert [] == here.mails.letters


async def test_a_customer_is_given_only_to_who_works_there_and_sees_the_entry(here: Office, deeds: Deeds) -> None:
    same = {"holder": policy("X", matures(1)).holder, "birth_date": datetime(1980, 2, 3, tzinfo=UTC).date()}
    await here.enter([policy("ONE", matures(20), **same), policy("MORE", matures(40), **same)])
    ids = await here.ids()
    gone = Agent(id="gone", agency="sakura", name="退職 三郎", role=HANAKO.role, branch="01")
    async with here.store.work() as work:
        await work.agencies.replace([SAKURA], [HANAKO, JIRO, ICHIRO, gone])
        await work.agencies.replace([SAKURA], [HANAKO, JIRO, ICHIRO])

    async def given(to: str | None, by: Agent) -> str:
        return told(await do(deeds, Assign(agent=to), [ids["ONE"]], by=by, key=f"{to} {by.id}"))[0]

    tried = [
        await given(to, by)
        for to, by in [
            (HANAKO.id, HANAKO),
            (None, HANAKO),
            (ICHIRO.id, HANAKO),
            (JIRO.id, HANAKO),
            (JIRO.id, ICHIRO),
            (gone.id, ICHIRO),
            ("nobody", ICHIRO),
            (ICHIRO.id, ICHIRO),
        ]
    ]
    assert ["done", "done", *["invalid"] * 5, "done"] == tried
    async with here.store.reading() as work:
        entries = await work.book.entries(list(ids.values()))
    assert {ICHIRO.id} == {entry.assignee for entry in entries.values()}


async def test_an_agent_of_a_branch_gives_a_customer_away_there_and_nowhere_else(here: Office, deeds: Deeds) -> None:
    same = {"holder": policy("X", matures(1)).holder, "birth_date": datetime(1980, 2, 3, tzinfo=UTC).date()}
    branches = {"ONE": "01", "MORE": "01", "THERE": "02"}
    await here.enter([policy(number, matures(20), branch=branch, **same) for number, branch in branches.items()])
    ids = await here.ids()

    async def given(to: Agent, by: Agent, number: str) -> list[str | None]:
        await do(deeds, Assign(agent=to.id), [ids[number]], by=by, key=f"{to.id} {by.id}")
        async with here.store.reading() as work:
            entries = await work.book.entries(list(ids.values()))
        return [entries[ids[number]].assignee for number in branches]

    assert [HANAKO.id, HANAKO.id, None] == await given(HANAKO, HANAKO, "ONE")
    assert [HANAKO.id, HANAKO.id, JIRO.id] == await given(JIRO, JIRO, "THERE")
    assert [1, 1, 1] == [len(await notes(here, ids[number])) for number in branches]
    assert [ICHIRO.id] * 3 == await given(ICHIRO, ICHIRO, "ONE")
    assert [2, 2, 2] == [len(await notes(here, ids[number])) for number in branches]


async def test_a_mark_moves_the_entry_and_none_is_put_on_what_is_under_way_or_settled(
    here: Office, deeds: Deeds, address_of_database: str
) -> None:
    await here.enter(
        [
            policy("OPEN", matures(20)),
            policy("QUEUED", matures(20)),
            policy("OVER", matures(20), status=office.CANCELLED),
        ]
    )
    ids = await here.ids()
    async with engines.opened(address_of_database) as opened, opened.writer.begin() as connection:
        row = book_tables.book_entries
        await connection.execute(update(row).where(row.c.id == int(ids["QUEUED"])).values(status=S.QUEUED))
    three = [ids["OPEN"], ids["QUEUED"], ids["OVER"]]

    put = await do(deeds, Put(mark=Mark.DONE_ELSEWHERE, text="窓口で更新済み"), three)
    assert ["done", "step_locked", "already_done"] == told(put)
    assert put[0].entry is not None
    assert S.DONE_ELSEWHERE is put[0].entry.status
    assert ["窓口で更新済み"] == (await notes(here, ids["OPEN"]))[:1]

    (off,) = await do(deeds, Put(mark=None), three[:1], key="off")
    assert off.entry is not None
    assert S.NOT_STARTED is off.entry.status


async def test_a_reminder_by_hand_goes_out_once_a_day_with_the_agents_words(here: Office, deeds: Deeds) -> None:
    await here.enter(
        [
            policy("ONE", matures(20)),
            policy("NOMAIL", matures(20), email=None),
            policy("OVER", matures(20), status=office.CANCELLED),
            policy("PAST", matures(-1)),
        ]
    )
    ids = await here.ids()
    entries = [ids[number] for number in ("ONE", "NOMAIL", "OVER", "PAST")]

    rows = await do(deeds, Remind(words="お見積りをご用意しました。"), entries)
    same_day = await do(deeds, Remind(), entries[:1], key="later")
    await here.turn()

    assert ["done", "invalid", "already_done", "step_locked"] == told(rows)
    assert [P.ALREADY_DONE] == [problem.code for problem in same_day[0].problems]
    (letter,) = here.mails.letters
    assert 2 == letter.text.count("お見積りをご用意しました。")


async def test_what_is_settled_is_not_called_urgent_and_what_is_long_over_no_more(here: Office, deeds: Deeds) -> None:
    await here.enter(
        [
            policy("OVER", matures(-1), status=office.CANCELLED),
            policy("PAST", matures(-1)),
            policy("LOST", matures(-8)),
        ]
    )
    ids = await here.ids()

    reminded = await do(deeds, Remind(), [ids[number] for number in ("OVER", "PAST", "LOST")])
    started = await do(deeds, Start(), [ids["OVER"]], key="start")

    assert ["already_done", "step_locked", "step_locked"] == told(reminded)
    assert [False, True, False] == ["at once" in row.problems[0].message.en for row in reminded]
    assert ["already_done"] == told(started)


async def test_who_cannot_be_written_to_is_not_asked_and_who_was_asked_is_not_asked_twice(
    here: Office, deeds: Deeds
) -> None:
    await here.enter([policy("ONE", matures(20)), policy("NOMAIL", matures(20), email=None)])
    ids = await here.ids()
    both = [ids["ONE"], ids["NOMAIL"]]

    assert ["done", "invalid"] == told(await do(deeds, Ask(), both))
    assert ["already_done", "invalid"] == told(await do(deeds, Ask(), both, key="again"))
    await here.turn()

    (letter,) = here.mails.letters
    assert ("one@customer.example",) == letter.to
    assert "ONE" not in letter.text
    assert letter.links[0].startswith("https://customers.example/requests#")
