"""The thread that writes into SQLite is sent on one errand for a statement, and comes back with all that it found."""

import asyncio
import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gateway.store import engines


async def test_a_statement_and_its_rows_are_one_errand(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async with engines.opened(sqlite_url) as databases, databases.writer.begin() as connection:
        # The driver tells of each errand on which it sends its thread.
        with caplog.at_level(logging.DEBUG, "aiosqlite"):
            found = (
                (
                    await connection.execute(
                        text(
                            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n"
                            " WHERE i < 3) SELECT i FROM n"
                        )
                    )
                )
                .scalars()
                .all()
            )

    assert [1, 2, 3] == found
    assert 1 == sum(record.message.startswith("executing") for record in caplog.records)


async def test_what_a_statement_did_is_told_with_it(sqlite_url: str) -> None:
    add = "INSERT INTO book_moves (agency, moved) VALUES (?, ?)"
    async with engines.opened(sqlite_url) as databases, databases.writer.begin() as connection:
        await connection.exec_driver_sql(add, [("sakura", 1), ("hinode", 1)])
        counted = await connection.execute(text("UPDATE book_moves SET moved = moved + 1"))
        told = (await connection.execute(text("UPDATE book_moves SET moved = 7 RETURNING agency, moved"))).all()
        with pytest.raises(IntegrityError):
            await connection.exec_driver_sql(add, ("sakura", 1))

    assert 2 == counted.rowcount
    assert {("sakura", 7), ("hinode", 7)} == {tuple(row) for row in told}


async def test_who_is_broken_off_while_writing_leaves_nothing_and_holds_up_nobody(sqlite_url: str) -> None:
    # Some seconds.
    long = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 30000000) SELECT count(*) FROM n"
    add = text("INSERT INTO book_moves (agency, moved) VALUES ('sakura', 1)")
    async with engines.opened(sqlite_url) as databases:

        async def broken_off() -> None:
            async with asyncio.timeout(0.01), databases.writer.begin() as connection:
                await connection.execute(add)
                await connection.execute(text(long))

        async with asyncio.timeout(2):
            with pytest.raises(TimeoutError):
                await broken_off()
            async with databases.writer.begin() as connection:
                # It would be there already.
                await connection.execute(add)
        async with databases.reader.connect() as connection:
            assert 1 == (await connection.execute(text("SELECT count(*) FROM book_moves"))).scalar_one()
