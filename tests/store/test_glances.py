"""What SQLite reads in a moment is read on the spot, and a thread reads the rest, in the same transaction."""

import asyncio
import contextlib
import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, TextClause, make_url, text
from sqlalchemy.exc import DBAPIError, ResourceClosedError
from sqlalchemy.exc import TimeoutError as NoTurn
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store import engines, glances, readers

MOVED = text("SELECT count(*) FROM book_moves")
MOVE = "INSERT INTO book_moves (agency, moved) VALUES (?, ?)"


def counting(what: str, to: int) -> str:
    """Ask for *what* of `n`, which counts so far; each step is some ten of SQLite's instructions."""
    counted = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < #) SELECT ? FROM n"
    return counted.replace("#", str(to)).replace("?", what)


# Twenty times what a glance may take, some seconds, and for ever.
LONG = counting("count(*)", 20 * glances.STRIDE)
LASTING = counting("count(*)", 10_000_000)
ENDLESS = counting("count(*)", 1_000_000_000)
MOVED_AT_LENGTH = text("SELECT (#) * 0 + (SELECT count(*) FROM book_moves)".replace("#", LONG))


def sqlite(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


async def teach(connection: AsyncConnection, name: str, answer: Callable[[], bool | None]) -> None:
    def taught(driver: Connection) -> None:
        sqlite(driver).create_function(name, 0, answer)

    await connection.run_sync(taught)


async def test_what_takes_a_glance_is_read_here_and_what_takes_longer_by_a_thread(sqlite_url: str) -> None:
    here, asked = threading.get_ident(), list[bool]()

    def at_the_spot() -> None:
        asked.append(threading.get_ident() == here)

    async with engines.opened(sqlite_url) as databases, databases.reader.connect() as reading:
        await teach(reading, "ask", at_the_spot)
        for question in (f"SELECT ask(), ({LONG})", "SELECT ask()", f"SELECT ask(), ({LONG})"):
            await reading.execute(text(question))

    # It was begun here and broken off; asked again, it goes to the thread at once.
    assert [True, False, True, False] == asked


async def test_what_was_long_once_is_tried_anew_after_a_while(sqlite_url: str) -> None:
    here, asked = threading.get_ident(), list[bool]()
    # By its values only the first is long.
    question = text(f"SELECT ask(), ({counting('count(*)', 0).replace('< 0', '< :most')})")

    def at_the_spot() -> None:
        asked.append(threading.get_ident() == here)

    async with engines.opened(sqlite_url) as databases, databases.reader.connect() as reading:
        await teach(reading, "ask", at_the_spot)
        await reading.execute(question, {"most": 20 * glances.STRIDE})
        for _ in range(glances.TURNED_AWAY + 1):
            await reading.execute(question, {"most": 1})

    assert [True, False, *[False] * glances.TURNED_AWAY, True] == asked


async def test_a_glance_ends_within_so_many_of_sqlites_instructions(sqlite_url: str) -> None:
    here, steps = threading.get_ident(), {True: 0, False: 0}

    def step() -> None:
        steps[threading.get_ident() == here] += 1

    async with engines.opened(sqlite_url) as databases, databases.reader.connect() as reading:
        await teach(reading, "step", step)
        found = (await reading.execute(text(counting("step()", 20 * glances.STRIDE)))).all()

    assert 20 * glances.STRIDE == len(found) == steps[False]
    assert 0 < steps[True] < glances.STRIDE * glances.MOST_STRIDES


async def test_the_loop_goes_on_while_a_thread_reads(sqlite_url: str) -> None:
    here, went_on = threading.get_ident(), threading.Event()

    def wait_for_the_loop() -> bool | None:
        # Were the loop the one to wait, nobody could set it.
        return None if threading.get_ident() == here else went_on.wait(10)

    async with engines.opened(sqlite_url) as databases, databases.reader.connect() as reading:
        await teach(reading, "wait", wait_for_the_loop)
        answering = asyncio.create_task(reading.scalar(text("SELECT wait() FROM (#)".replace("#", LONG))))
        asking = asyncio.create_task(reading.scalar(text("SELECT 7")))
        await asyncio.sleep(0)
        went_on.set()

        # Who asks the same reading meanwhile has the next turn.
        assert [True, 7] == [await answering, await asking]


@pytest.mark.parametrize("first", [MOVED, MOVED_AT_LENGTH])
async def test_all_of_a_reading_sees_the_moment_of_its_first_question(sqlite_url: str, first: TextClause) -> None:
    async with engines.opened(sqlite_url) as databases, databases.reader.connect() as reading:
        await reading.execute(first)
        async with databases.writer.begin() as writing:
            await writing.exec_driver_sql(MOVE, ("sakura", 1))
        meanwhile = [await reading.scalar(question) for question in (MOVED, MOVED_AT_LENGTH, MOVED)]
        async with databases.reader.connect() as later:
            after = [await later.scalar(question) for question in (MOVED, MOVED_AT_LENGTH)]

    assert [0, 0, 0] == meanwhile
    assert [1, 1] == after


@pytest.mark.parametrize("questions", [0, 1, 2])
async def test_a_reading_begins_with_its_first_question_and_ends_with_its_block(
    sqlite_url: str, questions: int
) -> None:
    def under_way(connection: Connection) -> bool:
        return sqlite(connection).in_transaction

    async with engines.opened(sqlite_url) as databases:
        async with databases.reader.connect() as reading:
            for _ in range(questions):
                await reading.execute(MOVED)
            begun = await reading.run_sync(under_way)
        # It is the same connection.
        async with databases.reader.connect() as reading:
            left_over = await reading.run_sync(under_way)

    assert (questions > 0, False) == (begun, left_over)


async def test_rows_are_had_in_any_way(sqlite_url: str) -> None:
    three = text(counting("i", 3))
    async with engines.opened(sqlite_url) as databases, databases.reader.connect() as reading:
        found = await reading.execute(three)
        parts = [list(part) for part in (await reading.scalars(three)).partitions(2)]
        first = (await reading.execute(three)).first()

        assert [1, 2, 3] == [row.i for row in (found.fetchone(), *found.fetchall()) if row]
    assert [[1, 2], [3]] == parts
    assert first is not None
    assert 1 == first.i


async def test_who_stops_waiting_holds_up_nobody(sqlite_url: str) -> None:
    here, loop, begun = threading.get_ident(), asyncio.get_running_loop(), asyncio.Event()

    def begin() -> None:
        if threading.get_ident() != here:
            loop.call_soon_threadsafe(begun.set)

    async with asyncio.timeout(10), engines.opened(sqlite_url) as databases:
        for _ in range(2 * engines.SQLITE_READERS):
            async with databases.reader.connect() as reading:
                await teach(reading, "begin", begin)
                begun.clear()
                asking = asyncio.create_task(reading.execute(text(f"SELECT begin(), ({ENDLESS})")))
                await begun.wait()
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
                with pytest.raises(ResourceClosedError):
                    await reading.execute(MOVED)
        async with databases.reader.connect() as reading:
            assert 0 == await reading.scalar(MOVED)


async def test_a_question_that_ends_while_it_is_given_up_is_the_last_of_its_connection(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    errands, give_up = list[Future[object]](), glances.Glancing.give_up
    loop, begins = asyncio.get_running_loop(), asyncio.Event()

    def to_its_end(driver: glances.Glancing) -> None:
        give_up(driver)
        wait(errands, timeout=10)

    async with asyncio.timeout(10), engines.opened(sqlite_url) as databases:
        all_readers = databases.reader
        assert isinstance(all_readers, readers.Readers)
        send = all_readers.send

        def sent(errand: Callable[[], object]) -> Future[object]:
            def begun() -> object:
                loop.call_soon_threadsafe(begins.set)
                return errand()

            errands.append(send(begun))
            return errands[-1]

        async with databases.reader.connect() as reading:
            monkeypatch.setattr(all_readers, "send", sent)
            monkeypatch.setattr(glances.Glancing, "give_up", to_its_end)
            asking = asyncio.create_task(reading.execute(text(ENDLESS)))
            await begins.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        monkeypatch.undo()

        async with databases.reader.connect() as reading:
            assert 2_000_000 == await reading.scalar(text(counting("count(*)", 2_000_000)))


def test_what_was_given_up_before_it_began_ends_at_once() -> None:
    driver = glances.Glancing(glances.Long(), (), ":memory:", timeout=1.0, isolation_level=None)
    with contextlib.closing(driver), driver.patiently():
        driver.give_up()

        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            driver.cursor().execute(LASTING)


async def test_a_block_that_fails_beside_a_question_hands_nothing_on(sqlite_url: str) -> None:
    here, loop, begun = threading.get_ident(), asyncio.get_running_loop(), asyncio.Event()

    def begin() -> None:
        if threading.get_ident() != here:
            loop.call_soon_threadsafe(begun.set)

    async def fails() -> None:
        await begun.wait()
        raise ValueError

    async with asyncio.timeout(10), engines.opened(sqlite_url) as databases:
        for _ in range(2 * engines.SQLITE_READERS):
            begun.clear()
            with contextlib.suppress(ValueError):
                async with databases.reader.connect() as reading:
                    await teach(reading, "begin", begin)
                    await asyncio.gather(reading.execute(text(f"SELECT begin(), ({LASTING})")), fails())
        async with databases.reader.connect() as reading:
            assert 0 == await reading.scalar(MOVED)


async def test_one_reading_of_many_questions_lets_others_have_their_turns(sqlite_url: str) -> None:
    async with engines.opened(sqlite_url) as databases, databases.reader.connect() as reading:
        await reading.execute(MOVED)
        passed = asyncio.create_task(asyncio.sleep(0))
        for _ in range(3 * readers.GLANCES_AT_ONCE):
            await reading.execute(MOVED)

        assert passed.done()


async def test_errors_of_a_reading_repeat_no_value(sqlite_url: str) -> None:
    async with engines.opened(sqlite_url) as databases, databases.reader.connect() as reading:
        with pytest.raises(DBAPIError) as caught:
            await reading.execute(text("SELECT :name FROM nowhere"), {"name": "三住 太郎"})

    assert "三住" not in str(caught.value)
    assert "三住" not in repr(caught.value)


async def test_who_waits_too_long_for_a_turn_is_told(sqlite_url: str) -> None:
    url = make_url(sqlite_url).set(drivername="sqlite")
    alone = readers.Readers(url, (), most=1, patience_seconds=0.01)
    async with alone.connect() as reading:
        await reading.execute(text("SELECT 1"))
        with pytest.raises(NoTurn):
            await alone.taken()
    async with alone.connect() as reading:
        assert 1 == await reading.scalar(text("SELECT 1"))
    await alone.dispose()


async def test_as_many_read_as_may_and_the_next_waits_for_its_turn(sqlite_url: str) -> None:
    async with engines.opened(sqlite_url) as databases, AsyncExitStack() as others:
        for _ in range(engines.SQLITE_READERS):
            await (await others.enter_async_context(databases.reader.connect())).execute(MOVED)

        async def next_one() -> object:
            async with databases.reader.connect() as reading:
                return await reading.scalar(MOVED)

        waiting = asyncio.create_task(next_one())
        given_up = asyncio.create_task(next_one())
        await asyncio.sleep(0)
        given_up.cancel()
        waited = not waiting.done()
        await others.aclose()

        assert 0 == await waiting
    assert waited


async def test_who_reads_on_and_on_lets_others_have_their_turns(sqlite_url: str) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while turns < 20:
            turns += 1
            await asyncio.sleep(0)

    async with engines.opened(sqlite_url) as databases:
        async with databases.reader.connect() as reading:
            await reading.execute(MOVED)
        going_on = asyncio.create_task(others())
        for _ in range(20):
            async with databases.reader.connect() as reading:
                await reading.execute(MOVED)

        assert 10 < turns
        await going_on


# Where SQLite's log has its locks (wal.c), in a file that begins with what is in the log.
MENDING = """
import fcntl, sys
with open(sys.argv[1], "r+b") as log:
    for byte in (120, 122):
        fcntl.lockf(log, fcntl.LOCK_EX, 1, byte)
    log.write(bytes(96))
    log.flush()
    print("mending", flush=True)
    sys.stdin.read()
"""


async def test_where_another_process_mends_the_log_a_thread_waits_for_it(sqlite_url: str) -> None:
    log = Path(f"{make_url(sqlite_url).database}-shm")
    pipe = asyncio.subprocess.PIPE
    async with asyncio.timeout(10), engines.opened(sqlite_url) as databases:
        async with databases.reader.connect() as reading:
            await reading.execute(MOVED)
        mender = await asyncio.create_subprocess_exec(sys.executable, "-c", MENDING, str(log), stdin=pipe, stdout=pipe)
        assert mender.stdin is not None
        assert mender.stdout is not None
        assert b"mending\n" == await mender.stdout.readline()

        async with databases.reader.connect() as reading:
            asking = asyncio.create_task(reading.scalar(MOVED))
            # It would have been answered by now, or waited for in vain.
            await asyncio.sleep(0)
            waits = not asking.done()
            mender.stdin.close()
            await mender.wait()

            assert 0 == await asking
    assert waits
