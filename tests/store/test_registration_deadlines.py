"""Deadlines of registrations: one statement for all, and a body that follows its row."""

from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import Engine, event

from gateway.store import Conflict, Store
from insurers.errors import ErrorCode
from insurers.registration import Registration, RegistrationState
from tests.store.invented import CHALLENGE, NOW, registration

HOUR = timedelta(hours=1)
DIES_AT, WARN_AT = NOW + 24 * HOUR, NOW + 18 * HOUR


def asked(id_: str, dies_at: datetime = DIES_AT) -> Registration:
    challenge = msgspec.structs.replace(CHALLENGE, expires_at=dies_at)
    return registration(id_, challenge=challenge, warn_at=WARN_AT)


async def added(store: Store, *registrations: Registration) -> None:
    async with store.work() as work:
        for one in registrations:
            await work.registrations.add(one, due_at=None)


async def read(store: Store, id_: str) -> Registration:
    async with store.reading() as work:
        found = await work.registrations.get(id_)
    assert found is not None
    return found


async def test_all_that_are_over_expire_together_and_no_other(store: Store) -> None:
    await added(store, asked("g1"), asked("g2"), asked("g3", DIES_AT + HOUR))

    async with store.work() as work:
        assert [] == list(await work.registrations.expire(DIES_AT - timedelta(seconds=1)))
    async with store.work() as work:
        assert {"g1", "g2"} == set(await work.registrations.expire(DIES_AT))
    async with store.work() as work:
        assert [] == list(await work.registrations.expire(DIES_AT))

    assert [RegistrationState.EXPIRED] * 2 == [(await read(store, id_)).state for id_ in ("g1", "g2")]
    assert RegistrationState.ASKED is (await read(store, "g3")).state


async def test_one_that_expired_says_why_and_keeps_what_was_entered(store: Store) -> None:
    await added(store, asked("g1"))
    async with store.work() as work:
        await work.registrations.expire(DIES_AT)

    after = await read(store, "g1")

    assert (2, DIES_AT, None) == (after.version, after.updated_at, after.challenge)
    assert asked("g1").answers == after.answers
    assert after.trouble is not None
    assert after.trouble.code in (ErrorCode.KEYWORD_EXPIRED, ErrorCode.LINK_EXPIRED, ErrorCode.SESSION_TIMEOUT)


async def test_an_answer_that_comes_too_late_finds_that_it_moved(store: Store) -> None:
    await added(store, asked("g1"))
    async with store.work() as work:
        await work.registrations.expire(DIES_AT)

    with pytest.raises(Conflict) as late:
        async with store.work() as work:
            await work.registrations.save(asked("g1").with_(at=DIES_AT), was=1, due_at=None)

    assert 2 == late.value.current


async def test_a_warning_is_given_once_and_moves_nothing(store: Store) -> None:
    await added(store, asked("g1"))

    async with store.work() as work:
        assert [] == list(await work.registrations.warn(WARN_AT - timedelta(seconds=1)))
    async with store.work() as work:
        assert ["g1"] == list(await work.registrations.warn(WARN_AT))
    async with store.work() as work:
        assert [] == list(await work.registrations.warn(WARN_AT))

    after = await read(store, "g1")
    assert (1, True, RegistrationState.ASKED) == (after.version, after.warned, after.state)


async def test_a_warned_one_stays_warned_when_it_is_written_again(store: Store) -> None:
    await added(store, asked("g1"))
    async with store.work() as work:
        await work.registrations.warn(WARN_AT)
    warned = await read(store, "g1")

    async with store.work() as work:
        await work.registrations.save(warned.with_(at=WARN_AT), was=1, due_at=None)

    assert (await read(store, "g1")).warned


async def test_however_many_expire_it_takes_one_update(store: Store) -> None:
    await added(store, *(asked(f"g{place}") for place in range(50)))
    updates: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("UPDATE registrations"):
            updates.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        async with store.work() as work:
            assert 50 == len(await work.registrations.expire(DIES_AT))
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    assert 1 == len(updates)
