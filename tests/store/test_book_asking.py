"""Questions to a book are put together from parts, and mean the same on either kind of database."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from gateway.store import book_tables as tables
from gateway.store import engines
from gateway.store.book_asking import Part, among, answered, by, either, one_of, question, together

ADD = "INSERT INTO book_moves (agency, moved) VALUES ('asahi', 1), ('hinode', 2), ('sakura', 3)"
MOVES = "book_moves"
IN_ORDER = " ORDER BY moved"


async def test_values_stand_where_their_parts_do(database_url: str) -> None:
    async with engines.opened(database_url) as databases, databases.writer.connect() as connection:
        await connection.execute(text(ADD))

        async def found(*conditions: Part) -> list[int]:
            asked = question("moved", MOVES, conditions, IN_ORDER)
            return [moved for (moved,) in await answered(connection, asked)]

        assert [1, 2, 3] == await found()
        assert [2] == await found(
            Part("moved > ?", (1,)), one_of("agency", ["asahi", "hinode"]), Part("moved < ?", (3,))
        )
        assert [1, 3] == await found(either([one_of("agency", {"sakura"}), Part("moved = ?", (1,))]))
        assert [1, 2] == await found(
            one_of("moved", [1, 2, 3]), one_of("moved", [2, 1]), among("agency", ["asahi", "hinode"])
        )


async def test_among_none_there_is_nobody(database_url: str) -> None:
    async with engines.opened(database_url) as databases, databases.writer.connect() as connection:
        await connection.execute(text(ADD))
        nobody = [among("moved", ()), one_of("moved", ()), among("agency", ()), one_of("agency", [])]

        assert [[]] * 4 == [list(await answered(connection, question("moved", MOVES, [one]))) for one in nobody]
        assert [(1,)] == list(
            await answered(connection, question("moved", MOVES, [either([*nobody, Part("moved = 1")])]))
        )


async def test_several_questions_are_asked_in_one(database_url: str) -> None:
    async with engines.opened(database_url) as databases, databases.writer.connect() as connection:
        await connection.execute(text(ADD))
        each = [question("agency", MOVES, [Part("moved = ?", (moved,))]) for moved in (3, 1)]

        assert ["sakura", "asahi"] == [agency for (agency,) in await answered(connection, together(each))]


async def test_a_question_that_cannot_walk_its_index_fails_and_does_not_read_the_whole_book(sqlite_url: str) -> None:
    async with engines.opened(sqlite_url) as databases, databases.reader.connect() as connection:
        with pytest.raises(OperationalError, match="no query solution"):
            await answered(connection, question("id", by(tables.BY_NAME), [Part("premium > ?", (1,))]))
